import type { buildConnector } from 'undici'
import type { Clock } from './environment.ts'

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
