import { setImmediate as nextTurn } from 'node:timers/promises'
import { Connections } from './connections.ts'
import type { Environment } from './environment.ts'
import { type Proxy, readProxies } from './proxies.ts'
import { type HttpRequest, type HttpResponse, RequestHandler } from './request.ts'

export type { HttpRequest, HttpResponse, ReadBody } from './request.ts'

/** Sends all requests to the network, with the environment's proxies, timeouts, and limits on the size of responses. */
export class Http {
  readonly environment: Environment
  readonly #connections: Connections
  readonly #idleTimeout: number
  readonly #closing = new AbortController()
  readonly #proxyFor: (url: URL) => Proxy | undefined

  /**
   * @param idleTimeout ms without progress after which a request fails, and the limit for connecting
   * @param connections the maximum number of connections to one origin
   * @throws Error if a proxy variable of the environment is not a URL
   */
  constructor(environment: Environment, idleTimeout: number, connections: number) {
    const { signal } = this.#closing
    this.environment = environment
    this.#idleTimeout = idleTimeout
    this.#proxyFor = readProxies(process.env)
    this.#connections = new Connections(environment, idleTimeout, connections, signal)
  }

  /**
   * Sends a request and reads the whole response, whatever its status. Redirects are not followed.
   *
   * @throws HttpError if no complete response arrived, or the request was canceled in progress
   * @throws the reason of the signal or of {@link Environment.halting}, if it was aborted before
   * @throws the error of reading the body, or of {@link HttpRequest.readBody}
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const proxy = this.#proxyFor(request.url)
    const handler = new RequestHandler(request, this.environment, this.#idleTimeout, proxy)
    const response = await handler.run(this.#connections.to(request.url))
    // Sending a file takes longer than a round trip.
    if (typeof request.body !== 'object') this.#connections.noteRoundTrip(request.url.origin, handler.waited)
    // undici releases the connection a turn of the event loop later. An earlier request would open another one.
    await nextTurn()
    return response
  }

  /** The shortest round trip to the origin of a URL, in ms, if known. */
  roundTrip(url: string): number | undefined {
    return this.#connections.roundTrip(url)
  }

  /** Closes all connections, so that they don't keep the process alive. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connections.close()
  }
}
