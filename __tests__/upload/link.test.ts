// The default settings with near, distant, and busy storage, on simulated time.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { job, type Job } from '../../test-support/job.ts'

const bytes = randomBytes(5 * 1024 ** 2)

let given: Job

beforeEach(async () => {
  given = await job()
  writeFileSync('a.bin', bytes)
})

afterEach(() => given.end())

/** Every call takes so long, in ms. */
function beFar(ms: number): void {
  given.emulator.onFault(() => {
    given.clock.advance(ms)
  })
  for (const operation of ['accessToken', 'uploadInfoV1', 'multipartInit', 'partInfo'] as const)
    given.emulator.faults.add({ operation, times: Infinity, play: { kind: 'delay', ms: 0 } })
}

/** No call before the upload but the one for the token. */
const alone = () => ({ 'user-id': '', 'union-id': given.emulator.values.unionId, 'chat-id': '' })

function expectStored(name = 'a.bin', content = bytes): void {
  const stored = given.files(name)
  expect(stored).toHaveLength(1)
  expect(given.emulator.contents(stored[0]!.id).equals(content)).toBe(true)
}

describe('a file of 5 MiB', () => {
  test('is uploaded with one PUT to near storage', async () => {
    beFar(10)
    expect((await given.run(alone())).errors).toEqual([])
    expect([given.count('put'), given.count('putPart')]).toEqual([1, 0])
  })

  test('is uploaded in parts to distant storage, with one more call', async () => {
    beFar(150)
    expect((await given.run(alone())).errors).toEqual([])
    expect([given.count('put'), given.count('putPart')]).toEqual([0, 10])
    expect(given.emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(3)
    expect(given.emulator.peakParallelPuts).toBeGreaterThan(4)
    expectStored()
  })

  test('is uploaded with one PUT if multipart upload is unavailable, which is tried once', async () => {
    beFar(150)
    for (const name of ['b.bin', 'c.bin']) writeFileSync(name, bytes)
    given.emulator.scopes.withdraw('Document.WorkspaceDocument.Read')
    expect((await given.run({ ...alone(), ...given.byUuid, concurrency: '1' })).errors).toEqual([])
    // Once more with a new token: the permission might have been enabled just now.
    expect([given.count('put'), given.count('space')]).toEqual([3, 2])
  })
})

test('makes no additional call for a file of 4 MiB', async () => {
  beFar(150)
  writeFileSync('a.bin', bytes.subarray(0, 4 * 1024 ** 2))
  expect((await given.run(alone())).errors).toEqual([])
  expect(given.emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(2)
})

test('reduces parallel PUTs to what the storage accepts, and uploads everything', async () => {
  await given.restart({ maxPuts: 4 })
  beFar(150)
  const names = ['a.bin', ...Array.from({ length: 7 }, (_, index) => `${index}.bin`)]
  for (const name of names) writeFileSync(name, bytes)
  expect((await given.run({ ...alone(), path: '*.bin' })).errors).toEqual([])
  for (const name of names) expectStored(name)
  const statuses = given.emulator.requests.filter(({ operation }) => operation === 'putPart')
  const refused = statuses.filter(({ status }) => status === 503).length
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThan(statuses.length / 2)
}, 30_000)

test('requests upload info of small files while others are sent', async () => {
  for (let index = 0; index < 40; index++) writeFileSync(`${index}.bin`, 'small')
  given.emulator.faults.add({ operation: 'put', times: Infinity, play: { kind: 'delay', ms: 200 } })
  expect((await given.run({ ...alone(), path: '[0-9]*.bin' })).errors).toEqual([])
  const steps = given.emulator.requests.map(({ operation }) => operation)
  const asked = steps.slice(0, steps.indexOf('commitV1')).filter((step) => step === 'uploadInfoV1')
  // Near storage starts with sixteen connections.
  expect(asked.length).toBeGreaterThan(16)
})

test('uploads all before their signatures expire', async () => {
  await given.restart({ signatureLifetime: 10 })
  for (let index = 0; index < 12; index++) writeFileSync(`${index}.bin`, 'small')
  given.emulator.onFault(() => {
    given.clock.advance(500)
  })
  given.emulator.faults.add({ operation: 'put', times: Infinity, play: { kind: 'delay', ms: 5 } })
  expect((await given.run({ ...alone(), path: '[0-9]*.bin' })).errors).toEqual([])
  expect(given.emulator.requests.filter(({ status }) => status === 403)).toEqual([])
})

test('stops after one file if an error concerns all', async () => {
  beFar(150)
  for (let index = 0; index < 12; index++) writeFileSync(`${index}.bin`, 'small')
  given.emulator.scopes.withdraw('Storage.UploadInfo.Read')
  const { outputs } = await given.run({ ...alone(), path: '*.bin' })
  expect(outputs).toMatchObject({ 'uploaded-count': '0', 'failed-count': '13' })
  expect(given.count('uploadInfoV1')).toBe(2)
})

test('keeps a fixed concurrency for files', async () => {
  for (const name of ['a.bin', 'b.bin']) writeFileSync(name, name)
  expect((await given.run({ ...alone(), path: '*.bin', concurrency: '1' })).errors).toEqual([])
  const steps = given.emulator.requests.map(({ operation }) => operation)
  expect(steps.lastIndexOf('uploadInfoV1')).toBeGreaterThan(steps.indexOf('commitV1'))
  expect(given.emulator.peakParallelPuts).toBe(1)
})

describe('uses one connection for a file that is sent with one PUT:', () => {
  const names = ['1.bin', '2.bin', '3.bin', '4.bin']

  /** Each PUT takes its time, so that none has ended before the others have begun. */
  function makeFiles(size: number): void {
    for (const name of names) writeFileSync(name, randomBytes(size))
    given.emulator.faults.add({ operation: 'put', times: Infinity, play: { kind: 'delay', ms: 600 } })
  }

  test('too small for parts', async () => {
    makeFiles(5 * 1024 ** 2)
    const inputs = { ...alone(), path: '[0-9].bin', concurrency: '4' }
    expect((await given.run(inputs)).errors).toEqual([])
    expect(given.emulator.peakParallelPuts).toBe(4)
  })

  test('in a folder without multipart upload', async () => {
    makeFiles(9 * 1024 ** 2)
    given.emulator.scopes.withdraw('Document.WorkspaceDocument.Read')
    // The first keeps the three connections that its parts would have used. One is left for each of the others.
    const inputs = { ...alone(), ...given.byUuid, path: '[0-9].bin', concurrency: '6' }
    expect((await given.run(inputs)).errors).toEqual([])
    expect([given.count('put'), given.emulator.peakParallelPuts]).toEqual([4, 4])
  })
})

describe('prefer-region', () => {
  const regions = (outputs: Record<string, string>) =>
    (JSON.parse(outputs['files']!) as { region?: string }[]).map(({ region }) => region)

  test.each([
    ['whole', 5],
    ['in parts', 9],
  ])('is requested, and shown in log, summary, and outputs: %s', async (_, mib) => {
    writeFileSync('a.bin', Buffer.alloc(mib * 1024 ** 2))
    const { errors, log, outputs, summaries } = await given.run({ 'prefer-region': 'shenzhen' })
    expect(errors).toEqual([])
    expect(regions(outputs)).toEqual(['SHENZHEN'])
    for (const text of [log.join('\n'), summaries.join()]) expect(text).toContain('SHENZHEN')
  })

  test('is chosen by the platform by default', async () => {
    const { outputs } = await given.run(given.byUuid)
    expect(regions(outputs)).toEqual(['ZHANGJIAKOU'])
    const info = given.emulator.requests.find(({ operation }) => operation === 'uploadInfoV2')
    expect(JSON.parse(info!.body!)).not.toHaveProperty('option.preferRegion')
  })

  test('is missing for an existing file', async () => {
    writeFileSync('a.bin', 'small')
    await given.run()
    const { outputs } = await given.run({ 'conflict-strategy': 'return-existing' })
    expect(regions(outputs)).toEqual([undefined])
  })
})
