import { expect, test } from '@jest/globals'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import { LocalFileError } from '../../src/errors.ts'
import { verbatim } from '../../src/http/text.ts'
import { STORAGE_HINT } from '../../src/report/advice.ts'
import { failureDetails, failureMessage, diagnose } from '../../src/report/failures.ts'
import { hintFor, hintText, isFolderRefusal } from '../../src/report/hints.ts'
import { ISSUES, STORAGE_HOSTS } from '../../src/text/links.ts'

const failure = (given: Partial<DingTalkErrorOptions>) =>
  new DingTalkError({
    operation: 'commit',
    code: 'x',
    kind: 'refused',
    mayHaveHappened: false,
    message: 'm',
    status: 400,
    ...given,
  })

const hintOf = (given: Partial<DingTalkErrorOptions>) => hintFor(failure(given))

const UNANSWERED = { kind: 'unavailable', status: undefined } as const

test.each<[Partial<DingTalkErrorOptions>, readonly string[]]>([
  [
    { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', requiredScopes: ['Storage.File.Write'] },
    ['企业存储文件写权限 (Storage.File.Write)'],
  ],
  [
    { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', operation: 'space' },
    ['知识库文档读权限 (Document.WorkspaceDocument.Read)'],
  ],
  [
    { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', requiredScopes: ['ConvFile.Space.Read'] },
    ['群文件空间读权限 (ConvFile.Space.Read)'],
  ],
  [
    { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', requiredScopes: ['Brand.New'] },
    ['Brand.New'],
  ],
  [{ code: '60011', operation: 'unionId' }, ['成员信息读权限 (qyapi_get_member)']],
  [
    { code: 'invalidClientIdOrSecret', operation: 'accessToken' },
    [
      'app-key',
      'app-secret',
      'api-base-url: https://api.dingtalk.io',
      'oapi-base-url: https://oapi.dingtalk.io',
    ],
  ],
  [
    { ...UNANSWERED, code: 'ConnectionFailed', operation: 'accessToken' },
    ['HTTPS_PROXY', 'api-base-url: https://api.dingtalk.io', 'oapi-base-url: https://oapi.dingtalk.io'],
  ],
  [
    { ...UNANSWERED, code: 'Timeout', operation: 'put' },
    ['*.trans.dingtalk.com', '*-trans.dingtalk.com', '*.aliyuncs.com'],
  ],
  [{ code: 'SignatureDoesNotMatch', operation: 'put' }, [STORAGE_HOSTS]],
  [{ code: 'AccessDenied', operation: 'put', status: 403 }, ['IP', 'NO_PROXY', STORAGE_HOSTS]],
  [{ code: 'HTTP413', operation: 'put', status: 413 }, ['NO_PROXY', STORAGE_HOSTS]],
  [{ ...UNANSWERED, code: 'Timeout', mayHaveHappened: true }, ['Storage.File.Read']],
  [{ code: 'HTTP502', operation: 'send', kind: 'unavailable', mayHaveHappened: true }, ['chat-id']],
  [{ code: '310000', operation: 'postByWebhook', message: 'keywords not in content' }, ['message']],
  [{ code: '310000', operation: 'postByWebhook', message: 'sign not match' }, ['robot-secret', 'SEC']],
  [{ code: '310000', operation: 'postByWebhook', message: 'invalid timestamp' }, ['runner']],
  [{ code: '310000', operation: 'postByWebhook', message: 'ip 1.2.3.4 not in whitelist' }, ['IP']],
  // As it is worded since 2022.
  [
    {
      code: '310000',
      operation: 'postByWebhook',
      message:
        'description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;link:https://open.dingtalk.com/;',
    },
    ['message'],
  ],
  [
    {
      code: '310000',
      operation: 'postByWebhook',
      message:
        'description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中，请确认机器人的密钥加密和填写正确;link:https://open.dingtalk.com/;',
    },
    ['robot-secret', 'SEC'],
  ],
  [
    {
      code: '310000',
      operation: 'postByWebhook',
      message: 'description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在timestampms以内;',
    },
    ['runner'],
  ],
  [{ code: '310000', operation: 'postByWebhook', message: 'no' }, ['robot-secret', 'message']],
  [{ ...UNANSWERED, code: 'ConnectionFailed', operation: 'postByWebhook' }, ['robot-webhook']],
  [{ code: 'invalidParameter.robotCode.new', operation: 'post' }, ['robot-code']],
  [{ code: 'paramError.unionId', operation: 'list' }, ['union-id', 'user-id']],
  [{ code: 'newQuotaInsufficient' }, ['https://oa.dingtalk.com/']],
  [{ ...UNANSWERED, code: 'InsecureResourceUrl', operation: 'put', kind: 'refused' }, ['api-base-url']],
])('%j leads to %j', (given, named) => {
  const hint = hintOf(given)!
  const { en, zh } = hintText(hint)
  const details = failureDetails({ links: hint.links ?? [], codes: [] }, 'both')
  for (const word of named) {
    expect(`${en}\n${details}`).toContain(word)
    expect(`${zh}\n${details}`).toContain(word)
  }
})

const FOREIGN = { code: 'HTTP404', operation: 'list' } as const
const IN_DOUBT = { ...UNANSWERED, code: 'Timeout', mayHaveHappened: true } as const

test.each<[Partial<DingTalkErrorOptions>, Partial<DingTalkErrorOptions>]>([
  [
    { code: 'brand.new', kind: 'banned', operation: 'postByWebhook' },
    { code: '1111', kind: 'banned' },
  ],
  [
    { code: 'brand.new', kind: 'quota-spent' },
    { code: '90020', operation: 'unionId' },
  ],
  [
    { code: 'brand.new', kind: 'throttled' },
    { code: '90018', operation: 'unionId' },
  ],
  [
    { code: 'brand.new', kind: 'access-token' },
    { code: '40014', operation: 'unionId' },
  ],
  [
    { code: 'AccessDenied', kind: 'signature-expired', operation: 'put' },
    { code: 'RequestTimeTooSkewed', operation: 'put' },
  ],
  [{ code: 'UnreadableAnswer', operation: 'list', kind: 'unavailable', status: 200 }, FOREIGN],
  // Too long a response has no status here, and is no failure of the network.
  [{ ...UNANSWERED, code: 'AnswerTooLarge', operation: 'list' }, FOREIGN],
  [
    { ...UNANSWERED, code: 'AnswerTooLarge', operation: 'put' },
    { code: 'HTTP404', operation: 'put' },
  ],
  [{ code: 'constructor' }, { code: 'brand.new' }],
])('%j has the same advice as %j', (given, other) => {
  expect(hintOf(given)).toBeDefined()
  expect(hintOf(given)).toEqual(hintOf(other))
})

test('gives each kind of failure its own advice', () => {
  const kinds: Partial<DingTalkErrorOptions>[] = [
    { code: '1111', kind: 'banned' },
    { code: 'brand.new', kind: 'quota-spent' },
    { code: 'brand.new', kind: 'throttled' },
    { code: 'brand.new', kind: 'access-token' },
    { code: 'brand.new', kind: 'unavailable' },
    { ...UNANSWERED, code: 'Timeout', operation: 'probe' },
    { ...UNANSWERED, code: 'Timeout', operation: 'list' },
    { ...UNANSWERED, code: 'Timeout', operation: 'unionId' },
    { ...UNANSWERED, code: 'Timeout', operation: 'postByWebhook' },
    { ...UNANSWERED, code: 'Timeout', operation: 'list', proxy: 'HTTPS_PROXY' },
    { ...UNANSWERED, code: 'Timeout', operation: 'put', proxy: 'http_proxy' },
    FOREIGN,
    { ...FOREIGN, operation: 'put' },
    IN_DOUBT,
    { ...IN_DOUBT, code: 'Cancelled' },
    { ...IN_DOUBT, operation: 'send' },
    { code: 'HTTP413', operation: 'put' },
    ...['keywords not in content', 'sign not match', 'invalid timestamp', 'ip not in whitelist', 'no'].map(
      (message) => ({ code: '310000', operation: 'postByWebhook', message }) as const,
    ),
    { code: 'brand.new' },
  ]
  const hints = kinds.map((given) => hintText(hintOf(given)!).en)
  expect(new Set(hints).size).toBe(kinds.length)
  expect(hintOf({ ...UNANSWERED, code: 'ConnectionFailed', operation: 'put' })).toEqual(STORAGE_HINT)
})

test.each([
  ['list', 'api-base-url'],
  ['unionId', 'oapi-base-url'],
] as const)("suggests, if %s can't reach DingTalk, to check %s", (operation, input) => {
  const { fix } = hintOf({ ...UNANSWERED, code: 'Timeout', operation })!
  const checked = new RegExp(`(?<![\\w-])${input}`)
  expect(fix.en.split('.')[0]).toMatch(checked)
  expect(fix.zh.split('；')[0]).toMatch(checked)
})

test('names the variable of a proxy that rejects requests', () => {
  for (const operation of ['list', 'put', 'postByWebhook'] as const) {
    const { fix } = hintOf({ ...UNANSWERED, code: 'ConnectionFailed', operation, proxy: 'http_proxy' })!
    expect(fix.en).toContain('http_proxy')
    expect(fix.zh).toContain('http_proxy')
  }
})

test('gives no advice for a canceled call', () => {
  expect(hintOf({ code: 'Cancelled', status: undefined })).toBeUndefined()
})

const detailsOf = (given: Partial<DingTalkErrorOptions>) => {
  const [told] = diagnose([
    { stage: 'upload', consequence: { en: 'Lost.', zh: '失败。' }, error: failure(given) },
  ])
  return { details: failureDetails(told!.details, 'both'), message: failureMessage(told!) }
}

test('shows an unknown code with the text of the service', () => {
  const { details, message } = detailsOf({ code: 'brand.new', message: '新的错误', requestId: 'R' })
  expect(message.zh).not.toContain('新的错误')
  expect(details).toMatch(/^https:\S+\nbrand\.new · HTTP 400 · request id R\nDingTalk: 新的错误$/)
})

test.each<[Partial<DingTalkErrorOptions>, string]>([
  [{ operation: 'commit', code: 'brand.new' }, 'DingTalk'],
  [{ operation: 'put', code: 'AccessDenied', status: 403 }, 'OSS'],
  [{ operation: 'probe', code: 'InternalError', status: 500 }, 'OSS'],
  [{ operation: 'put', code: 'HTTP403', status: 403 }, 'HTTP 403'],
  [{ operation: 'list', code: 'HTTP502', status: 502 }, 'HTTP 502'],
])('attributes the text of %j to %s', (given, speaker) => {
  const { details } = detailsOf({ ...given, message: 'their words' })
  expect(details.split('\n').at(-1)).toBe(`${speaker}: their words`)
})

test('attributes the text of a service that our sentences replace', () => {
  const oss = failure({ operation: 'put', code: 'AccessDenied', status: 403, message: 'their words' })
  const error = oss.withSentence({ en: 'Ours.', zh: '我们的。' })
  const [told] = diagnose([{ stage: 'upload', consequence: { en: 'Lost.', zh: '失败。' }, error }])
  expect(told!.details.quote).toBe('OSS: their words')
})

test.each([
  [{ code: 'spaceNotExist' }, true],
  [{ code: 'documentNotExist', operation: 'space' }, true],
  // The v2 API says no more of a uuid that cannot be one.
  [{ code: 'unknownError', operation: 'uploadInfo', status: 500, message: 'Index: 0' }, true],
  [{ code: 'unknownError', operation: 'uploadInfo', status: 500, message: 'out of range' }, false],
  [{ code: 'spaceNotExist', operation: 'send' }, false],
  [{ code: 'permissionDenied' }, false],
] as const)('explains %j for the folder: %j', (given, expected) => {
  expect(isFolderRefusal(failure(given))).toBe(expected)
})

test.each([
  [new LocalFileError(verbatim('app.apk was written to while it was uploaded')), 'path'],
  [
    new LocalFileError(verbatim('x'), { cause: Object.assign(new Error('full'), { code: 'ENOSPC' }) }),
    'archive',
  ],
  [
    new LocalFileError(verbatim('x'), { cause: Object.assign(new Error('many'), { code: 'EMFILE' }) }),
    'ulimit',
  ],
  [
    new LocalFileError(verbatim('x'), { cause: Object.assign(new Error('denied'), { code: 'EPERM' }) }),
    'path',
  ],
])('%s leads to %s', (error, input) => {
  const { fix } = hintFor(error)!
  expect(fix.en).toContain(input)
  expect(fix.zh).toContain(input)
})

test('does not blame the build for a full disk or too many open files', () => {
  const changed = hintFor(new LocalFileError(verbatim('x')))
  for (const code of ['ENOSPC', 'EMFILE', 'EACCES']) {
    const error = new LocalFileError(verbatim('x'), { cause: Object.assign(new Error(), { code }) })
    expect(hintFor(error)).not.toEqual(changed)
  }
})

test.each([
  [Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }), 'archive'],
  [Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }), 'ulimit'],
])('%s outside of the files leads to %s', (error, input) => {
  const { fix } = hintFor(error)!
  expect(fix.en).toContain(input)
  expect(fix.zh).toContain(input)
})

test('explains an unexpected error in both languages, with where to report it', () => {
  for (const error of [
    new TypeError('x is not a function'),
    'text',
    Object.assign(new Error('x'), { code: 'ERR_X' }),
  ]) {
    const [told] = diagnose([{ stage: 'upload', consequence: { en: 'Lost.', zh: '失败。' }, error }])
    expect(told!.cause.zh).toMatch(/^\p{Script=Han}/u)
    expect(told!.fix!.zh).toMatch(/\p{Script=Han}/u)
    expect(told!.details.links).toEqual([ISSUES])
  }
  // The disk and the permissions are for the user to look after.
  for (const code of ['EACCES', 'ENOENT'])
    expect(hintFor(Object.assign(new Error('x'), { code }))!.links).toBeUndefined()
})
