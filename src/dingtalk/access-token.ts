import type { Clock } from './transport/environment.ts'

/** A token is renewed this long (ms) before it expires, so that it outlives the call that uses it. */
const MARGIN = 60_000

interface Granted {
  value: string
  /** ms, on the monotonic clock */
  expiresAt: number
}

/** The app's access token: fetched when first needed, shared by all calls, renewed shortly before it expires. */
export class AccessToken {
  readonly #clock: Clock
  readonly #fetch: () => Promise<{ value: string; lifetime: number }>
  #granted: Promise<Granted> | undefined

  /** @param fetch asks the platform for a token and its lifetime in ms */
  constructor(clock: Clock, fetch: () => Promise<{ value: string; lifetime: number }>) {
    this.#clock = clock
    this.#fetch = fetch
  }

  /** A token that has not expired. */
  async get(): Promise<string> {
    const known = (this.#granted ??= this.#request())
    const { value, expiresAt } = await known
    return this.#clock.monotonic() < expiresAt ? value : this.#replace(known)
  }

  /** Replaces a token that the platform refused. Callers that bring the same token share the new one. */
  async renew(refused: string): Promise<string> {
    const known = this.#granted
    return known && (await known).value === refused ? this.#replace(known) : this.get()
  }

  async #replace(known: Promise<Granted>): Promise<string> {
    // Another caller may already be replacing it.
    if (this.#granted === known) this.#granted = this.#request()
    return (await (this.#granted ?? this.#request())).value
  }

  #request(): Promise<Granted> {
    const requested = this.#clock.monotonic()
    const request = this.#fetch().then(({ value, lifetime }) => ({
      value,
      expiresAt: requested + Math.max(lifetime - MARGIN, lifetime / 2),
    }))
    // The waiting callers report the failure; the next caller asks again.
    request.catch(() => {
      if (this.#granted === request) this.#granted = undefined
    })
    return request
  }
}
