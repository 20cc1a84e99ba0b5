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

/** A title is one line of a notification: so many graphemes. */
const MAX_TITLE = 64

/** How many graphemes of a value from outside are shown, if fewer than usual: of so many bytes, nothing would be left for the text. */
const FEWER_GRAPHEMES = [MAX_BUTTON_TITLE, 8, 0]

/** What is posted, who posts it, and where. */
export interface Post {
  /** Markdown with placeholders; empty if there are only pictures. */
  readonly message: string
  /** With placeholders. */
  readonly buttons: readonly Button[]
  /** Whom a custom robot mentions. */
  readonly mentions: Mentions | undefined
  readonly images: readonly Image[]
  /** What the placeholders stand for. */
  readonly facts: Facts
  readonly robot: Robot
  /** Whom the app's robot posts to; a custom robot has a group of its own. */
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

/** What posting needs. */
export interface PostContext extends Pick<Retries, 'retries' | 'log'> {
  readonly dingtalk: DingTalk
  readonly warn: (message: Text) => void
  /** Called with each secret the moment it exists. */
  readonly secret: (value: string) => void
}

/** The message or a picture. */
interface Item {
  readonly name: Text
  /** With the title of the message. Default: the name. */
  readonly shown?: Text
  readonly content: () => Promise<RobotMessage | Picture>
}

/** A group, or up to 20 people, who are posted to in one call. */
interface Audience {
  readonly to: readonly PostedTo[]
  /** @returns those of them who certainly did not get it, by the reason */
  readonly post: (
    content: RobotMessage | Picture,
    to: readonly PostedTo[],
  ) => Promise<readonly { readonly to: readonly PostedTo[]; readonly error: unknown }[]>
}

/**
 * Posts the message, and then its pictures, once in each group and to each person, to all of them at the same time: one that
 * is throttled or does not respond does not hold up the others, and its failure is its own. Warns if the message is too long,
 * and shortens it.
 *
 * @returns undefined if there is nothing to post, because the link of each QR code is empty
 */
export async function postMessage(
  { message, buttons, mentions, images, facts, robot, to }: Post,
  http: Http,
  { dingtalk, retries, log, warn, secret }: PostContext,
): Promise<PostedMessage | undefined> {
  const text = message && messageToPost(message, buttons, mentions, facts, { log, warn })
  const pictures = picturesFor(images, facts, dingtalk)
  if (pictures.length < images.length)
    log({
      en: `Pictures left out because their links are empty once their placeholders are filled in: ${images.length - pictures.length}.`,
      zh: `替换占位符后，有 ${images.length - pictures.length} 张图片的链接为空，已省略。`,
    })
  const said = text && {
    name: { en: 'The message', zh: '消息' },
    shown: { en: `The message "${text.title}"`, zh: `消息「${text.title}」` },
    content: () => Promise.resolve(text),
  }
  const items: readonly Item[] = [...(said ? [said] : []), ...pictures]
  if (items.length === 0) return undefined
  const audiences =
    robot.kind === 'app'
      ? appAudiences(robot.code, to, dingtalk)
      : robot.webhooks.map((webhook) => webhookAudience(webhook, mentions, http, { retries, log, secret }))
  const failures = (await Promise.all(audiences.map((audience) => postTo(audience, items, log)))).flat()
  const all = audiences.flatMap(({ to }) => to)
  return {
    title: text ? text.title : '',
    pictures: pictures.length,
    to: all.filter((to) => !failures.some((failure) => failure.to?.includes(to))),
    failures,
  }
}

/** The app's robot posts in each group, and to 20 people at once. */
function appAudiences(robotCode: string, to: readonly SentTo[], dingtalk: DingTalk): Audience[] {
  const named = to.map((one) => {
    const name =
      one.kind === 'chat'
        ? { en: `group ${one.given}`, zh: `群 ${one.given}` }
        : { en: `user ${one.given}`, zh: `用户 ${one.given}` }
    return { ...one, name }
  })
  const groups = named.filter(({ kind }) => kind === 'chat')
  const users = named.filter(({ kind }) => kind === 'user')
  const batches = Array.from({ length: Math.ceil(users.length / MAX_USERS) }, (_, index) =>
    users.slice(index * MAX_USERS, (index + 1) * MAX_USERS),
  )
  return [
    ...groups.map((group) => ({
      to: [group],
      post: async (content: RobotMessage | Picture) => {
        await dingtalk.post(content, robotCode, group.id)
        return []
      },
    })),
    ...batches.map((batch) => ({
      to: batch,
      post: async (content: RobotMessage | Picture, to: readonly PostedTo[]) => {
        const ids = to.map(({ id }) => id)
        const missed = await dingtalk.postToUsers(content, robotCode, ids)
        return missed.map(({ userIds, error }) => ({
          to: to.filter(({ id }) => userIds.includes(id)),
          error,
        }))
      },
    })),
  ]
}

function webhookAudience(
  webhook: Webhook,
  mentions: Mentions | undefined,
  http: Http,
  context: Pick<PostContext, 'retries' | 'log' | 'secret'>,
): Audience {
  const { position } = webhook
  const name =
    position === undefined
      ? { en: "the robot's group", zh: '机器人所在的群' }
      : { en: `the group of webhook ${position}`, zh: `第 ${position} 个 webhook 所在的群` }
  const id = String(position ?? 1)
  const post = async (content: RobotMessage | Picture) => {
    // No picture comes here: the inputs reject them.
    if (!('mediaId' in content)) await postByWebhook(webhook, { ...content, mentions }, http, context)
    return []
  }
  return { to: [{ kind: 'chat', id, given: id, name }], post }
}

/** Posts one after the other. Who certainly missed one gets none after it: nothing is out of context, or costs quota in vain. */
async function postTo(
  { to, post }: Audience,
  items: readonly Item[],
  log: (line: Text) => void,
): Promise<Failure[]> {
  const failures: Failure[] = []
  let left = to
  for (const [index, { name, shown = name, content }] of items.entries()) {
    if (left.length === 0) break
    const isLast = index === items.length - 1
    let missed: Awaited<ReturnType<Audience['post']>>
    let isUploaded = false
    try {
      const ready = await content()
      isUploaded = true
      missed = await post(ready, left)
    } catch (error) {
      missed = [{ to: left, error }]
    }
    for (const { to, error } of missed) {
      const isOpen = isInDoubt(error)
      const ends = isUploaded && !isOpen
      const consequence = notPosted(name, to, isOpen, ends && !isLast)
      log(consequence)
      failures.push({ stage: 'message', consequence, error, to })
      if (ends) left = left.filter((one) => !to.includes(one))
    }
    const posted = left.filter((one) => !missed.some(({ to }) => to.includes(one)))
    if (posted.length > 0) {
      const where = listed(posted)
      log({ en: `${shown.en} was posted to ${where.en}.`, zh: `${shown.zh}已发送到${where.zh}。` })
    }
  }
  return failures
}

function listed(to: readonly PostedTo[]): Text {
  return { en: to.map(({ name }) => name.en).join(', '), zh: to.map(({ name }) => name.zh).join('、') }
}

function notPosted({ en, zh }: Text, to: readonly PostedTo[], isOpen: boolean, isFollowed: boolean): Text {
  const where = listed(to)
  if (isOpen)
    return {
      en: `${en} may or may not have been posted to ${where.en}.`,
      zh: `无法确认${zh}是否已发送到${where.zh}。`,
    }
  const rest = isFollowed
    ? { en: ', and neither was anything after it', zh: '，其后的内容也未发送' }
    : { en: '', zh: '' }
  return {
    en: `${en} was not posted to ${where.en}${rest.en}.`,
    zh: `${zh}未发送到${where.zh}${rest.zh}。`,
  }
}

/** The message with its placeholders filled in, as far as it fits. */
function messageToPost(
  message: string,
  templates: readonly Button[],
  mentions: Mentions | undefined,
  facts: Facts,
  { log, warn }: Pick<PostContext, 'log' | 'warn'>,
): RobotMessage {
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
      en: `The message was shortened: its text has ${wholeSize} bytes, its buttons and mentions have ${beside}, and the limit is ${MAX_MESSAGE} in total.`,
      zh: `消息过长，已截短：正文 ${wholeSize} 字节，按钮和 @ 共 ${beside} 字节，合计最多 ${MAX_MESSAGE} 字节。`,
    })
  return { ...text, buttons }
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
  // Never half of a link, nor of a character: in JSON, a half takes more bytes than the whole.
  const beginning = (length: number) => {
    const text = message.text.slice(0, length).replace(/\[[^[\]]*(\]\([^()]*)?$/, '')
    return { ...message, text: `${text}…`, wholeSize }
  }
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
