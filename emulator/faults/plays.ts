// A table of the predefined plays.
import { ossErrorXml } from '../http/errors.ts'
import type { ResponseData } from '../http/response-data.ts'
import type { ResponsePlay, Play } from './fault.ts'

export type { Fault, Play } from './fault.ts'

const REQUEST_ID = '5F1C1B52-0D4E-7C6A-9E0B-6D1F4A2C8E37'

function gatewayErrorResponse(
  status: number,
  code: string,
  message: string,
  more: object = {},
): ResponseData {
  return { status, body: { code, requestid: REQUEST_ID, message, ...more } }
}

function oapiErrorResponse(errcode: number, errmsg: string): ResponseData {
  return { status: 200, body: { errcode, errmsg, request_id: REQUEST_ID.toLowerCase() } }
}

function ossErrorResponse(status: number, code: string, message: string): ResponseData {
  const id = REQUEST_ID.replaceAll('-', '').slice(0, 24)
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-oss-request-id': id },
    body: ossErrorXml(code, message, id),
  }
}

function html(status: number, body: string): ResponseData {
  return { status, headers: { 'content-type': 'text/html' }, body }
}

const SLOW_DOWN = ossErrorResponse(503, 'SlowDown', 'Please reduce your request rate.')

/** The app made more than 20 calls per second to this API. */
export const throttledQps: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(
    403,
    'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
    '应用调用该接口的QPS超限，请稍后重试',
  ),
  instead: { oapi: oapiErrorResponse(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** The app made too many calls per minute to this API. */
export const throttledQpm: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(
    403,
    'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi',
    '应用调用该接口的QPM超限，请稍后重试',
  ),
  instead: { oapi: oapiErrorResponse(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** All apps together call this API too often. */
export const throttledOrgApi: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(403, 'Forbidden.AccessDenied.QpsLimitForApi', '该接口的QPS超限，请稍后重试'),
  instead: { oapi: oapiErrorResponse(90002, '该接口调用次数过多，请稍后再试'), oss: SLOW_DOWN },
}

/** The organization has used its monthly quota of calls. */
export const monthlyQuota: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '企业本月的API调用次数已用完'),
  instead: { oapi: oapiErrorResponse(90020, '企业本月的API调用次数已用完') },
}

const PUNISHED =
  '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0b51a4d517850000000000000e0a3f"}'

/** The caller's IP is banned for five minutes: the response is an HTML page. */
export const ipBan: ResponsePlay = {
  kind: 'answer',
  ...html(
    200,
    `<!doctype html><html><head><meta charset="utf-8"><title>punish</title></head><body><script>window._config_ = ${PUNISHED}</script></body></html>`,
  ),
}

/** The same ban, as JSON. */
export const ipBanJson: ResponsePlay = { kind: 'answer', status: 200, body: PUNISHED }

/** The caller's IP is not on the app's allowlist. */
export const ipNotInWhiteList: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(403, 'Forbidden.AccessDenied.IpNotInWhiteList', '访问ip不在白名单之中'),
  instead: { oapi: oapiErrorResponse(60020, '访问ip不在白名单之中') },
}

/** The system is busy. @param retryAfter seconds, sent in a header */
export function systemBusyFor(retryAfter: number): ResponsePlay {
  const headers = { 'retry-after': String(retryAfter) }
  return {
    kind: 'answer',
    ...gatewayErrorResponse(429, 'system.busy', '系统繁忙'),
    headers,
    instead: {
      oapi: { ...oapiErrorResponse(-1, '系统繁忙'), headers },
      oss: { ...SLOW_DOWN, headers: { ...SLOW_DOWN.headers, ...headers } },
    },
  }
}

/** The system is busy, without a `retry-after` header. */
export const systemBusy429: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(429, 'system.busy', '系统繁忙'),
  instead: { oapi: oapiErrorResponse(-1, '系统繁忙'), oss: SLOW_DOWN },
}

/** The access token is rejected, even if it is valid. */
export const invalidAuthentication: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(400, 'InvalidAuthentication', '不合法的access_token'),
  instead: {
    oapi: oapiErrorResponse(40014, '不合法的access_token'),
    oss: ossErrorResponse(
      403,
      'AccessDenied',
      'You have no right to access this object because of bucket acl.',
    ),
  },
}

/** The app lacks a scope. */
export function accessTokenPermissionDenied(scope: string): ResponsePlay {
  return {
    kind: 'answer',
    ...gatewayErrorResponse(
      403,
      'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      '没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission',
      { accessdenieddetail: { requiredScopes: [scope] } },
    ),
    instead: {
      oapi: oapiErrorResponse(60011, `应用尚未开通所需的权限：[${scope}]`),
      oss: ossErrorResponse(403, 'AccessDenied', 'You have no right to access this object.'),
    },
  }
}

/** The call has invalid parameters. */
export const paramError400: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(400, 'paramError', '参数错误'),
  instead: {
    oapi: oapiErrorResponse(40035, '不合法的参数'),
    oss: ossErrorResponse(400, 'InvalidArgument', 'Invalid Argument.'),
  },
}

/** The same refusal, with HTTP 200. */
export const paramError200: ResponsePlay = { ...paramError400, status: 200 }

/** A proxy asks for authentication. */
export const unauthorized401: ResponsePlay = {
  kind: 'answer',
  ...html(401, '<html><head><title>401 Authorization Required</title></head><body></body></html>'),
}

/** A proxy cannot reach the server behind it. */
export const badGateway: ResponsePlay = {
  kind: 'answer',
  ...html(
    502,
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n',
  ),
}

export const serviceUnavailable503: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(503, 'operationTimeout', '操作超时'),
  instead: {
    oapi: html(
      503,
      '<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>',
    ),
    oss: ossErrorResponse(503, 'ServiceUnavailable', 'Please reduce your request rate.'),
  },
}

export const systemError500: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(500, 'systemError', '系统错误'),
  instead: {
    oapi: oapiErrorResponse(-1, '系统繁忙'),
    oss: ossErrorResponse(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  },
}

/** A fault of the platform itself, with the status of a refusal. */
export const systemError400: ResponsePlay = {
  kind: 'answer',
  ...gatewayErrorResponse(400, 'system.error', '未知的系统错误'),
  instead: {
    oapi: oapiErrorResponse(-1, '系统繁忙'),
    oss: ossErrorResponse(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  },
}

/** The same, although the call is done. */
export const systemError400After: ResponsePlay = { ...systemError400, kind: 'answer-after' }

/** The call is done; the JSON of its response ends in the middle, and Content-Length matches. */
export const truncatedJson: ResponsePlay = {
  kind: 'answer-after',
  status: 200,
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body: '{"dentry":{"id":"1208',
}

/** The call is done; its response is JSON of an undocumented form. */
export const wrongJson: ResponsePlay = { kind: 'answer-after', status: 200, body: { success: true } }

/** The call is done; its response is empty. */
export const empty200: ResponsePlay = { kind: 'answer-after', status: 200, body: '' }

export const ossSlowDown: ResponsePlay = { kind: 'answer', ...SLOW_DOWN }

export const ossRequestTimeout: ResponsePlay = {
  kind: 'answer',
  ...ossErrorResponse(
    408,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ),
}

export const ossSkewed: ResponsePlay = {
  kind: 'answer',
  ...ossErrorResponse(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ),
}

export const ossSignatureDoesNotMatch: ResponsePlay = {
  kind: 'answer',
  ...ossErrorResponse(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ),
}

/** The predefined plays by name, for the control API. */
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
  paramError200,
  unauthorized401,
  badGateway,
  serviceUnavailable503,
  systemError500,
  systemError400,
  systemError400After,
  truncatedJson,
  wrongJson,
  empty200,
  ossSlowDown,
  ossRequestTimeout,
  ossSkewed,
  ossSignatureDoesNotMatch,
}
