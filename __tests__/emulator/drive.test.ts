// The emulated drive and chats.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

const uploaded = () => emulator.files().slice(1)

describe('the values', () => {
  test('are strings, and IDs exceed a safe integer', () => {
    const { values } = emulator
    expect(Object.keys(values).sort()).toEqual(
      [
        'apiBaseUrl',
        'oapiBaseUrl',
        'appKey',
        'appSecret',
        'userId',
        'unionId',
        'spaceId',
        'parentId',
        'parentUuid',
        'folderUrl',
        'chatId',
        'openConversationId',
      ].sort(),
    )
    for (const id of [values.spaceId, values.parentId]) {
      expect(id).toMatch(/^\d+$/)
      expect(String(Number(id))).not.toBe(id)
    }
    expect(values.chatId).toMatch(/^chat[0-9a-f]+$/)
    expect(values.openConversationId).toMatch(/^cid(?=.*\+)(?=.*\/).*=$/)
    expect(new URL(values.apiBaseUrl).origin).not.toBe(new URL(values.oapiBaseUrl).origin)
  })
})

describe('a file', () => {
  test('is stored, returned, and looked up', async () => {
    const bytes = Buffer.from('你好\n')
    const { json } = await caller.upload('  发布 (1) [x].txt ', bytes, { size: bytes.length })
    const { spaceId, parentId, unionId } = emulator.values
    const [file] = uploaded()
    expect(json).toEqual({
      dentry: {
        id: file!.id,
        spaceId,
        parentId,
        type: 'FILE',
        name: '发布 (1) [x].txt',
        size: bytes.length,
        path: '/构建产物/发布 (1) [x].txt',
        version: 1,
        status: 'NORMAL',
        extension: 'txt',
        creatorId: unionId,
        modifierId: unionId,
        createTime: '2026-08-01T10:00:00Z',
        modifiedTime: '2026-08-01T10:00:00Z',
        properties: { readOnly: false },
        uuid: file!.uuid,
        partitionType: 'PUBLIC_OSS_PARTITION',
        storageDriver: 'DINGTALK',
      },
    })
    expect(file).toMatchObject({
      name: '发布 (1) [x].txt',
      size: bytes.length,
      md5: createHash('md5').update(bytes).digest('hex'),
      version: 1,
      createTime: now,
    })
    expect(emulator.contents(file!.id)).toEqual(bytes)
    expect(readFileSync(emulator.contentsPath(file!.id))).toEqual(bytes)
    const { id, uuid } = file!
    const found = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/${id}/query`, { body: {} })
    expect(found.json).toEqual(json)
    const ids = await caller.gateway(`/v2.0/doc/dentries/${uuid}/queryDentryId`, {
      method: 'GET',
      query: { operatorId: unionId },
    })
    expect(ids.json).toEqual({ dentryUuid: uuid, dentryId: id, spaceId })
  })

  test('may be empty', async () => {
    expect((await caller.upload('empty', '', { size: 0 })).json.dentry.size).toBe(0)
    expect(emulator.contents(uploaded()[0]!.id)).toHaveLength(0)
  })

  test('responses have the date of the clock', async () => {
    expect((await caller.upload('a', 'b')).headers['date']).toBe('Sat, 01 Aug 2026 10:00:00 GMT')
  })

  test('upload info has the documented form', async () => {
    const info = await caller.uploadInfo()
    expect(info).toMatchObject({
      expirationSeconds: 900,
      region: 'ZHANGJIAKOU',
      headers: {
        Authorization: expect.stringMatching(/^OSS \w+:.+/),
        'x-oss-date': 'Sat, 01 Aug 2026 10:00:00 GMT',
      },
      internalResourceUrls: [expect.any(String)],
    })
    expect(info.resourceUrls.length).toBeGreaterThanOrEqual(2)
    expect(info.uploadKey).toHaveLength(72)
  })
})

describe('a name that is taken', () => {
  const twice = async (option: object, name = 'a.txt') => {
    const first = await caller.upload(name, 'old')
    now += 5000
    return { first: first.json.dentry, second: await caller.upload(name, 'new', option) }
  }
  const contents = () => uploaded().map(({ id, name }) => [name, emulator.contents(id).toString()])

  test.each([
    ['a.txt', 'a(1).txt', 'a(2).txt'],
    ['a.tar.gz', 'a.tar(1).gz', 'a.tar(2).gz'],
    ['README', 'README(1)', 'README(2)'],
    ['.env', '.env(1)', '.env(2)'],
  ])('AUTO_RENAME, also by default: %s', async (name, second, third) => {
    await twice({}, name)
    await caller.upload(name, 'third', { conflictStrategy: 'AUTO_RENAME' })
    expect(contents()).toEqual([
      [name, 'old'],
      [second, 'new'],
      [third, 'third'],
    ])
  })

  test('OVERWRITE: keeps the ID, and increments the version', async () => {
    const { first, second } = await twice({ conflictStrategy: 'OVERWRITE' })
    expect(second.json.dentry).toMatchObject({
      id: first.id,
      uuid: first.uuid,
      version: 2,
      createTime: first.createTime,
      modifiedTime: '2026-08-01T10:00:05Z',
    })
    expect(contents()).toEqual([['a.txt', 'new']])
  })

  test('RETURN_DENTRY_IF_EXISTS: returns the existing file', async () => {
    const { first, second } = await twice({ conflictStrategy: 'RETURN_DENTRY_IF_EXISTS' })
    expect(second.json.dentry).toEqual(first)
    expect(contents()).toEqual([['a.txt', 'old']])
  })

  test('RETURN_ERROR_IF_EXISTS: fails', async () => {
    const { second } = await twice({ conflictStrategy: 'RETURN_ERROR_IF_EXISTS' })
    expect([second.status, second.json.code]).toEqual([400, 'dentryNameConflict'])
    expect(contents()).toEqual([['a.txt', 'old']])
  })

  test('is not taken in another folder, or in another case', async () => {
    await caller.upload('a.txt', 'old')
    await caller.commit(await caller.stored('new'), 'a.txt', {}, { parentId: '0' })
    await caller.upload('A.txt', 'new')
    expect(contents().map(([name]) => name)).toEqual(['a.txt', 'a.txt', 'A.txt'])
  })
})

describe('an upload key that has been used', () => {
  test('is rejected', async () => {
    const key = await caller.stored('hello')
    await caller.commit(key, 'a')
    const { status, json } = await caller.commit(key, 'a')
    expect([status, json.code]).toEqual([400, 'paramError.uploadKey'])
    expect(uploaded()).toHaveLength(1)
  })

  test('is rejected with a plain code in the mode refuse-plain', async () => {
    await emulator.close()
    await start({ usedUploadKey: 'refuse-plain' })
    const key = await caller.stored('hello')
    await caller.commit(key, 'a')
    const { status, json } = await caller.commit(key, 'a')
    expect([status, json.code]).toEqual([400, 'paramError'])
    expect(uploaded()).toHaveLength(1)
  })

  test('creates a second file in the mode second-file', async () => {
    await emulator.close()
    await start({ usedUploadKey: 'second-file' })
    const key = await caller.stored('hello')
    await caller.commit(key, 'a')
    expect((await caller.commit(key, 'a')).json.dentry.name).toBe('a(1)')
    expect(uploaded().map(({ id }) => emulator.contents(id).toString())).toEqual(['hello', 'hello'])
  })

  test('stays unused after a rejected commit', async () => {
    const key = await caller.stored('hello')
    await caller.commit(key, 'a', { size: 1 })
    expect((await caller.commit(key, 'a', { size: 5 })).status).toBe(200)
  })
})

describe('properties of the app', () => {
  const property = { name: 'build', value: '1', visibility: 'PRIVATE' }
  const query = async (id: string, option?: object) => {
    const { json } = await caller.gateway(
      `/v1.0/storage/spaces/${emulator.values.spaceId}/dentries/${id}/query`,
      option ? { body: { option } } : {},
    )
    return (json.dentry as { appProperties?: object }).appProperties
  }

  test('are saved by the commit, and returned in every response by app ID', async () => {
    const { dentry } = (await caller.upload('a', 'hello', { appProperties: [property] })).json
    const byOwner = await query(dentry.id)
    expect(Object.values(byOwner ?? {})).toEqual([[property]])
    expect(dentry).toHaveProperty('appProperties', byOwner)
    const appId = Object.keys(byOwner ?? {})
    expect(await query(dentry.id, { appIdsForAppProperties: appId })).toEqual(byOwner)
    expect(await query(dentry.id, { appIdsForAppProperties: ['1'] })).toBeUndefined()
  })

  test.each([
    ['list', 200, [property]],
    ['dropped', 200, undefined],
    ['refused', 400, undefined],
  ] as const)('%s', async (appProperties, status, shown) => {
    await emulator.close()
    await start({ appProperties })
    const response = await caller.upload('a', 'hello', { appProperties: [property] })
    expect(response.status).toBe(status)
    expect((response.json.dentry as { appProperties?: unknown } | undefined)?.appProperties).toEqual(shown)
    if (status === 400) expect(response.json.code).toBe('paramError')
    expect(uploaded()).toHaveLength(status === 200 ? 1 : 0)
  })

  test.each([
    ['kept', '2'],
    ['first-kept', '1'],
  ] as const)('%s: a new version', async (appProperties, value) => {
    await emulator.close()
    await start({ appProperties })
    await caller.upload('a', 'hello', { appProperties: [property] })
    const option = { conflictStrategy: 'OVERWRITE', appProperties: [{ ...property, value: '2' }] }
    const { dentry } = (await caller.upload('a', 'hello', option)).json
    expect(Object.values((await query(dentry.id)) ?? {})).toEqual([[{ ...property, value }]])
  })

  test.each(['kept', 'unlisted'] as const)('%s: a list', async (appProperties) => {
    await emulator.close()
    await start({ appProperties })
    const { dentry } = (await caller.upload('a', 'hello', { appProperties: [property] })).json
    const { spaceId, unionId, parentId } = emulator.values
    const { json } = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries`, {
      method: 'GET',
      query: { unionId, parentId },
    })
    const listed = (json['dentries'] as object as { id: string }[]).find(({ id }) => id === dentry.id)
    expect(listed !== undefined && 'appProperties' in listed).toBe(appProperties === 'kept')
    expect(dentry).toHaveProperty('appProperties')
  })
})

test('upload info for a name that is taken', async () => {
  await caller.upload('a', 'hello')
  const { parentId } = emulator.values
  expect(await caller.uploadInfo({ name: 'a', parentId })).toHaveProperty('uploadKey', expect.any(String))
  await emulator.close()
  await start({ takenName: 'refused' })
  await caller.upload('a', 'hello')
  const ids = { parentId: emulator.values.parentId }
  expect(await caller.uploadInfo({ name: 'a', ...ids })).toHaveProperty('uploadKey', undefined)
  expect(await caller.uploadInfo({ name: 'b', ...ids })).toHaveProperty('uploadKey', expect.any(String))
})

test('returns no ETag from storage that is not OSS', async () => {
  await emulator.close()
  await start({ storageAnswers: 'plain' })
  const info = await caller.uploadInfo()
  const { status, headers } = await caller.put(info, 'hello')
  expect([status, headers['etag'], headers['x-oss-request-id']]).toEqual([200, undefined, undefined])
  expect((await caller.commit(info.uploadKey, 'a')).json.dentry.size).toBe(5)
})

test("rejects a commit of bytes that don't have the announced MD5", async () => {
  const md5 = createHash('md5').update('hello').digest('hex')
  for (const [bytes, status] of [
    ['hello', 200],
    ['hullo', 400],
  ] as const) {
    const info = await caller.uploadInfo({ md5: md5.toUpperCase() })
    await caller.put(info, bytes)
    expect((await caller.commit(info.uploadKey, bytes)).status).toBe(status)
  }
})

describe('folders', () => {
  const add = (name: string, conflictStrategy?: string, parentId = emulator.values.parentId) =>
    caller.gateway(`/v1.0/storage/spaces/${emulator.values.spaceId}/dentries/${parentId}/folders`, {
      body: { name, option: { conflictStrategy } },
    })

  test('are created once, renamed, or rejected, depending on the strategy', async () => {
    const first = await add('v1.0')
    expect(first.json.dentry).toMatchObject({ type: 'FOLDER', name: 'v1.0', path: '/构建产物/v1.0' })
    expect((await add('v1.0', 'RETURN_DENTRY_IF_EXISTS')).json).toEqual(first.json)
    expect((await add('v1.0')).json.dentry.name).toBe('v1.0(1)')
    expect((await add('v1.0', 'RETURN_ERROR_IF_EXISTS')).json.code).toBe('dentryAlreadyExist')
    const within = await add('x', undefined, first.json.dentry.id)
    expect(within.json.dentry.path).toBe('/构建产物/v1.0/x')
  })

  test('can be the target of a file by their UUID', async () => {
    const { id, uuid } = (await add('v1.0')).json.dentry
    const committed = await caller.gateway(`/v2.0/storage/spaces/files/${uuid}/commit`, {
      body: { uploadKey: await caller.stored('hello'), name: 'a' },
    })
    expect(committed.json.dentry).toMatchObject({ parentId: id, path: '/构建产物/v1.0/a' })
  })

  test('can have the same name as a file', async () => {
    await caller.upload('same', 'hello')
    expect((await add('same', 'RETURN_ERROR_IF_EXISTS')).json.dentry.name).toBe('same')
  })

  test("can't have the name of a file in other modes: the call fails, or returns the file", async () => {
    for (const folderOverFile of ['refused', 'returned'] as const) {
      await emulator.close()
      await start({ folderOverFile })
      const file = (await caller.upload('same', 'hello')).json.dentry
      expect((await add('same')).json.code).toBe('dentryAlreadyExist')
      const { json } = await add('same', 'RETURN_DENTRY_IF_EXISTS')
      if (folderOverFile === 'refused') expect(json.code).toBe('dentryAlreadyExist')
      else expect(json.dentry).toMatchObject({ id: file.id, type: 'FILE' })
      expect((await add('other')).json.dentry).toMatchObject({ type: 'FOLDER' })
    }
  })

  test('have names that differ in case or not, depending on the mode', async () => {
    await add('Docs')
    expect((await add('docs', 'RETURN_DENTRY_IF_EXISTS')).json.dentry.name).toBe('docs')
    await emulator.close()
    await start({ nameCase: 'ignored' })
    await add('Docs')
    expect((await add('docs', 'RETURN_DENTRY_IF_EXISTS')).json.dentry.name).toBe('Docs')
    await caller.upload('A', 'hello')
    expect((await caller.upload('a', 'hello')).json.dentry.name).toBe('a(1)')
  })

  test('the root has a UUID', async () => {
    const { spaceId } = emulator.values
    const { json } = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries/0/query`, { body: {} })
    expect(json.dentry).toMatchObject({ id: '0', type: 'FOLDER', path: '/', uuid: emulator.others.rootUuid })
  })
})

describe('a listing', () => {
  const list = async (query: Record<string, string>) => {
    const { spaceId, parentId, unionId } = emulator.values
    const { json } = await caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries`, {
      method: 'GET',
      query: { unionId, parentId, ...query },
    })
    const { dentries, nextToken } = json
    return { names: dentries.map(({ name }) => name), nextToken }
  }

  beforeEach(async () => {
    for (const [name, bytes] of [
      ['b', '22'],
      ['c', '1'],
      ['a', '333'],
    ] as const) {
      now += 1000
      await caller.upload(name, bytes)
    }
    now += 1000
    await caller.upload('b', '4444', { conflictStrategy: 'OVERWRITE' })
  })

  test.each([
    [{}, ['b', 'a', 'c']],
    [{ orderBy: 'CREATE_TIME', order: 'ASC' }, ['b', 'c', 'a']],
    [{ orderBy: 'NAME', order: 'ASC' }, ['a', 'b', 'c']],
    [{ orderBy: 'SIZE', order: 'DESC' }, ['b', 'a', 'c']],
    [{ orderBy: 'MODIFIED_TIME', order: 'ASC' }, ['c', 'a', 'b']],
  ] as [Record<string, string>, string[]][])('%j', async (query, names) => {
    expect(await list(query)).toEqual({ names, nextToken: undefined })
  })

  test('is returned in pages', async () => {
    const query = { orderBy: 'NAME', order: 'ASC', maxResults: '2' }
    const first = await list(query)
    expect(first).toEqual({ names: ['a', 'b'], nextToken: expect.any(String) })
    expect(await list({ ...query, nextToken: first.nextToken! })).toEqual({
      names: ['c'],
      nextToken: undefined,
    })
  })
})

describe('a sent file', () => {
  const send = (path: string, unionId = emulator.values.unionId) =>
    caller.gateway(path, {
      query: { unionId },
      body: {
        spaceId: emulator.values.spaceId,
        dentryId: emulator.others.file.dentryId,
        openConversationId: emulator.values.openConversationId,
      },
    })

  test('is a copy in the group, and a new message each time', async () => {
    const first = await send('/v1.0/convFile/conversations/files/send')
    const second = await send('/v1.0/convFile/conversations/files/send')
    const { openConversationId, unionId, spaceId } = emulator.values
    const message = {
      to: openConversationId,
      kind: 'file',
      by: unionId,
      dentryId: emulator.others.file.dentryId,
      name: '欢迎.txt',
      size: 7,
      time: expect.any(Number),
    }
    expect(first.json.file).toMatchObject({ conversationId: openConversationId, name: '欢迎.txt', size: 7 })
    expect(first.json.file.id).not.toBe(emulator.others.file.dentryId)
    expect(first.json.file.spaceId).not.toBe(spaceId)
    expect(emulator.messages).toEqual([
      { ...message, copyId: first.json.file.id },
      { ...message, copyId: second.json.file.id },
    ])
    expect(emulator.contents(second.json.file.id).toString()).toBe('欢迎\n')
    // The copies are no files of the drive.
    expect(emulator.files()).toHaveLength(1)
  })

  test('is not copied as a link', async () => {
    await send('/v1.0/convFile/conversations/files/links/send')
    expect(emulator.messages).toEqual([
      expect.objectContaining({ kind: 'link', dentryId: emulator.others.file.dentryId }),
    ])
    expect(emulator.messages[0]).not.toHaveProperty('copyId')
  })

  test('comes from the app for a person', async () => {
    const { unionId } = emulator.others.secondUser
    await send('/v1.0/convFile/apps/conversations/files/send', unionId)
    expect(emulator.messages).toEqual([expect.objectContaining({ to: unionId, kind: 'file', by: 'app' })])
  })

  test("is accompanied by Markdown of the app's robot", async () => {
    const { openConversationId } = emulator.values
    const { robotCode } = emulator.others
    const response = await caller.gateway('/v1.0/robot/groupMessages/send', {
      query: {},
      body: {
        robotCode,
        openConversationId,
        msgKey: 'sampleMarkdown',
        msgParam: '{"title":"t","text":"x"}',
      },
    })
    expect(response.json).toEqual({ processQueryKey: expect.any(String) })
    expect(emulator.messages).toEqual([
      {
        to: openConversationId,
        kind: 'markdown',
        by: robotCode,
        title: 't',
        text: 'x',
        time: expect.any(Number),
      },
    ])
  })
})

test('converts a chat ID', async () => {
  const { chatId, openConversationId } = emulator.values
  const { json } = await caller.gateway(`/v1.0/im/chat/${chatId}/convertToOpenConversationId`, { query: {} })
  expect(json).toEqual({ openConversationId })
})

test('removes the stored files when it closes, unless the directory was given', async () => {
  const place = mkdtempSync(join(tmpdir(), 'emulator-storage-'))
  const own = dirname(emulator.contentsPath(emulator.others.file.dentryId))
  await emulator.close()
  expect(existsSync(own)).toBe(false)
  await start({ storage: place })
  expect(dirname(emulator.contentsPath(emulator.others.file.dentryId))).toBe(place)
  await emulator.close()
  expect(existsSync(place)).toBe(true)
  rmSync(place, { recursive: true })
  await start()
})
