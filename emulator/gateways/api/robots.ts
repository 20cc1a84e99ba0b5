import { GatewayError } from '../../http/errors.ts'
import { characters } from '../../http/identifiers.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { bodyOf } from './inputs.ts'
import type { Parameters } from './parameters.ts'
import { contentOf, type Content } from './robot-templates.ts'

/** bytes */
const MAX_MSG_PARAM = 15_000
/** The most users that one call sends a message to. */
const MAX_USERS = 20

/** The calls of the app's own robot. */
export function robotRoutes(platform: Platform) {
  return authorized(platform, {
    post: (call) => robotGroupSend(platform, call),
    postToUsers: (call) => robotSendToUsers(platform, call),
  })
}

function robotGroupSend(platform: Platform, call: Call): object {
  const { chats } = platform
  const body = bodyOf(call)
  const [conversationId, robotCode, msgKey] = [
    'openConversationId',
    'robotCode',
    'msgKey',
    'coolAppCode',
  ].map((name) => textIn(body, name))
  if (!robotCode) throw refuse('invalidParameter.robotCode.missing', '缺少robotCode')
  if (!conversationId) throw refuse('miss.openConversationId', '缺少openConversationId')
  if (!msgKey) throw refuse('invalidParameter.msgKey.empty', '缺少msgKey')
  const content = messageIn(platform, body, msgKey)
  // The page has `invalidParameter.robotCode.notExsit` for it, which `--refuse` plays. Users of the real service report this
  // instead: see `observed` in contract/contract.json.
  if (robotCode !== platform.robotCode) throw refuse('resource.not.found', '资源不存在')
  const group = chats.byOpenConversationId(conversationId)
  if (!group) throw refuse('invalid.openConversationId', '无效的openConversationId')
  if (!group.hasRobot) throw refuse('invalidParameter.robotCode.empty', '机器人不在群内')

  chats.deliver({ to: conversationId, by: robotCode, ...content })
  return { processQueryKey: characters(44) }
}

/** Sends a message to those of the users who get it. The response has the others. */
function robotSendToUsers(platform: Platform, call: Call): object {
  const { chats, users } = platform
  const body = bodyOf(call)
  const [robotCode, msgKey] = ['robotCode', 'msgKey'].map((name) => textIn(body, name))
  if (!robotCode) throw refuse('invalidParameter.robotCode.empty', 'robotCode为空')
  const userIds = new Set(userIdsIn(body))
  if (!msgKey) throw refuse('invalidParameter.msgKey.empty', '缺少msgKey')
  const content = messageIn(platform, body, msgKey)
  if (robotCode !== platform.robotCode) throw refuse('invalidParameter.robotCode.notExsit', '机器人不存在')

  const lists = {
    invalidStaffIdList: [] as string[],
    flowControlledStaffIdList: [] as string[],
    filteredStaffIdList: [] as string[],
  }
  for (const userId of userIds) {
    const user = users.byUserId(userId)
    if (!user?.visible) lists.invalidStaffIdList.push(userId)
    else if (user.robot === 'throttled') lists.flowControlledStaffIdList.push(userId)
    else if (user.robot === 'blocked') lists.filteredStaffIdList.push(userId)
    else chats.deliver({ to: user.unionId, by: robotCode, ...content })
  }
  return { processQueryKey: characters(44), ...lists }
}

function refuse(code: string, message: string): GatewayError {
  return new GatewayError(400, code, message)
}

/** @throws GatewayError `invalidParameter.userIds.…` */
function userIdsIn(body: Parameters): readonly string[] {
  let userIds: readonly unknown[]
  try {
    userIds = body.optionalList('userIds') ?? []
  } catch {
    throw refuse('invalidParameter.param.invalid', 'userIds无效')
  }
  if (userIds.length === 0) throw refuse('invalidParameter.userIds.empty', '用户userId列表为空')
  if (userIds.length > MAX_USERS)
    throw refuse('invalidParameter.userIds.overMax', '用户userId列表超过最大限制')
  if (!userIds.every((userId) => typeof userId === 'string'))
    throw refuse('invalidParameter.param.invalid', 'userIds无效')
  return userIds
}

/** What is to be posted. @throws GatewayError; also for an image that the app has not uploaded */
function messageIn({ appKey, media }: Platform, body: Parameters, msgKey: string): Content {
  const content = contentOf(msgKey, msgParamIn(body))
  const { photoURL } = content
  // The pages have no code for it.
  if (photoURL !== undefined && !/^https?:/.test(photoURL) && media.byId(photoURL)?.appKey !== appKey)
    throw refuse('invalidParameter.param.invalid', 'photoURL无效')
  return content
}

/** @throws GatewayError with the code of the page, which has no `paramError` */
function textIn(body: Parameters, name: string): string | undefined {
  try {
    return body.optionalString(name)
  } catch {
    throw refuse('invalidParameter.param.invalid', `${name}无效`)
  }
}

/** `msgParam` is JSON in a string. */
function msgParamIn(body: Parameters): Record<string, unknown> {
  const invalid = refuse('invalidParameter.msgParam.invalid', 'msgParam无效')
  let value: unknown
  try {
    const msgParam = body.string('msgParam')
    if (Buffer.byteLength(msgParam) > MAX_MSG_PARAM)
      throw refuse('invalidParameter.msgParam.tooLong', 'msgParam过长')
    value = JSON.parse(msgParam)
  } catch (error) {
    throw error instanceof GatewayError && error.code.endsWith('tooLong') ? error : invalid
  }
  if (typeof value !== 'object' || value === null) throw invalid
  return value as Record<string, unknown>
}
