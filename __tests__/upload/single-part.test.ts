// A large file near the storage: tried as a single part, on simulated time; the faults are played by the emulator.
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { isWorthOnePart, SpeedWatch } from '../../src/upload/single-part.ts'
import { job, type Job } from '../../test-support/job.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

const MIB = 1024 ** 2
const SIZE = 128 * MIB

// Files this large take their time on a busy machine.
jest.setTimeout(60_000)

let given: Job

beforeEach(async () => {
  given = await job()
  makeFile('a.bin')
})

afterEach(() => given.end())

function makeFile(name: string, size = SIZE): void {
  writeFileSync(name, randomBytes(MIB))
  truncateSync(name, size)
}

const md5 = (content: Buffer) => createHash('md5').update(content).digest('hex')

function expectStored(name = 'a.bin'): void {
  const stored = given.files(name)
  expect(stored).toHaveLength(1)
  expect(md5(given.emulator.contents(stored[0]!.id))).toBe(md5(readFileSync(name)))
}

/** The part numbers of all PUTs, with the sizes that the client announced. */
const puts = () =>
  given.emulator.requests
    .filter(({ operation }) => operation === 'putPart')
    .map(({ path, headers }) => ({
      part: Number(new URL(path, 'http://oss').searchParams.get('partNumber')),
      size: Number(headers['content-length']),
    }))

/** Whether a log line says of the file what has failed, with its code. */
const told = (line: string) => /^a\.bin: .*\(\w+: /.test(line)

/** A tenth of a second passes while the first PUT begins. */
function beSlow(): void {
  given.emulator.onFault(() => {
    given.clock.advance(100)
  })
  given.emulator.faults.add({ operation: 'putPart', nth: 1, play: { kind: 'delay', ms: 0 } })
}

/** Upload alone: no call but those that storing takes. */
const alone = () => ({ 'user-id': '', 'union-id': given.emulator.values.unionId, 'chat-id': '' })

const onQuota = () =>
  given.emulator.requests.filter((request) => request.onQuota).map(({ operation }) => operation)

test('a large file near the storage is stored by one PUT, without additional calls', async () => {
  const { errors, outputs } = await given.run(alone())
  expect(errors).toEqual([])
  expect(puts()).toEqual([{ part: 1, size: SIZE }])
  expect(onQuota()).toEqual(['multipartInit', 'partInfo', 'commitV1'])
  expect(JSON.parse(outputs['files']!)).toMatchObject([{ md5: md5(readFileSync('a.bin')) }])
  expectStored()
})

test('a single part is not tried where the workflow sets concurrency', async () => {
  expect((await given.run({ ...alone(), concurrency: '4' })).errors).toEqual([])
  expect(puts().length).toBeGreaterThan(4)
  expectStored()
})

test('if one connection is too slow, parts go over several, with the same upload and signatures', async () => {
  beSlow()
  const { errors, log } = await given.run(alone())
  expect(errors).toEqual([])
  const [first, ...rest] = puts()
  expect(first).toEqual({ part: 1, size: SIZE })
  expect(new Set(rest.map(({ part }) => part)).size).toBe(16)
  expect(given.emulator.peakParallelPuts).toBeGreaterThan(4)
  expect(onQuota()).toEqual(['multipartInit', 'partInfo', 'commitV1'])
  // It is no failure.
  expect(log.filter(told)).toEqual([])
  expectStored()
})

describe('after a PUT that fails, what it sent can do no harm: the parts are of another upload', () => {
  test.each<[string, plays.Play]>([
    ['cut in its middle', { kind: 'cut-before', afterBytes: MIB }],
    ['cut after it was stored', { kind: 'cut-after' }],
    ['other bytes arrive', { kind: 'corrupt' }],
    ['503', plays.ossSlowDown],
  ])('%s', async (_, play) => {
    given.emulator.faults.add({ operation: 'putPart', nth: 1, play })
    const { errors, log } = await given.run(alone())
    expect(errors).toEqual([])
    expect(given.count('multipartInit')).toBe(2)
    expect(puts()[0]).toEqual({ part: 1, size: SIZE })
    expect(puts().length).toBeGreaterThan(4)
    expect(given.emulator.peakParallelPuts).toBeGreaterThan(4)
    expect(log.filter(told)).toHaveLength(1)
    expectStored()
  })
})

test('after a throttled PUT, the parts wait as long as the storage asks', async () => {
  given.emulator.faults.add({ operation: 'putPart', nth: 1, play: plays.systemBusyFor(20) })
  const during: number[] = []
  given.clock.sleep = (ms) => {
    given.clock.advance(ms)
    if (ms >= 20_000) during.push(puts().length)
    return Promise.resolve()
  }
  expect((await given.run(alone())).errors).toEqual([])
  expect(during).toEqual([1])
  expect(puts().length).toBeGreaterThan(4)
})

test('with no retries, a broken connection ends the file', async () => {
  given.emulator.faults.add({
    operation: 'putPart',
    nth: 1,
    play: { kind: 'cut-before', afterBytes: MIB },
  })
  expect((await given.run({ ...alone(), retries: '0' })).ok).toBe(false)
  expect([puts().length, given.count('commitV1')]).toEqual([1, 0])
})

test('if no signature is available, the file fails, and is not tried again in parts', async () => {
  given.emulator.faults.add({ operation: 'partInfo', times: Infinity, play: plays.systemBusy429 })
  expect((await given.run({ ...alone(), retries: '1' })).ok).toBe(false)
  expect([given.count('multipartInit'), given.count('partInfo'), puts().length]).toEqual([1, 2, 0])
})

test('a refused PUT ends the file', async () => {
  given.emulator.faults.add({ operation: 'putPart', nth: 1, play: plays.ossSignatureDoesNotMatch })
  const { errors } = await given.run(alone())
  expect(errors.join()).toContain('SignatureDoesNotMatch')
  expect([puts().length, given.count('commitV1')]).toEqual([1, 0])
})

test('an expired signature is renewed, and the file is still sent as one part', async () => {
  given.emulator.faults.add({ operation: 'putPart', nth: 1, play: plays.ossSkewed })
  expect((await given.run(alone())).errors).toEqual([])
  expect(puts().map(({ part }) => part)).toEqual([1, 1])
  expectStored()
})

test('once it has gained nothing, a single part is not tried for other files of the job', async () => {
  makeFile('b.bin')
  beSlow()
  expect((await given.run(alone())).errors).toEqual([])
  expect(puts().filter(({ size }) => size === SIZE)).toHaveLength(1)
  for (const name of ['a.bin', 'b.bin']) expectStored(name)
})

test('a job that is cancelled during the PUT sends no parts', async () => {
  given.emulator.onFault(() => {
    given.cancel()
  })
  given.emulator.faults.add({ operation: 'putPart', play: { kind: 'hang', afterBytes: MIB } })
  expect((await given.run(alone())).ok).toBe(false)
  expect([puts().length, given.count('commitV1')]).toEqual([1, 0])
})

test.each<[number, number | undefined, boolean]>([
  [128 * MIB - 1, 2, false],
  [128 * MIB, 2, true],
  [1024 * MIB, 2, true],
  [1024 * MIB + 1, 2, false],
  [256 * MIB, 9, true],
  [256 * MIB, 10, false],
  [256 * MIB, undefined, false],
])('a file of %d bytes, %s ms away: worth one part: %s', (size, roundTrip, expected) => {
  expect(isWorthOnePart(size, roundTrip)).toBe(expected)
})

describe('the watch over a file of 256 MiB', () => {
  /** @param steps MiB sent in each 100 ms */
  function watched(...steps: number[]) {
    const clock = simulatedClock(0)
    const watch = new SpeedWatch(256 * MIB, clock)
    watch.at(0)
    let sent = 0
    for (const step of steps) {
      sent += step
      watch.at(sent * MIB)
      clock.advance(100)
    }
    return watch.tooSlow.aborted
  }

  test.each<[string, number[], boolean]>([
    ['goes on at 200 MiB/s', [20], false],
    ['ends below that', [18], true],
    ['goes on with half of it at half the speed', [64, 64, 11], false],
    ['ends at a third of it', [64, 64, 6], true],
    ['ends where nothing moves', [64, 64, 0], true],
    ['goes on where all but the last bytes are on their way', [64, 64, 64, 56, 0, 0], false],
    ['goes on where all are', [64, 64, 64, 64, 0, 0], false],
  ])('%s', (_, steps, expected) => {
    expect(watched(...steps)).toBe(expected)
  })

  test('starts over with another PUT, and ends when it is stopped', () => {
    const clock = simulatedClock(0)
    const watch = new SpeedWatch(256 * MIB, clock)
    watch.at(0)
    watch.at(64 * MIB)
    clock.advance(50)
    watch.at(0)
    watch.at(30 * MIB)
    clock.advance(50)
    expect(watch.tooSlow.aborted).toBe(false)
    watch.stop()
    clock.advance(1000)
    expect(watch.tooSlow.aborted).toBe(false)
  })
})
