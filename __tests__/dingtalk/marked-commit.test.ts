// What the mark on a file proves about a commit whose answer is lost. Where files carry none: committer.test.ts.
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

  test.each(STRATEGIES)('%s: a lost commit is found by its nonce, by one call', async (strategy) => {
    lost(LOST_AFTER)
    const { errors, outputs } = await given.run({ 'conflict-strategy': strategy })
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'uploaded', md5: expect.any(String) }])
    expect(given.count('commitV1')).toBe(1)
    expect(given.count('list')).toBe(strategy === 'return-existing' ? 2 : 1)
  })

  test.each(['auto-rename', 'return-existing'])(
    '%s: a rival’s file of the same name and size is not claimed',
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

  test('of a rival’s file and its own, its own is claimed', async () => {
    await rival('rivl', { appProperties: anothersMark() })
    lost(LOST_AFTER)
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours', 'a(1).bin: rivl'])
    expect(claimed(outputs).map(({ name }) => name)).toEqual(['a.bin'])
  })

  test('fail: a rival’s file that took the name meanwhile is told as a conflict', async () => {
    await rival('rivl', { appProperties: anothersMark() })
    lost(LOST_BEFORE)
    const { errors, outputs } = await given.run({ 'conflict-strategy': 'fail' })
    expect(doubts(errors)).toBe(0)
    expect(errors.join()).toContain('dentryNameConflict')
    expect(outputs['dentry-id']).toBe('')
  })

  test('a name that the platform gave, and nobody expects, is no obstacle', async () => {
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

  test('a clock and times that say nothing are no obstacle', async () => {
    await given.restart({ ...options, usedUploadKey: 'second-file', storageClockSkew: -48 * 3600_000 })
    lost(LOST_AFTER)
    expect((await given.run()).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test('every commit of one upload carries the same three properties, and every upload others', async () => {
    writeFileSync('b.bin', 'more')
    lost(LOST_BEFORE)
    expect((await given.run({ concurrency: '1' })).errors).toEqual([])
    const [first, again, other] = commits().map(({ option }) => option.appProperties)
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(marksSent()).toEqual([2, 2, 2])
  })
})

describe('where marks prove nothing, the doubt is told', () => {
  test('a file without a mark, of the same name and size and made meanwhile', async () => {
    await start()
    await rival('rivl')
    lost(LOST_BEFORE)
    const { errors, outputs } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(outputs['dentry-id']).toBe('')
    expect(contents()).toEqual(['a.bin: rivl'])
  })

  test('its own file, where lists do not show marks', async () => {
    await start({ appProperties: 'unlisted' })
    lost(LOST_AFTER)
    expect(doubts((await given.run()).errors)).toBe(1)
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test('its own file, which a rival has overwritten before it was looked up', async () => {
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

  test('overwrite: its own version, where the mark of the first one is kept', async () => {
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

describe('a mark that is refused', () => {
  beforeEach(() => start({ appProperties: 'refused' }))

  test.each(STRATEGIES)(
    '%s: the commit is made without it, and no other file is marked',
    async (strategy) => {
      writeFileSync('b.bin', 'more')
      const { errors, outputs } = await given.run({ 'conflict-strategy': strategy, concurrency: '1' })
      expect(errors).toEqual([])
      expect(contents()).toEqual(['a.bin: ours', 'b.bin: more'])
      expect(outputs['uploaded-count']).toBe('2')
      expect(marksSent()).toEqual([2, 0, 0])
    },
  )

  test.each([LOST_AFTER, LOST_BEFORE])(
    'the commit without it is lost (%j): the doubt is told',
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

  test('the commit without it is lost, and had no effect: it is made again, once', async () => {
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
  'refused once with %s: the mark is left out',
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
])('another refusal (%j) is not the mark’s', async (play) => {
  await start()
  lost(play)
  expect((await given.run()).ok).toBe(false)
  expect(marksSent()).toEqual([2])
})

test('a refusal that remains without the mark was not its fault: the next file is marked', async () => {
  await start()
  writeFileSync('b.bin', 'more')
  given.emulator.faults.add({ operation: 'commitV1', times: 2, play: answer('paramError') })
  expect((await given.run({ concurrency: '1' })).ok).toBe(false)
  expect(marksSent()).toEqual([2, 0, 2])
  expect(contents()).toEqual(['b.bin: more'])
})

test('return-existing: where the other file has gone meanwhile, its own is told as uploaded', async () => {
  await start()
  lost(answer('dentryNameConflict'))
  const { outputs } = await given.run({ 'conflict-strategy': 'return-existing' })
  expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'uploaded', md5: expect.any(String) }])
  expect(contents()).toEqual(['a.bin: ours'])
})

test('a key that is refused as used by a plain paramError makes no second file', async () => {
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

test.each(STRATEGIES)('%s: an upload costs what it cost', async (strategy) => {
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
