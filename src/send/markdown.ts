const LINE_END = /[\n\v\f\r\u0085\u2028\u2029]+/
/** Invisible characters, such as marks of the reading direction, except those that join emoji. */
const INVISIBLE =
  /(?!(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)\u200d(?=\p{Extended_Pictographic}))(?![\ufe0e\ufe0f])[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu
/** How much of a text is read, in UTF-16 code units: a single grapheme can be of any length. */
const MAX_LOOKED_AT = 4096
/** The largest grapheme, in bytes: a family of emoji fits, a letter with a hundred accents doesn't. */
const MAX_GRAPHEME = 64

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first line that isn't empty, as plain text (see {@link oneLine}). */
export function firstLine(text: string): string {
  return text.slice(0, MAX_LOOKED_AT).split(LINE_END).map(oneLine).find(Boolean) ?? ''
}

/** Converts a text from outside to one line, without control characters, lone surrogates, and invisible characters. */
export function oneLine(text: string): string {
  return visible(text.slice(0, MAX_LOOKED_AT)).trim()
}

/** Does the same for a part of a line, and keeps the spaces at its ends. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/\s+/g, ' ')
}

/** Shortens a line to a number of graphemes, with an ellipsis. */
export function shortened(line: string, max: number): string {
  if (max === 0) return ''
  const shown: string[] = []
  for (const { segment } of graphemes.segment(line)) {
    if (shown.length === max) return `${shown.slice(0, -1).join('').trimEnd()}…`
    // Keeps the letter, without its accents.
    shown.push(Buffer.byteLength(segment) > MAX_GRAPHEME ? (Array.from(segment)[0] ?? '') : segment)
  }
  return shown.join('')
}

/** Escapes a line from outside for Markdown: markup, HTML, automatic links, and mentions become character references. */
export function escaped(line: string): string {
  return line
    .replace(/[\\`*[\]<>&~|@]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:(?=\/\/)|(?<=www)\./giu, reference)
    .replace(/^[#+=:.)-]/, reference)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, sign: string) => digits + reference(sign))
}

/** A link. @param text from outside */
export function link(text: string, url: string): string {
  if (url === '') return escaped(text)
  const target = encodeURI(url.toWellFormed()).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))
  return `[${escaped(text)}](${target})`
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`
}
