import { createHmac } from 'node:crypto'
import type { Call, Route } from './route.ts'
import type { CustomRobot } from '../organization/chats.ts'
import type { Platform } from '../organization/platform.ts'
import { OapiRefusal } from '../http/errors.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
/** What a custom robot may say in a minute. */
const MESSAGES_A_MINUTE = 20

/** The old gateway. Whatever happens, it answers with HTTP 200. */
export function oapiRoutes(platform: Platform): Route[] {
  return [
    {
      operation: 'userGet',
      method: 'POST',
      path: '/topapi/v2/user/get',
      perform: (call) => userGet(platform, call),
    },
    {
      operation: 'robotWebhook',
      method: 'POST',
      path: '/robot/send',
      perform: (call) => robotSend(platform, call),
    },
  ]
}

function userGet({ scopes, tokens, users }: Platform, call: Call): object {
  const state = tokens.state(call.query.get('access_token'))
  if (state === 'unknown') throw new OapiRefusal(40014, '不合法的access_token')
  if (state === 'expired') throw new OapiRefusal(42001, 'access_token已过期')
  if (!scopes.granted.has('qyapi_get_member')) {
    const message = '应用尚未开通所需的权限：[qyapi_get_member]'
    throw new OapiRefusal(88, `ding talk error[subcode=60011,submsg=${message}]`, {
      sub_code: '60011',
      sub_msg: message,
    })
  }
  const userId = fields(call)['userid']
  if (typeof userId !== 'string' || userId === '') throw new OapiRefusal(400002, '参数错误: userid')
  const user = users.byUserId(userId)
  if (!user) throw new OapiRefusal(60121, '找不到该用户')
  if (!user.visible) throw new OapiRefusal(50002, '企业授权的部门或员工不包含该员工')
  return {
    errcode: 0,
    errmsg: 'ok',
    result: { userid: user.userId, unionid: user.unionId, name: user.name, active: user.active },
  }
}

function robotSend({ chats, clock }: Platform, call: Call): object {
  const robot = chats.customRobot(call.query.get('access_token'))
  if (!robot) throw new OapiRefusal(300005, 'token is not exist')
  const body = fields(call)
  const markdown = body['markdown'] as { title?: unknown; text?: unknown } | undefined
  if (body['msgtype'] !== 'markdown') throw new OapiRefusal(40035, '缺少参数 msgtype')
  const { title, text } = markdown ?? {}
  if (typeof title !== 'string' || title === '') throw new OapiRefusal(40035, '缺少参数 markdown->title')
  if (typeof text !== 'string' || text === '') throw new OapiRefusal(40035, '缺少参数 markdown->text')

  refuseUnsafe(robot, call, clock(), title + text)
  const recently = robot.spoke.filter((time) => time > clock() - MINUTE)
  if (recently.length >= MESSAGES_A_MINUTE)
    throw new OapiRefusal(130101, 'send too fast, exceed 20 times per minute')
  robot.spoke.splice(0, Infinity, ...recently, clock())
  chats.messages.push({
    to: robot.group.openConversationId,
    kind: 'markdown',
    by: 'custom robot',
    title,
    text,
    ...(body['at'] === undefined ? {} : { at: body['at'] }),
  })
  return { errcode: 0, errmsg: 'ok' }
}

/** @throws OapiRefusal 310000 if the message is not signed, or does not hold the keyword, as the robot demands */
function refuseUnsafe(robot: CustomRobot, { query }: Call, now: number, said: string): void {
  const unsafe = (why: string) => new OapiRefusal(310000, why)
  if (robot.keyword !== undefined && !said.includes(robot.keyword)) throw unsafe('keywords not in content')
  if (robot.secret === undefined) return
  const timestamp = query.get('timestamp') ?? ''
  if (!/^\d+$/.test(timestamp) || Math.abs(now - Number(timestamp)) > HOUR) throw unsafe('invalid timestamp')
  const sign = createHmac('sha256', robot.secret).update(`${timestamp}\n${robot.secret}`).digest('base64')
  if (query.get('sign') !== sign) throw unsafe('sign not match')
}

/** The body's fields, from JSON or a form. */
function fields({ headers, body }: Call): Record<string, unknown> {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body))
  if (!headers['content-type']?.startsWith('application/json'))
    throw new OapiRefusal(43004, '无效的HTTP HEADER Content-Type')
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Told below.
  }
  throw new OapiRefusal(40035, '不合法的参数')
}

/** What a path that leads nowhere is answered on the old gateway. */
export function noSuchOapi(): OapiRefusal {
  return new OapiRefusal(404, '请求的URI地址不存在')
}
