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

interface ControlRoute {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /**
   * @param id what the path ends with
   * @returns the JSON of the response, or a page. @throws Error if the request is not valid
   */
  perform: (body: string, id: string) => object
}

/** The control API: reports what the emulator received, and injects faults. */
export function control(
  emulator: Emulator,
  platform: Platform,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const router = findMyWay()
  for (const route of controlRoutes(emulator, platform))
    router.on(route.method, route.path, () => undefined, route)
  return async (request, response) => {
    const respond = (status: number, body: object) => {
      if (body instanceof Page) response.writeHead(status, body.headers).end(body.content)
      else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (!isOfThisMachine(request)) {
      respond(403, { error: 'the control API is for programs on this machine, not for web pages' })
      return
    }
    try {
      const chunks = (await request.toArray()) as Buffer[]
      const match = router.find(request.method as 'GET', request.url ?? '')
      if (!match) throw new Error('there is no such control')
      const { perform } = match.store as ControlRoute
      respond(200, perform(Buffer.concat(chunks).toString(), match.params['id'] ?? ''))
    } catch (error) {
      respond(400, { error: error instanceof Error ? error.message : String(error) })
    }
  }
}

/**
 * Whether a request is from a program that means this machine. A web page in the developer's browser sends its `Origin`, or the
 * `Host` of a name that was made to resolve to this machine.
 */
function isOfThisMachine({ headers: { host = '', origin } }: IncomingMessage): boolean {
  return origin === undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host)
}

function controlRoutes(emulator: Emulator, platform: Platform): ControlRoute[] {
  return [
    ...stateRoutes(emulator),
    ...pageRoutes(platform),
    ...faultRoutes(emulator),
    ...accessRoutes(emulator),
  ]
}

/** A response that isn't JSON. */
class Page {
  readonly content: string | Uint8Array
  readonly headers: Readonly<Record<string, string>>

  constructor(content: string | Uint8Array, headers: Readonly<Record<string, string>>) {
    this.content = content
    this.headers = headers
  }
}

/** Routes for people, who open them in a browser. */
function pageRoutes(platform: Platform): ControlRoute[] {
  const conversation = (kind: 'group' | 'user') => (_: string, id: string) => {
    const html = conversationPage(platform, kind, id)
    if (html === undefined) throw new Error(`there is no ${kind} ${id}`)
    return new Page(html, PAGE_HEADERS)
  }
  return [
    { method: 'GET', path: `${CONTROL}groups/:id`, perform: conversation('group') },
    { method: 'GET', path: `${CONTROL}users/:id`, perform: conversation('user') },
    {
      method: 'GET',
      path: `${CONTROL}media/:id`,
      perform: (_, id) => {
        const image = platform.media.byId(id)
        if (!image) throw new Error(`there is no image ${id}`)
        return new Page(image.bytes, { 'content-type': image.type, 'x-content-type-options': 'nosniff' })
      },
    },
  ]
}

/** Routes that report what the emulator received and stored. */
function stateRoutes(emulator: Emulator): ControlRoute[] {
  const { faults, scopes } = emulator
  return [
    {
      method: 'GET',
      path: CONTROL,
      perform: () => ({
        values: emulator.values,
        others: emulator.others,
        files: emulator.files(),
        deleted: emulator.deleted(),
        messages: emulator.messages,
        requests: emulator.requests,
        faultsPlayed: faults.played.map((fault) => ({
          ...fault,
          ...(fault.times === Infinity ? { times: 'always' } : {}),
        })),
        scopes: [...scopes.granted],
      }),
    },
    { method: 'GET', path: `${CONTROL}files`, perform: () => emulator.files() },
    { method: 'GET', path: `${CONTROL}messages`, perform: () => emulator.messages },
  ]
}

function faultRoutes({ faults }: Emulator): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL}faults`,
      perform: (body) => {
        const given: unknown = JSON.parse(body)
        const parsed = (Array.isArray(given) ? given : [given]).map(parseFault)
        for (const fault of parsed) faults.add(fault)
        return { added: parsed.length }
      },
    },
    {
      method: 'DELETE',
      path: `${CONTROL}faults`,
      perform: () => {
        faults.clear()
        return {}
      },
    },
  ]
}

/** Routes that change the app's scopes and access tokens. */
function accessRoutes(emulator: Emulator): ControlRoute[] {
  const { scopes } = emulator
  return [
    {
      method: 'POST',
      path: `${CONTROL}scopes`,
      perform: (body) => {
        const { withdraw = [], grant = [], ...others } = JSON.parse(body) as Record<string, unknown>
        const [unknown] = Object.keys(others)
        if (unknown !== undefined) throw new Error(`${unknown}: only withdraw and grant are understood`)
        scopes.withdraw(...strings('withdraw', withdraw))
        scopes.grant(...strings('grant', grant))
        return { granted: [...scopes.granted] }
      },
    },
    {
      method: 'DELETE',
      path: `${CONTROL}access-tokens`,
      perform: () => {
        emulator.expireAccessTokens()
        return {}
      },
    },
  ]
}

function strings(name: string, value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new Error(`${name}: a list of scopes is expected`)
  return value
}
