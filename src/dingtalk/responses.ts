import * as v from 'valibot'
import type { HttpResponse } from '../http/request.ts'
import { clipped, joined, type Text, verbatim } from '../http/text.ts'
import { isSystemFault } from './codes.ts'
import { DingTalkError, type DingTalkErrorOptions, type ErrorKind, UUID_REFUSAL } from './errors.ts'
import { hasSecretResponse, type OperationName } from './operations.ts'

/** The old gateway's code for an unknown path, with HTTP 200. */
const OLD_NOT_FOUND = '404'
/** The new gateway's code for an unknown path. */
const NEW_NOT_FOUND = 'InvalidAction.NotFound'

/**
 * Reads a response of the new gateway (`api.dingtalk.com`): HTTP 200 and JSON, or an error as JSON with `code`, `message`,
 * and `requestid`. An error can have HTTP 200 too.
 *
 * @throws DingTalkError for anything else, such as an HTML page of a proxy
 */
export function readGatewayResponse<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  throwIfBanned(operation, response)
  const { status } = response
  const body = jsonObject(response.text)
  // If the base URL is wrong, the response is from the old gateway.
  const isOld = text(body?.['errcode']) === OLD_NOT_FOUND
  const code = text(body?.['code']) ?? (isOld ? OLD_NOT_FOUND : undefined)
  // A response in the documented form is a success even if it has a code. A form that requires nothing is no evidence.
  const isSuccess = status === 200 && v.is(schema, body) && !v.is(schema, {})
  if (!body || code === undefined || isSuccess) return readSuccess(operation, response, body, schema)
  const message = text(body['message'] ?? body['errmsg']) ?? ''
  throw failure(operation, response, {
    code,
    kind: errorKind(code, status, message),
    mayHaveHappened: isUnclear(code, status),
    message: withoutSecrets(message),
    requestId: text(body['requestid'] ?? body['requestId']),
    requiredScopes: requiredScopes(body, message),
  })
}

function failure(
  operation: OperationName,
  response: HttpResponse,
  options: Omit<DingTalkErrorOptions, 'operation' | 'status'>,
): DingTalkError {
  return new DingTalkError({
    operation,
    status: response.status,
    retryAfter: retryAfter(response),
    ...options,
  })
}

/** Codes for a temporary rate limit. */
const THROTTLED =
  /(Qps|Qpm)Limit|^system\.?busy$|^send\.too\.fast$|^send\.byToken\.tooFast$|^too\.many\.(group|people)$/i

function errorKind(code: string, status: number, message: string): ErrorKind {
  if (code === 'InvalidAuthentication') return 'access-token'
  if (code.endsWith('ApiCountLimitForOrg')) return 'quota-spent'
  if (THROTTLED.test(code) || status === 429) return 'throttled'
  if (status === 500 && UUID_REFUSAL.test(message)) return 'refused'
  if (code === 'operationConcurrentControl') return 'unavailable'
  return isUnclear(code, status) ? 'unavailable' : 'refused'
}

/** Whether the call failed inside the platform, so that it may have taken effect. */
function isUnclear(code: string, status: number): boolean {
  return status >= 500 || status === 408 || isSystemFault(code)
}

/** The missing scopes, from the error's detail, whose key has several spellings, or from its message. */
function requiredScopes(body: JsonObject, message: string): readonly string[] | undefined {
  const detail = Object.entries(body).find(([key]) => key.toLowerCase() === 'accessdenieddetail')?.[1]
  const parsed = v.safeParse(v.object({ requiredScopes: v.array(v.string()) }), detail)
  if (parsed.success) return parsed.output.requiredScopes
  const named = /权限[^[\]]*\[([\w.,\s]+)\]/.exec(message.slice(0, 1000))?.[1]
  return named?.split(',').map((scope) => scope.trim())
}

/** The codes of the old gateway that are not rejections. */
const OAPI_KINDS: ReadonlyMap<string, ErrorKind> = new Map([
  ['-1', 'unavailable'],
  // Custom robots report 系统异常 with this code.
  ['500100', 'unavailable'],
  ['40014', 'access-token'],
  ['42001', 'access-token'],
  ['90002', 'throttled'],
  ['90018', 'throttled'],
  ['90020', 'quota-spent'],
  ['130101', 'throttled'],
  ['410100', 'throttled'],
])

/** How long to wait after a rate limit of custom robots, in ms: their limit is per minute, and 410100 blocks for 10 minutes. */
const ROBOT_WAITS: ReadonlyMap<string, number> = new Map([
  ['90018', 15_000],
  ['130101', 15_000],
  ['410100', 600_000],
])

/**
 * Reads a response of the old gateway (`oapi.dingtalk.com`): always HTTP 200, with the result in `errcode`, or in
 * `sub_code` if `errcode` is 88.
 *
 * @throws DingTalkError for anything else, such as an HTML page of a proxy
 */
export function readOapiResponse<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  throwIfBanned(operation, response)
  const body = jsonObject(response.text)
  const errcode = text(body?.['errcode'])
  // If the base URL is wrong, the response is from the new gateway.
  const isNew = errcode === undefined && response.status !== 200 && body?.['code'] === NEW_NOT_FOUND
  const isError = response.status === 200 && errcode !== undefined && errcode !== '0'
  if (!body || (!isError && !isNew)) return readSuccess(operation, response, body, schema)
  const subCode = errcode === '88' ? text(body['sub_code']) : undefined
  const code = subCode ?? errcode ?? NEW_NOT_FOUND
  const kind = OAPI_KINDS.get(code) ?? 'refused'
  throw failure(operation, response, {
    code,
    kind,
    mayHaveHappened: kind === 'unavailable',
    message: withoutSecrets(
      (subCode && text(body['sub_msg'])) ?? text(body['errmsg'] ?? body['message']) ?? '',
    ),
    requestId: text(body['request_id'] ?? body['requestid']),
    retryAfter: retryAfter(response) || (operation === 'postByWebhook' ? ROBOT_WAITS.get(code) : undefined),
  })
}

/**
 * Reads the storage's response to a PUT. Page: `PutObject` and error responses of the OSS API reference.
 *
 * @param isOssSigned whether the PUT has an OSS signature in its headers or its URL
 * @returns the MD5 (lower-case hex) that OSS computed, if the ETag is one: an encrypted bucket has other ETags
 * @throws DingTalkError for an error, or an HTML page of a proxy
 */
export function readOssResponse(response: HttpResponse, isOssSigned = true): string | undefined {
  throwIfBanned('put', response)
  const { status } = response
  if (status < 200 || status >= 300) throw ossError(response, isOssSigned)
  // Dedicated storage may not be OSS, so a response without an ETag and OSS's request ID is accepted.
  const isHtml =
    header(response, 'content-type')?.includes('html') || /^\s*<(!doctype|html)\b/i.test(response.text)
  if (!isFromOss(response) && isHtml)
    throw failure('put', response, {
      code: 'UnreadableAnswer',
      kind: 'unavailable',
      mayHaveHappened: true,
      message: joined(
        { en: 'The response is not from the storage (OSS).', zh: '该响应不是存储（OSS）返回的。' },
        snippet('put', response.text),
      ),
    })
  return /^"?([0-9a-f]{32})"?$/i.exec(header(response, 'etag') ?? '')?.[1]?.toLowerCase()
}

/** Whether OSS sent the response, not a proxy. */
export function isFromOss(response: HttpResponse): boolean {
  return header(response, 'x-oss-request-id') !== undefined
}

function ossError(response: HttpResponse, isOssSigned: boolean): DingTalkError {
  const { status, text: xml } = response
  // OSS's errors contain <Error>. Other errors are from a proxy, or from storage that is not OSS.
  const code = xml.includes('<Error>') ? element(xml, 'Code') : undefined
  const message = code === undefined ? '' : (element(xml, 'Message') ?? '')
  const isExpired =
    code === 'RequestTimeTooSkewed' ||
    (code === 'AccessDenied' && /expired/i.test(message)) ||
    // Storage that is not OSS has no error codes. Its token has expired.
    (code === undefined && !isOssSigned && (status === 401 || status === 403))
  const isBusy =
    code === 'RequestTimeout' || code === 'SlowDown' || status === 408 || status === 429 || status >= 500
  const kind = isBusy ? 'unavailable' : 'refused'
  return failure('put', response, {
    code: code ?? (status === 413 ? 'EntityTooLarge' : `HTTP${status}`),
    kind: isExpired ? 'signature-expired' : kind,
    mayHaveHappened: status >= 500,
    message: code === undefined ? snippet('put', xml) : withoutSecrets(message),
    requestId: (code && element(xml, 'RequestId')) ?? header(response, 'x-oss-request-id'),
  })
}

/** The raw text of the first element with this name. */
function element(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`)
  const end = xml.indexOf(`</${name}>`, start)
  return start < 0 || end < 0 ? undefined : xml.slice(start + name.length + 2, end)
}

export type JsonObject = Readonly<Record<string, unknown>>

/** @throws DingTalkError unless the response has HTTP 200 and the documented JSON */
function readSuccess<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  body: JsonObject | undefined,
  schema: T,
): v.InferOutput<T> {
  const { status } = response
  if (status !== 200) {
    // A server that redirects may have forwarded the request. Only a 4xx says that the call had no effect.
    const mayHaveHappened = status < 400 || status >= 500 || status === 408
    const kind = mayHaveHappened && !(status >= 300 && status < 400) ? 'unavailable' : 'refused'
    throw failure(operation, response, {
      code: `HTTP${status}`,
      kind: status === 429 ? 'throttled' : kind,
      mayHaveHappened,
      message: snippet(operation, response.text),
    })
  }
  const parsed = v.safeParse(schema, body)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const path = v.getDotPath(issue) ?? ''
  const expected = issue.expected ?? ''
  throw failure(operation, response, {
    code: 'UnreadableAnswer',
    kind: 'unavailable',
    mayHaveHappened: true,
    message: body
      ? {
          en: `The response is not in the documented form${path && `: ${path}`}${expected && ` should be ${expected}`}.`,
          zh: `响应与文档不符${path && `：${path}`}${expected && ` 应为 ${expected}`}。`,
        }
      : joined(
          { en: 'The response is not complete JSON.', zh: '响应不是完整的 JSON。' },
          snippet(operation, response.text),
        ),
    requestId: text(body?.['requestid'] ?? body?.['request_id']),
  })
}

/**
 * A banned address gets the same response to every request, as JSON or in an HTML page. Page: `call-frequency-limit`.
 *
 * @throws DingTalkError of kind `banned`
 */
function throwIfBanned(operation: OperationName, response: HttpResponse): void {
  if (!/"status"\s*:\s*1111\b/.test(response.text) || !/"punish"\s*:/.test(response.text)) return
  const minutes = Number(/"wait"\s*:\s*"?(\d{1,4})(?!\d)/.exec(response.text)?.[1] ?? 5)
  throw failure(operation, response, {
    code: '1111',
    kind: 'banned',
    mayHaveHappened: false,
    message: {
      en: `DingTalk rejects every call from this machine's IP for ${minutes} minutes.`,
      zh: `钉钉将在 ${minutes} 分钟内拒绝本机 IP 的所有调用。`,
    },
    requestId: /"uuid"\s*:\s*"([^"]*)"/.exec(response.text)?.[1],
    retryAfter: minutes * 60_000,
  })
}

/** The server's clock when it responded, in ms since the epoch, if the response has a date. */
export function serverTime(response: HttpResponse): number | undefined {
  const time = Date.parse(header(response, 'date') ?? '')
  return Number.isNaN(time) ? undefined : time
}

/** `Retry-After` in ms. The header has seconds or a date. */
function retryAfter(response: HttpResponse): number | undefined {
  const value = header(response, 'retry-after') ?? ''
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - (serverTime(response) ?? at))
}

/** The first value of a header. @param name in lower case */
function header(response: HttpResponse, name: string): string | undefined {
  return [response.headers[name]].flat()[0]
}

/** Parses a JSON object, with or without a byte order mark. Anything else is undefined. */
export function jsonObject(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json.replace(/^\ufeff/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

/** A string, or a number as a string: the codes of the old gateway are numbers. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** How many characters of an unreadable response are shown. */
const SNIPPET = 200

/** The beginning of an unreadable response, as plain text without HTML tags and secrets. */
function snippet(operation: OperationName, body: string): Text {
  if (body.trim() === '') return { en: 'The response was empty.', zh: '响应为空。' }
  if (hasSecretResponse(operation))
    return { en: 'It is not shown because it may contain a secret.', zh: '响应可能含有密钥，因此不显示。' }
  // A long body is shortened first, so that it can't slow down the expressions. A word that would be cut is left out.
  const start = body.length > 20 * SNIPPET ? body.slice(0, 20 * SNIPPET).replace(/\S*$/, '') : body
  const words = withoutSecrets(start.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '') return { en: "Its content can't be shown.", zh: '响应内容无法显示。' }
  return verbatim(clipped(words, SNIPPET))
}

/**
 * Replaces what may be a secret. A proxy may repeat the request's headers and body in an encoding that masking doesn't
 * recognize. A secret is a run of at least 16 characters with a digit or `=`, but not an ID of digits only.
 */
function withoutSecrets(text: string): string {
  return text.replace(/[\w+/=%&#;-]{16,}/g, (run) => (/[\d=]/.test(run) && !/^\d+$/.test(run) ? '***' : run))
}
