import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  badGateway,
  invalidAuthentication,
  ipBanJson,
  ipNotInWhiteList,
  monthlyQuota,
  systemError500,
} from '../../emulator/faults/plays.ts'
import { SCOPES } from '../../emulator/organization/scopes.ts'
import { job, type Job } from '../../test-support/job.ts'

const MINUTE = 60_000

let here: Job
let before: number
beforeEach(async () => {
  here = await job()
  before = here.emulator.files().length
})
afterEach(async () => {
  // Whatever was asked: nothing was written, nothing was sent.
  expect(here.emulator.files()).toHaveLength(before)
  expect(here.emulator.messages).toEqual([])
  expect(here.emulator.requests.filter(({ method }) => method === 'PUT')).toEqual([])
  await here.end()
})

/** Checks, and reads the log's table: requirement → mark. */
async function check(given: Record<string, string> = {}) {
  const result = await here.run({ path: '', mode: 'check', ...given })
  const table = new Map<string, string>()
  for (const line of result.log) {
    const [, mark, requirement] = /^(✅|❌|⚠️|➖) (.+?)(?: \/ \S+)?(?: (\S.*?))?: /.exec(line) ?? []
    if (mark !== undefined && requirement !== undefined) table.set(line.slice(mark.length + 1), mark)
  }
  const marked = (wanted: string) => [...table].filter(([, mark]) => mark === wanted).map(([line]) => line)
  return { ...result, holds: marked('✅'), fails: marked('❌'), open: marked('⚠️'), unneeded: marked('➖') }
}

/** Inputs for which every permission is needed. */
function everything(): Record<string, string> {
  return {
    ...here.byUuid,
    'folder-path': 'releases',
    'conflict-strategy': 'return-existing',
    'to-user-ids': here.emulator.others.secondUser.userId,
    'robot-code': here.emulator.others.robotCode,
    message: 'x',
  }
}

test('where all is well, every requirement holds', async () => {
  const { ok, fails, open, unneeded, holds, errors, outputs, summaries } = await check(everything())
  expect({ fails, open, unneeded, errors }).toEqual({ fails: [], open: [], unneeded: [], errors: [] })
  expect(ok).toBe(true)
  expect(holds).toHaveLength(2 + SCOPES.length + 3 + 1 + 1 + 1 + 1 + 2)
  // As the README says.
  expect(here.emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(7)
  expect(outputs).toMatchObject({ 'dentry-id': '', files: '[]', 'uploaded-count': '0' })
  expect(summaries.join()).toMatch(
    /^## ✅ DingTalk check: 20 of 20 requirements hold; nothing was uploaded or sent \/ 共 20 项，满足 20 项；未上传，未发送\n/,
  )
})

describe('permissions', () => {
  const CONSOLE_NAMES: Readonly<Record<string, string>> = {
    qyapi_base: '调用企业API基础权限',
    qyapi_get_member: '成员信息读权限',
    'Storage.UploadInfo.Read': '企业存储文件上传信息读权限',
    'Storage.File.Write': '企业存储文件写权限',
    'Storage.File.Read': '企业存储文件读权限',
    qyapi_chat_read: '钉钉群基础信息读权限',
    'ConvFile.File.Send': '群文件发送权限',
    qyapi_robot_sendmsg: '企业内机器人发送消息权限',
    'Document.WorkspaceDocument.Read': '',
  }

  test.each(SCOPES)('%s, withdrawn, is the one that is named, with its switch', async (scope) => {
    here.emulator.scopes.withdraw(scope)
    const { ok, fails, errors, summaries } = await check(everything())
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringContaining(scope)])
    expect(fails[0]).toContain(CONSOLE_NAMES[scope])
    const link = `https://open-dev.dingtalk.com/appscope/apply?content=${here.emulator.values.appKey}%23${scope}`
    expect(errors).toEqual([expect.stringContaining(`Switch on the app's permission`)])
    expect(errors[0]).toContain(link)
    expect(errors[0]).toContain('请为应用开通权限')
    expect(summaries[0]).toContain(`<${link}>`)
  })

  test('all of them withdrawn but the token’s: each is named', async () => {
    here.emulator.scopes.withdraw(...SCOPES.filter((scope) => scope !== 'qyapi_base'))
    const { fails, errors } = await check(everything())
    const wanted = SCOPES.filter((scope) => scope !== 'qyapi_base')
    expect(fails).toHaveLength(wanted.length)
    for (const scope of wanted) {
      expect(fails.filter((line) => line.includes(`${scope}:`) || line.includes(`(${scope}):`))).toHaveLength(
        1,
      )
      expect(errors[0]).toContain(`%23${scope}`)
    }
  })

  test('all of them: without a token the others cannot be known, but are named too', async () => {
    here.emulator.scopes.withdraw(...SCOPES)
    const { ok, fails, open, errors } = await check(everything())
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringContaining('调用企业API基础权限 (qyapi_base)')])
    for (const scope of SCOPES) expect(errors[0]).toContain(scope)
    expect(open.filter((line) => line.startsWith('Permission'))).toHaveLength(SCOPES.length - 1)
    expect(here.count('accessToken')).toBe(1)
  })

  test('one that these inputs do not need is no failure', async () => {
    here.emulator.scopes.withdraw(
      'qyapi_robot_sendmsg',
      'Document.WorkspaceDocument.Read',
      'Storage.File.Read',
    )
    const { ok, unneeded, open } = await check()
    expect(ok).toBe(true)
    expect(unneeded).toEqual([
      expect.stringContaining('needed only with parent-uuid'),
      expect.stringContaining('needed only with robot-code'),
    ])
    expect(open).toEqual([expect.stringContaining('Storage.File.Read): not switched on; advisable')])
  })

  test('what a folder given by its uuid alone can do without is advisable', async () => {
    here.emulator.scopes.withdraw('Document.WorkspaceDocument.Read')
    const { ok, open } = await check(here.byUuid)
    expect(ok).toBe(true)
    expect(open).toContainEqual(
      expect.stringMatching(/WorkspaceDocument.*advisable: without it nothing goes up in parts/),
    )
  })

  test('an operator who may read the folder is one, though upload info be refused', async () => {
    here.emulator.scopes.withdraw('Storage.UploadInfo.Read')
    const { holds } = await check({ 'user-id': '', 'union-id': here.emulator.values.unionId })
    expect(holds).toContainEqual(expect.stringMatching(/^Operator .*may act in the drive/))
  })

  test('with union-id and an open conversation id alone, neither lookup is needed', async () => {
    const { unionId, openConversationId } = here.emulator.values
    here.emulator.scopes.withdraw('qyapi_get_member', 'qyapi_chat_read')
    const { ok, holds, unneeded, open } = await check({
      'user-id': '',
      'union-id': unionId,
      'chat-id': openConversationId,
    })
    expect(ok).toBe(true)
    expect(unneeded).toHaveLength(2)
    expect(holds).toContainEqual(expect.stringMatching(/^Operator .*may act in the drive/))
    expect(open).toEqual([expect.stringMatching(/^Chat .*without sending/)])
  })

  test('the right to read is needed where the v1 commit is closed', async () => {
    await here.restart({ v1Commit: 'closed' })
    here.emulator.scopes.withdraw('Storage.File.Read')
    const { fails } = await check()
    expect(fails).toEqual([expect.stringContaining('企业存储文件读权限 (Storage.File.Read)')])
  })
})

describe('what is wrong is found, and the rest looked at all the same', () => {
  const cases: [string, (job: Job) => Record<string, string>, RegExp[]][] = [
    ['another secret', () => ({ 'app-secret': 'wrong' }), [/^Credentials .*invalidClientIdOrSecret/]],
    ['no such user', () => ({ 'user-id': 'nobody' }), [/^Operator .*60121/]],
    [
      'a user the app may not see',
      ({ emulator }) => ({ 'user-id': emulator.others.userOutsideRange.userId }),
      [/^Operator .*50002/],
    ],
    [
      'a user who is not active',
      ({ emulator }) => ({ 'user-id': emulator.others.inactiveUser.userId }),
      [/^Operator .*not active/],
    ],
    [
      'no such union id',
      () => ({ 'user-id': '', 'union-id': 'nobody' }),
      [/^Operator .*paramError\.unionId/],
    ],
    ['no such space', () => ({ 'space-id': '123', 'parent-id': '0' }), [/^Folder .*spaceNotExist/]],
    ['no such folder', () => ({ 'parent-id': '123' }), [/^Folder .*dentryNotExist/]],
    [
      'no such uuid',
      () => ({ 'space-id': '', 'parent-id': '', 'parent-uuid': 'x' }),
      [/^Folder .*parentDentryUuid/],
    ],
    [
      'a file for a folder',
      ({ emulator }) => ({ 'parent-id': emulator.others.file.dentryId }),
      [/^Folder .*“欢迎.txt” is there, but is no folder \(FILE\)/],
    ],
    [
      'a folder to which nobody may write',
      ({ emulator }) => ({ 'parent-id': emulator.others.readOnlyFolder.parentId }),
      [/^The operator's right to write .*permissionDenied/],
    ],
    [
      'somebody else’s files',
      ({ emulator }) => ({ 'space-id': emulator.others.foreignMyFiles.spaceId, 'parent-id': '0' }),
      [/^The operator's right to write .*permissionDenied/],
    ],
    ['no such chat', () => ({ 'chat-id': `chat${'1'.repeat(32)}` }), [/^Chat .*invalideChatId/]],
    [
      'a chat whose owner the app may not see',
      ({ emulator }) => ({ 'chat-id': emulator.others.groupOutsideRange.chatId }),
      [/^Chat .*permession\.checkFailed/],
    ],
    ['no such recipient', () => ({ 'to-user-ids': 'nobody' }), [/^Recipient .*nobody.*60121/]],
    ['no such robot', () => ({ 'robot-code': 'nobody' }), [/^Robot .*resource\.not\.found/]],
    [
      'two things at once',
      () => ({ 'user-id': 'nobody', 'chat-id': `chat${'1'.repeat(32)}` }),
      [/^Operator .*60121/, /^Chat .*invalideChatId/],
    ],
  ]
  test.each(cases)('%s', async (_, given, wanted) => {
    const { ok, fails, holds, unneeded, open, errors } = await check(given(here))
    expect(fails).toEqual(wanted.map((line) => expect.stringMatching(line)))
    expect(ok).toBe(false)
    for (const line of fails) expect(errors[0]).toContain(line)
    expect(errors[0]).toMatch(/→ [A-Z].*\n\s*→ .*[\u4e00-\u9fff]/)
    expect(holds.length + unneeded.length + open.length + fails.length).toBeGreaterThanOrEqual(15)
  })

  test('a robot’s webhook is looked at, never called', async () => {
    const { webhook, secret } = here.emulator.others.customRobot
    const right = await check({ 'robot-webhook': webhook, 'robot-secret': secret })
    expect(right.holds).toContainEqual(expect.stringMatching(/^Robot .*\(robot-webhook\): the form is right/))
    const wrong = await check({ 'robot-webhook': webhook, 'robot-secret': 'abc' })
    expect(wrong.open).toEqual([expect.stringMatching(/does not begin with SEC/)])
    expect(here.count('robotWebhook')).toBe(0)
  })

  test('the root of a space is listed, for nobody says that it can be asked for as an entry', async () => {
    const { holds } = await check({ 'parent-id': '0' })
    expect(holds).toContainEqual(expect.stringMatching(/^Folder .*is there, and is a folder/))
    expect(here.count('listDentries')).toBe(1)
    expect(here.count('queryDentry')).toBe(0)
  })

  test('nobody’s rights say nothing of an operator who is not known', async () => {
    here.emulator.faults.add({
      operation: 'uploadInfoV1',
      play: { kind: 'answer', status: 403, body: { code: 'permissionDenied', message: '没有权限' } },
    })
    const { fails } = await check({ 'user-id': 'nobody' })
    expect(fails).toEqual([expect.stringMatching(/^Operator .*60121/)])
  })

  test('no room in the space is found where the platform tells', async () => {
    here.emulator.faults.add({
      operation: 'uploadInfoV1',
      play: { kind: 'answer', status: 400, body: { code: 'spaceQuotaInsufficient', message: '空间不足' } },
    })
    const { fails } = await check()
    expect(fails).toEqual([expect.stringMatching(/^The operator's right .*spaceQuotaInsufficient/)])
  })
})

describe('the clock', () => {
  test.each([
    ['20 minutes behind', 20 * MINUTE, 'fails', "20 min behind DingTalk's"],
    ['20 minutes ahead', -20 * MINUTE, 'fails', "20 min ahead of DingTalk's"],
    ['16 minutes behind', 16 * MINUTE, 'fails', "16 min behind DingTalk's"],
    ['14 minutes behind', 14 * MINUTE, 'holds', "14 min behind DingTalk's"],
    ['8 seconds behind', 8000, 'holds', "s behind DingTalk's"],
  ] as const)('%s', async (_, ahead, verdict, seen) => {
    await here.restart({ clock: () => here.clock.now() + ahead })
    const result = await check()
    expect(result[verdict]).toContainEqual(expect.stringMatching(new RegExp(`^Clock / 时钟: .*${seen}$`)))
    expect(result.ok).toBe(verdict === 'holds')
  })
})

describe('the storage', () => {
  test('out of reach of a firewall that drops what it does not let pass: all addresses at once', async () => {
    here.emulator.faults.add({ operation: 'unknown', times: Infinity, play: { kind: 'hang' } })
    const before = here.clock.now()
    const { fails } = await check()
    expect(fails).toHaveLength(2)
    expect(here.clock.now() - before).toBeLessThan(100_000)
  })

  test('out of reach', async () => {
    here.emulator.refuseConnections('oss')
    const { fails, errors } = await check()
    expect(fails).toEqual([
      expect.stringMatching(/^Storage .*127\.0\.0\.1:\d+: could not reach the storage/),
      expect.stringMatching(/^Storage .*127\.0\.0\.1:\d+: could not reach the storage/),
    ])
    expect(errors[0]).toContain('trans.dingtalk.com')
  })

  test('out of reach at one of its addresses is no failure', async () => {
    await here.restart({ deadResourceHosts: 1 })
    const { ok, open } = await check()
    expect(ok).toBe(true)
    expect(open).toEqual([
      expect.stringMatching(/^Storage .*127\.0\.0\.1:1: not known: could not reach the storage/),
    ])
  })

  test('a proxy that answers in its place is found out', async () => {
    const page = {
      kind: 'answer',
      status: 403,
      body: '<html>blocked</html>',
      headers: { etag: '"5f3a-1"' },
    } as const
    here.emulator.faults.add({ operation: 'unknown', times: Infinity, play: page })
    const { fails } = await check()
    expect(fails).toHaveLength(2)
    expect(fails[0]).toMatch(/something that is not OSS answers in its place \(HTTP 403\)/)
  })
})

describe('where calls are not answered', () => {
  test('nothing more is asked from a banned address', async () => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', play: ipBanJson })
    const { fails, open } = await check()
    expect(here.emulator.requests.at(-1)?.operation).toBe('uploadInfoV1')
    expect(fails).toEqual([expect.stringMatching(/^Calls are answered .*refused for 5 minutes/)])
    expect(open).toContainEqual(expect.stringMatching(/^Permission .*Storage\.File\.Write.*not asked/))
    expect(open).toContainEqual(expect.stringMatching(/^The operator's right .*refused for 5 minutes/))
  })

  test.each([
    ["the month's calls are spent", monthlyQuota, '5,000'],
    ['the runner is not on the list of addresses', ipNotInWhiteList, 'IP'],
  ])('%s', async (_, play, advice) => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', times: Infinity, play })
    const { ok, fails, errors } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(/^Calls are answered .*Forbidden\.AccessDenied/)])
    expect(errors[0]).toContain(advice)
  })

  test.each([
    ['commitV1', 'Storage.File.Write'],
    ['sendToChat', 'ConvFile.File.Send'],
  ] as const)(
    'what %s would say of something real is not known, and no failure',
    async (operation, scope) => {
      here.emulator.faults.add({ operation, times: Infinity, play: systemError500 })
      const { ok, open, log } = await check()
      expect(ok).toBe(true)
      expect(open).toEqual([expect.stringContaining(`(${scope}): not known: `)])
      // Nothing was committed or sent that might be there all the same.
      expect(log.join()).not.toMatch(/may or may not|重新运行前/)
    },
  )

  test('what is asked in earnest and not answered is a failure', async () => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', times: Infinity, play: badGateway })
    const { ok, fails } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(/^Calls are answered .*HTTP502/)])
  })

  test.each([
    ['a page of a proxy’s', 'uploadInfoV1', { status: 403, body: '<html>blocked</html>' }],
    ['no API at all', 'convertChat', { status: 404, body: { code: 'InvalidAction.NotFound', message: 'x' } }],
    ['a list of addresses', 'userGet', { status: 200, body: { errcode: 60020, errmsg: 'ip not allowed' } }],
  ] as const)('%s comes before permissions, and tells nothing of them', async (_, operation, answer) => {
    here.emulator.faults.add({ operation, times: Infinity, play: { kind: 'answer', ...answer } })
    const { ok, fails, open } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(/^Calls are answered /)])
    expect(open).toContainEqual(expect.stringMatching(/^Permission .*not known: /))
  })

  test.each([
    [
      'uploadInfoV1',
      { code: 'dentryUploadError', message: 'x' },
      /^The operator's right .*dentryUploadError/,
    ],
    ['uploadInfoV1', { code: 'paramError', message: 'x' }, /^The operator's right .*paramError/],
    ['uploadInfoV1', { code: 'paramError.spaceId', message: 'x' }, /^Folder .*paramError\.spaceId/],
    ['convertChat', { code: 'chatNotExist', message: 'x' }, /^Chat .*chatNotExist/],
    ['userGet', { errcode: 40035, errmsg: 'x' }, /^Operator .*40035/],
  ] as const)('%s refused with %j: an upload would be refused too', async (operation, body, row) => {
    const status = 'code' in body ? 400 : 200
    here.emulator.faults.add({ operation, times: Infinity, play: { kind: 'answer', status, body } })
    const { ok, fails } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(row)])
  })

  test('an upload key that there is not is no sign of a closed v1 commit', async () => {
    here.emulator.scopes.withdraw('Storage.File.Read')
    const body = { code: 'uploadKeyNotExist', message: 'x' }
    here.emulator.faults.add({ operation: 'commitV1', play: { kind: 'answer', status: 400, body } })
    expect((await check()).ok).toBe(true)
  })

  test('a permission that the platform calls by another name has a row of its own', async () => {
    const denied = (scope: string) => ({
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      message: 'x',
      accessdenieddetail: { requiredScopes: [scope] },
    })
    const body = denied('Storage.Some.New](https://evil.example)')
    here.emulator.faults.add({ operation: 'uploadInfoV1', play: { kind: 'answer', status: 403, body } })
    const { ok, fails, errors } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([
      expect.stringMatching(/^Permission \/ 权限 Storage\.Some\.Newhttpsevil\.example:/),
    ])
    expect(errors[0]).toContain('%23Storage.Some.New')
  })

  test('a token that is refused every time is not renewed for every call', async () => {
    for (const operation of ['uploadInfoV1', 'queryDentry', 'commitV1', 'convertChat'] as const)
      here.emulator.faults.add({ operation, times: Infinity, play: invalidAuthentication })
    const { ok } = await check()
    expect(ok).toBe(false)
    expect(here.count('accessToken')).toBe(2)
  })

  test('a token that cannot be renewed tells nothing of the call that wanted it', async () => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', play: invalidAuthentication })
    const body = { code: 'invalidClientIdOrSecret', message: 'x' }
    here.emulator.faults.add({
      operation: 'accessToken',
      nth: 2,
      play: { kind: 'answer', status: 400, body },
    })
    const { fails, open } = await check()
    expect(fails).toEqual([expect.stringMatching(/^Calls are answered .*invalidClientIdOrSecret/)])
    expect(open).toContainEqual(expect.stringMatching(/^Permission .*Storage\.UploadInfo\.Read\): not known/))
  })

  test('of a root, nothing is looked up for the v2 commit either', async () => {
    await here.restart({ v1Commit: 'closed' })
    await check({ 'parent-id': '0' })
    expect(here.count('queryDentry')).toBe(0)
  })

  test('a ban that comes late makes nothing of the storage', async () => {
    here.emulator.faults.add({ operation: 'commitV1', play: ipBanJson })
    const { fails, open } = await check()
    expect(fails).toEqual([expect.stringMatching(/^Calls are answered .*refused for 5 minutes/)])
    expect(open).toContainEqual(expect.stringMatching(/^Storage .*not known: not asked/))
  })

  test('what was not told is not taken for granted: whether a member is active, an entry a folder', async () => {
    const unionid = here.emulator.values.unionId
    const answers = [
      ['userGet', { errcode: 0, result: { unionid } }],
      ['queryDentry', { dentry: { uuid: 'u', name: 'n.txt' } }],
    ] as const
    for (const [operation, body] of answers)
      here.emulator.faults.add({ operation, play: { kind: 'answer', status: 200, body } })
    const { holds, open } = await check()
    expect(open).toEqual([expect.stringMatching(/^Operator .*whether they are active was not told/)])
    expect(holds).toContainEqual(expect.stringMatching(/^Folder .*“n\.txt” is there, and takes uploads/))
  })

  test('out of reach, the gateway is what fails, after few tries', async () => {
    here.emulator.refuseConnections('gateway')
    const { fails, errors } = await check()
    expect(fails).toEqual([expect.stringMatching(/^Credentials .*ConnectionFailed/)])
    expect(errors[0]).toContain('HTTPS_PROXY')
    expect(here.clock.slept).toHaveLength(1)
  })

  test('a job that is cancelled ends', async () => {
    here.cancel()
    const { ok, errors } = await check()
    expect(ok).toBe(false)
    expect(errors).toEqual(['nothing more was done / 已停止: the job was cancelled'])
  })
})

test('wrong inputs are told before any call', async () => {
  const { ok, errors } = await check({ 'chat-id': 'group', 'app-secret': '' })
  expect(ok).toBe(false)
  expect(errors[0]).toMatch(/app-secret: is required[^]*chat-id: "group" is neither/)
  expect(here.emulator.requests).toEqual([])
})
