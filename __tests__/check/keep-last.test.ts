// A check lists what keep-last would delete. It deletes nothing, and creates no folder.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { refusal } from '../../emulator/faults/refusals.ts'
import type { Job as RunnerJob } from '../../src/domain.ts'
import { job, type Job } from '../../test-support/job.ts'

const as = (run: number) => ({
  source: { workflow: '0123456789abcdef', run: `${run}`, job: 'a'.repeat(16) },
  attempt: 1,
})

let step: Job

beforeEach(async () => {
  step = await job()
  writeFileSync('app.apk', 'x')
})
afterEach(() => step.end())

/** Uploads in three runs. @returns the ids of the files, by run */
async function upload(given: Record<string, string> = {}): Promise<string[]> {
  const ids: string[] = []
  for (const run of [1, 2, 3])
    ids.push((await step.run({ 'chat-id': '', ...given }, as(run))).outputs['dentry-id']!)
  return ids
}

/** Checks in a fourth run. */
async function check(given: Record<string, string> = {}, run: RunnerJob = as(4)) {
  const before = step.emulator.files().map(({ id }) => id)
  const counts = () => [step.count('subfolder'), step.count('batchRemove')]
  const [folders] = counts()
  const result = await step.run({ path: '', mode: 'check', 'keep-last': '2', language: 'en', ...given }, run)
  expect(step.emulator.files().map(({ id }) => id)).toEqual(before)
  expect(counts()).toEqual([folders, 0])
  expect(result.outputs['deleted']).toBe('[]')
  const listed = (ids: readonly string[]) => ids.filter((id) => result.log.some((line) => line.includes(id)))
  return { ...result, listed }
}

test('lists what keep-last would delete in the log and the summary', async () => {
  const ids = await upload()
  const { ok, listed, summaries } = await check()
  expect(ok).toBe(true)
  // The run of the check counts as one that stays.
  expect(listed(ids)).toEqual(ids.slice(0, 2))
  expect(summaries.join()).toMatch(/^- .* · Run 1\n- .* · Run 2$/m)
  await step.run({ 'keep-last': '2', 'chat-id': '' }, as(4))
  expect(
    step.emulator
      .deleted()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids.slice(0, 2).sort())
})

test('lists nothing if nothing would be deleted', async () => {
  const ids = await upload()
  const { ok, listed, summaries } = await check({ 'keep-last': '4' })
  expect([ok, listed(ids)]).toEqual([true, []])
  expect(summaries.join()).not.toMatch(/ · (Run|运行) /)
})

test('lists only files of folder-path', async () => {
  await upload()
  const inputs = { 'folder-path': 'nightly/builds' }
  const ids = await upload(inputs)
  expect((await check(inputs)).listed(ids)).toEqual(ids.slice(0, 2))
  expect((await check({ ...inputs, ...step.byUuid })).listed(ids)).toEqual(ids.slice(0, 2))
})

test('lists nothing if a file has the name of the folder', async () => {
  writeFileSync('builds', 'x')
  await step.run({ path: 'builds', 'chat-id': '' }, as(1))
  const before = step.count('list')
  const { ok, summaries } = await check({ 'folder-path': 'builds' })
  expect(ok).toBe(true)
  expect(summaries.join()).not.toMatch(/^- .*Run/m)
  // Of the parent folder alone.
  const listed = step.emulator.requests.filter(({ operation }) => operation === 'list').slice(before)
  const { parentId } = step.emulator.values
  expect(
    new Set(listed.map(({ path }) => new URL(path, 'http://host').searchParams.get('parentId'))),
  ).toEqual(new Set([parentId]))
})

test.each(['nightly', 'nightly/builds', 'releases'])(
  'lists nothing if the folder %s doesn’t exist yet',
  async (path) => {
    if (path !== 'releases') await step.run({ 'folder-path': 'releases', 'chat-id': '' }, as(1))
    const ids = await upload()
    const { ok, listed, log } = await check({ 'folder-path': path })
    expect([ok, listed(ids)]).toEqual([true, []])
    expect(log.join('\n')).toMatch(/✅ .*keep-last/)
  },
)

test('can’t list anything outside a workflow', async () => {
  const ids = await upload()
  const { ok, listed, log } = await check({}, { source: undefined, attempt: 1 })
  expect([ok, listed(ids)]).toEqual([true, []])
  expect(log.join('\n')).toMatch(/⚠️ .*keep-last/)
})

test('reports once that the folder may not be listed', async () => {
  step.emulator.faults.add({
    operation: 'list',
    times: Infinity,
    play: refusal('list', 'permissionDenied'),
  })
  const { log } = await check()
  expect(log.filter((line) => line.startsWith('⚠️') && line.includes('keep-last'))).toHaveLength(1)
})
