// A commit whose response is lost, if files have marks. Without marks: committer.test.ts.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { EmulatorOptions, StoredFile } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { markProperties, newNonce } from '../../src/dingtalk/mark.ts'
import { doubts } from '../../test-support/doubt.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

afterEach(() => given.end())

async function start(options: EmulatorOptions = {}): Promise<void> {
  given = await job({ usedUploadKey: 'second-file', ...options })
  writeFileSync('a.bin', 'ours')
}

const anothersMark = () => markProperties({ nonce: newNonce(), md5: '0'.repeat(32) })

/** Something that happens just before the lost commit is looked up for the first time. */
function meanwhile(happens: () => Promise<void>): void {
  const sleep = given.clock.sleep.bind(given.clock)
  given.clock.sleep = async (ms, signal) => {
    given.clock.sleep = sleep
    await happens()
    await sleep(ms, signal)
  }
}

/** Another job, which commits a file meanwhile. */
async function rival(bytes: string, option: object = {}, name = 'a.bin'): Promise<void> {
  const caller = new Caller(given.emulator)
  const key = await caller.stored(bytes)
  meanwhile(async () => {
    expect((await caller.commit(key, name, option)).status).toBe(200)
  })
}

const lost = (play: plays.Play, nth?: number) => {
  given.emulator.faults.add({ operation: 'commitV1', play, ...(nth === undefined ? {} : { nth }) })
}
const claimed = (outputs: Record<string, string>): StoredFile[] =>
  given.emulator.files().filter(({ id }) => outputs['dentry-ids']!.split('\n').includes(id))
const contents = () =>
  given.emulator
    .files()
    .filter(({ parentId }) => parentId === given.emulator.values.parentId)
    .map(({ id, name }) => `${name}: ${given.emulator.contents(id).toString()}`)
const commits = () =>
  given.emulator.requests
    .filter(({ operation }) => operation.startsWith('commit'))
    .map(({ body }) => JSON.parse(body ?? '') as { option: { appProperties?: { name: string }[] } })
const marksSent = () => commits().map(({ option }) => option.appProperties?.length ?? 0)

const LOST_AFTER = { kind: 'cut-after' } as const
const LOST_BEFORE = { kind: 'cut-before' } as const
const STRATEGIES = ['auto-rename', 'overwrite', 'return-existing', 'fail']

describe.each([{ appProperties: 'kept' }, { appProperties: 'list' }] as const)('marks are %j', (options) => {
  beforeEach(() => start(options))

  test.each(STRATEGIES)('%s: finds a lost commit by its nonce with one call', async (strategy) => {
    lost(LOST_AFTER)
    const { errors, outputs } = await given.run({ 'conflict-strategy': strategy })
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'uploaded', md5: expect.any(String) }])
    expect(given.count('commitV1')).toBe(1)
    expect(given.count('list')).toBe(strategy === 'return-existing' ? 2 : 1)
  })

  test.each(['auto-rename', 'return-existing'])(
    '%s: does not claim another job’s file of the same name and size',
    async (strategy) => {
      await rival('rivl', { appProperties: anothersMark() })
      lost(LOST_BEFORE)
      const { errors, outputs } = await given.run({ 'conflict-strategy': strategy })
      expect(errors).toEqual([])
      const isRenamed = strategy === 'auto-rename'
      expect(contents()).toEqual(isRenamed ? ['a.bin: rivl', 'a(1).bin: ours'] : ['a.bin: rivl'])
      expect(claimed(outputs).map(({ name }) => name)).toEqual([isRenamed ? 'a(1).bin' : 'a.bin'])
      expect(outputs['files']).toContain(isRenamed ? '"uploaded"' : '"existing"')
    },
  )

  test('claims its own file, not another job’s', async () => {
    await rival('rivl', { appProperties: anothersMark() })
    lost(LOST_AFTER)
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours', 'a(1).bin: rivl'])
    expect(claimed(outputs).map(({ name }) => name)).toEqual(['a.bin'])
  })

  test('fail: reports a conflict if another job has taken the name', async () => {
    await rival('rivl', { appProperties: anothersMark() })
    lost(LOST_BEFORE)
    const { errors, outputs } = await given.run({ 'conflict-strategy': 'fail' })
    expect(doubts(errors)).toBe(0)
    expect(errors.join()).toContain('dentryNameConflict')
    expect(outputs['dentry-id']).toBe('')
  })

  test('finds a file with an unexpected name', async () => {
    lost(LOST_AFTER)
    const list = {
      id: '1',
      uuid: 'u',
      spaceId: given.emulator.values.spaceId,
      parentId: '1',
      type: 'FILE',
      name: 'a - copy.bin',
      size: 7,
      createTime: 'yesterday',
    }
    given.emulator.onFault(() => {
      Object.assign(list, { appProperties: { 1: commits().at(-1)!.option.appProperties } })
    })
    const play = { kind: 'answer', status: 200, body: { dentries: [list] } } as const
    given.emulator.faults.add({ operation: 'list', play })
    const { errors, outputs } = await given.run({ 'chat-id': '' })
    expect(errors).toEqual([])
    expect(outputs['dentry-id']).toBe('1')
  })

  test('finds a file without usable times', async () => {
    await given.restart({ ...options, usedUploadKey: 'second-file', storageClockSkew: -48 * 3600_000 })
    lost(LOST_AFTER)
    expect((await given.run()).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test('sends the same three properties with every commit of an upload, and others for another upload', async () => {
    writeFileSync('b.bin', 'more')
    lost(LOST_BEFORE)
    expect((await given.run({ concurrency: '1' })).errors).toEqual([])
    const [first, again, other] = commits().map(({ option }) => option.appProperties)
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(marksSent()).toEqual([2, 2, 2])
  })
})

describe('if marks prove nothing, reports the doubt for', () => {
  test('a new file without a mark, of the same name and size', async () => {
    await start()
    await rival('rivl')
    lost(LOST_BEFORE)
    const { errors, outputs } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(outputs['dentry-id']).toBe('')
    expect(contents()).toEqual(['a.bin: rivl'])
  })

  test('its own file, if lists do not show marks', async () => {
    await start({ appProperties: 'unlisted' })
    lost(LOST_AFTER)
    expect(doubts((await given.run()).errors)).toBe(1)
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test('its own file, which another job has overwritten before the lookup', async () => {
    await start()
    await rival('rivl', { conflictStrategy: 'OVERWRITE', appProperties: anothersMark() })
    lost(LOST_AFTER)
    expect(doubts((await given.run()).errors)).toBe(1)
    expect(contents()).toEqual(['a.bin: rivl'])
  })

  test.each(['rivl', 'a rival of another size'])('overwrite: a new version by %s', async (bytes) => {
    await start()
    await rival(bytes, { conflictStrategy: 'OVERWRITE', appProperties: anothersMark() })
    lost(LOST_AFTER)
    expect(doubts((await given.run({ 'conflict-strategy': 'overwrite' })).errors)).toBe(1)
    expect(given.files('a.bin')).toMatchObject([{ version: 2 }])
  })

  test('overwrite: its own version, if the mark of the first one is kept', async () => {
    await start({ appProperties: 'first-kept' })
    writeFileSync('a.bin', 'old!')
    await given.run({ 'chat-id': '' })
    given.clock.advance(48 * 3600_000)
    writeFileSync('a.bin', 'ours')
    lost(LOST_AFTER)
    expect(doubts((await given.run({ 'conflict-strategy': 'overwrite' })).errors)).toBe(1)
    expect(given.files('a.bin')).toMatchObject([{ version: 2 }])
  })
})

describe('a rejected mark', () => {
  beforeEach(() => start({ appProperties: 'refused' }))

  test.each(STRATEGIES)('%s: commits without it, and marks no other file', async (strategy) => {
    writeFileSync('b.bin', 'more')
    const { errors, outputs } = await given.run({ 'conflict-strategy': strategy, concurrency: '1' })
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours', 'b.bin: more'])
    expect(outputs['uploaded-count']).toBe('2')
    expect(marksSent()).toEqual([2, 0, 0])
  })

  test.each([LOST_AFTER, LOST_BEFORE])(
    'reports the doubt if the commit without it is lost (%j)',
    async (play) => {
      await rival('rivl')
      lost(play, 2)
      expect(doubts((await given.run()).errors)).toBe(1)
      expect(contents()).toEqual([
        ...(play === LOST_AFTER ? ['a.bin: ours'] : []),
        expect.stringMatching('rivl'),
      ])
    },
  )

  test('commits again once if the commit without it is lost without effect', async () => {
    lost(LOST_BEFORE, 2)
    expect((await given.run()).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(marksSent()).toEqual([2, 0, 0])
  })
})

const answer = (code: string, status = 400): plays.Play => ({
  kind: 'answer',
  status,
  body: { code, message: '' },
})

test.each(['paramError', 'paramError.appProperties', 'paramError.option.appProperties', 'paramError.option'])(
  'omits the mark after it was rejected once with %s',
  async (code) => {
    await start()
    lost(answer(code))
    expect((await given.run()).errors).toEqual([])
    expect(marksSent()).toEqual([2, 0])
  },
)

test.each([
  answer('paramError.uploadKey'),
  answer('paramError.name'),
  answer('paramError.conflictStrategy'),
  answer('dentryNameConflict'),
  answer('permissionDenied'),
])('does not blame the mark for another error (%j)', async (play) => {
  await start()
  lost(play)
  expect((await given.run()).ok).toBe(false)
  expect(marksSent()).toEqual([2])
})

test('marks the next file if the error remains without the mark', async () => {
  await start()
  writeFileSync('b.bin', 'more')
  given.emulator.faults.add({ operation: 'commitV1', times: 2, play: answer('paramError') })
  expect((await given.run({ concurrency: '1' })).ok).toBe(false)
  expect(marksSent()).toEqual([2, 0, 2])
  expect(contents()).toEqual(['b.bin: more'])
})

test('return-existing: reports its own file as uploaded if the existing one is gone', async () => {
  await start()
  lost(answer('dentryNameConflict'))
  const { outputs } = await given.run({ 'conflict-strategy': 'return-existing' })
  expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'uploaded', md5: expect.any(String) }])
  expect(contents()).toEqual(['a.bin: ours'])
})

test('creates no second file if a used key is rejected with paramError', async () => {
  await start({ usedUploadKey: 'refuse-plain', appProperties: 'unlisted' })
  lost(LOST_AFTER)
  given.emulator.faults.add({
    operation: 'list',
    times: 3,
    play: { kind: 'answer', status: 200, body: { dentries: [] } },
  })
  expect((await given.run()).ok).toBe(false)
  expect(contents()).toEqual(['a.bin: ours'])
})

test.each(STRATEGIES)('%s: needs no additional calls', async (strategy) => {
  await start()
  expect((await given.run({ 'conflict-strategy': strategy })).errors).toEqual([])
  const calls = [
    'accessToken',
    'unionId',
    'uploadInfoV1',
    'put',
    'commitV1',
    'send',
    'openConversationId',
  ] as const
  for (const call of calls) expect([call, given.count(call)]).toEqual([call, 1])
  const listed = strategy === 'return-existing' ? 1 : 0
  expect(given.emulator.requests).toHaveLength(calls.length + listed)
})
