// Reported behavior of the platform that differs from its pages: each job ends with one file, or a correct report.
import { writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { EmulatorOptions } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { job, type Job } from '../../test-support/job.ts'

let given: Job

afterEach(() => given.end())

async function start(options: EmulatorOptions = {}): Promise<void> {
  given = await job(options)
  writeFileSync('a.bin', 'ours')
}

/** The files in the target folder. */
const files = () =>
  given.emulator.files().filter(({ parentId }) => parentId === given.emulator.values.parentId)
const names = () => files().map(({ name }) => name)

describe('an internal error of the platform with HTTP 400', () => {
  test.each([
    ['kept', plays.systemError400After],
    ['kept', plays.systemError400],
    ['dropped', plays.systemError400After],
  ] as const)(
    'creates one file by v1 when it occurs during a save, marks %s',
    async (appProperties, play) => {
      await start({ appProperties })
      given.emulator.faults.add({ operation: 'commitV1', play })
      expect((await given.run()).errors).toEqual([])
      expect(names()).toEqual(['a.bin'])
      expect(given.count('commitV2')).toBe(0)
    },
  )

  test('leaves a send in doubt, and does not repeat it', async () => {
    await start({ groupSpace: 'hidden' })
    given.emulator.faults.add({ operation: 'send', play: plays.systemError400After })
    const { ok, errors } = await given.run()
    expect(ok).toBe(false)
    expect(errors.join()).toContain('system.error')
    expect(given.emulator.messages).toHaveLength(1)
    expect(given.count('send')).toBe(1)
  })
})

describe('v1 is closed', () => {
  test('creates one file if the code is unknown, although the save took effect', async () => {
    await start()
    const body = { code: 'apiOffline', message: 'm', requestid: 'r' }
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'answer-after', status: 400, body } })
    expect((await given.run()).errors).toEqual([])
    expect(names()).toEqual(['a.bin'])
    expect(given.count('commitV2')).toBe(0)
  })

  test.each(['apiOffline', 'Forbidden.ApiOffline'])(
    '%s: uses v2 after one lookup of the folder',
    async (code) => {
      await start()
      const body = { code, message: 'm', requestid: 'r' }
      given.emulator.faults.add({
        operation: 'commitV1',
        times: Infinity,
        play: { kind: 'answer', status: 400, body },
      })
      expect((await given.run()).errors).toEqual([])
      expect([given.count('list'), given.count('commitV2')]).toEqual([1, 1])
      expect(names()).toEqual(['a.bin'])
    },
  )

  test.each([
    ['a page', { kind: 'answer', status: 403, body: '<html>no</html>' }],
    ['a code about the platform', plays.systemError400],
    ['a code about an input', { kind: 'answer', status: 400, body: { code: 'InvalidName', message: 'm' } }],
  ] satisfies [string, plays.Play][])('does not take %s for it', async (_, play) => {
    await start()
    given.emulator.faults.add({ operation: 'commitV1', times: Infinity, play })
    expect((await given.run()).ok).toBe(false)
    expect(given.count('commitV2')).toBe(0)
  })
})

describe.each(['dashed', 'prefixed'] as const)('codes with the spelling %s', (codeSpelling) => {
  test('saves a file whose mark is rejected', async () => {
    await start({ codeSpelling, appProperties: 'refused' })
    expect((await given.run()).errors).toEqual([])
    expect(names()).toEqual(['a.bin'])
  })

  test('recognizes a used upload key', async () => {
    await start({ codeSpelling, appProperties: 'dropped' })
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    expect((await given.run()).errors).toEqual([])
    expect(names()).toEqual(['a.bin'])
  })
})

describe('responses with more or less than the pages show', () => {
  test.each(['few-fields', 'numeric-ids'] as const)('accepts a save whose response has %s', async (how) => {
    await start()
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'broken', how } })
    const { errors, outputs } = await given.run()
    expect(errors).toEqual([])
    expect(outputs['dentry-id']).toBe(files()[0]!.id)
    expect(given.count('list')).toBe(0)
  })

  test('looks a save up whose response is about a folder', async () => {
    await start()
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'broken', how: 'folder' } })
    expect((await given.run()).errors).toEqual([])
    expect(given.count('list')).toBe(1)
    expect(names()).toEqual(['a.bin'])
  })

  test('accepts a send whose response is empty', async () => {
    await start()
    given.emulator.faults.add({ operation: 'send', play: { kind: 'broken', how: 'bare' } })
    expect((await given.run()).errors).toEqual([])
    expect(given.emulator.messages).toHaveLength(1)
  })

  test('reports the doubt, and creates no second file, if a list’s files can’t be read', async () => {
    await start()
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-after' } })
    const unreadable = { kind: 'broken', how: 'nameless-files' } as const
    given.emulator.faults.add({ operation: 'list', times: Infinity, play: unreadable })
    expect((await given.run()).ok).toBe(false)
    expect(names()).toEqual(['a.bin'])
  })

  test('saves again if a list has no entries', async () => {
    await start()
    given.emulator.faults.add({ operation: 'commitV1', play: { kind: 'cut-before' } })
    given.emulator.faults.add({ operation: 'list', times: 3, play: { kind: 'broken', how: 'without-list' } })
    expect((await given.run()).errors).toEqual([])
    expect(names()).toEqual(['a.bin'])
  })

  test('does not count deleted files as existing', async () => {
    await start()
    await given.run({ 'chat-id': '' })
    given.emulator.faults.add({ operation: 'list', play: { kind: 'broken', how: 'deleted' } })
    const { outputs } = await given.run({ 'chat-id': '', 'conflict-strategy': 'if-changed' })
    expect(outputs['uploaded-count']).toBe('1')
  })

  test.each([0, -1, null, '600', 'soon'])('uses a token with the lifetime %j', async (expireIn) => {
    await start()
    const body = { accessToken: 'T'.repeat(32), expireIn }
    given.emulator.faults.add({ operation: 'accessToken', play: { kind: 'answer', status: 200, body } })
    // That token is none of the emulator's: it is renewed once.
    expect((await given.run()).errors).toEqual([])
    expect(given.count('accessToken')).toBe(2)
  })
})

test('requests upload info with public addresses', async () => {
  await start()
  writeFileSync('large.bin', Buffer.alloc(9 * 1024 ** 2))
  await given.run({ path: '*.bin' })
  const asked = given.emulator.requests.filter(({ operation }) =>
    ['uploadInfoV1', 'partInfo'].includes(operation),
  )
  const intranet = asked.map(({ body }) => (JSON.parse(body!) as { option: object }).option)
  expect(new Set(asked.map(({ operation }) => operation)).size).toBe(2)
  for (const option of intranet) expect(option).toMatchObject({ preferIntranet: false })
})

describe('storage that is not OSS', () => {
  test('stores a file by its token', async () => {
    await start({ signing: 'token', storageAnswers: 'plain' })
    const { errors, secrets } = await given.run()
    expect(errors).toEqual([])
    const put = given.emulator.requests.find(({ operation }) => operation === 'put')!
    expect(secrets).toContain(put.headers['dentry-token'])
    expect(given.emulator.contents(files()[0]!.id).toString()).toBe('ours')
  })

  test('replaces an expired token once', async () => {
    await start({ signing: 'token', storageAnswers: 'plain' })
    given.emulator.faults.add({ operation: 'put', play: { kind: 'answer', status: 403 } })
    expect((await given.run()).errors).toEqual([])
    expect(given.count('uploadInfoV1')).toBe(2)
    given.emulator.faults.add({ operation: 'put', times: Infinity, play: { kind: 'answer', status: 401 } })
    expect((await given.run()).ok).toBe(false)
    expect(given.count('put')).toBe(4)
  })
})

test('requests a new token for a newly enabled permission', async () => {
  await start({ newPermissions: 'new-token' })
  const scope = 'Storage.UploadInfo.Read'
  given.emulator.scopes.withdraw(scope)
  given.emulator.onFault(() => {
    given.emulator.scopes.grant(scope)
  })
  given.emulator.faults.add({ operation: 'uploadInfoV1', play: { kind: 'delay', ms: 0 } })
  expect((await given.run()).errors).toEqual([])
  expect([given.count('accessToken'), given.count('uploadInfoV1')]).toEqual([2, 2])
})
