// Large files in parts, on simulated time; the faults are played by the emulator.
import { createHash, randomBytes } from 'node:crypto'
import { truncateSync, writeFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { Cancelled } from '../../src/errors.ts'
import type { Text } from '../../src/http/text.ts'
import { job, type Job } from '../../test-support/job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const MIB = 1024 ** 2
const SIZE = 9 * MIB
const bytes = randomBytes(SIZE)
/** The number of parts of 1.5 MiB with as many connections or more. */
const COUNT = 6
/** Over one connection, the file has three parts, one after the other. */
const large = Buffer.concat([bytes, bytes, bytes, bytes])
/** The platform's error for a missing permission. */
const REFUSAL = '应用尚未开通所需的权限'

let given: Job

beforeEach(async () => {
  given = await job()
  writeFileSync('a.bin', bytes)
})

afterEach(() => given.end())

const partNumbers = () =>
  given.emulator.requests
    .filter(({ operation }) => operation === 'putPart')
    .map(({ path }) => Number(new URL(path, 'http://oss').searchParams.get('partNumber')))

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const sorted = (numbers: number[]) => numbers.sort((a, b) => a - b)

function expectStored(content = bytes): void {
  const stored = given.files('a.bin')
  expect(stored).toHaveLength(1)
  expect(given.emulator.contents(stored[0]!.id).equals(content)).toBe(true)
}

/** Expects one error, whose halves are whole and have these values. @returns its halves */
function expectTold(errors: readonly string[], ...values: string[]): Text {
  expect(errors).toHaveLength(1)
  const [en = '', zh = ''] = errors[0]!.split('\n\n')
  expectWhole({ en, zh }, ...values)
  return { en, zh }
}

test('uploads a large file in parts with limited concurrency, and commits it once', async () => {
  const { errors, outputs } = await given.run({ concurrency: '3' })
  expect(errors).toEqual([])
  expectStored()
  expect(JSON.parse(outputs['files']!)).toMatchObject([
    { md5: createHash('md5').update(bytes).digest('hex') },
  ])
  expect(sorted(partNumbers())).toEqual(upTo(3))
  expect(given.emulator.peakParallelPuts).toBe(3)
  expect(given.count('uploadInfoV1') + given.count('put')).toBe(0)
  // Chat conversion, init, one query, commit, send.
  expect(given.emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(5)
})

test('uploads up to 8 MiB to near storage with one PUT, and larger files in parts', async () => {
  writeFileSync('a.bin', bytes.subarray(0, 8 * MIB))
  writeFileSync('b.bin', bytes.subarray(0, 8 * MIB + 1))
  expect((await given.run()).errors).toEqual([])
  expect([given.count('put'), given.count('multipartInit')]).toEqual([1, 1])
})

describe('sends only the failed part again', () => {
  test.each<[string, plays.Play]>([
    ['cut in its middle', { kind: 'cut-before', afterBytes: 50_000 }],
    ['cut after it was stored', { kind: 'cut-after' }],
    ['no response for the timeout', { kind: 'hang' }],
    ['other bytes arrive', { kind: 'corrupt' }],
    ['503', plays.ossSlowDown],
  ])('%s', async (_, play) => {
    given.emulator.faults.add({ operation: 'putPart', nth: 2, play })
    writeFileSync('a.bin', large)
    expect((await given.run({ concurrency: '1' })).errors).toEqual([])
    expect(partNumbers()).toEqual([1, 2, 2, 3])
    expectStored(large)
  })
})

describe('the last part, if it is slow', () => {
  test('is not sent over another connection while the storage asks to wait', async () => {
    const during: number[] = []
    given.clock.sleep = async (ms) => {
      // On a busy machine, the other parts may still wait for their responses: they must not seem slow.
      while (given.emulator.requests.some(({ ended }) => !ended)) await nextTurn()
      for (let turns = 0; turns < 50; turns++) await nextTurn()
      const before = given.count('putPart')
      for (let waited = 0; waited < ms; waited += 1000) {
        given.clock.advance(1000)
        for (let turns = 0; turns < 20; turns++) await nextTurn()
      }
      during.push(given.count('putPart') - before)
    }
    given.emulator.faults.add({ operation: 'putPart', nth: COUNT, play: plays.systemBusyFor(20) })
    expect((await given.run({ concurrency: '6' })).errors).toEqual([])
    expect([during, given.count('putPart')]).toEqual([[0], COUNT + 1])
    expectStored()
  })

  test('is sent at most once more than retries allow', async () => {
    given.emulator.faults.add({ operation: 'putPart', nth: COUNT, play: { kind: 'hang' } })
    given.emulator.faults.add({
      operation: 'putPart',
      nth: COUNT + 1,
      times: Infinity,
      play: plays.ossSlowDown,
    })
    expect((await given.run({ concurrency: '6', retries: '1' })).ok).toBe(false)
    const last = partNumbers()[COUNT - 1]
    expect(partNumbers().filter((number) => number === last).length).toBeLessThanOrEqual(3)
  })
})

test('commits nothing if a part always fails', async () => {
  given.emulator.faults.add({ operation: 'putPart', nth: 4, times: Infinity, play: plays.ossSlowDown })
  const { errors } = await given.run()
  expectTold(errors, 'a.bin')
  expect(errors.join()).toMatch(/SlowDown.*HTTP 503/)
  expect(given.count('commitV1')).toBe(0)
})

describe('fails the file immediately if a part is rejected while other parts', () => {
  const refused = () => {
    given.emulator.faults.add({ operation: 'putPart', nth: 2, play: plays.ossSignatureDoesNotMatch })
  }

  test('send', async () => {
    truncateSync('a.bin', 48 * MIB) // four parts
    given.emulator.faults.add({ operation: 'putPart', nth: 1, play: { kind: 'hang' } })
    refused()
    const { errors } = await given.run({ concurrency: '2', 'request-timeout': '3600' })
    expect(errors.join()).toContain('SignatureDoesNotMatch')
    expect(given.count('putPart')).toBe(2)
  })

  test('wait for a retry', async () => {
    // A wait that only an abort ends.
    const waiting: (AbortSignal | undefined)[] = []
    given.clock.sleep = (_, signal) => {
      waiting.push(signal)
      return new Promise((_resolve, reject) => {
        if (signal?.aborted) reject(signal.reason as Error)
        signal?.addEventListener('abort', () => {
          reject(signal.reason as Error)
        })
      })
    }
    given.emulator.faults.add({ operation: 'putPart', nth: 1, play: plays.systemBusyFor(20) })
    refused()
    const { errors } = await given.run({ concurrency: '2' })
    expect(errors.join()).toContain('SignatureDoesNotMatch')
    // On a busy machine, the other part may be rejected before the first one waits.
    expect(waiting.filter((signal) => !signal?.aborted)).toEqual([])
  })
})

describe('signatures', () => {
  test('are requested again for the remaining parts if OSS rejects one as too old', async () => {
    given.emulator.faults.add({ operation: 'putPart', nth: 5, play: plays.ossSkewed })
    expect((await given.run({ concurrency: '6' })).errors).toEqual([])
    expect(partNumbers()).toHaveLength(COUNT + 1)
    expect(new Set(partNumbers()).size).toBe(COUNT)
    expect(given.count('partInfo')).toBe(2)
    expectStored()
  })

  test('are not used after they expire', async () => {
    // Three parts, one after the other. Thirteen minutes pass while the second is on its way.
    writeFileSync('a.bin', large)
    given.emulator.onFault(() => {
      given.clock.advance(13 * 60_000)
    })
    given.emulator.faults.add({ operation: 'putPart', nth: 2, play: { kind: 'delay', ms: 0 } })
    expect((await given.run({ concurrency: '1', 'request-timeout': '3600' })).errors).toEqual([])
    expect(given.count('partInfo')).toBe(2)
    expect(partNumbers()).toEqual(upTo(3))
  })

  test('do not expire while other files are sent over a slow line', async () => {
    await given.restart({ signatureLifetime: 10 })
    const names = ['a.bin', 'b.bin', 'c.bin', 'd.bin']
    for (const name of names) writeFileSync(name, bytes)
    given.emulator.onFault(() => {
      given.clock.advance(1000)
    })
    given.emulator.faults.add({ operation: 'putPart', times: Infinity, play: { kind: 'delay', ms: 0 } })
    expect((await given.run({ concurrency: '4' })).errors).toEqual([])
    const refused = given.emulator.requests.filter((request) => request.status === 403)
    expect([given.count('putPart'), refused.length]).toEqual([16, 0])
    for (const name of names) expect(given.files(name)).toHaveLength(1)
  })

  test('are requested again for a retry of a whole file', async () => {
    await given.restart({ signatureLifetime: 10 })
    writeFileSync('a.bin', 'whole')
    given.emulator.faults.add({ operation: 'put', play: plays.systemBusyFor(15) })
    expect((await given.run()).errors).toEqual([])
    const puts = given.emulator.requests.filter(({ operation }) => operation === 'put')
    expect(puts.map(({ status }) => status)).toEqual([503, 200])
    expect(given.count('uploadInfoV1')).toBe(2)
  })
})

test("describes a response without a part's upload info in both languages", async () => {
  const body = { multipartHeaderSignatureInfos: [] }
  given.emulator.faults.add({ operation: 'partInfo', play: { kind: 'answer', status: 200, body } })
  const { errors } = await given.run()
  expectTold(errors, 'a.bin')
  expect(given.count('putPart')).toBe(0)
})

describe('uploads with one PUT if multipart upload is unavailable, and logs it', () => {
  /** What the log says of the file, rather than of a call. */
  const said = (log: readonly string[]) => log.filter((line) => line.startsWith('a.bin: '))

  test('if init is rejected for a reason of the platform', async () => {
    const body = { code: 'dentryUploadProtocolNotSupport', message: 'no', requestid: 'r' }
    given.emulator.faults.add({ operation: 'multipartInit', play: { kind: 'answer', status: 400, body } })
    const { errors, log } = await given.run()
    expect(errors).toEqual([])
    expect(said(log)).toEqual([expect.stringContaining('dentryUploadProtocolNotSupport')])
    expect(given.count('put')).toBe(1)
    expectStored()
  })

  test('if the space of a UUID may not be looked up', async () => {
    given.emulator.scopes.withdraw('Document.WorkspaceDocument.Read')
    const { errors, log } = await given.run(given.byUuid)
    expect(errors).toEqual([])
    expect(said(log)).toEqual([expect.stringContaining('Document.WorkspaceDocument.Read')])
    expect(given.count('put')).toBe(1)
    expectStored()
  })

  test('fails with an explanation above 5 GB', async () => {
    truncateSync('a.bin', 5 * 1024 ** 3 + 1)
    given.emulator.scopes.withdraw('Document.WorkspaceDocument.Read')
    const { errors } = await given.run(given.byUuid)
    expectTold(errors, 'a.bin', '5 GB', 'Document.WorkspaceDocument.Read')
    // Each language says it in its own words; the platform's are quoted once, at the end.
    expect(errors.join().split(REFUSAL)).toHaveLength(2)
    expect(errors.join()).toMatch(new RegExp(`^DingTalk: .*${REFUSAL}`, 'm'))
    expect(given.count('put')).toBe(0)
  })
})

test('fails if init is rejected because of the request', async () => {
  given.emulator.scopes.withdraw('Storage.UploadInfo.Read')
  const { errors } = await given.run()
  expect(errors.join()).toContain('Storage.UploadInfo.Read')
  expect(given.count('uploadInfoV1')).toBe(0)
})

test('looks a folder given by its UUID up once for all files', async () => {
  writeFileSync('b.bin', bytes)
  expect((await given.run(given.byUuid)).errors).toEqual([])
  expect([given.count('space'), given.count('multipartInit'), given.count('commitV2')]).toEqual([1, 2, 2])
  expect(given.files('a.bin')[0]).toMatchObject({ parentId: given.emulator.values.parentId })
})

test.each<[string, () => void]>([
  [
    'shrinks',
    () => {
      truncateSync('a.bin', 10)
    },
  ],
  [
    'grows',
    () => {
      truncateSync('a.bin', SIZE + 1)
    },
  ],
])('commits nothing if a file %s during the upload', async (_, change) => {
  given.emulator.onFault(change)
  given.emulator.faults.add({ operation: 'putPart', nth: 1, play: { kind: 'delay', ms: 0 } })
  const { errors } = await given.run({ concurrency: '2' })
  expectTold(errors, 'a.bin')
  expect(given.count('commitV1')).toBe(0)
})

test('shares connections between files, and reports and sends them in order', async () => {
  for (const name of ['b.bin', 'c.bin', 'd.bin', 'e.bin']) writeFileSync(name, name)
  given.emulator.faults.add({ operation: 'putPart', play: { kind: 'delay', ms: 200 } })
  const { errors, log, outputs } = await given.run({ concurrency: '4' })
  expect(errors).toEqual([])
  expect(given.emulator.peakParallelPuts).toBeLessThanOrEqual(4)
  const names = ['a.bin', 'b.bin', 'c.bin', 'd.bin', 'e.bin']
  expect((JSON.parse(outputs['files']!) as { name: string }[]).map(({ name }) => name)).toEqual(names)
  expect(given.emulator.messages.map(({ name }) => name)).toEqual(names)
  expect(log.flatMap((line) => /^✓ (\S+\.bin) /.exec(line)?.[1] ?? [])).toEqual(names)
})

test('commits nothing if the job is canceled, and names the step', async () => {
  given.emulator.onFault(() => {
    given.cancel()
  })
  given.emulator.faults.add({ operation: 'putPart', nth: 5, play: { kind: 'hang' } })
  const { errors } = await given.run({ concurrency: '6' })
  const { en, zh } = new Cancelled().text
  const told = expectTold(errors, 'a.bin')
  expect(told.en).toContain(en)
  expect(told.zh).toContain(zh)
  expect(given.count('commitV1')).toBe(0)
})
