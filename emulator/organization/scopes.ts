import { OPERATIONS, scopeOf, type Operation } from '../http/operation.ts'

/** Every scope there is a use for. */
export const SCOPES: readonly string[] = [
  ...new Set((Object.keys(OPERATIONS) as Operation[]).map(scopeOf).filter((scope) => scope !== undefined)),
]

/** The permission scopes that the app has been granted: all of them at first. */
export class Scopes {
  readonly #granted = new Set(SCOPES)

  get granted(): ReadonlySet<string> {
    return this.#granted
  }

  /** @throws Error for a scope that does not exist: a test that misspells one must not pass */
  withdraw(...scopes: string[]): void {
    refuseUnknown(scopes)
    for (const scope of scopes) this.#granted.delete(scope)
  }

  /** @throws Error for a scope that does not exist */
  grant(...scopes: string[]): void {
    refuseUnknown(scopes)
    for (const scope of scopes) this.#granted.add(scope)
  }
}

function refuseUnknown(scopes: readonly string[]): void {
  const unknown = scopes.filter((scope) => !SCOPES.includes(scope))
  if (unknown.length > 0)
    throw new Error(`no such scope: ${unknown.join(', ')}; there are ${SCOPES.join(', ')}`)
}
