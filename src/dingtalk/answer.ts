import * as v from 'valibot'
import { DingTalkError, type ErrorKind } from './errors.ts'
import type { HttpResponse } from './transport/request-handler.ts'
import type { OperationName } from './operations.ts'

/** How much of an answer that nobody understands is shown. */
const SNIPPET = 200

/**
 * Reads an answer of the new gateway (`api.dingtalk.com`): HTTP 200 and JSON, or an HTTP error whose JSON holds
 * `code`, `message` and `requestid`.
 *
 * @throws DingTalkError for everything else, among it answers that are not the platform's
 */
export function readGatewayResponse<T extends v.GenericSchema>(
  operation: OperationName,
  answer: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  const body = jsonObject(answer.text)
  refuseBan(operation, answer)
  const code = text(body?.['code'])
  if (answer.status !== 200 && body && code !== undefined) {
    const kind = apiKind(code, answer.status)
    throw new DingTalkError({
      operation,
      code,
      kind,
      mayHaveHappened: answer.status >= 500 || answer.status === 408,
      message: text(body['message']) ?? '',
      status: answer.status,
      requestId: text(body['requestid'] ?? body['requestId']),
      retryAfter: retryAfter(answer),
      requiredScopes: requiredScopes(body),
    })
  }
  return readSuccess(operation, answer, body, schema)
}

/**
 * Reads an answer of the old gateway (`oapi.dingtalk.com`): always HTTP 200, the outcome in `errcode`, under
 * `errcode` 88 in `sub_code`.
 *
 * @throws DingTalkError as {@link readGatewayResponse}
 */
export function readOapiResponse<T extends v.GenericSchema>(
  operation: OperationName,
  answer: HttpResponse,
  schema: T,
): v.InferOutput<T> {
  const body = jsonObject(answer.text)
  refuseBan(operation, answer)
  const errcode = text(body?.['errcode'])
  if (answer.status === 200 && body && errcode !== undefined && errcode !== '0') {
    const wrapped = errcode === '88' ? text(body['sub_code']) : undefined
    const code = wrapped ?? errcode
    throw new DingTalkError({
      operation,
      code,
      kind: (Object.hasOwn(OAPI_KINDS, code) && OAPI_KINDS[code]) || 'refused',
      mayHaveHappened: code === '-1',
      message: (wrapped && text(body['sub_msg'])) ?? text(body['errmsg']) ?? '',
      status: answer.status,
      requestId: text(body['request_id']),
      retryAfter: retryAfter(answer),
    })
  }
  return readSuccess(operation, answer, body, schema)
}

/**
 * Reads OSS's answer to a PUT: 200 with an ETag, or an error in XML.
 *
 * @returns the MD5 (lower-case hex) that OSS computed, if the ETag is one
 * @throws DingTalkError for everything else
 */
export async function readOssResponse(answer: HttpResponse): Promise<{ md5: string | undefined }> {
  refuseBan('put', answer)
  if (answer.status === 200) {
    // A front of the storage's may leave out its request id, but nothing that has stored bytes is without an ETag.
    if (!isFromOss(answer) && header(answer, 'etag') === undefined) {
      // A proxy's page, or a ban's: whoever said so has not stored the bytes.
      throw new DingTalkError({
        operation: 'put',
        code: 'UnreadableAnswer',
        kind: 'unavailable',
        mayHaveHappened: true,
        message: `the answer is not OSS's: ${snippet(answer.text)}`,
        status: answer.status,
      })
    }
    // An ETag of another form (multipart, encrypted buckets) says nothing about the bytes.
    const etag = /^"?([0-9a-f]{32})"?$/i.exec(header(answer, 'etag') ?? '')?.[1]
    return { md5: etag?.toLowerCase() }
  }
  const error = await ossError(answer.text)
  const code = error?.code ?? `HTTP${answer.status}`
  throw new DingTalkError({
    operation: 'put',
    code,
    kind: ossKind(code, error?.message ?? '', answer.status),
    mayHaveHappened: answer.status >= 500,
    message: error?.message ?? snippet(answer.text),
    status: answer.status,
    requestId: error?.requestId ?? header(answer, 'x-oss-request-id'),
    retryAfter: retryAfter(answer),
  })
}

/** Whether an answer, whatever it says, is OSS's own and not that of something on the way to it. */
export function isFromOss(answer: HttpResponse): boolean {
  return header(answer, 'x-oss-request-id') !== undefined
}

/** The moment the platform's own clock shows, in ms since the epoch, if the answer tells it. */
export function serverTime(answer: HttpResponse): number | undefined {
  const time = Date.parse(header(answer, 'date') ?? '')
  return Number.isNaN(time) ? undefined : time
}

function readSuccess<T extends v.GenericSchema>(
  operation: OperationName,
  answer: HttpResponse,
  body: Record<string, unknown> | undefined,
  schema: T,
): v.InferOutput<T> {
  const { status } = answer
  if (status !== 200) {
    const inDoubt = status < 300 || status >= 500 || status === 408
    throw new DingTalkError({
      operation,
      code: `HTTP${status}`,
      kind: status === 429 ? 'throttled' : inDoubt ? 'unavailable' : 'refused',
      mayHaveHappened: inDoubt,
      message: snippet(answer.text),
      status,
      retryAfter: retryAfter(answer),
    })
  }
  const parsed = v.safeParse(schema, body)
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  throw new DingTalkError({
    operation,
    code: 'UnreadableAnswer',
    kind: 'unavailable',
    mayHaveHappened: true,
    message: body
      ? `the answer is not of the documented form: ${v.getDotPath(issue) ?? 'it'} should be ${issue.expected ?? 'another'}`
      : `the answer is not complete JSON: ${snippet(answer.text)}`,
    status,
    requestId: text(body?.['requestid'] ?? body?.['request_id']),
  })
}

/** A banned address gets this in place of any answer, as JSON or inside an HTML page, whatever was asked. */
function refuseBan(operation: OperationName, answer: HttpResponse): void {
  if (!/"status"\s*:\s*1111\b/.test(answer.text) || !/"punish"\s*:/.test(answer.text)) return
  const minutes = Number(/"wait"\s*:\s*"?(\d{1,4})(?!\d)/.exec(answer.text)?.[1] ?? 5)
  throw new DingTalkError({
    operation,
    code: '1111',
    kind: 'banned',
    mayHaveHappened: false,
    message: `every call from this machine's address is refused for ${minutes} minutes`,
    status: answer.status,
    requestId: /"uuid"\s*:\s*"([^"]*)"/.exec(answer.text)?.[1],
    retryAfter: minutes * 60_000,
  })
}

function apiKind(code: string, status: number): ErrorKind {
  if (code === 'InvalidAuthentication') return 'access-token'
  if (code.endsWith('ApiCountLimitForOrg')) return 'quota-spent'
  if (/(Qps|Qpm)Limit/.test(code) || /^system\.?busy$/i.test(code) || status === 429) return 'throttled'
  if (code === 'operationConcurrentControl') return 'unavailable'
  return status >= 500 || status === 408 ? 'unavailable' : 'refused'
}

const OAPI_KINDS: Readonly<Record<string, ErrorKind>> = {
  '-1': 'unavailable',
  '40014': 'access-token',
  '42001': 'access-token',
  '90002': 'throttled',
  '90018': 'throttled',
  '90020': 'quota-spent',
  '130101': 'throttled',
}

function ossKind(code: string, message: string, status: number): ErrorKind {
  if (code === 'RequestTimeTooSkewed') return 'signature-expired'
  if (code === 'AccessDenied' && /expired/i.test(message)) return 'signature-expired'
  if (code === 'RequestTimeout' || code === 'SlowDown') return 'unavailable'
  return status >= 500 || status === 408 || status === 429 ? 'unavailable' : 'refused'
}

/** The scopes named by a permission refusal: in its detail, whose key is spelt three ways, or in the message. */
function requiredScopes(body: Record<string, unknown>): readonly string[] | undefined {
  const detail = Object.entries(body).find(([key]) => key.toLowerCase() === 'accessdenieddetail')?.[1]
  const parsed = v.safeParse(v.object({ requiredScopes: v.array(v.string()) }), detail)
  if (parsed.success) return parsed.output.requiredScopes
  const named = /权限[^[\]]*\[([\w.,\s]+)\]/.exec((text(body['message']) ?? '').slice(0, 1000))?.[1]
  return named?.split(',').map((scope) => scope.trim())
}

/** Loaded only when OSS refuses something: an XML parser has no place in a start that goes well. */
async function ossError(xml: string) {
  const { XMLParser } = await import('fast-xml-parser')
  const Document = v.object({
    Error: v.object({
      Code: v.string(),
      Message: v.optional(v.string()),
      RequestId: v.optional(v.string()),
    }),
  })
  try {
    const parser = new XMLParser({ parseTagValue: false, processEntities: true })
    const { Error: error } = v.parse(Document, parser.parse(xml))
    return { code: error.Code, message: error.Message, requestId: error.RequestId }
  } catch {
    return undefined // not OSS's: a proxy's page, or nothing at all
  }
}

/** `Retry-After` in ms: seconds or a date. */
function retryAfter(answer: HttpResponse): number | undefined {
  const value = header(answer, 'retry-after')
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - (serverTime(answer) ?? at))
}

function header(answer: HttpResponse, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function jsonObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}

function snippet(answer: string): string {
  // What is taken in is bounded before anything is looked for in it: a hostile page must not keep us busy.
  const words = answer
    .slice(0, 20 * SNIPPET)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words.length > SNIPPET ? `${words.slice(0, SNIPPET)}…` : words || 'the answer was empty'
}
