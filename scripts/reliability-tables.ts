import { DingTalkError, type DingTalkErrorOptions, type Remedy } from '../src/dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../src/dingtalk/operations.ts'
import { retryDelay } from '../src/http/retry.ts'
import { hintText } from '../src/report/hint.ts'
import { hintFor } from '../src/report/hints.ts'
import { withParts } from './page-parts.ts'
import { errorOf, GATEWAY_REFUSALS, type Refusal, REFUSALS } from './refusals.ts'

type Language = 'en' | 'zh'
type Pair = Readonly<Record<Language, string>>

const REMEDIES: Readonly<Record<Remedy, Pair>> = {
  repeat: { en: 'retry with backoff', zh: '退避重试' },
  'wait-out': { en: 'retry after ≥ 1 s', zh: '≥ 1 秒后重试' },
  'new-token': { en: 'refresh token, retry', zh: '更新 token 后重试' },
  'new-upload-info': { en: 'get new upload info, retry', zh: '重新获取上传信息后重试' },
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

const HEADS = {
  call: { en: 'Call', zh: '调用' },
  code: { en: 'Code', zh: '错误码' },
  then: { en: 'Action', zh: '处理方式' },
  advice: { en: 'Advice', zh: '提示' },
  anyCall: { en: 'any call', zh: '所有调用' },
} as const

/** docs/reliability.md, in either language, with its tables as the code has them. */
export function withReliabilityTables(page: string, language: Language): Promise<string> {
  return withParts(page, { calls: callTable(language), refusals: refusalTables(language) })
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

/** What is done and advised, by call and by code: folded, and a table for each call. */
function refusalTables(language: Language): string[] {
  const calls = Map.groupBy(REFUSALS, ({ operation }) => operation)
  return [
    // The cells are too long for columns of one width.
    '<!-- prettier-ignore-start -->',
    ...folded(HEADS.anyCall[language], GATEWAY_REFUSALS, language),
    ...[...calls].flatMap(([operation, refusals]) =>
      folded(titleOf(operation, language), refusals, language),
    ),
    '<!-- prettier-ignore-end -->',
  ]
}

function folded(title: string, refusals: readonly Refusal[], language: Language): string[] {
  const { size } = new Set(refusals.map(({ code }) => code))
  const summary =
    language === 'en' ? `${title}: ${size} code${size === 1 ? '' : 's'}` : `${title}：${size} 个错误码`
  const heads = [HEADS.code[language], 'HTTP', HEADS.then[language], HEADS.advice[language]]
  return [
    `<details><summary>${summary}</summary>`,
    '',
    ...table(heads, rowsOf(refusals, language)),
    '',
    '</details>',
    '',
  ]
}

/** A row for each advice. Codes with the same one share it; two versions of a call share their codes. */
function rowsOf(refusals: readonly Refusal[], language: Language): string[][] {
  const rows = new Map<string, { codes: Set<string>; cells: string[] }>()
  for (const refusal of refusals) {
    const error = errorOf(refusal)
    const hint = hintFor(error)
    const cells = [
      String(refusal.status),
      doneAbout(error, language),
      hint ? escaped(hintText(hint)[language]) : '',
    ]
    const key = cells.join('|')
    const row = rows.get(key) ?? { codes: new Set(), cells }
    rows.set(key, { ...row, codes: row.codes.add(`\`${refusal.code}\``) })
  }
  return [...rows.values()].map(({ codes, cells }) => [
    [...codes].join(language === 'en' ? ', ' : '、'),
    ...cells,
  ])
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
