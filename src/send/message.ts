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
import { type Failure, type PostedMessage, requiredIf, type Robot, type StepCall } from '../domain.ts'
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

/** What posting needs. */
export interface PostContext extends Pick<Retries, 'retries' | 'log'> {
  readonly dingtalk: DingTalk
  readonly warn: (message: Text) => void
  /** Called with each secret the moment it exists. */
  readonly secret: (value: string) => void
}

/**
 * Posts the message once in each group, in all of them at the same time: one that is throttled or does not respond does not
 * hold up the others, and its failure is its own. Warns if the message is too long, and shortens it.
 */
export async function postMessage(
  { message, buttons: templates, mentions, facts, robot, chats }: Post,
  http: Http,
  { dingtalk, retries, log, warn, secret }: PostContext,
): Promise<PostedMessage> {
  const buttons = buttonsFor(templates, facts)
  const leftOut = templates.length - buttons.length
  if (leftOut > 0)
    log({
      en: `Buttons left out because they have no title or no address once their placeholders are filled in: ${leftOut}.`,
      zh: `替换占位符后，有 ${leftOut} 个按钮没有标题或链接，已省略。`,
    })
  const beside = sizeBeside(buttons, mentions)
  const { wholeSize, ...text } = messageFor(message, facts, MAX_MESSAGE - beside)
  if (wholeSize !== undefined)
    warn({
      en: `The message was shortened: its text has ${wholeSize} bytes, its buttons and mentions have ${beside}, and at most ${MAX_MESSAGE} are allowed together.`,
      zh: `消息过长，已截短：正文 ${wholeSize} 字节，按钮和 @ 共 ${beside} 字节，合计最多 ${MAX_MESSAGE} 字节。`,
    })
  const content = { ...text, buttons }
  const posts: { where: Text; post: () => Promise<void> }[] =
    robot.kind === 'app'
      ? chats.map(({ given, id }) => ({
          where: { en: `group ${given}`, zh: `群 ${given}` },
          post: () => dingtalk.post(content, robot.code, id),
        }))
      : robot.webhooks.map((webhook) => ({
          where:
            webhook.position === undefined
              ? { en: "the robot's group", zh: '机器人所在的群' }
              : {
                  en: `the group of webhook ${webhook.position}`,
                  zh: `第 ${webhook.position} 个 webhook 所在的群`,
                },
          post: () => postByWebhook(webhook, { ...content, mentions }, http, { retries, log, secret }),
        }))
  const results = await Promise.all(
    posts.map(async ({ where, post }): Promise<{ to?: Text; failure?: Failure }> => {
      try {
        await post()
        const { title } = content
        log({ en: `Posted "${title}" to ${where.en}.`, zh: `已将「${title}」发送到${where.zh}。` })
        return { to: where }
      } catch (error) {
        const consequence = isInDoubt(error)
          ? {
              en: `The message may or may not have been posted to ${where.en}.`,
              zh: `无法确认消息是否已发送到${where.zh}。`,
            }
          : { en: `The message was not posted to ${where.en}.`, zh: `消息未发送到${where.zh}。` }
        return { failure: { stage: 'message', consequence, error } }
      }
    }),
  )
  return {
    title: content.title,
    to: results.flatMap(({ to }) => to ?? []),
    failures: results.flatMap(({ failure }) => failure ?? []),
  }
}

/** What a robot posts. */
export interface Message {
  /** Plain text, for the notification. */
  readonly title: string
  /** Markdown */
  readonly text: string
  /** How many bytes of JSON it would have, if more than items of lists was left out. */
  readonly wholeSize?: number
}

/**
 * Fills in the placeholders of a message; unknown ones stay as they are. What is too long for a robot is shortened: first
 * less of the release notes is shown, then fewer changes are listed, then fewer files. Each says what is left out. If that is not
 * enough, everything else that is filled in is shortened too, and at last the end of the message is cut off.
 *
 * @param template Markdown
 * @param room for the message, in bytes of JSON
 */
export function messageFor(template: string, facts: Facts, room = MAX_MESSAGE): Message {
  const showing = (limits: Limits): Message => {
    const values = valuesOf(facts, limits)
    // The first line that says something, without its markup.
    const lines = filled(template, values, 'plain')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .split('\n')
      .map((line) => line.replace(/^[\s#>*+-]+|[*`~]/g, '').trim())
    const title = shortened(lines.find(Boolean) ?? 'DingTalk', MAX_TITLE)
    const text = filled(template, values, 'markdown')
    // A robot posts no empty message.
    return { title, text: text.trim() ? text : title }
  }
  const fits = (limits: Limits) => messageSize(showing(limits)) <= room
  const whole = noLimits(template.includes('{notes}') ? facts : { ...facts, notes: undefined })
  let limits = whole
  for (const name of ['notes', 'changes', 'files', 'graphemes'] as const) {
    if (fits(limits)) break
    const most = largest(limits[name], (value) => fits({ ...limits, [name]: value }))
    limits = { ...limits, [name]: most }
  }
  const message = showing(limits)
  const isCut = messageSize(message) > room
  if (!isCut && limits.graphemes === whole.graphemes && limits.notes === whole.notes) return message
  const wholeSize = messageSize(showing(whole))
  // Never half of a character: in JSON, a half takes more bytes than the whole.
  const beginning = (length: number) => ({ ...message, text: `${message.text.slice(0, length)}…`, wholeSize })
  if (!isCut) return { ...message, wholeSize }
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

/**
 * Fills in the placeholders of buttons. A button whose title or address is empty then is left out, such as a link to the
 * run outside a workflow: the platform would reject the whole message.
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
