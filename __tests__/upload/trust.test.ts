// A mark is only valid for the version that it was written on. The platform here keeps marks of earlier versions, which is
// possible.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { EmulatorOptions } from '../../emulator/emulator.ts'
import { Caller } from '../../test-support/emulator-caller.ts'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

async function start(options: EmulatorOptions = {}): Promise<void> {
  given = await job({ appProperties: 'first-kept', ...options })
  writeFileSync('a.txt', 'ours')
}
beforeEach(() => start())
afterEach(() => given.end())

const md5 = (bytes: string) => createHash('md5').update(bytes).digest('hex')
const run = (strategy: string) => given.run({ 'conflict-strategy': strategy })
const first = (outputs: Record<string, string>) =>
  (JSON.parse(outputs['files']!) as { status: string; md5?: string }[])[0]!

/** Adds a version, or a file, to the folder. */
async function save(
  bytes: string,
  by: 'operator' | 'colleague',
  option: object = { conflictStrategy: 'OVERWRITE' },
) {
  const caller = new Caller(given.emulator)
  const { values, others } = given.emulator
  const unionId = by === 'operator' ? values.unionId : others.secondUser.unionId
  expect((await caller.commit(await caller.stored(bytes), 'a.txt', option, {}, unionId)).status).toBe(200)
}
const content = () => given.emulator.contents(given.files('a.txt')[0]!.id).toString()

describe.each(['operator', 'colleague'] as const)('a version of the same size by the %s', (by) => {
  test('is replaced by if-changed', async () => {
    await run('if-changed')
    await save('none', by)
    const { outputs } = await run('if-changed')
    expect(first(outputs)).toMatchObject({ status: 'uploaded', md5: md5('ours') })
    expect(content()).toBe('ours')
  })

  test('is kept by return-existing, with unknown content', async () => {
    await run('return-existing')
    await save('none', by)
    const { outputs } = await run('return-existing')
    expect(first(outputs).status).toBe('existing')
    expect(first(outputs)).not.toHaveProperty('md5')
    expect(content()).toBe('none')
  })
})

test('does not accept a colleague’s copy that has the mark', async () => {
  await run('if-changed')
  const { id } = given.files('a.txt')[0]!
  const marks = given.emulator.requests.find(({ operation }) => operation === 'commitV1')!
  const { option } = JSON.parse(marks.body!) as { option: { appProperties: object[] } }
  const caller = new Caller(given.emulator)
  const { spaceId } = given.emulator.values
  await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/${id}`, { method: 'DELETE' })
  await save('none', 'colleague', { appProperties: option.appProperties })
  const { outputs } = await run('if-changed')
  expect(first(outputs).status).toBe('uploaded')
  expect(content()).toBe('ours')
})

test('does not accept a list without versions as proof', async () => {
  await run('if-changed')
  given.emulator.faults.add({ operation: 'list', play: { kind: 'broken', how: 'without-version' } })
  expect(first((await run('if-changed')).outputs).status).toBe('uploaded')
})

test('recognizes each version if new marks replace old ones', async () => {
  await given.end()
  await start({ appProperties: 'kept' })
  for (const bytes of ['ours', 'next', 'last']) {
    writeFileSync('a.txt', bytes)
    expect(first((await run('if-changed')).outputs).status).toBe('uploaded')
    expect(first((await run('if-changed')).outputs)).toMatchObject({ status: 'existing', md5: md5(bytes) })
  }
  expect(given.count('put')).toBe(3)
})
