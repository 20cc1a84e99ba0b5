import { GatewayError } from '../../http/errors.ts'
import { characters } from '../../http/identifiers.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'
import { authorized } from './access.ts'
import { bodyOf } from './inputs.ts'
import type { Parameters } from './parameters.ts'
import { contentOf } from './robot-templates.ts'

/** bytes */
const MAX_MSG_PARAM = 15_000

/** The calls of the app's own robot. */
export function robotRoutes(platform: Platform) {
  return authorized(platform, {
    post: (call) => robotGroupSend(platform, call),
  })
}

function robotGroupSend(platform: Platform, call: Call): object {
  const { chats } = platform
  const body = bodyOf(call)
  const refuse = (code: string, message: string) => new GatewayError(400, code, message)
  const [conversationId, robotCode, msgKey] = [
    'openConversationId',
    'robotCode',
    'msgKey',
    'coolAppCode',
  ].map((name) => textIn(body, name))
  if (!robotCode) throw refuse('invalidParameter.robotCode.missing', '缺少robotCode')
  if (!conversationId) throw refuse('miss.openConversationId', '缺少openConversationId')
  if (!msgKey) throw refuse('invalidParameter.msgKey.empty', '缺少msgKey')
  const content = contentOf(msgKey, msgParamIn(body))
  // The page has `invalidParameter.robotCode.notExsit` for it, which `--refuse` plays. Users of the real service report this
  // instead: see `observed` in contract/contract.json.
  if (robotCode !== platform.robotCode) throw refuse('resource.not.found', '资源不存在')
  const group = chats.byOpenConversationId(conversationId)
  if (!group) throw refuse('invalid.openConversationId', '无效的openConversationId')
  if (!group.hasRobot) throw refuse('invalidParameter.robotCode.empty', '机器人不在群内')

  chats.messages.push({ to: conversationId, by: robotCode, ...content })
  return { processQueryKey: characters(44) }
}

/** @throws GatewayError with the code of the page, which has no `paramError` */
function textIn(body: Parameters, name: string): string | undefined {
  try {
    return body.optionalString(name)
  } catch {
    throw new GatewayError(400, 'invalidParameter.param.invalid', `${name}无效`)
  }
}

/** `msgParam` is JSON in a string. */
function msgParamIn(body: Parameters): Record<string, unknown> {
  const invalid = new GatewayError(400, 'invalidParameter.msgParam.invalid', 'msgParam无效')
  let value: unknown
  try {
    const msgParam = body.string('msgParam')
    if (Buffer.byteLength(msgParam) > MAX_MSG_PARAM)
      throw new GatewayError(400, 'invalidParameter.msgParam.tooLong', 'msgParam过长')
    value = JSON.parse(msgParam)
  } catch (error) {
    throw error instanceof GatewayError && error.code.endsWith('tooLong') ? error : invalid
  }
  if (typeof value !== 'object' || value === null) throw invalid
  return value as Record<string, unknown>
}
