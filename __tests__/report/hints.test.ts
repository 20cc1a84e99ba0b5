import { expect, test } from '@jest/globals'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import { LocalFileError } from '../../src/errors.ts'
import { describe as tell } from '../../src/report/failures.ts'
import { hintFor } from '../../src/report/hints.ts'

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

test.each<[Partial<DingTalkErrorOptions>, RegExp, RegExp]>([
  [
    { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', requiredScopes: ['Storage.File.Write'] },
    /企业存储文件写权限 \(Storage\.File\.Write\).*publish/,
    /重新发布/,
  ],
  [
    { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', requiredScopes: ['Brand.New'] },
    /permission Brand\.New /,
    /Brand\.New/,
  ],
  [{ code: '60011', operation: 'unionId' }, /qyapi_get_member/, /成员信息读权限/],
  [{ code: 'permissionDenied' }, /operator.*"My files".*team space/s, /我的文件.*团队空间/],
  [{ code: 'permissionDenied', operation: 'send' }, /member of the group/, /群成员/],
  [
    { code: 'permession.checkFailed', operation: 'openConversationId' },
    /owner of the group is outside/,
    /群主/,
  ],
  [{ code: '50002', operation: 'unionId' }, /outside the app's visible range/, /可见范围/],
  [{ code: '60121', operation: 'unionId' }, /user-id/, /user-id/],
  [{ code: 'invalidClientIdOrSecret', operation: 'accessToken' }, /app-key and app-secret/, /app-secret/],
  [{ code: 'Forbidden.AccessDenied.IpNotInWhiteList' }, /allow-list/, /白名单/],
  [{ code: '60020', operation: 'unionId' }, /allow-list/, /白名单/],
  [{ code: 'Forbidden.AccessDenied.ApiCountLimitForOrg', kind: 'quota-spent' }, /5,000.*next month/, /5000/],
  [{ code: '1111', kind: 'banned' }, /wait/, /封禁/],
  [
    { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', kind: 'throttled' },
    /one after the other/,
    /错开/,
  ],
  [{ code: 'InvalidAuthentication', kind: 'access-token' }, /fresh access token/, /access token/],
  [{ code: 'spaceNotExist' }, /folder-url/, /复制链接/],
  [{ code: 'conversationNotExist', operation: 'send' }, /chat-id/, /chat-id/],
  [{ code: 'orgQuotaInsufficient' }, /no room left/, /空间不足/],
  [{ code: 'dentryNameConflict' }, /conflict-strategy/, /同名/],
  [{ code: 'dentryNameIllegal' }, /tab \* " < > \|/, /文件名/],
  [{ code: 'dentryFormatNotSupport' }, /zip/, /zip/],
  [{ code: 'SignatureDoesNotMatch', operation: 'put' }, /proxy that adds headers/, /代理/],
  [{ code: 'RequestTimeTooSkewed', operation: 'put', kind: 'signature-expired' }, /clock/, /时钟/],
  [
    { code: 'Timeout', operation: 'put', kind: 'unavailable', status: undefined },
    /oss-cn-\{zhangjiakou/,
    /放行/,
  ],
  [
    { code: 'ConnectionFailed', operation: 'accessToken', kind: 'unavailable', status: undefined },
    /HTTPS_PROXY/,
    /HTTPS_PROXY/,
  ],
  [
    { code: 'Timeout', kind: 'unavailable', mayHaveHappened: true, status: undefined },
    /may or may not be in the folder/,
    /可能已经在文件夹/,
  ],
  [
    { code: 'HTTP502', operation: 'send', kind: 'unavailable', mayHaveHappened: true },
    /may or may not be in the group/,
    /可能已经发出/,
  ],
])('%j', (given, en, zh) => {
  const hint = hintFor(failure(given))
  expect(hint?.en).toMatch(en)
  expect(hint?.zh).toMatch(zh)
})

test('a code that nobody knows is shown as it came', () => {
  expect(hintFor(failure({ code: 'brand.new' }))).toBeUndefined()
  expect(tell(failure({ code: 'brand.new', message: '新的错误', requestId: 'R' }))).toBe(
    'could not commit the file: 新的错误 (brand.new, HTTP 400, request id R)',
  )
})

test('a file that changed has its advice too', () => {
  expect(hintFor(new LocalFileError('x'))?.en).toContain('finish')
})
