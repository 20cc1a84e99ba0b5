/** So many first characters of a secret are looked up first. Few places of a text have them. */
const BEGINNING = 8

/** Secrets, and texts without them. The time for a text does not depend on the number of secrets. */
export class Redaction {
  readonly #secrets = new Set<string>()
  /** How long the secrets are that begin alike, the longest first. Signatures by one key begin alike. */
  readonly #lengths = new Map<string, number[]>()
  /** How long the beginnings are. Those of short secrets are shorter. */
  readonly #beginnings = new Set<number>()

  /** Remembers a secret, and the forms that it has in a URL. @returns whether it was unknown */
  add(secret: string): boolean {
    if (secret === '' || this.#secrets.has(secret)) return false
    const inQuery = new URLSearchParams([['', secret]]).toString().slice(1)
    for (const form of new Set([secret, encodeURIComponent(secret.toWellFormed()), inQuery])) {
      const beginning = form.slice(0, BEGINNING)
      const lengths = new Set(this.#lengths.get(beginning)).add(form.length)
      this.#secrets.add(form)
      this.#beginnings.add(beginning.length)
      this.#lengths.set(
        beginning,
        [...lengths].sort((one, other) => other - one),
      )
    }
    return true
  }

  /**
   * The same value with `***` in place of each secret, or of several that overlap: a text, or a copy of an array, a plain object,
   * or an error, with every text in it. Instances of other classes stay as they are.
   */
  redacted<T>(value: T): T {
    const copies = new Map<object, object>()
    const copyOf = (value: unknown): unknown => {
      if (typeof value === 'string') return this.#redactedText(value)
      if (typeof value !== 'object' || value === null) return value
      const prototype = Object.getPrototypeOf(value) as object | null
      if (prototype !== Object.prototype && !Array.isArray(value) && !(value instanceof Error)) return value
      // What several failures have in common stays one error, by which they are grouped.
      const known = copies.get(value)
      if (known) return known
      if (Array.isArray(value)) {
        const items: unknown[] = []
        copies.set(value, items)
        for (const item of value) items.push(copyOf(item))
        return items
      }
      const copy = Object.create(prototype) as object
      copies.set(value, copy)
      for (const [key, { enumerable }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
        const part = copyOf(Reflect.get(value, key))
        Object.defineProperty(copy, key, { value: part, enumerable: enumerable === true, writable: true })
      }
      return copy
    }
    return copyOf(value) as T
  }

  #redactedText(text: string): string {
    let shown = ''
    /** Up to where the text has been copied or replaced. */
    let done = 0
    for (let at = 0; at < text.length; at++) {
      const end = this.#endOfSecret(text, at)
      if (end <= done) continue
      if (at >= done) shown += `${text.slice(done, at)}***`
      done = end
    }
    return shown + text.slice(done)
  }

  /** Where the longest secret that starts here ends; 0 if none starts here. */
  #endOfSecret(text: string, start: number): number {
    let end = 0
    for (const beginning of this.#beginnings) {
      const lengths = this.#lengths.get(text.slice(start, start + beginning))
      const length = lengths?.find((length) => this.#secrets.has(text.slice(start, start + length)))
      if (length !== undefined) end = Math.max(end, start + length)
    }
    return end
  }
}
