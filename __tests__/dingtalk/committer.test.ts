// A commit whose answer is lost, in both of the platform's possible moods: the file is there once, or the doubt is told.
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { EmulatorOptions } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

afterEach(() => given.end())

async function start(usedUploadKey: EmulatorOptions['usedUploadKey'] & string): Promise<void> {
  given = await job({ usedUploadKey })
  writeFileSync('a.bin', 'ours')
  // The bytes take a second or more, as they do in reality: what is committed then was not there before.
  given.emulator.onFault(({ operation }) => {
    if (operation === 'put') given.clock.advance(2000)
  })
}

const slowBytes = () => {
  given.emulator.faults.add({ operation: 'put', play: { kind: 'delay', ms: 0 } })
}

/** Another file of the same name and size, from an earlier run. */
async function earlier(): Promise<void> {
  writeFileSync('a.bin', 'old!')
  expect((await given.run({ 'chat-id': '' })).errors).toEqual([])
  writeFileSync('a.bin', 'ours')
}

const contents = () =>
  given.emulator
    .files()
    .filter(({ parentId }) => parentId === given.emulator.values.parentId)
    .map(({ id, name }) => `${name}: ${given.emulator.contents(id).toString()}`)

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

describe.each(['refuse', 'second-file'] as const)('used upload keys: %s', (mood) => {
  test.each(TOOK_EFFECT)('%s: found, not repeated', async (_, play) => {
    await start(mood)
    slowBytes()
    given.emulator.faults.add({ operation: 'commitV1', play })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(outputs['dentry-id']).toBe(given.files('a.bin')[0]!.id)
    expect(given.count('commitV1')).toBe(1)
    expect(given.emulator.messages).toHaveLength(1)
  })

  test.each(NO_EFFECT)('%s: not found, repeated', async (_, play) => {
    await start(mood)
    given.emulator.faults.add({ operation: 'commitV1', play })
    const { errors, log } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(log.join('\n')).toContain(
      'the answer to the commit of a.bin was lost, and it is not in the folder',
    )
    expect(given.count('commitV1')).toBe(2)
  })

  test.each<[string, plays.Play]>([
    ['took effect', { kind: 'cut-after' }],
    ['had none', { kind: 'cut-before' }],
  ])('a file of the same name and size was there before, and the lost commit %s', async (_, play) => {
    await start(mood)
    await earlier()
    given.clock.advance(5000)
    slowBytes()
    given.emulator.faults.add({ operation: 'commitV1', play })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents()).toEqual(['a.bin: old!', 'a(1).bin: ours'])
    expect(outputs['dentry-id']).toBe(given.files('a(1).bin')[0]!.id)
  })

  test('… from the same second, and the lost commit had no effect: the doubt is told, the old file not claimed', async () => {
    await start(mood)
    await earlier()
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-before' } })
    const { errors, outputs } = await given.run()
    expect(errors.join()).toMatch(
      /^a\.bin may or may not be uploaded: .*the folder now has a\.bin of the same size.*may or may not be in the folder/s,
    )
    expect(outputs['dentry-id']).toBe('')
    expect(contents()).toEqual(['a.bin: old!'])
    expect(given.emulator.messages).toEqual([])
  })

  test('a lost commit of overwrite is found by its time', async () => {
    await start(mood)
    await earlier()
    given.clock.advance(5000)
    slowBytes()
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    expect((await given.run({ 'conflict-strategy': 'overwrite' })).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect(given.files('a.bin')[0]).toMatchObject({ version: 2 })
  })

  test('a lost commit of return-existing is whatever has the name', async () => {
    await start(mood)
    await earlier()
    given.clock.advance(5000)
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    const { errors, outputs } = await given.run({ 'conflict-strategy': 'return-existing' })
    expect(errors).toEqual([])
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'existing' }])
    expect(contents()).toEqual(['a.bin: old!'])
  })

  test('cancelled while a lost commit is looked up: the doubt is told', async () => {
    await start(mood)
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    given.emulator.faults.add({ operation: 'listDentries', play: { kind: 'hang' } })
    given.emulator.onFault(({ operation }) => {
      if (operation === 'listDentries') given.cancel()
    })
    const { errors } = await given.run()
    expect(errors).toEqual([
      expect.stringMatching(/^a\.bin may or may not be uploaded: .*the job was cancelled/),
    ])
    expect(contents()).toEqual(['a.bin: ours'])
  })

  test('a folder known by its uuid is looked into as well', async () => {
    await start(mood)
    slowBytes()
    given.emulator.faults.add({ operation: 'commitV2', play: { kind: 'cut-after' } })
    expect((await given.run(given.byUuid)).errors).toEqual([])
    expect(contents()).toEqual(['a.bin: ours'])
    expect([given.count('commitV2'), given.count('queryDentryId')]).toEqual([1, 1])
  })

  test('without the permission to look, nothing is guessed', async () => {
    await start(mood)
    given.emulator.scopes.withdraw('Storage.File.Read')
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-before' } })
    const { errors } = await given.run()
    expect(errors.join()).toMatch(
      /could not be looked up.*may or may not be in the folder.*Storage\.File\.Read/s,
    )
    expect(given.count('commitV1')).toBe(1)
  })

  test('files of one name from two directories, one commit lost: each is there once', async () => {
    await start(mood)
    slowBytes()
    mkdirSync('other')
    writeFileSync('other/a.bin', 'too!')
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(contents().sort()).toEqual(['a(1).bin: too!', 'a.bin: ours'])
    expect(new Set(outputs['dentry-ids']!.split('\n')).size).toBe(2)
  })
})

test('the very second in which the upload began: a used key tells that the entry is ours', async () => {
  await start('refuse')
  given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
  expect((await given.run()).errors).toEqual([])
  expect(contents()).toEqual(['a.bin: ours'])
  expect(given.count('commitV1')).toBe(2)
})

test('… and where keys can be used again, nothing is made by asking', async () => {
  await start('second-file')
  given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
  const { ok } = await given.run()
  expect(ok).toBe(false)
  expect(contents()).toEqual(['a.bin: ours'])
})

test('an entry that appears only after the first look is found at a later one', async () => {
  await start('second-file')
  slowBytes()
  given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
  // The first look is answered as the folder was before.
  const body = { dentries: [] }
  given.emulator.faults.add({ operation: 'listDentries', play: { kind: 'answer', status: 200, body } })
  expect((await given.run()).errors).toEqual([])
  expect(given.count('listDentries')).toBe(2)
  expect(contents()).toEqual(['a.bin: ours'])
})

test('a commit that is always lost is given up on, and the doubt told', async () => {
  await start('refuse')
  given.emulator.faults.add({ operation: 'commitV1', times: Infinity, play: { kind: 'cut-before' } })
  const { errors } = await given.run({ retries: '2' })
  expect(given.count('commitV1')).toBe(3)
  expect(errors.join()).toContain('may or may not be in the folder')
})
