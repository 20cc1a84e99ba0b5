import { EnvHttpProxyAgent, type Dispatcher } from 'undici'
import type { Clock } from '../clock.ts'
import { Exchange, type HttpAnswer, type HttpRequest } from './exchange.ts'

/** The one way to the network: proxies of the environment, a limit on silence and on the size of answers. */
export class Http {
  readonly #dispatcher: Dispatcher
  readonly #clock: Clock
  readonly #silence: number

  /** @param silence ms without an answer, or without a byte moving, after which a request counts as failed */
  constructor(clock: Clock, silence: number) {
    this.#clock = clock
    this.#silence = silence
    this.#dispatcher = new EnvHttpProxyAgent({
      // Silence is watched by the exchange, on the clock that was handed in, and for bytes sent too.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: silence },
      // Parts in parallel need connections of their own: streams of one HTTP/2 connection share its speed.
      allowH2: false,
    })
  }

  /**
   * Sends one request and reads the whole answer, whatever its status. Redirects are not followed.
   *
   * @throws DingTalkError if no complete answer came; `mayHaveHappened` is false if not a byte was sent
   * @throws the body's own error if it could not be read, or the signal's reason if the request was called off
   */
  send(request: HttpRequest): Promise<HttpAnswer> {
    return new Exchange(request, this.#clock, this.#silence).run(this.#dispatcher)
  }

  /** Drops every connection, so that none keeps the process alive. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }
}
