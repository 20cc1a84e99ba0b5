import { readFileSync } from 'node:fs'
import type contract from './contract.json'

/** The name of a call, as the client, the emulator, and the tests use it. Versions of one call end with `V1` and `V2`. */
export type CallName = keyof (typeof contract)['operations']

/** A parameter of a call. Within an object, its name is `object.name`; within a list of objects, `list[].name`. */
interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'body' | 'header'
  readonly type: string
  readonly required: boolean
  readonly enum?: readonly string[]
  readonly default?: string | number
  /** The fewest items of a list. */
  readonly min?: number
  /** The most items of a list, or the largest number. */
  readonly max?: number
  /** The most bytes of a string. */
  readonly maxBytes?: number
  /** The smallest number in a list. */
  readonly itemMin?: number
  /** The largest number in a list. */
  readonly itemMax?: number
  /** A value for the tests if its name, its type, and `enum` don't imply one. */
  readonly example?: unknown
  readonly note?: string
}

/** A field of a response, named like a parameter. Every field can be missing. */
export interface Field {
  readonly name: string
  readonly type: string
  readonly enum?: readonly string[]
  readonly note?: string
}

/** A documented error. */
export interface Refusal {
  /** HTTP status, which is always 200 for the old gateway. */
  readonly status: number
  readonly code: string
  readonly meaning: string
}

/** A call as its page describes it. */
export interface ContractOperation {
  readonly page: { readonly slug: string; readonly url: string; readonly date: string }
  readonly method: string
  readonly path: string
  readonly scopes: readonly string[]
  /** Whether a call counts towards the organization's monthly quota. */
  readonly quota: boolean
  /** The method of DingTalk's SDK (`@alicloud/dingtalk`) that makes the call, and its module. Not for the old gateway. */
  readonly sdk?: { readonly product: string; readonly method: string } | null
  readonly note?: string
  /** The format of the body. Default: JSON. */
  readonly encoding?: 'multipart/form-data'
  readonly request: readonly Parameter[]
  readonly response: readonly Field[]
  readonly errors: readonly Refusal[]
}

/** Behavior that users of the service have reported and that differs from the page. */
interface Observation {
  readonly id: string
  readonly operations: readonly string[]
  readonly page: string
  readonly observed: string
  readonly source: string
  readonly date: string
}

export interface Contract {
  /** The date on which the pages were read. */
  readonly date: string
  /** The errors that every call can return, by gateway: `api` is the new one. */
  readonly commonErrors: readonly (Refusal & { readonly gateway: 'api' | 'oapi' | 'both' })[]
  readonly observations: readonly Observation[]
  /** The calls that the client makes and the emulator serves. */
  readonly operations: Readonly<Record<CallName, ContractOperation>>
  /** Related calls, which the client doesn't make. */
  readonly notCalled: Readonly<Record<string, ContractOperation>>
}

/** Reads the platform's calls from `contract.json`. */
export function readContract(): Contract {
  return JSON.parse(readFileSync(new URL('contract.json', import.meta.url), 'utf8')) as Contract
}
