import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { DingTalkError } from '../../src/dingtalk/errors.ts'
import { readGatewayResponse, readOapiResponse, readOssResponse } from '../../src/dingtalk/responses.ts'
import type { HttpResponse } from '../../src/http/request.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const Id = v.object({ id: v.string() })
const answer = (
  status: number,
  body: object | string,
  headers: HttpResponse['headers'] = {},
): HttpResponse => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

function errorOf(read: () => unknown): DingTalkError {
  try {
    read()
  } catch (error) {
    if (error instanceof DingTalkError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const BAN = '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"b-1"}'

describe('the new gateway', () => {
  const read = (status: number, body: object | string, headers?: HttpResponse['headers']) => () =>
    readGatewayResponse('commit', answer(status, body, headers), Id)
  const coded = (code: string) => ({ code, message: 'm', requestid: 'r-1' })

  test('keeps an ID beyond a safe integer', () => {
    expect(read(200, '{"id":"98765432109876543210"}')()).toEqual({ id: '98765432109876543210' })
  })

  test.each([
    [
      400,
      coded('paramError'),
      { kind: 'refused', mayHaveHappened: false, code: 'paramError', requestId: 'r-1' },
    ],
    [400, coded('InvalidAuthentication'), { kind: 'access-token', mayHaveHappened: false }],
    [400, coded('operationConcurrentControl'), { kind: 'unavailable', mayHaveHappened: false }],
    [
      403,
      coded('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'),
      { kind: 'throttled', mayHaveHappened: false },
    ],
    [403, coded('Forbidden.AccessDenied.QpmLimitForAppkeyAndApi'), { kind: 'throttled' }],
    [403, coded('Forbidden.AccessDenied.QpsLimitForApi'), { kind: 'throttled' }],
    [
      403,
      coded('Forbidden.AccessDenied.ApiCountLimitForOrg'),
      { kind: 'quota-spent', mayHaveHappened: false },
    ],
    [403, coded('Forbidden.AccessDenied.IpNotInWhiteList'), { kind: 'refused' }],
    [429, coded('system.busy'), { kind: 'throttled', mayHaveHappened: false }],
    [429, 'slow down', { kind: 'throttled', code: 'HTTP429' }],
    [500, coded('systemError'), { kind: 'unavailable', mayHaveHappened: true }],
    [503, coded('operationTimeout'), { kind: 'unavailable', mayHaveHappened: true }],
    [
      502,
      '<html><h1>Bad Gateway</h1></html>',
      { kind: 'unavailable', code: 'HTTP502', message: 'Bad Gateway' },
    ],
    [403, '<html>proxy</html>', { kind: 'refused', code: 'HTTP403', mayHaveHappened: false }],
    [202, '', { kind: 'unavailable', code: 'HTTP202', mayHaveHappened: true }],
    [302, '', { kind: 'refused', code: 'HTTP302', mayHaveHappened: true }],
    [
      200,
      coded('dentryNotExist'),
      { kind: 'refused', code: 'dentryNotExist', message: 'm', requestId: 'r-1', mayHaveHappened: false },
    ],
    [200, coded('systemError'), { kind: 'unavailable', code: 'systemError', mayHaveHappened: true }],
    [200, coded('operationTimeout'), { kind: 'unavailable', mayHaveHappened: true }],
    [200, coded('InvalidAuthentication'), { kind: 'access-token' }],
    [200, '{"id":"1', { kind: 'unavailable', code: 'UnreadableAnswer', mayHaveHappened: true }],
    [200, '', { code: 'UnreadableAnswer', mayHaveHappened: true }],
    [200, '[]', { code: 'UnreadableAnswer' }],
    [200, { id: 5, requestid: 'r-2' }, { code: 'UnreadableAnswer', requestId: 'r-2', mayHaveHappened: true }],
    [
      200,
      BAN,
      { kind: 'banned', code: '1111', requestId: 'b-1', retryAfter: 300_000, mayHaveHappened: false },
    ],
    [403, `<html><script>var x = ${BAN}</script></html>`, { kind: 'banned', code: '1111' }],
  ])('HTTP %d %j', (status, body, error) => {
    expect(errorOf(read(status, body))).toMatchObject({ status, operation: 'commit', ...error })
  })

  test.each([
    ['accessdenieddetail', { requiredScopes: ['A.Read'] }, 'm', ['A.Read']],
    ['accessDeniedDetail', { requiredScopes: ['A.Read', 'B'] }, 'm', ['A.Read', 'B']],
    ['AccessDeniedDetail', { requiredScopes: ['A.Read'] }, 'm', ['A.Read']],
    ['other', {}, '应用尚未开通所需的权限：[Document.AIAssistant.Read]', ['Document.AIAssistant.Read']],
    ['other', {}, '没有调用该接口的权限', []],
  ])('finds the missing scope in %s', (key, detail, message, scopes) => {
    const body = { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message, [key]: detail }
    expect(errorOf(read(403, body)).requiredScopes).toEqual(scopes)
  })

  test.each([
    ['3', 3000],
    ['Sun, 22 Nov 2026 10:00:07 GMT', 7000],
    ['soon', undefined],
  ])('Retry-After: %s', (value, ms) => {
    const headers = { 'retry-after': value, date: 'Sun, 22 Nov 2026 10:00:00 GMT' }
    expect(errorOf(read(429, '', headers)).retryAfter).toBe(ms)
  })

  test('truncates a long message', () => {
    const { message } = errorOf(read(400, { ...coded('paramError'), message: '长'.repeat(100_000) }))
    expect(message).toBe(`${'长'.repeat(1000)}…`)
  })

  test('accepts a response of the documented form with any other fields', () => {
    expect(read(200, { id: '1', code: 'OK' })()).toEqual({ id: '1' })
  })

  test.each([
    [399, true],
    [400, false],
    [407, false],
    [408, true],
    [409, false],
    [499, false],
    [500, true],
  ])('rejects a page with HTTP %i; may have happened: %s', (status, mayHaveHappened) => {
    const read = () => readGatewayResponse('commit', answer(status, '<html>'), Id)
    expect(errorOf(read).mayHaveHappened).toBe(mayHaveHappened)
  })

  test('assumes five minutes for a ban without a duration', () => {
    const read = () => readGatewayResponse('list', answer(200, { status: 1111, punish: 'deny' }), Id)
    expect(errorOf(read)).toMatchObject({ kind: 'banned', retryAfter: 300_000 })
  })

  test('ignores a byte order mark', () => {
    expect(read(200, '\ufeff{"id":"1"}')()).toEqual({ id: '1' })
  })

  test.each(['accessToken', 'uploadInfo', 'multipartInit', 'partInfo'] as const)(
    'does not quote a response to %s',
    (operation) => {
      for (const status of [200, 201, 502]) {
        const { message } = errorOf(() => readGatewayResponse(operation, answer(status, 'short words'), Id))
        expect(message).not.toMatch(/short|words/)
      }
    },
  )

  test.each([
    ['an id of digits stays: 98765432109876543210', true],
    ['Forbidden.AccessDenied.AccessTokenPermissionDenied stays', true],
    ['https://open.dingtalk.com/document/orgapp-server/add-api-permission', true],
    ['a token goes: 0123456789abcdef', false],
    ['a signature goes: abcdefghijklmnopqrstuvwxyzA=', false],
    ['in HTML too: abcdefgh&#47;ijklmn&#61;', false],
  ])('filters a message: %s', (message, stays) => {
    for (const status of [400, 502]) {
      const { message: said } = errorOf(read(status, { ...coded('paramError'), message }))
      expect(said === message).toBe(stays)
    }
  })

  test('truncates a long page', () => {
    expect(errorOf(read(502, 'x '.repeat(5000))).message).toHaveLength(201)
  })
})

describe('the old gateway', () => {
  const read = (status: number, body: object | string) => () =>
    readOapiResponse('unionId', answer(status, body), Id)

  test('accepts errcode 0', () => {
    expect(read(200, { errcode: 0, errmsg: 'ok', id: 'x' })()).toEqual({ id: 'x' })
  })

  test.each([
    [
      200,
      { errcode: 60121, errmsg: '找不到该用户', request_id: 'q' },
      { code: '60121', kind: 'refused', requestId: 'q' },
    ],
    [
      200,
      { errcode: 88, errmsg: 'e', sub_code: '60011', sub_msg: '没有调用该接口的权限' },
      { code: '60011', message: '没有调用该接口的权限' },
    ],
    [200, { errcode: 88, errmsg: 'e' }, { code: '88', message: 'e' }],
    [200, { errcode: 40014, errmsg: 'e' }, { kind: 'access-token' }],
    [200, { errcode: 42001, errmsg: 'e' }, { kind: 'access-token' }],
    [200, { errcode: 90018, errmsg: 'e' }, { kind: 'throttled' }],
    [200, { errcode: 90002, errmsg: 'e' }, { kind: 'throttled' }],
    [200, { errcode: 90020, errmsg: 'e' }, { kind: 'quota-spent' }],
    [200, { errcode: -1, errmsg: '系统繁忙' }, { kind: 'unavailable', mayHaveHappened: true }],
    [200, { errcode: 0 }, { code: 'UnreadableAnswer' }],
    [502, 'x', { kind: 'unavailable', code: 'HTTP502' }],
    [200, `<html>${BAN}</html>`, { kind: 'banned' }],
  ])('HTTP %d %j', (status, body, error) => {
    expect(errorOf(read(status, body))).toMatchObject(error)
  })
})

describe('OSS', () => {
  const xml = (code: string, message = 'm') =>
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>o-1</RequestId><HostId>h</HostId></Error>`

  test.each([
    ['"0CC175B9C0F1B6A831C399E269772661"', '0cc175b9c0f1b6a831c399e269772661'],
    ['"0CC175B9C0F1B6A831C399E269772661-3"', undefined],
    [undefined, undefined],
  ])('ETag %s', (etag, md5) => {
    expect(readOssResponse(answer(200, '', { etag, 'x-oss-request-id': 'o-1' }))).toBe(md5)
  })

  test.each([
    [403, xml('RequestTimeTooSkewed'), { kind: 'signature-expired', requestId: 'o-1' }],
    [403, xml('AccessDenied', 'Request has expired.'), { kind: 'signature-expired' }],
    [403, xml('AccessDenied', 'no'), { kind: 'refused', code: 'AccessDenied', message: 'no' }],
    [403, xml('SignatureDoesNotMatch'), { kind: 'refused', code: 'SignatureDoesNotMatch' }],
    [404, xml('NoSuchUpload'), { kind: 'refused' }],
    [400, xml('EntityTooLarge'), { kind: 'refused' }],
    [200, '<html>Sign in</html>', { kind: 'unavailable', code: 'UnreadableAnswer' }],
    [408, xml('RequestTimeout'), { kind: 'unavailable' }],
    [503, xml('SlowDown'), { kind: 'unavailable', mayHaveHappened: true }],
    [502, '<html>Bad Gateway</html>', { kind: 'unavailable', code: 'HTTP502', message: 'Bad Gateway' }],
    [403, '', { kind: 'refused', code: 'HTTP403' }],
  ])('HTTP %d %s', (status, body, error) => {
    const read = () => readOssResponse(answer(status, body))
    expect(errorOf(read)).toMatchObject({ operation: 'put', status, ...error })
  })

  test.each([200, 201, 204])('treats HTTP %d without any sign of OSS as stored, but unverified', (status) => {
    expect(readOssResponse(answer(status, ''))).toBeUndefined()
  })

  test.each([
    [401, true, 'refused'],
    [401, false, 'signature-expired'],
    [403, true, 'refused'],
    [403, false, 'signature-expired'],
  ])('HTTP %d, signed for OSS: %s: %s', (status, isOssSigned, kind) => {
    expect(errorOf(() => readOssResponse(answer(status, ''), isOssSigned)).kind).toBe(kind)
  })

  test('treats HTTP 413 as a file that is too large', () => {
    expect(errorOf(() => readOssResponse(answer(413, '')))).toMatchObject({ code: 'EntityTooLarge' })
  })

  test.each([
    [200, '<html>Sign in</html>', ['Sign in']],
    [403, '', []],
  ])('HTTP %d %j: describes and quotes a response that is not from OSS', (status, body, words) => {
    const error = errorOf(() => readOssResponse(answer(status, body)))
    expectWhole(error.text, ...words)
    expect(error.isQuoted).toBe(false)
  })

  test.each([
    [299, 'unavailable', true],
    [300, 'refused', false],
    [407, 'refused', false],
    [408, 'unavailable', false],
    [409, 'refused', false],
    [429, 'unavailable', false],
    [499, 'refused', false],
    [500, 'unavailable', true],
  ])('a page with HTTP %i: %s', (status, kind, mayHaveHappened) => {
    expect(errorOf(() => readOssResponse(answer(status, '<html>')))).toMatchObject({ kind, mayHaveHappened })
  })

  test('expands no entity that the body declares', () => {
    const body = `<!DOCTYPE Error [<!ENTITY x "secret">]>${xml('AccessDenied', '&x;&#65;')}`
    expect(errorOf(() => readOssResponse(answer(403, body))).message).toBe('&x;&#65;')
  })
})
