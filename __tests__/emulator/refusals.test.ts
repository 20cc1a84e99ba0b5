// The errors of the emulated gateways.
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts'
import { Caller, type Given } from '../../test-support/emulator-caller.ts'

let now: number
let emulator: Emulator
let caller: Caller

beforeEach(() => start())
afterEach(() => emulator.close())

async function start(options: EmulatorOptions = {}): Promise<void> {
  now = Date.parse('2026-08-01T10:00:00Z')
  emulator = await startEmulator({ clock: () => now, ...options })
  caller = new Caller(emulator)
}

async function restart(options: EmulatorOptions): Promise<void> {
  await emulator.close()
  await start(options)
}

/** A successful call with the emulator's initial values. */
const calls: Record<string, () => [path: string, given: Given]> = {
  openConversationId: () => [`/v1.0/im/chat/${emulator.values.chatId}/convertToOpenConversationId`, {}],
  uploadInfoV1: () => [
    `/v1.0/storage/spaces/${emulator.values.spaceId}/files/uploadInfos/query`,
    {
      body: {
        protocol: 'HEADER_SIGNATURE',
        multipart: false,
        option: {
          storageDriver: 'DINGTALK',
          preCheckParam: { name: 'a.txt', size: 1, parentId: emulator.values.parentId },
        },
      },
    },
  ],
  uploadInfoV2: () => [
    `/v2.0/storage/spaces/files/${emulator.values.parentUuid}/uploadInfos/query`,
    {
      body: {
        protocol: 'HEADER_SIGNATURE',
        option: { storageDriver: 'DINGTALK', preCheckParam: { name: 'a.txt', size: 1 } },
      },
    },
  ],
  multipartInit: () => [
    `/v1.0/storage/spaces/${emulator.values.spaceId}/files/multiPartUploadInfos/init`,
    { body: { option: { storageDriver: 'DINGTALK', preCheckParam: { size: 6 * 1024 ** 3 } } } },
  ],
  subfolder: () => [
    `/v1.0/storage/spaces/${emulator.values.spaceId}/dentries/${emulator.values.parentId}/folders`,
    { body: { name: 'v1', option: { conflictStrategy: 'RETURN_DENTRY_IF_EXISTS' } } },
  ],
  dentry: () => [
    `/v1.0/storage/spaces/${emulator.values.spaceId}/dentries/${emulator.values.parentId}/query`,
    { body: {} },
  ],
  list: () => [
    `/v1.0/storage/spaces/${emulator.values.spaceId}/dentries`,
    { method: 'GET', query: { unionId: emulator.values.unionId, parentId: '0' } },
  ],
  space: () => [
    `/v2.0/doc/dentries/${emulator.values.parentUuid}/queryDentryId`,
    { method: 'GET', query: { operatorId: emulator.values.unionId } },
  ],
  send: () => ['/v1.0/convFile/conversations/files/send', { body: sending() }],
  sendLink: () => ['/v1.0/convFile/conversations/files/links/send', { body: sending() }],
  sendToUser: () => [
    '/v1.0/convFile/apps/conversations/files/send',
    { query: { unionId: emulator.others.secondUser.unionId }, body: sending() },
  ],
  post: () => [
    '/v1.0/robot/groupMessages/send',
    {
      body: {
        robotCode: emulator.others.robotCode,
        openConversationId: emulator.values.openConversationId,
        msgKey: 'sampleMarkdown',
        msgParam: JSON.stringify({ title: 't', text: '**x**' }),
      },
    },
  ],
}

function sending() {
  const { spaceId, openConversationId } = emulator.values
  return { spaceId, dentryId: emulator.others.file.dentryId, openConversationId }
}

type Change = (path: string, given: Given) => [path: string, given: Given]

/** Changes one field of the body; `a.b` is a field of an object. `undefined` omits it. */
function body(field: string, value: () => unknown): Change {
  return (path, given) => {
    const changed = structuredClone(given.body) as Record<string, unknown>
    const names = field.split('.')
    const last = names.pop() ?? ''
    const holder = names.reduce((object, name) => object[name] as Record<string, unknown>, changed)
    holder[last] = value()
    return [path, { ...given, body: changed }]
  }
}

function query(name: string, value: () => string | undefined): Change {
  return (path, given) => {
    const changed = Object.entries({
      ...(given.query ?? { unionId: emulator.values.unionId }),
      [name]: value(),
    }).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return [path, { ...given, query: Object.fromEntries(changed) }]
  }
}

function inPath(from: () => string, to: () => string): Change {
  return (path, given) => [path.replace(from(), to()), given]
}

const space = (to: () => string) => inPath(() => emulator.values.spaceId, to)
const folder = (to: () => string) => inPath(() => emulator.values.parentId, to)
const uuid = (to: () => string) => inPath(() => emulator.values.parentUuid, to)

describe.each(Object.keys(calls))('%s', (name) => {
  const call = () => {
    const [path, given] = calls[name]!()
    return { path, given }
  }

  test('succeeds', async () => {
    const { path, given } = call()
    expect(await caller.gateway(path, given)).toMatchObject({ status: 200, json: expect.any(Object) })
    expect(emulator.requests.at(-1)).toMatchObject({ operation: name, status: 200, onQuota: true })
  })

  test.each([
    ['no', () => ''],
    ['an unknown', () => 'f00d'],
  ])('%s access token', async (_, token) => {
    const { path, given } = call()
    expect(await caller.gateway(path, { ...given, token: token() })).toMatchObject({
      status: 400,
      json: {
        code: 'InvalidAuthentication',
        message: expect.any(String),
        requestid: expect.stringMatching(/^[0-9A-F-]{36}$/),
      },
    })
  })

  test('fails with the name of a withdrawn scope, and succeeds once it is granted again', async () => {
    const scopes = {
      openConversationId: 'qyapi_chat_read',
      uploadInfoV1: 'Storage.UploadInfo.Read',
      uploadInfoV2: 'Storage.UploadInfo.Read',
      multipartInit: 'Storage.UploadInfo.Read',
      subfolder: 'Storage.File.Write',
      dentry: 'Storage.File.Read',
      list: 'Storage.File.Read',
      space: 'Document.WorkspaceDocument.Read',
      post: 'qyapi_robot_sendmsg',
    } as Record<string, string>
    const scope = scopes[name] ?? 'ConvFile.File.Send'
    emulator.scopes.withdraw(scope)
    const { path, given } = call()
    // The scope comes before the parameters.
    expect(await caller.gateway(path, { ...given, query: {} })).toMatchObject({
      status: 403,
      json: {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        message: `应用尚未开通所需的权限：[${scope}]`,
        accessdenieddetail: { requiredScopes: [scope] },
      },
    })
    emulator.scopes.grant(scope)
    expect(await caller.gateway(path, given)).toMatchObject({ status: 200 })
  })
})

test.each(Object.keys(calls).filter((name) => !['openConversationId', 'list', 'space'].includes(name)))(
  '%s fails without a JSON body',
  async (name) => {
    const [path, given] = calls[name]!()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const wrong of [
      { ...given, headers: form },
      // A body is optional if all its parameters are.
      ...(['multipartInit', 'dentry'].includes(name) ? [] : [{ ...given, body: undefined }]),
    ]) {
      const { status, json } = await caller.gateway(path, wrong)
      expect([status, json.code]).toEqual([400, 'Missingbody'])
    }
    const { status, json } = await caller.gateway(path, { ...given, body: '{"a":' })
    expect([status, json.code]).toEqual([400, 'InvalidParameter'])
  },
)

test.each(Object.keys(calls).filter((name) => !['openConversationId', 'post', 'space'].includes(name)))(
  '%s fails without a member, or with an unknown one',
  async (name) => {
    const [path, given] = calls[name]!()
    const nobody = await caller.gateway(path, { ...given, query: {} })
    expect([nobody.status, nobody.json.code]).toEqual([400, 'MissingunionId'])
    const unknown = await caller.gateway(path, { ...given, query: { unionId: 'x' } })
    expect([unknown.status, unknown.json.code]).toEqual([400, 'paramError.unionId'])
  },
)

const GB = 1024 ** 3
test.each<[call: string, what: string, change: Change, status: number, code: string]>([
  ['uploadInfoV1', 'a name', body('option.preCheckParam.name', () => 'a|b'), 400, 'paramError.name'],
  ['uploadInfoV1', 'a negative size', body('option.preCheckParam.size', () => -1), 400, 'paramError.size'],
  [
    'uploadInfoV1',
    'an unknown folder',
    body('option.preCheckParam.parentId', () => '999'),
    400,
    'paramError.parentId',
  ],
  [
    'uploadInfoV1',
    'a parent that is a file',
    body('option.preCheckParam.parentId', () => emulator.others.file.dentryId),
    400,
    'paramError.parentId',
  ],
  [
    'uploadInfoV1',
    'a folder that is read only',
    body('option.preCheckParam.parentId', () => emulator.others.readOnlyFolder.parentId),
    403,
    'permissionDenied',
  ],
  [
    'uploadInfoV1',
    'over 5 GB',
    body('option.preCheckParam.size', () => 5 * GB + 1),
    400,
    'dentryUploadForbidden',
  ],
  [
    'multipartInit',
    'over the quota',
    body('option.preCheckParam.size', () => 1025 * GB),
    400,
    'spaceQuotaInsufficient',
  ],
  [
    'multipartInit',
    'another driver',
    body('option.storageDriver', () => 'ALIDOC'),
    400,
    'paramError.storageDriver',
  ],
  [
    'uploadInfoV2',
    'the uuid of a file',
    uuid(() => emulator.others.file.dentryUuid),
    400,
    'paramError.parentDentryUuid',
  ],
  [
    'uploadInfoV2',
    'a folder that is read only',
    uuid(() => emulator.others.readOnlyFolder.parentUuid),
    403,
    'permissionDenied',
  ],
  [
    'uploadInfoV2',
    "somebody else's own files",
    uuid(() => emulator.others.foreignMyFiles.rootUuid),
    403,
    'permissionDenied',
  ],
  ['subfolder', 'a name', body('name', () => 'a"b'), 400, 'dentryNameIllegal'],
  ['subfolder', 'no name', body('name', () => ''), 400, 'paramError.name'],
  [
    'subfolder',
    'a folder that is read only',
    folder(() => emulator.others.readOnlyFolder.parentId),
    403,
    'permissionDenied',
  ],
  ['dentry', 'a dentry that is no id', folder(() => 'x'), 400, 'paramError.dentryId'],
  [
    'list',
    "somebody else's own files",
    space(() => emulator.others.foreignMyFiles.spaceId),
    403,
    'permissionDenied',
  ],
  ['list', 'no results', query('maxResults', () => '0'), 400, 'paramError.maxResults'],
  ['list', 'a page', query('nextToken', () => 'x'), 400, 'paramError.nextToken'],
  ['space', 'no operator', query('operatorId', () => undefined), 400, 'MissingoperatorId'],
  ['space', 'an operator', query('operatorId', () => 'x'), 400, 'paramError.operatorId'],
  [
    'space',
    "somebody else's own files",
    uuid(() => emulator.others.foreignMyFiles.rootUuid),
    403,
    'permissionDenied',
  ],
  [
    'openConversationId',
    'an unknown chat',
    inPath(
      () => emulator.values.chatId,
      () => 'chatdeadbeef',
    ),
    400,
    'invalideChatId',
  ],
  [
    'openConversationId',
    'an open conversation id',
    inPath(
      () => emulator.values.chatId,
      () => encodeURIComponent(emulator.values.openConversationId),
    ),
    400,
    'invalideChatId',
  ],
  [
    'openConversationId',
    'an owner out of range',
    inPath(
      () => emulator.values.chatId,
      () => emulator.others.groupOutsideRange.chatId,
    ),
    400,
    'permession.checkFailed',
  ],
  ...['send', 'sendLink'].flatMap((name): [string, string, Change, number, string][] => [
    [name, 'a number', body('dentryId', () => 999), 400, 'paramError.dentryId'],
    [
      name,
      'a group without the operator',
      body('openConversationId', () => emulator.others.foreignGroup.openConversationId),
      403,
      'permissionDenied',
    ],
  ]),
  ['post', 'an unknown robot', body('robotCode', () => 'dingx'), 400, 'resource.not.found'],
  ['post', 'no robot', body('robotCode', () => undefined), 400, 'invalidParameter.robotCode.missing'],
  ['post', 'no chat', body('openConversationId', () => ''), 400, 'miss.openConversationId'],
  ['post', 'an unknown chat', body('openConversationId', () => 'cidX=='), 400, 'invalid.openConversationId'],
  [
    'post',
    'a group without the robot',
    body('openConversationId', () => emulator.others.groupWithoutRobot.openConversationId),
    400,
    'invalidParameter.robotCode.empty',
  ],
  ['post', 'another kind', body('msgKey', () => 'sampleFile'), 400, 'invalidParameter.msgKey.invalid'],
  [
    'post',
    'an object, not a string',
    body('msgParam', () => ({ title: 't', text: 'x' })),
    400,
    'invalidParameter.msgParam.invalid',
  ],
  ['post', 'no text', body('msgParam', () => '{"title":"t"}'), 400, 'miss.param.markdownTotext'],
  ['post', 'no kind', body('msgKey', () => undefined), 400, 'invalidParameter.msgKey.empty'],
  ['post', 'no JSON', body('msgParam', () => 'hello'), 400, 'invalidParameter.msgParam.invalid'],
  [
    'post',
    'more than 15,000 bytes',
    body('msgParam', () => JSON.stringify({ title: 't', text: '字'.repeat(5000) })),
    400,
    'invalidParameter.msgParam.tooLong',
  ],
])('%s with %s', async (name, _, change, status, code) => {
  const [path, given] = change(...calls[name]!())
  const response = await caller.gateway(path, given)
  expect([response.status, response.json.code]).toEqual([status, code])
  expect(emulator.messages).toEqual([])
})

test('accepts 15,000 bytes of msgParam', async () => {
  const [path, given] = body('msgParam', () => JSON.stringify({ title: 't', text: 'x'.repeat(14_977) }))(
    ...calls['post']!(),
  )
  expect((given.body as { msgParam: string }).msgParam).toHaveLength(15_000)
  expect((await caller.gateway(path, given)).status).toBe(200)
  const [, over] = body('msgParam', () => JSON.stringify({ title: 't', text: 'x'.repeat(14_978) }))(
    path,
    given,
  )
  expect((await caller.gateway(path, over)).json.code).toBe('invalidParameter.msgParam.tooLong')
})

test('rejects what exceeds the quota of a space', async () => {
  const [path, given] = space(() => emulator.others.smallSpace.spaceId)(...calls['uploadInfoV1']!())
  const asking = (size: number) =>
    caller.gateway(path, {
      ...given,
      body: { protocol: 'HEADER_SIGNATURE', multipart: false, option: { preCheckParam: { size } } },
    })
  expect((await asking(1024 ** 2 + 1)).json.code).toBe('spaceQuotaInsufficient')
  const { json } = await asking(1)
  // The commit fails if a smaller size was announced.
  const { uploadKey, headerSignatureInfo } = json
  await caller.put(headerSignatureInfo, Buffer.alloc(1024 ** 2 + 1))
  const committed = await caller.gateway(
    `/v1.0/storage/spaces/${emulator.others.smallSpace.spaceId}/files/commit`,
    {
      body: { uploadKey, name: 'a', parentId: '0' },
    },
  )
  expect(committed.json.code).toBe('spaceQuotaInsufficient')
})

describe('a commit', () => {
  test.each<[string, object, object, number, string]>([
    ['a tab', { name: 'a\tb' }, {}, 400, 'dentryNameIllegal'],
    ['*', { name: 'a*b' }, {}, 400, 'dentryNameIllegal'],
    ['a quote', { name: 'a"b' }, {}, 400, 'dentryNameIllegal'],
    ['<', { name: 'a<b' }, {}, 400, 'dentryNameIllegal'],
    ['>', { name: 'a>b' }, {}, 400, 'dentryNameIllegal'],
    ['|', { name: 'a|b' }, {}, 400, 'dentryNameIllegal'],
    ['/', { name: 'a/b' }, {}, 400, 'dentryNameIllegal'],
    ['a trailing dot', { name: 'a.' }, {}, 400, 'dentryNameIllegal'],
    ['a trailing dot before blanks', { name: 'a. ' }, {}, 400, 'dentryNameIllegal'],
    ['blanks alone', { name: '  ' }, {}, 400, 'dentryNameIllegal'],
    ['no name', { name: undefined }, {}, 400, 'paramError.name'],
    ['no key', { uploadKey: undefined }, {}, 400, 'paramError.uploadKey'],
    ['an unknown key', { uploadKey: 'x' }, {}, 400, 'paramError.uploadKey'],
    ['no parent', { parentId: undefined }, {}, 400, 'paramError.parentId'],
    ['a parent as number', { parentId: 0 }, {}, 400, 'paramError.parentId'],
    ['an unknown parent', { parentId: '999' }, {}, 400, 'paramError.parentId'],
    ['a strategy', {}, { conflictStrategy: 'auto-rename' }, 400, 'paramError.conflictStrategy'],
    ['another size', {}, { size: 6 }, 400, 'paramError.size'],
  ])('with %s', async (_, more, option, status, code) => {
    const response = await caller.commit(await caller.stored('hello'), 'a.txt', option, more)
    expect([response.status, response.json.code]).toEqual([status, code])
    expect(emulator.files()).toHaveLength(1)
  })

  test('fails for a read-only folder', async () => {
    const { parentId } = emulator.others.readOnlyFolder
    const response = await caller.commit(await caller.stored('hello'), 'a.txt', {}, { parentId })
    expect([response.status, response.json.code]).toEqual([403, 'permissionDenied'])
  })

  test('fails with a key of another space', async () => {
    const { smallSpace } = emulator.others
    const response = await caller.gateway(`/v1.0/storage/spaces/${smallSpace.spaceId}/files/commit`, {
      body: { uploadKey: await caller.stored('hello'), name: 'a', parentId: '0' },
    })
    expect([response.status, response.json.code]).toEqual([400, 'paramError.uploadKey'])
  })

  test('fails without the bytes', async () => {
    const { uploadKey } = await caller.uploadInfo()
    const response = await caller.commit(uploadKey, 'a.txt')
    expect([response.status, response.json.code]).toEqual([400, 'dentryStoreError'])
  })

  test('fails without a body, or without the scope', async () => {
    const { spaceId } = emulator.values
    const path = `/v1.0/storage/spaces/${spaceId}/files/commit`
    expect((await caller.gateway(path)).json.code).toBe('Missingbody')
    emulator.scopes.withdraw('Storage.File.Write')
    expect((await caller.gateway(path)).json.accessdenieddetail).toEqual({
      requiredScopes: ['Storage.File.Write'],
    })
  })

  test('of v2 rejects an unknown UUID, and an illegal name', async () => {
    const { parentUuid } = emulator.values
    const uploadKey = await caller.stored('hello')
    const commit = (parent: string, name: string) =>
      caller.gateway(`/v2.0/storage/spaces/files/${parent}/commit`, { body: { uploadKey, name } })
    expect((await commit('ffff', 'a')).json.code).toBe('paramError.parentDentryUuid')
    expect((await commit(parentUuid, 'a.')).json.code).toBe('dentryNameIllegal')
    expect((await commit(emulator.others.readOnlyFolder.parentUuid, 'a')).json.code).toBe('permissionDenied')
    expect((await commit(parentUuid, 'a')).status).toBe(200)
  })

  test.each([
    ['closed', 400, 'Forbidden.ApiOffline'],
    ['forbidden', 403, 'Forbidden.AccessDenied'],
  ] as const)('of v1 fails in the mode %s, and v2 works', async (v1Commit, status, code) => {
    await restart({ v1Commit })
    const uploadKey = await caller.stored('hello')
    const response = await caller.commit(uploadKey, 'a')
    expect([response.status, response.json.code]).toEqual([status, code])
    const { parentUuid } = emulator.values
    const v2 = await caller.gateway(`/v2.0/storage/spaces/files/${parentUuid}/commit`, {
      body: { uploadKey, name: 'a' },
    })
    expect(v2.status).toBe(200)
  })
})

describe('an access token', () => {
  const expiring = () => {
    const { spaceId, unionId } = emulator.values
    return (token: string) =>
      caller.gateway(`/v1.0/storage/spaces/${spaceId}/dentries`, {
        method: 'GET',
        query: { unionId, parentId: '0' },
        token,
      })
  }

  test.each([
    ['another secret', { appSecret: 'x' }],
    ['another key', { appKey: 'x' }],
    ['no secret', { appSecret: undefined }],
  ])('for %s', async (_, wrong) => {
    const { appKey, appSecret } = emulator.values
    const response = await caller.gateway('/v1.0/oauth2/accessToken', {
      token: '',
      body: { appKey, appSecret, ...wrong },
    })
    expect([response.status, response.json.code]).toEqual([400, 'invalidClientIdOrSecret'])
  })

  test('without qyapi_base', async () => {
    emulator.scopes.withdraw('qyapi_base')
    const { appKey, appSecret } = emulator.values
    const response = await caller.gateway('/v1.0/oauth2/accessToken', {
      token: '',
      body: { appKey, appSecret },
    })
    expect([response.status, response.json.accessdenieddetail]).toEqual([
      403,
      { requiredScopes: ['qyapi_base'] },
    ])
  })

  test('is the same while it is valid, and its lifetime restarts', async () => {
    const token = await caller.token()
    now += 7_199_000
    expect(await caller.token()).toBe(token)
    now += 7_199_000
    expect((await expiring()(token)).status).toBe(200)
    now += 1000
    expect((await expiring()(token)).json.code).toBe('InvalidAuthentication')
    expect(await caller.token()).not.toBe(token)
  })

  test('has the configured lifetime', async () => {
    await restart({ accessTokenLifetime: 60 })
    const token = await caller.token()
    now += 60_000
    expect((await expiring()(token)).json.code).toBe('InvalidAuthentication')
  })

  test('can be expired', async () => {
    const token = await caller.token()
    emulator.expireAccessTokens()
    expect((await expiring()(token)).json.code).toBe('InvalidAuthentication')
    const old = await caller.oapi('/topapi/v2/user/get', { token, body: { userid: 'x' } })
    expect(old.json.errcode).toBe(42001)
  })
})

describe('the old gateway', () => {
  const userGet = (userid: unknown, given: Given = {}) =>
    caller.oapi('/topapi/v2/user/get', { body: { userid, language: 'zh_CN' }, ...given })

  test('returns the union ID for JSON or a form, without using the quota', async () => {
    const { userId, unionId } = emulator.values
    const expected = { errcode: 0, result: { userid: userId, unionid: unionId } }
    expect(await userGet(userId)).toMatchObject({ status: 200, json: expected })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await userGet('', { body: `userid=${userId}`, headers })).toMatchObject({ json: expected })
    expect(emulator.requests.some(({ onQuota }) => onQuota)).toBe(false)
  })

  test.each<[string, () => Promise<{ status: number; json: { errcode: number } }>, number]>([
    ['an unknown user', () => userGet('x'), 60121],
    ['a user outside the range', () => userGet(emulator.others.userOutsideRange.userId), 50002],
    ['no user', () => userGet(undefined), 400002],
    ['an unknown token', () => userGet('x', { token: 'x' }), 40014],
    ['no token', () => userGet('x', { query: {} }), 40014],
    ['no type', () => userGet('x', { headers: { 'content-type': 'text/plain' } }), 43004],
    ['no JSON', () => userGet('x', { body: '{' }), 40035],
    ['an unknown path', () => caller.oapi('/topapi/v9/user', { body: {} }), 404],
  ])('%s', async (_, call, errcode) => {
    const { status, json } = await call()
    expect([status, json.errcode]).toEqual([200, errcode])
    expect(json).toMatchObject({ errmsg: expect.any(String), request_id: expect.any(String) })
  })

  test('fails without the scope', async () => {
    emulator.scopes.withdraw('qyapi_get_member')
    expect(await userGet('x')).toMatchObject({
      status: 200,
      json: {
        errcode: 88,
        sub_code: '60011',
        sub_msg: expect.stringContaining('[qyapi_get_member]'),
      },
    })
  })
})

describe('a custom robot', () => {
  const markdown = { msgtype: 'markdown', markdown: { title: 't', text: '**x**' } }
  const post = (url: string, body: object = markdown) =>
    caller.http(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const signed = (timestamp = now) => {
    const { webhook, secret } = emulator.others.customRobot
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
    return `${webhook}&timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`
  }

  test('posts if the call is signed', async () => {
    expect((await post(signed())).json).toEqual({
      errcode: 0,
      errmsg: 'ok',
    })
    expect((await post(signed(now - 3_600_000))).json.errcode).toBe(0)
    expect(emulator.messages[0]).toEqual({
      to: emulator.values.openConversationId,
      kind: 'markdown',
      by: 'custom robot',
      title: 't',
      text: '**x**',
      mentions: [],
      time: now,
    })
    expect(emulator.requests[0]).toMatchObject({ operation: 'postByWebhook', onQuota: false })
  })

  test.each<[string, () => string, object, number]>([
    ['without a signature', () => emulator.others.customRobot.webhook, markdown, 310000],
    [
      'with the signature of another moment',
      () => signed().replace(/timestamp=\d/, 'timestamp=2'),
      markdown,
      310000,
    ],
    ['with a wrong signature', () => signed().replace(/sign=.*/, 'sign=x'), markdown, 310000],
    ['signed over an hour ago', () => signed(now - 3_600_001), markdown, 310000],
    ['without the keyword', () => emulator.others.keywordRobot.webhook, markdown, 310000],
    ['with an unknown token', () => signed().replace(/token=\w+/, 'token=x'), markdown, 300005],
    ['of another type', signed, { msgtype: 'file' }, 400105],
    ['of no type', signed, { markdown: markdown.markdown }, 40035],
    ['without a title', signed, { msgtype: 'markdown', markdown: { text: 'x' } }, 40035],
    ['without a text', signed, { msgtype: 'markdown', markdown: { title: 'x' } }, 40035],
  ])('does not post %s', async (_, url, message, errcode) => {
    const { status, json } = await post(url(), message)
    expect([status, json.errcode]).toEqual([200, errcode])
    expect(emulator.messages).toEqual([])
  })

  test('posts if the keyword is in the text', async () => {
    const { webhook, keyword } = emulator.others.keywordRobot
    const message = { msgtype: 'markdown', markdown: { title: 't', text: `x ${keyword}` } }
    expect((await post(webhook, message)).json.errcode).toBe(0)
  })

  test('does not post a msgUuid twice', async () => {
    const say = async (msgUuid?: string) =>
      (await post(signed(), msgUuid === undefined ? markdown : { ...markdown, msgUuid })).json.errcode
    for (const uuid of ['a', 'a', 'b', undefined, undefined]) expect(await say(uuid)).toBe(0)
    expect(emulator.messages).toHaveLength(4)
    // A repeated message doesn't count.
    for (let n = 0; n < 40; n++) expect(await say('a')).toBe(0)
  })

  test('posts a msgUuid that it has rejected before', async () => {
    const { webhook, keyword } = emulator.others.keywordRobot
    const say = async (text: string) =>
      (await post(webhook, { msgtype: 'markdown', msgUuid: 'a', markdown: { title: 't', text } })).json
        .errcode
    expect([await say('x'), await say(keyword)]).toEqual([310000, 0])
    expect(emulator.messages).toHaveLength(1)
  })

  test('posts 20 times per minute', async () => {
    for (let n = 0; n < 20; n++) expect((await post(signed())).json.errcode).toBe(0)
    expect((await post(signed())).json.errcode).toBe(130101)
    now += 60_000
    expect((await post(signed())).json.errcode).toBe(0)
    expect(emulator.messages).toHaveLength(21)
  })
})

test('rejects an unknown path', async () => {
  for (const [path, method] of [
    ['/v1.0/storage/spaces', 'POST'],
    ['/v1.0/oauth2/accessToken', 'GET'],
  ] as const) {
    expect(await caller.gateway(path, { method })).toMatchObject({
      status: 404,
      json: { code: 'InvalidAction.NotFound', message: expect.any(String), requestid: expect.any(String) },
    })
    expect(emulator.requests.at(-1)?.operation).toBe('unknown')
  }
})

test('rejects an unknown scope', () => {
  expect(() => {
    emulator.scopes.withdraw('Storage.File.Wirte')
  }).toThrow('no such scope')
})
