// A commit whose response is lost, if files have no mark, in both of the platform's possible modes: one file, no claim
// without proof, or the doubt. What marks prove is in marked-commit.test.ts.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { EmulatorOptions, StoredFile } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { DingTalkError } from '../../src/dingtalk/errors.ts'
import { doubts } from '../../test-support/doubt.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let given: Job

afterEach(() => given.end())

type Mood = EmulatorOptions['usedUploadKey'] & string

async function start(usedUploadKey: Mood, options: EmulatorOptions = {}): Promise<void> {
  given = await job({ usedUploadKey, appProperties: 'dropped', ...options })
  writeFileSync('a.bin', 'ours')
}

/** Another file of the same name and size, from an earlier run. */
async function earlier(ago = 2 * 24 * 3600_000): Promise<void> {
  writeFileSync('a.bin', 'old!')
  expect((await given.run({ 'chat-id': '' })).errors).toEqual([])
  writeFileSync('a.bin', 'ours')
  given.clock.advance(ago)
}

/** Another job, which commits a file just before the lost commit is looked up for the first time. */
async function rival(bytes: string, name = 'a.bin', option: object = {}): Promise<void> {
  const caller = new Caller(given.emulator)
  const key = await caller.stored(bytes)
  const sleep = given.clock.sleep.bind(given.clock)
  given.clock.sleep = async (ms, signal) => {
    given.clock.sleep = sleep
    expect((await caller.commit(key, name, option)).status).toBe(200)
    await sleep(ms, signal)
  }
}

const lost = (play: plays.Play) => {
  given.emulator.faults.add({ operation: 'commitV1', play })
}
/** The files of the drive that the outputs name. */
const claimed = (outputs: Record<string, string>): StoredFile[] =>
  given.emulator.files().filter(({ id }) => outputs['dentry-ids']!.split('\n').includes(id))

const contents = () =>
  given.emulator
    .files()
    .filter(({ parentId }) => parentId === given.emulator.values.parentId)
    .map(({ id, name }) => `${name}: ${given.emulator.contents(id).toString()}`)

const md5 = (bytes: string) => createHash('md5').update(bytes).digest('hex')
const list = (...dentries: object[]): plays.Play => ({ kind: 'answer', status: 200, body: { dentries } })

const TOOK_EFFECT: [string, plays.Play][] = [
  ['cut after it took effect', { kind: 'cut-after' }],
  ['cut in the answer', { kind: 'cut-in-body' }],
  ['hangs after it took effect', { kind: 'hang-after' }],
  ['truncated JSON', plays.truncatedJson],
  ['wrong JSON', plays.wrongJson],
  ['502 after it took effect', { ...plays.badGateway, kind: 'answer-after' }],
]
const NO_EFFECT: [string, plays.Play][] = [
  ['cut before', { kind: 'cut-before' }],
  ['hangs', { kind: 'hang' }],
  ['500', plays.systemError500],
  ['502', plays.badGateway],
  ['503', plays.serviceUnavailable503],
]

describe('used upload keys are rejected', () => {
  beforeEach(() => start('refuse'))

  test.each(TOOK_EFFECT)('%s: finds the file, and doesn’t save it again', async (_, play) => {
    lost(play)
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(outputs['dentry-id']).toBe(given.files('a.bin')[0]!.id)
    expect(given.emulator.messages).toHaveLength(1)
    expect(given.count('list')).toBe(1)
    expect(given.count('commitV1')).toBe(2)
  })

  test('ignores an old file of the same name', async () => {
    await earlier()
    lost({ kind: 'cut-after' })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: old!', 'a(1).bin: ours'])
    expect(claimed(outputs).map(({ name }) => name)).toEqual(['a(1).bin'])
  })

  test('ignores a file that is older than the commit by the times of one clock', async () => {
    await earlier(60_000)
    lost({ kind: 'cut-after' })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(claimed(outputs).map(({ name }) => name)).toEqual(['a(1).bin'])
  })

  test('claims neither of two possible files', async () => {
    await rival('rivl')
    lost({ kind: 'cut-after' })
    const { errors, outputs } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(outputs['dentry-id']).toBe('')
    expect(contents()).toEqual(['a.bin: ours', 'a(1).bin: rivl'])
  })

  test('quotes the platform’s text about a doubt once, outside both languages', async () => {
    await rival('rivl')
    const body = { code: 'systemError', message: '系统错误', requestid: 'r-1' }
    lost({ kind: 'answer-after', status: 500, body })
    const { errors } = await given.run()
    expect(doubts(errors)).toBe(1)
    const [en = '', zh = '', details] = errors[0]!.split('\n\n')
    expectWhole({ en, zh }, 'a.bin')
    expect(en + zh).not.toContain(body.message)
    expect(details).toMatch(/systemError · HTTP 500 · request id r-1\nDingTalk: 系统错误$/)
  })

  test.each(['overwrite', 'fail'])(
    '%s: finds it if only this commit has taken the name',
    async (strategy) => {
      lost({ kind: 'cut-after' })
      const { errors, outputs } = await given.run({ 'conflict-strategy': strategy })
      expect(errors).toEqual([])
      expect(claimed(outputs)).toMatchObject([{ name: 'a.bin', version: 1 }])
    },
  )

  test('finds a lost commit of overwrite, and creates no second version', async () => {
    await earlier()
    lost({ kind: 'cut-after' })
    expect((await given.run({ 'conflict-strategy': 'overwrite' })).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(given.files('a.bin')[0]).toMatchObject({ version: 2 })
  })

  test('finds the lost second of two files that overwrite each other', async () => {
    mkdirSync('other')
    writeFileSync('other/a.bin', 'too!')
    given.emulator.faults.add({ operation: 'commitV1', nth: 2, play: { kind: 'cut-after' } })
    const { errors } = await given.run({ 'conflict-strategy': 'overwrite', path: 'a.bin\nother/a.bin' })
    expect(errors).toEqual([])
    expect(given.files('a.bin')).toMatchObject([{ version: 2 }])
  })

  test('return-existing: reports a lost commit as uploaded, not as existing', async () => {
    lost({ kind: 'cut-after' })
    const { errors, outputs } = await given.run({ 'conflict-strategy': 'return-existing' })
    expect(errors).toEqual([])
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'uploaded', md5: md5('ours') }])
  })

  test('also lists a folder given by its UUID', async () => {
    given.emulator.faults.add({ operation: 'commitV2', play: { kind: 'cut-after' } })
    expect((await given.run(given.byUuid)).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect([given.count('commitV2'), given.count('space')]).toEqual([2, 1])
  })

  test('saves two files of the same name once each, although one commit is lost', async () => {
    mkdirSync('other')
    writeFileSync('other/a.bin', 'too!')
    lost({ kind: 'cut-after' })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents().sort()).toEqual(['a(1).bin: too!', 'a.bin: ours'])
    expect(new Set(outputs['dentry-ids']!.split('\n')).size).toBe(2)
  })

  test('finds an entry that appears only after the first lookup', async () => {
    lost({ kind: 'cut-after' })
    // The first lookup returns the earlier contents of the folder.
    given.emulator.faults.add({ operation: 'list', play: list() })
    expect((await given.run()).errors).toEqual([])
    expect(given.count('list')).toBe(2)
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test('finds an entry that appears only after the second commit was rejected for its used key', async () => {
    lost({ kind: 'cut-after' })
    given.emulator.faults.add({ operation: 'list', times: 3, play: list() })
    expect((await given.run()).errors).toEqual([])
    expect(given.count('commitV1')).toBe(2)
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test.each(['a(1).bin', 'a (1).bin', 'a（1）.bin', 'a （2）.bin'])(
    'finds a renamed file: %s',
    async (name) => {
      lost({ kind: 'cut-after' })
      const body = () => {
        const { id, uuid, spaceId, parentId, size } = given.files('a.bin')[0]!
        const time = new Date(given.clock.now()).toISOString()
        const times = { createTime: time, modifiedTime: time }
        return { dentries: [{ type: 'FILE', id, uuid, spaceId, parentId, size, name, ...times }] }
      }
      const play = { kind: 'answer' as const, status: 200, body: {} }
      given.emulator.onFault(({ operation }) => {
        if (operation === 'list') Object.assign(play.body, body())
      })
      given.emulator.faults.add({ operation: 'list', times: Infinity, play })
      const { errors, outputs } = await given.run()
      expect(errors).toEqual([])
      expect(JSON.parse(outputs['files']!)).toMatchObject([{ name, status: 'uploaded' }])
    },
  )

  test.each(['a1.bin', 'a(x).bin', 'b(1).bin', 'a(1).txt', 'a(1) .bin'])(
    'ignores another file: %s',
    async (name) => {
      await rival('rivl', name)
      lost({ kind: 'cut-before' })
      expect((await given.run()).errors).toEqual([])
      expect(contents().sort()).toEqual([`${name}: rivl`, 'a.bin: ours'].sort())
    },
  )
})

describe('used upload keys can be used again', () => {
  beforeEach(() => start('second-file'))

  test.each(TOOK_EFFECT)('%s: reports the doubt, and creates no second file', async (_, play) => {
    lost(play)
    const { errors, outputs } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(outputs['dentry-id']).toBe('')
    expect(contents()).toEqual(['a.bin: ours'])
    expect(given.emulator.messages).toEqual([])
  })

  test('claims the file that a second commit creates if the first is gone', async () => {
    lost({ kind: 'cut-after' })
    const { id, ...gone } = { id: '1', uuid: 'gone', type: 'FILE', name: 'a(1).bin', size: 4 }
    const { spaceId, parentId } = given.emulator.values
    given.emulator.faults.add({
      operation: 'list',
      play: list({ id, ...gone, spaceId, parentId }),
    })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(claimed(outputs).map(({ name }) => name)).toEqual(['a(1).bin'])
  })
})

describe.each<Mood>(['refuse', 'second-file'])('used upload keys: %s', (mood) => {
  test.each(NO_EFFECT)('%s: doesn’t find the file, and commits again', async (_, play) => {
    await start(mood)
    lost(play)
    const { errors } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(given.count('list')).toBe(3)
    expect(given.count('commitV1')).toBe(2)
  })

  test('commits again if the lost commit had no effect, and only an old file has the name', async () => {
    await start(mood)
    await earlier()
    lost({ kind: 'cut-before' })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: old!', 'a(1).bin: ours'])
    expect(claimed(outputs).map(({ name }) => name)).toEqual(['a(1).bin'])
  })

  test.each(['auto-rename', 'overwrite', 'fail'])(
    'does not claim a file with the same name and size of another job: %s',
    async (strategy) => {
      await start(mood)
      await rival('rivl', 'a.bin', { conflictStrategy: 'OVERWRITE' })
      lost({ kind: 'cut-before' })
      const { errors, outputs } = await given.run({ 'conflict-strategy': strategy })
      expect(doubts(errors)).toBe(1)
      expect(outputs['dentry-id']).toBe('')
      expect(contents()).toEqual(['a.bin: rivl'])
      expect(given.emulator.messages).toEqual([])
    },
  )

  test('does not claim a file that was created just before', async () => {
    await start(mood)
    await earlier(0)
    lost({ kind: 'cut-before' })
    const { errors, outputs } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(outputs['dentry-id']).toBe('')
    expect(contents()).toEqual(['a.bin: old!'])
  })

  test('reports the doubt if canceled while a lost commit is looked up', async () => {
    await start(mood)
    lost({ kind: 'cut-after' })
    given.emulator.faults.add({ operation: 'list', play: { kind: 'hang' } })
    given.emulator.onFault(({ operation }) => {
      if (operation === 'list') given.cancel()
    })
    const { errors } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test.each(['folder', 'uuid'])('reports the doubt if canceled during the commit (%s)', async (by) => {
    await start(mood)
    const operation = by === 'uuid' ? 'commitV2' : 'commitV1'
    given.emulator.faults.add({ operation, play: { kind: 'hang-after' } })
    given.emulator.onFault((fault) => {
      if (fault.operation === operation) given.cancel()
    })
    const { errors } = await given.run(by === 'uuid' ? given.byUuid : {})
    expect(doubts(errors)).toBe(1)
    expect(contents()).toEqual(['a.bin: ours'])
    expect(given.count('dentry')).toBe(0)
  })

  test('reports the doubt if canceled before a second commit', async () => {
    await start(mood)
    lost({ kind: 'cut-before' })
    given.emulator.faults.add({ operation: 'commitV1', play: plays.throttledQps })
    const sleep = given.clock.sleep.bind(given.clock)
    given.clock.sleep = (ms, signal) => {
      if (given.count('commitV1') === 2) given.cancel()
      return sleep(ms, signal)
    }
    expect(doubts((await given.run()).errors)).toBe(1)
  })

  test('reports the doubt without permission to look the file up', async () => {
    await start(mood)
    given.emulator.scopes.withdraw('Storage.File.Read')
    lost({ kind: 'cut-before' })
    const { errors } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(errors.join()).toContain('Storage.File.Read')
    expect(given.count('commitV1')).toBe(1)
  })
})

describe('times and clocks', () => {
  const FORMS: EmulatorOptions[] = [
    { timeFormat: 'iso' },
    { timeFormat: 'iso-minutes' },
    { timeFormat: 'cst' },
    { storageClockSkew: -1500 },
    { storageClockSkew: 1500 },
    { storageClockSkew: -3600_000 },
    { storageClockSkew: 3600_000, timeFormat: 'iso-minutes' },
  ]

  test.each(FORMS)('%j: finds a lost commit', async (options) => {
    await start('refuse', options)
    lost({ kind: 'cut-after' })
    const { errors } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test.each(FORMS)(
    '%j: creates no second file after a lost commit, although keys can be used again',
    async (options) => {
      await start('second-file', options)
      // A newer file in the folder shows the age of the others.
      await rival('other', 'b.bin')
      lost({ kind: 'cut-after' })
      await given.run()
      expect(contents()).toEqual(['a.bin: ours', 'b.bin: other'])
    },
  )

  test.each(FORMS)('%j: does not claim an old file', async (options) => {
    await start('refuse', options)
    await earlier(10 * 3600_000)
    lost({ kind: 'cut-before' })
    const { errors, outputs } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(outputs['dentry-id']).toBe('')
  })

  test.each(FORMS)('%j: distinguishes an old file from the new one', async (options) => {
    await start('refuse', options)
    await earlier(600_000)
    lost({ kind: 'cut-after' })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(claimed(outputs).map(({ name }) => name)).toEqual(['a(1).bin'])
  })

  test.each(FORMS)('%j: finds a file that is listed late, after a newer one', async (options) => {
    await start('second-file', options)
    // The later one is of the next minute.
    given.clock.advance((110_000 - (given.clock.now() % 60_000)) % 60_000)
    const caller = new Caller(given.emulator)
    const key = await caller.stored('other')
    const sleep = given.clock.sleep.bind(given.clock)
    given.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal)
      if (ms === 9000) await caller.commit(key, 'b.bin')
    }
    lost({ kind: 'cut-after' })
    given.emulator.faults.add({ operation: 'list', times: 2, play: list() })
    expect(doubts((await given.run()).errors)).toBe(1)
    expect(contents()).toEqual(['a.bin: ours', 'b.bin: other'])
  })

  test('finds the file although this machine’s clock is set back', async () => {
    await start('second-file')
    await rival('other', 'b.bin')
    const sleep = given.clock.sleep.bind(given.clock)
    given.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal)
      given.clock.step(-300_000)
    }
    lost({ kind: 'cut-after' })
    await given.run()
    expect(contents()).toEqual(['a.bin: ours', 'b.bin: other'])
  })

  test('finds the file although this machine’s clock is set forward by days', async () => {
    await start('second-file', { clock: Date.now })
    const sleep = given.clock.sleep.bind(given.clock)
    given.clock.sleep = async (ms, signal) => {
      given.clock.sleep = sleep
      await sleep(ms, signal)
      given.clock.step(2 * 24 * 3600_000)
    }
    given.emulator.faults.add({ operation: 'put', play: plays.serviceUnavailable503 })
    lost({ kind: 'cut-after' })
    await given.run()
    expect(contents()).toEqual(['a.bin: ours'])
  })
})

describe('names as the platform stores them', () => {
  test.each<Mood>(['refuse', 'second-file'])('finds a name with outer blanks (%s)', async (mood) => {
    await start(mood)
    writeFileSync(' b.bin ', 'blank')
    lost({ kind: 'cut-after' })
    const { errors } = await given.run({ path: '?b.bin?' })
    expect(doubts(errors)).toBe(mood === 'refuse' ? 0 : 1)
    expect(contents()).toEqual(['b.bin: blank'])
  })
})

describe('v1 is closed', () => {
  const closed = (more: object = {}): plays.Play => ({
    kind: 'answer',
    status: 403,
    body: { code: 'Forbidden.AccessDenied', message: 'm', requestid: 'r', ...more },
  })

  test('uses v2 after a bare Forbidden.AccessDenied', async () => {
    await start('refuse')
    given.emulator.faults.add({ operation: 'commitV1', times: Infinity, play: closed() })
    expect((await given.run()).errors).toEqual([])
    expect([given.count('commitV2'), given.count('dentry')]).toEqual([1, 1])
  })

  test('does not use v2 if the error names a missing scope', async () => {
    await start('refuse')
    const detail = { accessdenieddetail: { requiredScopes: ['Storage.File.Write'] } }
    given.emulator.faults.add({ operation: 'commitV1', times: Infinity, play: closed(detail) })
    expect((await given.run()).ok).toBe(false)
    expect(given.count('commitV2')).toBe(0)
  })

  test('looks a lost v2 commit up', async () => {
    await start('refuse', { v1Commit: 'closed' })
    given.emulator.faults.add({ operation: 'commitV2', play: { kind: 'cut-after' } })
    expect((await given.run()).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
  })
})

test('does not take a canceled commit for a closed v1', async () => {
  await start('refuse')
  const cancelled = { operation: 'commit', code: 'Cancelled', kind: 'refused', message: '' } as const
  for (const mayHaveHappened of [true, false])
    expect(new DingTalkError({ ...cancelled, mayHaveHappened }).isApiClosed).toBe(false)
})

test.each([301, 302, 307])('finds the file after HTTP %d for a commit that took effect', async (status) => {
  await start('refuse')
  lost({ kind: 'answer-after', status, headers: { location: 'https://proxy.example/' }, body: '' })
  const { errors, outputs } = await given.run()
  expect(errors).toEqual([])
  expect(claimed(outputs)).toHaveLength(1)
  expect(given.count('dentry')).toBe(0)
})

describe('bounds', () => {
  test('gives up on a commit that is always lost, and reports the doubt', async () => {
    await start('refuse')
    given.emulator.faults.add({ operation: 'commitV1', times: Infinity, play: { kind: 'cut-before' } })
    const { errors } = await given.run({ retries: '10' })
    expect([given.count('commitV1'), given.count('list')]).toEqual([3, 9])
    expect(doubts(errors)).toBe(1)
  })

  test.each([
    ['a folder that never ends', (page: number) => `page-${page}`],
    ['a token that comes again', () => 'again'],
  ])('%s: reports the doubt after nine calls', async (_, token) => {
    await start('refuse')
    lost({ kind: 'cut-before' })
    const body = { dentries: [] as object[], nextToken: '' }
    given.emulator.faults.add({
      operation: 'list',
      times: Infinity,
      play: { kind: 'answer', status: 200, body },
    })
    given.emulator.onFault(({ operation }) => {
      if (operation === 'list') body.nextToken = token(given.count('list'))
    })
    const { errors } = await given.run()
    expect(doubts(errors)).toBe(1)
    expect(given.count('list')).toBeLessThanOrEqual(9)
    expect(given.count('commitV1')).toBe(1)
  })
})
