// Every refusal that the contract documents, played by the emulator, reaches the caller of the vendor's SDK as its own error.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import { documentedRefusals, parseRefusal } from '../emulator/faults/refusals.ts'
import { expectRefusal, refusal } from './refusal.ts'
import { Sdk, SDK_CALLS } from './sdk.ts'

/** What is answered with HTTP 200 the SDK takes for success: the page that a banned address gets. */
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

test('every call has documented refusals', () => {
  const without = SDK_CALLS.filter((name) => !ROWS.some(([of]) => of === name))
  expect(without).toEqual([])
})

describe('refused', () => {
  test.each(ROWS)('%s: %i %s', async (name, status, code) => {
    emulator.faults.add(parseRefusal(`${name}=${code}`))
    expectRefusal(await refusal(sdk, name), status, code)
    expect(emulator.faults.played).toHaveLength(1)
    expect(emulator.messages).toEqual([])
  })
})
