// A re-run reuses only the files that its earlier attempt uploaded.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { refusal } from '../../emulator/faults/refusals.ts'
import type { Job as RunnerJob, Source } from '../../src/domain.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
  writeFileSync('a.txt', 'same')
})
afterEach(() => step.end())

const SOURCE: Source = { workflow: '0123456789abcdef', run: '42', job: 'fedcba9876543210' }
const attempt = (attempt: number, source: Partial<Source> = {}): RunnerJob => ({
  source: { ...SOURCE, ...source },
  attempt,
})
const files = (outputs: Record<string, string>) =>
  JSON.parse(outputs['files']!) as { status: string; md5?: string; dentryId?: string; sentTo: string[] }[]
const run = (as: RunnerJob, given: Record<string, string> = {}) => step.run(given, as)
const STRATEGIES = ['auto-rename', 'overwrite', 'return-existing', 'fail', 'if-changed']

test.each(STRATEGIES)(
  '%s: sends what the previous attempt has uploaded, without uploading it again',
  async (strategy) => {
    const given = { 'conflict-strategy': strategy }
    const sending = { operation: 'send', play: refusal('send', 'permissionDenied') } as const
    step.emulator.faults.add(sending)
    const first = await run(attempt(1), given)
    expect(first.ok).toBe(false)
    const second = await run(attempt(2), given)
    expect(second.errors).toEqual([])
    expect(files(second.outputs)).toMatchObject([
      {
        status: 'uploaded',
        md5: createHash('md5').update('same').digest('hex'),
        dentryId: first.outputs['dentry-id'],
        sentTo: [expect.stringMatching(/^cid/)],
      },
    ])
    expect(second.outputs['uploaded-count']).toBe('1')
    expect(step.count('put')).toBe(1)
    expect(step.files('a.txt')).toMatchObject([{ version: 1 }])
    expect(step.emulator.messages).toHaveLength(1)
  },
)

test('finds a file that the platform has renamed', async () => {
  await run(attempt(1, { run: '41' }))
  const first = await run(attempt(1))
  expect(files(first.outputs)).toMatchObject([{ name: 'a(1).txt' }])
  const second = await run(attempt(2))
  expect(second.outputs['dentry-id']).toBe(first.outputs['dentry-id'])
  expect(step.count('put')).toBe(2)
})

describe('uploads the file although one exists', () => {
  test.each<[string, RunnerJob]>([
    ['of another job', attempt(1, { job: '0'.repeat(16) })],
    ['of another run', attempt(1, { run: '41' })],
    ['of another workflow', attempt(1, { workflow: '0'.repeat(16) })],
    ['of a job that cannot be told from others', attempt(1, { job: undefined })],
    ['of a job outside any workflow', { source: undefined, attempt: 1 }],
  ])('%s', async (_, other) => {
    await run(other)
    const { outputs } = await run(attempt(2))
    expect(files(outputs)).toMatchObject([{ status: 'uploaded', name: 'a(1).txt' }])
    expect(step.count('put')).toBe(2)
  })

  test.each([
    ['of the same size', 'emas'],
    ['of another size', 'another'],
  ])('of the same job, with other content %s', async (_, bytes) => {
    await run(attempt(1))
    writeFileSync('a.txt', bytes)
    const { outputs } = await run(attempt(2))
    expect(files(outputs)).toMatchObject([{ status: 'uploaded', name: 'a(1).txt' }])
  })

  test('of the same job, under another name', async () => {
    await run(attempt(1))
    expect(files((await run(attempt(2), { name: 'b.txt' })).outputs)).toMatchObject([{ name: 'b.txt' }])
    expect(step.count('put')).toBe(2)
  })

  test('of the same job, which has been overwritten', async () => {
    await run(attempt(1))
    writeFileSync('a.txt', 'emas')
    await step.run({ 'conflict-strategy': 'overwrite' })
    expect(files((await run(attempt(2))).outputs)).toMatchObject([{ name: 'a(1).txt' }])
  })

  test('of the first version, if its mark was kept', async () => {
    await step.restart({ appProperties: 'first-kept' })
    await run(attempt(1))
    writeFileSync('a.txt', 'emas')
    await step.run({ 'conflict-strategy': 'overwrite' })
    writeFileSync('a.txt', 'same')
    expect(files((await run(attempt(2))).outputs)).toMatchObject([{ name: 'a(1).txt' }])
  })

  test.each(['dropped', 'unlisted', 'refused'] as const)(
    'of the same job, if marks are %s',
    async (appProperties) => {
      await step.restart({ appProperties })
      await run(attempt(1))
      const { ok, outputs } = await run(attempt(2))
      expect(ok).toBe(true)
      expect(files(outputs)).toMatchObject([{ status: 'uploaded', name: 'a(1).txt' }])
    },
  )

  test('that may not be listed, with a warning', async () => {
    await run(attempt(1))
    step.emulator.scopes.withdraw('Storage.File.Read')
    const { ok, warnings } = await run(attempt(2))
    expect(ok).toBe(true)
    expect(warnings).toEqual([expect.stringContaining('Storage.File.Read')])
    expect(step.count('put')).toBe(2)
  })
})

test('matches two files of the same name and content with one entry each', async () => {
  for (const folder of ['x', 'y']) {
    mkdirSync(folder)
    writeFileSync(`${folder}/a.txt`, 'same')
  }
  const path = 'x\ny'
  const first = await run(attempt(1), { path })
  const second = await run(attempt(2), { path })
  expect(second.outputs['dentry-ids']!.split('\n').sort()).toEqual(
    first.outputs['dentry-ids']!.split('\n').sort(),
  )
  expect(new Set(files(second.outputs).map(({ dentryId }) => dentryId)).size).toBe(2)
  expect(step.count('put')).toBe(2)
})

test('uploads only what is missing', async () => {
  await run(attempt(1))
  writeFileSync('b.txt', 'more')
  const { outputs } = await run(attempt(2))
  expect(files(outputs).map(({ status }) => status)).toEqual(['uploaded', 'uploaded'])
  expect(step.count('put')).toBe(2)
  expect(step.files('a.txt')).toHaveLength(1)
})

test('makes no additional call in the first attempt, and lists at most three pages in the second', async () => {
  await run(attempt(1))
  expect(step.count('list')).toBe(0)
  let page = 0
  const body = { dentries: [], nextToken: '' }
  step.emulator.onFault(() => (body.nextToken = `page-${page++}`))
  step.emulator.faults.add({
    operation: 'list',
    times: Infinity,
    play: { kind: 'answer', status: 200, body },
  })
  await run(attempt(2))
  expect(step.count('list')).toBe(3)
})

test.each([
  ['200 files', Array.from({ length: 200 }, (_, n) => `${n}.txt`)],
  ['3 folders of 120', Array.from({ length: 360 }, (_, n) => `${n % 3}/${n}.txt`)],
])('finds all of %s in a re-run', async (_, paths) => {
  for (const directory of ['0', '1', '2']) mkdirSync(directory, { recursive: true })
  for (const path of paths) writeFileSync(path, path)
  const given = { path: '[0-9]*', 'keep-directories': 'true', 'chat-id': '' }
  await run(attempt(1), given)
  const uploads = step.count('put')
  expect(uploads).toBe(paths.length)
  const { warnings } = await run(attempt(2), given)
  expect(step.count('put')).toBe(uploads)
  expect(warnings).toEqual([])
})

test("uploads files again that can't be found, with a warning", async () => {
  await run(attempt(1))
  for (let n = 0; n < 200; n++) writeFileSync(`other${n}`, `${n}`)
  await run({ source: undefined, attempt: 1 }, { path: 'other*', 'chat-id': '' })
  const { warnings } = await run(attempt(2), { path: 'a.txt' })
  expect(warnings).toHaveLength(1)
  expect(step.files('a.txt').concat(step.files('a(1).txt'))).toHaveLength(2)
})

test("lists nothing for a job that can't be identified", async () => {
  await run(attempt(2, { job: undefined }))
  expect(step.count('list')).toBe(0)
})
