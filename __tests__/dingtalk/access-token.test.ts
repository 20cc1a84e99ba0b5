import { expect, test } from '@jest/globals'
import { AccessToken } from '../../src/dingtalk/gateway.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

function tokens(expireIn = 7200) {
  const clock = simulatedClock()
  let fetched = 0
  const token = new AccessToken(clock, () => Promise.resolve({ accessToken: `token-${++fetched}`, expireIn }))
  return { clock, token, fetched: () => fetched }
}

test('is requested once for all concurrent calls', async () => {
  const { token, fetched } = tokens()
  expect(await Promise.all([token.get(), token.get(), token.get()])).toEqual([
    'token-1',
    'token-1',
    'token-1',
  ])
  expect(await token.get()).toBe('token-1')
  expect(fetched()).toBe(1)
})

test('is kept until a minute before it expires', async () => {
  const { token, clock } = tokens()
  await token.get()
  clock.advance(7_200_000 - 60_001)
  expect(await token.get()).toBe('token-1')
  clock.advance(1)
  expect(await Promise.all([token.get(), token.get()])).toEqual(['token-2', 'token-2'])
})

test('uses a short-lived token for half of its lifetime', async () => {
  const { token, clock } = tokens(10)
  await token.get()
  clock.advance(4999)
  expect(await token.get()).toBe('token-1')
  clock.advance(1)
  expect(await token.get()).toBe('token-2')
})

test('renews a rejected token once for all concurrent calls', async () => {
  const { token, fetched } = tokens()
  const refused = await token.get()
  const renewed = await Promise.all([token.get(refused), token.get(refused), token.get(refused)])
  expect(renewed).toEqual(['token-2', 'token-2', 'token-2'])
  expect(await token.get(refused)).toBe('token-2')
  expect(fetched()).toBe(2)
})

test('does not cache a failure', async () => {
  const results = [
    Promise.reject(new Error('down')),
    Promise.resolve({ accessToken: 'later', expireIn: 7200 }),
  ]
  const token = new AccessToken(simulatedClock(), () => results.shift()!)
  await expect(token.get()).rejects.toThrow('down')
  expect(await token.get()).toBe('later')
})
