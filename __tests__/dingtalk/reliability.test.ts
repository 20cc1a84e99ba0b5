// docs/reliability.md tells what the code does: its table is made from the code here, and must be the one there.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { DingTalkError, type DingTalkErrorOptions, type Remedy } from '../../src/dingtalk/errors.ts'
import { OPERATIONS, type OperationName } from '../../src/dingtalk/operations.ts'

const WORDS: Readonly<Record<Remedy, string>> = {
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

function table(): string {
  const rows = Object.entries(OPERATIONS).map(([operation, { title }]) => [
    title,
    ...FAILURES.map(([, failure]) => {
      const common = { operation: operation as OperationName, code: 'x', message: '' }
      return WORDS[new DingTalkError({ ...common, ...failure }).remedy]
    }),
  ])
  return [['call', ...FAILURES.map(([name]) => name)], ...rows].map((cells) => cells.join(' | ')).join('\n')
}

test('the table is the code’s', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reliability.md'), 'utf8')
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ :|-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
        .join(' | '),
    )
  expect(rows.slice(0, Object.keys(OPERATIONS).length + 1).join('\n')).toBe(table())
})

test('an old signature is cured by new upload info', () => {
  const skewed: DingTalkErrorOptions = {
    operation: 'put',
    code: 'RequestTimeTooSkewed',
    kind: 'signature-expired',
    mayHaveHappened: false,
    message: '',
  }
  expect(new DingTalkError(skewed).remedy).toBe('new-upload-info')
})
