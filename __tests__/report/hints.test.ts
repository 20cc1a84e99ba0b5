import { expect, test } from '@jest/globals'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import { LocalFileError } from '../../src/errors.ts'
import { verbatim } from '../../src/http/text.ts'
import {
  BANNED_HINT,
  FOREIGN_RESPONSE_HINT,
  IN_DOUBT,
  networkHint,
  proxyHint,
  QUOTA_SPENT_HINT,
  STORAGE_HINT,
  THROTTLED_HINT,
  TOKEN_HINT,
  UNKNOWN_CODE_HINT,
} from '../../src/report/advice/shared.ts'
import { failureDetails, failureMessage, tellFailures } from '../../src/report/failures.ts'
import { hintText } from '../../src/report/hint.ts'
import { hintFor, isFolderRefusal } from '../../src/report/hints.ts'
import { STORAGE_HOSTS } from '../../src/text/links.ts'

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
    ['app-key', 'app-secret', 'https://api.dingtalk.io', 'https://oapi.dingtalk.io'],
  ],
  [
    { ...UNANSWERED, code: 'ConnectionFailed', operation: 'accessToken' },
    ['HTTPS_PROXY', 'api-base-url', 'https://api.dingtalk.io', 'https://oapi.dingtalk.io'],
  ],
  [
    { ...UNANSWERED, code: 'Timeout', operation: 'put' },
    ['*.trans.dingtalk.com', '*-trans.dingtalk.com', '*.aliyuncs.com'],
  ],
  [{ code: 'SignatureDoesNotMatch', operation: 'put' }, [STORAGE_HOSTS]],
  [{ ...UNANSWERED, code: 'Timeout', mayHaveHappened: true }, ['Storage.File.Read']],
  [{ code: 'HTTP502', operation: 'send', kind: 'unavailable', mayHaveHappened: true }, ['chat-id']],
  [{ code: '310000', operation: 'postByWebhook', message: 'keywords not in content' }, ['message']],
  [{ code: '310000', operation: 'postByWebhook', message: 'sign not match' }, ['robot-secret', 'SEC']],
  [{ code: '310000', operation: 'postByWebhook', message: 'ip 1.2.3.4 not in whitelist' }, ['IP']],
  [{ code: '310000', operation: 'postByWebhook', message: 'no' }, ['robot-secret', 'message']],
  [{ ...UNANSWERED, code: 'ConnectionFailed', operation: 'postByWebhook' }, ['robot-webhook']],
  [{ code: 'invalidParameter.robotCode.new', operation: 'post' }, ['robot-code']],
  [{ code: 'paramError.unionId', operation: 'list' }, ['union-id', 'user-id']],
  [{ code: 'newQuotaInsufficient' }, ['https://oa.dingtalk.com/']],
  [{ ...UNANSWERED, code: 'InsecureResourceUrl', operation: 'put', kind: 'refused' }, ['api-base-url']],
])('%j leads to %j', (given, named) => {
  const { en, zh } = hintText(hintOf(given)!)
  for (const word of named) {
    expect(en).toContain(word)
    expect(zh).toContain(word)
  }
})

test.each<[Partial<DingTalkErrorOptions>, unknown]>([
  [{ code: '1111', kind: 'banned' }, BANNED_HINT],
  [{ code: '1111', kind: 'banned', operation: 'postByWebhook' }, BANNED_HINT],
  [{ code: 'brand.new', kind: 'quota-spent' }, QUOTA_SPENT_HINT],
  [{ code: 'brand.new', kind: 'throttled' }, THROTTLED_HINT],
  [{ code: 'brand.new', kind: 'access-token' }, TOKEN_HINT],
  [{ ...UNANSWERED, operation: 'probe' }, STORAGE_HINT],
  [{ ...UNANSWERED, operation: 'list' }, networkHint('api-base-url')],
  [{ ...UNANSWERED, operation: 'unionId' }, networkHint('oapi-base-url')],
  [{ ...UNANSWERED, operation: 'list', proxy: 'HTTPS_PROXY' }, proxyHint('HTTPS_PROXY')],
  [{ ...UNANSWERED, operation: 'put', proxy: 'http_proxy' }, proxyHint('http_proxy')],
  [{ code: 'HTTP404', operation: 'list' }, FOREIGN_RESPONSE_HINT],
  [{ code: 'UnreadableAnswer', operation: 'put', kind: 'unavailable', status: 200 }, FOREIGN_RESPONSE_HINT],
  // Too long a response has no status here, and is no failure of the network.
  [{ ...UNANSWERED, code: 'AnswerTooLarge', operation: 'put' }, FOREIGN_RESPONSE_HINT],
  [{ ...UNANSWERED, code: 'AnswerTooLarge', operation: 'list' }, FOREIGN_RESPONSE_HINT],
  [{ ...UNANSWERED, mayHaveHappened: true, operation: 'sendToUser' }, IN_DOUBT.sendToUser],
  [{ ...UNANSWERED, mayHaveHappened: true, operation: 'postByWebhook' }, IN_DOUBT.postByWebhook],
  [{ code: 'brand.new', requestId: 'R' }, UNKNOWN_CODE_HINT],
  [{ code: 'constructor', requestId: 'R' }, UNKNOWN_CODE_HINT],
])('%j has the advice of its kind', (given, hint) => {
  expect(hint).toBeDefined()
  expect(hintOf(given)).toEqual(hint)
})

test('a code that nobody knows is shown as it came', () => {
  expect(hintOf({ code: 'brand.new' })).toBeUndefined()
  const error = failure({ code: 'brand.new', message: '新的错误', requestId: 'R' })
  const [told] = tellFailures([{ consequence: { en: 'Lost.', zh: '失败。' }, error }])
  expect(failureMessage(told!).zh).not.toContain('新的错误')
  expect(failureDetails(told!.details)).toMatch(/· brand\.new · HTTP 400 · request id R\nDingTalk: 新的错误$/)
})

test.each([
  [{ code: 'spaceNotExist' }, true],
  [{ code: 'documentNotExist', operation: 'space' }, true],
  // The v2 API says no more of a uuid that cannot be one.
  [{ code: 'unknownError', operation: 'uploadInfo', status: 500, message: 'Index: 0' }, true],
  [{ code: 'unknownError', operation: 'uploadInfo', status: 500, message: 'out of range' }, false],
  [{ code: 'spaceNotExist', operation: 'send' }, false],
  [{ code: 'permissionDenied' }, false],
] as const)('%j refuses the folder: %j', (given, expected) => {
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
    'concurrency',
  ],
  // From another thread comes only the message.
  [new LocalFileError(verbatim('x can no longer be read: EMFILE: too many open files')), 'concurrency'],
  [new LocalFileError(verbatim('x can no longer be read: EPERM: operation not permitted')), 'path'],
  [new LocalFileError(verbatim('x can no longer be read: ENEW: of a new kind')), 'path'],
])('%s leads to %s', (error, input) => {
  const { fix } = hintFor(error)!
  expect(fix.en).toContain(input)
  expect(fix.zh).toContain(input)
})

test('a full disk and too many open files are not the doing of whatever writes the file', () => {
  const changed = hintFor(new LocalFileError(verbatim('x')))
  for (const code of ['ENOSPC', 'EMFILE', 'EACCES']) {
    const error = new LocalFileError(verbatim('x'), { cause: Object.assign(new Error(), { code }) })
    expect(hintFor(error)).not.toEqual(changed)
  }
})
