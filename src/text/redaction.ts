/** How many characters of a secret are looked up first. */
const BEGINNING = 8

/** Replaces secrets in texts, in a time that doesn't depend on their number. */
export class Redaction {
  readonly #secrets = new Set<string>()
  /** The lengths of the secrets with the same beginning, longest first. */
  readonly #lengths = new Map<string, number[]>()
  /** The lengths of the beginnings, which are shorter for short secrets. */
  readonly #beginnings = new Set<number>()

  /** Adds a secret and its URL-encoded forms. @returns whether it's new */
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
   * Replaces each secret, or several that overlap, with `***`. Copies arrays, plain objects, and errors, with every text in them;
   * instances of other classes stay the same.
   */
  redacted<T>(value: T): T {
    const copies = new Map<object, object>()
    const copyOf = (value: unknown): unknown => {
      if (typeof value === 'string') return this.#redactedText(value)
      if (typeof value !== 'object' || value === null) return value
      const prototype = Object.getPrototypeOf(value) as object | null
      if (prototype !== Object.prototype && !Array.isArray(value) && !(value instanceof Error)) return value
      // Failures with the same error must still share one after they are copied.
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
    /** The end of the copied or replaced text. */
    let done = 0
    for (let at = 0; at < text.length; at++) {
      const end = this.#endOfSecret(text, at)
      if (end <= done) continue
      if (at >= done) shown += `${text.slice(done, at)}***`
      done = end
    }
    return shown + text.slice(done)
  }

  /** The end of the longest secret that starts here; 0 if there is none. */
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
