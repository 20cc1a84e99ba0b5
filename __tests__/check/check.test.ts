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
import { reportsDoubt } from '../../test-support/doubt.ts'
import { docsLink, job, type Job } from '../../test-support/job.ts'

const MINUTE = 60_000
/** Permissions that no upload requires. */
const OPTIONAL = ['ConvFile.Space.Read', 'Storage.File.Read']
const NEEDED = SCOPES.filter((scope) => !OPTIONAL.includes(scope))

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

/** Runs a check in English. @returns what passes, fails, and is open, and the number of skipped checks */
async function check(given: Record<string, string> = {}) {
  const result = await here.run({ path: '', mode: 'check', language: 'en', ...given })
  expect([...result.log, ...result.errors].filter((text) => /[ \t]$/m.test(text))).toEqual([])
  const marked = (mark: string) =>
    result.log.flatMap((line) => (line.startsWith(`${mark} `) ? line.slice(mark.length + 1) : []))
  const total = result.log.find((line) => line.startsWith('DingTalk check')) ?? ''
  const unchecked = Number(/(\d+) not checked/.exec(total)?.[1] ?? 0)
  const fails = result.errors.map((error) => error.replaceAll('\n', ' '))
  return {
    ...result,
    holds: marked('✅'),
    fails,
    open: marked('⚠️'),
    unchecked,
    total,
  }
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

test('passes every requirement', async () => {
  const { ok, fails, open, holds, errors, outputs, summaries } = await check(everything())
  expect({ fails, open, errors }).toEqual({ fails: [], open: [], errors: [] })
  expect(ok).toBe(true)
  const needed = holds.filter((line) => !OPTIONAL.some((scope) => line.includes(scope)))
  expect(needed).toHaveLength(2 + NEEDED.length + 2 + 1 + 1 + 1 + 1 + 2)
  // As the README says.
  expect(here.emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(8)
  expect(outputs).toMatchObject({ 'dentry-id': '', files: '[]', 'uploaded-count': '0' })
  expect(summaries.join()).toMatch(new RegExp(`^## ✅ .*\\b${holds.length}\\b`))
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

  test.each(NEEDED)('names only %s if it is withdrawn, with the link to enable it', async (scope) => {
    here.emulator.scopes.withdraw(scope)
    const { ok, fails, errors, summaries } = await check(everything())
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringContaining(scope)])
    expect(fails[0]).toContain(CONSOLE_NAMES[scope])
    const link = `https://open-dev.dingtalk.com/appscope/apply?content=${here.emulator.values.appKey}%23${scope}`
    expect(errors[0]!.split(link)).toHaveLength(2)
    expect(summaries[0]).toContain(`<${link}>`)
  })

  test('shows the name of each once in both languages', async () => {
    const { summaries } = await check({ ...everything(), language: 'both' })
    for (const scope of SCOPES)
      expect(summaries[0]!.split(scope.replaceAll('.', '&#46;').replaceAll('_', '&#95;'))).toHaveLength(2)
  })

  test.each(OPTIONAL)('does not fail without %s', async (scope) => {
    here.emulator.scopes.withdraw(scope)
    const { ok, fails } = await check(everything())
    expect(fails).toEqual([])
    expect(ok).toBe(true)
  })

  test('names all of them together if only the token’s is granted', async () => {
    here.emulator.scopes.withdraw(...SCOPES.filter((scope) => scope !== 'qyapi_base'))
    const { fails } = await check(everything())
    expect(fails).toHaveLength(1)
    for (const scope of NEEDED.filter((scope) => scope !== 'qyapi_base')) {
      expect(fails[0]!.split(scope)).toHaveLength(3) // its link, which is named, and has the name too
      expect(fails[0]).toContain(`%23${scope}`)
    }
  })

  test('counts the others if no token can be issued', async () => {
    here.emulator.scopes.withdraw(...SCOPES)
    const { ok, fails, open, unchecked } = await check(everything())
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringContaining('调用企业API基础权限 (qyapi_base)')])
    expect(open).toEqual([])
    expect(unchecked).toBeGreaterThan(SCOPES.length)
    expect(here.count('accessToken')).toBe(1)
  })

  test('recommends access to the group’s own space if files are sent to groups', async () => {
    here.emulator.scopes.withdraw('ConvFile.Space.Read')
    const { ok, open } = await check()
    expect(ok).toBe(true)
    expect(open).toContainEqual(expect.stringMatching(/群文件空间读权限.*ConvFile\.Space\.Read/))
    const alone = await check({ 'chat-id': '' })
    expect(alone.log.join('\n')).not.toContain('ConvFile.Space.Read')
  })

  test('requires permission to read for keep-last', async () => {
    here.emulator.scopes.withdraw('Storage.File.Read')
    const { ok, fails } = await check({ 'keep-last': '3' })
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringContaining('Storage.File.Read')])
  })

  test('one that these inputs do not need is not checked', async () => {
    here.emulator.scopes.withdraw(
      'qyapi_robot_sendmsg',
      'Document.WorkspaceDocument.Read',
      'Storage.File.Read',
    )
    const { ok, open, log } = await check()
    expect(ok).toBe(true)
    expect(log.join('\n')).not.toMatch(/WorkspaceDocument|qyapi_robot_sendmsg/)
    expect([here.count('space'), here.count('post')]).toEqual([0, 0])
    expect(open).toEqual([expect.stringContaining('(Storage.File.Read): ')])
  })

  test('recommends what a folder given only by its UUID can work without', async () => {
    here.emulator.scopes.withdraw('Document.WorkspaceDocument.Read')
    const { ok, open } = await check(here.byUuid)
    expect(ok).toBe(true)
    expect(open).toContainEqual(expect.stringMatching(/WorkspaceDocument.*: Not enabled\. .*multipart/))
  })

  test.each<Record<string, string>>([{ 'folder-path': 'a' }, { 'keep-directories': 'true' }])(
    'but requires it if folders are created below it: %j',
    async (given) => {
      here.emulator.scopes.withdraw('Document.WorkspaceDocument.Read')
      const { ok, fails } = await check({ ...here.byUuid, ...given })
      expect([ok, fails]).toEqual([false, [expect.stringContaining('Document.WorkspaceDocument.Read')]])
    },
  )

  test('accepts an operator who may read the folder, although upload info is rejected', async () => {
    here.emulator.scopes.withdraw('Storage.UploadInfo.Read')
    const { holds } = await check({ 'user-id': '', 'union-id': here.emulator.values.unionId })
    expect(holds).toContainEqual(expect.stringMatching(/^Operator \(union-id\): /))
  })

  test('needs no lookup with union-id and an open conversation ID', async () => {
    const { unionId, openConversationId } = here.emulator.values
    here.emulator.scopes.withdraw('qyapi_get_member', 'qyapi_chat_read')
    const { ok, holds, open } = await check({
      'user-id': '',
      'union-id': unionId,
      'chat-id': openConversationId,
    })
    expect(ok).toBe(true)
    expect(holds).toContainEqual(expect.stringMatching(/^Operator \(union-id\): /))
    expect(open).toEqual([expect.stringMatching(/^Group cid/)])
  })

  test('requires permission to read if the v1 commit is closed', async () => {
    await here.restart({ v1Commit: 'closed' })
    here.emulator.scopes.withdraw('Storage.File.Read')
    const { fails } = await check()
    expect(fails).toEqual([expect.stringContaining('企业存储文件读权限 (Storage.File.Read)')])
  })
})

describe('reports what is wrong, and checks the rest', () => {
  const cases: [string, (job: Job) => Record<string, string>, RegExp[]][] = [
    ['another secret', () => ({ 'app-secret': 'wrong-secret' }), [/^Credentials .*invalidClientIdOrSecret/]],
    ['no such user', () => ({ 'user-id': 'nobody' }), [/^Operator .*60121/]],
    [
      'a user the app may not see',
      ({ emulator }) => ({ 'user-id': emulator.others.userOutsideRange.userId }),
      [/^Operator .*50002/],
    ],
    [
      'a user who is not active',
      ({ emulator }) => ({ 'user-id': emulator.others.inactiveUser.userId }),
      [/^Operator .*user-id/],
    ],
    [
      'no such union id',
      () => ({ 'user-id': '', 'union-id': 'nobody' }),
      [/^Operator .*paramError\.unionId/],
    ],
    ['no such space', () => ({ 'space-id': '123', 'parent-id': '0' }), [/^Folder: .*spaceNotExist/]],
    ['no such folder', () => ({ 'parent-id': '123' }), [/^Folder: .*dentryNotExist/]],
    [
      'no such uuid',
      () => ({ 'space-id': '', 'parent-id': '', 'folder-url': docsLink('x') }),
      [/^Folder: .*parentDentryUuid/],
    ],
    [
      'a file for a folder',
      ({ emulator }) => ({ 'parent-id': emulator.others.file.dentryId }),
      [/^Folder: .*欢迎\.txt.*folder-url/],
    ],
    [
      'a folder to which nobody may write',
      ({ emulator }) => ({ 'parent-id': emulator.others.readOnlyFolder.parentId }),
      [/^Folder: .*permissionDenied/],
    ],
    [
      'somebody else’s files',
      ({ emulator }) => ({ 'space-id': emulator.others.foreignMyFiles.spaceId, 'parent-id': '0' }),
      [/^Folder: .*permissionDenied/],
    ],
    ['no such chat', () => ({ 'chat-id': `chat${'1'.repeat(32)}` }), [/^Group .*invalideChatId/]],
    [
      'a chat whose owner the app may not see',
      ({ emulator }) => ({ 'chat-id': emulator.others.groupOutsideRange.chatId }),
      [/^Group .*permession\.checkFailed/],
    ],
    ['no such recipient', () => ({ 'to-user-ids': 'nobody' }), [/^Recipient .*nobody.*60121/]],
    ['no such robot', () => ({ 'robot-code': 'nobody' }), [/^Robot .*resource\.not\.found/]],
    [
      'two things at once',
      () => ({ 'user-id': 'nobody', 'chat-id': `chat${'1'.repeat(32)}` }),
      [/^Operator .*60121/, /^Group .*invalideChatId/],
    ],
  ]
  test.each(cases)('%s', async (_, given, wanted) => {
    const { ok, fails, holds, open, unchecked } = await check(given(here))
    expect(fails).toEqual(wanted.map((line) => expect.stringMatching(line)))
    expect(ok).toBe(false)
    expect(holds.length + open.length + fails.length + unchecked).toBeGreaterThanOrEqual(13)
  })

  test.each<[string, (job: Job) => Record<string, string>]>([
    ['a file', ({ emulator }) => ({ 'parent-id': emulator.others.file.dentryId })],
    ['a folder that does not exist', () => ({ 'parent-id': '123' })],
    ['a space that does not exist', () => ({ 'space-id': '123', 'parent-id': '0' })],
  ])('reports %s once, although every call rejects it with its own code', async (_, given) => {
    const { fails, open, unchecked, summaries } = await check(given(here))
    expect([fails, open]).toEqual([[expect.stringMatching(/^Folder: /)], []])
    expect(unchecked).toBe(0)
    expect(summaries.join()).not.toMatch(/⚠️|FILE/)
  })

  test('never calls a robot’s webhook', async () => {
    const { webhook, secret } = here.emulator.others.customRobot
    const right = await check({ 'robot-webhook': webhook, 'robot-secret': secret })
    expect(right.holds).toContainEqual(expect.stringMatching(/^Robot \(robot-webhook\): /))
    expect(here.count('postByWebhook')).toBe(0)
  })

  test('lists the root of a space instead of looking it up as an entry', async () => {
    const { holds } = await check({ 'parent-id': '0' })
    expect(holds).toContainEqual(expect.stringMatching(/^Folder: /))
    expect(here.count('list')).toBe(1)
    expect(here.count('dentry')).toBe(0)
  })

  test('reports no rights of an unknown operator', async () => {
    here.emulator.faults.add({
      operation: 'uploadInfoV1',
      play: { kind: 'answer', status: 403, body: { code: 'permissionDenied', message: '没有权限' } },
    })
    const { fails } = await check({ 'user-id': 'nobody' })
    expect(fails).toEqual([expect.stringMatching(/^Operator .*60121/)])
  })

  test('reports a full space if the platform does', async () => {
    here.emulator.faults.add({
      operation: 'uploadInfoV1',
      play: { kind: 'answer', status: 400, body: { code: 'spaceQuotaInsufficient', message: '空间不足' } },
    })
    const { fails } = await check()
    expect(fails).toEqual([expect.stringMatching(/^Folder: .*spaceQuotaInsufficient/)])
  })
})

describe('the clock', () => {
  test.each([
    ['20 minutes behind', 20 * MINUTE, 'fails', '(1199|1200) s behind'],
    ['20 minutes ahead', -20 * MINUTE, 'fails', '(1200|1201) s ahead'],
    ['16 minutes behind', 16 * MINUTE, 'fails', '(959|960) s behind'],
    ['14 minutes behind', 14 * MINUTE, 'holds', '(839|840) s behind'],
    ['8 seconds behind', 8000, 'holds', 's behind'],
  ] as const)('%s', async (_, ahead, verdict, seen) => {
    await here.restart({ clock: () => here.clock.now() + ahead })
    const result = await check()
    expect(result[verdict]).toContainEqual(expect.stringMatching(new RegExp(`^Clock: .*${seen}`)))
    expect(result.ok).toBe(verdict === 'holds')
  })
})

describe('the storage', () => {
  test('is unreachable behind a firewall that drops packets: tries all addresses at the same time', async () => {
    here.emulator.faults.add({ operation: 'unknown', times: Infinity, play: { kind: 'hang' } })
    const before = here.clock.now()
    const { fails } = await check()
    expect(fails).toHaveLength(2)
    expect(here.clock.now() - before).toBeLessThan(100_000)
  })

  test('fails if it is unreachable', async () => {
    here.emulator.refuseConnections('oss')
    const { fails, errors } = await check()
    expect(fails).toEqual([
      expect.stringMatching(/^Storage 127\.0\.0\.1:\d+: .*ConnectionFailed/),
      expect.stringMatching(/^Storage 127\.0\.0\.1:\d+: .*ConnectionFailed/),
    ])
    expect(errors[0]).toContain('trans.dingtalk.com')
  })

  test('names a proxy that does not respond', async () => {
    const headerSignatureInfo = {
      resourceUrls: ['https://storage.example.com/x'],
      headers: {},
      expirationSeconds: 900,
    }
    const play = { kind: 'answer', status: 200, body: { uploadKey: 'k', headerSignatureInfo } } as const
    here.emulator.faults.add({ operation: 'uploadInfoV1', times: Infinity, play })
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1'
    try {
      const { fails } = await check()
      expect(fails).toEqual([expect.stringMatching(/^Storage storage\.example\.com: .*NO_PROXY/)])
    } finally {
      delete process.env['HTTPS_PROXY']
    }
  })

  test('passes if only one of its addresses is unreachable', async () => {
    await here.restart({ deadResourceHosts: 1 })
    const { ok, open } = await check()
    expect(ok).toBe(true)
    expect(open).toEqual([expect.stringMatching(/^Storage 127\.0\.0\.1:1: Not checked: .*ConnectionFailed/)])
  })

  test('detects a proxy that responds instead', async () => {
    const page = {
      kind: 'answer',
      status: 403,
      body: '<html>blocked</html>',
      headers: { etag: '"5f3a-1"' },
    } as const
    here.emulator.faults.add({ operation: 'unknown', times: Infinity, play: page })
    const { fails } = await check()
    expect(fails).toHaveLength(2)
    expect(fails[0]).toMatch(/^Storage 127.*trans\.dingtalk\.com/)
  })
})

describe('calls without a response', () => {
  test('stops at a banned address', async () => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', play: ipBanJson })
    const { fails, open, unchecked } = await check()
    expect(here.emulator.requests.at(-1)?.operation).toBe('uploadInfoV1')
    expect(fails).toEqual([expect.stringMatching(/^Connection to DingTalk: .*5 minutes.*1111/)])
    // What was not looked at is only counted.
    expect(unchecked).toBeGreaterThan(5)
    expect(open).toEqual([])
  })

  test.each([
    ["the month's calls are spent", monthlyQuota, '5,000'],
    ['the runner is not on the list of addresses', ipNotInWhiteList, 'IP'],
  ])('%s', async (_, play, advice) => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', times: Infinity, play })
    const { ok, fails, errors, log, summaries } = await check()
    expect(ok).toBe(false)
    // Nobody knows whether a permission is missing.
    expect(log.join() + summaries.join()).not.toContain('/appscope/')
    expect(fails).toEqual([expect.stringMatching(/^Connection to DingTalk: .*Forbidden\.AccessDenied/)])
    expect(errors[0]).toContain(advice)
  })

  test.each([
    ['commitV1', 'Storage.File.Write'],
    ['send', 'ConvFile.File.Send'],
  ] as const)(
    'reports a result of %s for a real entry as unknown, not as a failure',
    async (operation, scope) => {
      here.emulator.faults.add({ operation, times: Infinity, play: systemError500 })
      const { ok, open, log } = await check()
      expect(ok).toBe(true)
      expect(open).toEqual([expect.stringContaining(`(${scope}): Not checked: `)])
      // No commit or send is in doubt.
      expect(log.filter(reportsDoubt)).toEqual([])
    },
  )

  test('fails if a real call gets no response', async () => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', times: Infinity, play: badGateway })
    const { ok, fails } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(/^Connection to DingTalk: .*HTTP502/)])
  })

  test.each([
    ['a page of a proxy’s', 'uploadInfoV1', { status: 403, body: '<html>blocked</html>' }],
    [
      'no API at all',
      'openConversationId',
      { status: 404, body: { code: 'InvalidAction.NotFound', message: 'x' } },
    ],
    ['a list of addresses', 'unionId', { status: 200, body: { errcode: 60020, errmsg: 'ip not allowed' } }],
  ] as const)('reports %s before permissions, and no permission', async (_, operation, answer) => {
    here.emulator.faults.add({ operation, times: Infinity, play: { kind: 'answer', ...answer } })
    const { ok, fails, open, unchecked } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(/^Connection to DingTalk: /)])
    // Nor once more of what followed from it.
    expect(open).toEqual([])
    expect(unchecked).toBeGreaterThan(0)
  })

  test.each([
    ['uploadInfoV1', { code: 'dentryUploadError', message: 'x' }, /^Folder: .*dentryUploadError/],
    ['uploadInfoV1', { code: 'paramError', message: 'x' }, /^Folder: .*paramError/],
    ['uploadInfoV1', { code: 'paramError.spaceId', message: 'x' }, /^Folder: .*paramError\.spaceId/],
    ['openConversationId', { code: 'chatNotExist', message: 'x' }, /^Group .*chatNotExist/],
    ['unionId', { errcode: 40035, errmsg: 'x' }, /^Operator .*40035/],
  ] as const)(
    'fails if %s is rejected with %j, because an upload would be, too',
    async (operation, body, row) => {
      const status = 'code' in body ? 400 : 200
      here.emulator.faults.add({ operation, times: Infinity, play: { kind: 'answer', status, body } })
      const { ok, fails } = await check()
      expect(ok).toBe(false)
      expect(fails).toEqual([expect.stringMatching(row)])
    },
  )

  test('does not take an unknown upload key for a closed v1 commit', async () => {
    here.emulator.scopes.withdraw('Storage.File.Read')
    const body = { code: 'uploadKeyNotExist', message: 'x' }
    here.emulator.faults.add({ operation: 'commitV1', play: { kind: 'answer', status: 400, body } })
    expect((await check()).ok).toBe(true)
  })

  test('shows a permission with another name of the platform in its own row', async () => {
    const denied = (scope: string) => ({
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      message: 'x',
      accessdenieddetail: { requiredScopes: [scope] },
    })
    const body = denied('Storage.Some.New](https://evil.example)')
    const play = { kind: 'answer', status: 403, body } as const
    here.emulator.faults.add({ operation: 'uploadInfoV1', play, times: 2 })
    const { ok, fails, errors } = await check()
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(/ Storage\.Some\.Newhttpsevil\.example: https/)])
    expect(errors[0]).toContain('%23Storage.Some.New')
  })

  test('does not renew a token for every call if it is always rejected', async () => {
    for (const operation of ['uploadInfoV1', 'dentry', 'commitV1', 'openConversationId'] as const)
      here.emulator.faults.add({ operation, times: Infinity, play: invalidAuthentication })
    const { ok } = await check()
    expect(ok).toBe(false)
    expect(here.count('accessToken')).toBe(2)
  })

  test('reports nothing about a call whose token can’t be renewed', async () => {
    here.emulator.faults.add({ operation: 'uploadInfoV1', play: invalidAuthentication })
    const body = { code: 'invalidClientIdOrSecret', message: 'x' }
    here.emulator.faults.add({
      operation: 'accessToken',
      nth: 2,
      play: { kind: 'answer', status: 400, body },
    })
    const { fails, open, unchecked } = await check()
    expect(fails).toEqual([expect.stringMatching(/^Connection to DingTalk: .*invalidClientIdOrSecret/)])
    expect(open).toEqual([])
    expect(unchecked).toBeGreaterThan(0)
  })

  test('looks nothing up for the v2 commit to a root', async () => {
    await here.restart({ v1Commit: 'closed' })
    await check({ 'parent-id': '0' })
    expect(here.count('dentry')).toBe(0)
  })

  test('does not blame the storage for a ban that comes late', async () => {
    here.emulator.faults.add({ operation: 'commitV1', play: ipBanJson })
    const { fails, open, unchecked } = await check()
    expect(fails).toEqual([expect.stringMatching(/^Connection to DingTalk: .*5 minutes.*1111/)])
    expect(open).toEqual([])
    expect(unchecked).toBeGreaterThan(0)
  })

  test('a member and a folder pass if the response does not say that they are inactive or a file', async () => {
    const unionid = here.emulator.values.unionId
    const answers = [
      ['unionId', { errcode: 0, result: { unionid } }],
      ['dentry', { dentry: { uuid: 'u', name: 'n.txt' } }],
    ] as const
    for (const [operation, body] of answers)
      here.emulator.faults.add({ operation, play: { kind: 'answer', status: 200, body } })
    const { holds, open } = await check()
    expect(open).toEqual([])
    expect(holds).toContainEqual(expect.stringMatching(/^Operator \(user-id\): /))
    expect(holds).toContainEqual(expect.stringMatching(/^Folder: .*n\.txt/))
  })

  test('fails after few retries if the gateway is unreachable', async () => {
    here.emulator.refuseConnections('gateway')
    const { fails, errors } = await check()
    expect(fails).toEqual([expect.stringMatching(/^Connection to DingTalk: .*ConnectionFailed/)])
    expect(errors[0]).toContain('HTTPS_PROXY')
    expect(here.clock.slept).toHaveLength(1)
  })

  test('ends if the job is canceled', async () => {
    here.cancel()
    const { ok, errors } = await check()
    expect(ok).toBe(false)
    expect(errors).toHaveLength(1)
  })
})

test('reports wrong inputs before any call', async () => {
  const { ok, errors } = await check({ 'chat-id': 'group', 'app-secret': '' })
  expect(ok).toBe(false)
  expect(errors[0]).toMatch(/app-secret: [^]*chat-id: "group"/)
  expect(here.emulator.requests).toEqual([])
})

describe('a check that can’t continue', () => {
  test.each([
    [
      'a wrong secret',
      { 'app-secret': 'wrong-secret' },
      /^Credentials .*invalidClientIdOrSecret/,
      /app-key .*app-secret/,
    ],
    [
      'no connection',
      { 'api-base-url': 'http://127.0.0.1:1' },
      /^Connection .*127\.0\.0\.1:1 .*ConnectionFailed/,
      /api-base-url/,
    ],
  ])('reports %s, and how many checks it skipped', async (_, given, what, fix) => {
    const { ok, fails, holds, open, unchecked, summaries, log } = await check(given)
    expect(ok).toBe(false)
    expect(fails).toEqual([expect.stringMatching(what)])
    expect(fails[0]).toMatch(fix)
    expect({ holds, open }).toEqual({ holds: [], open: [] })
    expect(unchecked).toBeGreaterThan(10)
    expect(summaries[0]!.split('\n')[0]).toContain(String(unchecked))
    // No advice about what was not asked.
    expect(JSON.stringify([log, fails, summaries])).not.toMatch(/appscope|qyapi_|Storage\./)
  })

  test('names the input of the unreachable old gateway, and no consequences', async () => {
    const { fails, open } = await check({ 'oapi-base-url': 'http://127.0.0.1:1' })
    expect(fails).toEqual([expect.stringMatching(/^Connection .*127\.0\.0\.1:1 .*oapi-base-url/)])
    expect(open).toEqual([])
  })
})

describe('wrong base URLs', () => {
  test.each(['oapi-base-url', 'api-base-url'])(
    'reports that %s leads to the other gateway',
    async (input) => {
      const { apiBaseUrl, oapiBaseUrl } = here.emulator.values
      const { fails } = await check({ [input]: input === 'api-base-url' ? oapiBaseUrl : apiBaseUrl })
      expect(fails).toEqual([expect.stringContaining(input)])
      expect(fails[0]).not.toMatch(/[{}]/)
      expect(here.clock.slept).toEqual([])
    },
  )
})

test('reports failures only once, and collapses what passed', async () => {
  here.emulator.scopes.withdraw('Storage.File.Write')
  const { log, errors, summaries } = await check()
  expect(errors).toHaveLength(1)
  expect(log.join('\n')).not.toContain('Storage.File.Write')
  const [shown = '', folded = ''] = summaries[0]!.split('<details>')
  expect(shown).toContain('Storage&#46;File&#46;Write')
  expect(folded).not.toContain('Storage&#46;File&#46;Write')
  expect(shown).not.toContain('qyapi&#95;base')
  expect(folded).toContain('qyapi&#95;base')
})

test('reports the open conversation ID of a chat ID, which saves the lookup', async () => {
  const { chatId, openConversationId } = here.emulator.values
  const { holds } = await check()
  const [line] = holds.filter((line) => line.includes(chatId))
  expect(line).toContain(openConversationId)
  expect(line).toContain('chat-id')
})

test.each(['zh', 'both'])('writes everything in Chinese in %s', async (language) => {
  here.emulator.scopes.withdraw('Storage.File.Write', 'Storage.File.Read')
  const { errors, summaries } = await here.run({ path: '', mode: 'check', language })
  for (const text of [errors.join(), summaries.join()]) {
    expect(text).toMatch(/[\u4e00-\u9fff]{4,}。/)
    expect(/[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+/.test(text.replaceAll(/request id|<[^>]*>/g, ''))).toBe(
      language === 'both',
    )
  }
})
