import { expect, test } from '@jest/globals'
import { systemClock } from '../../src/http/environment.ts'

const timeouts = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

test('does not restart a stopped timer, which keeps no process alive', () => {
  const before = timeouts()
  const timer = systemClock.timer(3600_000, () => undefined)
  timer.restart(1800_000)
  expect(timeouts()).toBe(before + 1)
  timer.stop()
  timer.restart(1800_000)
  const after = timeouts()
  timer.stop() // so that a failure of this test does not keep its process alive
  expect(after).toBe(before)
})
