import findMyWay from 'find-my-way'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callAction } from './gateways/call-handler.ts'
import { putAction } from './oss/put-handler.ts'
import type { Route } from './gateways/route.ts'
import { Chats } from './organization/chats.ts'
import { CONTROL, control } from './control/control.ts'
import { Drive } from './drive/drive.ts'
import { storedFile } from './drive/stored-file.ts'
import { Exchange, type ExchangeOptions } from './faults/responder.ts'
import { record, type RecordedRequest } from './http/recorded-request.ts'
import type { Action } from './http/request-handler.ts'
import { Faults, type Fault } from './faults/plays.ts'
import { gatewayRoutes, noSuchApi } from './gateways/api/routes.ts'
import { characters, opaque } from './http/identifiers.ts'
import { Listener, type Handle } from './http/listener.ts'
import type { Emulator, EmulatorOptions } from './interface.ts'
import { noSuchOapi, oapiRoutes } from './gateways/oapi.ts'
import { Objects } from './oss/object-store.ts'
import type { Operation, Server } from './http/operation.ts'
import { found } from './organization/organization.ts'
import { Oss } from './oss/oss.ts'
import type { Platform } from './organization/platform.ts'
import { OssRefusal } from './http/errors.ts'
import { Scopes } from './organization/scopes.ts'
import { AccessTokens } from './organization/tokens.ts'
import { Uploads } from './oss/uploads.ts'
import { Users } from './organization/users.ts'

export type { StoredFile } from './drive/stored-file.ts'
export type { Message } from './organization/chats.ts'
export type { RecordedRequest } from './http/recorded-request.ts'
export type { Fault, Play } from './faults/plays.ts'
export type { Emulator, EmulatorOptions } from './interface.ts'
export type { Operation, Server } from './http/operation.ts'
export type { Others, Values } from './organization/organization.ts'

/** DingTalk's two gateways and its object storage, each on a loopback port of its own. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? Date.now
  const storage = options.storage ?? mkdtempSync(join(tmpdir(), 'dingtalk-emulator-'))
  mkdirSync(storage, { recursive: true })
  const objects = new Objects(storage)
  const requests: RecordedRequest[] = []
  const faults = new Faults()
  const faultListeners: ((fault: Fault, request: RecordedRequest) => void)[] = []
  const closing = new AbortController()
  const origins: string[] = []
  const uploads = new Uploads()
  const platform: Platform = {
    appKey: `ding${opaque(16).toLowerCase()}`,
    appSecret: characters(64),
    robotCode: `ding${opaque(16).toLowerCase()}`,
    clock,
    usedUploadKey: options.usedUploadKey ?? 'refuse',
    v1Commit: options.v1Commit ?? 'open',
    tokens: new AccessTokens(clock, options.accessTokenLifetime ?? 7200),
    scopes: new Scopes(),
    users: new Users(),
    drive: new Drive(clock),
    uploads,
    oss: new Oss({
      clock,
      uploads,
      signing: options.signing ?? 'headers',
      deadResourceHosts: options.deadResourceHosts ?? 0,
      origins,
    }),
    chats: new Chats(),
  }
  const exchangeOptions: ExchangeOptions = {
    clock,
    faults,
    latency: options.latency ?? 0,
    closing: closing.signal,
    onFault: (fault, request) => {
      for (const listener of faultListeners) listener(fault, request)
    },
  }

  /** Serves requests of which somebody else knows what they ask for. */
  function serve(
    server: Server,
    find: (
      request: IncomingMessage,
      url: URL,
      response: ServerResponse,
    ) => [Operation, (recorded: RecordedRequest) => Action],
  ): Handle {
    return (request, response, url) => {
      const [operation, action] = find(request, url, response)
      const recorded = record(server, operation, request)
      requests.push(recorded)
      response.once('close', () => (recorded.ended = true))
      new Exchange(exchangeOptions, recorded, response, action(recorded)).run().catch((error: unknown) => {
        // Whoever asked has gone, or the emulator goes: nobody waits for this answer.
        if (!request.complete || response.destroyed || closing.signal.aborted) return
        console.error(error)
        response.writeHead(500).end()
      })
    }
  }

  function gateway(server: Server, routes: readonly Route[], unknown: () => Error): Handle {
    const router = findMyWay({ maxParamLength: 10_000 })
    for (const route of routes) router.on(route.method, route.path, () => undefined, route)
    return serve(server, (request, url) => {
      const found = router.find(request.method as 'GET', url.pathname)
      const route = (found?.store as Route | undefined) ?? {
        operation: 'unknown',
        perform: () => {
          throw unknown()
        },
      }
      const call = { params: found?.params ?? {}, query: url.searchParams }
      return [route.operation, (recorded) => callAction(route, request, recorded, call)]
    })
  }

  let puts = 0
  let peakParallelPuts = 0
  const storageHost = serve('oss', (request, url, response) => {
    if (request.method !== 'PUT') {
      const denied = new OssRefusal(403, 'AccessDenied', 'AccessDenied')
      return [
        'unknown',
        () => ({ operation: 'unknown', receive: async () => {}, perform: () => denied.answer() }),
      ]
    }
    peakParallelPuts = Math.max(peakParallelPuts, ++puts)
    response.once('close', () => puts--)
    const query = url.searchParams
    const target = { path: url.pathname, query }
    return [
      query.has('uploadId') ? 'putPart' : 'put',
      (recorded) => putAction(platform.oss, objects, options.etag ?? 'md5', request, recorded, target),
    ]
  })
  const newGateway = gateway('gateway', gatewayRoutes(platform), noSuchApi)
  const api = new Listener((request, response, url) => {
    if (url.pathname.startsWith(CONTROL)) void answerControl(request, response)
    else newGateway(request, response, url)
  })
  const oapi = new Listener(gateway('oapi', oapiRoutes(platform), noSuchOapi))
  // The same storage under two addresses, as the platform has several hosts in front of it.
  const storages = [new Listener(storageHost), new Listener(storageHost)]
  const servers = [api, oapi, ...storages]
  const listeners: Readonly<Record<Server, readonly Listener[]>> = {
    gateway: [api],
    oapi: [oapi],
    oss: storages,
  }
  try {
    await api.listen(options.port ?? 0)
    for (const server of [oapi, ...storages]) await server.listen(0)
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()))
    if (options.storage === undefined) rmSync(storage, { recursive: true, force: true })
    throw error
  }
  origins.push(...storages.map(({ origin }) => origin))

  const { values, others } = found(platform, storage, api.origin, oapi.origin)
  const emulator: Emulator = {
    values,
    others,
    requests,
    faults,
    scopes: platform.scopes,
    messages: platform.chats.messages,
    files: () => platform.drive.files().map((dentry) => storedFile(platform.drive, dentry)),
    contents: (dentryId) => readFileSync(emulator.contentsPath(dentryId)),
    contentsPath: (dentryId) => {
      const object = platform.drive.byId(dentryId)?.object
      if (!object) throw new Error(`there is no file ${dentryId}`)
      return object.path
    },
    expireAccessTokens: () => {
      platform.tokens.expireAll()
    },
    refuseConnections: (server) => {
      for (const listener of listeners[server]) listener.refuse()
    },
    acceptConnections: async (server) => {
      await Promise.all(listeners[server].map((listener) => listener.listen()))
    },
    onFault: (listener) => {
      faultListeners.push(listener)
    },
    get peakParallelPuts() {
      return peakParallelPuts
    },
    close: async () => {
      closing.abort()
      await Promise.all(servers.map((server) => server.close()))
      await objects.close()
      if (options.storage === undefined) rmSync(storage, { recursive: true, force: true })
    },
  }
  const answerControl = control(emulator)
  return emulator
}
