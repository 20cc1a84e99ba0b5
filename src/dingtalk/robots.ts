import { createHmac, randomUUID } from 'node:crypto'
import type { Http } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import { DingTalkError } from './errors.ts'
import type { Logger } from './gateway.ts'
import { readOapiResponse } from './responses.ts'
import { repeatCall, sendCall, type Retries } from './retry.ts'
import { WebhookResponse } from './schema.ts'

/** A custom robot of a group. */
export interface CustomRobot {
  /** `https://oapi.dingtalk.com/robot/send?access_token=…`: a secret. */
  webhook: string
  /** `SEC…`, if its calls are to be signed. */
  secret?: string
}

/**
 * Posts a message in the robot's group: a new one each time. Page: `custom-robots-send-group-messages`. A post whose
 * answer was lost is posted again with the same `msgUuid`, by which the platform knows that it is the same message.
 *
 * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
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
      url.searchParams.set('timestamp', timestamp)
      const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
      register(sign)
      url.searchParams.set('sign', sign)
    }
    const response = await sendCall(operation, http, {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body,
    })
    readOapiResponse(operation, response, WebhookResponse)
  }
  try {
    await repeatCall(operation, { environment, retries, log }, async () => {
      try {
        await post()
      } catch (error) {
        if (error instanceof DingTalkError && error.isInDoubt) doubt = error
        throw error
      }
    })
  } catch (error) {
    // What refuses a message would have refused it before. Whatever else ended the tries says nothing about them.
    const refused = error instanceof DingTalkError && error.kind === 'refused' && error.code !== 'Cancelled'
    throw doubt && !refused ? stillInDoubt(doubt, error, environment.signal) : error
  }
}

const NOT_AGAIN: Text = {
  en: 'The job was canceled before the message could be posted again.',
  zh: '任务在再次发送消息之前已取消。',
}

/** What ended the tries, where an earlier one may have had its effect. */
function stillInDoubt(doubt: DingTalkError, end: unknown, signal: AbortSignal): DingTalkError {
  if (end instanceof DingTalkError && end.isInDoubt) return end
  // It says already that the job was canceled.
  if (doubt.code === 'Cancelled') return doubt
  if (signal.aborted && end === signal.reason && !(end instanceof DingTalkError))
    return doubt.withSentence(NOT_AGAIN)
  return doubt.unresolved({ en: 'The message could not be posted again', zh: '再次发送消息失败' }, end)
}

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

/** A picture that the app's robot posts. */
export interface Picture {
  /** What uploading it returned. */
  readonly mediaId: string
}

/** The most users that one post to people can have. */
export const MAX_USERS = 20

/** The app's robot fills in templates, which are known by a key. Page: `robot-message-type`. */
export function templateOf(content: RobotMessage | Picture): {
  msgKey: string
  /** JSON */
  msgParam: string
} {
  if ('mediaId' in content)
    return { msgKey: 'sampleImageMsg', msgParam: JSON.stringify({ photoURL: content.mediaId }) }
  const { title, text, buttons = [] } = content
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

/** Whom the message of a custom robot notifies. The app's own robot cannot mention anybody. */
export interface Mentions {
  /** At most 50. */
  readonly userIds: readonly string[]
  /** Personal data: for the message alone, never for a log. */
  readonly mobiles: readonly string[]
  readonly everyone: boolean
}

/**
 * Adds a line with those whom the text does not name: DingTalk notifies only people whose `@id` the text contains. For
 * everyone, it demands nothing of the text.
 *
 * @param text Markdown
 */
export function withMentions(text: string, { userIds, mobiles }: Mentions): string {
  const missing = [...userIds, ...mobiles].filter((id) => !names(text, id)).map((id) => `@${id}`)
  return missing.length === 0 ? text : `${text}\n\n${missing.join(' ')}`
}

/** Whether a text contains `@id`, and not only the beginning of a longer ID. */
function names(text: string, id: string): boolean {
  return text.split(`@${id}`).some((rest, index) => index > 0 && !/^([\w-]|[.@]\w)/.test(rest))
}

/** The most that a robot takes, in bytes of JSON. */
export const MAX_MESSAGE = 15_000
/** The most buttons of a message: the app's robot has no template for more. */
export const MAX_BUTTONS = 5
/** The longest title of a button, in graphemes. */
export const MAX_BUTTON_TITLE = 32

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
