import { setImmediate as nextTurn } from 'node:timers/promises'
import { Connections, RoundTrips } from './connections.ts'
import type { Environment } from './environment.ts'
import { type Proxy, readProxies } from './proxies.ts'
import { type HttpRequest, type HttpResponse, RequestHandler } from './request.ts'

export type { HttpRequest, HttpResponse, ReadBody } from './request.ts'

/** The only way to the network: the environment's proxies (except to this machine), an idle timeout, and a limit on the size of responses. */
export class Http {
  readonly #connections: Connections
  readonly environment: Environment
  readonly #idleTimeout: number
  readonly #closing = new AbortController()
  readonly #roundTrips: RoundTrips
  readonly #proxyFor: (url: URL) => Proxy | undefined

  /**
   * @param idleTimeout ms without a response, or without a byte moving, after which a request counts as failed; also the
   *   limit for making a connection
   * @param connections the most to one origin at once
   * @throws Error if a proxy variable of the environment is not a URL
   */
  constructor(environment: Environment, idleTimeout: number, connections: number) {
    this.environment = environment
    this.#idleTimeout = idleTimeout
    this.#proxyFor = readProxies(process.env)
    this.#roundTrips = new RoundTrips(environment.clock)
    const { signal } = this.#closing
    const roundTrips = this.#roundTrips
    const { lookup } = environment
    this.#connections = new Connections({ timeout: idleTimeout, connections, signal, roundTrips, lookup })
  }

  /**
   * Sends one request and reads the whole response, whatever its status. Redirects are not followed.
   *
   * @throws HttpError if no complete response arrived, or the request was canceled while it was under way
   * @throws the signal's reason if it was aborted before, or that of {@link Environment.halting}
   * @throws the body's own error if it could not be read, or what {@link HttpRequest.readBody} throws
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const proxy = this.#proxyFor(request.url)
    const handler = new RequestHandler(request, this.environment, this.#idleTimeout, proxy)
    const response = await handler.run(this.#connections.to(request.url))
    // The bytes of a file take their own time.
    if (typeof request.body !== 'object') this.#roundTrips.note(request.url.origin, handler.waited)
    // undici frees the connection a turn of the event loop later. A request that came sooner would open another one.
    await nextTurn()
    return response
  }

  /** The shortest round trip to the origin of a URL so far, in ms; undefined if there was none. */
  roundTrip(url: string): number | undefined {
    return this.#roundTrips.to(url)
  }

  /** Closes every connection, so that none keeps the process alive. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connections.close()
  }
}
