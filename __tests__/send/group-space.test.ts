// A send whose response was lost is looked up in the group's own space.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { EmulatorOptions, Play } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { doubts } from '../../test-support/doubt.ts'
import { job, type Job } from '../../test-support/job.ts'

const WORKFLOW = '0123456789abcdef'
const first = { source: { workflow: WORKFLOW, run: '7', job: 'a'.repeat(16) }, attempt: 1 }
const rerun = { ...first, attempt: 2 }

let step: Job

beforeEach(async () => {
  step = await job()
  writeFileSync('a.apk', 'a')
})
afterEach(() => step.end())

const lose = (play: Play, times = 1) => {
  step.emulator.faults.add({ operation: 'send', play, times })
}
const groups = () => {
  const { values, others } = step.emulator
  return [values, others.secondGroup].map(({ openConversationId }) => openConversationId)
}

/** The recipients of each file according to the outputs. */
const sentTo = (outputs: Readonly<Record<string, string>>) =>
  (JSON.parse(outputs['files']!) as { sentTo: string[] }[]).map((file) => file.sentTo)

const LOST: Play[] = [
  { kind: 'cut-after' },
  { kind: 'cut-in-body' },
  { kind: 'hang-after' },
  { ...plays.badGateway, kind: 'answer-after' },
  { kind: 'broken', how: 'truncated' },
]

describe.each<EmulatorOptions>([
  { copiedProperties: 'kept' },
  { copiedProperties: 'kept', groupSpace: 'late' },
  { copiedProperties: 'kept', timeFormat: 'iso-minutes', storageClockSkew: -7_200_000 },
])('if copies keep marks: %j', (options) => {
  test.each(LOST)('finds a file that arrived: %j', async (play) => {
    await step.restart(options)
    lose(play)
    const { ok, errors, outputs } = await step.run({}, first)
    expect([ok, errors]).toEqual([true, []])
    expect(step.emulator.messages).toHaveLength(1)
    expect(sentTo(outputs)).toEqual([[groups()[0]]])
  })
})

/** A file goes to two groups; so long (ms) after it was uploaded, one of the sends is lost. */
async function lostAfter(ms: number, options: EmulatorOptions = {}, play: Play = { kind: 'cut-after' }) {
  await step.restart(options)
  step.emulator.onFault(({ play }) => {
    if (play.kind === 'delay') step.clock.advance(ms)
  })
  step.emulator.faults.add({ operation: 'send', nth: 1, play: { kind: 'delay', ms: 0 } })
  step.emulator.faults.add({ operation: 'send', nth: 2, play })
  return step.run({ 'chat-id': groups().join('\n'), 'request-timeout': '300' }, first)
}

describe('if copies have no marks', () => {
  test('accepts a copy that is certainly newer than the file', async () => {
    expect((await lostAfter(2000)).ok).toBe(true)
    expect(step.emulator.messages).toHaveLength(2)
    expect([step.count('groupSpace'), step.count('list')]).toEqual([1, 1])
  })

  test('does not accept one that may be as old', async () => {
    const { ok, outputs } = await lostAfter(0)
    expect([ok, sentTo(outputs)]).toEqual([false, [[expect.stringMatching(/^cid/)]]])
    expect(step.emulator.messages).toHaveLength(2)
  })

  test('needs more time with times to the minute', async () => {
    expect((await lostAfter(1000, { timeFormat: 'iso-minutes' })).ok).toBe(false)
    expect((await lostAfter(120_000, { timeFormat: 'iso-minutes' })).ok).toBe(true)
  })

  const copy = (more: object) => ({
    id: '9',
    spaceId: '1',
    parentId: '0',
    name: 'a.apk',
    uuid: 'u',
    type: 'FILE',
    size: 1,
    version: 1,
    createTime: new Date(step.clock.now() + 60_000).toISOString(),
    ...more,
  })

  test.each<[string, () => object[], boolean]>([
    ['the only one', () => [copy({})], true],
    ['renamed', () => [copy({ name: 'a(1).apk' })], true],
    ['one of two', () => [copy({}), copy({ id: '8', name: 'a(1).apk' })], false],
    ['of another name', () => [copy({ name: 'b.apk' })], false],
    ['of another size', () => [copy({ size: 2 })], false],
    ["of another sender's", () => [copy({ creatorId: 'somebody' })], false],
    ['older than the file', () => [copy({ createTime: '2020-01-01T00:00:00Z' })], false],
    ['of a time of unknown form', () => [copy({ createTime: 'soon' })], false],
    [
      "with another upload's mark",
      () => [copy({ appProperties: [{ name: 'utd-nonce', value: 'a'.repeat(32) }] })],
      false,
    ],
  ])('does not accept a copy that is %s', async (_, dentries, arrived) => {
    lose({ kind: 'cut-before' })
    step.emulator.faults.add({
      operation: 'list',
      times: Infinity,
      play: { kind: 'answer', status: 200, body: { dentries: dentries() } },
    })
    expect((await step.run({}, first)).ok).toBe(arrived)
  })

  const pageOf = (dentries: object[], nextToken?: string): Play => ({
    kind: 'answer',
    status: 200,
    body: { dentries, ...(nextToken && { nextToken }) },
  })
  const others = (first: number) =>
    Array.from({ length: 50 }, (_, n) => copy({ id: `${first + n}`, name: `other-${first + n}.apk` }))

  test.each<[string, () => Play[], boolean]>([
    ['on the second and last page', () => [pageOf(others(100), 't'), pageOf([copy({})])], true],
    ['on a page that is not the last one', () => [pageOf(others(100), 't'), pageOf([copy({})], 'u')], false],
    [
      'before files that are older than the upload',
      () => [pageOf([copy({}), copy({ id: '8', name: 'b.apk', modifiedTime: '2020-01-01T00:00:00Z' })], 't')],
      true,
    ],
  ])('does not accept a copy %s', async (_, pages, arrived) => {
    lose({ kind: 'cut-before' })
    const given = pages()
    for (let round = 0; round < 5; round++)
      for (const [at, play] of given.entries())
        step.emulator.faults.add({ operation: 'list', nth: round * given.length + at + 1, play })
    expect((await step.run({}, first)).ok).toBe(arrived)
    const listed = step.emulator.requests.filter(({ operation }) => operation === 'list')
    expect(listed.some(({ path }) => path.includes('nextToken=t'))).toBe(given.length > 1)
  })

  test('does not take the copy of a file in doubt for that of another', async () => {
    // Both are named alike in the group, and are of one size.
    writeFileSync('a(1).apk', 'b')
    step.emulator.faults.add({ operation: 'send', nth: 1, play: { kind: 'cut-before' } })
    step.emulator.faults.add({ operation: 'send', nth: 2, play: { kind: 'cut-before' } })
    const late = { kind: 'answer', status: 200, body: { dentries: [copy({ name: 'a(1).apk' })] } } as const
    step.emulator.faults.add({ operation: 'list', nth: 4, times: Infinity, play: late })
    const { outputs } = await step.run({}, first)
    expect(sentTo(outputs)).toEqual([[], []])
  })
})

test.each<EmulatorOptions>([{ groupSpace: 'hidden' }, {}])(
  'leaves a file that did not arrive in doubt: %j',
  async (options) => {
    await step.restart(options)
    lose('groupSpace' in options ? { kind: 'cut-after' } : { kind: 'cut-before' })
    const { ok, errors, outputs } = await step.run({}, first)
    expect([ok, errors.length, sentTo(outputs)]).toEqual([false, 1, [[]]])
    expect(step.count('send')).toBe(1)
    expect(step.emulator.requests.filter(({ onQuota }) => onQuota).length).toBeLessThanOrEqual(3 + 1 + 6)
  },
)

test('does not accept an earlier copy of the same name and size', async () => {
  await step.run({}, first)
  step.clock.advance(60_000)
  lose({ kind: 'cut-before' })
  const { ok } = await step.run({}, { ...first, source: { ...first.source, run: '8' } })
  expect(ok).toBe(false)
  expect(step.emulator.messages).toHaveLength(1)
})

test('stops after one call without the permission', async () => {
  writeFileSync('b.apk', 'b')
  step.emulator.scopes.withdraw('ConvFile.Space.Read')
  lose({ kind: 'cut-after' }, 2)
  const { ok, outputs } = await step.run({}, first)
  expect([ok, sentTo(outputs)]).toEqual([false, [[], []]])
  expect([step.count('groupSpace'), step.count('list')]).toEqual([2, 0])
})

test('limits the calls per group', async () => {
  for (let n = 0; n < 12; n++) writeFileSync(`f${n}`, `${n}`)
  lose({ kind: 'cut-before' }, Infinity)
  await step.run({ 'chat-id': groups().join('\n') }, first)
  expect(step.count('groupSpace')).toBe(2)
  expect(step.count('groupSpace') + step.count('list')).toBeLessThanOrEqual(2 * 20)
})

test('makes no call if nothing was lost, or for rejected files', async () => {
  await step.run({ 'chat-id': groups().join('\n') }, first)
  lose(plays.accessTokenPermissionDenied('ConvFile.File.Send'))
  await step.run({}, first)
  expect([step.count('groupSpace'), step.count('list')]).toEqual([0, 0])
})

test('reports the doubt if the job is canceled', async () => {
  lose({ kind: 'cut-before' })
  step.emulator.faults.add({ operation: 'groupSpace', play: { kind: 'delay', ms: 1 } })
  step.emulator.onFault((_, { operation }) => {
    if (operation === 'groupSpace') step.cancel()
  })
  const { ok, outputs, errors } = await step.run({}, first)
  expect([ok, sentTo(outputs)]).toEqual([false, [[]]])
  expect(doubts(errors)).toBe(1)
})

describe('a re-run', () => {
  test('does not send a file again that the group seems to have', async () => {
    await step.run({}, first)
    const { ok, outputs } = await step.run({}, rerun)
    expect(ok).toBe(true)
    expect(step.emulator.messages).toHaveLength(1)
    expect(step.count('commitV1')).toBe(1)
    // Another file may be the one that it has.
    expect(sentTo(outputs)).toEqual([[]])
  })

  test('does not send a file that the group has', async () => {
    await step.restart({ copiedProperties: 'kept' })
    writeFileSync('b.apk', 'b')
    const [main, second] = groups()
    writeFileSync('c.txt', 'c')
    await step.run({ 'chat-id': second!, path: 'c.txt' })
    await step.run({ 'chat-id': main!, path: '*.apk' }, first)
    const { ok, outputs } = await step.run({ 'chat-id': `${main!}\n${second!}`, path: '*.apk' }, rerun)
    expect(ok).toBe(true)
    const [, ...messages] = step.emulator.messages
    expect(messages.map(({ to, name }) => `${name!} ${to}`).sort()).toEqual(
      [main!, second!].flatMap((to) => [`a.apk ${to}`, `b.apk ${to}`]).sort(),
    )
    expect(sentTo(outputs)).toEqual([groups(), groups()])
    // Once for each group, for any number of files.
    expect(step.count('groupSpace')).toBe(2)
  })

  test('does not send again if the group shows nothing', async () => {
    await step.restart({ groupSpace: 'hidden' })
    await step.run({}, first)
    await step.run({}, rerun)
    expect(step.emulator.messages).toHaveLength(1)
  })

  test('is not misled by a file of another run', async () => {
    await step.restart({ copiedProperties: 'kept' })
    await step.run({ 'chat-id': '' }, first)
    await step.run({}, { ...first, source: { ...first.source, run: '8' } })
    await step.run({}, rerun)
    expect(step.emulator.messages).toHaveLength(2)
  })
})
