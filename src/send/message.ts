import type { DingTalk } from '../dingtalk/client.ts'
import { isInDoubt } from '../dingtalk/errors.ts'
import type { Retries } from '../dingtalk/retry.ts'
import {
  type Button,
  MAX_BUTTON_TITLE,
  MAX_MESSAGE,
  type Mentions,
  messageSize,
  postByWebhook,
  sizeBeside,
} from '../dingtalk/robots.ts'
import {
  type Failure,
  type PostedMessage,
  requiredIf,
  type Robot,
  type StepCall,
  type Webhook,
} from '../domain.ts'
import type { Http } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import type { Chat } from './announcer.ts'
import { shortened } from './markdown.ts'
import { type Facts, filled, type Limits, noLimits, valuesOf } from './placeholders.ts'

/** A title is one line of a notification: so many graphemes. */
const MAX_TITLE = 64

/** How many graphemes of a value from outside are shown, if fewer than usual: of so many bytes, nothing would be left for the text. */
const FEWER_GRAPHEMES = [MAX_BUTTON_TITLE, 8, 0]

/** A message, who posts it, and where. */
export interface Post {
  /** Markdown with placeholders. */
  readonly message: string
  /** With placeholders. */
  readonly buttons: readonly Button[]
  /** Whom a custom robot mentions. */
  readonly mentions: Mentions | undefined
  /** What the placeholders stand for. */
  readonly facts: Facts
  readonly robot: Robot
  /** The app's robot posts in these groups; a custom robot has a group of its own. */
  readonly chats: readonly Chat[]
}

/** The calls of {@link postMessage}. */
export function messageCalls(robot: Robot | undefined): StepCall[] {
  return [
    requiredIf(robot?.kind === 'app', 'post', { en: 'if you use robot-code', zh: '填写 robot-code 时' }),
    ...(robot?.kind === 'webhooks' ? [{ operation: 'postByWebhook', kind: 'required' } as const] : []),
  ]
}

/**
 * Posts the message once in each group, in all of them at the same time: one that is throttled or does not respond does not
 * hold up the others, and its failure is its own.
 */
export async function postMessage(
  { message, buttons: templates, mentions, facts, robot, chats }: Post,
  http: Http,
  { dingtalk, retries, log }: Pick<Retries, 'retries' | 'log'> & { readonly dingtalk: DingTalk },
): Promise<PostedMessage> {
  const buttons = buttonsFor(templates, facts)
  const leftOut = templates.length - buttons.length
  if (leftOut > 0)
    log({
      en: `Buttons left out because they have no title or no address once their placeholders are filled in: ${leftOut}.`,
      zh: `替换占位符后，有 ${leftOut} 个按钮没有标题或链接，已省略。`,
    })
  const room = MAX_MESSAGE - sizeBeside(buttons, mentions)
  const content = { ...messageFor(message, facts, room), buttons }
  const posts =
    robot.kind === 'app'
      ? chats.map(({ given, id }) => ({
          where: { en: `group ${given}`, zh: `群 ${given}` },
          post: () => dingtalk.post(content, robot.code, id),
        }))
      : robot.webhooks.map((webhook) => ({
          where: groupOf(webhook),
          post: () => postByWebhook(webhook, { ...content, mentions }, http, { retries, log }),
        }))
  const results = await Promise.all(
    posts.map(async ({ where, post }): Promise<{ to: Text } | { failure: Failure }> => {
      try {
        await post()
        const { title } = content
        log({ en: `Posted "${title}" to ${where.en}.`, zh: `已将「${title}」发送到${where.zh}。` })
        return { to: where }
      } catch (error) {
        const consequence = (isInDoubt(error) ? mayBePosted : notPosted)(where)
        return { failure: { stage: 'message', consequence, error } }
      }
    }),
  )
  return {
    title: content.title,
    to: results.flatMap((result) => ('to' in result ? result.to : [])),
    failures: results.flatMap((result) => ('failure' in result ? result.failure : [])),
  }
}

/** The group of a custom robot. */
function groupOf({ position }: Webhook): Text {
  if (position === undefined) return { en: "the robot's group", zh: '机器人所在的群' }
  return { en: `the group of webhook ${position}`, zh: `第 ${position} 个 webhook 所在的群` }
}

function notPosted({ en, zh }: Text): Text {
  return { en: `The message was not posted to ${en}.`, zh: `消息未发送到${zh}。` }
}

function mayBePosted({ en, zh }: Text): Text {
  return {
    en: `The message may or may not have been posted to ${en}.`,
    zh: `无法确认消息是否已发送到${zh}。`,
  }
}

/** What a robot posts. */
export interface Message {
  /** Plain text, for the notification. */
  title: string
  /** Markdown */
  text: string
}

/**
 * Fills in the placeholders of a message; unknown ones stay as they are. What is too long for a robot is shortened: first
 * fewer changes are listed, then fewer files, and each list says how many are left out. If that is not enough, everything
 * else that is filled in is shortened too, and at last the end of the message is cut off.
 *
 * @param template Markdown
 * @param room for the message, in bytes of JSON
 */
export function messageFor(template: string, facts: Facts, room = MAX_MESSAGE): Message {
  const showing = (limits: Limits): Message => {
    const values = valuesOf(facts, limits)
    const title = titleOf(filled(template, values, 'plain'))
    const text = filled(template, values, 'markdown')
    // A robot posts no empty message.
    return { title, text: text.trim() ? text : title }
  }
  const fits = (limits: Limits) => messageSize(showing(limits)) <= room
  let limits = noLimits(facts)
  for (const name of ['changes', 'files', 'graphemes'] as const) {
    if (fits(limits)) return showing(limits)
    const most = largest(limits[name], (value) => fits({ ...limits, [name]: value }))
    limits = { ...limits, [name]: most }
  }
  const message = showing(limits)
  // Never half of a character: in JSON, a half takes more bytes than the whole.
  const beginning = (length: number): Message => ({ ...message, text: `${message.text.slice(0, length)}…` })
  if (messageSize(message) <= room) return message
  return beginning(largest(message.text.length, (length) => messageSize(beginning(length)) <= room))
}

/** The largest number below `end` that fits; 0 if none does. */
function largest(end: number, fits: (value: number) => boolean): number {
  let [least, beyond] = [0, end]
  while (beyond - least > 1) {
    const middle = Math.floor((least + beyond) / 2)
    if (fits(middle)) least = middle
    else beyond = middle
  }
  return least
}

/** The first line that says something, without its markup. */
function titleOf(text: string): string {
  const lines = text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split('\n')
    .map((line) => line.replace(/^[\s#>*+-]+|[*`~]/g, '').trim())
  return shortened(lines.find(Boolean) ?? 'DingTalk', MAX_TITLE)
}

/**
 * Fills in the placeholders of buttons. A button whose title or address is empty then is left out, such as a link to the
 * run outside a workflow: the platform would refuse the whole message.
 *
 * @param templates with placeholders
 */
export function buttonsFor(templates: readonly Button[], facts: Facts): Button[] {
  const showing = (graphemes: number) => {
    const values = valuesOf(facts, { ...noLimits(facts), graphemes })
    return templates
      .map(({ title, url }) => ({
        title: shortened(filled(title, values, 'plain').trim(), MAX_BUTTON_TITLE),
        url: filled(url, values, 'url'),
      }))
      .filter(({ title, url }) => title !== '' && URL.canParse(url))
  }
  let buttons = showing(noLimits(facts).graphemes)
  for (const graphemes of FEWER_GRAPHEMES) {
    if (sizeBeside(buttons) <= MAX_MESSAGE / 2) break
    buttons = showing(graphemes)
  }
  return buttons
}
