// The drive's cache of folders.
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Emulator, type Operation, startEmulator } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { DingTalk } from '../../src/dingtalk/client.ts'
import type { Drive } from '../../src/dingtalk/drive.ts'
import { environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

let emulator: Emulator
let http: Http
let drive: Drive
let unionId: string

beforeEach(async () => {
  emulator = await startEmulator({ v1Commit: 'closed' })
  const { appKey, appSecret, apiBaseUrl, oapiBaseUrl } = emulator.values
  const clock = simulatedClock()
  http = new Http(environmentOf({ clock, random: () => 1 }), 30_000, 4)
  const quiet = () => undefined
  drive = new DingTalk({
    appKey,
    appSecret,
    apiBaseUrl,
    oapiBaseUrl,
    http,
    retries: 0,
    logger: { secret: quiet, info: quiet, debug: quiet },
  }).drive
  unionId = emulator.values.unionId
})
afterEach(async () => {
  await http.close()
  await emulator.close()
})

const count = (operation: Operation) =>
  emulator.requests.filter((request) => request.operation === operation).length
const byUuid = (uuid: string) => drive.folderIds({ kind: 'uuid', uuid }, unionId)

test('looks the IDs of each folder up once', async () => {
  const { parentUuid, parentId } = emulator.values
  const { readOnlyFolder } = emulator.others
  const found = await Promise.all([byUuid(parentUuid), byUuid(parentUuid), byUuid(readOnlyFolder.parentUuid)])
  expect(found).toMatchObject([{ parentId }, { parentId }, { parentId: readOnlyFolder.parentId }])
  expect(count('space')).toBe(2)
})

test('does not cache a failure', async () => {
  const { parentUuid, parentId } = emulator.values
  emulator.faults.add({ operation: 'space', play: plays.badGateway })
  await expect(byUuid(parentUuid)).rejects.toThrow()
  expect(await byUuid(parentUuid)).toMatchObject({ parentId })
})

test('commits to each folder by its UUID if v1 is closed', async () => {
  const { spaceId, parentId } = emulator.values
  const folder = (id: string) => ({ kind: 'ids', spaceId, parentId: id }) as const
  const commit = async (id: string) => {
    await drive.switchToV2(folder(id), unionId)
    expect(drive.isV1(folder(id))).toBe(false)
    await drive.commit(folder(id), unionId, 'no such key', { name: 'a', size: 1 }, 'AUTO_RENAME')
  }
  emulator.faults.add({ operation: 'dentry', play: plays.badGateway })
  await expect(commit(parentId)).rejects.toMatchObject({ operation: 'dentry' })
  expect(drive.isV1(folder(parentId))).toBe(true)
  const refused = { code: 'paramError.uploadKey' }
  await expect(commit(parentId)).rejects.toMatchObject(refused)
  await expect(commit(parentId)).rejects.toMatchObject(refused)
  await expect(commit(emulator.others.readOnlyFolder.parentId)).rejects.toMatchObject(refused)
  expect([count('commitV1'), count('dentry'), count('commitV2')]).toEqual([0, 3, 3])
  const paths = emulator.requests
    .filter(({ operation }) => operation === 'commitV2')
    .map(({ path }) => path.split('/')[5])
  expect(new Set(paths)).toEqual(
    new Set([emulator.values.parentUuid, emulator.others.readOnlyFolder.parentUuid]),
  )
})

test('reads a list until a page has no token', async () => {
  const { spaceId, parentId } = emulator.values
  const folder = { kind: 'ids', spaceId, parentId } as const
  // A page has fifty entries.
  for (let index = 0; index < 51; index++) await drive.subfolder(folder, unionId, `${index}`)
  const ends: boolean[] = []
  for await (const page of drive.list(folder, unionId)) ends.push(page.isLast)
  expect(ends).toEqual([false, true])
})
