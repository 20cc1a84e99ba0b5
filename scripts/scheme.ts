// Draws a sketch of a console's page: an SVG that can be read in light and dark mode and on a phone.

export type Language = 'en' | 'zh'

/** What the console shows, and what it means: English pictures show both, since the consoles are in Chinese. */
export interface Label {
  readonly zh: string
  /** Left out where the console's own label is English. */
  readonly en?: string
}

/** A part of a page. `mark` is the number of the step in the guide that uses it. */
export type Block =
  | { readonly kind: 'text'; readonly label: Label }
  | { readonly kind: 'field'; readonly label: Label; readonly value: string; readonly mark?: number }
  | { readonly kind: 'button'; readonly label: Label; readonly mark?: number; readonly isQuiet?: boolean }
  | {
      readonly kind: 'row'
      readonly label: Label
      readonly code?: string
      readonly action: Label
      readonly mark?: number
    }
  | { readonly kind: 'code'; readonly lines: readonly string[]; readonly mark?: number }
  | { readonly kind: 'qr'; readonly label: Label; readonly mark?: number }

export interface Scheme {
  /** What is drawn, for readers who cannot see it. */
  readonly title: { readonly en: string; readonly zh: string }
  /** Where the page is: a host or an app. */
  readonly place: Label
  readonly menu?: readonly { readonly label: Label; readonly isActive?: boolean; readonly mark?: number }[]
  readonly blocks: readonly Block[]
}

const WIDTH = 380
const BAR = 34
const MENU = 138
const PADDING = 12
const MARK = 22
/** Font sizes. */
const TEXT = 14
const SMALL = 12

const NOTE = { en: 'Sketch, not a screenshot', zh: '示意图，界面以实际为准' }

const STYLE = `svg{--bg:#fff;--bar:#f6f8fa;--line:#d0d7de;--text:#1f2328;--quiet:#59636e;--accent:#0969da;--on:#fff;--mark:#bc4c00}
@media (prefers-color-scheme:dark){svg{--bg:#0d1117;--bar:#161b22;--line:#3d444d;--text:#f0f6fc;--quiet:#9198a1;--accent:#1f6feb;--on:#fff;--mark:#bd561d}}
text{font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;font-size:${TEXT}px;fill:var(--text)}
.s{font-size:${SMALL}px;fill:var(--quiet)}.c{white-space:pre;font-family:ui-monospace,Menlo,Consolas,'Noto Sans Mono CJK SC',monospace;font-size:${SMALL}px}.o{fill:var(--on)}.b{font-weight:600}
.bg{fill:var(--bg);stroke:var(--line)}.bar{fill:var(--bar)}.line{stroke:var(--line)}.box{fill:none;stroke:var(--line)}.button{fill:var(--accent)}.mark{fill:var(--mark)}.dark{fill:var(--text)}`

/** The text of an SVG file. @throws Error for a text that does not fit */
export function drawn(scheme: Scheme, language: Language): string {
  const left = scheme.menu ? MENU : 0
  const page = new Page(language, left)
  for (const block of scheme.blocks) page.add(block)
  const menu = scheme.menu ? menuOf(scheme.menu, language) : { parts: [], bottom: 0 }
  const bottom = Math.max(page.bottom, menu.bottom) + PADDING
  const height = bottom + SMALL + PADDING
  const title = `${scheme.title[language]}${language === 'zh' ? '（示意图）' : ' (sketch)'}`
  const place =
    language === 'en' && scheme.place.en ? `${scheme.place.zh} · ${scheme.place.en}` : scheme.place.zh
  fits(place, TEXT, WIDTH - 2 * PADDING)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="bg" x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    `<path class="bar" d="M1 ${BAR}V9a8 8 0 0 1 8-8h${WIDTH - 18}a8 8 0 0 1 8 8v${BAR - 9}z"/>`,
    text(PADDING, 23, place, 'b'),
    ...(scheme.menu ? [`<path class="line" d="M${MENU} ${BAR}V${bottom}"/>`] : []),
    ...menu.parts,
    ...page.parts,
    `<path class="line" d="M1 ${bottom}H${WIDTH - 1}"/>`,
    text(PADDING, bottom + SMALL + 6, NOTE[language], 's'),
    '</svg>\n',
  ].join('\n')
}

function menuOf(items: NonNullable<Scheme['menu']>, language: Language) {
  const parts: string[] = []
  let y = BAR + PADDING
  for (const { label, isActive, mark } of items) {
    const height = labelHeight(label, language)
    const space = MENU - PADDING - (mark ? MARK + 4 : 6)
    parts.push(...labelAt(PADDING, y, label, language, space, isActive ? 'b' : ''))
    if (mark) parts.push(markAt(MENU - MARK / 2 - 4, y + height / 2 - 2, mark))
    y += height + 8
  }
  return { parts, bottom: y }
}

/** The blocks of a page, one below the other. */
class Page {
  readonly parts: string[] = []
  bottom = BAR + PADDING
  readonly #language: Language
  readonly #x: number
  readonly #width: number

  constructor(language: Language, left: number) {
    this.#language = language
    this.#x = left + PADDING
    this.#width = WIDTH - left - 2 * PADDING
  }

  add(block: Block): void {
    switch (block.kind) {
      case 'text':
        this.parts.push(...labelAt(this.#x, this.bottom, block.label, this.#language, this.#width))
        {
          this.#down(labelHeight(block.label, this.#language))
          return
        }
      case 'field': {
        this.#field(block)
        return
      }
      case 'button': {
        this.#button(block)
        return
      }
      case 'row': {
        this.#row(block)
        return
      }
      case 'code': {
        this.#code(block)
        return
      }
      case 'qr': {
        this.#qr(block)
        return
      }
    }
  }

  #down(height: number): void {
    this.bottom += height + 10
  }

  #field({ label, value, mark }: Extract<Block, { kind: 'field' }>): void {
    const y = this.bottom
    const head = labelHeight(label, this.#language)
    this.parts.push(...labelAt(this.#x, y, label, this.#language, this.#width))
    const room = this.#width - (mark ? MARK + 6 : 0)
    fits(value, SMALL, room - 16, true)
    this.parts.push(
      rect('box', this.#x, y + head, room, 28),
      text(this.#x + 8, y + head + 18, value, 'c'),
      ...this.#mark(mark, y + head + 14),
    )
    this.#down(head + 28)
  }

  #button({ label, mark, isQuiet }: Extract<Block, { kind: 'button' }>): void {
    const y = this.bottom
    const lines = linesOf(label, this.#language)
    const room = this.#width - (mark ? MARK + 6 : 0)
    const width = Math.min(room, Math.max(...lines.map(({ text, size }) => widthOf(text, size))) + 28)
    const height = labelHeight(label, this.#language) + 8
    this.parts.push(rect(isQuiet ? 'box' : 'button', this.#x, y, width, height))
    this.parts.push(
      ...labelAt(
        this.#x + 14,
        y + 4,
        label,
        this.#language,
        room - 28,
        isQuiet ? '' : 'o',
        isQuiet ? 's' : 's o',
      ),
    )
    if (mark) this.parts.push(markAt(this.#x + width + MARK / 2 + 6, y + height / 2, mark))
    this.#down(height)
  }

  #row({ label, code, action, mark }: Extract<Block, { kind: 'row' }>): void {
    const y = this.bottom
    const right = Math.max(
      ...linesOf(action, this.#language).map(({ text, size }) => widthOf(text, size, true)),
    )
    const end = this.#x + this.#width - (mark ? MARK + 6 : 0)
    const room = end - right - 8 - this.#x
    this.parts.push(...labelAt(this.#x, y, label, this.#language, room))
    this.parts.push(
      ...labelAt(end - right, y, action, this.#language, right, 'b'),
      ...this.#mark(mark, y + 10),
    )
    let height = Math.max(labelHeight(label, this.#language), labelHeight(action, this.#language))
    if (code) {
      fits(code, SMALL, this.#width, true)
      this.parts.push(text(this.#x, y + height + SMALL - 2, code, 's c'))
      height += SMALL + 4
    }
    this.parts.push(`<path class="line" d="M${this.#x} ${y + height + 5}H${this.#x + this.#width}"/>`)
    this.#down(height + 4)
  }

  #code({ lines, mark }: Extract<Block, { kind: 'code' }>): void {
    const y = this.bottom
    const room = this.#width - (mark ? MARK + 6 : 0)
    const height = lines.length * 18 + 12
    this.parts.push(rect('bar', this.#x, y, room, height))
    lines.forEach((line, index) => {
      fits(line, SMALL, room - 16, true)
      this.parts.push(text(this.#x + 8, y + 20 + index * 18, line, 'c'))
    })
    this.parts.push(...this.#mark(mark, y + height / 2))
    this.#down(height)
  }

  #qr({ label, mark }: Extract<Block, { kind: 'qr' }>): void {
    const y = this.bottom
    const cell = 8
    this.parts.push(rect('box', this.#x, y, 9 * cell + 8, 9 * cell + 8))
    // Nothing that can be scanned: only what makes a reader think of a QR code.
    const cells = [
      '111010111',
      '101001101',
      '111011111',
      '000100010',
      '101110101',
      '010010110',
      '111001011',
      '101110100',
      '111010111',
    ]
    const path = cells.flatMap((row, j) =>
      row
        .split('')
        .flatMap((filled, i) =>
          filled === '1' ? [`M${this.#x + 4 + i * cell} ${y + 4 + j * cell}h${cell}v${cell}h-${cell}z`] : [],
        ),
    )
    const x = this.#x + 9 * cell + 20
    this.parts.push(
      `<path class="dark" d="${path.join('')}"/>`,
      ...labelAt(x, y + 4, label, this.#language, this.#x + this.#width - x),
    )
    if (mark) this.parts.push(markAt(x + MARK / 2, y + 64, mark))
    this.#down(9 * cell + 8)
  }

  #mark(mark: number | undefined, y: number): string[] {
    return mark ? [markAt(this.#x + this.#width - MARK / 2, y, mark)] : []
  }
}

function linesOf({ zh, en }: Label, language: Language) {
  const gloss = language === 'en' && en !== undefined ? [{ text: en, size: SMALL }] : []
  return [{ text: zh, size: TEXT }, ...gloss]
}

function labelHeight(label: Label, language: Language): number {
  return linesOf(label, language).reduce((sum, { size }) => sum + size + 6, 0)
}

/** @param kind classes of the label itself. @param gloss classes of its meaning */
function labelAt(
  x: number,
  y: number,
  label: Label,
  language: Language,
  room: number,
  kind = '',
  gloss = 's',
): string[] {
  let line = y
  return linesOf(label, language).map(({ text: words, size }, index) => {
    fits(words, size, room)
    line += size + (index === 0 ? 1 : 5)
    return text(x, line, words, index === 0 ? kind : gloss)
  })
}

function text(x: number, y: number, words: string, classes: string): string {
  const attribute = classes === '' ? '' : ` class="${classes}"`
  return `<text x="${round(x)}" y="${round(y)}"${attribute}>${escaped(words)}</text>`
}

function rect(kind: string, x: number, y: number, width: number, height: number): string {
  return `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="5"/>`
}

function markAt(x: number, y: number, mark: number): string {
  const circle = `<circle class="mark" cx="${round(x)}" cy="${round(y)}" r="${MARK / 2}"/>`
  return `${circle}<text class="o b" x="${round(x)}" y="${round(y + 5)}" text-anchor="middle">${mark}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** About how wide a text is, in pixels, in the widest of the fonts. @param isWide of code, and in bold */
function widthOf(words: string, size: number, isWide = false): number {
  const narrow = isWide ? 0.64 : 0.57
  const wide = words.match(/[\u22ef\u2e80-\uffff]/g)?.length ?? 0
  return size * (wide + (words.length - wide) * narrow)
}

function fits(words: string, size: number, room: number, isWide = false): void {
  const width = widthOf(words, size, isWide)
  if (width > room + 1)
    throw new Error(`${words} is ${Math.round(width)} px wide, and has ${Math.round(room)} px`)
}

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
