import { paramError, GatewayError } from '../../http/errors.ts'

/** The parameters of a call to the new gateway. Every method throws a GatewayError if a value is not valid. */
export class Parameters {
  readonly #fields: Readonly<Record<string, unknown>>

  /** @param value the parsed JSON */
  constructor(value: unknown) {
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
    if (!fits(value)) throw paramError(name)
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
