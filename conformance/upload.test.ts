// The vendor's SDK uploads files to the emulator with only the required parameters. The caller makes the PUT itself.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { CallName } from '../contract/contract.ts'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import type { HeaderSignatureInfo } from '../emulator/oss/oss.ts'
import { Caller } from '../test-support/emulator-caller.ts'
import { expectRefusal, refusal } from './refusal.ts'
import { Sdk, type Change } from './sdk.ts'

interface UploadInfo {
  uploadKey: string
  headerSignatureInfo: HeaderSignatureInfo
}

interface PartInfos {
  multipartHeaderSignatureInfos: { partNumber: number; headerSignatureInfo: HeaderSignatureInfo }[]
}

interface Committed {
  dentry: { id: string; uuid: string; parentId: string; name: string; size: number }
}

const BYTES = Buffer.from('安装包')
/** Every part except the last has at least 100 KB. */
const PARTS = [Buffer.alloc(100 * 1024, 'a'), BYTES]

let emulator: Emulator
let sdk: Sdk

beforeEach(async () => {
  emulator = await startEmulator()
  sdk = new Sdk(emulator)
})
afterEach(() => emulator.close())

async function put(info: HeaderSignatureInfo, bytes: Buffer): Promise<void> {
  expect((await new Caller(emulator).put(info, bytes)).status).toBe(200)
}

/** Stores bytes in a space. @returns the upload key */
async function stored(spaceId: string, bytes = BYTES): Promise<string> {
  const { body } = await sdk.call<UploadInfo>('uploadInfoV1', { path: [spaceId] })
  await put(body.headerSignatureInfo, bytes)
  return body.uploadKey
}

/** Stores bytes in parts. @returns the upload key */
async function storedInParts(spaceId: string): Promise<string> {
  const { body: begun } = await sdk.call<{ uploadKey: string }>('multipartInit', { path: [spaceId] })
  const { uploadKey } = begun
  const { body } = await sdk.call<PartInfos>('partInfo', {
    request: { uploadKey, partNumbers: [1, 2] },
  })
  for (const { partNumber, headerSignatureInfo } of body.multipartHeaderSignatureInfos)
    await put(headerSignatureInfo, PARTS[partNumber - 1]!)
  return uploadKey
}

function expectFile({ dentry }: Committed, bytes: Buffer): void {
  expect(dentry).toMatchObject({
    parentId: emulator.values.parentId,
    type: 'FILE',
    name: '构建.apk',
    size: bytes.length,
    uuid: expect.any(String),
  })
  expect(emulator.contents(dentry.id)).toEqual(bytes)
}

test('a file is uploaded to a folder of a space', async () => {
  const uploadKey = await stored(emulator.values.spaceId)
  const { body } = await sdk.call<Committed>('commitV1', { request: { uploadKey } })
  expectFile(body, BYTES)
})

test('a file is uploaded to a folder with a UUID', async () => {
  const { body: info } = await sdk.call<UploadInfo>('uploadInfoV2')
  await put(info.headerSignatureInfo, BYTES)
  const { body } = await sdk.call<Committed>('commitV2', { request: { uploadKey: info.uploadKey } })
  expectFile(body, BYTES)
})

test('a file is uploaded in parts to a folder of a space', async () => {
  const uploadKey = await storedInParts(emulator.values.spaceId)
  const { body } = await sdk.call<Committed>('commitV1', { request: { uploadKey } })
  expectFile(body, Buffer.concat(PARTS))
})

test('a file is uploaded in parts to a folder with a UUID', async () => {
  const { body: folder } = await sdk.call<{ spaceId: string }>('space')
  const uploadKey = await storedInParts(folder.spaceId)
  const { body } = await sdk.call<Committed>('commitV2', { request: { uploadKey } })
  expectFile(body, Buffer.concat(PARTS))
})

test('a file that has been uploaded is sent', async () => {
  const uploadKey = await stored(emulator.values.spaceId)
  const { body } = await sdk.call<Committed>('commitV1', { request: { uploadKey } })
  await sdk.call('send', { request: { dentryId: body.dentry.id } })
  expect(emulator.messages).toMatchObject([{ kind: 'file', dentryId: body.dentry.id, name: '构建.apk' }])
})

describe('a rejected commit', () => {
  const COMMITS: CallName[] = ['commitV1', 'commitV2']

  test.each(COMMITS)('%s without the bytes', async (name) => {
    const { body } = await sdk.call<UploadInfo>('uploadInfoV1')
    const error = await refusal(sdk, name, { request: { uploadKey: body.uploadKey } })
    expectRefusal(error, 400, 'dentryStoreError')
  })

  test.each<[CallName, () => Change]>([
    ['commitV1', () => ({ request: { parentId: emulator.others.readOnlyFolder.parentId } })],
    ['commitV2', () => ({ path: [emulator.others.readOnlyFolder.parentUuid] })],
  ])('%s to a read-only folder', async (name, change) => {
    const { request, ...more } = change()
    const uploadKey = await stored(emulator.values.spaceId)
    const error = await refusal(sdk, name, { ...more, request: { ...request, uploadKey } })
    expectRefusal(error, 403, 'permissionDenied')
  })

  test('commitV1 over the quota of the space', async () => {
    const { spaceId } = emulator.others.smallSpace
    const uploadKey = await stored(spaceId, Buffer.alloc(1024 ** 2 + 1))
    const error = await refusal(sdk, 'commitV1', { path: [spaceId], request: { uploadKey, parentId: '0' } })
    expectRefusal(error, 400, 'spaceQuotaInsufficient')
  })

  test('commitV2 with a name that is taken', async () => {
    const option = { conflictStrategy: 'RETURN_ERROR_IF_EXISTS' }
    const { spaceId } = emulator.values
    await sdk.call('commitV2', { request: { uploadKey: await stored(spaceId), option } })
    const uploadKey = await stored(spaceId)
    expectRefusal(
      await refusal(sdk, 'commitV2', { request: { uploadKey, option } }),
      400,
      'dentryNameConflict',
    )
  })

  test('commitV2 with a key that has been used', async () => {
    const uploadKey = await stored(emulator.values.spaceId)
    await sdk.call('commitV2', { request: { uploadKey } })
    expectRefusal(await refusal(sdk, 'commitV2', { request: { uploadKey } }), 400, 'paramError.uploadKey')
  })
})
