import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import type { Clock } from './environment.ts'
import { isLoopback, proxyVariable } from './proxies.ts'

export interface ConnectionOptions {
  /** ms that making a connection, or a proxy's answer to CONNECT, may take. */
  timeout: number
  /** The most to one origin at once. */
  connections: number
  /** Ends connections that are still being made. */
  signal: AbortSignal
  /** Learns from the time that connecting takes. */
  roundTrips: RoundTrips
  /** Resolves host names; default: the system's resolver. */
  lookup?: LookupFunction | undefined
}

/**
 * How long (ms) an idle connection is kept if the server does not say for how long it keeps it: long enough for the
 * commit after a short upload, and less than the 15 s after which some load balancers close it.
 */
const KEEP_ALIVE = 10_000

/**
 * How long (ms) one address of a host is tried before the next. Node's default, 250 ms, is shorter than a round trip to
 * another continent: with two addresses, neither would ever connect. A lost packet costs another second.
 */
const PER_ADDRESS = 5000

/**
 * The connections to everybody: through the proxies of the environment, except to this machine. There a proxy would see
 * in the clear what is sent without encryption.
 */
export class Connections {
  readonly #direct: Dispatcher
  readonly #proxied: Dispatcher

  /** @throws Error if a proxy variable of the environment is not a URL */
  constructor({ timeout, connections, signal, roundTrips, lookup }: ConnectionOptions) {
    const families = new Families(lookup)
    // Of IPv4 and IPv6, the one that works is used, whichever the resolver names first.
    const addresses = {
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.min(PER_ADDRESS, Math.ceil(timeout / 3)),
      lookup: families.lookup,
    }
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
      connect: roundTrips.observed(buildConnector({ ...addresses, timeout, allowH2: false, signal })),
      connectTimeout: timeout,
      // undici hands over fewer options to the connections of a proxy without tunnels.
      factory: (origin, given) =>
        new Pool(origin, families.remembered(withoutContinue(Object.assign({}, common, given)))),
    }
    this.#direct = new Agent(options)
    try {
      this.#proxied = new EnvHttpProxyAgent({
        ...options,
        // An empty text, because undici reads the environment itself where there is none.
        httpProxy: proxyVariable(process.env, 'http')?.value ?? '',
        httpsProxy: proxyVariable(process.env, 'https')?.value ?? '',
        // A proxy that never answers CONNECT would otherwise keep the connection's slot for good.
        clientFactory: (proxy, given) =>
          new TunnelPool(proxy, families.remembered({ ...given, headersTimeout: timeout })),
        proxyTls: addresses,
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

/** Which of IPv4 and IPv6 worked last for each host. It is tried first, so that a dead one delays a single connection. */
class Families {
  readonly #worked = new Map<string, number>()
  readonly #lookup: LookupFunction

  constructor(lookup: LookupFunction = systemLookup) {
    this.#lookup = lookup
  }

  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#lookup(hostname, options, (error, addresses, ...more) => {
      const worked = this.#worked.get(hostname)
      const sorted = Array.isArray(addresses)
        ? addresses.toSorted((a, b) => Number(b.family === worked) - Number(a.family === worked))
        : addresses
      callback(error, sorted, ...more)
    })
  }

  /** The same options, with connections that are remembered here. */
  remembered<T extends Pool.Options>(options: T): T {
    const { connect } = options
    if (typeof connect !== 'function') return options
    const observed: buildConnector.connector = (target, callback) => {
      connect(target, (...result) => {
        const [error, socket] = result
        // In a proxy's tunnel, the address is the proxy's.
        if (!error && !target.httpSocket)
          this.#worked.set(target.hostname, socket.remoteFamily === 'IPv6' ? 6 : 4)
        callback(...result)
      })
    }
    return { ...options, connect: observed }
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

const BEGINNING = Buffer.from('HTTP/1.1 100 ')
const END = Buffer.from('\r\n\r\n')
/** The most that is held back while the end of an interim response is missing, in bytes. */
const MAX_HEAD = 4096

/**
 * Takes every `100 Continue` out of what a connection receives. Nobody asks for one, but some proxies send it, and undici
 * takes it for a broken answer: https://www.rfc-editor.org/rfc/rfc9110#section-15.2.1 has clients ignore it.
 *
 * To be called before the connection is handed to undici, so that this is the first to read.
 */
function dropContinue<T extends Socket | TLSSocket>(socket: T): T {
  let held = Buffer.alloc(0)
  /** What had been written when the last final response began. Whatever arrives next belongs to it. */
  let answered = -1
  socket.on('readable', () => {
    if (socket.bytesWritten === answered) return
    let chunk: Buffer | null
    while ((chunk = socket.read() as Buffer | null) !== null) held = Buffer.concat([held, chunk])
    for (let end; startsWith(held, BEGINNING) && (end = held.indexOf(END)) >= 0;)
      held = held.subarray(end + END.length)
    const isIncomplete =
      held.length < MAX_HEAD && (startsWith(held, BEGINNING) || startsWith(BEGINNING, held))
    if (isIncomplete) return
    answered = socket.bytesWritten
    socket.unshift(held)
    held = Buffer.alloc(0)
  })
  return socket
}

function startsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.length).equals(beginning)
}

/** The shortest round trip to each origin so far, as connections and responses show it. */
export class RoundTrips {
  readonly #clock: Clock
  /** ms */
  readonly #shortest = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** ms; undefined if nothing is known about the origin of the URL */
  to(url: string): number | undefined {
    return this.#shortest.get(new URL(url).origin)
  }

  note(origin: string, ms: number): void {
    this.#shortest.set(origin, Math.min(ms, this.#shortest.get(origin) ?? Infinity))
  }

  /** The same connector, observed. */
  observed(connect: buildConnector.connector): buildConnector.connector {
    return (target, callback) => {
      const started = this.#clock.monotonic()
      connect(target, (...result) => {
        // TCP takes one round trip, and TLS another. In a proxy's tunnel, TCP is there already.
        if (result[1] && target.protocol === 'https:' && !target.httpSocket)
          this.note(`https://${target.host ?? ''}`, (this.#clock.monotonic() - started) / 2)
        callback(...result)
      })
    }
  }
}
