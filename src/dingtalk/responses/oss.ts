import { DingTalkError, type ErrorKind } from '../errors.ts'
import type { Text } from '../text.ts'
import type { HttpResponse } from '../transport/request-handler.ts'
import { header, retryAfter, snippet, throwIfBanned, withoutSecrets } from './common.ts'

/** How much of an error body is read, in characters: OSS's own have some 500. */
const MAX_XML = 16 * 1024

/**
 * Reads OSS's response to a PUT: HTTP 200 with an ETag, or an error in XML. Page: `PutObject` and
 * error responses of the OSS API reference.
 *
 * @returns the MD5 (lower-case hex) that OSS computed, if the ETag is one
 * @throws DingTalkError for everything else
 */
export function readOssResponse(response: HttpResponse): { md5: string | undefined } {
  throwIfBanned('put', response)
  if (response.status !== 200) throw ossError(response)
  const etag = header(response, 'etag')
  // A host in front of OSS may drop the request id, but nothing that stored the bytes answers without an ETag.
  if (!isFromOss(response) && etag === undefined) {
    throw new DingTalkError({
      operation: 'put',
      code: 'UnreadableAnswer',
      kind: 'unavailable',
      mayHaveHappened: true,
      message: notOss(snippet('put', response.text)),
      status: response.status,
    })
  }
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

function ossError(response: HttpResponse): DingTalkError {
  const { status } = response
  const xml = response.text.slice(0, MAX_XML)
  // Without <Error> it is not OSS's: a proxy's page, or nothing at all.
  const code = xml.includes('<Error>') ? element(xml, 'Code') : undefined
  const isOss = code !== undefined
  const message = isOss ? withoutSecrets(element(xml, 'Message') ?? '') : snippet('put', response.text)
  const said = typeof message === 'string' ? message : message.en
  return new DingTalkError({
    operation: 'put',
    code: code ?? `HTTP${status}`,
    kind: errorKind(code, said, status),
    mayHaveHappened: status < 300 || status >= 500,
    message,
    status,
    requestId: (isOss ? element(xml, 'RequestId') : undefined) ?? header(response, 'x-oss-request-id'),
    retryAfter: retryAfter(response),
  })
}

function errorKind(code: string | undefined, message: string, status: number): ErrorKind {
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
