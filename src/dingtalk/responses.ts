import * as v from 'valibot'
import type { HttpResponse } from '../http/request.ts'
import { clipped, type Text, verbatim } from '../http/text.ts'
import { isSystemFault } from './codes.ts'
import { DingTalkError, type ErrorKind, UUID_REFUSAL } from './errors.ts'
import { hasSecretResponse, type OperationName } from './operations.ts'

/** The old gateway's code for an unknown path, with HTTP 200. */
const OLD_NOT_FOUND = '404'

/**
 * Reads a response of the new gateway (`api.dingtalk.com`): HTTP 200 and JSON, or an HTTP error whose JSON holds
 * `code`, `message` and `requestid`. An error is one with HTTP 200 too.
 *
 * @throws DingTalkError for everything else, such as a proxy's page
 */
export function readGatewayResponse<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  throwIfBanned(operation, response)
  const body = jsonObject(response.text)
  // A path that the old gateway does not know: the base URL leads to it by mistake.
  const isOld = text(body?.['errcode']) === OLD_NOT_FOUND
  const code = text(body?.['code']) ?? (isOld ? OLD_NOT_FOUND : undefined)
  // The documented form is success, whatever else it says; a form that requires nothing shows nothing.
  const isSuccess = response.status === 200 && v.is(schema, body) && !v.is(schema, {})
  if (!body || code === undefined || isSuccess) {
    return readSuccess(operation, response, body, schema)
  }
  throw new DingTalkError({
    operation,
    code,
    kind: errorKind(code, response.status, text(body['message']) ?? ''),
    mayHaveHappened: isUnclear(code, response.status),
    message: withoutSecrets(text(body['message'] ?? body['errmsg']) ?? ''),
    status: response.status,
    requestId: text(body['requestid'] ?? body['requestId']),
    retryAfter: retryAfter(response),
    requiredScopes: requiredScopes(body),
  })
}

/** Codes that mean: too many calls for now. */
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

/** Whether the call failed inside the platform, or the platform does not know: it may have had its effect. */
function isUnclear(code: string, status: number): boolean {
  return status >= 500 || status === 408 || isSystemFault(code)
}

/** The scopes that a refusal says are missing: in its detail, whose key is spelled three ways, or in the message. */
function requiredScopes(body: JsonObject): readonly string[] | undefined {
  const detail = Object.entries(body).find(([key]) => key.toLowerCase() === 'accessdenieddetail')?.[1]
  const parsed = v.safeParse(v.object({ requiredScopes: v.array(v.string()) }), detail)
  if (parsed.success) return parsed.output.requiredScopes
  const named = /权限[^[\]]*\[([\w.,\s]+)\]/.exec((text(body['message']) ?? '').slice(0, 1000))?.[1]
  return named?.split(',').map((scope) => scope.trim())
}

/** What the codes mean that are no plain refusal. */
const ERROR_KINDS: ReadonlyMap<string, ErrorKind> = new Map([
  ['-1', 'unavailable'],
  // A custom robot reports 系统异常 with it.
  ['500100', 'unavailable'],
  ['40014', 'access-token'],
  ['42001', 'access-token'],
  ['90002', 'throttled'],
  ['90018', 'throttled'],
  ['90020', 'quota-spent'],
  ['130101', 'throttled'],
  ['410100', 'throttled'],
])

/** How long to wait after a limit of custom robots, in ms. They are counted by the minute; 410100 is a block of 10 minutes. */
const ROBOT_WAITS: ReadonlyMap<string, number> = new Map([
  ['90018', 15_000],
  ['130101', 15_000],
  ['410100', 600_000],
])

/**
 * Reads a response of the old gateway (`oapi.dingtalk.com`): always HTTP 200, the result in `errcode`, or under
 * `errcode` 88 in `sub_code`.
 *
 * @throws DingTalkError for everything else, such as a proxy's page
 */
export function readOapiResponse<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  throwIfBanned(operation, response)
  const body = jsonObject(response.text)
  const errcode = text(body?.['errcode'])
  if (body && errcode === undefined && response.status !== 200) throwIfOtherGateway(operation, response, body)
  if (response.status !== 200 || !body || errcode === undefined || errcode === '0') {
    return readSuccess(operation, response, body, schema)
  }
  const subCode = errcode === '88' ? text(body['sub_code']) : undefined
  const code = subCode ?? errcode
  throw new DingTalkError({
    operation,
    code,
    kind: ERROR_KINDS.get(code) ?? 'refused',
    mayHaveHappened: code === '-1' || code === '500100',
    message: withoutSecrets((subCode && text(body['sub_msg'])) ?? text(body['errmsg']) ?? ''),
    status: response.status,
    requestId: text(body['request_id']),
    retryAfter: retryAfter(response) ?? (operation === 'postByWebhook' ? ROBOT_WAITS.get(code) : undefined),
  })
}

/** The new gateway's answer to a path that it does not know: the base URL leads to it by mistake. @throws DingTalkError */
function throwIfOtherGateway(operation: OperationName, { status }: HttpResponse, body: JsonObject): void {
  const code = text(body['code'])
  if (code !== 'InvalidAction.NotFound') return
  throw new DingTalkError({
    operation,
    code,
    kind: 'refused',
    mayHaveHappened: false,
    message: withoutSecrets(text(body['message']) ?? ''),
    status,
    requestId: text(body['requestid']),
  })
}

/** How much of an error body is read, in characters: OSS's own have some 500. */
const MAX_XML = 16 * 1024

/**
 * Reads the storage's response to a PUT: HTTP 2xx, of OSS with an ETag, or an error, of OSS in XML. Page: `PutObject` and
 * error responses of the OSS API reference.
 *
 * @param isOssSigned whether the PUT carries a signature of OSS, in a header or in its URL
 * @returns the MD5 (lower-case hex) that OSS computed, if the ETag is one
 * @throws DingTalkError for everything else
 */
export function readOssResponse(response: HttpResponse, isOssSigned = true): { md5: string | undefined } {
  throwIfBanned('put', response)
  const isSuccess = response.status >= 200 && response.status < 300
  if (!isSuccess) throw ossError(response, isOssSigned)
  // Dedicated storage need not be OSS: it may have neither an ETag nor OSS's request ID. A page is a proxy's.
  if (!isFromOss(response) && isHtml(response)) {
    throw new DingTalkError({
      operation: 'put',
      code: 'UnreadableAnswer',
      kind: 'unavailable',
      mayHaveHappened: true,
      message: notOss(snippet('put', response.text)),
      status: response.status,
    })
  }
  const etag = header(response, 'etag')
  // An ETag of another form (multipart, encrypted buckets) says nothing about the bytes.
  const md5 = /^"?([0-9a-f]{32})"?$/i.exec(etag ?? '')?.[1]
  return { md5: md5?.toLowerCase() }
}

/** Whether OSS itself sent the response, whatever it says, and not a proxy. */
export function isFromOss(response: HttpResponse): boolean {
  return header(response, 'x-oss-request-id') !== undefined
}

function notOss({ en, zh }: Text): Text {
  return { en: `The response is not from the storage (OSS). ${en}`, zh: `该响应不是存储（OSS）返回的。${zh}` }
}

function isHtml(response: HttpResponse): boolean {
  return (
    (header(response, 'content-type') ?? '').includes('html') || /^\s*<(!doctype|html)\b/i.test(response.text)
  )
}

function ossError(response: HttpResponse, isOssSigned: boolean): DingTalkError {
  const { status } = response
  const xml = response.text.slice(0, MAX_XML)
  // Without <Error> it is not OSS's: a proxy's page, or nothing at all.
  const code = xml.includes('<Error>') ? element(xml, 'Code') : undefined
  const isOss = code !== undefined
  const message = isOss ? withoutSecrets(element(xml, 'Message') ?? '') : snippet('put', response.text)
  const said = typeof message === 'string' ? message : message.en
  return new DingTalkError({
    operation: 'put',
    code: code ?? (status === 413 ? 'EntityTooLarge' : `HTTP${status}`),
    // Storage that is not OSS has no codes: without an OSS signature, both mean that the token has expired.
    kind:
      !isOss && !isOssSigned && (status === 401 || status === 403)
        ? 'signature-expired'
        : ossErrorKind(code, said, status),
    mayHaveHappened: status < 300 || status >= 500,
    message,
    status,
    requestId: (isOss ? element(xml, 'RequestId') : undefined) ?? header(response, 'x-oss-request-id'),
    retryAfter: retryAfter(response),
  })
}

function ossErrorKind(code: string | undefined, message: string, status: number): ErrorKind {
  if (code === 'RequestTimeTooSkewed') return 'signature-expired'
  if (code === 'AccessDenied' && /expired/i.test(message)) return 'signature-expired'
  if (code === 'RequestTimeout' || code === 'SlowDown') return 'unavailable'
  return status < 300 || status >= 500 || status === 408 || status === 429 ? 'unavailable' : 'refused'
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** The text of the first element of a name. Reads XML's five predefined entities, and never a declared one. */
function element(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`)
  const end = xml.indexOf(`</${name}>`, start)
  if (start < 0 || end < 0) return undefined
  const content = xml.slice(start + name.length + 2, end)
  return content.replace(/&(lt|gt|quot|apos|amp);/g, (entity, known: string) => ENTITIES[known] ?? entity)
}

/** How many characters of an unreadable response are shown. */
const SNIPPET = 200

/** The body of a response, if it is a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Reads a response that reports no error of the platform's own: HTTP 200 and the documented JSON.
 *
 * @param body the response's JSON, if it is an object
 * @throws DingTalkError for everything else, such as a proxy's page
 */
function readSuccess<T extends v.GenericSchema>(
  operation: OperationName,
  response: HttpResponse,
  body: JsonObject | undefined,
  schema: T,
): v.InferOutput<T> {
  const { status } = response
  if (status !== 200) throw unexpectedStatus(operation, response)
  const parsed = v.safeParse(schema, body)
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  throw new DingTalkError({
    operation,
    code: 'UnreadableAnswer',
    kind: 'unavailable',
    mayHaveHappened: true,
    message: body
      ? unexpectedForm(v.getDotPath(issue) ?? '', issue.expected ?? '')
      : notJson(snippet(operation, response.text)),
    status,
    requestId: text(body?.['requestid'] ?? body?.['request_id']),
  })
}

function unexpectedForm(path: string, expected: string): Text {
  return {
    en: `The response is not in the documented form${path && `: ${path}`}${expected && ` should be ${expected}`}.`,
    zh: `响应与文档不符${path && `：${path}`}${expected && ` 应为 ${expected}`}。`,
  }
}

function notJson({ en, zh }: Text): Text {
  return { en: `The response is not complete JSON. ${en}`, zh: `响应不是完整的 JSON。${zh}` }
}

/** Who redirects may have passed the request on before: only a 4xx says that nothing was done. */
function unexpectedStatus(operation: OperationName, response: HttpResponse): DingTalkError {
  const { status } = response
  const mayHaveHappened = status < 400 || status >= 500 || status === 408
  const isRedirect = status >= 300 && status < 400
  return new DingTalkError({
    operation,
    code: `HTTP${status}`,
    kind: status === 429 ? 'throttled' : mayHaveHappened && !isRedirect ? 'unavailable' : 'refused',
    mayHaveHappened,
    message: snippet(operation, response.text),
    status,
    retryAfter: retryAfter(response),
  })
}

/**
 * A banned address gets the same response to every request, as JSON or inside an HTML page. Page:
 * `call-frequency-limit`.
 *
 * @throws DingTalkError of kind `banned`
 */
function throwIfBanned(operation: OperationName, response: HttpResponse): void {
  if (!/"status"\s*:\s*1111\b/.test(response.text) || !/"punish"\s*:/.test(response.text)) return
  const minutes = Number(/"wait"\s*:\s*"?(\d{1,4})(?!\d)/.exec(response.text)?.[1] ?? 5)
  throw new DingTalkError({
    operation,
    code: '1111',
    kind: 'banned',
    mayHaveHappened: false,
    message: {
      en: `DingTalk refuses every call from this machine's IP for ${minutes} minutes.`,
      zh: `钉钉将在 ${minutes} 分钟内拒绝本机 IP 的所有调用。`,
    },
    status: response.status,
    requestId: /"uuid"\s*:\s*"([^"]*)"/.exec(response.text)?.[1],
    retryAfter: minutes * 60_000,
  })
}

/** The server's clock when it responded, in ms since the epoch, if the response has a date. */
export function serverTime(response: HttpResponse): number | undefined {
  const time = Date.parse(header(response, 'date') ?? '')
  return Number.isNaN(time) ? undefined : time
}

/** `Retry-After` in ms: it is given in seconds or as a date. */
function retryAfter(response: HttpResponse): number | undefined {
  const value = header(response, 'retry-after')
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - (serverTime(response) ?? at))
}

/** The first value of a header. @param name in lower case */
function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Parses a JSON object; anything else is undefined. */
export function jsonObject(json: string): JsonObject | undefined {
  try {
    // A byte order mark is not JSON, and harmless.
    const value: unknown = JSON.parse(json.replace(/^\ufeff/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

/** A string, or a number as one: the old gateway's codes are numbers. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}

/**
 * The beginning of an unreadable response, as plain text: without HTML tags and without secrets. Nothing of
 * an answer that may hold a secret.
 */
function snippet(operation: OperationName, body: string): Text {
  if (body.trim() === '') return { en: 'The response was empty.', zh: '响应为空。' }
  if (hasSecretResponse(operation)) {
    return { en: 'It is not shown because it may contain a secret.', zh: '响应可能含有密钥，因此不显示。' }
  }
  // Cut first, so that a hostile page cannot keep the expressions busy. What is cut in two is dropped.
  const start = body.length > 20 * SNIPPET ? body.slice(0, 20 * SNIPPET).replace(/\S*$/, '') : body
  const words = withoutSecrets(start.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '') return { en: "Its content can't be shown.", zh: '响应内容无法显示。' }
  return verbatim(clipped(words, SNIPPET))
}

/**
 * Text of others without whatever may be a secret: a proxy may repeat the request's headers and body, in any encoding,
 * where masking does not find them. Secrets are long and no words: sixteen characters or more, a digit or `=` among
 * them. Ids of digits only stay.
 */
function withoutSecrets(text: string): string {
  return text.replace(/[\w+/=%&#;-]{16,}/g, (run) => (/[\d=]/.test(run) && !/^\d+$/.test(run) ? '***' : run))
}
