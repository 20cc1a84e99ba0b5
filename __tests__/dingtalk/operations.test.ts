// The client, the contract, and the fault campaign have the same calls. A failure names the missing call, and the file to change.
import { expect, test } from '@jest/globals'
import { CALLS, pageOf, serverOf } from '../../emulator/http/operation.ts'
import { cases } from '../../faults/campaign.ts'
import { type Operation, OPERATIONS } from '../../src/dingtalk/operations.ts'

/** The versions of a call are one call of the client. */
const unversioned = (call: string) => call.replace(/V[12]$/, '')

test('every call of the client is in the contract, with its scope', () => {
  const problems = Object.entries<Operation>(OPERATIONS).flatMap(([name, { scope = '' }]) => {
    // No call of the API: it only reaches the storage.
    if (name === 'probe') return []
    const calls = CALLS.filter((call) => unversioned(call) === name)
    if (calls.length === 0) return [`${name}: add it to "operations" in contract/contract.json`]
    return calls
      .filter((call) => pageOf(call).scopes.join() !== scope)
      .map((call) => `${call}: its scope in src/dingtalk/operations.ts is not that of contract/contract.json`)
  })
  expect(problems).toEqual([])
})

/** The emulator deletes single entries too: its tests, and the SDK, compare both ways to delete. */
const ONLY_EMULATED: readonly string[] = ['remove']

test('the client makes every call of the contract', () => {
  const others = CALLS.filter(
    (call) => !Object.hasOwn(OPERATIONS, unversioned(call)) && !ONLY_EMULATED.includes(call),
  )
  expect(
    others.map((call) => `${call}: add it to src/dingtalk/operations.ts, or move it to "notCalled"`),
  ).toEqual([])
})

test('the contract names the SDK’s method for every call that the SDK can make', () => {
  const unnamed = CALLS.filter((call) => serverOf(call) === 'gateway' && pageOf(call).sdk === undefined)
  expect(
    unnamed.map((call) => `${call}: add "sdk" in contract/contract.json, null if the SDK lacks the call`),
  ).toEqual([])
})

/** Covered by the tests of `__tests__/send/`: a job of the campaign sends files to groups. */
const WITHOUT_SCENES = ['sendToUser', 'post', 'postByWebhook']

test('the fault campaign has every call that is not safe to repeat', () => {
  const played = cases().map(({ operation }) => unversioned(operation))
  const missing = Object.entries(OPERATIONS).filter(
    ([name, { inDoubt }]) => inDoubt !== 'repeat' && !played.includes(name) && !WITHOUT_SCENES.includes(name),
  )
  expect(missing.map(([name]) => `${name}: add a job that makes it to SCENES in faults/campaign.ts`)).toEqual(
    [],
  )
})
