import { createHash } from 'node:crypto'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Cancelled } from '../../src/errors.ts'
import { alreadyThere } from '../../src/upload/upload.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
})
afterEach(() => step.end())

const statuses = (outputs: Record<string, string>) =>
  (JSON.parse(outputs['files']!) as { status: string }[]).map(({ status }) => status)
const returnExisting = (given: Record<string, string> = {}) =>
  step.run({ 'conflict-strategy': 'return-existing', 'chat-id': '', ...given })

test('what is there is not uploaded, but told with the MD5 of the local file', async () => {
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
      md5: createHash('md5').update('second').digest('hex'),
    },
    { status: 'uploaded' },
  ])
  expect(step.emulator.contents(first.outputs['dentry-id']!).toString()).toBe('first')
  expect(step.count('put')).toBe(2)
  expect(step.count('listDentries')).toBe(2)
})

test('a folder by its uuid is listed too', async () => {
  writeFileSync('a.txt', 'a')
  await returnExisting()
  expect(statuses((await returnExisting(step.byUuid)).outputs)).toEqual(['existing'])
})

test('a long folder is paged through until all that is looked for is found', async () => {
  mkdirSync('many')
  writeFileSync('many/000.txt', 'first')
  await returnExisting({ path: 'many/000.txt' })
  step.clock.advance(5000)
  for (let n = 1; n < 120; n++) writeFileSync(`many/${String(n).padStart(3, '0')}.txt`, String(n))
  await returnExisting({ path: 'many' })
  const before = step.count('listDentries')
  expect(statuses((await returnExisting({ path: 'many/000.txt' })).outputs)).toEqual(['existing'])
  expect(step.count('listDentries') - before).toBe(3)
  const last = step.emulator.files().findLast(({ path }) => path.includes('/构建产物/'))!.name
  expect(statuses((await returnExisting({ path: `many/${last}` })).outputs)).toEqual(['existing'])
  expect(step.count('listDentries') - before).toBe(4)
  expect(step.count('put')).toBe(120)
})

test('a folder of that name is no file', async () => {
  writeFileSync('a.txt', 'a')
  await returnExisting({ 'folder-path': 'a.txt' })
  expect(statuses((await returnExisting()).outputs)).toEqual(['uploaded'])
})

test('of two files with one name in one run, the second is there by then', async () => {
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
  'without %s the platform itself tells what was there',
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
    expect(result.log.join('\n')).toContain('cannot be listed')
  },
)

test('other strategies do not list', async () => {
  writeFileSync('a.txt', 'a')
  await step.run({ 'conflict-strategy': 'overwrite' })
  expect(step.count('listDentries')).toBe(0)
})

test('a file that is there is not read any further when the job is cancelled', async () => {
  writeFileSync('a.bin', Buffer.alloc(1024 ** 2))
  const { size, mtimeMs } = statSync('a.bin')
  const reason = new Cancelled('cancelled')
  const dentry = { id: '1', spaceId: '2', parentId: '3', name: 'a.bin', uuid: 'U' }
  const reading = alreadyThere(
    { path: 'a.bin', name: 'a.bin', size, modified: mtimeMs },
    dentry,
    AbortSignal.abort(reason),
  )
  await expect(reading).rejects.toBe(reason)
})
