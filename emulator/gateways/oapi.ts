import { createHmac } from 'node:crypto'
import { OapiError } from '../http/errors.ts'
import { requestId } from '../http/identifiers.ts'
import type { CustomRobot } from '../organization/chats.ts'
import { imageType, MAX_IMAGE } from '../organization/media.ts'
import { mention } from '../organization/mentions.ts'
import type { Platform } from '../organization/platform.ts'
import { contentIn, mentionsIn } from './custom-robot-message.ts'
import type { Call } from './route.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
/** How many messages per minute a custom robot may send. */
const MESSAGES_PER_MINUTE = 20

/** The routes of the old gateway. Its responses always have HTTP status 200. */
export function oapiRoutes(platform: Platform) {
  return {
    unionId: (call: Call) => userGet(platform, call),
    uploadMedia: (call: Call) => mediaUpload(platform, call),
    postByWebhook: (call: Call) => robotSend(platform, call),
  }
}

/** @throws OapiError if the access token is not valid, or the app lacks the scope */
function authorize({ scopes, tokens }: Platform, accessToken: unknown, scope: string): void {
  const state = tokens.state(typeof accessToken === 'string' ? accessToken : undefined)
  if (state === 'unknown') throw new OapiError(40014, '不合法的access_token')
  if (state === 'expired') throw new OapiError(42001, 'access_token已过期')
  if (scopes.granted.has(scope)) return
  const message = `应用尚未开通所需的权限：[${scope}]`
  throw new OapiError(88, `ding talk error[subcode=60011,submsg=${message}]`, {
    sub_code: '60011',
    sub_msg: message,
  })
}

function userGet(platform: Platform, call: Call): object {
  authorize(platform, call.query.get('access_token'), 'qyapi_get_member')
  const { userid: userId, language = 'zh_CN' } = fields(call)
  if (language !== 'zh_CN' && language !== 'en_US') throw new OapiError(400002, '参数错误: language')
  if (typeof userId !== 'string' || userId === '') throw new OapiError(400002, '参数错误: userid')
  const user = platform.users.byUserId(userId)
  if (!user) throw new OapiError(60121, '找不到该用户')
  if (!user.visible) throw new OapiError(50002, '企业授权的部门或员工不包含该员工')
  return {
    errcode: 0,
    errmsg: 'ok',
    request_id: requestId().toLowerCase(),
    result: { userid: user.userId, unionid: user.unionId, name: user.name, active: user.active },
  }
}

/** Stores an image. `access_token` and `type` may be in the query or in the form. */
function mediaUpload(platform: Platform, { query, form }: Call): object {
  const { appKey, clock, media } = platform
  const parameter = (name: string) => query.get(name) ?? form?.get(name)
  authorize(platform, parameter('access_token'), 'qyapi_base')
  if (!form) throw new OapiError(43008, '参数需要multipart类型')
  if (parameter('type') !== 'image') throw new OapiError(40004, '不合法的媒体文件类型')
  const bytes = form.get('media')
  // A field without a file name is text.
  if (!(bytes instanceof Uint8Array)) throw new OapiError(41005, '缺少多媒体文件数据')
  if (bytes.length === 0) throw new OapiError(44001, '多媒体文件为空')
  if (bytes.length > MAX_IMAGE) throw new OapiError(40006, '不合法的文件大小')
  const type = imageType(bytes)
  if (type === undefined) throw new OapiError(40005, '不合法的文件类型')
  return {
    errcode: 0,
    errmsg: 'ok',
    type: 'image',
    media_id: media.add({ appKey, bytes, type }),
    created_at: clock(),
  }
}

function robotSend({ chats, clock, users }: Platform, call: Call): object {
  const accessToken = call.query.get('access_token')
  if (!accessToken) throw new OapiError(40035, '缺少参数 access_token')
  const robot = chats.customRobot(accessToken)
  if (!robot) throw new OapiError(300005, 'token is not exist')
  const body = fields(call)
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

/** The body's fields, from JSON or a form. */
function fields({ headers, body }: Call): Record<string, unknown> {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body))
  if (!headers['content-type']?.startsWith('application/json'))
    throw new OapiError(43004, '无效的HTTP HEADER Content-Type')
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Reported below.
  }
  throw new OapiError(40035, '不合法的参数')
}

/** The response of the old gateway to an unknown path. */
export function oapiNotFound(): OapiError {
  return new OapiError(404, '请求的URI地址不存在')
}
