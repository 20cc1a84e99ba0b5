import { createHash } from 'node:crypto'
import { micromark } from 'micromark'
import { extension } from '../drive/names.ts'
import { escaped } from '../http/html.ts'
import type { Message } from '../organization/chats.ts'
import type { Platform } from '../organization/platform.ts'
import { STYLE } from './style.ts'

/** The page loads only its own style, and pictures that the emulator stores. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** DingTalk's own time zone. */
const TIME = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  month: 'long',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** File extensions by icon. */
const ICONS: Readonly<Record<string, RegExp>> = {
  app: /^(apk|aab|ipa|hap|exe|msi|dmg)$/i,
  zip: /^(zip|7z|rar|tar|gz|tgz)$/i,
  doc: /^(docx?|md|txt|log|xlsx?|csv|pptx?)$/i,
  pdf: /^pdf$/i,
}

/** A conversation with a page: a group, or a user's conversation with the app. */
interface Conversation {
  readonly kind: 'group' | 'user'
  /** As in the address of its page. */
  readonly id: string
  /** As in the messages: the open conversation ID of a group, or the union ID of a user. */
  readonly to: string
  readonly name: string
  /** How many members a group has. */
  readonly members?: number
}

/**
 * The page of a conversation, as its members see it.
 *
 * @param id the chat ID or open conversation ID of a group, or the user ID or union ID of a user
 * @returns HTML; undefined if there is no such group or user
 */
export function conversationPage(
  platform: Platform,
  kind: Conversation['kind'],
  id: string,
): string | undefined {
  const all = conversations(platform)
  const current = all.find((one) => one.kind === kind && [one.id, one.to].includes(id))
  if (!current) return undefined
  const { messages } = platform.chats
  const own = messages.filter(({ to }) => to === current.to)
  const listed = all.filter(({ to }) => to === current.to || messages.some((message) => message.to === to))
  const title = `${escaped(current.name)}${current.members === undefined ? '' : ` (${current.members})`}`
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<base target="_blank">
<nav>${listed.map((one) => entry(one, one === current, messages)).join('\n')}</nav>
<main>
<h1>${title} <span class="note">${kind === 'group' ? '群聊 / Group' : '单聊 / Direct messages'}</span></h1>
${own.map((message) => article(platform, message)).join('\n') || '<p class="note">暂无消息 / No messages yet</p>'}
</main>
</html>
`
}

function conversations({ chats, users }: Platform): Conversation[] {
  return [
    ...chats.groups.map(({ chatId, openConversationId, name, members }): Conversation => {
      return { kind: 'group', id: chatId, to: openConversationId, name, members: members.size }
    }),
    ...users.all.map(({ userId, unionId, name }): Conversation => {
      return { kind: 'user', id: userId, to: unionId, name }
    }),
  ]
}

/** A conversation in the list, with the title of its latest message, as in DingTalk. */
function entry(
  { kind, id, to, name }: Conversation,
  isCurrent: boolean,
  messages: readonly Message[],
): string {
  const last = messages.findLast((message) => message.to === to)
  const shown = last && (last.title ?? last.name ?? '[图片 / Picture]')
  return (
    `<a href="../${kind}s/${encodeURIComponent(id)}" target="_self"${isCurrent ? ' aria-current="page"' : ''}>` +
    `${avatar(kind, name)}<span>${escaped(name)}<span class="last">${escaped(shown ?? '')}</span></span></a>`
  )
}

function avatar(kind: 'group' | 'user' | 'robot', name: string): string {
  return `<div class="avatar ${kind}" aria-hidden="true">${escaped(Array.from(name)[0] ?? '')}</div>`
}

function article(platform: Platform, message: Message): string {
  const { by, time } = message
  const user = platform.users.byUnionId(by)
  const names: Readonly<Record<string, string>> = {
    app: '应用 / App',
    'custom robot': '自定义机器人 / Custom robot',
  }
  const sender = user?.name ?? names[by] ?? '应用机器人 / App robot'
  return `<article>${avatar(user ? 'user' : 'robot', sender)}<div>
<header>${escaped(sender)} <time>${TIME.format(time)}</time></header>
${contentOf(platform, message)}
</div></article>`
}

function contentOf(
  platform: Platform,
  { kind, name = '', size = 0, text = '', photoURL = '', ...message }: Message,
): string {
  if (kind === 'file' || kind === 'link') {
    const type = extension(name)
    const icon = Object.keys(ICONS).find((icon) => ICONS[icon]?.test(type)) ?? ''
    const origin = kind === 'link' ? ' / 云盘链接 / Drive link' : ''
    return `<div class="bubble file"><div><bdi>${escaped(name)}</bdi><br><small class="note">${sizeOf(size)}${origin}</small></div><span class="icon ${icon}">${escaped(type.slice(0, 4))}</span></div>`
  }
  if (kind === 'image') {
    if (!platform.media.byId(photoURL))
      return `<div class="bubble">${webPicture('', escaped(photoURL))}</div>`
    return `<img class="picture" src="../media/${encodeURIComponent(photoURL)}" alt="图片 / Picture">`
  }
  const { title = '', buttons, mentions = [] } = message
  const links = buttons?.map((button) => {
    const url = URL.parse(button.url)
    const target = (url?.protocol === 'dingtalk:' && url.searchParams.get('url')) || button.url
    return /^https?:/i.test(target)
      ? `<a href="${escaped(target)}">${escaped(button.title)}</a>`
      : `<span>${escaped(button.title)}</span>`
  })
  return (
    `<div class="bubble${links ? ' card' : ''}" title="通知 / Notification: ${escaped(title)}">` +
    markdown(named(platform, text, mentions)) +
    `${links ? `<div class="buttons">${links.join('')}</div>` : ''}</div>`
  )
}

/** Replaces the IDs of mentioned users with their names. */
function named({ users }: Platform, text: string, mentions: readonly string[]): string {
  return mentions.reduce((shown, userId) => {
    const user = users.byUserId(userId)
    if (!user) return shown
    return shown.replaceAll(`@${userId}`, `@${user.name}`).replaceAll(`@${user.mobile}`, `@${user.name}`)
  }, text)
}

/** HTML of Markdown. HTML in it is shown as text, and a picture as its name or address. */
function markdown(text: string): string {
  return micromark(text).replaceAll(
    /<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? \/>/g,
    (_, url: string, alt: string) => webPicture(alt, url),
  )
}

/** @param alt HTML @param url HTML */
function webPicture(alt: string, url: string): string {
  return `<span class="note" title="${url}">🖼 ${alt || url}</span>`
}

/** A size as DingTalk shows it. */
function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 4)
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${['B', 'KB', 'MB', 'GB', 'TB'][power] ?? ''}`
}
