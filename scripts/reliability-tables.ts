import { DingTalkError, type DingTalkErrorOptions, type Remedy } from '../src/dingtalk/errors.ts'
import { OPERATIONS, type OperationName } from '../src/dingtalk/operations.ts'
import { retryDelay } from '../src/dingtalk/transport/retry.ts'
import { hintFor } from '../src/report/hints.ts'
import { withParts } from './readme-tables.ts'
import { errorOf, GATEWAY_REFUSALS, REFUSALS, type Refusal } from './refusals.ts'

const REMEDIES: Readonly<Record<Remedy, string>> = {
  repeat: 'again, backing off',
  'wait-out': 'again after ≥ 1 s',
  'new-token': 'new token, again',
  'new-upload-info': 'new upload info, again',
  'look-up': '**look it up first**',
  report: '**say so, never again**',
  stop: 'stop, explain',
}

const FAILURES: readonly (readonly [string, Pick<DingTalkErrorOptions, 'kind' | 'mayHaveHappened'>])[] = [
  ['not sent: refused connection, DNS, TLS', { kind: 'unavailable', mayHaveHappened: false }],
  ['in doubt: cut, silent, 5xx, unreadable answer', { kind: 'unavailable', mayHaveHappened: true }],
  ['throttled', { kind: 'throttled', mayHaveHappened: false }],
  ['token refused', { kind: 'access-token', mayHaveHappened: false }],
  ['refused', { kind: 'refused', mayHaveHappened: false }],
  ["month's calls spent", { kind: 'quota-spent', mayHaveHappened: false }],
  ['address banned', { kind: 'banned', mayHaveHappened: false }],
]

/** docs/reliability.md with its tables as the code has them. */
export function withReliabilityTables(page: string): Promise<string> {
  return withParts(page, { calls: callTable(), refusals: refusalTables() })
}

/** What is done, by call and by the kind of its failure. */
function callTable(): string[] {
  const rows = Object.entries(OPERATIONS).map(([operation, { title }]) => [
    title,
    ...FAILURES.map(([, failure]) => {
      const common = { operation: operation as OperationName, code: 'x', message: '' }
      return REMEDIES[new DingTalkError({ ...common, ...failure }).remedy]
    }),
  ])
  return table(['call', ...FAILURES.map(([name]) => name)], rows)
}

/** What is done and advised, by call and by code: folded, and a table for each call. */
function refusalTables(): string[] {
  const calls = Map.groupBy(REFUSALS, ({ operation }) => operation)
  return [
    // The cells are too long for columns of one width.
    '<!-- prettier-ignore-start -->',
    ...folded('any call', GATEWAY_REFUSALS),
    ...[...calls].flatMap(([operation, refusals]) => folded(OPERATIONS[operation].title, refusals)),
    '<!-- prettier-ignore-end -->',
  ]
}

function folded(title: string, refusals: readonly Refusal[]): string[] {
  const codes = new Set(refusals.map(({ code }) => code))
  const count = codes.size === 1 ? '1 code' : `${codes.size} codes`
  return [
    `<details><summary>${title}: ${count}</summary>`,
    '',
    ...table(['code', 'HTTP', 'then', 'advice'], rowsOf(refusals)),
    '',
    '</details>',
    '',
  ]
}

/** A row for each advice. Codes with the same one share it; two versions of a call share their codes. */
function rowsOf(refusals: readonly Refusal[]): string[][] {
  const rows = new Map<string, { codes: Set<string>; cells: string[] }>()
  for (const refusal of refusals) {
    const error = errorOf(refusal)
    const cells = [String(refusal.status), doneAbout(error), escaped(hintFor(error)?.en ?? '')]
    const key = cells.join('|')
    const row = rows.get(key) ?? { codes: new Set(), cells }
    rows.set(key, { ...row, codes: row.codes.add(`\`${refusal.code}\``) })
  }
  return [...rows.values()].map(({ codes, cells }) => [[...codes].join(', '), ...cells])
}

function doneAbout(error: DingTalkError): string {
  if (error.remedy !== 'wait-out') return REMEDIES[error.remedy]
  const delay = retryDelay(error, 1, () => 0)
  // A longer wait than the action allows ends the call.
  return delay === undefined ? REMEDIES.stop : `again after ≥ ${Math.floor(delay / 1000)} s`
}

function escaped(text: string): string {
  return text.replace(/[*<>|]/g, '\\$&')
}

function table(heads: readonly string[], rows: readonly string[][]): string[] {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}
