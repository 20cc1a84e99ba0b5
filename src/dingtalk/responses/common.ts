import * as v from 'valibot'
import { DingTalkError } from '../errors.ts'
import { answersSecret, type OperationName } from '../operations.ts'
import { verbatim, type Text } from '../text.ts'
import type { HttpResponse } from '../transport/request-handler.ts'

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
export function readSuccess<T extends v.GenericSchema>(
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
export function throwIfBanned(operation: OperationName, response: HttpResponse): void {
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
export function retryAfter(response: HttpResponse): number | undefined {
  const value = header(response, 'retry-after')
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - (serverTime(response) ?? at))
}

/** The first value of a header. @param name in lower case */
export function header(response: HttpResponse, name: string): string | undefined {
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
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}

/**
 * The beginning of an unreadable response, as plain text: without HTML tags and without secrets. Nothing of
 * an answer that may hold a secret.
 */
export function snippet(operation: OperationName, body: string): Text {
  if (body.trim() === '') return { en: 'The response was empty.', zh: '响应为空。' }
  if (answersSecret(operation)) {
    return { en: 'It is not shown because it may contain a secret.', zh: '响应可能含有密钥，因此不显示。' }
  }
  // Cut first, so that a hostile page cannot keep the expressions busy. What is cut in two is dropped.
  const start = body.length > 20 * SNIPPET ? body.slice(0, 20 * SNIPPET).replace(/\S*$/, '') : body
  const words = withoutSecrets(start.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '') return { en: 'Nothing of it can be shown.', zh: '响应内容无法显示。' }
  return verbatim(words.length > SNIPPET ? `${words.slice(0, SNIPPET)}…` : words)
}

/**
 * Text of others without whatever may be a secret: a proxy may repeat the request's headers and body, in any encoding,
 * where masking does not find them. Secrets are long and no words: sixteen characters or more, a digit or `=` among
 * them. Ids of digits only stay.
 */
export function withoutSecrets(text: string): string {
  return text.replace(/[\w+/=%&#;-]{16,}/g, (run) => (/[\d=]/.test(run) && !/^\d+$/.test(run) ? '***' : run))
}
