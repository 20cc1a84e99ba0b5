// The conversation, in a terminal of this process, against the emulator and stand-ins for dws, gh, and glab.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { parse } from 'yaml'
import { ACTION } from '../scripts/act.ts'
import { WORKFLOW } from '../src/setup/values.ts'
import { type Line, setupSession, type SetupSession } from '../test-support/setup-session.ts'

// Some tests start dozens of processes.
jest.setTimeout(240_000)

let session: SetupSession
beforeEach(async () => {
  session = await setupSession()
})
afterEach(() => session.end())

/** The questions of a setup by hand, and the right answers. */
function byHand(): Record<
  'use' | 'way' | 'key' | 'secret' | 'user' | 'folder' | 'group' | 'target' | 'file',
  Line
> {
  const { appKey, appSecret, userId, openConversationId } = session.emulator.values
  return {
    use: ['◆  What do you want', '<enter>'],
    way: ['◆  How do you want', '<enter>'],
    key: ['◆  Client ID', appKey],
    secret: ['◆  Client Secret', appSecret],
    user: ['◆  UserID', userId],
    folder: ['◆  Link of the folder', session.folderUrl],
    group: ['◆  openConversationId', openConversationId],
    target: ['◆  Where do you want', '<enter>'],
    file: ['◆  Upload a small file', '<enter>'],
  }
}

const env = () => parseEnv(readFileSync(join(session.directory, '.env'), 'utf8'))

test('by hand, from an empty directory to the file in the group', async () => {
  const { exitCode, text } = await session.play(Object.values(byHand()))
  expect(exitCode).toBe(0)
  const { appKey, appSecret, userId, openConversationId } = session.emulator.values
  expect(session.emulator.messages).toMatchObject([{ to: openConversationId, kind: 'file' }])
  expect(env()).toMatchObject({
    DINGTALK_APP_KEY: appKey,
    DINGTALK_APP_SECRET: appSecret,
    DINGTALK_USER_ID: userId,
    DINGTALK_FOLDER_URL: session.folderUrl,
    DINGTALK_CHAT_ID: openConversationId,
  })
  expect(text).not.toContain(appSecret)
  expect(session.filesWith(appSecret)).toEqual(['project/.env'])
})

/** Installs dws, logged in as somebody who can create apps, and an app without permissions. */
function withDws(state: Parameters<typeof session.install<'dws'>>[1] = {}): void {
  const { values, others, scopes } = session.emulator
  const authed = ['qyapi_base']
  scopes.withdraw(...[...scopes.granted].filter((scope) => !authed.includes(scope)))
  session.install('dws', {
    emulator: values.apiBaseUrl,
    credentials: { clientId: values.appKey, clientSecret: values.appSecret },
    self: { userId: values.userId, name: '李四' },
    groups: [
      { title: '发布群（旧）', openConversationId: others.secondGroup.openConversationId },
      { title: '发布群', openConversationId: values.openConversationId },
    ],
    robotCode: others.robotCode,
    authed,
    ...state,
  })
}

/** The questions of a setup with dws, and the right answers. */
const BY_DWS = {
  use: ['◆  What do you want', '<enter>'],
  way: ['◆  How do you want', '<enter>'],
  name: ['◆  Name of the app', '<enter>'],
  create: ['◆  There is no app named', '<enter>'],
  publish: ['◆  Add them with dws', '<enter>'],
  visible: ['◆  Have you set the visibility', '<enter>'],
  user: ['◆  UserID', '<enter>'],
  search: ['◆  Name of the group', '发布'],
  group: ['◆  Which group', '<down>', '<enter>'],
  target: ['◆  Where do you want', '<enter>'],
  file: ['◆  Upload a small file', '<enter>'],
} as const satisfies Record<string, Line>

/** With the folder, whose link is pasted. */
function byDws(): Record<keyof typeof BY_DWS | 'folder', Line> {
  const { use, way, name, create, publish, visible, user, ...later } = BY_DWS
  return { use, way, name, create, publish, visible, user, folder: byHand().folder, ...later }
}

/** The commands of dws that were run, without their flags. */
const commands = () =>
  session
    .calls()
    .filter(({ name }) => name === 'dws')
    .map(({ args }) =>
      args
        .slice(
          0,
          args.findIndex((arg) => arg.startsWith('--')),
        )
        .join(' '),
    )

const count = (command: string) => commands().filter((other) => other === command).length

test('with dws and gh, from an empty directory to the file in the group', async () => {
  withDws()
  session.install('gh', { repositories: ['acme/app'] })
  execFileSync('git', ['init', '-q'], { cwd: session.directory })
  execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:acme/app.git'], { cwd: session.directory })
  const { target, file, ...before } = byDws()
  const { exitCode, text } = await session.play([
    ...Object.values(before),
    target,
    ['◆  GitHub repository', '<enter>'],
    ['◆  Set them now', '<enter>'],
    ['◆  Create .github', '<enter>'],
    file,
  ])
  expect(exitCode).toBe(0)
  const { appKey, appSecret, userId, openConversationId } = session.emulator.values
  expect(session.emulator.messages).toMatchObject([{ to: openConversationId, kind: 'file' }])
  const { secrets, variables } = session.state('gh')
  expect(secrets).toEqual({ DINGTALK_APP_SECRET: appSecret })
  expect(variables).toMatchObject({
    DINGTALK_APP_KEY: appKey,
    DINGTALK_USER_ID: userId,
    DINGTALK_FOLDER_URL: session.folderUrl,
    DINGTALK_CHAT_ID: openConversationId,
  })
  expect(session.state('dws').apps).toHaveLength(1)
  expect(text).not.toContain(appSecret)
  expect(session.filesWith(appSecret)).toEqual([])
  expect(JSON.stringify(session.calls().map(({ args }) => args))).not.toContain(appSecret)
  // One account for every command, once it is known.
  const calls = session
    .calls()
    .filter(({ name, args }) => name === 'dws' && !['version', 'auth', 'profile'].includes(args[0]!))
  for (const { args } of calls) expect(args).toContain('dingcorp:manager01')
})

describe('dws', () => {
  test('an app that was created although dws reported an error is found, and no second one is created', async () => {
    withDws({ plays: { 'dev app create': ['http_503 done'] } })
    const { use, way, name, create } = byDws()
    const { text } = await session.play([
      ...[use, way, name, create],
      ['◆  What next', '<enter>'],
      ['◆  Which app do you want', '<enter>'],
      ['◆  Add them with dws', '<ctrl-c>'],
    ])
    expect(text).toContain('upload-to-dingtalk')
    expect(count('dev app create')).toBe(1)
    expect(session.state('dws').apps).toHaveLength(1)
  })

  test('an app that was not created is looked for again before it is created', async () => {
    withDws({ plays: { 'dev app create': ['http_429'] } })
    const { use, way, name, create } = byDws()
    await session.play([
      ...[use, way, name, create],
      ['◆  What next', '<enter>'],
      ['◆  There is no app named', '<enter>'],
      ['◆  Add them with dws', '<ctrl-c>'],
    ])
    const calls = commands().filter((command) => /^dev app (list|create)$/.test(command))
    expect(calls).toEqual(['dev app list', 'dev app create', 'dev app list', 'dev app create'])
    expect(session.state('dws').apps).toHaveLength(1)
  })

  test('asks which of several apps of the same name to use, and offers no further one', async () => {
    const app = (id: string) => ({ unifiedAppId: id, name: 'upload-to-dingtalk', appKey: `ding${id}` })
    withDws({ apps: [app('ua-1'), app('ua-2')] })
    const { use, way, name } = byDws()
    const { text } = await session.play([
      ...[use, way, name],
      ['◆  Which app do you want', '<down>', '<enter>'],
      ['◆  Add them with dws', '<ctrl-c>'],
    ])
    expect(text).not.toContain('Create a new app')
    const read = session.calls().find(({ args }) => args.includes('credentials'))
    expect(read?.args).toContain('ua-2')
  })

  test('tries again after the person has given consent in the browser', async () => {
    withDws({ plays: { 'dev app list': ['consent'] } })
    const { use, way, name } = byDws()
    const { text } = await session.play([
      ...[use, way, name],
      ['◆  What next', '<enter>'],
      ['◆  There is no app named', '<ctrl-c>'],
    ])
    expect(text).toContain('https://open-dev.dingtalk.com/consent?code=1')
  })

  test.each([
    ['no-developer', 'https://open-dev.dingtalk.com/'],
    ['unknown-tool', 'dws upgrade'],
    ['nothing', ''],
    ['html', ''],
    ['consent-denied', 'https://open-dev.dingtalk.com/fe/old#/developerSettings'],
  ] as const)('goes on by hand where it can not: %s', async (play, shown) => {
    withDws({ plays: { 'dev app list': [play] }, ...(play === 'nothing' ? { apps: [] } : {}) })
    const { use, way, name } = byDws()
    const { text, exitCode } = await session.play([
      ...[use, way, name],
      ['◆  What next', '<down>', '<enter>'],
      ['◆  Client ID', '<ctrl-c>'],
    ])
    expect(text).toContain(shown)
    expect(exitCode).toBe(130)
    expect(text).not.toMatch(/dws auth login|\n\s+at .*:\d+/)
  })

  test('shows nothing of what dws prints about credentials', async () => {
    withDws({ plays: { 'dev app credentials get': ['token', 'quoting'] } })
    const { use, way, name, create } = byDws()
    const { text } = await session.play([
      ...[use, way, name, create],
      ['◆  What next', '<enter>'],
      ['◆  What next', '<down>', '<enter>'],
      ['◆  Client ID', '<ctrl-c>'],
    ])
    const { appSecret } = session.emulator.values
    expect(text).not.toContain(appSecret)
    expect(session.filesWith(appSecret)).toEqual([])
  })

  test('is used after the user has logged in, or continues manually', async () => {
    withDws({ loggedIn: false })
    const { use, way } = byDws()
    const { text } = await session.play([
      ...[use, way],
      [
        '◆  What next',
        () => {
          session.install('dws', { loggedIn: true })
        },
        '<enter>',
      ],
      ['◆  Name of the app', '<escape>'],
      [
        '◆  How do you want',
        () => {
          session.install('dws', { loggedIn: false })
        },
        '<enter>',
      ],
      ['◆  What next', '<down>', '<enter>'],
      ['◆  Client ID', '<ctrl-c>'],
    ])
    expect(text).toContain('dws auth login')
    expect(text).toContain('https://open-dev.dingtalk.com/fe/old#/developerSettings')
  })

  test('asks which account to use, and uses it for every command', async () => {
    const other = { profile: 'dingother:user02', corpName: 'Other', userName: '李四' }
    withDws({ accounts: [{ profile: 'dingcorp:manager01', corpName: 'ACME', userName: '李四' }, other] })
    const { use, way, name } = byDws()
    await session.play([
      ...[use, way],
      ['◆  Which dws account', '<down>', '<enter>'],
      name,
      ['◆  There is no app', '<ctrl-c>'],
    ])
    expect(session.calls().at(-1)!.args).toContain('dingother:user02')
  })

  test.each([['v1.0.57'], ['v0.9.100'], [undefined]])('is not used in version %s', async (version) => {
    if (version) withDws({ version })
    const { text } = await session.play([
      byDws().use,
      // The other way is preselected.
      ['◆  How do you want', '<down>', '<enter>'],
      ['npm install -g dingtalk-workspace-cli'],
      [
        '◆  What next',
        () => {
          withDws({ version: 'v1.0.58' })
        },
        '<enter>',
      ],
      ['◆  Name of the app', '<ctrl-c>'],
    ])
    expect(text).toContain('1.0.58')
  })

  test('a version that waits for an approval is continued hours later, and published only once', async () => {
    withDws({
      needsApproval: ['Storage.File.Write'],
      approvers: [{ userId: 'admin01', name: '张三' }],
      reviews: 99,
    })
    const { use, way, name, create, publish, visible, user, folder } = byDws()
    const left = await session.play([
      ...[use, way, name, create, publish],
      ['◆  The version requires approval', '<enter>'],
      ['◆  Has it been approved', '<down>', '<enter>'],
    ])
    expect(left.exitCode).toBe(130)
    expect(session.filesWith(session.emulator.values.appSecret)).toEqual([])
    session.install('dws', { reviews: 0 })
    const { exitCode } = await session.play([
      ['◆  Answers from an earlier', '<enter>'],
      ...[visible, user, folder],
      ['◆  Name of the group', '<ctrl-c>'],
    ])
    expect(exitCode).toBe(130)
    for (const command of ['create', 'version create', 'version publish'])
      expect(count(`dev app ${command}`)).toBe(1)
    const published = session.calls().find(({ args }) => args.includes('publish'))
    expect(published?.args).toContain('admin01')
  })

  test('a version is published only once, although Esc leaves the question about the visibility', async () => {
    withDws()
    const { use, way, name, create, publish, user } = byDws()
    await session.play([
      ...[use, way, name, create, publish],
      ['◆  Have you set the visibility', '<escape>'],
      name,
      ['◆  Which app do you want', '<enter>'],
      user,
      ['◆  Link of the folder', '<ctrl-c>'],
    ])
    expect(count('dev app version status')).toBe(2)
  })

  test('another app gets a version of its own', async () => {
    withDws({ needsApproval: ['Storage.File.Write'], approvers: [{ userId: 'admin01', name: '张三' }] })
    const { use, way, name, create, publish } = byDws()
    await session.play([
      ...[use, way, name, create, publish],
      ['◆  The version requires approval', '<escape>'],
      ['◆  Name of the app', '<clear>', 'other'],
      ...[create, publish],
      ['◆  The version requires approval', '<ctrl-c>'],
    ])
    const created = session.calls().filter(({ args }) => args.slice(2, 4).join(' ') === 'version create')
    expect(created.map(({ args }) => args[args.indexOf('--unified-app-id') + 1])).toEqual(['ua-1', 'ua-2'])
  })

  test('permissions that dws can not add are enabled by hand', async () => {
    withDws({ notAddable: ['Storage.File.Write'] })
    const { use, way, name, create, publish, visible, user } = byDws()
    const { text } = await session.play([
      ...[use, way, name, create, publish, visible],
      [
        '◆  Have you published',
        () => {
          session.emulator.scopes.grant('Storage.File.Write')
        },
        '<enter>',
      ],
      user,
      ['◆  Link of the folder', '<ctrl-c>'],
    ])
    const { appKey } = session.emulator.values
    expect(text).toContain(
      `https://open-dev.dingtalk.com/appscope/apply?content=${appKey}%23Storage.File.Write`,
    )
    expect(text).not.toContain(`${appKey}%23Storage.File.Read`)
  })

  test('configures the robot, adds it to the group after a question, and posts', async () => {
    withDws()
    const { use, way, name, create, visible, user, folder, search, group, target, file } = byDws()
    const { exitCode } = await session.play([
      ['◆  What do you want', '<down>', '<enter>'],
      ...[way, name, create],
      ['机器人 (Robot)'],
      ['◆  Add them with dws', '<enter>'],
      ...[visible, user, folder, search, group],
      ['Add the robot to the group 发布群 with dws', '<enter>'],
      ...[target, file],
    ])
    expect(exitCode).toBe(0)
    const { openConversationId } = session.emulator.values
    const { robotCode } = session.emulator.others
    expect(session.state('dws').robots).toEqual([`${robotCode} ${openConversationId}`])
    expect(session.emulator.messages.map(({ kind }) => kind)).toEqual(['file', 'markdown'])
    expect(use).toBeDefined()
  })
})

describe('the conversation', () => {
  test('is left with Ctrl-C, and continued where it was left, without a secret in the saved answers', async () => {
    const { use, key, secret, user, folder, group, target, file } = byHand()
    const { exitCode } = await session.play([
      use,
      way(),
      key,
      secret,
      user,
      ['◆  Link of the folder', '<ctrl-c>'],
    ])
    expect(exitCode).toBe(130)
    const { appSecret, appKey } = session.emulator.values
    const [saved, ...others] = session.filesWith(appKey)
    expect(others).toEqual([])
    expect(statSync(join(session.directory, '..', saved!)).mode & 0o777).toBe(0o600)
    expect(session.filesWith(appSecret)).toEqual([])
    const again = await session.play([
      ['◆  Answers from an earlier', '<enter>'],
      secret,
      folder,
      group,
      target,
      file,
    ])
    expect(again.exitCode).toBe(0)
    expect(again.text).not.toContain('◆  Client ID')
    expect(session.filesWith(appKey)).toEqual(['project/.env'])
  })

  test('starts over if the person wants that', async () => {
    const { use, key } = byHand()
    await session.play([use, way(), key, ['◆  Client Secret', '<ctrl-c>']])
    const { text } = await session.play([
      ['◆  Answers from an earlier', '<down>', '<enter>'],
      use,
      ['◆  How do', '<ctrl-c>'],
    ])
    expect(text).toContain('What do you want')
  })

  test('exits with Esc before the first question', async () => {
    await session.play([byHand().use, ['◆  How do', '<ctrl-c>']])
    const { exitCode } = await session.play([['◆  Answers from an earlier', '<escape>']])
    expect(exitCode).toBe(130)
  })

  test.each(['', '{"use":"gr'])('starts over if the saved answers are damaged: %j', async (damaged) => {
    await session.play([byHand().use, ['◆  How do', '<ctrl-c>']])
    const [saved] = session.filesWith('"use"')
    writeFileSync(join(session.directory, '..', saved!), damaged)
    const { exitCode } = await session.play([['◆  What do you want', '<ctrl-c>']])
    expect(exitCode).toBe(130)
  })

  test('a secret that is pasted at the wrong question is neither saved nor suggested', async () => {
    const { use, key, secret, user } = byHand()
    const { appSecret } = session.emulator.values
    const { webhook, secret: signing } = session.emulator.others.customRobot
    const saved: string[] = []
    const look = () => {
      saved.push(...session.filesWith('app-key'))
    }
    const wrong = [appSecret, webhook, signing].flatMap((value): Line[] => [
      ['◆  Client ID', value],
      ['◆  Client Secret', look, 'wrong'],
    ])
    // A suggestion would come before what is typed.
    const { exitCode } = await session.play([...[use, way(), ...wrong, key, secret], [user[0], '<ctrl-c>']])
    expect([exitCode, saved]).toEqual([130, []])
  })

  test('goes back with Esc, and suggests what was answered before', async () => {
    const { use, key, secret, user, folder, group, target, file } = byHand()
    const { exitCode } = await session.play([
      ...[use, way(), key, secret, user],
      ['◆  Link of the folder', '<escape>'],
      ['◆  UserID', '<enter>'],
      ...[folder],
      ['◆  openConversationId', '<escape>'],
      ['◆  Link of the folder', '<escape>'],
      ['◆  UserID', '<escape>'],
      ['◆  Client ID', '<enter>'],
      ...[secret],
      ['◆  UserID', '<enter>'],
      ['◆  Link of the folder', '<enter>'],
      ...[group, target, file],
    ])
    expect(exitCode).toBe(0)
    expect(session.emulator.messages).toHaveLength(1)
  })

  test('ignores keys while it checks: they do not answer the next question', async () => {
    const { use, key, secret, user, folder, group } = byHand()
    await session.play([
      ...[use, way(), key, secret, user, folder, group],
      ['Please wait', '<enter>'],
      ['◆  Where do you want', '<ctrl-c>'],
    ])
    expect(existsSync(join(session.directory, '.env'))).toBe(false)
  })

  test('is left with Ctrl-D, too', async () => {
    const { exitCode } = await session.play([['◆  What do you want', '<ctrl-d>']])
    expect(exitCode).toBe(130)
  })

  test('asks again for what DingTalk does not accept, and says what is wrong', async () => {
    const { use, key, secret, user, folder, group } = byHand()
    const { text } = await session.play([
      ...[use, way(), key],
      ['◆  Client Secret', 'a-wrong-secret'],
      ['invalidClientIdOrSecret'],
      ['◆  Client ID', '<enter>'],
      secret,
      ['◆  UserID', 'nobody'],
      ['60121'],
      ['◆  UserID', '<clear>', user[1]!],
      ['◆  Link of the folder', 'https://alidocs.dingtalk.com/i/p/x'],
      ['◆  Link of the folder', '<clear>', folder[1]!],
      ['◆  openConversationId', session.emulator.others.foreignGroup.openConversationId],
      ['permissionDenied'],
      ['◆  openConversationId', '<clear>', group[1]!],
      ['◆  Where do you want', '<ctrl-c>'],
    ])
    expect(text).toContain('Operator: ')
    expect(text).not.toMatch(/\n\s+at .*:\d+/)
  })

  test('waits for permissions that are enabled in the browser, and links to each', async () => {
    const { scopes, values } = session.emulator
    scopes.withdraw('Storage.File.Write', 'ConvFile.Space.Read')
    const { use, key, secret, user } = byHand()
    const { text } = await session.play([
      ...[use, way(), key, secret],
      ['◆  Have you published', '<enter>'],
      [
        '◆  Have you published',
        () => {
          scopes.grant('Storage.File.Write')
        },
        '<enter>',
      ],
      ...[user],
      ['◆  Link of the folder', '<ctrl-c>'],
    ])
    for (const scope of ['Storage.File.Write', 'ConvFile.Space.Read'])
      expect(text).toContain(
        `https://open-dev.dingtalk.com/appscope/apply?content=${values.appKey}%23${scope}`,
      )
    // Not needed for this use.
    expect(text).not.toContain('qyapi_robot_sendmsg')
    expect(text).not.toContain('qyapi_chat_read')
  })

  test('is in Chinese where the system is', async () => {
    const { appKey, appSecret, userId, openConversationId } = session.emulator.values
    const { exitCode, text } = await session.play(
      [
        ['你想做什么', '<enter>'],
        ['用哪种方式', '<enter>'],
        ['◆  Client ID', appKey],
        ['◆  Client Secret', appSecret],
        ['◆  操作者', userId],
        ['◆  文件夹的链接', session.folderUrl],
        ['◆  群的', openConversationId],
        ['◆  这些值', '<enter>'],
        ['◆  现在上传', '<enter>'],
      ],
      [],
      { LANG: 'zh_CN.UTF-8' },
    )
    expect(exitCode).toBe(0)
    expect(text).not.toMatch(/[A-Za-z]{3,} [a-z]{3,} [a-z]{3,} [a-z]{3,}/)
    const forced = await session.play([['Answers from an earlier', '<ctrl-c>']], ['--language', 'en'], {
      LANG: 'zh_CN.UTF-8',
    })
    expect(forced.exitCode).toBe(130)
  })

  test('replaces an old group ID by the new one, which needs no permission', async () => {
    const { use, key, secret, user, folder } = byHand()
    await session.play([
      ...[use, way(), key, secret, user, folder],
      ['◆  openConversationId', session.emulator.values.chatId],
      ['◆  Where do you want', '<enter>'],
      ['◆  Upload a small file', '<ctrl-c>'],
    ])
    expect(env()['DINGTALK_CHAT_ID']).toBe(session.emulator.values.openConversationId)
  })

  test('takes a webhook for the message, and hides it', async () => {
    const { key, secret, user, folder, group, target, file } = byHand()
    const { webhook, secret: signing } = session.emulator.others.customRobot
    const { exitCode, text } = await session.play([
      ['◆  What do you want', '<down>', '<down>', '<enter>'],
      ...[way(), key, secret, user, folder, group],
      ['◆  Webhook of the robot', webhook],
      ['◆  Signing secret', signing],
      ...[target, file],
    ])
    expect(exitCode).toBe(0)
    expect(session.emulator.messages.map(({ kind }) => kind)).toEqual(['file', 'markdown'])
    expect(text).not.toContain(webhook)
    expect(text).not.toContain(signing)
    expect(env()).toMatchObject({ DINGTALK_ROBOT_WEBHOOK: webhook, DINGTALK_ROBOT_SECRET: signing })
  })
})

/** The question that leads to the way by hand. */
function way(): Line {
  return byHand().way
}

describe('without a terminal', () => {
  const given = () => {
    const { appKey, userId, openConversationId } = session.emulator.values
    return [
      '--app-key',
      appKey,
      '--user-id',
      userId,
      '--folder-url',
      session.folderUrl,
      '--chat-id',
      openConversationId,
    ]
  }
  const secret = () => ({ DINGTALK_APP_SECRET: session.emulator.values.appSecret })

  test('every answer is given by an option or a variable', async () => {
    const more = ['--use', 'group', '--save-to', 'env', '--first-file']
    const { exitCode, text } = await session.play(undefined, [...given(), ...more], secret())
    expect(exitCode).toBe(0)
    expect(session.emulator.messages).toHaveLength(1)
    expect(text).not.toContain(session.emulator.values.appSecret)
  })

  test('nothing is sent without consent', async () => {
    const { exitCode } = await session.play(
      undefined,
      [...given(), '--use', 'group', '--save-to', 'env'],
      secret(),
    )
    expect(exitCode).toBe(0)
    expect(session.emulator.messages).toEqual([])
  })

  test('lists everything that is missing, and does nothing', async () => {
    const { exitCode, text } = await session.play(undefined, ['--use', 'robot', '--save-to', 'github'])
    expect(exitCode).toBe(2)
    const missing = [
      '--app-key',
      'DINGTALK_APP_SECRET',
      '--user-id',
      '--folder-url',
      '--chat-id',
      '--robot-code',
      '--repo',
    ]
    for (const option of missing) expect(text).toContain(option)
    expect(session.emulator.requests).toEqual([])
  })

  test.each([[['--nope']], [['--use', 'x']], [['--app-secret', 'S3CRET']], [['--use']], [['true', '--dws']]])(
    'rejects %j',
    async (argv) => {
      const { exitCode, text } = await session.play(undefined, argv)
      expect(exitCode).toBe(2)
      expect(text).toContain(argv[0]!)
      expect(text).not.toContain('S3CRET')
    },
  )

  test('fails with what DingTalk does not accept', async () => {
    const argv = [...given(), '--use', 'group', '--save-to', 'env', '--user-id', 'nobody']
    const { exitCode, text } = await session.play(undefined, argv, secret())
    expect(exitCode).toBe(1)
    expect(text).toContain('60121')
    expect(existsSync(join(session.directory, '.env'))).toBe(false)
  })

  test('asks for the account of dws by the name of its option', async () => {
    const account = (profile: string) => ({ profile, corpName: profile, userName: '李四' })
    withDws({ accounts: [account('dingcorp:manager01'), account('dingother:user02')] })
    const [, , ...others] = given()
    const argv = [...others, '--dws', '--app', 'ci', '--use', 'group', '--save-to', 'env']
    const { exitCode, text } = await session.play(undefined, argv)
    expect(exitCode).toBe(1)
    expect(text).toContain('--profile')
  })

  test('an app is created by dws only if an option says so', async () => {
    withDws()
    const [, , ...others] = given()
    const argv = [...others, '--dws', '--app', 'ci', '--use', 'group', '--save-to', 'env', '--publish']
    expect((await session.play(undefined, argv)).exitCode).toBe(1)
    expect(session.state('dws').apps).toEqual([])
    const { exitCode, text } = await session.play(undefined, [...argv, '--create-app'])
    expect([exitCode, text]).toEqual([0, text])
    expect(session.state('dws').apps).toMatchObject([{ name: 'ci' }])
    expect(env()['DINGTALK_APP_SECRET']).toBe(session.emulator.values.appSecret)
  })
})

describe('the values', () => {
  /** Everything up to the question where the values go, answered by options. */
  const argv = () => {
    const { appKey, userId, openConversationId } = session.emulator.values
    const given = {
      use: 'group',
      'app-key': appKey,
      'user-id': userId,
      'chat-id': openConversationId,
      'folder-url': session.folderUrl,
    }
    return Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])
  }
  const variables = () => ({ DINGTALK_APP_SECRET: session.emulator.values.appSecret })
  const run = (...more: string[]) => session.play(undefined, [...argv(), ...more], variables())

  test('.env keeps its other lines, can be read only by its owner, and is not written where Git would commit it', async () => {
    execFileSync('git', ['init', '-q'], { cwd: session.directory })
    writeFileSync(join(session.directory, '.env'), '# mine\nOTHER=1\nDINGTALK_USER_ID=old\n')
    expect((await run('--save-to', 'env')).exitCode).toBe(1)
    expect(env()['DINGTALK_APP_SECRET']).toBeUndefined()
    const script: Line[] = [
      ['◆  Answers from an earlier', '<enter>'],
      ['Add .env to .gitignore', '<enter>'],
      ['◆  Upload', '<ctrl-c>'],
    ]
    await session.play(script, [...argv(), '--save-to', 'env'], variables())
    expect(readFileSync(join(session.directory, '.gitignore'), 'utf8')).toBe('.env\n')
    expect(readFileSync(join(session.directory, '.env'), 'utf8')).toMatch(/^# mine\nOTHER=1\nDINGTALK_/)
    expect(env()['DINGTALK_USER_ID']).toBe(session.emulator.values.userId)
    expect(statSync(join(session.directory, '.env')).mode & 0o777).toBe(0o600)
  })

  test('a tracked .env is refused', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: session.directory })
    git('init', '-q')
    writeFileSync(join(session.directory, '.env'), 'OTHER=1\n')
    git('add', '.env')
    const script: Line[] = [
      ['Add .env to .gitignore', '<enter>'],
      ['git rm --cached .env'],
      ['◆  What next', '<ctrl-c>'],
    ]
    await session.play(script, [...argv(), '--save-to', 'env'], variables())
    expect(session.filesWith(session.emulator.values.appSecret)).toEqual([])
  })

  test('an old gh without a command for variables sets them by its API', async () => {
    session.install('gh', {
      repositories: ['acme/app'],
      hasVariableCommand: false,
      variables: { DINGTALK_USER_ID: 'old' },
    })
    expect((await run('--save-to', 'github', '--repo', 'acme/app')).exitCode).toBe(0)
    expect(session.state('gh').variables).toMatchObject({
      DINGTALK_USER_ID: session.emulator.values.userId,
      DINGTALK_FOLDER_URL: session.folderUrl,
    })
    const setting = session.calls().filter(({ args }) => args.includes('set'))
    expect(setting.every(({ args }) => args.includes('--repo'))).toBe(true)
    const { appSecret } = session.emulator.values
    expect(session.calls().some(({ args }) => args.includes(appSecret))).toBe(false)
  })

  test.each([
    ['is not installed', undefined],
    ['is not logged in', { loggedIn: false }],
  ] as const)('are listed if gh %s', async (_, state) => {
    if (state) session.install('gh', state)
    const script: Line[] = [
      ['◆  What next', '<down>', '<enter>'],
      ['◆  Create .github', '<down>', '<enter>'],
      ['◆  Upload', '<ctrl-c>'],
    ]
    const { text } = await session.play(script, [...argv(), '--save-to', 'github'], variables())
    expect(text).toContain('DINGTALK_APP_SECRET')
    expect(text).not.toContain(session.emulator.values.appSecret)
    // Where nobody reads the list, the values are not there.
    expect((await run('--save-to', 'github', '--repo', 'acme/app')).exitCode).toBe(1)
  })

  test('a repository that gh does not know is asked for again', async () => {
    session.install('gh', { repositories: ['acme/app'] })
    const script: Line[] = [
      ['◆  GitHub repository', 'acme/wrong'],
      ['◆  Set them now', '<enter>'],
      ['Could not resolve'],
      ['◆  What next', '<enter>'],
      ['◆  GitHub repository', '<clear>', 'acme/app'],
      ['◆  Set them now', '<ctrl-c>'],
    ]
    await session.play(script, [...argv(), '--save-to', 'github'], variables())
    expect(session.calls().some(({ args }) => args.includes('acme/app'))).toBe(false)
  })

  test('glab gets masked secrets, and replaces what exists', async () => {
    session.install('glab', { variables: { DINGTALK_USER_ID: { value: 'old', masked: false } } })
    expect((await run('--save-to', 'gitlab', '--project', 'acme/app')).exitCode).toBe(0)
    const { appSecret, userId } = session.emulator.values
    expect(session.state('glab').variables).toMatchObject({
      DINGTALK_APP_SECRET: { value: appSecret, masked: true },
      DINGTALK_USER_ID: { value: userId, masked: false },
    })
  })

  test('a workflow is created, and never overwritten', async () => {
    session.install('gh', { repositories: ['acme/app'] })
    await run('--save-to', 'github', '--repo', 'acme/app', '--workflow')
    const path = join(session.directory, WORKFLOW)
    const workflow = parse(readFileSync(path, 'utf8')) as {
      jobs: { upload: { steps: { with?: Record<string, string> }[] } }
    }
    const inputs = workflow.jobs.upload.steps[1]!.with!
    expect(Object.keys(ACTION.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)))
    expect(inputs).toMatchObject({
      'app-secret': '${{ secrets.DINGTALK_APP_SECRET }}',
      'chat-id': '${{ vars.DINGTALK_CHAT_ID }}',
    })
    writeFileSync(path, 'mine')
    await run('--save-to', 'github', '--repo', 'acme/app', '--workflow')
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })
})
