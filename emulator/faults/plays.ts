// A table of the predefined plays.
import { GatewayError, OapiError, OssError } from '../http/errors.ts'
import type { ResponseData } from '../http/request.ts'
import type { ResponsePlay, Play } from './fault.ts'

export type { Fault, Play } from './fault.ts'

const api = (...error: ConstructorParameters<typeof GatewayError>) => new GatewayError(...error).response()
const oapi = (...error: ConstructorParameters<typeof OapiError>) => new OapiError(...error).response()
const oss = (...error: ConstructorParameters<typeof OssError>) => new OssError(...error).response()

function html(status: number, body: string): ResponseData {
  return { status, headers: { 'content-type': 'text/html' }, body }
}

function answer(response: ResponseData, instead: NonNullable<ResponsePlay['instead']> = {}): ResponsePlay {
  return { kind: 'answer', ...response, instead }
}

const SLOW_DOWN = oss(503, 'SlowDown', 'Please reduce your request rate.')

/** The app made more than 20 calls per second to this API. */
export const throttledQps = answer(
  api(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', '应用调用该接口的QPS超限，请稍后重试'),
  { oapi: oapi(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
)

/** The app made too many calls per minute to this API. */
export const throttledQpm = answer(
  api(403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', '应用调用该接口的QPM超限，请稍后重试'),
  { oapi: oapi(90018, '应用调用该接口次数过多，请稍后再试'), oss: SLOW_DOWN },
)

/** All apps together call this API too often. */
export const throttledOrgApi = answer(
  api(403, 'Forbidden.AccessDenied.QpsLimitForApi', '该接口的QPS超限，请稍后重试'),
  { oapi: oapi(90002, '该接口调用次数过多，请稍后再试'), oss: SLOW_DOWN },
)

/** The organization has used its monthly quota of calls. */
export const monthlyQuota = answer(
  api(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '企业本月的API调用次数已用完'),
  { oapi: oapi(90020, '企业本月的API调用次数已用完') },
)

const PUNISHED =
  '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0b51a4d517850000000000000e0a3f"}'

/** The caller's IP is banned for five minutes: the response is an HTML page. */
export const ipBan = answer(
  html(
    200,
    `<!doctype html><html><head><meta charset="utf-8"><title>punish</title></head><body><script>window._config_ = ${PUNISHED}</script></body></html>`,
  ),
)

/** The same ban, as JSON. */
export const ipBanJson = answer({ status: 200, body: PUNISHED })

/** The caller's IP is not on the app's allowlist. */
export const ipNotInWhiteList = answer(
  api(403, 'Forbidden.AccessDenied.IpNotInWhiteList', '访问ip不在白名单之中'),
  { oapi: oapi(60020, '访问ip不在白名单之中') },
)

/** The system is busy, without a `retry-after` header. */
export const systemBusy429 = answer(api(429, 'system.busy', '系统繁忙'), {
  oapi: oapi(-1, '系统繁忙'),
  oss: SLOW_DOWN,
})

/** The system is busy. @param retryAfter seconds, sent in a header */
export function systemBusyFor(retryAfter: number): ResponsePlay {
  const headers = { 'retry-after': String(retryAfter) }
  return {
    ...systemBusy429,
    headers,
    instead: {
      oapi: { ...oapi(-1, '系统繁忙'), headers },
      oss: { ...SLOW_DOWN, headers: { ...SLOW_DOWN.headers, ...headers } },
    },
  }
}

/** The access token is rejected, even if it is valid. */
export const invalidAuthentication = answer(api(400, 'InvalidAuthentication', '不合法的access_token'), {
  oapi: oapi(40014, '不合法的access_token'),
  oss: oss(403, 'AccessDenied', 'You have no right to access this object because of bucket acl.'),
})

/** The app lacks a scope. */
export function accessTokenPermissionDenied(scope: string): ResponsePlay {
  const message =
    '没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission'
  const more = { accessdenieddetail: { requiredScopes: [scope] } }
  return answer(api(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message, more), {
    oapi: oapi(60011, `应用尚未开通所需的权限：[${scope}]`),
    oss: oss(403, 'AccessDenied', 'You have no right to access this object.'),
  })
}

/** The call has invalid parameters. */
export const paramError400 = answer(api(400, 'paramError', '参数错误'), {
  oapi: oapi(40035, '不合法的参数'),
  oss: oss(400, 'InvalidArgument', 'Invalid Argument.'),
})

/** The same error, with HTTP 200. */
export const paramError200: ResponsePlay = { ...paramError400, status: 200 }

/** A proxy asks for authentication. */
export const unauthorized401 = answer(
  html(401, '<html><head><title>401 Authorization Required</title></head><body></body></html>'),
)

/** A proxy cannot reach the server behind it. */
export const badGateway = answer(
  html(
    502,
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n',
  ),
)

export const serviceUnavailable503 = answer(api(503, 'operationTimeout', '操作超时'), {
  oapi: html(
    503,
    '<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>',
  ),
  oss: oss(503, 'ServiceUnavailable', 'Please reduce your request rate.'),
})

const SYSTEM_ERROR = {
  oapi: oapi(-1, '系统繁忙'),
  oss: oss(500, 'InternalError', 'We encountered an internal error. Please try again.'),
}

export const systemError500 = answer(api(500, 'systemError', '系统错误'), SYSTEM_ERROR)

/** An internal error of the platform, with the status of a rejected call. */
export const systemError400 = answer(api(400, 'system.error', '未知的系统错误'), SYSTEM_ERROR)

/** The same, although the call is executed. */
export const systemError400After: ResponsePlay = { ...systemError400, kind: 'answer-after' }

/** The call is executed; the JSON of its response ends in the middle, and Content-Length matches. */
export const truncatedJson: ResponsePlay = {
  kind: 'answer-after',
  status: 200,
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body: '{"dentry":{"id":"1208',
}

/** The call is executed; its response is JSON of an undocumented form. */
export const wrongJson: ResponsePlay = { kind: 'answer-after', status: 200, body: { success: true } }

/** The call is executed; its response is empty. */
export const empty200: ResponsePlay = { kind: 'answer-after', status: 200, body: '' }

export const ossSlowDown = answer(SLOW_DOWN)

export const ossRequestTimeout = answer(
  oss(
    408,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ),
)

export const ossSkewed = answer(
  oss(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ),
)

export const ossSignatureDoesNotMatch = answer(
  oss(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ),
)

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
