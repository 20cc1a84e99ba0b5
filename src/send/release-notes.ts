import MarkdownIt from 'markdown-it'
import type { Release } from '../github/runner.ts'
import type { Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { escaped, visible } from './markdown.ts'

/** How much of the notes is read, in code units. A message has room for less, and a hostile text takes long to parse. */
const MAX_NOTES = 32 * 1024
/** How far lists inside lists are indented. */
const MAX_DEPTH = 4
const REST: Text = { en: '… Complete release notes', zh: '… 完整的发布说明' }

/** The notes of a release, as DingTalk shows them. */
export interface ReleaseNotes {
  /** The name of the release. */
  readonly title: string
  /** Its page; empty if that is unknown. */
  readonly url: string
  /** Markdown: paragraphs, headings, items of lists, and rows of tables, each with the line breaks before it. */
  readonly blocks: readonly string[]
  /** Whether the blocks are all of it. */
  readonly isWhole: boolean
}

// As on GitHub, a line break is one, and an address with a scheme is a link.
const parser = new MarkdownIt({ html: true, linkify: true, breaks: true })
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
type Token = ReturnType<typeof parser.parse>[number]

/** Where the links of a release lead. */
interface Links {
  /** The address of the repository, or an empty string. */
  readonly repository: string
  /** The absolute address of a link or an image; empty if it isn't one of the web. */
  readonly to: (target: string) => string
}

/**
 * Converts the notes of a release from GitHub's Markdown to what DingTalk's robots show: headings, lists, quotes, bold, italic, and
 * links. Tables become lists, code becomes quotes, tasks get ☐ or ☑, images become links, and HTML is left out. Nobody is mentioned.
 * Page: `custom-robots-send-group-messages`.
 */
export function releaseNotes({ name, tag, body, url: page }: Release): ReleaseNotes {
  const end = body.length > MAX_NOTES ? body.lastIndexOf('\n', MAX_NOTES) : body.length
  const source = body.slice(0, end < 0 ? MAX_NOTES : end)
  const url = webAddress(page)
  const repository = url.replace(/\/releases\/.*$/, '')
  // A path without a slash is one in the repository.
  const files = url && `${repository}/blob/${tag.replace(/[%#]/g, encodeURIComponent)}/`
  const to = (target: string) => webAddress(target, /^[/#?]/.test(target) ? url : files)
  return {
    title: name || tag,
    url,
    blocks: blocksOf(source, { repository, to }),
    isWhole: source.length === body.length,
  }
}

/** The first blocks, and a link to the rest if there is more. A heading without its text is left out. */
export function notesText({ blocks, url, isWhole }: ReleaseNotes, count: number, language: Language): string {
  if (isWhole && count >= blocks.length) return blocks.join('').trim()
  const shown = blocks.slice(0, count)
  while (/^\s*#/.test(shown.at(-1) ?? '')) shown.pop()
  const rest = inFull(REST, language).map((text) => linked(text, url))
  return `${shown.join('')}\n\n${rest.join(' ')}`.trim()
}

/** An address of the web as the target of a link; empty if it's something else, such as `javascript:` or `dingtalk:`. */
function webAddress(address: string, base?: string): string {
  const url = URL.parse(address, base || undefined)
  if (!url || !/^https?:$/.test(url.protocol)) return ''
  return url.href.replace(/[()@]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
}

/** @param label escaped */
function linked(label: string, url: string): string {
  return url ? `[${label}](${url})` : label
}

/** The parser's list of tokens is flat, so a text may be nested as deeply as it likes. */
function blocksOf(source: string, links: Links): string[] {
  const blocks: string[] = []
  /** Those of the items around a block. */
  const markers: string[] = []
  let [quotes, isFirst, isInList, heading] = [0, false, false, '']
  let cells: string[] | undefined
  const push = (text: string) => {
    if (text === '') return
    const marker = isFirst ? (markers.at(-1) ?? '') : ''
    const around = markers.slice(0, marker ? -1 : markers.length).slice(0, MAX_DEPTH)
    const before = (quotes > 0 ? '> ' : '') + ' '.repeat(around.join('').length)
    const lines = text.replaceAll('\n', `  \n${before}${' '.repeat(marker.length)}`)
    blocks.push((marker && isInList ? '\n' : '\n\n') + before + marker + lines)
    isInList = markers.length > 0
    isFirst = false
  }
  const inItem = (marker: string) => {
    markers.push(marker)
    isFirst = true
  }
  const code = ({ content }: Token) => {
    quotes++
    push(
      content
        .split('\n')
        .flatMap((line) => escaped(visible(line).trim()) || [])
        .join('\n'),
    )
    quotes--
  }
  const on: Readonly<Record<string, (token: Token) => void>> = {
    heading_open: ({ tag }) => (heading = `${'#'.repeat(Number(tag.slice(1)))} `),
    blockquote_open: () => quotes++,
    blockquote_close: () => quotes--,
    list_item_open: ({ info }) => {
      inItem(info ? `${info}. ` : '- ')
    },
    list_item_close: () => {
      markers.pop()
      isFirst = false
    },
    fence: code,
    code_block: code,
    thead_open: () => (heading = '**'),
    tr_open: () => (cells = []),
    tr_close: () => {
      const row = cells?.some(Boolean) ? cells.join(' · ') : ''
      cells = undefined
      if (heading) push(row && `**${row.replaceAll('**', '')}**`)
      else {
        inItem('- ')
        push(row)
        markers.pop()
        isInList = true
      }
      heading = ''
    },
    html_block: ({ content }) => {
      const lines = content
        .replace(/<!--[^]*?(-->|$)|<(script|style)\b[^]*?(<\/\2\s*>|$)/gi, '')
        .replace(/<\/?summary\b[^<>]*>/gi, '**')
        .replace(/<\/t[dh]\s*>\s*(?=<t[dh]\b)/gi, ' · ')
        .split(/\n|<\/?(?:blockquote|dd|details|div|dl|dt|h\d|hr|li|ol|p|pre|table|tr|ul)\b[^<>]*>/i)
      push(lines.flatMap((line) => inlineText(inlineTokens(line), links) || []).join('\n'))
    },
    inline: ({ content, children }) => {
      const [first] = children ?? []
      const task = isFirst && /^\[([ x])\]\s+/i.exec(content)
      if (task && first) first.content = first.content.replace(task[0].trim(), task[1] === ' ' ? '☐' : '☑')
      const text = inlineText(children ?? [], links)
      const line = text.replaceAll('\n', ' ')
      if (cells) cells.push(line)
      // GitHub's alerts, such as [!NOTE].
      else push(heading ? line && heading + line : text.replace(/^&#91;!([A-Z]+)&#93;/, '**$1**'))
      heading = cells ? heading : ''
    },
  }
  for (const token of parser.parse(source, {})) {
    on[token.type]?.(token)
    if (/^(bullet_list|ordered_list|table)_close$/.test(token.type)) isInList = markers.length > 0
  }
  return blocks
}

function inlineTokens(line: string): Token[] {
  return parser.parseInline(line, {})[0]?.children ?? []
}

/** Text, bold, italic, and links, in lines. */
function inlineText(tokens: readonly Token[], { repository, to }: Links): string {
  let text = ''
  /** The link that is open, and its text. */
  let target = undefined as string | undefined
  let label = ''
  /** Whether nothing is before it in its line, where it could start a heading or a list. */
  let isStart = true
  const add = (part: string) => {
    if (target === undefined) text += part
    else label += part
    // A number could become that of an item.
    if (part === '\n') isStart = true
    else if (!/^\s*\d*$/.test(part)) isStart = false
  }
  const addText = (part: string) => {
    add(isStart ? escaped(part.trimStart()) : escaped(` ${part}`).slice(1))
  }
  const open = (url: string) => {
    close()
    ;[target, label] = [url, '']
  }
  const close = () => {
    const [url = '', name] = [target, label.replaceAll('\n', ' ').trim()]
    ;[target, label] = [undefined, '']
    text += linked(name, name && url)
  }
  const image = (alt: string, source: string) => {
    const url = to(source)
    const name = escaped(visible(alt).trim() || (URL.parse(url)?.pathname.split('/').at(-1) ?? ''))
    add(target === undefined ? linked(name || 'image', url) : name)
  }
  for (const { type, content, markup, attrs } of tokens) {
    const attribute = (name: string) => String(attrs?.find(([key]) => key === name)?.[1] ?? '')
    if (type === 'text' || type === 'text_special') {
      const isReference = target === undefined && repository !== ''
      const parts = visible(content).split(isReference ? /(?<![\w/#&])#(\d{1,9})(?!\w)/ : /$^/)
      for (const [index, part] of parts.entries())
        if (index % 2 === 0) addText(part)
        else add(`[#${part}](${repository}/issues/${part})`)
    } else if (type === 'code_inline') addText(visible(content))
    else if (type === 'softbreak' || type === 'hardbreak') add('\n')
    else if (/^(strong|em)_/.test(type) && target === undefined) add(type.startsWith('strong') ? '**' : '*')
    else if (type === 'link_open') open(to(attribute('href')))
    else if (type === 'link_close') {
      if (markup === 'linkify') label = shortName(target ?? '', repository) ?? label
      close()
    } else if (type === 'image') image(content, attribute('src'))
    else if (type === 'html_inline') {
      if (/^<br\b/i.test(content)) add('\n')
      if (/^<img\b/i.test(content)) image(htmlAttribute(content, 'alt'), htmlAttribute(content, 'src'))
      if (/^<a\b/i.test(content)) open(to(htmlAttribute(content, 'href')))
      if (/^<\/a\b/i.test(content)) close()
    }
  }
  close()
  const lines = text.split('\n').map((line) => line.replace(/ +/g, ' ').trim())
  return lines.filter(Boolean).join('\n')
}

/** What GitHub shows for an address in the repository: `#12`, or `v1...v2`. */
function shortName(url: string, repository: string): string | undefined {
  if (repository === '' || !url.startsWith(`${repository}/`)) return undefined
  const [, number, range] =
    /^\/(?:(?:pull|issues)\/(\d+)|compare\/([\w.-]+))$/.exec(url.slice(repository.length)) ?? []
  return number === undefined ? range && escaped(range) : `#${number}`
}

function htmlAttribute(tag: string, name: string): string {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag) ?? []
  return (double ?? single ?? '').replaceAll('&amp;', '&')
}
