// Deletion in the emulated drive: one entry, many, and the recycle bin.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts'
import { Caller } from '../../test-support/emulator-caller.ts'

let emulator: Emulator
let caller: Caller

beforeEach(() => start())
afterEach(() => emulator.close())

async function start(options: EmulatorOptions = {}): Promise<void> {
  emulator = await startEmulator(options)
  caller = new Caller(emulator)
}

const uploaded = () => emulator.files().slice(1)

describe('a deleted entry', () => {
  const remove = (dentryId: string, more: Record<string, string> = {}, spaceId = emulator.values.spaceId) =>
    caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/${dentryId}`, {
      method: 'DELETE',
      query: { unionId: emulator.values.unionId, ...more },
    })
  const removeAll = (dentryIds: unknown[], option?: object, spaceId = emulator.values.spaceId) =>
    caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/batchRemove`, {
      body: { dentryIds, ...(option ? { option } : {}) },
    })

  test('is deleted permanently', async () => {
    const { dentry } = (await caller.upload('a', 'x')).json
    expect((await remove(dentry.id, { toRecycleBin: 'true' })).json).toEqual({ async: false })
    expect(uploaded()).toEqual([])
    expect(emulator.deleted()).toMatchObject([{ id: dentry.id, name: 'a', toRecycleBin: false }])
    expect((await remove(dentry.id)).json.code).toBe('dentryNotExist')
  })

  test('is moved to the recycle bin of a space that the add-space call has created, with toRecycleBin', async () => {
    const { spaceId } = emulator.others.addedSpace
    const add = async (name: string) => {
      const added = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/0/folders`, {
        body: { name },
      })
      return added.json.dentry.id
    }
    await remove(await add('a'), { toRecycleBin: 'true' }, spaceId)
    await remove(await add('b'), {}, spaceId)
    await removeAll([await add('c')], { toRecycleBin: true }, spaceId)
    await removeAll([await add('d')], undefined, spaceId)
    expect(emulator.deleted().map(({ name, toRecycleBin }) => [name, toRecycleBin])).toEqual([
      ['a', true],
      ['b', false],
      ['c', true],
      ['d', false],
    ])
  })

  test('is not deleted, in the mode refused, if the space has no recycle bin', async () => {
    await emulator.close()
    await start({ recycleBin: 'refused' })
    const { dentry } = (await caller.upload('a', 'x')).json
    const responses = [
      await remove(dentry.id, { toRecycleBin: 'true' }),
      await removeAll([dentry.id], { toRecycleBin: true }),
    ]
    for (const { status, json } of responses)
      expect([status, json.code]).toEqual([400, 'recycleBinNotSupportForSpace'])
    expect(uploaded()).toHaveLength(1)
    await remove(dentry.id)
    expect(uploaded()).toEqual([])
  })

  test('is deleted with everything below it, in the background', async () => {
    const { spaceId, parentId } = emulator.values
    await caller.upload('a', 'x')
    expect((await remove(parentId)).json).toEqual({ async: true, taskId: expect.any(String) })
    expect(uploaded()).toEqual([])
    const { json } = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/${parentId}/query`, {
      body: {},
    })
    expect(json.code).toBe('dentryNotExist')
  })

  test("is reported for each ID; one that can't be deleted doesn't stop the others", async () => {
    const { dentry } = (await caller.upload('a', 'x')).json
    const { innerId } = emulator.others.readOnlyFolder
    const { status, json } = await removeAll(['999', innerId, dentry.id])
    const { spaceId } = emulator.values
    expect(status).toBe(200)
    expect(json).toEqual({
      resultItems: [
        { spaceId, dentryId: '999', async: false, success: false, errorCode: 'dentryNotExist' },
        { spaceId, dentryId: innerId, async: false, success: false, errorCode: 'permissionDenied' },
        { spaceId, dentryId: dentry.id, async: false, success: true },
      ],
    })
    expect(uploaded()).toEqual([])
  })
})
