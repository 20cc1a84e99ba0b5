import type { RecordedRequest } from '../http/recorded-request.ts'
import type { ResponseData } from '../http/response-data.ts'

const BYTE_ORDER_MARK = '\ufeff'

/** What happens to a response on its way, by name. */
export const BREAKAGES = {
  /** Its last two characters are missing, and Content-Length matches. */
  truncated: (response: ResponseData) => ({ ...response, body: textOf(response).slice(0, -2) }),
  /** A proxy appends a script. */
  'html-behind': (response: ResponseData) => ({
    ...response,
    body: `${textOf(response)}<script src="/toolbar.js"></script>`,
  }),
  /** The same JSON behind a byte order mark. */
  bom: (response: ResponseData) => ({ ...response, body: `${BYTE_ORDER_MARK}${textOf(response)}` }),
  'status-201': (response: ResponseData) => ({ ...response, status: 201 }),
  /** A page shows it, as HTML writes text. */
  'in-html': (response: ResponseData) => ({
    ...response,
    headers: { ...response.headers, 'content-type': 'text/html' },
    body: `<html><body><pre>${escaped(textOf(response))}</pre></body></html>`,
  }),
} as const satisfies Record<string, (response: ResponseData) => ResponseData>

export type Breakage = keyof typeof BREAKAGES

/** A proxy's answer that repeats the request, as it was and as HTML and URLs write it. */
export function echo(
  { method, path, headers, body = '' }: RecordedRequest,
  status: number,
  as: 'html' | 'json',
): ResponseData {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const request = [`${method} ${path}`, ...lines, body].join('\n')
  if (as === 'json') return { status, body: { code: 'proxyRefused', message: `refused: ${request}` } }
  const forms = [request, escaped(request), encodeURIComponent(request)]
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>Refused</title></head><body>${forms.join('<hr>')}</body></html>`,
  }
}

function textOf({ body = '' }: ResponseData): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

/** As a careful template writes text into HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"'/+=]/g, (character) => `&#${character.charCodeAt(0)};`)
}
