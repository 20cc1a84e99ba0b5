import { buildConnector, EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici'
import type { Clock } from './environment.ts'
import { RequestHandler, type HttpRequest, type HttpResponse } from './request-handler.ts'

/** The only way to the network: the environment's proxies, an idle timeout, and a limit on the size of responses. */
export class Http {
  readonly #dispatcher: Dispatcher
  readonly #clock: Clock
  readonly #idleTimeout: number
  readonly #closing = new AbortController()
  readonly #halting = new AbortController()

  /**
   * @param idleTimeout ms without a response, or without a byte moving, after which a request counts as failed; also the
   *   limit for making a connection
   * @param connections the most to one origin at once
   * @throws Error if a proxy variable of the environment is not a URL
   */
  constructor(clock: Clock, idleTimeout: number, connections: number) {
    this.#clock = clock
    this.#idleTimeout = idleTimeout
    // Parallel parts need connections of their own: the streams of one HTTP/2 connection share its speed.
    const allowH2 = false
    // The signal ends connections that are still being made when everything is over.
    const connect = buildConnector({ timeout: idleTimeout, allowH2, signal: this.#closing.signal })
    try {
      this.#dispatcher = new EnvHttpProxyAgent({
        allowH2,
        connect,
        // Without a limit, undici opens a connection for a request that arrives just as another one ends.
        connections,
        connectTimeout: idleTimeout,
        // A proxy that never answers CONNECT would otherwise keep the connection's slot for good.
        clientFactory: (proxy, options) => new Pool(proxy, { ...options, headersTimeout: idleTimeout }),
        // The request handler has an idle timeout of its own, on the given clock, that also counts bytes sent.
        headersTimeout: 0,
        bodyTimeout: 0,
      })
    } catch {
      // undici's message is not repeated: it may hold the proxy's password.
      throw new Error('HTTP_PROXY or HTTPS_PROXY is not a URL / HTTP_PROXY 或 HTTPS_PROXY 不是合法的 URL')
    }
  }

  /**
   * Sends one request and reads the whole response, whatever its status. Redirects are not followed.
   *
   * @throws DingTalkError if no complete response arrived; `mayHaveHappened` is false if not a byte was sent
   * @throws the error that {@link halt} was given
   * @throws the body's own error if it could not be read, or the signal's reason if the request was cancelled
   */
  send(request: HttpRequest): Promise<HttpResponse> {
    const handler = new RequestHandler(request, this.#clock, this.#idleTimeout, this.#halting.signal)
    return handler.run(this.#dispatcher)
  }

  /** Sends nothing any more: every further request fails with this error. Those under way go on to their end. */
  halt(error: Error): void {
    this.#halting.abort(error)
  }

  /** Closes every connection, so that none keeps the process alive. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#dispatcher.destroy()
  }
}
