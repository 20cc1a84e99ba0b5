import type { Clock } from './transport/clock.ts'

/** A token is taken for expired this long (ms) before it is: a call under way must not outlive it. */
const MARGIN = 60_000

interface Granted {
  value: string
  /** ms since the epoch */
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

  /** A token that is valid as far as is known here. */
  async get(): Promise<string> {
    const known = (this.#granted ??= this.#request())
    const { value, expiresAt } = await known
    return this.#clock.now() < expiresAt ? value : this.#replace(known)
  }

  /** A token in place of one that the platform has refused; all callers that come with the same one share it. */
  async renew(refused: string): Promise<string> {
    const known = this.#granted
    return known && (await known).value === refused ? this.#replace(known) : this.get()
  }

  async #replace(known: Promise<Granted>): Promise<string> {
    // Unless somebody else has begun to replace it in the meantime.
    if (this.#granted === known) this.#granted = this.#request()
    return (await (this.#granted ?? this.#request())).value
  }

  #request(): Promise<Granted> {
    const asked = this.#clock.now()
    const request = this.#fetch().then(({ value, lifetime }) => ({
      value,
      expiresAt: asked + Math.max(lifetime - MARGIN, lifetime / 2),
    }))
    // A failure is its callers' to report; the next caller asks afresh.
    request.catch(() => {
      if (this.#granted === request) this.#granted = undefined
    })
    return request
  }
}
