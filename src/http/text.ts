/** A text in both languages. */
export interface Text {
  readonly en: string
  readonly zh: string
}

/** Joins two sentences. */
export function joined(first: Text, second: Text): Text {
  return { en: `${first.en} ${second.en}`, zh: `${first.zh}${second.zh}` }
}

/** A text that is the same in both languages: names, codes, and the platform's messages. */
export function verbatim(words: string): Text {
  return { en: words, zh: words }
}

/**
 * The beginning of a foreign text. A word that would be cut is left out, because half a secret can't be masked.
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
