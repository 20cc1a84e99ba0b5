import MarkdownIt from 'markdown-it'
import type { Release } from '../github/runner.ts'
import type { Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { escaped, visible } from './markdown.ts'

/** How much of the notes is read, in characters. A message has less room, and hostile text takes long to parse. */
const MAX_NOTES = 32 * 1024
const REST: Text = { en: '… Complete release notes', zh: '… 完整的发布说明' }

/** The notes of a release, in the Markdown that DingTalk supports. */
export interface ReleaseNotes {
  /** The name of the release. */
  readonly title: string
  /** Its page; empty if it is unknown. */
  readonly url: string
  /** Paragraphs, headings, list items, and table rows, each with the line breaks before it. */
  readonly blocks: readonly string[]
  /** Whether the blocks contain all notes. */
  readonly isWhole: boolean
}

// As on GitHub, a line break stays one, and an address with a scheme is a link.
const parser = new MarkdownIt({ linkify: true, breaks: true })
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
type Token = ReturnType<typeof parser.parse>[number]

/** Where the links of a release lead. */
interface Links {
  /** The address of the repository, or an empty string. */
  readonly repository: string
  /** Returns the absolute address of a link or an image; empty if it isn't a web address. */
  readonly to: (target: string) => string
}

/**
 * Converts release notes from GitHub's Markdown to what DingTalk's robots show: headings, lists, quotes, bold, italic, and links.
 * Tables become lists, code becomes quotes, tasks get ☐ or ☑, images become links, and HTML is left out. Nobody is mentioned.
 * Page: `custom-robots-send-group-messages`.
 */
export function releaseNotes({ name, tag, body, url: page }: Release): ReleaseNotes {
  const end = body.length > MAX_NOTES ? body.lastIndexOf('\n', MAX_NOTES) : body.length
  const source = body.slice(0, end < 0 ? MAX_NOTES : end)
  const url = webAddress(page)
  const repository = url.replace(/\/releases\/.*$/, '')
  // A path without a slash is a file in the repository.
  const files = url && `${repository}/blob/${tag.replace(/[%#]/g, encodeURIComponent)}/`
  const to = (target: string) => webAddress(target, /^[/#?]/.test(target) ? url : files)
  return {
    title: name || tag,
    url,
    blocks: blocksOf(withoutHtml(source), { repository, to }),
    isWhole: source.length === body.length,
  }
}

/** Returns the first blocks, and a link to the rest if there is more. A heading without its text is left out. */
export function notesText({ blocks, url, isWhole }: ReleaseNotes, count: number, language: Language): string {
  if (isWhole && count >= blocks.length) return blocks.join('').trim()
  const shown = blocks.slice(0, count)
  while (/^\s*#/.test(shown.at(-1) ?? '')) shown.pop()
  const rest = inFull(REST, language).map((text) => linked(text, url))
  return `${shown.join('')}\n\n${rest.join(' ')}`.trim()
}

/** A web address as the target of a link; empty for others, such as `javascript:` or `dingtalk:`. */
function webAddress(address: string, base?: string): string {
  const url = URL.parse(address, base || undefined)
  if (!url || !/^https?:$/.test(url.protocol)) return ''
  return url.href.replace(/[()@]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
}

/** @param label escaped */
function linked(label: string, url: string): string {
  return url ? `[${label}](${url})` : label
}

const TAG =
  /<\/?(?:a|b|blockquote|center|code|dd|del|details|div|dl|dt|em|font|h\d|hr|i|img|ins|kbd|li|ol|p|picture|pre|q|s|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|video)\b[^<>]*>/g

/** Keeps the text, and images as Markdown, because GitHub inserts them as HTML. Unknown tags may be code, such as `List<T>`. */
function withoutHtml(markdown: string): string {
  return markdown
    .replace(/<!--[^]*?(-->|$)|<(script|style)\b[^]*?(<\/\2\s*>|$)/gi, '')
    .replace(/<img\b[^<>]*?\ssrc="([^"<>\s]*)"[^<>]*>/g, '![]($1)')
    .replace(/<br\b[^<>]*>|<\/t[dh]>/g, ' ')
    .replace(TAG, '')
}

function blocksOf(source: string, links: Links): string[] {
  const blocks: string[] = []
  /** The markers of the list items around a block. */
  const markers: string[] = []
  let [quotes, isFirst, isInList, heading] = [0, false, false, '']
  let cells: string[] | undefined
  const push = (text: string) => {
    if (text === '') return
    const marker = isFirst ? (markers.at(-1) ?? '') : ''
    const around = markers.slice(0, marker ? -1 : markers.length)
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
    const lines = content.split('\n').flatMap((line) => escaped(visible(line).trim()) || [])
    quotes++
    push(lines.join('\n'))
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

/** Text, bold, italic, and links, in lines. */
function inlineText(tokens: readonly Token[], { repository, to }: Links): string {
  let text = ''
  /** The target and the text of an open link. */
  let target = undefined as string | undefined
  let label = ''
  /** Whether what comes next could start a heading or a list. */
  let isStart = true
  const add = (part: string) => {
    if (target === undefined) text += part
    else label += part
    if (part === '\n') isStart = true
    // Digits could become the number of an item.
    else if (!/^\s*\d*$/.test(part)) isStart = false
  }
  const addText = (part: string) => {
    add(isStart ? escaped(part.trimStart()) : escaped(` ${part}`).slice(1))
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
    else if (type === 'link_open') target = to(attribute('href'))
    else if (type === 'link_close') {
      const [url = '', name] = [target, label.replaceAll('\n', ' ').trim()]
      ;[target, label] = [undefined, '']
      const shown = markup === 'linkify' ? (shortName(url, repository) ?? name) : name
      text += linked(shown, shown && url)
    } else if (type === 'image') {
      const url = to(attribute('src'))
      const file = URL.parse(url)?.pathname.split('/').at(-1)
      const name = escaped(visible(content).trim() || (file ?? ''))
      add(target === undefined ? linked(name || 'image', url) : name)
    }
  }
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
