/** Characters that end a line, move the cursor, turn the reading direction, or cannot be seen. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

/**
 * Text from outside (file names, the platform's messages) made harmless for one line of the log: control characters
 * are shown as escapes, so that it cannot start a line of its own, and a line that starts with `::`, or holds `##[`
 * anywhere, would be a command to the runner.
 */
export function logLine(text: string): string {
  return text
    .replace(CONTROLS, escapeSequence)
    .replace(/^(\s*):(?=:)/, '$1\\:')
    .replaceAll('##[', '##\\[')
}

/** Text made harmless for Markdown, in a table cell too: ASCII punctuation, the only markup, becomes character references. */
export function markdownText(text: string): string {
  return text
    .replace(CONTROLS, escapeSequence)
    .replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function escapeSequence(character: string): string {
  const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  return known[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

/** Blanks and zero-width characters at the edges. */
const EDGES = /^[\s\u200b-\u200f\u2060]+|[\s\u200b-\u200f\u2060]+$/g

/** A value without blanks, zero-width characters, and a pair of quotation marks around each line, as a `.env` file has them. */
export function unquoted(value: string): string {
  return value
    .split('\n')
    .map((line) => line.replace(EDGES, '').replace(/^(-\s+)?(?:"([^"]*)"|'([^']*)'|“([^”]*)”)$/, '$1$2$3$4'))
    .map((line) => line.replace(EDGES, ''))
    .join('\n')
    .trim()
}
