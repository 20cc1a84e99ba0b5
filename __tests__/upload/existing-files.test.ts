import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
})
afterEach(() => step.end())

const statuses = (outputs: Record<string, string>) =>
  (JSON.parse(outputs['files']!) as { status: string }[]).map(({ status }) => status)
const unlisted = plays.accessTokenPermissionDenied('Storage.File.Read')
const returnExisting = (given: Record<string, string> = {}) =>
  step.run({ 'conflict-strategy': 'return-existing', 'chat-id': '', ...given })

test('reports existing files without uploading them', async () => {
  writeFileSync('a.txt', 'first')
  const first = await returnExisting()
  expect(statuses(first.outputs)).toEqual(['uploaded'])
  writeFileSync('a.txt', 'second')
  writeFileSync('b.txt', 'b')
  const second = await returnExisting()
  expect(second.ok).toBe(true)
  expect(JSON.parse(second.outputs['files']!)).toMatchObject([
    {
      status: 'existing',
      dentryId: first.outputs['dentry-id'],
      size: 'first'.length,
    },
    { status: 'uploaded', size: 1, md5: createHash('md5').update('b').digest('hex') },
  ])
  expect(second.outputs).toMatchObject({ 'uploaded-count': '1', 'existing-count': '1', 'failed-count': '0' })
  expect(second.outputs['files']).toContain(createHash('md5').update('first').digest('hex'))
  expect(step.emulator.contents(first.outputs['dentry-id']!).toString()).toBe('first')
  expect(step.count('put')).toBe(2)
  expect(step.count('list')).toBe(2)
})

test('lists a folder given by its UUID', async () => {
  writeFileSync('a.txt', 'a')
  await returnExisting()
  expect(statuses((await returnExisting(step.byUuid)).outputs)).toEqual(['existing'])
})

test('reads pages of a folder until all files are found', async () => {
  mkdirSync('many')
  writeFileSync('many/000.txt', 'first')
  await returnExisting({ path: 'many/000.txt' })
  step.clock.advance(5000)
  for (let n = 1; n < 120; n++) writeFileSync(`many/${String(n).padStart(3, '0')}.txt`, String(n))
  await returnExisting({ path: 'many' })
  const before = step.count('list')
  expect(statuses((await returnExisting({ path: 'many/000.txt' })).outputs)).toEqual(['existing'])
  expect(step.count('list') - before).toBe(3)
  const last = step.emulator.files().findLast(({ path }) => path.includes('/构建产物/'))!.name
  expect(statuses((await returnExisting({ path: `many/${last}` })).outputs)).toEqual(['existing'])
  expect(step.count('list') - before).toBe(4)
  expect(step.count('put')).toBe(120)
})

test('does not take a folder for a file', async () => {
  writeFileSync('a.txt', 'a')
  await returnExisting({ 'folder-path': 'a.txt' })
  expect(statuses((await returnExisting()).outputs)).toEqual(['uploaded'])
})

test('finds the second of two files with the same name as existing', async () => {
  for (const folder of ['x', 'y']) {
    mkdirSync(folder)
    writeFileSync(`${folder}/a.txt`, folder)
  }
  const { outputs } = await returnExisting({ path: '.' })
  expect(statuses(outputs)).toEqual(['uploaded', 'existing'])
  expect(step.count('put')).toBe(1)
  expect(step.emulator.contents(outputs['dentry-id']!).toString()).toBe('x')
})

test.each(['Storage.File.Read', 'Document.WorkspaceDocument.Read'])(
  'lets the platform find existing files without %s',
  async (scope) => {
    writeFileSync('a.txt', 'first')
    await returnExisting()
    step.clock.advance(5000)
    step.emulator.scopes.withdraw(scope)
    const result = await returnExisting(scope.startsWith('Document') ? step.byUuid : {})
    expect(result.ok).toBe(true)
    expect(statuses(result.outputs)).toEqual(['existing'])
    expect(step.files('a.txt')).toHaveLength(1)
    expect(step.count('put')).toBe(2)
    // Once in each language, with the link once.
    expect(result.warnings).toHaveLength(1)
    const switched = `https://open-dev.dingtalk.com/appscope/apply?content=${step.emulator.values.appKey}%23${scope}`
    const [en, zh, links, ...others] = result.warnings[0]!.split('\n\n')
    expect([links, others]).toEqual([expect.stringContaining(switched), []])
    for (const half of [en, zh]) {
      expect(half).toContain(`(${scope})`)
      expect(half).toContain('conflict-strategy')
    }
  },
)

test.each([
  ['of the same size', 'rivl!'],
  ['of another size', 'of the rival'],
])('reports the file of another job that commits first, %s', async (_, bytes) => {
  writeFileSync('a.txt', 'ours!')
  const caller = new Caller(step.emulator)
  const key = await caller.stored(bytes)
  let committed: Promise<unknown> | undefined
  step.emulator.onFault(() => {
    committed ??= caller.commit(key, 'a.txt')
  })
  step.emulator.faults.add({ operation: 'put', play: { kind: 'delay', ms: 100 } })
  const { errors, outputs } = await returnExisting()
  expect(errors).toEqual([])
  expect(await committed).toMatchObject({ status: 200 })
  const [told] = JSON.parse(outputs['files']!) as object[]
  expect(told).toMatchObject({ status: 'existing', size: bytes.length, dentryId: step.files('a.txt')[0]!.id })
  expect(told).not.toHaveProperty('md5')
  expect(step.files('a.txt')).toHaveLength(1)
})

test('looks the file up if the platform rejects the upload key as used', async () => {
  writeFileSync('a.txt', 'first')
  await returnExisting()
  // The second one is made with a new token.
  step.emulator.faults.add({ operation: 'list', times: 2, play: unlisted })
  const body = { code: 'paramError.uploadKey', message: 'm', requestid: 'r' }
  step.emulator.faults.add({ operation: 'commitV1', nth: 3, play: { kind: 'answer', status: 400, body } })
  expect(statuses((await returnExisting()).outputs)).toEqual(['existing'])
})

test.each([
  ['a lost commit, and another job’s file', 'cut-before'],
  ['a lost commit of its own, that cannot be told from another job’s', 'cut-after'],
] as const)('%s: reports the entry with this name', async (_, kind) => {
  await step.restart({ usedUploadKey: 'second-file', appProperties: 'dropped' })
  writeFileSync('a.txt', 'ours!')
  if (kind === 'cut-before') {
    const caller = new Caller(step.emulator)
    const key = await caller.stored('rivl!')
    const sleep = step.clock.sleep.bind(step.clock)
    step.clock.sleep = async (ms, signal) => {
      step.clock.sleep = sleep
      await caller.commit(key, 'a.txt')
      await sleep(ms, signal)
    }
  }
  step.emulator.faults.add({ operation: 'commitV1', play: { kind } })
  const { errors, outputs } = await returnExisting()
  expect(errors).toEqual([])
  expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'existing', size: 5 }])
  expect(outputs['files']).not.toContain('md5')
  expect(step.files('a.txt')).toHaveLength(1)
})

test('ignores outer blanks of a name', async () => {
  writeFileSync(' a.txt', 'a')
  expect(statuses((await returnExisting()).outputs)).toEqual(['uploaded'])
  expect(statuses((await returnExisting()).outputs)).toEqual(['existing'])
  expect(step.count('put')).toBe(1)
})

test.each([
  ['a folder that never ends', (call: number) => `page-${call}`, 20],
  ['a token that comes again', () => 'again', 2],
])('lists only part of %s', async (_, token, calls) => {
  writeFileSync('a.txt', 'a')
  const body = { dentries: [], nextToken: '' }
  step.emulator.onFault(() => (body.nextToken = token(step.count('list'))))
  const play = { kind: 'answer', status: 200, body } as const
  step.emulator.faults.add({ operation: 'list', times: Infinity, play })
  expect(statuses((await returnExisting()).outputs)).toEqual(['uploaded'])
  expect(step.count('list')).toBe(calls)
})

test('does not list with other strategies', async () => {
  writeFileSync('a.txt', 'a')
  await step.run({ 'conflict-strategy': 'overwrite' })
  expect(step.count('list')).toBe(0)
})

test.each([
  ['auto-rename', 2],
  ['overwrite', 1],
  ['if-changed', 1],
] as const)('requests upload info for %s although it would reject a taken name', async (strategy, count) => {
  await step.restart({ takenName: 'refused' })
  const large = 8 * 1024 ** 2 + 1
  for (const text of ['one', 'two']) {
    writeFileSync('a.txt', text)
    writeFileSync('large.bin', Buffer.alloc(large, text))
    expect((await step.run({ 'conflict-strategy': strategy, path: 'a.txt\nlarge.bin' })).errors).toEqual([])
  }
  expect(step.count('multipartInit')).toBe(2)
  const stored = step.emulator.files().filter(({ path }) => path.includes('/构建产物/'))
  expect(stored).toHaveLength(2 * count)
})
