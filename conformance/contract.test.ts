// The vendor's SDK throws its own error for every documented error that the emulator plays.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import { documentedRefusals, parseRefusal } from '../emulator/faults/refusals.ts'
import { expectRefusal, refusal } from './refusal.ts'
import { Sdk, SDK_CALLS } from './sdk.ts'

/** The SDK takes HTTP 200 for success, including the page that a banned address gets. */
const ROWS = SDK_CALLS.flatMap((name) =>
  documentedRefusals(name).flatMap(({ status, code }) =>
    status === 200 ? [] : [[name, status, code] as const],
  ),
)

let emulator: Emulator
let sdk: Sdk

beforeAll(async () => {
  emulator = await startEmulator()
  sdk = new Sdk(emulator)
  await sdk.token()
})
afterEach(() => {
  emulator.faults.clear()
})
afterAll(() => emulator.close())

test('every call has documented errors', () => {
  const without = SDK_CALLS.filter((name) => !ROWS.some(([of]) => of === name))
  expect(without).toEqual([])
})

describe('errors', () => {
  test.each(ROWS)('%s: %i %s', async (name, status, code) => {
    emulator.faults.add(parseRefusal(`${name}=${code}`))
    expectRefusal(await refusal(sdk, name), status, code)
    expect(emulator.faults.played).toHaveLength(1)
    expect(emulator.messages).toEqual([])
  })
})
