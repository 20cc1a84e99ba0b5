// The fault campaign, call by call. `npm run faults` plays what is left out here too.
import { describe, expect, test } from '@jest/globals'
import { cases, count, type Result } from '../../faults/campaign.ts'

/** ms of real time: only what never ends takes that long. */
const TIMEOUT = 300_000

const byOperation = Map.groupBy(
  cases().filter(({ isExtra }) => !isExtra),
  ({ operation }) => operation,
)

describe.each([...byOperation])('%s', (_, some) => {
  test(
    'in every trouble: right bytes once, message at most once, the truth told, no secret said',
    async () => {
      const results: Result[] = []
      for (const one of some) results.push(await one.run())
      const wrong = results.filter(({ violations }) => violations.length > 0)
      expect(wrong.map(({ name, violations }) => [name, violations])).toEqual([])
      const { cases, survived, failedClean } = count(results)
      expect(survived + failedClean).toBe(cases)
    },
    TIMEOUT,
  )
})
