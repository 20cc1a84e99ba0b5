import type { DingTalk } from '../dingtalk/client.ts'
import { isInDoubt } from '../dingtalk/errors.ts'
import type { Retries } from '../dingtalk/retry.ts'
import {
  type Button,
  MAX_BUTTON_TITLE,
  MAX_MESSAGE,
  MAX_USERS,
  type Mentions,
  messageSize,
  type Picture,
  postByWebhook,
  type RobotMessage,
  sizeBeside,
} from '../dingtalk/robots.ts'
import {
  type Failure,
  type Image,
  type PostedMessage,
  type PostedTo,
  requiredIf,
  type Robot,
  type SentTo,
  type StepCall,
  type Webhook,
} from '../domain.ts'
import type { Http } from '../http/http.ts'
import type { Text } from '../http/text.ts'
import type { GivenPeople } from './announcer.ts'
import { shortened } from './markdown.ts'
import { picturesFor } from './pictures.ts'
import { type Facts, filled, type Limits, noLimits, valuesOf } from './placeholders.ts'

/** The most graphemes of a title, which is one line of a notification. */
const MAX_TITLE = 64

/** How many graphemes of a value buttons show if they would be too large otherwise. */
const FEWER_GRAPHEMES = [MAX_BUTTON_TITLE, 8]

/** What is posted, who posts it, and where. */
export interface Post {
  /** Markdown with placeholders; empty if there are only pictures. */
  readonly message: string
  /** With placeholders. */
  readonly buttons: readonly Button[]
  /** Whom a custom robot mentions. */
  readonly mentions: Mentions | undefined
  readonly images: readonly Image[]
  readonly facts: Facts
  readonly robot: Robot
  /** Whom the app's robot posts to. A custom robot posts to its own group. */
  readonly to: readonly SentTo[]
}

/** The calls of {@link postMessage}. */
export function messageCalls({
  robot,
  images,
  chats,
  users,
}: Pick<GivenPeople, 'chats' | 'users'> & Pick<Post, 'images'> & { robot: Robot | undefined }): StepCall[] {
  const isApp = robot?.kind === 'app'
  return [
    ...requiredIf(isApp && chats.length > 0, 'post'),
    ...requiredIf(isApp && users.length > 0, 'postToUsers'),
    ...requiredIf(images.length > 0, 'uploadMedia'),
    ...requiredIf(robot?.kind === 'webhooks', 'postByWebhook'),
  ]
}

/** What posting works with. */
export interface PostContext extends Pick<Retries, 'retries' | 'log'> {
  readonly dingtalk: DingTalk
  readonly warn: (message: Text) => void
  /** Called with each secret the moment it exists. */
  readonly secret: (value: string) => void
}

type Content = RobotMessage | Picture

/** The message or a picture. */
interface Item {
  readonly name: Text
  readonly content: () => Promise<Content>
}

/** A group, or up to 20 people who get a post in one call. */
interface Audience {
  readonly to: readonly PostedTo[]
  /** @returns who certainly did not get it, by the reason */
  readonly post: (content: Content, to: readonly PostedTo[]) => Promise<readonly Missed[]>
}

interface Missed {
  readonly to: readonly PostedTo[]
  readonly error: unknown
}

/**
 * Posts the message, and then its pictures, to all groups and people at the same time: each item once to each of them. A message
 * that is too long is shortened, with a warning.
 *
 * @returns undefined if there is nothing to post, because all links of QR codes are empty
 */
export async function postMessage(
  { message, buttons: templates, mentions, images, facts, robot, to }: Post,
  http: Http,
  context: PostContext,
): Promise<PostedMessage | undefined> {
  const { dingtalk, log, warn } = context
  const items: Item[] = []
  let title = ''
  if (message) {
    const buttons = buttonsFor(templates, facts)
    const leftOut = templates.length - buttons.length
    if (leftOut > 0)
      log({
        en: `Buttons left out, because they have no title or no address after the placeholders are filled in: ${leftOut}.`,
        zh: `替换占位符后，有 ${leftOut} 个按钮没有标题或链接，已省略。`,
      })
    const others = sizeBeside(buttons, mentions)
    const { wholeSize, ...text } = messageFor(message, facts, MAX_MESSAGE - others)
    if (wholeSize !== undefined)
      warn({
        en: `The message was shortened: its text has ${wholeSize} bytes, its buttons and mentions have ${others}, and the limit is ${MAX_MESSAGE} in total.`,
        zh: `消息过长，已截短：正文 ${wholeSize} 字节，按钮和 @ 共 ${others} 字节，合计最多 ${MAX_MESSAGE} 字节。`,
      })
    title = text.title
    const name = { en: `The message "${title}"`, zh: `消息「${title}」` }
    items.push({ name, content: () => Promise.resolve({ ...text, buttons }) })
  }
  const pictures = picturesFor(images, facts, dingtalk)
  if (pictures.length < images.length)
    log({
      en: `Pictures left out, because their links are empty after the placeholders are filled in: ${images.length - pictures.length}.`,
      zh: `替换占位符后，有 ${images.length - pictures.length} 张图片的链接为空，已省略。`,
    })
  items.push(...pictures)
  if (items.length === 0) return undefined
  const audiences =
    robot.kind === 'app'
      ? appAudiences(robot.code, to, dingtalk)
      : robot.webhooks.map((webhook) => webhookAudience(webhook, mentions, http, context))
  const failures = (await Promise.all(audiences.map((audience) => postTo(audience, items, log)))).flat()
  const all = audiences.flatMap(({ to }) => to)
  return {
    title,
    pictures: pictures.length,
    to: all.filter((to) => !failures.some((failure) => failure.to?.includes(to))),
    failures,
  }
}

/** The app's robot posts to each group, and to 20 people at once. */
function appAudiences(robotCode: string, to: readonly SentTo[], dingtalk: DingTalk): Audience[] {
  const groups: Audience[] = []
  const users: PostedTo[] = []
  for (const one of to) {
    const { kind, id, given } = one
    if (kind === 'user') users.push({ ...one, name: { en: `user ${given}`, zh: `成员 ${given}` } })
    else
      groups.push({
        to: [{ ...one, name: { en: `group ${given}`, zh: `群 ${given}` } }],
        post: async (content) => {
          await dingtalk.post(content, robotCode, id)
          return []
        },
      })
  }
  const post: Audience['post'] = async (content, to) => {
    const missed = await dingtalk.postToUsers(
      content,
      robotCode,
      to.map(({ id }) => id),
    )
    return missed.map(({ userIds, error }) => ({ to: to.filter(({ id }) => userIds.includes(id)), error }))
  }
  const batches = Array.from({ length: Math.ceil(users.length / MAX_USERS) }, (_, index) => ({
    to: users.slice(index * MAX_USERS, (index + 1) * MAX_USERS),
    post,
  }))
  return [...groups, ...batches]
}

function webhookAudience(
  webhook: Webhook,
  mentions: Mentions | undefined,
  http: Http,
  context: PostContext,
): Audience {
  const { position } = webhook
  const name =
    position === undefined
      ? { en: "the robot's group", zh: '机器人所在的群' }
      : { en: `the group of webhook ${position}`, zh: `第 ${position} 个 webhook 所在的群` }
  const id = String(position ?? 1)
  const post = async (content: Content) => {
    // The inputs reject pictures for custom robots.
    if (!('mediaId' in content)) await postByWebhook(webhook, { ...content, mentions }, http, context)
    return []
  }
  return { to: [{ kind: 'chat', id, given: id, name }], post }
}

/** Posts items one after the other. A recipient who certainly missed one gets none after it, because it would lack its context. */
async function postTo(
  { to, post }: Audience,
  items: readonly Item[],
  log: (line: Text) => void,
): Promise<Failure[]> {
  const failures: Failure[] = []
  let left = to
  for (const { name, content } of items) {
    if (left.length === 0) break
    let isUploaded = false
    let missed: readonly Missed[]
    try {
      const ready = await content()
      isUploaded = true
      missed = await post(ready, left)
    } catch (error) {
      missed = [{ to: left, error }]
    }
    const posted = left.filter((one) => !missed.some(({ to }) => to.includes(one)))
    for (const { to, error } of missed) {
      const isOpen = isInDoubt(error)
      const where = listed(to)
      const consequence = isOpen
        ? {
            en: `${name.en} may or may not have been posted to ${where.en}.`,
            zh: `无法确认${name.zh}是否已发送到${where.zh}。`,
          }
        : { en: `${name.en} was not posted to ${where.en}.`, zh: `${name.zh}未发送到${where.zh}。` }
      log(consequence)
      failures.push({ stage: 'message', consequence, error, to })
      if (isUploaded && !isOpen) left = left.filter((one) => !to.includes(one))
    }
    const where = listed(posted)
    if (posted.length > 0)
      log({ en: `${name.en} was posted to ${where.en}.`, zh: `${name.zh}已发送到${where.zh}。` })
  }
  return failures
}

function listed(to: readonly PostedTo[]): Text {
  return { en: to.map(({ name }) => name.en).join(', '), zh: to.map(({ name }) => name.zh).join('、') }
}

/** A message with its placeholders filled in. */
export interface Message {
  /** Plain text, for the notification. */
  readonly title: string
  /** Markdown */
  readonly text: string
  /** The bytes of JSON before it was shortened; absent if only lists were shortened, which say so themselves. */
  readonly wholeSize?: number
}

/**
 * Fills in the placeholders of a message. A message that is too long shows less of the release notes, then fewer changes, then
 * fewer files. If that is not enough, all other values are shortened, and then the end of the message is cut off.
 *
 * @param template Markdown
 * @param room for the message, in bytes of JSON
 */
export function messageFor(template: string, facts: Facts, room = MAX_MESSAGE): Message {
  const showing = (limits: Limits): Message => {
    const values = valuesOf(facts, limits)
    // The first line with text, without its markup.
    const lines = filled(template, values, 'plain')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .split('\n')
      .map((line) => line.replace(/^[\s#>*+-]+|[*`~]/g, '').trim())
    const title = shortened(lines.find(Boolean) ?? 'DingTalk', MAX_TITLE)
    const text = filled(template, values, 'markdown')
    // DingTalk rejects an empty message.
    return { title, text: text.trim() ? text : title }
  }
  const fits = (limits: Limits) => messageSize(showing(limits)) <= room
  const whole = noLimits(template.includes('{notes}') ? facts : { ...facts, notes: undefined })
  let limits = whole
  for (const name of ['notes', 'changes', 'files', 'graphemes'] as const) {
    if (fits(limits)) break
    limits = { ...limits, [name]: largest(limits[name], (value) => fits({ ...limits, [name]: value })) }
  }
  const message = showing(limits)
  const isCut = messageSize(message) > room
  if (!isCut && limits.graphemes === whole.graphemes && limits.notes === whole.notes) return message
  const wholeSize = messageSize(showing(whole))
  if (!isCut) return { ...message, wholeSize }
  // Not in the middle of a link, or of a surrogate pair, which JSON would escape.
  const beginning = (length: number) => {
    const text = message.text.slice(0, length).replace(/\[[^[\]]*(\]\([^()]*)?$/, '')
    return { ...message, text: `${text}…`, wholeSize }
  }
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
 * Fills in the placeholders of buttons. A button without a title or an address is left out, such as a link to the run outside a
 * workflow, because DingTalk would reject the whole message.
 */
export function buttonsFor(templates: readonly Button[], facts: Facts): Button[] {
  const whole = noLimits(facts)
  const showing = (graphemes: number) => {
    const values = valuesOf(facts, { ...whole, graphemes })
    return templates
      .map(({ title, url }) => ({
        title: shortened(filled(title, values, 'plain').trim(), MAX_BUTTON_TITLE),
        url: filled(url, values, 'url'),
      }))
      .filter(({ title, url }) => title !== '' && URL.canParse(url))
  }
  const variants = [whole.graphemes, ...FEWER_GRAPHEMES].values().map(showing)
  return variants.find((buttons) => sizeBeside(buttons) <= MAX_MESSAGE / 2) ?? showing(0)
}
