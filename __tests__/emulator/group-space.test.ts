// A group's own space, with the copies of sent files.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts'
import { Caller } from '../../test-support/emulator-caller.ts'

let now: number
let emulator: Emulator
let caller: Caller

beforeEach(() => start())
afterEach(() => emulator.close())

async function start(options: EmulatorOptions = {}): Promise<void> {
  now = Date.parse('2026-08-01T10:00:00.500Z')
  emulator = await startEmulator({ clock: () => now, ...options })
  caller = new Caller(emulator)
}

describe("a group's own space", () => {
  interface Space {
    space: { spaceId: string }
  }

  const sendToGroup = async (): Promise<string> => {
    const { spaceId, openConversationId } = emulator.values
    const { dentry } = (
      await caller.upload('a.apk', 'x', {
        appProperties: [{ name: 'n', value: 'v', visibility: 'PRIVATE' }],
      })
    ).json
    const body = { spaceId, dentryId: dentry.id, openConversationId }
    return (await caller.gateway('/v1.0/convFile/conversations/files/send', { body })).json.file.id
  }
  const groupSpace = async (openConversationId = emulator.values.openConversationId) =>
    caller.gateway('/v1.0/convFile/conversations/spaces/query', { body: { openConversationId } })
  const list = async () => {
    const { spaceId } = ((await groupSpace()).json as unknown as Space).space
    const { unionId } = emulator.values
    const listed = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries`, {
      method: 'GET',
      query: { unionId, parentId: '0' },
    })
    return listed.json.dentries as { id?: string; name: string; appProperties?: object }[]
  }

  test('has a copy of a sent file, without its properties', async () => {
    const id = await sendToGroup()
    const copies = await list()
    expect(copies).toMatchObject([{ id, name: 'a.apk', creatorId: emulator.values.unionId }])
    expect(copies[0]).not.toHaveProperty('appProperties')
  })

  test('rejects other users, and uploads', async () => {
    expect((await groupSpace(emulator.others.foreignGroup.openConversationId)).json.code).toBe(
      'permissionDenied',
    )
    const { spaceId } = ((await groupSpace()).json as unknown as Space).space
    const { json } = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/files/uploadInfos/query`, {
      body: { protocol: 'HEADER_SIGNATURE', multipart: false },
    })
    expect(json.code).toBe('permissionDenied')
  })

  test('shows it late in the mode late', async () => {
    await emulator.close()
    await start({ groupSpace: 'late' })
    await sendToGroup()
    expect(await list()).toEqual([])
    now += 5000
    expect(await list()).toHaveLength(1)
  })

  test('never shows it in the mode hidden, and keeps its properties in the mode kept', async () => {
    await emulator.close()
    await start({ groupSpace: 'hidden' })
    await sendToGroup()
    now += 3_600_000
    expect(await list()).toEqual([])
    await emulator.close()
    await start({ copiedProperties: 'kept' })
    await sendToGroup()
    expect((await list())[0]).toHaveProperty('appProperties')
  })
})
