import { describe, expect, test } from '@jest/globals'
import { InputError, type Problem } from '../../src/errors.ts'
import { INPUT_NAMES, type InputName, INPUTS, readInputs, secretInputs } from '../../src/inputs/inputs.ts'
import { languageOf } from '../../src/text/language.ts'
import { CHAT_EXPLORER, GUIDE } from '../../src/text/links.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const GOOD: Partial<Record<InputName, string>> = {
  'app-key': 'dingkey',
  'app-secret': 'the-secret',
  'user-id': 'manager',
  'space-id': '12345678901234567890',
  path: 'app.apk',
}

const WEBHOOK = 'https://oapi.dingtalk.com/robot/send?access_token=a'

const parse = (given: Partial<Record<InputName, string>>) =>
  readInputs({ input: (name) => ({ ...GOOD, ...given })[name] ?? '' })

function problemsOf(given: Partial<Record<InputName, string>>): readonly Problem[] {
  try {
    parse(given)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems
  }
  return []
}

/** The only problem that there is: of this input, with these values in either language. */
function expectProblem(given: Partial<Record<InputName, string>>, input: string, ...named: string[]): void {
  const problems = problemsOf(given)
  expect(problems.map((problem) => problem.input)).toEqual([input])
  expectWhole(problems[0]!.text, ...named)
}

test('uses the defaults of missing inputs', () => {
  expect(parse({})).toMatchObject({
    appKey: 'dingkey',
    appSecret: 'the-secret',
    operator: { kind: 'user-id', userId: 'manager' },
    folder: { kind: 'ids', spaceId: '12345678901234567890', parentId: '0' },
    folderPath: '',
    path: 'app.apk',
    includeHiddenFiles: false,
    ifNoFilesFound: 'error',
    name: '',
    keepDirectories: false,
    archive: false,
    conflictStrategy: 'AUTO_RENAME',
    chats: [],
    users: [],
    sendAs: 'file',
    message: '',
    status: undefined,
    buttons: [],
    mention: undefined,
    robot: undefined,
    releaseTag: '',
    githubToken: '',
    mode: 'upload',
    concurrency: 'auto',
    preferRegion: undefined,
    language: 'both',
    requestTimeout: 30_000,
    retries: 5,
    apiBaseUrl: 'https://api.dingtalk.com',
    oapiBaseUrl: 'https://oapi.dingtalk.com',
  })
})

test('trims values', () => {
  expect(parse({ 'app-key': ' k\n', 'space-id': '\t42 ', 'conflict-strategy': ' fail ' })).toMatchObject({
    appKey: 'k',
    folder: { spaceId: '42' },
    conflictStrategy: 'RETURN_ERROR_IF_EXISTS',
  })
})

describe('quotation marks and zero-width characters around a value', () => {
  test('are removed, line by line', () => {
    const given = {
      'app-key': ' "k" ',
      'app-secret': "'the-secret'",
      'space-id': '\u200b42\ufeff',
      'chat-id': '"chat1"\r\n- “chat2”\n',
      'request-timeout': '"5"',
      'conflict-strategy': '"fail"',
    }
    expect(parse(given)).toMatchObject({
      appKey: 'k',
      appSecret: 'the-secret',
      folder: { spaceId: '42' },
      chats: ['chat1', 'chat2'],
      requestTimeout: 5000,
      conflictStrategy: 'RETURN_ERROR_IF_EXISTS',
    })
    expect(secretInputs((name) => ({ ...GOOD, ...given })[name] ?? '')).toEqual(['the-secret'])
  })

  test('stay in text and paths', () => {
    const given = { path: '"a.apk"', 'folder-path': "'a'", message: '"hi"', 'robot-webhook': `"${WEBHOOK}"` }
    expect(parse(given)).toMatchObject({
      path: '"a.apk"',
      folderPath: "'a'",
      message: '"hi"',
      robot: { webhooks: [{ webhook: WEBHOOK }] },
    })
  })

  test('are removed in pairs only', () => {
    expect(parse({ 'app-secret': '"the-secret', 'app-key': '"a"b"' })).toMatchObject({
      appSecret: '"the-secret',
      appKey: '"a"b"',
    })
  })
})

test.each(['a\u0007.apk', 'a\nb.apk', 'a\u2028b'])('rejects a control character in a name: %j', (name) => {
  const code = (/[^\w.]/.exec(name)![0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  expectProblem({ name }, 'name', code)
  expectProblem({ 'folder-path': `builds/${name}` }, 'folder-path', code)
})

test.each([
  ['app-secret', {}],
  ['github-token', { 'release-tag': 'v1' }],
  ['user-id', {}],
  ['folder-url', { 'space-id': '' }],
  ['robot-webhook', { message: 'x' }],
  ['status', { message: '{status}', 'robot-webhook': WEBHOOK }],
] as const)('names the variable and the option of %s in a problem of the command', (input, given) => {
  const values: Partial<Record<InputName, string>> = { ...GOOD, ...given, [input]: '' }
  const source = {
    input: (name: InputName) => values[name] ?? '',
    settingOf: (name: InputName) => ({ variable: `X_${name}`, option: `--${name}` }),
  }
  expect(() => readInputs(source)).toThrow(`X_${input} or the option --${input}`)
  expect(() => readInputs(source)).not.toThrow(/fork|GITHUB_TOKEN/)
  const [problem, ...others] = problemsOf(values)
  expect([problem!.input, others]).toEqual([input, []])
  expect(problem!.text.en).not.toContain(`X_${input}`)
})

test('explains only the first missing value', () => {
  const problems = problemsOf({ 'app-key': '', 'app-secret': '', 'user-id': '', 'space-id': '' })
  expect(problems.map(({ input }) => input)).toEqual(['app-key', 'app-secret', 'user-id', 'folder-url'])
  for (const half of ['en', 'zh'] as const)
    expect(problems.filter(({ text }) => text[half].includes('fork'))).toEqual([problems[0]])
})

test('reports a missing webhook as one problem, with or without its secret', () => {
  expectProblem({ message: 'x', 'robot-secret': 'SEC01234' }, 'robot-webhook', 'message', 'robot-code')
  expectProblem({ 'robot-secret': 'SEC01234' }, 'robot-secret', 'robot-webhook')
})

describe('an expression that was not evaluated', () => {
  test.each(INPUT_NAMES.filter((name) => name !== 'message' && name !== 'buttons'))('%s', (name) => {
    const given = { message: 'x', 'robot-webhook': name === 'robot-code' ? '' : WEBHOOK, 'chat-id': 'chat0' }
    expectProblem(
      { 'release-tag': 'v1', 'github-token': 't', ...given, [name]: 'a ${{ vars.X }}' },
      name,
      '${{',
    )
  })

  test("is the only problem of its input, and doesn't hide others", () => {
    const problems = problemsOf({
      'user-id': '${{ vars.USER ID }}',
      'chat-id': '- ${{ vars.A }}\n- b',
      retries: 'x',
    })
    expect(problems.map(({ input }) => input)).toEqual(['user-id', 'chat-id', 'retries'])
  })

  test('stays in a message', () => {
    const message = 'Use ${{ vars.X }}'
    expect(parse({ message, 'robot-webhook': WEBHOOK }).message).toBe(message)
  })

  test.each(INPUT_NAMES.filter((name) => INPUTS[name].default?.includes('${{')))(
    'is empty if it is the default of %s',
    (name) => {
      const given = { [name]: ` ${INPUTS[name].default!}` }
      expect(parse(given)).toEqual(parse({}))
    },
  )
})

describe('a value of another input', () => {
  const LINK = 'https://qr.dingtalk.com/action/joingroup?code=v1,k1,a=&x=1'
  const SECRET = 'a'.repeat(64)
  test.each<[InputName, string, string[], Partial<Record<InputName, string>>?]>([
    ['app-key', 'dingfd6b0123456789abcdef0123456789ab', ['CorpId']],
    ['app-key', '123456789', ['AgentId']],
    ['app-key', '01234567-89ab-cdef-0123-456789abcdef', ['App ID']],
    ['app-key', SECRET, ['AppSecret', 'AppKey']],
    ['app-secret', 'dingabcdefgh01234567', ['AppKey', 'AppSecret']],
    ['app-secret', 'dingfd6b0123456789abcdef0123456789ab', ['CorpId', 'AppSecret']],
    ['app-secret', '••••••••', ['AppSecret']],
    ['folder-url', `${LINK}\n${LINK}`, [], { 'space-id': '' }],
    ['space-id', LINK, [LINK, 'folder-url']],
    ['folder-path', 'https://alidocs.dingtalk.com/i/nodes/x', ['folder-url']],
    ['folder-path', 'releases\\v1', ['releases\\v1', 'releases/v1.2.0']],
    ['name', 'releases/app.apk', ['folder-path']],
    ['chat-id', LINK, [LINK, 'openConversationId']],
    ['chat-id', WEBHOOK, ['robot-webhook']],
    ['to-user-ids', 'cidAbcdefghijklmnopqrst==', ['chat-id']],
    ['to-user-ids', `chat${'0'.repeat(32)}`, ['chat-id']],
    ['to-user-ids', LINK, [LINK]],
    ['robot-code', WEBHOOK, ['robot-webhook'], { message: 'x', 'chat-id': 'chat0' }],
    ['robot-code', `SEC${'0'.repeat(64)}`, ['robot-secret']],
    ['concurrency', 'max', ['max', 'auto', '32']],
    ['request-timeout', '30s', ['30s', '3600']],
  ])('%s: %j', (input, value, named, more = {}) => {
    expectProblem({ [input]: value, ...more }, input, ...named)
    const said = JSON.stringify(problemsOf({ [input]: value, ...more }))
    for (const secret of [SECRET, WEBHOOK]) expect(said).not.toContain(secret)
  })

  test('is masked if it is the secret of a robot', () => {
    const secret = `SEC${'0'.repeat(64)}`
    const given: Partial<Record<InputName, string>> = {
      'robot-code': secret,
      'chat-id': WEBHOOK,
      path: `x ${WEBHOOK}`,
    }
    expect(secretInputs((name) => given[name] ?? '')).toEqual(expect.arrayContaining([secret, 'a']))
  })
})

test('links to the explorer and the guide for the ID of a group', () => {
  expect(problemsOf({ 'chat-id': '产品测试群' })[0]!.links).toEqual([CHAT_EXPLORER, GUIDE.group])
})

test('requires no path for a misspelled mode', () => {
  expectProblem({ mode: 'chek', path: '' }, 'mode', 'chek', 'check')
})

test('prefers the union ID over the user ID', () => {
  expect(parse({ 'union-id': 'U' }).operator).toEqual({ kind: 'union-id', unionId: 'U' })
})

test.each([
  ['auto-rename', 'AUTO_RENAME'],
  ['Overwrite', 'OVERWRITE'],
  ['return-existing', 'RETURN_DENTRY_IF_EXISTS'],
  ['fail', 'RETURN_ERROR_IF_EXISTS'],
])('maps conflict-strategy %s to %s', (given, meant) => {
  expect(parse({ 'conflict-strategy': given }).conflictStrategy).toBe(meant)
})

test.each([
  ['AUTO', 'auto'],
  ['32', 32],
])('concurrency %s', (given, meant) => {
  expect(parse({ concurrency: given }).concurrency).toBe(meant)
})

test('reads chats from lines or commas, each once', () => {
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
    [
      { 'space-id': '1', 'folder-url': 'https://alidocs.dingtalk.com/i/nodes/Abc-_1' },
      { kind: 'uuid', uuid: 'Abc-_1', spaceId: '1' },
    ],
  ])('%j', (given, folder) => {
    expect(parse(given).folder).toEqual(folder)
  })

  test.each([
    [{ 'space-id': '' }, 'folder-url', ['space-id']],
    [{ 'space-id': '', 'parent-id': '7' }, 'folder-url', ['space-id']],
    [{ 'space-id': '9', 'folder-url': link }, 'space-id', ['9', 'folder-url']],
    [{ 'space-id': '1', 'parent-id': '3', 'folder-url': link }, 'parent-id', ['3', 'folder-url']],
    [{ 'folder-url': 'https://alidocs.dingtalk.com/i/nodes/X', 'parent-id': '3' }, 'parent-id', ['3']],
    [{ 'folder-url': 'folder' }, 'folder-url', ['folder']],
    [{ 'space-id': '', 'folder-url': link.replace('=folder', '=file') }, 'folder-url', ['type=file']],
  ])('rejects %j', (given, input, named) => {
    expectProblem(given, input, ...named)
  })
})

const LONG = '新'.repeat(5000)

test.each<[InputName, string, string[]]>([
  ['app-key', ' ', ['AppKey', 'Client ID', 'secret', 'fork']],
  ['app-secret', '', ['AppSecret', 'Client Secret', 'secret', 'fork']],
  ['app-secret', 'hunter2', []],
  ['user-id', '', ['user-id', 'union-id']],
  ['user-id', 'a b', ['a b']],
  ['user-id', 'a，b', ['a，b']],
  ['path', '\n', ['**/*.apk']],
  ['space-id', '12x', ['12x']],
  ['parent-id', 'root', ['root']],
  ['include-hidden-files', 'yes', ['yes', 'true', 'false']],
  ['if-no-files-found', 'explode', ['explode', 'error', 'warn', 'ignore']],
  ['if-no-files-found', 'constructor', ['constructor']],
  ['mode', 'dry-run', ['dry-run', 'upload', 'check']],
  ['archive', 'zip', ['zip', 'true', 'false']],
  ['name', 'a/b', ['"a/b"']],
  ['conflict-strategy', 'rename', ['rename', 'auto-rename', 'return-existing']],
  ['chat-id', '产品测试群', ['产品测试群', 'chat…', 'cid…']],
  ['chat-id', '-', ['-', 'chat…', 'cid…']],
  ['chat-id', 'Android Release Group', ['Android Release Group', 'chat…', 'cid…']],
  ['robot-webhook', 'https://oapi.dingtalk.com/robot/send', ['access_token']],
  ['robot-webhook', 'https://oapi.dingtalk.com/?access_token=a', ['/robot/send']],
  ['robot-webhook', 'http://oapi.dingtalk.com/robot/send?access_token=a', ['https']],
  ['robot-webhook', 'access_token=a', ['URL']],
  ['robot-secret', 'SEC01234', ['robot-webhook']],
  ['concurrency', '0', ['0', '1', '32']],
  ['concurrency', '33', ['33', '1', '32']],
  ['language', 'english', ['english', 'both', 'en', 'zh']],
  ['request-timeout', '0', ['0', '1', '3600']],
  ['request-timeout', '1e3', ['1e3']],
  ['retries', '21', ['21', '0', '20']],
  ['retries', '-1', ['-1']],
  ['api-base-url', 'api.dingtalk.com', ['api.dingtalk.com', 'https://']],
  ['api-base-url', 'http://api.dingtalk.com', ['http://api.dingtalk.com', 'https', 'app-secret']],
  ['api-base-url', 'http://127.0.0.1.example.com', ['http://127.0.0.1.example.com']],
  ['oapi-base-url', 'https://x.com/?a=1', ['https://x.com/?a=1']],
])('%s: rejects %j', (name, given, named) => {
  expectProblem({ [name]: given }, name, ...named)
})

describe('a message alone', () => {
  const FILES = { 'user-id': '', 'space-id': '', path: '' }
  const BY_WEBHOOK = { ...FILES, 'app-key': '', 'app-secret': '', message: 'hello', 'robot-webhook': WEBHOOK }
  const BY_APP = { ...FILES, message: 'hello', 'robot-code': 'dingabc', 'chat-id': 'chat0' }

  test.each([
    [BY_WEBHOOK],
    [{ ...BY_WEBHOOK, mode: 'check' }],
    [BY_APP],
    [{ ...BY_APP, mode: 'Check' }],
    // What a step for files has.
    [
      {
        ...BY_WEBHOOK,
        'app-key': 'k',
        'app-secret': 'the-secret',
        'user-id': 'u',
        'space-id': '1',
        'chat-id': 'chat0',
      },
    ],
    [{ ...BY_WEBHOOK, archive: 'false', 'if-no-files-found': 'warn', 'folder-path': 'a/b' }],
  ])('%j', (given) => {
    const inputs = parse(given)
    expect(inputs).toMatchObject({ message: 'hello' })
    expect(inputs).not.toHaveProperty('folder')
    expect(inputs).not.toHaveProperty('operator')
  })

  test.each<[Partial<Record<InputName, string>>, string, string[]?]>([
    [{ ...BY_APP, 'app-key': '' }, 'app-key', ['secret']],
    [{ ...BY_APP, 'app-secret': '' }, 'app-secret', ['secret']],
    [{ ...BY_APP, 'chat-id': '' }, 'chat-id', ['robot-code']],
    [{ ...BY_APP, 'robot-webhook': WEBHOOK }, 'robot-webhook', ['robot-code']],
    [{ ...BY_APP, 'robot-code': '' }, 'robot-webhook', ['robot-code', 'message']],
    [{ ...BY_WEBHOOK, archive: 'True' }, 'archive', ['path', 'release-tag']],
    [{ ...BY_WEBHOOK, 'keep-directories': 'true' }, 'keep-directories', ['path', 'release-tag']],
    [{ ...BY_WEBHOOK, 'keep-last': '3' }, 'keep-last', ['path', 'release-tag']],
    [{ ...BY_WEBHOOK, name: 'a.zip' }, 'name', ['path', 'release-tag']],
    [{ ...BY_WEBHOOK, 'to-user-ids': 'u' }, 'to-user-ids', ['path', 'release-tag']],
  ])('rejects %j: %s', (given, input, named = []) => {
    expectProblem(given, input, ...named)
  })

  test('requires the inputs for files for an upload, or a check of a folder', () => {
    for (const given of [{ path: 'a' }, { 'release-tag': 'v1', 'github-token': 't' }])
      expect(problemsOf({ ...BY_WEBHOOK, ...given }).map(({ input }) => input)).toEqual([
        'app-key',
        'app-secret',
        'user-id',
        'folder-url',
      ])
    const check = { ...BY_APP, mode: 'check', 'space-id': '1' }
    expect(problemsOf(check).map(({ input }) => input)).toEqual(['user-id'])
  })
})

describe('status', () => {
  const message = { message: 'Build {status}', 'robot-webhook': WEBHOOK }

  test.each([
    ['success', 'success'],
    [' Failure', 'failure'],
    ['CANCELLED', 'cancelled'],
    ['skipped', 'skipped'],
    ['', undefined],
    ['${{ job.status }}', undefined],
  ])('%j is %j', (given, status) => {
    expect(parse({ ...message, message: 'x', status: given }).status).toBe(status)
  })

  test('rejects any other value', () => {
    expectProblem({ ...message, status: 'done' }, 'status', 'done', 'success')
  })

  test.each([
    message,
    { ...message, status: '${{ job.status }}' },
    { ...message, message: 'x', buttons: '[{status}](https://a.b)' },
  ])('rejects a message with {status} but no status: %j', (given) => {
    expectProblem(given, 'status', 'message', 'buttons', '{status}', 'success', 'skipped')
  })
})

test('accepts a message of any length, which is shortened when it is posted', () => {
  expect(problemsOf({ message: LONG, 'robot-webhook': WEBHOOK })).toEqual([])
})

test.each(['chat1，cid2==', 'chat1、cid2==', 'chat1；cid2==', '- chat1\n- cid2==', 'chat1 cid2=='])(
  'chat-id: reads two groups from %j',
  (given) => {
    expect(parse({ 'chat-id': given }).chats).toEqual(['chat1', 'cid2=='])
  },
)

test.each([
  ['en', 'en'],
  ['ZH', 'zh'],
  [' both ', 'both'],
  ['zh-CN', 'zh'],
  ['"cn"', 'zh'],
])('language: %j', (language, meant) => {
  expect(parse({ language }).language).toBe(meant)
  expect(languageOf(language)).toBe(meant)
})

test('requires a token, and no path, for a release', () => {
  const given = { path: '', 'release-tag': 'v1', 'github-token': 'ghs_x' }
  expect(parse(given)).toMatchObject({ path: '', releaseTag: 'v1', githubToken: 'ghs_x' })
  for (const token of [' ', '${{ github.token }}'])
    expectProblem({ ...given, 'github-token': token }, 'github-token')
})

test('reads users from lines or commas, each once', () => {
  expect(parse({ 'to-user-ids': 'manager01, 0012\nmanager01' }).users).toEqual(['manager01', '0012'])
})

test.each([
  [{ 'robot-code': 'dingabc' }, { kind: 'app', code: 'dingabc' }],
  [{ 'robot-webhook': WEBHOOK }, { kind: 'webhooks', webhooks: [{ webhook: WEBHOOK }] }],
  [
    { 'robot-webhook': WEBHOOK, 'robot-secret': 'SEC01234' },
    { kind: 'webhooks', webhooks: [{ webhook: WEBHOOK, secret: 'SEC01234' }] },
  ],
])('accepts %j as a robot', (given, robot) => {
  expect(parse({ message: 'hello', 'chat-id': 'chat0', ...given }).robot).toEqual(robot)
})

test('requires a chat for the app’s robot, and accepts one robot only', () => {
  expectProblem({ message: 'm', 'robot-code': 'r' }, 'chat-id', 'robot-code')
  const both = { message: 'm', 'chat-id': 'chat0', 'robot-code': 'r', 'robot-webhook': WEBHOOK }
  expectProblem(both, 'robot-webhook', 'robot-code')
})

test.each(['https://x.com/?access_token=hunter2', 'hunter2', 'http://hunter2/robot/send?access_token=a'])(
  'does not quote a rejected webhook: %s',
  (webhook) => {
    const [problem] = problemsOf({ 'robot-webhook': webhook })
    expect(problem!.text.en + problem!.text.zh).not.toContain('hunter2')
  },
)

test.each([
  'https://me:hunter2@x.com',
  'https://me:hunter2@x.com:99999',
  'me:hunter2@x.com',
  'mailto:hunter2@x.com?a',
])('rejects a password in the base URL %s without quoting it', (url) => {
  const [problem, ...others] = problemsOf({ 'api-base-url': url })
  expect(problem!.input).toBe('api-base-url')
  expectWhole(problem!.text)
  expect(problem!.text.en + problem!.text.zh).not.toContain('hunter2')
  expect(others).toEqual([])
})

test('rejects keep-directories with archive or keep-last', () => {
  expectProblem({ 'keep-directories': 'true', archive: 'TRUE' }, 'keep-directories', 'archive')
  expectProblem({ 'keep-directories': 'true', 'keep-last': '3' }, 'keep-directories', 'keep-last')
  expect(parse({ 'keep-directories': 'true', archive: 'false' }).keepDirectories).toBe(true)
  expect(parse({ 'keep-directories': 'false', archive: 'true', 'keep-last': '3' }).archive).toBe(true)
})

test('requires a group for a link', () => {
  expectProblem({ 'send-as': 'link', 'to-user-ids': 'u' }, 'send-as', 'chat-id', 'to-user-ids')
  expect(parse({ 'send-as': 'Link', 'to-user-ids': 'u', 'chat-id': 'chat1' }).sendAs).toBe('link')
  // An unset variable: files are only uploaded.
  expect(parse({ 'send-as': 'link', 'chat-id': '' }).sendAs).toBe('link')
})

test('reports all problems together', () => {
  const problems = problemsOf({ 'app-key': '', 'space-id': 'x', retries: 'many', 'chat-id': '?' })
  expect(problems.map(({ input }) => input)).toEqual(['app-key', 'space-id', 'chat-id', 'retries'])
})

test('requires no path for a check', () => {
  expectProblem({ path: '' }, 'path')
  expect(parse({ path: '', mode: 'Check' })).toMatchObject({ mode: 'check', path: '' })
})

describe('the proxies of the environment', () => {
  const problems = (environment: Record<string, string>) => {
    try {
      readInputs({ input: (name) => GOOD[name] ?? '' }, environment)
    } catch (error) {
      return (error as InputError).problems
    }
    return []
  }

  test.each([
    ['HTTPS_PROXY', 'proxy example', 'proxy example'],
    ['https_proxy', 'proxy:port', 'proxy:port'],
    ['HTTPS_PROXY', ' :8080', ':8080'],
    ['HTTP_PROXY', 'http://[bad', 'http://[bad'],
    ['http_proxy', 'ftp://proxy:21', 'ftp://proxy:21'],
    ['HTTP_PROXY', 'me:hunter2@proxy:x', 'proxy:x'],
    ['HTTPS_PROXY', 'http://me:hunt@er2@[bad', '[bad'],
  ])('names %s=%s without its secrets', (name, value, shown) => {
    const [problem, ...others] = problems({ [name]: value })
    expect(others).toEqual([])
    expect(problem!.input).toBe(name)
    expectWhole(problem!.text, shown, 'http://proxy.example.com:8080')
    expect(problem!.text.en).toContain(`"${shown}"`)
    expect(problem!.text.en + problem!.text.zh).not.toMatch(/hunt|er2/)
  })

  test.each([
    { HTTPS_PROXY: 'http://proxy:80', HTTP_PROXY: 'https://me:p@proxy' },
    { HTTPS_PROXY: '', NO_PROXY: 'localhost' },
    { HTTPS_PROXY: 'proxy.example.com:8080', HTTP_PROXY: 'me:p@127.0.0.1:3128' },
    { https_proxy: 'socks5://proxy:1080' },
    { https_proxy: '', HTTPS_PROXY: 'not used, because the other one is set' },
  ])('accepts %j', (environment: Record<string, string>) => {
    expect(problems(environment)).toEqual([])
  })
})
