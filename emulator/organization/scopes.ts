import { CALLS, scopeOf } from '../http/operation.ts'

/** All scopes that calls need. */
export const SCOPES: readonly string[] = [
  ...new Set(CALLS.map(scopeOf).filter((scope) => scope !== undefined)),
]

/** The permission scopes granted to the app: initially all. */
export class Scopes {
  readonly #granted = new Set(SCOPES)
  /** Granted, but not yet in effect. */
  readonly #pending = new Set<string>()
  readonly #takesEffect: 'at-once' | 'new-token'

  constructor(takesEffect: 'at-once' | 'new-token' = 'at-once') {
    this.#takesEffect = takesEffect
  }

  get granted(): ReadonlySet<string> {
    return this.#granted
  }

  /** @throws Error for an unknown scope, so that a test with a misspelled scope fails */
  withdraw(...scopes: string[]): void {
    requireKnown(scopes)
    for (const scope of scopes) this.#granted.delete(scope)
  }

  /** @throws Error for an unknown scope */
  grant(...scopes: string[]): void {
    requireKnown(scopes)
    for (const scope of scopes) (this.#takesEffect === 'at-once' ? this.#granted : this.#pending).add(scope)
  }

  /** Call this when an access token is issued. */
  tokenIssued(): void {
    for (const scope of this.#pending) this.#granted.add(scope)
    this.#pending.clear()
  }
}

function requireKnown(scopes: readonly string[]): void {
  const unknown = scopes.filter((scope) => !SCOPES.includes(scope))
  if (unknown.length > 0)
    throw new Error(`no such scope: ${unknown.join(', ')}; there are ${SCOPES.join(', ')}`)
}
