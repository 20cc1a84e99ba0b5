import { GatewayError } from '../../http/errors.ts'
import { characters } from '../../http/identifiers.ts'
import type { Button, Message } from '../../organization/chats.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { bodyOf, type Parameters } from './parameters.ts'

/** bytes */
const MAX_MSG_PARAM = 15_000
/** The most users that one call sends a message to. */
const MAX_USERS = 20

type Content = Pick<Message, 'kind' | 'title' | 'text' | 'buttons' | 'photoURL'>

/** The parameters of a template with the title and the address of each button. */
const ACTIONS = Array.from({ length: 5 }, (_, n) => [`actionTitle${n + 1}`, `actionURL${n + 1}`] as const)

/** The templates of action cards, by `msgKey`. Page: `robot-message-type`. */
const CARDS: Readonly<Record<string, readonly (readonly [title: string, url: string])[]>> = {
  sampleActionCard: [['singleTitle', 'singleURL']],
  sampleActionCard2: ACTIONS.slice(0, 2),
  sampleActionCard3: ACTIONS.slice(0, 3),
  sampleActionCard4: ACTIONS.slice(0, 4),
  sampleActionCard5: ACTIONS,
  sampleActionCard6: [
    ['buttonTitle1', 'buttonUrl1'],
    ['buttonTitle2', 'buttonUrl2'],
  ],
}

/** The calls of the app's own robot. */
export function robotRoutes(platform: Platform) {
  return authorized(platform, {
    post: robotGroupSend,
    postToUsers: robotSendToUsers,
  })
}

function robotGroupSend(platform: Platform, call: Call): object {
  const { chats } = platform
  const body = bodyOf(call, invalidParameter)
  const conversationId = body.optionalString('openConversationId')
  const robotCode = body.optionalString('robotCode')
  const msgKey = body.optionalString('msgKey')
  body.optionalString('coolAppCode')
  if (!robotCode) throw rejection('invalidParameter.robotCode.missing', '缺少robotCode')
  if (!conversationId) throw rejection('miss.openConversationId', '缺少openConversationId')
  if (!msgKey) throw rejection('invalidParameter.msgKey.empty', '缺少msgKey')
  const content = messageIn(platform, body, msgKey)
  // Users of the real service report this instead of the page's `invalidParameter.robotCode.notExsit`: see `observations` in
  // contract/contract.json.
  if (robotCode !== platform.robotCode) throw rejection('resource.not.found', '资源不存在')
  const group = chats.byOpenConversationId(conversationId)
  if (!group) throw rejection('invalid.openConversationId', '无效的openConversationId')
  if (!group.hasRobot) throw rejection('invalidParameter.robotCode.empty', '机器人不在群内')

  chats.deliver({ to: conversationId, by: robotCode, ...content })
  return { processQueryKey: characters(44) }
}

/** Sends a message to the users who can receive it. The response lists the others. */
function robotSendToUsers(platform: Platform, call: Call): object {
  const { chats, users } = platform
  const body = bodyOf(call, invalidParameter)
  const robotCode = body.optionalString('robotCode')
  const msgKey = body.optionalString('msgKey')
  if (!robotCode) throw rejection('invalidParameter.robotCode.empty', 'robotCode为空')
  const userIds = new Set(userIdsIn(body))
  if (!msgKey) throw rejection('invalidParameter.msgKey.empty', '缺少msgKey')
  const content = messageIn(platform, body, msgKey)
  if (robotCode !== platform.robotCode) throw rejection('invalidParameter.robotCode.notExsit', '机器人不存在')

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

function rejection(code: string, message: string): GatewayError {
  return new GatewayError(400, code, message)
}

/** The robots' pages have no `paramError`. */
function invalidParameter(name: string): GatewayError {
  return rejection('invalidParameter.param.invalid', `${name}无效`)
}

/** @throws GatewayError `invalidParameter.userIds.…` */
function userIdsIn(body: Parameters): readonly string[] {
  const userIds = body.optionalList('userIds') ?? []
  if (userIds.length === 0) throw rejection('invalidParameter.userIds.empty', '用户userId列表为空')
  if (userIds.length > MAX_USERS)
    throw rejection('invalidParameter.userIds.overMax', '用户userId列表超过最大限制')
  if (!userIds.every((userId) => typeof userId === 'string')) throw invalidParameter('userIds')
  return userIds
}

/** What is to be posted. @throws GatewayError; also for an image that the app has not uploaded */
function messageIn({ appKey, media }: Platform, body: Parameters, msgKey: string): Content {
  const content = contentOf(msgKey, msgParamIn(body))
  const { photoURL } = content
  // The pages have no code for it.
  if (photoURL !== undefined && !/^https?:/.test(photoURL) && media.byId(photoURL)?.appKey !== appKey)
    throw invalidParameter('photoURL')
  return content
}

/** `msgParam` is JSON in a string. */
function msgParamIn(body: Parameters): Record<string, unknown> {
  let msgParam = ''
  let value: unknown
  try {
    msgParam = body.string('msgParam')
    value = JSON.parse(msgParam)
  } catch {
    // Reported below.
  }
  if (Buffer.byteLength(msgParam) > MAX_MSG_PARAM)
    throw rejection('invalidParameter.msgParam.tooLong', 'msgParam过长')
  if (typeof value !== 'object' || value === null)
    throw rejection('invalidParameter.msgParam.invalid', 'msgParam无效')
  return value as Record<string, unknown>
}

/** Fills in a template. @throws GatewayError for an unknown template or a missing parameter */
function contentOf(msgKey: string, msgParam: Readonly<Record<string, unknown>>): Content {
  const text = (name: string, code: string) => {
    const value = msgParam[name]
    if (typeof value !== 'string' || value === '')
      throw new GatewayError(400, `miss.param.${code}`, `需要${name}属性`)
    return value
  }
  const titleAndText = (kind: string) => ({
    title: text('title', `${kind}Totitle`),
    text: text('text', `${kind}Totext`),
  })
  if (msgKey === 'sampleMarkdown') return { kind: 'markdown', ...titleAndText('markdown') }
  if (msgKey === 'sampleImageMsg') return { kind: 'image', photoURL: text('photoURL', 'photoTophotoUrl') }
  const names = Object.hasOwn(CARDS, msgKey) ? CARDS[msgKey] : undefined
  if (!names) throw new GatewayError(400, 'invalidParameter.msgKey.invalid', 'msgKey无效')
  const [titleCode, urlCode] =
    msgKey === 'sampleActionCard' ? ['singleTitle', 'singleUrl'] : ['btnsTotitle', 'btnsToactionUrl']
  const buttons = names.map(([title, url]): Button => {
    return { title: text(title, `actionCardTo${titleCode}`), url: text(url, `actionCardTo${urlCode}`) }
  })
  return { kind: 'actionCard', ...titleAndText('actionCard'), buttons }
}
