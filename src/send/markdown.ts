/** What ends a line. */
const LINE_END = /[\n\v\f\r\u0085\u2028\u2029]+/
/** Characters that no one sees: marks of the reading direction, zero-width ones, and what only other programs read. */
const INVISIBLE =
  /(?!(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)\u200d(?=\p{Extended_Pictographic}))(?![\ufe0e\ufe0f])[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu
/** How much of a text is looked at, in code units: one grapheme can be of any length. */
const MAX_LOOKED_AT = 4096
/** The most that one grapheme may take, in bytes: a family of emoji fits, a letter under a hundred accents does not. */
const MAX_GRAPHEME = 64

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first line of a text that says something, as {@link oneLine} gives it; empty if there is none. */
export function firstLine(text: string): string {
  return text.slice(0, MAX_LOOKED_AT).split(LINE_END).map(oneLine).find(Boolean) ?? ''
}

/**
 * A text from outside as one line of plain text, which reads in the order in which it is written: without line ends,
 * control characters, lone surrogates, and what is invisible or turns the reading direction. A family of emoji stays one.
 */
export function oneLine(text: string): string {
  return visible(text.slice(0, MAX_LOOKED_AT)).trim()
}

/** The same as {@link oneLine} for a part of a line, whose blanks at the ends count. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/\s+/g, ' ')
}

/** A line cut off between two graphemes, with an ellipsis for what is missing. @param max graphemes */
export function shortened(line: string, max: number): string {
  if (max === 0) return ''
  const shown: string[] = []
  for (const { segment } of graphemes.segment(line)) {
    if (shown.length === max) return `${shown.slice(0, -1).join('').trimEnd()}…`
    // Of a letter with ever more accents, the letter is shown.
    shown.push(Buffer.byteLength(segment) > MAX_GRAPHEME ? (Array.from(segment)[0] ?? '') : segment)
  }
  return shown.join('')
}

/**
 * A line from outside made harmless within a line of Markdown: markup, HTML, addresses that become links, and mentions
 * become character references. What can't be markup stays as it is, so that it can be read where it is shown as it is.
 */
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
