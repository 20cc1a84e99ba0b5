// Faults that the emulator plays, on simulated time.
import { execFileSync } from 'node:child_process'
import { appendFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Operation } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { job, type Job } from '../../test-support/job.ts'
import { onPosix } from '../../test-support/on-posix.ts'

let given: Job

beforeEach(async () => {
  given = await job()
  writeFileSync('a.bin', Buffer.alloc(1_000_000, 'a'))
})

afterEach(() => given.end())

const upload = (inputs: Record<string, string> = {}) => given.run(inputs)
const stored = () =>
  given.emulator.files().filter(({ name }) => name.startsWith('a') && name.endsWith('.bin'))
const count = (operation: Operation) => given.count(operation)

describe.each(['accessToken', 'unionId', 'openConversationId', 'uploadInfoV1', 'put'] as const)(
  '%s, which is safe to repeat',
  (operation) => {
    test.each<[string, plays.Play]>([
      ['is cut before', { kind: 'cut-before' }],
      ['is cut after it took effect', { kind: 'cut-after' }],
      ['is cut in the response', { kind: 'cut-in-body' }],
      ['hangs', { kind: 'hang' }],
      ['gets 502 from a proxy', plays.badGateway],
      ['gets 503', operation === 'put' ? plays.ossSlowDown : plays.serviceUnavailable503],
    ])('%s', async (_, play) => {
      given.emulator.faults.add({ operation, play })
      const result = await upload()
      expect(result.errors).toEqual([])
      expect(given.emulator.faults.played).toHaveLength(1)
      expect(count(operation)).toBe(2)
      expect(stored()).toHaveLength(1)
      expect(given.emulator.messages).toHaveLength(1)
    })
  },
)

describe('the send, which is not safe to repeat', () => {
  test.each<[string, plays.Play]>([
    ['cut after it took effect', { kind: 'cut-after' }],
    ['cut before', { kind: 'cut-before' }],
    ['cut in the response', { kind: 'cut-in-body' }],
    ['hangs after it took effect', { kind: 'hang-after' }],
    ['500', plays.systemError500],
    ['502', plays.badGateway],
    ['truncated JSON', plays.truncatedJson],
  ])('%s: tries once, reports the doubt, and sets the dentry ID', async (_, play) => {
    given.emulator.faults.add({ operation: 'send', play })
    const result = await upload()
    expect(result.ok).toBe(false)
    expect(count('send')).toBe(1)
    expect(result.errors).toHaveLength(1)
    expect(result.errors[0]).toContain('chat-id')
    expect(result.outputs['dentry-id']).toBe(stored()[0]!.id)
  })
})

describe.each(['commitV1', 'send'] as const)('repeats %s that certainly did not happen:', (operation) => {
  test.each<[string, plays.Play]>([
    ['throttled', plays.throttledQps],
    ['an expired token', plays.invalidAuthentication],
    ['busy', plays.systemBusy429],
  ])('%s', async (_, play) => {
    given.emulator.faults.add({ operation, play })
    const result = await upload()
    expect(result.errors).toEqual([])
    expect(count(operation)).toBe(2)
    expect(stored()).toHaveLength(1)
    expect(given.emulator.messages).toHaveLength(1)
  })
})

test('waits a second after throttling', async () => {
  given.emulator.faults.add({ operation: 'uploadInfoV1', play: plays.throttledQps, times: 2 })
  expect((await upload()).ok).toBe(true)
  expect(given.clock.slept).toEqual([1500, 2000])
})

test('does not retry after the monthly quota is used up', async () => {
  given.emulator.faults.add({
    operation: 'uploadInfoV1',
    play: plays.monthlyQuota,
    times: Infinity,
  })
  const result = await upload()
  expect(count('uploadInfoV1')).toBe(1)
  expect(result.errors.join()).toMatch(/5,000.*ApiCountLimitForOrg/s)
})

test('stops immediately at a banned address, and reports for how long', async () => {
  given.emulator.faults.add({ operation: 'accessToken', play: plays.ipBan, times: Infinity })
  const result = await upload()
  expect(given.emulator.requests).toHaveLength(1)
  expect(result.errors.join()).toMatch(/\b5 minutes[^]* 5 分钟[^]*1111/)
})

describe.each<[string, plays.Play]>([
  ['a ban', plays.ipBan],
  ['a spent quota', plays.monthlyQuota],
])('%s stops everything, whichever call gets it:', (_, play) => {
  test.each(['uploadInfoV1', 'commitV1', 'send', 'post'] as const)('%s', async (operation) => {
    const { values, others } = given.emulator
    for (const name of ['b.bin', 'c.bin']) writeFileSync(name, name)
    given.emulator.faults.add({ operation, play })
    const result = await upload({
      concurrency: '1',
      'chat-id': [values, others.secondGroup].map(({ openConversationId }) => openConversationId).join('\n'),
      message: '{files}',
      'robot-code': others.robotCode,
    })
    expect(result.ok).toBe(false)
    expect(given.emulator.faults.played).toHaveLength(1)
    const met = given.emulator.requests.findIndex((request) => request.operation === operation)
    // One call of the next file was on its way already, where sends and uploads go side by side.
    const more = given.emulator.requests.slice(met + 1).map((request) => request.operation)
    expect(more.length).toBeLessThanOrEqual(operation === 'send' ? 1 : 0)
  })
})

test.each<[string, plays.Play]>([
  ['a ban', plays.ipBan],
  ['a spent quota', plays.monthlyQuota],
])(
  'stops everything if %s occurs while a lost commit is looked up, and reports that file as in doubt',
  async (_, play) => {
    for (const name of ['b.bin', 'c.bin']) writeFileSync(name, name)
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    given.emulator.faults.add({ operation: 'list', play, times: Infinity })
    const result = await upload({ concurrency: '1' })
    expect(given.emulator.requests.at(-1)?.operation).toBe('list')
    expect(count('list')).toBe(1)
    const files = JSON.parse(result.outputs['files']!) as { status: string; error: string }[]
    expect(files.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed'])
    // The lost file comes first, then the cause.
    expect(files[0]!.error).toMatch(/ConnectionFailed|connection/)
    expect(files[1]!.error).not.toMatch(/ConnectionFailed/)
  },
)

test.each(['spaceNotExist', 'permissionDenied'])('tries no other file after %s', async (code) => {
  writeFileSync('b.bin', 'b')
  const body = { code, message: 'no', requestid: 'r' }
  const play = { kind: 'answer', status: 404, body } as const
  given.emulator.faults.add({ operation: 'uploadInfoV1', play, times: Infinity })
  expect((await upload({ concurrency: '1' })).ok).toBe(false)
  expect(count('uploadInfoV1')).toBe(1)
})

test('gives up on an unreachable storage after one file’s retries', async () => {
  writeFileSync('b.bin', 'b')
  given.emulator.refuseConnections('oss')
  expect((await upload({ concurrency: '1', retries: '1' })).ok).toBe(false)
  expect(count('uploadInfoV1')).toBe(1)
})

describe('a storage outage', () => {
  const names = ['b.bin', 'c.bin', 'd.bin', 'e.bin', 'f.bin']
  const given503 = (nth: number, times: number) => {
    given.emulator.faults.add({ operation: 'put', nth, times, play: plays.serviceUnavailable503 })
  }
  beforeEach(() => {
    for (const name of names) writeFileSync(name, name)
  })

  test.each<[string, plays.Play]>([
    ['gets 503', plays.serviceUnavailable503],
    ['cuts every connection', { kind: 'cut-before' }],
  ])('and %s: fails all files after three in a row', async (_, play) => {
    given.emulator.faults.add({ operation: 'put', times: Infinity, play })
    const result = await upload({ concurrency: '1', retries: '1' })
    expect(count('put')).toBe(6)
    expect(count('uploadInfoV1')).toBe(3)
    const files = JSON.parse(result.outputs['files']!) as { status: string; error: string }[]
    expect(files.map(({ status }) => status)).toEqual(names.concat('').map(() => 'failed'))
    const causes = files.slice(3).map(({ error }) => error.replace(/^\S+/, ''))
    expect(new Set(causes).size).toBe(1)
  })

  test('does not count if a file in between succeeds', async () => {
    given503(1, 4)
    given503(6, 4)
    await upload({ concurrency: '1', retries: '1' })
    expect(count('put')).toBe(10)
    expect(given.emulator.files().map(({ name }) => name)).toContain('f.bin')
  })
})

test('gives up on a service that stays unavailable, with its last error', async () => {
  given.emulator.faults.add({ operation: 'uploadInfoV1', play: plays.serviceUnavailable503, times: Infinity })
  const result = await upload({ retries: '3' })
  expect(result.ok).toBe(false)
  expect(count('uploadInfoV1')).toBe(4)
  expect(given.clock.slept).toEqual([500, 1000, 2000])
})

test('renews a token that expires during the job', async () => {
  given.emulator.onFault(() => {
    given.emulator.expireAccessTokens()
  })
  given.emulator.faults.add({ operation: 'put', play: { kind: 'delay', ms: 0 } })
  const result = await upload()
  expect(result.errors).toEqual([])
  expect(count('accessToken')).toBe(2)
})

describe('the bytes', () => {
  test('are sent again if they arrive changed', async () => {
    given.emulator.faults.add({ operation: 'put', play: { kind: 'corrupt' } })
    const result = await upload()
    expect(result.errors).toEqual([])
    expect(result.log.join('\n')).toContain('ContentMismatch')
    expect(given.emulator.contents(stored()[0]!.id).equals(Buffer.alloc(1_000_000, 'a'))).toBe(true)
  })

  test('are never committed if they always arrive changed', async () => {
    given.emulator.faults.add({ operation: 'put', play: { kind: 'corrupt' }, times: Infinity })
    const result = await upload()
    expect(result.ok).toBe(false)
    expect(count('commitV1')).toBe(0)
    expect(result.errors.join()).toContain('ContentMismatch')
  })

  test('are sent again if the connection is cut', async () => {
    given.emulator.faults.add({ operation: 'put', play: { kind: 'cut-before', afterBytes: 300_000 } })
    expect((await upload()).errors).toEqual([])
    expect(stored()[0]?.size).toBe(1_000_000)
  })

  test("go to the next resource URL immediately if the first can't be reached", async () => {
    await given.restart({ deadResourceHosts: 1 })
    expect((await upload()).errors).toEqual([])
    expect(given.clock.slept).toEqual([])
    expect(stored()).toHaveLength(1)
  })

  test("go last to a resource URL that couldn't be reached before", async () => {
    await given.restart({ deadResourceHosts: 1 })
    for (const name of ['b.apk', 'c.apk']) writeFileSync(name, name)
    const { errors, log } = await given.run({ path: '*.apk', concurrency: '1' })
    expect(errors).toEqual([])
    expect(log.filter((line) => line.includes('trying the next resource URL'))).toHaveLength(1)
  })

  test('go to a signed URL without headers', async () => {
    await given.restart({ signing: 'url' })
    expect((await upload()).errors).toEqual([])
    expect(stored()).toHaveLength(1)
  })

  test('are accepted with an opaque ETag', async () => {
    await given.restart({ etag: 'opaque' })
    expect((await upload()).errors).toEqual([])
  })

  test('get a new signature after theirs has expired', async () => {
    given.emulator.faults.add({ operation: 'put', play: plays.ossSkewed })
    expect((await upload()).errors).toEqual([])
    expect(count('uploadInfoV1')).toBe(2)
    expect(stored()).toHaveLength(1)
  })

  test('cause an error about the clock if OSS always rejects them as too old', async () => {
    given.emulator.faults.add({ operation: 'put', play: plays.ossSkewed, times: Infinity })
    const result = await upload()
    expect(result.errors.join()).toContain('clock')
    expect(count('put')).toBe(2)
  })
})

describe('commits nothing if a file changes during its upload:', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'it shrinks',
      () => {
        truncateSync('a.bin', 10)
      },
      /a\.bin .*\b1000000 \D*10 .*1000000 \D*10 /s,
    ],
    [
      'it grows',
      () => {
        appendFileSync('a.bin', 'more')
      },
      /a\.bin .*\b1000000 \D*1000004 .*1000000 \D*1000004 /s,
    ],
    [
      'it is written to',
      () => {
        utimesSync('a.bin', new Date(), new Date(0))
      },
      /a\.bin .*a\.bin .*path/s,
    ],
    [
      'it is gone',
      () => {
        rmSync('a.bin')
      },
      /a\.bin .*ENOENT.*a\.bin .*ENOENT/s,
    ],
  ])('%s', async (_, change, said) => {
    // Between the upload info and the bytes.
    given.emulator.onFault(change)
    given.emulator.faults.add({ operation: 'uploadInfoV1', play: { kind: 'delay', ms: 0 } })
    const result = await upload()
    expect(result.ok).toBe(false)
    expect(result.errors.join()).toMatch(said)
    expect(stored()).toEqual([])
  })
})

onPosix.each([
  ['in one piece', 20, 'uploadInfoV1'],
  ['in parts', 9 * 1024 ** 2, 'multipartInit'],
] as const)('fails without waiting if a file has become a pipe, %s', async (_, size, operation) => {
  writeFileSync('a.bin', Buffer.alloc(size))
  given.emulator.onFault(() => {
    rmSync('a.bin')
    execFileSync('mkfifo', ['a.bin'])
  })
  given.emulator.faults.add({ operation, play: { kind: 'delay', ms: 0 } })
  const result = await upload()
  expect(result.ok).toBe(false)
  expect(stored()).toEqual([])
})

test("names the address that can't be reached", async () => {
  const result = await upload({ 'api-base-url': 'http://127.0.0.1:1' })
  expect(given.clock.slept).toHaveLength(5)
  expect(result.errors.join()).toMatch(
    /127\.0\.0\.1:1 .*connect ECONNREFUSED[^]*api-base-url[^]*ConnectionFailed/,
  )
})

test('uploads two of three files if one fails', async () => {
  writeFileSync('a2.bin', '2')
  writeFileSync('a3.bin', '3')
  given.emulator.faults.add({
    operation: 'uploadInfoV1',
    nth: 2,
    play: {
      kind: 'answer',
      status: 400,
      body: { code: 'dentryUploadForbidden', message: 'no', requestid: 'r' },
    },
  })
  const result = await upload()
  expect(result.ok).toBe(false)
  const files = JSON.parse(result.outputs['files']!) as { status: string }[]
  // Their requests may arrive in any order.
  expect(files.map(({ status }) => status).sort()).toEqual(['failed', 'uploaded', 'uploaded'])
  expect(result.outputs['uploaded-count']).toBe('2')
})
