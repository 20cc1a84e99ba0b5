// `send-as: link`: groups get a link to the file in the folder, and no copy.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Play } from '../../emulator/emulator.ts'
import { documentedRefusals, refusal } from '../../emulator/faults/refusals.ts'
import { doubts } from '../../test-support/doubt.ts'
import { job, type Job } from '../../test-support/job.ts'

const first = { source: { workflow: '0123456789abcdef', run: '7', job: 'a'.repeat(16) }, attempt: 1 }
const LINK = { 'send-as': 'link' }

let step: Job

beforeEach(async () => {
  step = await job()
  writeFileSync('a.apk', 'a')
})
afterEach(() => step.end())

/** Sorted by kind: recipients do not wait for one another. */
const kinds = () => step.emulator.messages.map(({ kind, to }) => [kind, to]).sort()
const group = () => step.emulator.values.openConversationId
const sentTo = (outputs: Readonly<Record<string, string>>) =>
  (JSON.parse(outputs['files']!) as { sentTo: string[] }[]).map((file) => file.sentTo)

test.each(['v1', 'v2'])('sends a group a link to the file in %s', async (edition) => {
  const before = step.emulator.files().length
  const { ok, errors, outputs } = await step.run({ ...LINK, ...(edition === 'v2' ? step.byUuid : {}) })
  expect([ok, errors]).toEqual([true, []])
  const [file] = step.files('a.apk')
  expect(step.emulator.messages).toMatchObject([{ kind: 'link', to: group(), dentryId: file!.id }])
  expect(sentTo(outputs)).toEqual([[group()]])
  // No copy in the group's space.
  expect(step.emulator.files()).toHaveLength(before + 1)
  expect([step.count('sendLink'), step.count('send')]).toEqual([1, 0])
})

test('takes as many calls as a copy', async () => {
  const calls = () => step.emulator.requests.filter(({ onQuota }) => onQuota).length
  await step.run({ 'conflict-strategy': 'overwrite' })
  const copy = calls()
  await step.run({ 'conflict-strategy': 'overwrite', ...LINK })
  expect(calls() - copy).toBe(copy)
})

describe('people', () => {
  const person = () => ({ 'to-user-ids': step.emulator.others.secondUser.userId })

  test('get the file if groups get a link', async () => {
    const { ok } = await step.run({ ...LINK, ...person() })
    expect(ok).toBe(true)
    expect(kinds()).toEqual([
      ['file', step.emulator.others.secondUser.unionId],
      ['link', group()],
    ])
  })

  test('cannot get a link, which is an error before any call', async () => {
    const { ok, errors } = await step.run({ ...LINK, ...person(), 'chat-id': '' })
    expect(ok).toBe(false)
    expect(errors.join()).toMatch(/send-as:.*chat-id.*to-user-ids/s)
    expect(step.emulator.requests).toEqual([])
  })
})

const LOST: Play[] = [
  { kind: 'cut-after' },
  { kind: 'cut-before' },
  { kind: 'hang-after' },
  { kind: 'broken', how: 'truncated' },
]

test.each(LOST)(
  'leaves a link with a lost response in doubt, and does not send it again: %j',
  async (play) => {
    step.emulator.faults.add({ operation: 'sendLink', play })
    const { ok, errors, outputs } = await step.run(LINK, first)
    expect([ok, doubts(errors), sentTo(outputs)]).toEqual([false, 1, [[]]])
    expect(step.count('sendLink')).toBe(1)
    // A link leaves no copy that could be looked up.
    expect([step.count('groupSpace'), step.count('list')]).toEqual([0, 0])
  },
)

test('does not send again in a re-run what the first attempt sent', async () => {
  await step.run(LINK, first)
  const { ok } = await step.run(LINK, { ...first, attempt: 2 })
  expect(ok).toBe(true)
  expect(kinds()).toEqual([['link', group()]])
  expect([step.count('commitV1'), step.count('groupSpace')]).toEqual([1, 0])
})

const REFUSED = documentedRefusals('sendLink').filter(
  ({ status, code }) => status < 500 && /^(param|permission|conversation)/.test(code),
)

test.each(REFUSED.map(({ code }) => code))('explains %s, and sends nothing', async (code) => {
  step.emulator.faults.add({ operation: 'sendLink', play: refusal('sendLink', code) })
  const { ok, errors, outputs } = await step.run(LINK, first)
  expect([ok, errors.length, doubts(errors), sentTo(outputs)]).toEqual([false, 1, 0, [[]]])
  expect(errors[0]).toMatch(/chat-id|folder-url/)
})

describe('mode: check', () => {
  const check = (given: Record<string, string> = {}) =>
    step.run({ path: '', mode: 'check', language: 'en', ...LINK, ...given })

  test('probes the call that sends links, and sends none', async () => {
    const { ok } = await check()
    expect([ok, step.emulator.messages]).toEqual([true, []])
    expect([step.count('sendLink'), step.count('send')]).toEqual([1, 0])
  })

  test('names the missing permission', async () => {
    step.emulator.scopes.withdraw('ConvFile.File.Send')
    const { ok, errors } = await check()
    expect(ok).toBe(false)
    expect(errors.join()).toContain('ConvFile.File.Send')
  })

  test("does not recommend the permission to list a group's space", async () => {
    step.emulator.scopes.withdraw('ConvFile.Space.Read')
    const { log } = await check()
    expect(log.filter((line) => /^⚠️.*ConvFile\.Space\.Read/.test(line))).toEqual([])
    expect(step.count('groupSpace')).toBe(0)
  })
})
