/** Characters that end a line, move the cursor or turn the reading direction. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu

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
