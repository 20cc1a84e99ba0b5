import { describe, expect, test } from '@jest/globals'
import { InputError } from '../../src/errors.ts'
import { readInputs, type InputName } from '../../src/inputs/inputs.ts'

const GOOD: Partial<Record<InputName, string>> = {
  'app-key': 'dingkey',
  'app-secret': 'secret',
  'user-id': 'manager',
  'space-id': '12345678901234567890',
  path: 'app.apk',
}

const parse = (given: Partial<Record<InputName, string>>) =>
  readInputs((name) => ({ ...GOOD, ...given })[name] ?? '')

function problemsOf(given: Partial<Record<InputName, string>>): readonly string[] {
  try {
    parse(given)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    // Whatever it is, it is told in Chinese too.
    expect(error.problems.filter((problem) => !/[\u4e00-\u9fff]/.test(problem))).toEqual([])
    return error.problems
  }
  return []
}

test('what is not given has its default', () => {
  expect(parse({})).toEqual({
    appKey: 'dingkey',
    appSecret: 'secret',
    operator: { userId: 'manager' },
    folder: { kind: 'ids', spaceId: '12345678901234567890', parentId: '0' },
    folderPath: '',
    path: 'app.apk',
    includeHiddenFiles: false,
    ifNoFilesFound: 'error',
    name: '',
    archive: false,
    conflictStrategy: 'AUTO_RENAME',
    chats: [],
    users: [],
    message: '',
    robot: undefined,
    releaseTag: '',
    githubToken: '',
    mode: 'upload',
    concurrency: 4,
    multipartThreshold: 32 * 1024 ** 2,
    partSize: 'auto',
    requestTimeout: 30_000,
    retries: 5,
    apiBaseUrl: 'https://api.dingtalk.com',
    oapiBaseUrl: 'https://oapi.dingtalk.com',
  })
})

test('values are trimmed', () => {
  expect(parse({ 'app-key': ' k\n', 'space-id': '\t42 ', 'conflict-strategy': ' fail ' })).toMatchObject({
    appKey: 'k',
    folder: { spaceId: '42' },
    conflictStrategy: 'RETURN_ERROR_IF_EXISTS',
  })
})

test('the union id wins over the user id', () => {
  expect(parse({ 'union-id': 'U' }).operator).toEqual({ unionId: 'U' })
})

test.each([
  ['auto-rename', 'AUTO_RENAME'],
  ['Overwrite', 'OVERWRITE'],
  ['return-existing', 'RETURN_DENTRY_IF_EXISTS'],
  ['fail', 'RETURN_ERROR_IF_EXISTS'],
  ['AUTO_RENAME', 'AUTO_RENAME'],
  ['OVERWRITE', 'OVERWRITE'],
  ['RETURN_DENTRY_IF_EXISTS', 'RETURN_DENTRY_IF_EXISTS'],
  ['RETURN_ERROR_IF_EXISTS', 'RETURN_ERROR_IF_EXISTS'],
])('conflict-strategy %s is %s', (given, meant) => {
  expect(parse({ 'conflict-strategy': given }).conflictStrategy).toBe(meant)
})

test.each([
  ['AUTO', 'auto'],
  ['100KB', 100_000],
  ['5GiB', 5 * 1024 ** 3],
])('part-size %s', (given, meant) => {
  expect(parse({ 'part-size': given }).partSize).toBe(meant)
})

test('chats: one a line or after commas, each once', () => {
  expect(parse({ 'chat-id': 'chat0a1b\ncidAb+/c==, chat0a1b\n\n' }).chats).toEqual(['chat0a1b', 'cidAb+/c=='])
})

describe('the folder', () => {
  const link = 'https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=1&fileId=2&type=folder'

  test.each([
    [
      { 'space-id': '1', 'parent-id': '2' },
      { kind: 'ids', spaceId: '1', parentId: '2' },
    ],
    [
      { 'space-id': '', 'parent-uuid': 'Abc-_1' },
      { kind: 'uuid', uuid: 'Abc-_1' },
    ],
    [
      { 'space-id': '1', 'parent-uuid': 'Abc' },
      { kind: 'uuid', uuid: 'Abc', spaceId: '1' },
    ],
    [
      { 'space-id': '', 'folder-url': link },
      { kind: 'ids', spaceId: '1', parentId: '2' },
    ],
    [
      { 'space-id': '1', 'parent-id': '2', 'folder-url': link },
      { kind: 'ids', spaceId: '1', parentId: '2' },
    ],
    [
      { 'space-id': '', 'folder-url': 'https://alidocs.dingtalk.com/i/nodes/Qn-9' },
      { kind: 'uuid', uuid: 'Qn-9' },
    ],
  ])('%j', (given, folder) => {
    expect(parse(given).folder).toEqual(folder)
  })

  test.each([
    [{ 'space-id': '' }, /^folder-url: .*required/],
    [{ 'space-id': '', 'parent-id': '7' }, /^folder-url: .*required/],
    [{ 'space-id': '9', 'folder-url': link }, /^space-id: .*contradicts/],
    [{ 'space-id': '1', 'parent-id': '3', 'folder-url': link }, /^parent-id: .*contradicts/],
    [{ 'space-id': '', 'parent-uuid': 'X', 'folder-url': link }, /^parent-uuid: .*contradicts/],
    [{ 'parent-uuid': 'X', 'parent-id': '3' }, /^parent-id: .*keep one/],
    [{ 'folder-url': 'folder' }, /^folder-url: it is not a link/],
    [{ 'space-id': '', 'folder-url': link.replace('=folder', '=file') }, /^folder-url: it leads to a file/],
  ])('%j is refused', (given, problem) => {
    expect(problemsOf(given)).toEqual([expect.stringMatching(problem)])
  })
})

test.each<[InputName, string, RegExp]>([
  ['app-key', ' ', /required/],
  ['app-secret', '', /required/],
  ['user-id', '', /user-id or union-id is required/],
  ['user-id', 'a b', /blank/],
  ['path', '\n', /required/],
  ['space-id', '12x', /not an id/],
  ['parent-id', 'root', /not an id/],
  ['parent-uuid', 'a/b', /not a dentryUuid/],
  ['include-hidden-files', 'yes', /"yes" is none of true, false/],
  ['if-no-files-found', 'explode', /"explode" is none of error, warn, ignore/],
  ['if-no-files-found', 'constructor', /none of/],
  ['mode', 'dry-run', /"dry-run" is none of upload, check/],
  ['archive', 'zip', /"zip" is none of true, false/],
  ['name', 'a/b', /does not allow the name "a\/b": it contains a slash/],
  ['conflict-strategy', 'rename', /none of auto-rename/],
  ['chat-id', 'group 5', /"group" is neither/],
  ['message', 'hello', /robot-code or robot-webhook is required/],
  ['message', '新'.repeat(5000), /is too long: 150\d\d of at most 15000 bytes/],
  ['robot-webhook', 'https://oapi.dingtalk.com/robot/send', /is not the address of a robot/],
  ['robot-webhook', 'https://oapi.dingtalk.com/?access_token=a', /is not the address of a robot/],
  ['robot-webhook', 'http://oapi.dingtalk.com/robot/send?access_token=a', /is not the address/],
  ['robot-webhook', 'access_token=a', /is not the address of a robot/],
  ['robot-secret', 'SEC0', /robot-webhook posts, and that is not given/],
  ['concurrency', '0', /whole number from 1 to 32/],
  ['concurrency', '33', /whole number from 1 to 32/],
  ['multipart-threshold', 'big', /"big" is not a size such as 16MiB, from 0 B to 5.0 GiB/],
  ['multipart-threshold', '6GiB', /not a size/],
  ['part-size', '99999', /from 97.7 KiB to 5.0 GiB/],
  ['part-size', '-1', /not a size/],
  ['request-timeout', '0', /whole number from 1 to 3600/],
  ['request-timeout', '1e3', /whole number/],
  ['retries', '21', /whole number from 0 to 20/],
  ['retries', '-1', /whole number/],
  ['api-base-url', 'api.dingtalk.com', /not a URL/],
  ['api-base-url', 'http://api.dingtalk.com', /not https/],
  ['api-base-url', 'http://127.0.0.1.example.com', /not https/],
  ['oapi-base-url', 'https://x.com/?a=1', /query/],
])('%s: %j is refused', (name, given, problem) => {
  const problems = problemsOf({ [name]: given })
  expect(problems.every((line) => line.startsWith(`${name}: `))).toBe(true)
  expect(problems.join('\n')).toMatch(problem)
})

test('a release needs no path, but a token', () => {
  const given = { path: '', 'release-tag': 'v1', 'github-token': 'ghs_x' }
  expect(parse(given)).toMatchObject({ path: '', releaseTag: 'v1', githubToken: 'ghs_x' })
  expect(problemsOf({ ...given, 'github-token': ' ' })).toEqual([expect.stringMatching(/^github-token: /)])
})

test('users: one a line or after commas, each once', () => {
  expect(parse({ 'to-user-ids': 'manager01, 0012\nmanager01' }).users).toEqual(['manager01', '0012'])
})

const WEBHOOK = 'https://oapi.dingtalk.com/robot/send?access_token=a'

test.each([
  [{ 'robot-code': 'dingabc' }, { code: 'dingabc' }],
  [{ 'robot-webhook': WEBHOOK }, { webhook: WEBHOOK }],
  [
    { 'robot-webhook': WEBHOOK, 'robot-secret': 'SEC0' },
    { webhook: WEBHOOK, secret: 'SEC0' },
  ],
])('%j is a robot', (given, robot) => {
  expect(parse({ message: 'hello', 'chat-id': 'chat0', ...given }).robot).toEqual(robot)
})

test('the app’s robot needs a chat, and one robot is enough', () => {
  expect(problemsOf({ message: 'm', 'robot-code': 'r' })).toEqual([expect.stringMatching(/^chat-id: /)])
  expect(
    problemsOf({ message: 'm', 'chat-id': 'chat0', 'robot-code': 'r', 'robot-webhook': WEBHOOK }),
  ).toEqual([expect.stringMatching(/^robot-webhook: robot-code is given too/)])
})

test('a webhook that is refused is not repeated', () => {
  expect(problemsOf({ 'robot-webhook': 'https://x.com/?access_token=hunter2' }).join()).not.toContain(
    'hunter2',
  )
})

test.each([
  ['https://me:hunter2@x.com', /password/],
  ['https://me:hunter2@x.com:99999', /not a URL/],
  ['me:hunter2@x.com', /not https/],
  ['mailto:hunter2@x.com?a', /query/],
])('a password in the base URL %s is refused, and not repeated', (url, problem) => {
  const problems = problemsOf({ 'api-base-url': url })
  expect(problems).toEqual([expect.stringMatching(problem)])
  expect(problems[0]).not.toContain('hunter2')
})

test('all problems are told together', () => {
  const problems = problemsOf({ 'app-key': '', 'space-id': 'x', retries: 'many', 'chat-id': '?' })
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'app-key',
    'space-id',
    'chat-id',
    'retries',
  ])
})

test('a check needs no path, for it looks for no files', () => {
  expect(problemsOf({ path: '' })).toEqual([expect.stringMatching(/^path: is required/)])
  expect(parse({ path: '', mode: 'Check' })).toMatchObject({ mode: 'check', path: '' })
})
