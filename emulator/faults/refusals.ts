import { readContract, type Contract, type Refusal } from '../../contract/contract.ts'
import { GatewayError, OapiError, OssError } from '../http/errors.ts'
import { OPERATIONS, scopeOf, type Operation } from '../http/operation.ts'
import type { ResponseData } from '../http/response-data.ts'
import type { Fault, ResponsePlay } from './fault.ts'
import { ipBan } from './plays.ts'

/** The contract's names of the operations that its pages describe. */
export const CONTRACT_NAMES = {
  accessToken: 'accessToken',
  unionId: 'unionId',
  openConversationId: 'openConversationId',
  uploadInfoV1: 'uploadInfoV1',
  uploadInfoV2: 'uploadInfoV2',
  multipartInit: 'multipartInit',
  partInfo: 'partInfo',
  put: 'put',
  putPart: 'put',
  commitV1: 'commitV1',
  commitV2: 'commitV2',
  remove: 'remove',
  batchRemove: 'batchRemove',
  subfolder: 'subfolder',
  dentry: 'dentry',
  list: 'list',
  space: 'space',
  groupSpace: 'groupSpace',
  send: 'send',
  sendLink: 'sendLink',
  sendToUser: 'sendToUser',
  post: 'post',
  postByWebhook: 'postByWebhook',
} as const satisfies Partial<Record<Operation, string>>

const IP_BAN = '1111'

let contract: Contract | undefined

/** Every refusal that the pages list for an operation, and those of every call to its server. */
export function documentedRefusals(operation: Operation): readonly Refusal[] {
  if (operation === 'unknown') return []
  contract ??= readContract()
  const name: string = CONTRACT_NAMES[operation]
  const own = contract.operations.find((one) => one.operation === name)?.errors ?? []
  const { server } = OPERATIONS[operation]
  const gateway = server === 'oapi' ? 'oapi' : 'api'
  const common =
    server === 'oss' ? [] : contract.commonErrors.filter((one) => [gateway, 'both'].includes(one.gateway))
  return [...own, ...common]
}

/**
 * A documented refusal of a call, which is not done.
 *
 * @throws Error that lists the documented codes, for another one
 */
export function refusal(operation: Operation, code: string): ResponsePlay {
  const documented = documentedRefusals(operation)
  const found = documented.find((one) => one.code === code)
  if (!found)
    throw new Error(
      `${code}: one of ${documented.map((one) => one.code).join(', ')} is expected for ${operation}`,
    )
  return code === IP_BAN ? ipBan : { kind: 'answer', ...responseTo(operation, found) }
}

/** The refusal in the form of the operation's server. */
function responseTo(operation: Operation, { status, code, meaning }: Refusal): ResponseData {
  const { server } = OPERATIONS[operation]
  if (server === 'oss') return new OssError(status, code, meaning).response()
  if (server === 'oapi') return new OapiError(Number(code), meaning).response()
  if (!code.endsWith('AccessTokenPermissionDenied')) return new GatewayError(status, code, meaning).response()
  const requiredScopes = [scopeOf(operation)]
  return new GatewayError(status, code, meaning, { accessdenieddetail: { requiredScopes } }).response()
}

/** Reads `OPERATION=CODE`: every call of the operation gets that refusal. @throws Error that names what is not valid */
export function parseRefusal(text: string): Fault {
  const [name = '', code = ''] = text.split('=', 2)
  if (!Object.hasOwn(CONTRACT_NAMES, name))
    throw new Error(`${name}: one of ${Object.keys(CONTRACT_NAMES).join(', ')} is expected`)
  const operation = name as Operation
  return { operation, times: Infinity, play: refusal(operation, code) }
}
