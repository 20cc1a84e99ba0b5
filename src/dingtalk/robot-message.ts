import { withMentions, type Mentions } from './mentions.ts'

/** What a robot posts: Markdown, or an action card if it has buttons. */
export interface RobotMessage {
  /** Plain text, for the notification. */
  readonly title: string
  /** Markdown */
  readonly text: string
  /** At most five: the app's robot has no template for more. */
  readonly buttons?: readonly Button[] | undefined
}

/** A button of an action card. */
export interface Button {
  /** Plain text */
  readonly title: string
  /** `https:`, `http:` or `dingtalk:` */
  readonly url: string
}

/** The app's robot fills in templates, which are known by a key. Page: `robot-message-type`. */
export function templateOf({ title, text, buttons = [] }: RobotMessage): {
  msgKey: string
  /** JSON */
  msgParam: string
} {
  const [only, ...others] = buttons
  if (!only) return { msgKey: 'sampleMarkdown', msgParam: JSON.stringify({ title, text }) }
  if (others.length === 0)
    return { msgKey: 'sampleActionCard', msgParam: JSON.stringify({ title, text, ...singleButton(only) }) }
  const actions = buttons.flatMap((button, index) => [
    [`actionTitle${index + 1}`, button.title],
    [`actionURL${index + 1}`, linkOf(button.url)],
  ])
  return {
    msgKey: `sampleActionCard${buttons.length}`,
    msgParam: JSON.stringify({ title, text, ...Object.fromEntries(actions) }),
  }
}

/** The same message for a custom robot. Pages: `custom-robots-send-group-messages`, `robot-message-type`. */
export function webhookBodyOf(
  { title, text, buttons = [] }: RobotMessage,
  mentions: Mentions | undefined,
): object {
  const content = { title, text: mentions ? withMentions(text, mentions) : text }
  const at = mentions && {
    atUserIds: mentions.userIds,
    atMobiles: mentions.mobiles,
    isAtAll: mentions.everyone,
  }
  const [only, ...others] = buttons
  if (!only) return { msgtype: 'markdown', markdown: content, at }
  // Stacked, as the templates of the app's robot are: there is room for titles of any length.
  const actions =
    others.length === 0
      ? singleButton(only)
      : { btns: buttons.map((button) => ({ title: button.title, actionURL: linkOf(button.url) })) }
  return { msgtype: 'actionCard', actionCard: { ...content, btnOrientation: '0', ...actions }, at }
}

function singleButton({ title, url }: Button): object {
  return { singleTitle: title, singleURL: linkOf(url) }
}

/**
 * The address of a button: on a computer, a page of the web opens in the browser, where people are signed in to GitHub and
 * can download. DingTalk's own pages open in DingTalk. Page: `message-link-description`.
 */
function linkOf(url: string): string {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' }
  if (!protocol.startsWith('http') || /(^|\.)dingtalk\.(com|io)$/.test(hostname)) return url
  return `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(url)}&pc_slide=false`
}
