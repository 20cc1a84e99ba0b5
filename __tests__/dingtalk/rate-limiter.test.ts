import { expect, test } from '@jest/globals'
import { RateLimiter } from '../../src/dingtalk/gateway.ts'
import { environmentOf } from '../../src/http/environment.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

/** A clock that stands still while others sleep, as when all of them wait at once. */
function standingClock() {
  const clock = simulatedClock(0)
  const slept: number[] = []
  return { ...clock, slept, sleep: (ms: number) => (slept.push(ms), Promise.resolve()) }
}

test('starts at most 18 calls of a kind per second', async () => {
  const clock = standingClock()
  const rateLimiter = new RateLimiter()
  await Promise.all(Array.from({ length: 40 }, () => rateLimiter.acquire('commit', environmentOf({ clock }))))
  expect(clock.slept).toEqual([...Array<number>(18).fill(1000), ...Array<number>(4).fill(2000)])
})

test('delays neither calls of other kinds nor later ones', async () => {
  const clock = simulatedClock(0)
  const rateLimiter = new RateLimiter()
  for (let count = 0; count < 18; count++) await rateLimiter.acquire('commit', environmentOf({ clock }))
  await rateLimiter.acquire('uploadInfo', environmentOf({ clock }))
  clock.advance(400)
  await rateLimiter.acquire('commit', environmentOf({ clock }))
  expect(clock.slept).toEqual([600])
  clock.advance(1000)
  await rateLimiter.acquire('commit', environmentOf({ clock }))
  expect(clock.slept).toEqual([600])
})

test('continues after the clock is set back', async () => {
  const clock = simulatedClock()
  const rateLimiter = new RateLimiter()
  for (let count = 0; count < 18; count++) await rateLimiter.acquire('commit', environmentOf({ clock }))
  clock.step(-300_000)
  await rateLimiter.acquire('commit', environmentOf({ clock }))
  expect(clock.slept).toEqual([1000])
})
