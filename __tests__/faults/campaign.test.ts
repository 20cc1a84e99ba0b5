// A sample of the fault campaign, call by call: one fault of each kind in each scene. `npm run faults` plays every fault.
import { describe, expect, test } from '@jest/globals'
import { cases, count, FAULTS, type Result } from '../../faults/campaign.ts'
import { deliveryCases } from '../../faults/deliveries.ts'
import { platformCases } from '../../faults/platforms.ts'
import { releaseCases } from '../../faults/releases.ts'
import { secretCases } from '../../faults/secrets.ts'
import { answersSecret, type OperationName, OPERATIONS } from '../../src/dingtalk/operations.ts'

const sample = [
  ...cases(),
  ...deliveryCases(),
  ...platformCases(),
  ...releaseCases(),
  ...secretCases(),
].filter(({ isInSample }) => isInSample)
const byOperation = Map.groupBy(sample, ({ operation }) => operation)

test.each([...byOperation])(
  '%s: right bytes once, message at most once, a true report, no secret shown',
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
  test('has every call whose response holds a secret', () => {
    const tried = [...byOperation.keys()].map((operation) => operation.replace(/V[12]$/, ''))
    const missing = (Object.keys(OPERATIONS) as OperationName[]).filter(
      (name) => answersSecret(name) && !tried.includes(name),
    )
    expect(missing.map((name) => `${name}: add it to CALLS in faults/secrets.ts`)).toEqual([])
  })

  test.each(FAULTS)('has the fault "%s"', (fault) => {
    expect(sample.filter(({ name }) => name.split(' · ').includes(fault)).length).toBeGreaterThan(1)
  })
})
