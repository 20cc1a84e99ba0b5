// The ready-made plays: a table.
import { ossErrorXml } from '../http/errors.ts'
import type { Answer } from '../http/response-data.ts'
import type { AnswerPlay, Play } from './fault.ts'

export type { Fault, Play } from './fault.ts'

const REQUEST_ID = '5F1C1B52-0D4E-7C6A-9E0B-6D1F4A2C8E37'

function gatewayError(status: number, code: string, message: string, more: object = {}): Answer {
  return { status, body: { code, requestid: REQUEST_ID, message, ...more } }
}

function oapiError(errcode: number, errmsg: string): Answer {
  return { status: 200, body: { errcode, errmsg, request_id: REQUEST_ID.toLowerCase() } }
}

function ossError(status: number, code: string, message: string): Answer {
  const id = REQUEST_ID.replaceAll('-', '').slice(0, 24)
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-oss-request-id': id },
    body: ossErrorXml(code, message, id),
  }
}

function html(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html' }, body }
}

const SLOW_DOWN = ossError(503, 'SlowDown', 'Please reduce your request rate.')

/** Over 20 calls a second of this app to this API. */
export const throttledQps: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(
    403,
    'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
    '应用调用该接口的QPS超限，请稍后重试',
  ),
  instead: { oapi: oapiError(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** Too many calls a minute of this app to this API. */
export const throttledQpm: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(
    403,
    'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi',
    '应用调用该接口的QPM超限，请稍后重试',
  ),
  instead: { oapi: oapiError(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** Everybody together calls this API too often. */
export const throttledOrgApi: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(403, 'Forbidden.AccessDenied.QpsLimitForApi', '该接口的QPS超限，请稍后重试'),
  instead: { oapi: oapiError(90002, '该接口调用次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** The organisation's calls of this month are spent. */
export const monthlyQuota: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '企业本月的API调用次数已用完'),
  instead: { oapi: oapiError(90020, '企业本月的API调用次数已用完') },
}

const PUNISHED =
  '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0b51a4d517850000000000000e0a3f"}'

/** The caller's address is shut out for five minutes: a page in place of any answer. */
export const ipBan: AnswerPlay = {
  kind: 'answer',
  ...html(
    200,
    `<!doctype html><html><head><meta charset="utf-8"><title>punish</title></head><body><script>window._config_ = ${PUNISHED}</script></body></html>`,
  ),
}

/** The same, in JSON. */
export const ipBanJson: AnswerPlay = { kind: 'answer', status: 200, body: PUNISHED }

/** The caller's address is not on the app's list. */
export const ipNotInWhiteList: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(403, 'Forbidden.AccessDenied.IpNotInWhiteList', '访问ip不在白名单之中'),
  instead: { oapi: oapiError(60020, '访问ip不在白名单之中') },
}

/** @param retryAfter seconds, told in a header */
export function systemBusyFor(retryAfter: number): AnswerPlay {
  const headers = { 'retry-after': String(retryAfter) }
  return {
    kind: 'answer',
    ...gatewayError(429, 'system.busy', '系统繁忙'),
    headers,
    instead: {
      oapi: { ...oapiError(-1, '系统繁忙'), headers },
      oss: { ...SLOW_DOWN, headers: { ...SLOW_DOWN.headers, ...headers } },
    },
  }
}

/** Busy, without a word about when it will no longer be. */
export const systemBusy429: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(429, 'system.busy', '系统繁忙'),
  instead: { oapi: oapiError(-1, '系统繁忙'), oss: SLOW_DOWN },
}

/** The access token is refused, whether or not it is valid. */
export const invalidAuthentication: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(400, 'InvalidAuthentication', '不合法的access_token'),
  instead: {
    oapi: oapiError(40014, '不合法的access_token'),
    oss: ossError(403, 'AccessDenied', 'You have no right to access this object because of bucket acl.'),
  },
}

/** The app lacks a scope. */
export function accessTokenPermissionDenied(scope: string): AnswerPlay {
  return {
    kind: 'answer',
    ...gatewayError(
      403,
      'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      '没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission',
      { accessdenieddetail: { requiredScopes: [scope] } },
    ),
    instead: {
      oapi: oapiError(60011, `应用尚未开通所需的权限：[${scope}]`),
      oss: ossError(403, 'AccessDenied', 'You have no right to access this object.'),
    },
  }
}

/** The call is refused for what is in it. */
export const paramError400: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(400, 'paramError', '参数错误'),
  instead: {
    oapi: oapiError(40035, '不合法的参数'),
    oss: ossError(400, 'InvalidArgument', 'Invalid Argument.'),
  },
}

/** A proxy on the way wants to know who asks. */
export const unauthorized401: AnswerPlay = {
  kind: 'answer',
  ...html(401, '<html><head><title>401 Authorization Required</title></head><body></body></html>'),
}

/** A proxy on the way has lost the server behind it. */
export const badGateway: AnswerPlay = {
  kind: 'answer',
  ...html(
    502,
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n',
  ),
}

export const serviceUnavailable503: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(503, 'operationTimeout', '操作超时'),
  instead: {
    oapi: html(
      503,
      '<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>',
    ),
    oss: ossError(503, 'ServiceUnavailable', 'Please reduce your request rate.'),
  },
}

export const systemError500: AnswerPlay = {
  kind: 'answer',
  ...gatewayError(500, 'systemError', '系统错误'),
  instead: {
    oapi: oapiError(-1, '系统繁忙'),
    oss: ossError(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  },
}

/** The call is done; its answer ends in the middle, though its length says that it is whole. */
export const truncatedJson: AnswerPlay = {
  kind: 'answer-after',
  status: 200,
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body: '{"dentry":{"id":"1208',
}

/** The call is done; its answer is JSON of no form that is documented. */
export const wrongJson: AnswerPlay = { kind: 'answer-after', status: 200, body: { success: true } }

/** The call is done; its answer is nothing. */
export const empty200: AnswerPlay = { kind: 'answer-after', status: 200, body: '' }

export const ossSlowDown: AnswerPlay = { kind: 'answer', ...SLOW_DOWN }

export const ossRequestTimeout: AnswerPlay = {
  kind: 'answer',
  ...ossError(
    408,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ),
}

export const ossSkewed: AnswerPlay = {
  kind: 'answer',
  ...ossError(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ),
}

export const ossSignatureDoesNotMatch: AnswerPlay = {
  kind: 'answer',
  ...ossError(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ),
}

/** The ready-made plays by their names, as the control API takes them. */
export const PLAYS: Readonly<Record<string, Play>> = {
  throttledQps,
  throttledQpm,
  throttledOrgApi,
  monthlyQuota,
  ipBan,
  ipBanJson,
  ipNotInWhiteList,
  systemBusy429,
  invalidAuthentication,
  paramError400,
  unauthorized401,
  badGateway,
  serviceUnavailable503,
  systemError500,
  truncatedJson,
  wrongJson,
  empty200,
  ossSlowDown,
  ossRequestTimeout,
  ossSkewed,
  ossSignatureDoesNotMatch,
}
