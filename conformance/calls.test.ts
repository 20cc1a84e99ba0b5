// The vendor's SDK makes the action's calls to the emulator, each with only the required parameters. The SDK checks the types of
// every response, and throws an error for a wrong one.
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import { Sdk } from './sdk.ts'

let emulator: Emulator
let sdk: Sdk

beforeEach(async () => {
  emulator = await startEmulator()
  sdk = new Sdk(emulator)
})
afterEach(() => emulator.close())

test('an access token is obtained', async () => {
  const { statusCode, body } = await sdk.call('accessToken')
  expect(statusCode).toBe(200)
  expect(body).toMatchObject({ accessToken: expect.any(String), expireIn: 7200 })
})

test('a chat ID is converted', async () => {
  const { body } = await sdk.call('openConversationId')
  expect(body).toMatchObject({ openConversationId: emulator.values.openConversationId })
})

test('a folder is added, found, and listed page by page', async () => {
  const { spaceId, parentId, unionId } = emulator.values
  const { body } = await sdk.call<{ dentry: { id: string } }>('subfolder', { request: { name: 'v1' } })
  expect(body.dentry).toMatchObject({
    spaceId,
    parentId,
    type: 'FOLDER',
    name: 'v1',
    creatorId: unionId,
    uuid: expect.any(String),
  })
  const found = await sdk.call('dentry', { path: [spaceId, body.dentry.id] })
  expect(found.body).toMatchObject({ dentry: { id: body.dentry.id, name: 'v1' } })

  await sdk.call('subfolder', { request: { name: 'v2' } })
  interface Page {
    dentries: { name: string }[]
    nextToken?: string
  }
  const pageOf = async (more: object): Promise<Page> =>
    (await sdk.call<Page>('list', { request: { parentId, maxResults: 1, ...more } })).body
  const first = await pageOf({})
  const second = await pageOf({ nextToken: first.nextToken })
  expect([first, second].flatMap(({ dentries }) => dentries.map(({ name }) => name)).sort()).toEqual([
    'v1',
    'v2',
  ])
  expect(second.nextToken).toBeUndefined()
})

test('a folder is found by its UUID', async () => {
  const { spaceId, parentId, parentUuid } = emulator.values
  const { body } = await sdk.call('space')
  expect(body).toMatchObject({ dentryUuid: parentUuid, dentryId: parentId, spaceId })
})

test('a file gets properties, and keeps those of other names', async () => {
  const { spaceId } = emulator.values
  const { dentryId } = emulator.others.file
  const set = (name: string, value: string) => {
    const appProperties = [{ name, value, visibility: 'PRIVATE' }]
    return sdk.call('appProperties', { path: [spaceId, dentryId], request: { appProperties } })
  }
  await set('a', '1')
  await set('b', '1')
  expect((await set('a', '2')).body).toMatchObject({ success: true })
  const { body } = await sdk.call<{ dentry: { appProperties: object } }>('dentry', {
    path: [spaceId, dentryId],
  })
  const [properties] = Object.values(body.dentry.appProperties)
  expect(properties).toMatchObject([
    { name: 'b', value: '1' },
    { name: 'a', value: '2' },
  ])
})

test('a file is deleted, alone and with others', async () => {
  const { spaceId } = emulator.values
  const { dentryId } = emulator.others.file
  const { body } = await sdk.call('remove')
  expect(body).toMatchObject({ async: false })
  expect(emulator.files()).toEqual([])

  const { parentId } = emulator.values
  const many = await sdk.call('batchRemove', { request: { dentryIds: [parentId, dentryId] } })
  expect(many.body).toMatchObject({
    resultItems: [
      { spaceId, dentryId: parentId, async: false, success: true },
      { spaceId, dentryId, async: false, success: false, errorCode: 'dentryNotExist' },
    ],
  })
  expect(emulator.deleted().map(({ id, toRecycleBin }) => [id, toRecycleBin])).toEqual([
    [dentryId, false],
    [parentId, false],
  ])
})

test('a deleted entry is moved to the recycle bin if there is one', async () => {
  const { spaceId } = emulator.others.addedSpace
  const add = async (name: string) => {
    const { body } = await sdk.call<{ dentry: { id: string } }>('subfolder', {
      path: [spaceId, '0'],
      request: { name },
    })
    return body.dentry.id
  }
  await sdk.call('remove', { path: [spaceId, await add('a')], request: { toRecycleBin: true } })
  const request = { dentryIds: [await add('b')], option: { toRecycleBin: true } }
  await sdk.call('batchRemove', { path: [spaceId], request })
  expect(emulator.deleted().map(({ toRecycleBin }) => toRecycleBin)).toEqual([true, true])
})

test("a group's own space is found, with a copy of a sent file", async () => {
  const sent = await sdk.call<{ file: { id: string; spaceId: string } }>('send')
  const { body } = await sdk.call<{ space: { spaceId: string } }>('groupSpace')
  expect(body.space).toMatchObject({ spaceId: sent.body.file.spaceId, corpId: expect.any(String) })
  const listed = await sdk.call('list', { path: [body.space.spaceId] })
  expect(listed.body).toMatchObject({ dentries: [{ id: sent.body.file.id, name: '欢迎.txt' }] })
})

test('a file is sent to a group', async () => {
  const { openConversationId } = emulator.values
  const { body } = await sdk.call<{ file: { id: string } }>('send')
  expect(body.file).toMatchObject({ conversationId: openConversationId, name: '欢迎.txt', type: 'FILE' })
  const { dentryId } = emulator.others.file
  // A copy in the group's space.
  expect(body.file.id).not.toBe(dentryId)
  expect(emulator.messages).toMatchObject([
    { to: openConversationId, kind: 'file', dentryId, copyId: body.file.id },
  ])
})

test("a file's link is sent to a group", async () => {
  const { body } = await sdk.call('sendLink')
  const { dentryId } = emulator.others.file
  expect(body).toMatchObject({ file: { id: dentryId } })
  expect(emulator.messages).toMatchObject([{ kind: 'link', dentryId }])
})

test('a file is sent to a person', async () => {
  const { unionId } = emulator.others.secondUser
  const { body } = await sdk.call('sendToUser', { request: { unionId } })
  expect(body).toMatchObject({ file: { name: '欢迎.txt' } })
  expect(emulator.messages).toMatchObject([{ to: unionId, by: 'app' }])
})

test("the app's robot posts a message", async () => {
  const { body } = await sdk.call('post')
  expect(body).toMatchObject({ processQueryKey: expect.any(String) })
  expect(emulator.messages).toMatchObject([{ kind: 'markdown', title: '构建', text: '**完成**' }])
})

test("the app's robot sends people a message, and lists those who don't receive it", async () => {
  const { secondUser, throttledUser } = emulator.others
  const { body } = await sdk.call('postToUsers', {
    request: { userIds: [secondUser.userId, throttledUser.userId, 'nobody'] },
  })
  expect(body).toMatchObject({
    processQueryKey: expect.any(String),
    invalidStaffIdList: ['nobody'],
    flowControlledStaffIdList: [throttledUser.userId],
  })
  expect(emulator.messages).toMatchObject([{ to: secondUser.unionId, kind: 'markdown', title: '构建' }])
})

test("the app's robot posts a card", async () => {
  const msgParam = JSON.stringify({
    title: '构建',
    text: '**完成**',
    actionTitle1: '安装',
    actionURL1: 'https://example.com/1',
    actionTitle2: '日志',
    actionURL2: 'https://example.com/2',
  })
  await sdk.call('post', { request: { msgKey: 'sampleActionCard2', msgParam } })
  expect(emulator.messages).toMatchObject([
    {
      kind: 'actionCard',
      buttons: [
        { title: '安装', url: 'https://example.com/1' },
        { title: '日志', url: 'https://example.com/2' },
      ],
    },
  ])
})
