import { DingTalkError, type DingTalkErrorOptions, type Remedy } from '../src/dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../src/dingtalk/operations.ts'
import { retryDelay } from '../src/http/retry.ts'
import { ADVICE, permissionName } from '../src/report/advice.ts'
import { adviceFor, hintFor, hintText, missingScopes } from '../src/report/hints.ts'
import { linkLines, shortened } from '../src/text/links.ts'
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

/** The maximum number of calls that an item names. */
const MANY = 4

const WORDS = {
  anyCall: { en: 'any call', zh: '所有接口' },
  severalCalls: { en: 'several calls', zh: '多个接口' },
  otherCalls: { en: 'Other calls', zh: '其他接口' },
  comma: { en: ', ', zh: '、' },
  colon: { en: ': ', zh: '：' },
} as const

/** docs/reliability.md in one language, with lists from the code. Tables would be too wide for a phone. */
export function withReliabilityTables(page: string, language: Language): Promise<string> {
  return withParts(page, { calls: callList(language), refusals: refusalList(language) })
}

/** The reaction to a failure by kind and, if they differ, by call. */
function callList(language: Language): string[] {
  const names = Object.keys(OPERATIONS) as OperationName[]
  const colon = WORDS.colon[language]
  return FAILURES.flatMap(([name, failure]) => {
    const groups = Map.groupBy(names, (operation) => {
      const error = new DingTalkError({ operation, code: 'x', message: '', ...failure })
      // In doubt, only calls with an idempotency key are repeated.
      return (error.isInDoubt && error.remedy === 'repeat' ? WITH_KEY : REMEDIES[error.remedy])[language]
    })
    const [first, ...others] = [...groups].sort(([, one], [, other]) => other.length - one.length)
    const usual = first?.[0] ?? ''
    const kind = `- ${name[language]}`
    if (others.length === 0) return [`${kind}${colon}${usual}`]
    return [
      kind,
      ...others.map(
        ([then, calls]) =>
          `  - ${capitalized(calls.map((call) => titleOf(call, language)).join(WORDS.comma[language]))}${colon}${then}`,
      ),
      `  - ${WORDS.otherCalls[language]}${colon}${usual}`,
    ]
  })
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function titleOf(operation: OperationName, language: Language): string {
  return OPERATIONS[operation].title[language]
}

/** The reaction and the advice: an item for each advice, with its codes and calls. */
function refusalList(language: Language): string[] {
  const items = new Map<string, { codes: Set<string>; calls: Set<string>; place: number }>()
  for (const refusal of [...GATEWAY_REFUSALS, ...REFUSALS]) {
    const error = errorOf(refusal)
    const text = [doneAbout(error, language), ...adviceOn(error, language)].join('<br>\n  ')
    const { codes, calls } = items.get(text) ?? { codes: new Set(), calls: new Set() }
    const call = GATEWAY_REFUSALS.includes(refusal)
      ? WORDS.anyCall[language]
      : titleOf(refusal.operation, language)
    const place = ADVICE.findIndex((advice) => advice === adviceFor(error))
    items.set(text, { codes: codes.add(`\`${refusal.code}\``), calls: calls.add(call), place })
  }
  const comma = WORDS.comma[language]
  return [...items]
    .sort(([, one], [, other]) => one.place - other.place)
    .map(([text, { codes, calls }]) => {
      const by = calls.size > MANY ? WORDS.severalCalls[language] : [...calls].join(comma)
      return `- ${[...codes].join(comma)}<br>\n  ${capitalized(by)}${WORDS.colon[language]}${text}`
    })
}

/** The advice, and its links. */
function adviceOn(error: DingTalkError, language: Language): string[] {
  const hint = hintFor(error)
  const links = linkLines(hint?.links ?? [], language, (url, name) =>
    name ? `${name}: <${url}>` : `[${shortened(url)}](${url})`,
  )
  // The advice is the same for every call that it names.
  const [named] = missingScopes(error).map(permissionName)
  const text = (hint ? hintText(hint)[language] : '')
    .replaceAll(titleOf(error.operation, language), '…')
    .replaceAll(named ?? '…', '…')
  return [escaped(text), ...links].filter(Boolean)
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
