/** Line breaks, control characters, direction marks, and invisible characters. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

/**
 * Makes untrusted text, such as a file name, safe for one line of the log. Escapes control characters, and what the runner
 * would run as a command: `::` at the beginning and `##[` anywhere.
 */
export function logLine(text: string): string {
  return text
    .replace(CONTROLS, escapeSequence)
    .replace(/^(\s*):(?=:)/, '$1\\:')
    .replaceAll('##[', '##\\[')
}

/** Makes untrusted text safe for Markdown, also in tables: replaces ASCII punctuation with character references. */
export function markdownText(text: string): string {
  return text
    .replace(CONTROLS, escapeSequence)
    .replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function escapeSequence(character: string): string {
  const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  return known[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

const EDGES = /^[\s\u200b-\u200f\u2060]+|[\s\u200b-\u200f\u2060]+$/g

/** Removes blanks, zero-width characters, and one pair of quotation marks around each line. */
export function unquoted(value: string): string {
  return value
    .split('\n')
    .map((line) => line.replace(EDGES, '').replace(/^(-\s+)?(?:"([^"]*)"|'([^']*)'|“([^”]*)”)$/, '$1$2$3$4'))
    .map((line) => line.replace(EDGES, ''))
    .join('\n')
    .trim()
}
