// Recipients get files at the same time, each of them in the order of the files: on a simulated clock.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { refusal } from '../../emulator/faults/refusals.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
  for (const name of NAMES) writeFileSync(name, name)
})
afterEach(() => step.end())

const NAMES = ['a', 'b', 'c', 'd', 'e']
const groups = () => {
  const { values, others } = step.emulator
  return [values, others.secondGroup].map(({ openConversationId }) => openConversationId)
}
const run = () => step.run({ 'chat-id': groups().join('\n'), language: 'en' })
/** The names of the files that a group or person has got, in order. */
const received = (to: string) =>
  step.emulator.messages.filter((message) => message.to === to).map(({ name }) => name)
/** The files that the outputs say were not sent to everybody. */
const unsent = (outputs: Readonly<Record<string, string>>) =>
  (JSON.parse(outputs['files']!) as { name: string; sentTo: string[] }[])
    .filter(({ sentTo }) => sentTo.length < groups().length)
    .map(({ name }) => name)

test('sends every group every file once, in order', async () => {
  const { ok, outputs, log } = await run()
  expect([ok, unsent(outputs)]).toEqual([true, []])
  for (const group of groups()) expect(received(group)).toEqual(NAMES)
  expect(log.flatMap((line) => /^✓ (\w) \(/.exec(line)?.[1] ?? [])).toEqual(NAMES)
})

test('continues with the other group, and logs earlier files, if a send does not respond', async () => {
  // The second send to whichever group is first to get there.
  step.emulator.faults.add({ operation: 'send', nth: 3, play: { kind: 'hang' } })
  const advance = step.clock.advance.bind(step.clock)
  // No time passes until one group has everything. If the groups took turns, the job would never end.
  step.clock.advance = (ms) => {
    if (groups().some((group) => received(group).length === NAMES.length)) advance(ms)
  }
  const { ok, outputs, log } = await run()
  expect(ok).toBe(false)
  const [lost, ...others] = unsent(outputs)
  expect(others).toEqual([])
  const [whole, other] = groups().sort((a, b) => received(b).length - received(a).length)
  expect(received(whole!)).toEqual(NAMES)
  expect(received(other!)).toEqual(NAMES.filter((name) => name !== lost))
  // Still in the order of the files, with the message after them.
  expect(log.flatMap((line) => /^[✓!] (\w) \(/.exec(line)?.[1] ?? [])).toEqual(NAMES)
})

test("stops after a group's first error; the other group gets everything", async () => {
  step.emulator.faults.add({
    operation: 'send',
    play: refusal('send', 'permissionDenied'),
  })
  const { ok, outputs, errors, log } = await run()
  expect([ok, errors.length, unsent(outputs)]).toEqual([false, 1, NAMES])
  // 5 files, but not to 1 of 2 groups.
  const total = log.find((line) => /^✗ \d/.test(line))
  expect(total?.replace(/\(.*/, '').match(/\d+/g)).toEqual(['5', '1', '2'])
  expect(step.count('send')).toBe(1 + NAMES.length)
  expect(
    groups()
      .map((group) => received(group).length)
      .sort(),
  ).toEqual([0, NAMES.length])
})

test('names chat-id in the last line of the log if it is empty', async () => {
  const { ok, log } = await step.run({ 'chat-id': '', language: 'en' })
  expect([ok, log.at(-1)]).toEqual([true, expect.stringMatching(/^✓ .*chat-id/)])
  expect((await run()).log.at(-1)).not.toContain('chat-id')
})

test('sends files while others are still uploaded', async () => {
  // No upload but the first ends before that has been sent.
  step.emulator.faults.add({ operation: 'put', nth: 2, times: 4, play: { kind: 'hang' } })
  const advance = step.clock.advance.bind(step.clock)
  step.clock.advance = (ms) => {
    if (groups().every((group) => received(group).length > 0)) advance(ms)
  }
  expect((await run()).ok).toBe(true)
  for (const group of groups()) expect(received(group)).toEqual(NAMES)
})

test('posts the message after all files', async () => {
  const { robotCode } = step.emulator.others
  const all = { 'chat-id': groups().join('\n'), message: '{count}', 'robot-code': robotCode }
  expect((await step.run(all)).ok).toBe(true)
  const kinds = step.emulator.messages.map(({ kind }) => kind)
  expect(kinds).toEqual([...NAMES.flatMap(() => ['file', 'file']), 'markdown', 'markdown'])
})

test('ends the wait for a lookup if another group meets a ban', async () => {
  step.emulator.faults.add({ operation: 'send', nth: 1, play: { kind: 'cut-after' } })
  step.emulator.faults.add({ operation: 'send', nth: 2, play: plays.ipBan })
  const waits: number[] = []
  // Time stands still: only what ends a wait early ends it.
  step.clock.sleep = (ms, signal) => {
    waits.push(ms)
    const { promise, reject } = Promise.withResolvers<never>()
    const aborted = () => {
      reject(signal?.reason as Error)
    }
    if (signal?.aborted) aborted()
    else signal?.addEventListener('abort', aborted)
    return promise
  }
  const { ok, errors } = await run()
  expect([ok, waits]).toEqual([false, [1000]])
  expect(errors.length).toBe(2)
  expect(step.count('send')).toBe(2)
})
