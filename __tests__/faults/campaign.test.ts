// A sample of the fault campaign, call by call: one fault of each kind in each scene. `npm run faults` plays every fault.
import { describe, expect, test } from '@jest/globals'
import { BREAKAGES } from '../../emulator/faults/broken.ts'
import { KINDS } from '../../emulator/faults/parse-fault.ts'
import { PLAYS } from '../../emulator/faults/plays.ts'
import { OPERATIONS as CALLS } from '../../emulator/http/operation.ts'
import { MODES, NUMBERS } from '../../emulator/modes.ts'
import { cases, count, FAULTS, type Result } from '../../faults/campaign.ts'
import { deliveryCases } from '../../faults/deliveries.ts'
import { platformCases } from '../../faults/platforms.ts'
import { releaseCases } from '../../faults/releases.ts'
import { secretCases } from '../../faults/secrets.ts'
import { situationCases } from '../../faults/situations.ts'
import { hasSecretResponse, type OperationName, OPERATIONS } from '../../src/dingtalk/operations.ts'

const all = [
  ...cases(),
  ...deliveryCases(),
  ...platformCases(),
  ...releaseCases(),
  ...secretCases(),
  ...situationCases(),
]
const sample = all.filter(({ isInSample }) => isInSample)
const byOperation = Map.groupBy(sample, ({ operation }) => operation)

test.each([...byOperation])(
  '%s: stores the right bytes once, posts at most once, reports correctly, and shows no secret',
  async (_, some) => {
    const results: Result[] = []
    for (const one of some) results.push(await one.run())
    const wrong = results.filter(({ violations }) => violations.length > 0)
    expect(wrong.map(({ name, violations }) => [name, violations])).toEqual([])
    const { cases, survived, failedClean } = count(results)
    expect(survived + failedClean).toBe(cases)
  },
  300_000,
)

describe('the sample', () => {
  test('has every call whose response contains a secret', () => {
    const tried = [...byOperation.keys()].map((operation) => operation.replace(/V[12]$/, ''))
    const missing = (Object.keys(OPERATIONS) as OperationName[]).filter(
      (name) => hasSecretResponse(name) && !tried.includes(name),
    )
    expect(missing.map((name) => `${name}: add it to CALLS in faults/secrets.ts`)).toEqual([])
  })

  test.each(FAULTS)('has the fault "%s"', (fault) => {
    expect(sample.filter(({ name }) => name.split(' · ').includes(fault)).length).toBeGreaterThan(1)
  })
})

/** What no case plays, and why. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  port: 'says where the emulator listens',
  latency: 'takes real time, and the campaign runs on simulated time',
  'call remove': 'is not made: files are deleted in bulk',
  'call unknown': 'is none that the action makes',
}

test('the campaign plays everything that can be set in the emulator', () => {
  const modes = new Set<string>()
  const played = new Set<string>()
  for (const { setting } of all) {
    for (const [name, value] of Object.entries(setting.options))
      modes.add(name).add(`${name} ${String(value)}`)
    for (const { operation, play } of setting.faults)
      played.add(`call ${operation}`).add(`kind ${play.kind}`).add(JSON.stringify(play))
  }
  const can: [string, boolean][] = [
    ...Object.entries(MODES).flatMap(([name, [, ...others]]) =>
      others.map((value): [string, boolean] => [`${name} ${value}`, modes.has(`${name} ${value}`)]),
    ),
    ...Object.keys(NUMBERS).map((name): [string, boolean] => [name, modes.has(name)]),
    ...[...KINDS.map((kind) => `kind ${kind}`), ...CALLS.map((operation) => `call ${operation}`)].map(
      (name): [string, boolean] => [name, played.has(name)],
    ),
    ...Object.entries(PLAYS).map(([name, play]): [string, boolean] => [
      name,
      played.has(JSON.stringify(play)),
    ]),
    ...Object.keys(BREAKAGES).map((how): [string, boolean] => [
      how,
      played.has(JSON.stringify({ kind: 'broken', how })),
    ]),
  ]
  const missing = can.filter(([, isPlayed]) => !isPlayed).map(([name]) => name)
  expect(missing).toEqual(Object.keys(NOT_PLAYED))
})
