import { CONFLICT_STRATEGIES, type ConflictStrategy, type Dentry } from '../../drive/drive.ts'
import { legalName } from '../../drive/names.ts'
import { paramError, GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call } from '../route.ts'

/** The parameters of a call to the new gateway. Every method throws a GatewayError if a value is not valid. */
export class Parameters {
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #invalid: (name: string) => GatewayError

  /** @param value the parsed JSON. @param invalid the error for a parameter of another type */
  constructor(value: unknown, invalid: (name: string) => GatewayError = paramError) {
    this.#invalid = invalid
    if (!isObject(value)) throw new GatewayError(400, 'paramError', '参数错误: a JSON object is expected')
    this.#fields = value
  }

  string(name: string): string {
    const value = this.optionalString(name)
    if (value === undefined || value === '') throw paramError(name, 'is required')
    return value
  }

  optionalString(name: string): string | undefined {
    return this.#optional(name, (value) => typeof value === 'string')
  }

  /** An ID: a string of digits. A number is rejected, because it cannot represent an ID exactly. */
  digits(name: string): string {
    return requireDigits(name, this.string(name))
  }

  optionalDigits(name: string): string | undefined {
    const value = this.optionalString(name)
    return value === undefined ? undefined : requireDigits(name, value)
  }

  /** A size in bytes. */
  optionalSize(name: string): number | undefined {
    return this.#optional(name, (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0)
  }

  boolean(name: string): boolean {
    const value = this.optionalBoolean(name)
    if (value === undefined) throw paramError(name, 'is required')
    return value
  }

  optionalBoolean(name: string): boolean | undefined {
    return this.#optional(name, (value) => typeof value === 'boolean')
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.optionalOneOf(name, allowed)
    if (value === undefined) throw paramError(name, 'is required')
    return value
  }

  optionalOneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    return this.#optional(name, (value): value is T => (allowed as readonly unknown[]).includes(value))
  }

  optionalObject(name: string): Parameters {
    return new Parameters(this.#optional(name, isObject) ?? {})
  }

  optionalList(name: string): readonly unknown[] | undefined {
    return this.#optional(name, (value): value is unknown[] => Array.isArray(value))
  }

  #optional<T>(name: string, fits: (value: unknown) => value is T): T | undefined {
    const value = this.#fields[name]
    if (value === undefined || value === null) return undefined
    if (!fits(value)) throw this.#invalid(name)
    return value
  }
}

export function requireDigits(name: string, value: string): string {
  if (!/^\d+$/.test(value)) throw paramError(name, 'is not a string of digits')
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The JSON object in the body. A body that is not declared as JSON counts as missing. */
export function bodyOf({ headers, body }: Call, invalid?: (name: string) => GatewayError): Parameters {
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
  if (!isJson || body === '') throw new GatewayError(400, 'Missingbody', 'body is mandatory for this action.')
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new GatewayError(400, 'InvalidParameter', 'The request body is not valid JSON.')
  }
  return new Parameters(value, invalid)
}

/** The JSON object in the body of a call whose body parameters are all optional. */
export function optionalBodyOf(call: Call): Parameters {
  return call.body === '' ? new Parameters({}) : bodyOf(call)
}

/** The member on whose behalf the call is made. @returns their union ID */
export function operatorOf({ users }: Platform, call: Call, parameter = 'unionId'): string {
  const unionId = call.query.get(parameter)
  if (!unionId)
    throw new GatewayError(400, `Missing${parameter}`, `${parameter} is mandatory for this action.`)
  if (!users.byUnionId(unionId)) throw paramError(parameter, 'is not a member of the organization')
  return unionId
}

export function spaceIdOf(call: Call): string {
  return pathId(call, 'spaceId')
}

/** An ID in the path of a call. */
export function pathId({ params }: Call, name: string): string {
  return requireDigits(name, params[name] ?? '')
}

/** The folder that a call of version 2 names in its path. */
export function folderByUuid({ drive }: Platform, call: Call): Dentry {
  const folder = drive.byUuid(call.params['parentDentryUuid'] ?? '')
  if (folder?.type !== 'FOLDER') throw paramError('parentDentryUuid', 'is not a folder')
  return folder
}

export function nameIn(body: Parameters): string {
  const name = legalName(body.string('name'))
  if (name === undefined) throw new GatewayError(400, 'dentryNameIllegal', '文件名包含非法字符')
  return name
}

export function conflictStrategyIn(option: Parameters): ConflictStrategy {
  return option.optionalOneOf('conflictStrategy', CONFLICT_STRATEGIES) ?? 'AUTO_RENAME'
}
