import { createHmac } from 'node:crypto'
import { OapiError } from '../http/errors.ts'
import type { Button, CustomRobot, Group, Message } from '../organization/chats.ts'
import type { Platform } from '../organization/platform.ts'
import type { User, Users } from '../organization/users.ts'
import { fieldsOf, type Fields } from './oapi.ts'
import type { Call } from './route.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
/** How many messages per minute a custom robot may send. */
const MESSAGES_PER_MINUTE = 20
/** The most members that a message can mention by user ID. */
const MAX_MENTIONS = 50

type Content = Pick<Message, 'kind' | 'buttons'> & { title: string; text: string }

/** The users to mention. */
interface Mentions {
  readonly userIds: readonly string[]
  readonly mobiles: readonly string[]
  readonly everyone: boolean
}

export function customRobotRoute({ chats, clock, users }: Platform) {
  const postByWebhook = (call: Call) => {
    const accessToken = call.query.get('access_token')
    if (!accessToken) throw missing('access_token')
    const robot = chats.customRobot(accessToken)
    if (!robot) throw new OapiError(300005, 'token is not exist')
    const body = fieldsOf(call)
    const content = contentIn(body)
    const mentions = mentionsIn(body)
    checkSecurity(robot, call, clock(), content.title + content.text)
    const done = { errcode: 0, errmsg: 'ok' }
    const msgUuid = body['msgUuid']
    if (typeof msgUuid === 'string' && robot.msgUuids.has(msgUuid)) return done
    const recently = robot.sentTimes.filter((time) => time > clock() - MINUTE)
    if (recently.length >= MESSAGES_PER_MINUTE)
      throw new OapiError(130101, 'send too fast, exceed 20 times per minute')
    robot.sentTimes.splice(0, Infinity, ...recently, clock())
    if (typeof msgUuid === 'string') robot.msgUuids.add(msgUuid)
    chats.deliver({
      to: robot.group.openConversationId,
      by: 'custom robot',
      ...content,
      ...mention(content.text, mentions, robot.group, users),
    })
    return done
  }
  return { postByWebhook }
}

/** Checks the signature or keyword that the robot requires. @throws OapiError 310000 */
function checkSecurity(robot: CustomRobot, { query }: Call, now: number, message: string): void {
  const unsafe = (why: string) => new OapiError(310000, why)
  if (robot.keyword !== undefined && !message.includes(robot.keyword)) throw unsafe('keywords not in content')
  if (robot.secret === undefined) return
  const timestamp = query.get('timestamp') ?? ''
  if (!/^\d+$/.test(timestamp) || Math.abs(now - Number(timestamp)) > HOUR) throw unsafe('invalid timestamp')
  const sign = createHmac('sha256', robot.secret).update(`${timestamp}\n${robot.secret}`).digest('base64')
  if (query.get('sign') !== sign) throw unsafe('sign not match')
}

/** @throws OapiError 40035, 400105 */
function contentIn(body: Fields): Content {
  const { msgtype } = body
  if (typeof msgtype !== 'string' || msgtype === '') throw missing('msgtype')
  if (msgtype !== 'markdown' && msgtype !== 'actionCard') throw new OapiError(400105, '不支持的消息类型')
  const content = body[msgtype]
  if (typeof content !== 'object' || content === null) throw missing(msgtype)
  const { title, text, ...card } = content as Fields
  return {
    kind: msgtype,
    title: textOf(title, `${msgtype}->title`),
    text: textOf(text, `${msgtype}->text`),
    ...(msgtype === 'actionCard' ? { buttons: buttonsIn(card) } : {}),
  }
}

/** One button (`singleTitle`) takes precedence over several. */
function buttonsIn({ btnOrientation = '0', singleTitle, singleURL, btns }: Fields): Button[] {
  if (btnOrientation !== '0' && btnOrientation !== '1')
    throw new OapiError(40035, '错误的 actionCard->btnOrientation')
  if (singleTitle !== undefined || singleURL !== undefined || btns === undefined) {
    return [
      {
        title: textOf(singleTitle, 'actionCard->singleTitle'),
        url: textOf(singleURL, 'actionCard->singleURL'),
      },
    ]
  }
  if (!Array.isArray(btns) || btns.length === 0) throw missing('actionCard->btns')
  return (btns as unknown[]).map((button) => {
    const { title, actionURL } = (button ?? {}) as Fields
    return {
      title: textOf(title, 'actionCard->btns->title'),
      url: textOf(actionURL, 'actionCard->btns->actionURL'),
    }
  })
}

/** The page has no code for more than 50 users. @throws OapiError 40035 */
function mentionsIn(body: Fields): Mentions {
  const { atUserIds = [], atMobiles = [], isAtAll = false } = (body['at'] ?? {}) as Fields
  const invalid = (name: string) => new OapiError(40035, `不合法的参数 at->${name}`)
  if (!isList(atUserIds) || atUserIds.length > MAX_MENTIONS) throw invalid('atUserIds')
  if (!isList(atMobiles)) throw invalid('atMobiles')
  if (typeof isAtAll !== 'boolean') throw invalid('isAtAll')
  return { userIds: atUserIds, mobiles: atMobiles, everyone: isAtAll }
}

/**
 * Mentions members of a group whose `@userId` or `@mobile` the text contains, as the page says. The mobile number of anyone else
 * is masked.
 *
 * @returns the text that is shown, and the user IDs of the notified members
 */
function mention(
  text: string,
  { userIds, mobiles, everyone }: Mentions,
  group: Group,
  users: Users,
): { text: string; mentions: string[] } {
  const members = [...group.members].map((unionId) => users.byUnionId(unionId)).filter((user) => user != null)
  const notified = new Set<User>(everyone ? members : [])
  for (const id of userIds) {
    const member = members.find(({ userId }) => userId === id)
    if (member && contains(text, id)) notified.add(member)
  }
  let shown = text
  for (const id of mobiles) {
    const member = members.find(({ mobile }) => mobile === id)
    if (member && contains(text, id)) notified.add(member)
    if (!member) shown = shown.replaceAll(`@${id}`, `@${id.replace(/\d{4}(?=\d{4}$)/, '****')}`)
  }
  return { text: shown, mentions: [...notified].map(({ userId }) => userId) }
}

/** Whether a text contains `@id`, not followed by the rest of a longer ID. */
function contains(text: string, id: string): boolean {
  return text.split(`@${id}`).some((rest, index) => index > 0 && !/^\w/.test(rest))
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw missing(name)
  return value
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function missing(name: string): OapiError {
  return new OapiError(40035, `缺少参数 ${name}`)
}
