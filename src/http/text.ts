/** What a person reads, in both languages. Each half is complete in itself. */
export interface Text {
  readonly en: string
  readonly zh: string
}

/** Two sentences, one after the other. */
export function joined(first: Text, second: Text): Text {
  return { en: `${first.en} ${second.en}`, zh: `${first.zh}${second.zh}` }
}

/** Words that are the same in both languages: names, codes, and the platform's own messages. */
export function verbatim(words: string): Text {
  return { en: words, zh: words }
}

/**
 * The beginning of a text of others. A word that would be cut in two is left out, because no mask finds half a secret.
 *
 * @param length characters
 */
export function clipped(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).replace(/[!-~]+$/, '')}…` : text
}

/** A duration (ms) in seconds, without the unit. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
