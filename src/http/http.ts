import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction, Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import { dropContinue } from './continue.ts'
import type { Environment } from './environment.ts'
import { isLoopback, type Proxy, proxyVariable, readProxies } from './proxies.ts'
import { type HttpRequest, type HttpResponse, RequestHandler } from './request.ts'

export type { HttpRequest, HttpResponse, ReadBody } from './request.ts'

/**
 * How long (ms) an idle connection is kept if the server sets no limit: enough for the commit after a short upload, and
 * less than the 15 s after which some load balancers close it.
 */
const KEEP_ALIVE = 10_000

/**
 * How long (ms) one address of a host is tried before the next. Node's default, 250 ms, is shorter than a round trip to
 * another continent, so a host with two addresses would be unreachable.
 */
const PER_ADDRESS = 5000

/**
 * Sends all requests to the network, with timeouts and limits on the size of responses. It uses the environment's proxies,
 * except to this machine, because a proxy could read what is sent there without encryption.
 */
export class Http {
  readonly environment: Environment
  readonly #idleTimeout: number
  readonly #direct: Dispatcher
  readonly #proxied: Dispatcher
  readonly #closing = new AbortController()
  readonly #proxyFor: (url: URL) => Proxy | undefined
  /** The IP version that worked last for each host. It is tried first, so that a dead one delays only one connection. */
  readonly #families = new Map<string, number>()
  /** The shortest round trip to each origin, in ms. */
  readonly #roundTrips = new Map<string, number>()

  /**
   * @param idleTimeout ms without progress after which a request fails, and the limit for connecting
   * @param connections the maximum number of connections to one origin
   * @throws Error if a proxy variable of the environment is not a URL
   */
  constructor(environment: Environment, idleTimeout: number, connections: number) {
    this.environment = environment
    this.#idleTimeout = idleTimeout
    this.#proxyFor = readProxies(process.env)
    const { signal } = this.#closing
    const addresses = {
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.min(PER_ADDRESS, Math.ceil(idleTimeout / 3)),
      lookup: this.#familySorted(environment.lookup ?? systemLookup),
    }
    const common = {
      // The streams of one HTTP/2 connection would share its speed.
      allowH2: false,
      // Without a limit, undici opens a connection for a request that is made just as another one ends.
      connections,
      keepAliveTimeout: KEEP_ALIVE,
      // The request handler has its own timeouts, which also count bytes that are sent.
      headersTimeout: 0,
      bodyTimeout: 0,
    }
    const options: Agent.Options = {
      ...common,
      connect: buildConnector({ ...addresses, timeout: idleTimeout, allowH2: false, signal }),
      connectTimeout: idleTimeout,
      // undici passes fewer options for a proxy without tunnels.
      factory: (origin, given) =>
        new Pool(origin, this.#observed(Object.assign({}, common, given), dropContinue)),
    }
    this.#direct = new Agent(options)
    try {
      this.#proxied = new EnvHttpProxyAgent({
        ...options,
        // If these were undefined, undici would read the environment itself.
        httpProxy: proxyVariable(process.env, 'http')?.value ?? '',
        httpsProxy: proxyVariable(process.env, 'https')?.value ?? '',
        clientFactory: (proxy, given) =>
          new TunnelPool(proxy, this.#observed({ ...given, headersTimeout: idleTimeout })),
        proxyTls: addresses,
      })
    } catch {
      // undici's message may contain the proxy's password.
      throw new Error('HTTP_PROXY or HTTPS_PROXY is not a valid URL.')
    }
  }

  /**
   * Sends a request and reads the whole response, whatever its status. Redirects are not followed.
   *
   * @throws HttpError if no complete response arrived, or the request was canceled in progress
   * @throws the reason of the signal or of {@link Environment.halting}, if it was aborted before
   * @throws the error of reading the body, or of {@link HttpRequest.readBody}
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const { url, body } = request
    const handler = new RequestHandler(request, this.environment, this.#idleTimeout, this.#proxyFor(url))
    const response = await handler.run(isLoopback(url.href) ? this.#direct : this.#proxied)
    // Sending a file takes longer than a round trip.
    if (typeof body !== 'object') this.#noteRoundTrip(url.origin, handler.waited)
    // undici releases the connection a turn of the event loop later. An earlier request would open another one.
    await nextTurn()
    return response
  }

  /** The shortest round trip to the origin of a URL, in ms, if known. */
  roundTrip(url: string): number | undefined {
    return this.#roundTrips.get(new URL(url).origin)
  }

  #noteRoundTrip(origin: string, ms: number): void {
    this.#roundTrips.set(origin, Math.min(ms, this.#roundTrips.get(origin) ?? Infinity))
  }

  /** Closes all connections, so that they don't keep the process alive. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#direct.destroy(), this.#proxied.destroy()])
  }

  #familySorted(lookup: LookupFunction): LookupFunction {
    return (hostname, options, callback) => {
      lookup(hostname, options, (error, addresses, ...more) => {
        const worked = this.#families.get(hostname)
        const sorted = Array.isArray(addresses)
          ? addresses.toSorted((a, b) => Number(b.family === worked) - Number(a.family === worked))
          : addresses
        callback(error, sorted, ...more)
      })
    }
  }

  /** Notes the family and the round trip of each new connection. @param prepare called with it before undici reads from it */
  #observed<T extends Pool.Options>(options: T, prepare?: (socket: Socket) => void): T {
    const { connect } = options
    if (typeof connect !== 'function') return options
    const { clock } = this.environment
    const observed: buildConnector.connector = (target, callback) => {
      const started = clock.monotonic()
      connect(target, (...result) => {
        const [error, socket] = result
        if (!error) this.#families.set(target.hostname, socket.remoteFamily === 'IPv6' ? 6 : 4)
        // TCP, or a proxy's tunnel, takes one round trip, and TLS another one.
        if (!error && target.protocol === 'https:')
          this.#noteRoundTrip(`https://${target.host ?? ''}`, (clock.monotonic() - started) / 2)
        if (!error) prepare?.(socket)
        callback(...result)
      })
    }
    return { ...options, connect: observed }
  }
}

/** Connections to a proxy. Every 2xx response to CONNECT opens a tunnel (RFC 9110, section 9.3.6). undici accepts only 200. */
class TunnelPool extends Pool {
  // undici calls the form without a callback.
  override async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    const data = await super.connect(options)
    return data.statusCode >= 200 && data.statusCode < 300 ? { ...data, statusCode: 200 } : data
  }
}
