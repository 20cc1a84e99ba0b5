import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
  for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(name, name)
})
afterEach(() => step.end())

const paths = () =>
  step.emulator
    .files()
    .map(({ path }) => path)
    .filter((path) => /[abc]\.txt$/.test(path))
    .sort()

test('requests each level once', async () => {
  const given = { 'folder-path': 'releases/v1.2.0', 'chat-id': '' }
  expect((await step.run(given)).ok).toBe(true)
  expect(step.count('subfolder')).toBe(2)
  expect(paths()).toEqual(['a.txt', 'b.txt', 'c.txt'].map((name) => `/构建产物/releases/v1.2.0/${name}`))
  expect((await step.run({ ...given, 'conflict-strategy': 'overwrite' })).ok).toBe(true)
  expect(paths()).toHaveLength(3)
})

test('looks a folder given by its UUID up once, and uses v2', async () => {
  expect((await step.run({ ...step.byUuid, 'folder-path': 'a/b', 'chat-id': '' })).ok).toBe(true)
  expect(paths()[0]).toBe('/构建产物/a/b/a.txt')
  expect(step.count('space')).toBe(1)
  expect(step.count('commitV2')).toBe(3)
})

test('uploads parts of a large file to a subfolder', async () => {
  writeFileSync('a.txt', Buffer.alloc(9 * 1024 ** 2))
  const given = { ...step.byUuid, 'folder-path': 'a', 'chat-id': '', path: 'a.txt' }
  expect((await step.run(given)).ok).toBe(true)
  expect(paths()).toEqual(['/构建产物/a/a.txt'])
  expect(step.count('multipartInit')).toBe(1)
})

test('requests a level again that another job is creating', async () => {
  const body = { code: 'operationConcurrentControl', message: 'busy', requestid: 'r' }
  step.emulator.faults.add({ operation: 'subfolder', play: { kind: 'answer', status: 400, body } })
  step.emulator.faults.add({ operation: 'subfolder', play: { kind: 'cut-after' } })
  expect((await step.run({ 'folder-path': 'releases', path: 'a.txt' })).ok).toBe(true)
  expect(paths()).toEqual(['/构建产物/releases/a.txt'])
  expect(step.count('subfolder')).toBe(3)
})

test('creates no folder without files', async () => {
  await step.run({ 'folder-path': 'releases', path: '*.apk', 'if-no-files-found': 'ignore' })
  expect(step.emulator.requests).toEqual([])
})
