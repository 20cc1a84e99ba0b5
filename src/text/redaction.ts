/** Secrets, and texts without them. */
export class Redaction {
  readonly #secrets = new Set<string>()

  /** Remembers a secret, and the form that it has in a URL. @returns whether it was unknown */
  add(secret: string): boolean {
    if (secret === '' || this.#secrets.has(secret)) return false
    this.#secrets.add(secret)
    this.#secrets.add(encodeURIComponent(secret))
    return true
  }

  /** A text in which `***` stands for each secret. */
  redacted(text: string): string {
    for (const secret of this.#secrets) text = text.replaceAll(secret, '***')
    return text
  }
}
