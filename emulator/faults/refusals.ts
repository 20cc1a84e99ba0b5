import type { Refusal } from '../../contract/contract.ts'
import { GatewayError, OapiError, OssError } from '../http/errors.ts'
import {
  CONTRACT,
  isOperation,
  OPERATIONS,
  pageOf,
  scopeOf,
  serverOf,
  type Operation,
} from '../http/operation.ts'
import type { ResponseData } from '../http/request.ts'
import type { Fault, ResponsePlay } from './fault.ts'
import { ipBan } from './plays.ts'

const IP_BAN = '1111'

/** The operations with documented errors. */
export const REFUSABLE = OPERATIONS.filter((operation) => operation !== 'unknown')

/** The errors that the page of an operation lists, and those of every call to its server. */
export function documentedRefusals(operation: Operation): readonly Refusal[] {
  const page = pageOf(operation)
  if (!page) return []
  const server = serverOf(operation)
  if (server === 'oss') return page.errors
  const gateway = server === 'oapi' ? 'oapi' : 'api'
  return [...page.errors, ...CONTRACT.commonErrors.filter((one) => [gateway, 'both'].includes(one.gateway))]
}

/** A documented error, returned instead of executing the call. @throws Error for an unknown code: lists the documented ones */
export function refusal(operation: Operation, code: string): ResponsePlay {
  const documented = documentedRefusals(operation)
  const found = documented.find((one) => one.code === code)
  if (!found)
    throw new Error(
      `${code}: one of ${documented.map((one) => one.code).join(', ')} is expected for ${operation}`,
    )
  return code === IP_BAN ? ipBan : { kind: 'answer', ...responseTo(operation, found) }
}

/** The error in the form of the operation's server. */
function responseTo(operation: Operation, { status, code, meaning }: Refusal): ResponseData {
  const server = serverOf(operation)
  if (server === 'oss') return new OssError(status, code, meaning).response()
  if (server === 'oapi') return new OapiError(Number(code), meaning).response()
  if (!code.endsWith('AccessTokenPermissionDenied')) return new GatewayError(status, code, meaning).response()
  const requiredScopes = [scopeOf(operation)]
  return new GatewayError(status, code, meaning, { accessdenieddetail: { requiredScopes } }).response()
}

/** Parses `OPERATION=CODE`: every call of the operation gets that error. @throws Error that names the invalid part */
export function parseRefusal(text: string): Fault {
  const [name = '', code = ''] = text.split('=', 2)
  if (!isOperation(name) || name === 'unknown')
    throw new Error(`${name}: one of ${REFUSABLE.join(', ')} is expected`)
  return { operation: name, times: Infinity, play: refusal(name, code) }
}
