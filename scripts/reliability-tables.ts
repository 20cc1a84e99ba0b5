import { DingTalkError, type DingTalkErrorOptions, type Remedy } from '../src/dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../src/dingtalk/operations.ts'
import { retryDelay } from '../src/http/retry.ts'
import { ADVICE, permissionName } from '../src/report/advice.ts'
import { adviceFor, hintFor, hintText, missingScopes } from '../src/report/hints.ts'
import { linkLines } from '../src/text/links.ts'
import { withParts } from './page-parts.ts'
import { errorOf, GATEWAY_REFUSALS, REFUSALS } from './refusals.ts'

type Language = 'en' | 'zh'
type Pair = Readonly<Record<Language, string>>

const REMEDIES: Readonly<Record<Remedy, Pair>> = {
  repeat: { en: 'retry with backoff', zh: '退避重试' },
  'wait-out': { en: 'retry after ≥ 1 s', zh: '≥ 1 秒后重试' },
  'new-token': { en: 'refresh token, retry', zh: '更新 token 后重试' },
  'new-upload-info': { en: 'get a new signature, retry', zh: '重新获取签名后重试' },
  'look-up': { en: '**look it up first**', zh: '**先查询**' },
  report: { en: '**report, never retry**', zh: '**报错，不重试**' },
  stop: { en: 'stop, explain', zh: '停止并说明' },
}

const WITH_KEY: Pair = { en: '**retry with the same key**', zh: '**用同一幂等键重试**' }

const FAILURES: readonly (readonly [Pair, Pick<DingTalkErrorOptions, 'kind' | 'mayHaveHappened'>])[] = [
  [
    { en: 'Not sent (connection refused, DNS, TLS)', zh: '未发出（连接被拒绝、DNS、TLS）' },
    { kind: 'unavailable', mayHaveHappened: false },
  ],
  [
    {
      en: 'In doubt (connection lost, timeout, 5xx, unreadable response)',
      zh: '结果未知（连接中断、超时、5xx、响应无法解析）',
    },
    { kind: 'unavailable', mayHaveHappened: true },
  ],
  [
    { en: 'Throttled', zh: '限流' },
    { kind: 'throttled', mayHaveHappened: false },
  ],
  [
    { en: 'Token rejected', zh: 'token 无效' },
    { kind: 'access-token', mayHaveHappened: false },
  ],
  [
    { en: 'Rejected', zh: '被拒绝' },
    { kind: 'refused', mayHaveHappened: false },
  ],
  [
    { en: 'Monthly quota exhausted', zh: '当月额度用完' },
    { kind: 'quota-spent', mayHaveHappened: false },
  ],
  [
    { en: 'IP banned', zh: 'IP 被封禁' },
    { kind: 'banned', mayHaveHappened: false },
  ],
]

/** How many calls a row names. */
const MANY = 4

const HEADS = {
  call: { en: 'Call', zh: '调用' },
  code: { en: 'Code', zh: '错误码' },
  then: { en: 'Action', zh: '处理方式' },
  advice: { en: 'Advice', zh: '提示' },
  anyCall: { en: 'any call', zh: '所有接口' },
  severalCalls: { en: 'several calls', zh: '多个接口' },
} as const

/** docs/reliability.md, in either language, with its tables as the code has them. */
export function withReliabilityTables(page: string, language: Language): Promise<string> {
  return withParts(page, { calls: callTable(language), refusals: refusalTable(language) })
}

/** What is done, by call and by the kind of its failure. */
function callTable(language: Language): string[] {
  const rows = Object.keys(OPERATIONS).map((name) => {
    const operation = name as OperationName
    const common = { operation, code: 'x', message: '' }
    return [
      titleOf(operation, language),
      ...FAILURES.map(([, failure]) => {
        const error = new DingTalkError({ ...common, ...failure })
        // Only what has an idempotency key is repeated though it is in doubt.
        return (error.isInDoubt && error.remedy === 'repeat' ? WITH_KEY : REMEDIES[error.remedy])[language]
      }),
    ]
  })
  return table([HEADS.call[language], ...FAILURES.map(([name]) => name[language])], rows)
}

function titleOf(operation: OperationName, language: Language): string {
  return OPERATIONS[operation].title[language]
}

/** What is done and advised: a row for each advice, with the codes and the calls that it is for, in the order of the advice. */
function refusalTable(language: Language): string[] {
  const rows = new Map<string, { codes: Set<string>; calls: Set<string>; cells: string[]; place: number }>()
  for (const refusal of [...GATEWAY_REFUSALS, ...REFUSALS]) {
    const error = errorOf(refusal)
    const cells = [doneAbout(error, language), adviceOn(error, language)]
    const key = cells.join('|')
    const { codes, calls } = rows.get(key) ?? { codes: new Set(), calls: new Set() }
    const call = GATEWAY_REFUSALS.includes(refusal)
      ? HEADS.anyCall[language]
      : titleOf(refusal.operation, language)
    const place = ADVICE.findIndex((advice) => advice === adviceFor(error))
    rows.set(key, { codes: codes.add(`\`${refusal.code}\``), calls: calls.add(call), cells, place })
  }
  const sorted = [...rows.values()].sort((one, other) => one.place - other.place)
  const comma = language === 'en' ? ', ' : '、'
  const heads = [HEADS.code[language], HEADS.call[language], HEADS.then[language], HEADS.advice[language]]
  return [
    // The cells are too long for columns of one width.
    '<!-- prettier-ignore-start -->',
    ...table(
      heads,
      sorted.map(({ codes, calls, cells }) => [
        [...codes].join(comma),
        calls.size > MANY ? HEADS.severalCalls[language] : [...calls].join(comma),
        ...cells,
      ]),
    ),
    '<!-- prettier-ignore-end -->',
  ]
}

function adviceOn(error: DingTalkError, language: Language): string {
  const hint = hintFor(error)
  const links = linkLines(hint?.links ?? [], language, (url, name) => (name ? `${name}: ${url}` : url))
  const lines = [hint ? hintText(hint)[language] : '', ...links].map(escaped)
  // The advice is the same for every call that it names.
  const [named] = missingScopes(error).map(permissionName)
  return lines
    .join('<br>')
    .replaceAll(titleOf(error.operation, language), '…')
    .replaceAll(named ?? '…', '…')
}

function doneAbout(error: DingTalkError, language: Language): string {
  if (error.remedy !== 'wait-out') return REMEDIES[error.remedy][language]
  const delay = retryDelay(error.waitBeforeRetry, 1, () => 0)
  // A longer wait than the action allows ends the call.
  if (delay === undefined) return REMEDIES.stop[language]
  const seconds = Math.floor(delay / 1000)
  return language === 'en' ? `retry after ≥ ${seconds} s` : `≥ ${seconds} 秒后重试`
}

function escaped(text: string): string {
  return text.replace(/[*<>|]/g, '\\$&')
}

function table(heads: readonly string[], rows: readonly string[][]): string[] {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}
