import { describe, expect, test } from '@jest/globals'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import { repeatCall } from '../../src/dingtalk/retry.ts'
import { environmentOf, systemClock } from '../../src/http/environment.ts'
import { retryDelay } from '../../src/http/retry.ts'
import type { Text } from '../../src/http/text.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const failure = (given: Partial<DingTalkErrorOptions> = {}) =>
  new DingTalkError({
    operation: 'uploadInfo',
    code: 'x',
    kind: 'unavailable',
    mayHaveHappened: true,
    message: 'm',
    ...given,
  })

/** A call that fails in the given ways, then works. */
function failing(...errors: Error[]) {
  const call = {
    count: 0,
    attempt: () => (errors[call.count++] ? Promise.reject(errors[call.count - 1]!) : Promise.resolve('done')),
  }
  return call
}

function retryOptions(retries = 5) {
  const clock = simulatedClock()
  const lines: Text[] = []
  const environment = environmentOf({ clock, random: () => 1 })
  return { environment, clock, lines, retries, log: (line: Text) => void lines.push(line) }
}

test('backs off exponentially: 0.5, 1, 2, 4, 8 s', async () => {
  const given = retryOptions()
  expect(
    await repeatCall(
      'uploadInfo',
      given,
      failing(failure(), failure(), failure(), failure(), failure()).attempt,
    ),
  ).toBe('done')
  expect(given.clock.slept).toEqual([500, 1000, 2000, 4000, 8000])
  expectWhole(given.lines[0]!, 'x', 'm', '2', '6', '0.5')
})

test('gives up after the last retry, with the last failure', async () => {
  const last = failure({ code: 'last' })
  const given = retryOptions(2)
  await expect(repeatCall('uploadInfo', given, failing(failure(), failure(), last).attempt)).rejects.toBe(
    last,
  )
})

test('does not retry an error that is not from the platform', async () => {
  const call = failing(new Error('bug'))
  await expect(repeatCall('uploadInfo', retryOptions(), call.attempt)).rejects.toThrow('bug')
  expect(call.count).toBe(1)
})

describe('the wait before repeating', () => {
  test.each<[string, Partial<DingTalkErrorOptions>, number | undefined]>([
    ['jitter halves it at most', {}, 250],
    ['Retry-After is honoured', { retryAfter: 7000 }, 7250],
    ['a Retry-After of minutes is not waited for', { retryAfter: 600_000 }, undefined],
    ['throttled: at least a second', { kind: 'throttled' }, 1250],
    ['throttled with a Retry-After of 0: at least a second', { kind: 'throttled', retryAfter: 0 }, 1250],
    [
      'throttled per minute: longer',
      { kind: 'throttled', code: 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi' },
      15_250,
    ],
    ['refused: never', { kind: 'refused' }, undefined],
    ['monthly quota: never', { kind: 'quota-spent' }, undefined],
    ['banned: never', { kind: 'banned', retryAfter: 1000 }, undefined],
    ['commit that may have happened: never', { operation: 'commit' }, undefined],
    ['commit that did not happen', { operation: 'commit', mayHaveHappened: false }, 250],
    ['send that may have happened: never', { operation: 'send' }, undefined],
    ['send that was throttled', { operation: 'send', kind: 'throttled', mayHaveHappened: false }, 1250],
  ])('%s', (_, given, ms) => {
    expect(retryDelay(failure(given).waitBeforeRetry, 1, () => 0)).toBe(ms)
  })

  test('stays below half a minute', () => {
    expect(retryDelay(0, 20, () => 1)).toBe(30_000)
  })
})

test('does not retry the failure of another call, which has its own retries', async () => {
  const call = failing(failure({ operation: 'accessToken' }))
  await expect(repeatCall('uploadInfo', retryOptions(), call.attempt)).rejects.toMatchObject({
    operation: 'accessToken',
  })
  expect(call.count).toBe(1)
})

test.each(['banned', 'quota-spent'] as const)(
  'stops all calls after %s: ends another call’s wait, and starts none',
  async (kind) => {
    // Real time: a wait that does not end takes longer than a test may.
    const given = { ...retryOptions(), environment: environmentOf({ clock: systemClock, random: () => 1 }) }
    const later = failing(failure({ retryAfter: 100_000 }))
    const waiting = repeatCall('uploadInfo', given, later.attempt)
    const last = failure({ operation: 'list', kind })
    await Promise.all([
      expect(waiting).rejects.toBe(last),
      expect(repeatCall('list', given, failing(last).attempt)).rejects.toBe(last),
    ])
    await expect(repeatCall('uploadInfo', given, failing(failure()).attempt)).rejects.toBe(last)
    expect(later.count).toBe(1)
  },
)

test('stops no other call after another error', async () => {
  const given = retryOptions()
  await repeatCall('uploadInfo', given, failing(failure(), failure({ kind: 'throttled' })).attempt)
  await expect(
    repeatCall('uploadInfo', given, failing(failure({ kind: 'refused' })).attempt),
  ).rejects.toThrow()
  expect(given.environment.halting.signal.aborted).toBe(false)
})
