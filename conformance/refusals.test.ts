// The vendor's SDK throws its own error for calls that the emulator rejects with a documented code.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import { PLAYS } from '../emulator/faults/plays.ts'
import { scopeOf } from '../emulator/http/operation.ts'
import { REFUSAL_ROWS } from './refusal-rows.ts'
import { expectRefusal, refusal } from './refusal.ts'
import { Sdk, SDK_CALLS } from './sdk.ts'

let emulator: Emulator
let sdk: Sdk

beforeEach(async () => {
  emulator = await startEmulator()
  sdk = new Sdk(emulator)
})
afterEach(() => emulator.close())

test.each([
  ['another secret', { appSecret: 'x' }],
  ['another key', { appKey: 'x' }],
])('accessToken with %s', async (_, request) => {
  expectRefusal(await refusal(sdk, 'accessToken', { request }), 400, 'invalidClientIdOrSecret')
})

describe.each(SDK_CALLS.filter((name) => name !== 'accessToken'))('%s', (name) => {
  test('with an unknown access token', async () => {
    expectRefusal(await refusal(sdk, name, { token: 'f00d' }), 400, 'InvalidAuthentication')
  })

  test('with an expired access token', async () => {
    await sdk.token()
    emulator.expireAccessTokens()
    expectRefusal(await refusal(sdk, name), 400, 'InvalidAuthentication')
  })
})

test.each(SDK_CALLS)('%s without its scope, which the error names', async (name) => {
  if (name !== 'accessToken') await sdk.token()
  const scope = scopeOf(name)!
  emulator.scopes.withdraw(scope)
  const error = await refusal(sdk, name)
  expectRefusal(error, 403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied')
  expect(error.accessDeniedDetail).toEqual({ requiredScopes: [scope] })
})

test.each(REFUSAL_ROWS)('%s with %s', async (name, _, change, status, code) => {
  const changed = typeof change === 'function' ? change(emulator) : change
  expectRefusal(await refusal(sdk, name, changed), status, code)
  expect(emulator.messages).toEqual([])
})

/** The plays that are errors of the gateway. The SDK takes an error with HTTP 200 for success. */
const REFUSING = Object.entries(PLAYS).flatMap(([name, play]) => {
  if (play.kind !== 'answer' || play.status === 200) return []
  if (typeof play.body !== 'object' || !('code' in play.body)) return []
  return [{ name, play, status: play.status, code: String(play.body.code) }]
})

test.each(REFUSING)('throws an error for $name', async ({ play, status, code }) => {
  await sdk.token()
  emulator.faults.add({ operation: 'send', play })
  expectRefusal(await refusal(sdk, 'send'), status, code)
  expect(emulator.messages).toEqual([])
  await sdk.call('send')
  expect(emulator.messages).toHaveLength(1)
})
