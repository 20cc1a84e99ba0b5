import { secret } from '../http/identifiers.ts'

/** The access tokens of the app. Page: `obtain-the-access-token-of-an-internal-app`. */
export class AccessTokens {
  readonly #clock: () => number
  readonly #lifetime: number
  readonly #onIssue: () => void
  readonly #issued = new Set<string>()
  #live: { value: string; expires: number } | undefined

  /** @param lifetime seconds */
  constructor(clock: () => number, lifetime: number, onIssue: () => void = () => undefined) {
    this.#clock = clock
    this.#onIssue = onIssue
    this.#lifetime = lifetime
  }

  /** All tokens issued so far, including expired ones. */
  get issued(): ReadonlySet<string> {
    return this.#issued
  }

  /** Renews the valid token, or creates a new one. */
  issue(): { accessToken: string; expireIn: number } {
    const now = this.#clock()
    this.#onIssue()
    if (this.#live === undefined || this.#live.expires <= now)
      this.#live = { value: secret(64, 'token'), expires: now }
    this.#live.expires = now + this.#lifetime * 1000
    this.#issued.add(this.#live.value)
    return { accessToken: this.#live.value, expireIn: this.#lifetime }
  }

  state(token: string | null | undefined): 'valid' | 'expired' | 'unknown' {
    if (token === this.#live?.value && this.#clock() < (this.#live?.expires ?? 0)) return 'valid'
    return this.#issued.has(token ?? '') ? 'expired' : 'unknown'
  }

  expireAll(): void {
    this.#live = undefined
  }
}
