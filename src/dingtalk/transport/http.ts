import type { Socket } from 'node:net'
import type { buildConnector, Dispatcher } from 'undici'
import connect from 'undici/lib/api/api-connect.js'
import connectorWith from 'undici/lib/core/connect.js'
import BaseDispatcher from 'undici/lib/dispatcher/dispatcher.js'
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js'
import type { Clock } from './clock.ts'
import { RequestHandler, type HttpResponse, type HttpRequest } from './request-handler.ts'

// undici's index, which is not loaded here, gives its dispatchers this: tunnels through proxies need it.
Object.assign(BaseDispatcher.prototype, { connect })

/** The one way to the network: proxies of the environment, a limit on silence and on the size of answers. */
export class Http {
  readonly #dispatcher: Dispatcher
  readonly #connect: buildConnector.connector
  readonly #clock: Clock
  readonly #silence: number
  /** Connections made ahead of need, by origin. */
  readonly #warm = new Map<string, Promise<Socket>>()
  readonly #closing = new AbortController()
  readonly #started = Promise.withResolvers<undefined>()

  /**
   * @param silence ms without an answer, or without a byte moving, after which a request counts as failed
   * @param connections the most to one origin at once
   * @throws Error if a proxy of the environment has no valid URL
   */
  constructor(clock: Clock, silence: number, connections: number) {
    this.#clock = clock
    this.#silence = silence
    // Parts in parallel need connections of their own: streams of one HTTP/2 connection share its speed.
    const allowH2 = false
    this.#connect = connectorWith({ timeout: silence, allowH2, signal: this.#closing.signal })
    // Silence is watched by the handler, on the clock that was handed in, and for bytes sent too.
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 }
    // Without a limit undici opens a new connection for a request that comes in the moment in which another ends.
    try {
      this.#dispatcher = new EnvHttpProxyAgent({
        ...timeouts,
        allowH2,
        connections,
        connect: this.#warmOrNew,
      })
    } catch {
      // Its words are not repeated: they may hold the proxy's password.
      throw new Error('HTTP_PROXY or HTTPS_PROXY is not a URL / HTTP_PROXY 或 HTTPS_PROXY 不是合法的 URL')
    }
  }

  /** Resolves when the first request begins to be sent: from then on there is time to do other things. */
  get started(): Promise<undefined> {
    return this.#started.promise
  }

  /** Connects ahead of the first request, unless through a proxy. Failures are that request's to tell. */
  warm(base: string): void {
    const proxies = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']
    if (proxies.some((name) => process.env[name])) return
    const { origin, protocol, hostname, host, port } = new URL(base)
    if (this.#warm.has(origin)) return
    const connected = new Promise<Socket>((resolve, reject) => {
      this.#connect({ protocol, hostname, host, port }, (...[error, socket]) => {
        if (error) reject(error)
        else resolve(socket)
      })
    })
    connected.catch(() => undefined)
    this.#warm.set(origin, connected)
  }

  /**
   * Sends one request and reads the whole answer, whatever its status. Redirects are not followed.
   *
   * @throws DingTalkError if no complete answer came; `mayHaveHappened` is false if not a byte was sent
   * @throws the body's own error if it could not be read, or the signal's reason if the request was called off
   */
  send(request: HttpRequest): Promise<HttpResponse> {
    const handler = new RequestHandler(request, this.#clock, this.#silence)
    void handler.started.then(this.#started.resolve)
    return handler.run(this.#dispatcher)
  }

  /** Drops every connection, so that none keeps the process alive. */
  async close(): Promise<void> {
    // Those as well that are still being made: they would keep the process alive until they time out.
    this.#closing.abort()
    await this.#dispatcher.destroy()
  }

  readonly #warmOrNew: buildConnector.connector = (target, callback) => {
    const origin = `${target.protocol}//${target.host ?? ''}`
    const warm = this.#warm.get(origin)
    this.#warm.delete(origin)
    const connect = () => {
      this.#connect(target, callback)
    }
    if (!warm) connect()
    else
      warm.then((socket) => {
        if (socket.destroyed) connect()
        else callback(null, socket)
      }, connect)
  }
}
