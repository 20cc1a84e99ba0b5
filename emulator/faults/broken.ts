import { escaped } from '../http/html.ts'
import type { RecordedRequest } from '../http/request.ts'
import type { ResponseData } from '../http/request.ts'

const BYTE_ORDER_MARK = '\ufeff'

/** Changes to a response in transit, by name. */
export const BREAKAGES = {
  /** Its last two characters are missing, and Content-Length matches. */
  truncated: (response: ResponseData) => ({ ...response, body: textOf(response).slice(0, -2) }),
  /** A proxy appends a script to the response. */
  'html-behind': (response: ResponseData) => ({
    ...response,
    body: `${textOf(response)}<script src="/toolbar.js"></script>`,
  }),
  /** The JSON starts with a byte order mark. */
  bom: (response: ResponseData) => ({ ...response, body: `${BYTE_ORDER_MARK}${textOf(response)}` }),
  'status-201': (response: ResponseData) => ({ ...response, status: 201 }),
  /** The response is the text of an HTML page. */
  'in-html': (response: ResponseData) => ({
    ...response,
    headers: { ...response.headers, 'content-type': 'text/html' },
    body: `<html><body><pre>${escaped(textOf(response))}</pre></body></html>`,
  }),
  /** An empty object. */
  bare: (response: ResponseData) => ({ ...response, body: {} }),
  /** Entries lack their UUID, parent, and space. */
  'few-fields': (response: ResponseData) =>
    altered(response, (entry) => without(entry, 'uuid', 'parentId', 'spaceId')),
  /** IDs that fit into a number are numbers. */
  'numeric-ids': (response: ResponseData) =>
    altered(response, (entry) => ({ ...entry, id: asNumber(entry['id']) })),
  /** Files have no name. */
  'nameless-files': (response: ResponseData) =>
    altered(response, ({ name, ...entry }) => (entry['type'] === 'FILE' ? entry : { ...entry, name })),
  /** A list has no entries field. */
  'without-list': (response: ResponseData) => ({ ...response, body: without(bodyOf(response), 'dentries') }),
  /** Entries have no version. */
  'without-version': (response: ResponseData) => altered(response, (entry) => without(entry, 'version')),
  /** Files have the status `DELETED`. */
  deleted: (response: ResponseData) =>
    altered(response, (entry) => ({ ...entry, ...(entry['type'] === 'FILE' ? { status: 'DELETED' } : {}) })),
  /** Every entry is a folder. */
  folder: (response: ResponseData) => altered(response, (entry) => ({ ...entry, type: 'FOLDER' })),
} as const satisfies Record<string, (response: ResponseData) => ResponseData>

type Entry = Record<string, unknown>

function without(entry: Entry, ...names: readonly string[]): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name)))
}

/** Changes every entry of a response. */
function altered(response: ResponseData, change: (entry: Entry) => Entry): ResponseData {
  const { dentry, dentries, ...rest } = bodyOf(response)
  return {
    ...response,
    body: {
      ...rest,
      ...(dentry === undefined ? {} : { dentry: change(dentry as Entry) }),
      ...(Array.isArray(dentries) ? { dentries: dentries.map((entry) => change(entry as Entry)) } : {}),
    },
  }
}

function bodyOf({ body }: ResponseData): Record<string, unknown> {
  return typeof body === 'object' ? (body as Record<string, unknown>) : {}
}

function asNumber(id: unknown): unknown {
  return typeof id === 'string' && Number.isSafeInteger(Number(id)) ? Number(id) : id
}

export type Breakage = keyof typeof BREAKAGES

/** A proxy's response that contains the request: as it is, and encoded for HTML and URLs. */
export function echo(
  { method, path, headers, body = '' }: RecordedRequest,
  status: number,
  as: 'html' | 'json',
): ResponseData {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const request = [`${method} ${path}`, ...lines, body].join('\n')
  if (as === 'json') return { status, body: { code: 'proxyDenied', message: `denied: ${request}` } }
  const forms = [request, escaped(request), encodeURIComponent(request)]
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>Denied</title></head><body>${forms.join('<hr>')}</body></html>`,
  }
}

function textOf({ body = '' }: ResponseData): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}
