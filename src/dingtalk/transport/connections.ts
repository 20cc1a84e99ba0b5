import { Agent, buildConnector, EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici'
import { dropContinue } from './interim.ts'
import { isLoopback } from './loopback.ts'
import type { RoundTrips } from './round-trips.ts'

export interface ConnectionOptions {
  /** ms that making a connection, or a proxy's answer to CONNECT, may take. */
  timeout: number
  /** The most to one origin at once. */
  connections: number
  /** Ends connections that are still being made. */
  signal: AbortSignal
  /** Learns from the time that connecting takes. */
  roundTrips: RoundTrips
}

/**
 * How long (ms) an idle connection is kept if the server does not say for how long it keeps it: long enough for the
 * commit after a short upload, and less than the 15 s after which some load balancers close it.
 */
const KEEP_ALIVE = 10_000

/**
 * The connections to everybody: through the proxies of the environment, except to this machine. There a proxy would see
 * in the clear what is sent without encryption.
 */
export class Connections {
  readonly #direct: Dispatcher
  readonly #proxied: Dispatcher

  /** @throws Error if a proxy variable of the environment is not a URL */
  constructor({ timeout, connections, signal, roundTrips }: ConnectionOptions) {
    const common = {
      // Parallel parts need connections of their own: the streams of one HTTP/2 connection share its speed.
      allowH2: false,
      // Without a limit, undici opens a connection for a request that arrives just as another one ends.
      connections,
      keepAliveTimeout: KEEP_ALIVE,
      // The request handler has an idle timeout of its own, on the given clock, that also counts bytes sent.
      headersTimeout: 0,
      bodyTimeout: 0,
    }
    const options: Agent.Options = {
      ...common,
      connect: roundTrips.observed(buildConnector({ timeout, allowH2: false, signal })),
      connectTimeout: timeout,
      // undici hands over fewer options to the connections of a proxy without tunnels.
      factory: (origin, given) => new Pool(origin, withoutContinue(Object.assign({}, common, given))),
    }
    this.#direct = new Agent(options)
    try {
      this.#proxied = new EnvHttpProxyAgent({
        ...options,
        // A proxy that never answers CONNECT would otherwise keep the connection's slot for good.
        clientFactory: (proxy, given) => new TunnelPool(proxy, { ...given, headersTimeout: timeout }),
      })
    } catch {
      // undici's message is not repeated: it may hold the proxy's password.
      throw new Error('HTTP_PROXY or HTTPS_PROXY is not a valid URL.')
    }
  }

  /** What sends requests to an address. */
  to(url: URL): Dispatcher {
    return isLoopback(url.href) ? this.#direct : this.#proxied
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#direct.destroy(), this.#proxied.destroy()])
  }
}

/** Connections to a proxy. Every 2xx to a CONNECT is a tunnel (RFC 9110, section 9.3.6); undici takes only 200 for one. */
class TunnelPool extends Pool {
  // undici calls the form without a callback.
  override async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    const data = await super.connect(options)
    return data.statusCode >= 200 && data.statusCode < 300 ? { ...data, statusCode: 200 } : data
  }
}

/** The same options, with connections that ignore `100 Continue`. */
function withoutContinue(options: Pool.Options): Pool.Options {
  const { connect } = options
  if (typeof connect !== 'function') return options
  return {
    ...options,
    connect: (target, callback) => {
      connect(target, (...[error, socket]) => {
        if (error) callback(error, null)
        else callback(null, dropContinue(socket))
      })
    },
  }
}
