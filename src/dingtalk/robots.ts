import { createHmac, randomUUID } from 'node:crypto'
import type { Http } from '../http/http.ts'
import { DingTalkError, isInDoubt } from './errors.ts'
import type { Logger } from './gateway.ts'
import { readOapiResponse } from './responses.ts'
import { repeatCall, sendCall, type Retries } from './retry.ts'
import { RESPONSES } from './schema.ts'

/** A custom robot of a group. */
export interface CustomRobot {
  /** `https://oapi.dingtalk.com/robot/send?access_token=…`, which is a secret. */
  webhook: string
  /** `SEC…`, if calls must be signed. */
  secret?: string
}

/**
 * Posts a message to the group of a custom robot. Retries have the same `msgUuid`, by which the platform recognizes the
 * same message. Page: `custom-robots-send-group-messages`.
 *
 * @throws DingTalkError. With `mayHaveHappened`, the message may have been posted.
 */
export async function postByWebhook(
  { webhook, secret }: CustomRobot,
  message: RobotMessage & { readonly mentions?: Mentions | undefined },
  http: Http,
  { retries, log, secret: register }: Pick<Retries, 'retries' | 'log'> & Pick<Logger, 'secret'>,
): Promise<void> {
  const operation = 'postByWebhook'
  const { environment } = http
  const body = JSON.stringify({ ...webhookBodyOf(message, message.mentions), msgUuid: randomUUID() })
  let doubt: DingTalkError | undefined
  const post = async () => {
    const url = new URL(webhook)
    if (secret !== undefined) {
      const timestamp = String(environment.clock.now())
      const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
      register(sign)
      url.searchParams.set('timestamp', timestamp)
      url.searchParams.set('sign', sign)
    }
    const headers = { 'content-type': 'application/json' }
    try {
      const response = await sendCall(operation, http, { method: 'POST', url, headers, body })
      readOapiResponse(operation, response, RESPONSES[operation])
    } catch (error) {
      if (isInDoubt(error)) doubt = error as DingTalkError
      throw error
    }
  }
  try {
    await repeatCall(operation, { environment, retries, log }, post)
  } catch (error) {
    if (!doubt || isInDoubt(error)) throw error
    // A message that is rejected now would have been rejected before.
    if (error instanceof DingTalkError && error.kind === 'refused' && error.code !== 'Cancelled') throw error
    if (doubt.code === 'Cancelled') throw doubt
    throw doubt.unresolved({ en: 'The message could not be posted again', zh: '再次发送消息失败' }, error)
  }
}

/** A message: Markdown, or an action card if it has buttons. */
export interface RobotMessage {
  /** Plain text for the notification. */
  readonly title: string
  /** Markdown */
  readonly text: string
  /** At most {@link MAX_BUTTONS}. */
  readonly buttons?: readonly Button[] | undefined
}

/** A button of an action card. */
export interface Button {
  /** Plain text */
  readonly title: string
  /** `https:`, `http:` or `dingtalk:` */
  readonly url: string
}

/** A picture for the app's robot. */
export interface Picture {
  readonly mediaId: string
}

/** The maximum number of users in one post. */
export const MAX_USERS = 20
/** The maximum size of a message, in bytes of JSON. */
export const MAX_MESSAGE = 15_000
/** The app's robot has no template for more buttons. */
export const MAX_BUTTONS = 5
/** The maximum length of a button's title, in graphemes. */
export const MAX_BUTTON_TITLE = 32

/** The template of the app's robot, with its parameters as JSON. Page: `robot-message-type`. */
export function templateOf(content: RobotMessage | Picture): { msgKey: string; msgParam: string } {
  if ('mediaId' in content)
    return { msgKey: 'sampleImageMsg', msgParam: JSON.stringify({ photoURL: content.mediaId }) }
  const { title, text, buttons = [] } = content
  const [only, second] = buttons
  if (!only) return { msgKey: 'sampleMarkdown', msgParam: JSON.stringify({ title, text }) }
  if (!second)
    return { msgKey: 'sampleActionCard', msgParam: JSON.stringify({ title, text, ...singleButton(only) }) }
  const actions = buttons.flatMap((button, index) => [
    [`actionTitle${index + 1}`, button.title],
    [`actionURL${index + 1}`, linkOf(button.url)],
  ])
  const msgParam = JSON.stringify({ title, text, ...Object.fromEntries(actions) })
  return { msgKey: `sampleActionCard${buttons.length}`, msgParam }
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
  const [only, second] = buttons
  if (!only) return { msgtype: 'markdown', markdown: content, at }
  const btns = buttons.map((button) => ({ title: button.title, actionURL: linkOf(button.url) }))
  const actions = second ? { btns } : singleButton(only)
  // The buttons are stacked, as in the templates of the app's robot, because their titles may be long.
  return { msgtype: 'actionCard', actionCard: { ...content, btnOrientation: '0', ...actions }, at }
}

function singleButton({ title, url }: Button): object {
  return { singleTitle: title, singleURL: linkOf(url) }
}

/**
 * The link of a button. On a computer, web pages open in the browser, where people are signed in to GitHub and can
 * download files. DingTalk's own pages open in DingTalk. Page: `message-link-description`.
 */
function linkOf(url: string): string {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' }
  if (!protocol.startsWith('http') || /(^|\.)dingtalk\.(com|io)$/.test(hostname)) return url
  return `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(url)}&pc_slide=false`
}

/** Who is notified of a custom robot's message. The app's robot can't mention anyone. */
export interface Mentions {
  /** At most 50. */
  readonly userIds: readonly string[]
  /** Personal data, which must not be logged. */
  readonly mobiles: readonly string[]
  readonly everyone: boolean
}

/** Adds the mentions that a Markdown text lacks. DingTalk notifies only people whose `@id` is in the text. */
export function withMentions(text: string, { userIds, mobiles }: Mentions): string {
  // An `@id` is not only the beginning of a longer ID.
  const isIn = (id: string) =>
    text.split(`@${id}`).some((rest, index) => index > 0 && !/^([\w-]|[.@]\w)/.test(rest))
  const missing = [...userIds, ...mobiles].filter((id) => !isIn(id)).map((id) => `@${id}`)
  return missing.length === 0 ? text : `${text}\n\n${missing.join(' ')}`
}

/** The size of a message without buttons, in bytes of JSON. */
export function messageSize({ title, text }: RobotMessage): number {
  return Buffer.byteLength(JSON.stringify({ title, text }))
}

/** The size of a message's buttons and mentions, in bytes of JSON. */
export function sizeBeside(buttons: readonly Button[], mentions?: Mentions): number {
  const size = (message: { buttons: readonly Button[] }) =>
    Buffer.byteLength(templateOf({ title: '', text: '', ...message }).msgParam)
  const line = mentions ? JSON.stringify(withMentions('', mentions)).slice(1, -1) : ''
  return size({ buttons }) - size({ buttons: [] }) + Buffer.byteLength(line)
}
