import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import type { Environment } from './environment.ts'
import { isLoopback, proxyVariable } from './proxies.ts'

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
 * All connections. They use the proxies of the environment, except to this machine, because a proxy could read what is
 * sent there without encryption.
 */
export class Connections {
  readonly #direct: Dispatcher
  readonly #proxied: Dispatcher
  readonly #clock: Environment['clock']
  /** The IP version that worked last for each host. It is tried first, so that a dead one delays only one connection. */
  readonly #families = new Map<string, number>()
  /** The shortest round trip to each origin, in ms. */
  readonly #roundTrips = new Map<string, number>()

  /**
   * @param timeout the limit for connecting, and for a proxy's response to CONNECT, in ms
   * @param connections the maximum number of connections to one origin
   * @param signal ends connections that are being made
   * @throws Error if a proxy variable of the environment is not a URL
   */
  constructor(
    { clock, lookup = systemLookup }: Environment,
    timeout: number,
    connections: number,
    signal: AbortSignal,
  ) {
    this.#clock = clock
    const addresses = {
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.min(PER_ADDRESS, Math.ceil(timeout / 3)),
      lookup: this.#familySorted(lookup),
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
      connect: buildConnector({ ...addresses, timeout, allowH2: false, signal }),
      connectTimeout: timeout,
      // undici passes fewer options for a proxy without tunnels.
      factory: (origin, given) => new Pool(origin, this.#observed(Object.assign({}, common, given))),
    }
    this.#direct = new Agent(options)
    try {
      this.#proxied = new EnvHttpProxyAgent({
        ...options,
        // If these were undefined, undici would read the environment itself.
        httpProxy: proxyVariable(process.env, 'http')?.value ?? '',
        httpsProxy: proxyVariable(process.env, 'https')?.value ?? '',
        clientFactory: (proxy, given) =>
          new Pool(proxy, this.#observed({ ...given, headersTimeout: timeout })),
        proxyTls: addresses,
      })
    } catch {
      // undici's message may contain the proxy's password.
      throw new Error('HTTP_PROXY or HTTPS_PROXY is not a valid URL.')
    }
  }

  /** The dispatcher for requests to a URL. */
  to(url: URL): Dispatcher {
    return isLoopback(url.href) ? this.#direct : this.#proxied
  }

  /** The shortest round trip to the origin of a URL, in ms, if known. */
  roundTrip(url: string): number | undefined {
    return this.#roundTrips.get(new URL(url).origin)
  }

  noteRoundTrip(origin: string, ms: number): void {
    this.#roundTrips.set(origin, Math.min(ms, this.#roundTrips.get(origin) ?? Infinity))
  }

  async close(): Promise<void> {
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

  /** Notes the family and the round trip of each new connection. */
  #observed<T extends Pool.Options>(options: T): T {
    const { connect } = options
    if (typeof connect !== 'function') return options
    const observed: buildConnector.connector = (target, callback) => {
      const started = this.#clock.monotonic()
      connect(target, (...result) => {
        const [error, socket] = result
        if (!error) this.#families.set(target.hostname, socket.remoteFamily === 'IPv6' ? 6 : 4)
        // TCP, or a proxy's tunnel, takes one round trip, and TLS another one.
        if (!error && target.protocol === 'https:')
          this.noteRoundTrip(`https://${target.host ?? ''}`, (this.#clock.monotonic() - started) / 2)
        callback(...result)
      })
    }
    return { ...options, connect: observed }
  }
}
