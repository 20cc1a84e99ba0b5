// keep-last against the emulator: its deletions, calls, and reports.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Play } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { refusal } from '../../emulator/faults/refusals.ts'
import { markProperties, newNonce } from '../../src/dingtalk/mark.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'

const WORKFLOW = '0123456789abcdef'
const THIS_RUN = { source: { workflow: WORKFLOW, run: '100' }, attempt: 1 }

let step: Job
let caller: Caller

beforeEach(async () => {
  step = await job()
  caller = new Caller(step.emulator)
  writeFileSync('new.apk', 'new')
})
afterEach(() => step.end())

/** Uploads as an earlier run did. @returns the file's id */
async function earlier(run: string | number, name: string, workflow = WORKFLOW): Promise<string> {
  const source = `${workflow}.${run}`
  const appProperties = markProperties({ nonce: newNonce(), source, md5: 'a'.repeat(32) })
  return (await caller.upload(name, name, { appProperties })).json.dentry.id
}

const run = (given: Record<string, string> = {}) => step.run({ 'keep-last': '2', ...given }, THIS_RUN)
const deletedIds = () => step.emulator.deleted().map(({ id }) => id)
const names = () =>
  step.emulator
    .files()
    .slice(1)
    .map(({ name }) => name)

test('keeps the files of the newest runs, and deletes and reports the others', async () => {
  const old = [await earlier(97, 'a'), await earlier(98, 'b'), await earlier(98, 'c')]
  await earlier(99, 'd')
  const { ok, outputs, warnings, summaries, log } = await run()
  expect(ok).toBe(true)
  expect(warnings).toEqual([])
  expect(names()).toEqual(['d', 'new.apk'])
  expect(deletedIds().sort()).toEqual([...old].sort())
  const told = JSON.parse(outputs['deleted']!) as {
    dentryId: string
    runId: string
    name: string
    size: number
  }[]
  expect(told.map(({ dentryId }) => dentryId).sort()).toEqual([...old].sort())
  expect(told).toContainEqual({ name: 'a', size: 1, dentryId: old[0], runId: '97' })
  for (const name of ['a', 'b', 'c']) expect(summaries.join()).toMatch(new RegExp(`^- ${name} `, 'm'))
  expect(log.filter((line) => old.some((id) => line.includes(id)))).toHaveLength(3)
})

test.each(['kept', 'list'] as const)(
  'keeps the newest over several runs with marks in the form %s',
  async (appProperties) => {
    await step.restart({ appProperties })
    for (let n = 1; n <= 5; n++) {
      const as = { source: { workflow: WORKFLOW, run: `${n}` }, attempt: 1 }
      expect((await step.run({ 'keep-last': '3' }, as)).ok).toBe(true)
      expect(step.emulator.files()).toHaveLength(1 + Math.min(n, 3))
    }
    expect(step.emulator.deleted().map(({ name }) => name)).toEqual(['new.apk', 'new(1).apk'])
  },
)

test('reports what a partial deletion has deleted', async () => {
  for (let n = 0; n < 51; n++) await earlier(1, `old-${n}`)
  await earlier(98, 'b')
  await earlier(99, 'c')
  const refused = {
    operation: 'batchRemove',
    play: refusal('batchRemove', 'permissionDenied'),
  } as const
  step.emulator.faults.add({ ...refused, nth: 1 })
  const none = await run()
  expect([JSON.parse(none.outputs['deleted']!), none.warnings.length]).toEqual([[], 1])
  step.emulator.faults.clear()
  step.emulator.faults.add({ ...refused, nth: 2 })
  const half = await run()
  expect(JSON.parse(half.outputs['deleted']!)).toHaveLength(50)
  expect(deletedIds()).toHaveLength(50)
  expect(half.warnings).toHaveLength(1)
})

test('counts a file that a later run has overwritten for that run', async () => {
  const as = (run: number) => ({ source: { workflow: WORKFLOW, run: `${run}` }, attempt: 1 })
  const given = { 'conflict-strategy': 'overwrite', 'keep-last': '2' }
  await step.run(given, as(1))
  writeFileSync('new.apk', 'newer')
  for (const run of [2, 3, 4]) await step.run(given, as(run))
  expect(names()).toEqual(['new.apk'])
  expect(deletedIds()).toEqual([])
  writeFileSync('other.apk', 'x')
  step.clock.advance(60_000)
  await step.run({ ...given, path: 'other.apk' }, as(5))
  expect(names()).toEqual(['new.apk', 'other.apk'])
  await step.run({ ...given, path: 'other.apk', 'keep-last': '1' }, as(6))
  expect(names()).toEqual(['other.apk'])
})

test('keeps files and folders without our mark, and files of other workflows', async () => {
  await caller.upload('theirs', 'x')
  await earlier(1, 'other workflow', 'fedcba9876543210')
  const { spaceId, parentId } = step.emulator.values
  const source = `${WORKFLOW}.1`
  const appProperties = markProperties({ nonce: newNonce(), source, md5: 'a'.repeat(32) })
  await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/${parentId}/folders`, {
    body: { name: 'folder', option: { appProperties } },
  })
  const old = await earlier(1, 'ours')
  await run({ 'keep-last': '1' })
  expect(deletedIds()).toEqual([old])
})

test('keeps files of a newer run', async () => {
  await earlier(101, 'newer')
  await earlier(99, 'before')
  await run()
  expect(deletedIds()).toEqual([])
})

test('makes no additional call without keep-last', async () => {
  await earlier(1, 'old')
  const onQuota = async (given: Record<string, string>) => {
    const from = step.emulator.requests.length
    await step.run(given, THIS_RUN)
    return step.emulator.requests.slice(from).filter((request) => request.onQuota).length
  }
  const { openConversationId } = step.emulator.values
  // Upload info and commit; with a group, the send.
  expect(await onQuota({ 'chat-id': '' })).toBe(2)
  expect(await onQuota({ 'chat-id': openConversationId })).toBe(3)
  expect([step.count('list'), step.count('batchRemove'), step.count('groupSpace')]).toEqual([0, 0, 0])
  // One more to list, and one to delete: of a first run there is nothing to delete.
  expect(await onQuota({ 'chat-id': '', 'keep-last': '1' })).toBe(4)
  expect(await onQuota({ 'chat-id': '', 'keep-last': '1' })).toBe(3)
})

test('deletes fifty at a time', async () => {
  for (let n = 0; n < 51; n++) await earlier(1, `f${n}`)
  await run({ 'keep-last': '1' })
  expect(step.count('batchRemove')).toBe(2)
  expect(names()).toEqual(['new.apk'])
})

describe('deletes nothing', () => {
  const withheld = async (given: Record<string, string> = {}) => {
    const result = await run({ 'keep-last': '1', ...given })
    expect(deletedIds()).toEqual([])
    expect(step.count('batchRemove')).toBe(0)
    expect(result.outputs['deleted']).toBe('[]')
    return result
  }

  beforeEach(async () => {
    await earlier(1, 'old')
  })

  test('when a file is not uploaded', async () => {
    writeFileSync('second', 'x')
    step.emulator.faults.add({
      operation: 'commitV1',
      nth: 2,
      play: refusal('commitV1', 'spaceQuotaInsufficient'),
    })
    expect((await withheld()).ok).toBe(false)
  })

  test('when a file is not sent', async () => {
    step.emulator.faults.add({ operation: 'send', play: refusal('send', 'permissionDenied') })
    expect((await withheld()).ok).toBe(false)
  })

  test('when the message is not posted', async () => {
    const { webhook } = step.emulator.others.customRobot
    expect((await withheld({ message: 'x', 'robot-webhook': webhook })).ok).toBe(false)
  })

  test('outside a workflow, which is a warning', async () => {
    const { ok, warnings } = await step.run({ 'keep-last': '1' })
    expect([ok, warnings.length, deletedIds()]).toEqual([true, 1, []])
  })

  test('if the platform keeps no marks', async () => {
    await step.restart({ appProperties: 'dropped' })
    caller = new Caller(step.emulator)
    await earlier(1, 'old')
    expect((await withheld()).ok).toBe(true)
  })
})

describe("warns about files that can't be deleted", () => {
  test.each<[string, Play]>([
    ['list', refusal('list', 'permissionDenied')],
    ['list', plays.accessTokenPermissionDenied('Storage.File.Read')],
    ['list', plays.ipBan],
    ['batchRemove', refusal('batchRemove', 'permissionDenied')],
    ['batchRemove', refusal('batchRemove', 'dentryNotExist')],
    ['batchRemove', plays.throttledQps],
  ])('%s: %j', async (operation, play) => {
    await earlier(1, 'old')
    step.emulator.faults.add({ operation: operation as 'list', times: Infinity, play })
    const { ok, errors, warnings, outputs } = await run({ 'keep-last': '1' })
    expect([ok, errors, warnings.length]).toEqual([true, [], 1])
    // The cause and what to do, in each language.
    expect(
      warnings[0]!
        .split('\n\n')
        .slice(0, 2)
        .map((half) => half.split('\n').length),
    ).toEqual([2, 2])
    expect(outputs['deleted']).toBe('[]')
    expect(outputs['uploaded-count']).toBe('1')
    expect(names()).toContain('old')
  })

  test('if the CI reports neither workflow nor branch', async () => {
    await earlier(1, 'old')
    const notCounted = { en: 'No GITHUB_REF.', zh: '没有 GITHUB_REF。' }
    const { ok, warnings } = await step.run({ 'keep-last': '1' }, { ...THIS_RUN, notCounted })
    expect([ok, deletedIds()]).toEqual([true, []])
    expect(warnings).toEqual([expect.stringContaining(notCounted.zh)])
    expect(step.count('list')).toBe(0)
  })

  test('one file of several', async () => {
    const [kept, gone] = [await earlier(1, 'kept'), await earlier(1, 'gone')]
    const item = (dentryId: string, more: object) => ({ spaceId: '1', dentryId, async: false, ...more })
    step.emulator.faults.add({
      operation: 'batchRemove',
      play: {
        kind: 'answer',
        status: 200,
        body: {
          resultItems: [
            item(kept, { success: false, errorCode: 'permissionDenied' }),
            item(gone, { success: true }),
            item('999', { success: true }),
          ],
        },
      },
    })
    const { ok, warnings, outputs } = await run({ 'keep-last': '1' })
    expect(ok).toBe(true)
    expect(warnings).toEqual([expect.stringContaining('kept')])
    expect(JSON.parse(outputs['deleted']!)).toMatchObject([{ dentryId: gone }])
  })
})

test.each<Play>([
  { kind: 'cut-after' },
  { kind: 'hang-after' },
  plays.systemError500,
  { kind: 'cut-before' },
])('retries after a lost response: %j', async (play) => {
  const old = await earlier(1, 'old')
  step.emulator.faults.add({ operation: 'batchRemove', play })
  const { ok, warnings, outputs } = await run({ 'keep-last': '1' })
  expect([ok, warnings]).toEqual([true, []])
  expect(deletedIds()).toEqual([old])
  expect(JSON.parse(outputs['deleted']!)).toMatchObject([{ dentryId: old }])
})

describe('reports a deletion with an unknown result as in doubt', () => {
  const LOST: Play[] = [{ kind: 'cut-after' }, { kind: 'cut-before' }, { kind: 'hang-after' }]
  const none: Play = { kind: 'answer', status: 200, body: {} }
  const fault: Play = {
    kind: 'answer',
    status: 200,
    body: { resultItems: [{ dentryId: '', success: false, errorCode: 'system.error' }] },
  }
  const inDoubt = async (plays: readonly Play[]) => {
    const old = await earlier(1, 'old')
    for (const [index, play] of plays.entries()) {
      const given =
        play === fault ? { ...fault, body: { resultItems: [{ dentryId: old, ...RESULT }] } } : play
      step.emulator.faults.add({ operation: 'batchRemove', nth: index + 1, play: given })
    }
    const { ok, errors, warnings, outputs, log, summaries } = await run({ 'keep-last': '1', retries: '1' })
    const deleted = JSON.parse(outputs['deleted']!) as object[]
    expect([ok, errors]).toEqual([true, []])
    return { old, warnings, deleted, log, summaries }
  }
  const RESULT = { success: false, errorCode: 'system.error' }

  test.each<[string, Play[]]>([
    ...LOST.map((play): [string, Play[]] => [`lost twice, ${play.kind}`, [play, play]]),
    ['lost, then throttled', [{ kind: 'cut-after' }, plays.throttledQps]],
    ['lost, then not there', [{ kind: 'cut-after' }, refusal('batchRemove', 'dentryNotExist')]],
    ['lost, then a ban', [{ kind: 'cut-after' }, plays.ipBan]],
    ['no result in the response', [none]],
    ['a fault of the platform with one file', [fault]],
  ])('%s', async (_, given) => {
    const { old, warnings, deleted, log, summaries } = await inDoubt(given)
    expect(deleted).toEqual([{ name: 'old', size: 3, dentryId: old, runId: '1', inDoubt: true }])
    expect(warnings).toHaveLength(1)
    expect(log.filter((line) => line.includes(old))).toHaveLength(1)
    expect(summaries[0]).toMatch(/^- old /m)
  })

  test.each<[string, Play[]]>([
    ['throttled', [plays.throttledQps, plays.throttledQps]],
    ['rejected, after a lost response', [{ kind: 'cut-before' }, refusal('batchRemove', 'permissionDenied')]],
  ])('but not if it is %s', async (_, given) => {
    const { warnings, deleted } = await inDoubt(given)
    expect([deleted, warnings.length]).toEqual([[], 1])
  })
})

test('reads only the newest thousand entries of a very large folder', async () => {
  const id = await earlier(1, 'old')
  const { spaceId, parentId } = step.emulator.values
  const source = `${WORKFLOW}.2`
  for (let n = 1; n <= 21; n++) {
    const appProperties = markProperties({ nonce: newNonce(), source, md5: 'a'.repeat(32) })
    const dentry = {
      id: `${n}`,
      spaceId,
      parentId,
      name: `f${n}`,
      uuid: `u${n}`,
      type: 'FILE',
      version: 1,
      appProperties,
    }
    const body = { dentries: [dentry], nextToken: `page ${n + 1}` }
    step.emulator.faults.add({
      operation: 'list',
      nth: n,
      play: { kind: 'answer', status: 200, body },
    })
  }
  const { ok, log } = await run({ 'keep-last': '1' })
  expect(ok).toBe(true)
  expect(step.count('list')).toBe(20)
  const deletion = step.emulator.requests.find(({ operation }) => operation === 'batchRemove')
  const { dentryIds } = JSON.parse(deletion?.body ?? '') as { dentryIds: string[] }
  expect(dentryIds).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 1}`))
  expect(dentryIds).not.toContain(id)
  expect(log.filter((line) => line.startsWith('keep-last: '))).toHaveLength(1)
})

test('keeps entries of another folder or space', async () => {
  const { spaceId, parentId } = step.emulator.values
  const appProperties = markProperties({ nonce: newNonce(), source: `${WORKFLOW}.2`, md5: 'a'.repeat(32) })
  const dentry = { id: '7', spaceId, parentId, name: 'f', uuid: 'u', type: 'FILE', appProperties }
  const dentries = [
    { ...dentry, parentId: '8' },
    { ...dentry, spaceId: '8' },
    { ...dentry, type: 'FOLDER' },
    { ...dentry, type: 'SHORTCUT' },
  ]
  step.emulator.faults.add({
    operation: 'list',
    play: { kind: 'answer', status: 200, body: { dentries } },
  })
  expect((await run({ 'keep-last': '1' })).ok).toBe(true)
  expect(step.count('batchRemove')).toBe(0)
})

test('works in the folder of folder-path, and one given by its UUID', async () => {
  await earlier(1, 'above')
  await step.run({ 'folder-path': 'nightly', 'chat-id': '' }, THIS_RUN)
  const made = step.files('new.apk')[0]!
  expect(made.path).toContain('nightly')
  await step.run({ 'folder-path': 'nightly', 'keep-last': '1', 'chat-id': '' }, THIS_RUN)
  expect(deletedIds()).toEqual([])
  await step.run({ ...step.byUuid, 'keep-last': '1', 'chat-id': '' }, THIS_RUN)
  expect(step.emulator.deleted()).toMatchObject([{ name: 'above' }])
})

test('reports what it has deleted if the job is canceled', async () => {
  for (let n = 0; n < 51; n++) await earlier(1, `f${n}`)
  step.emulator.faults.add({ operation: 'batchRemove', nth: 2, play: { kind: 'delay', ms: 1 } })
  step.emulator.onFault(() => {
    step.cancel()
  })
  const { ok, outputs } = await run({ 'keep-last': '1' })
  expect(ok).toBe(false)
  const deleted = JSON.parse(outputs['deleted']!) as { inDoubt?: true }[]
  expect(deleted.map(({ inDoubt }) => inDoubt)).toEqual([...Array<undefined>(50), true])
})

test('deletes nothing if the job is canceled while files are listed', async () => {
  await earlier(1, 'old')
  step.emulator.faults.add({ operation: 'list', play: { kind: 'delay', ms: 1 } })
  step.emulator.onFault(() => {
    step.cancel()
  })
  const { ok, outputs } = await run({ 'keep-last': '1' })
  expect([ok, outputs['deleted']]).toEqual([false, '[]'])
})
