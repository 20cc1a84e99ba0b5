import type { IncomingMessage, ServerResponse } from 'node:http'
import findMyWay from 'find-my-way'
import { parseFault } from '../faults/parse-fault.ts'
import type { Emulator } from '../interface.ts'
import type { Platform } from '../organization/platform.ts'
import { conversationPage, PAGE_HEADERS } from './conversation.ts'

/** Prefix of the control API's paths, on the new gateway's port. */
const CONTROL = '/_emulator/'

/** Whether a request is for the control API. */
export function isControl(url: URL): boolean {
  return url.pathname.startsWith(CONTROL)
}

/**
 * @param body the request's body
 * @param id the ID at the end of the path
 * @returns the JSON of the response, or a page. @throws Error if the request is not valid
 */
type Perform = (body: string, id: string) => object

/** A response that isn't JSON. */
class Page {
  readonly content: string | Uint8Array
  readonly headers: Readonly<Record<string, string>>

  constructor(content: string | Uint8Array, headers: Readonly<Record<string, string>>) {
    this.content = content
    this.headers = headers
  }
}

/** The control API: reports what the emulator received, and injects faults. */
export function control(
  emulator: Emulator,
  platform: Platform,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const router = findMyWay()
  for (const [method, path, perform] of routesOf(emulator, platform))
    router.on(method, CONTROL + path, () => undefined, perform)
  return async (request, response) => {
    const respond = (status: number, body: object) => {
      if (body instanceof Page) response.writeHead(status, body.headers).end(body.content)
      else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (!isFromThisMachine(request)) {
      respond(403, { error: 'the control API is for programs on this machine, not for web pages' })
      return
    }
    try {
      const chunks = (await request.toArray()) as Buffer[]
      const match = router.find(request.method as 'GET', request.url ?? '')
      if (!match)
        throw new Error(
          `${request.method ?? ''} ${request.url ?? ''}: the control API does not have this call`,
        )
      const perform = match.store as Perform
      respond(200, perform(Buffer.concat(chunks).toString(), match.params['id'] ?? ''))
    } catch (error) {
      respond(400, { error: error instanceof Error ? error.message : String(error) })
    }
  }
}

/**
 * Whether a program on this machine sent a request. A web page in the developer's browser sends its `Origin`, or, after DNS
 * rebinding, the `Host` of another name.
 */
function isFromThisMachine({ headers: { host = '', origin } }: IncomingMessage): boolean {
  return origin === undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host)
}

function routesOf(
  emulator: Emulator,
  platform: Platform,
): readonly (readonly ['GET' | 'POST' | 'DELETE', path: string, Perform])[] {
  const { faults, scopes } = emulator
  const conversation = (kind: 'group' | 'user') => (_: string, id: string) => {
    const html = conversationPage(platform, kind, id)
    if (html === undefined) throw new Error(`there is no ${kind} ${id}`)
    return new Page(html, PAGE_HEADERS)
  }
  const state = () => ({
    values: emulator.values,
    others: emulator.others,
    files: emulator.files(),
    deleted: emulator.deleted(),
    messages: emulator.messages,
    requests: emulator.requests,
    faultsPlayed: faults.played.map(({ times, ...fault }) => ({
      ...fault,
      times: times === Infinity ? 'always' : times,
    })),
    scopes: [...scopes.granted],
  })
  const image = (_: string, id: string) => {
    const found = platform.media.byId(id)
    if (!found) throw new Error(`there is no image ${id}`)
    return new Page(found.bytes, { 'content-type': found.type, 'x-content-type-options': 'nosniff' })
  }
  const addFaults = (body: string) => {
    const given: unknown = JSON.parse(body)
    const parsed = (Array.isArray(given) ? given : [given]).map(parseFault)
    for (const fault of parsed) faults.add(fault)
    return { added: parsed.length }
  }
  const clearFaults = () => {
    faults.clear()
    return {}
  }
  const changeScopes = (body: string) => {
    const { withdraw = [], grant = [], ...others } = JSON.parse(body) as Record<string, unknown>
    const [unknown] = Object.keys(others)
    if (unknown !== undefined) throw new Error(`${unknown}: only withdraw and grant are supported`)
    scopes.withdraw(...strings('withdraw', withdraw))
    scopes.grant(...strings('grant', grant))
    return { granted: [...scopes.granted] }
  }
  const expireAccessTokens = () => {
    emulator.expireAccessTokens()
    return {}
  }
  return [
    ['GET', '', state],
    ['GET', 'files', () => emulator.files()],
    ['GET', 'messages', () => emulator.messages],
    ['GET', 'groups/:id', conversation('group')],
    ['GET', 'users/:id', conversation('user')],
    ['GET', 'media/:id', image],
    ['POST', 'faults', addFaults],
    ['DELETE', 'faults', clearFaults],
    ['POST', 'scopes', changeScopes],
    ['DELETE', 'access-tokens', expireAccessTokens],
  ]
}

function strings(name: string, value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new Error(`${name}: a list of scopes is expected`)
  return value
}
