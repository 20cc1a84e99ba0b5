import { CONFLICT_STRATEGIES, type ConflictStrategy, type Dentry, type Space } from '../../drive/drive.ts'
import { legalName } from '../../drive/names.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'
import { requireDigits, Parameters } from './parameters.ts'

/** A folder and its space. */
export interface SpaceFolder {
  space: Space
  folder: Dentry
}

/** The JSON object in the body. A body that is not declared as JSON counts as missing. */
export function bodyOf({ headers, body }: Call): Parameters {
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
  if (!isJson || body === '') throw new GatewayError(400, 'Missingbody', 'body is mandatory for this action.')
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new GatewayError(400, 'InvalidParameter', 'The request body is not valid JSON.')
  }
  return new Parameters(value)
}

/** The JSON object in the body of a call whose body parameters are all optional. */
export function optionalBodyOf(call: Call): Parameters {
  return call.body === '' ? new Parameters({}) : bodyOf(call)
}

/** The member on whose behalf the call is made. @returns their union id */
export function operatorOf({ users }: Platform, call: Call, parameter = 'unionId'): string {
  const unionId = call.query.get(parameter)
  if (!unionId)
    throw new GatewayError(400, `Missing${parameter}`, `${parameter} is mandatory for this action.`)
  if (!users.byUnionId(unionId)) throw paramError(parameter, 'is no member of the organization')
  return unionId
}

export function spaceIdOf({ params }: Call): string {
  return requireDigits('spaceId', params['spaceId'] ?? '')
}

/** The folder that a call of version 2 names in its path. */
export function folderByUuid({ drive }: Platform, call: Call): SpaceFolder {
  const folder = drive.byUuid(call.params['parentDentryUuid'] ?? '')
  if (folder?.type !== 'FOLDER') throw paramError('parentDentryUuid', 'is no folder')
  return { space: drive.space(folder.spaceId), folder }
}

export function nameIn(body: Parameters): string {
  const name = legalName(body.string('name'))
  if (name === undefined) throw new GatewayError(400, 'dentryNameIllegal', '文件名包含非法字符')
  return name
}

export function conflictStrategyIn(option: Parameters): ConflictStrategy {
  return option.optionalOneOf('conflictStrategy', CONFLICT_STRATEGIES) ?? 'AUTO_RENAME'
}
