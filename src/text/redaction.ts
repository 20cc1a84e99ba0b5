/** So many first characters of a secret are looked up first. Few places of a text have them. */
const BEGINNING = 8

/** Secrets, and texts without them. The time for a text does not depend on the number of secrets. */
export class Redaction {
  readonly #secrets = new Set<string>()
  /** How long the secrets are that begin alike, the longest first. Signatures by one key begin alike. */
  readonly #lengths = new Map<string, number[]>()
  /** How long the beginnings are. Those of short secrets are shorter. */
  readonly #beginnings = new Set<number>()

  /** Remembers a secret, and the form that it has in a URL. @returns whether it was unknown */
  add(secret: string): boolean {
    if (secret === '' || this.#secrets.has(secret)) return false
    for (const form of [secret, encodeURIComponent(secret.toWellFormed())]) {
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

  /** A text in which `***` stands for each secret, or for several that overlap. */
  redacted(text: string): string {
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
