import { readContract, type CallName, type ContractOperation } from '../../contract/contract.ts'

/** A server of the platform: the new gateway, the old gateway (oapi), or the object storage. */
export type Server = 'gateway' | 'oapi' | 'oss'

/** A kind of request: a call of the contract, the PUT of a part of a file, or another request. */
export type Operation = CallName | 'putPart' | 'unknown'

export const CONTRACT = readContract()

/** The calls of the contract. */
export const CALLS = Object.keys(CONTRACT.operations) as CallName[]

/** Every kind of request that a fault can affect. */
export const OPERATIONS: readonly Operation[] = [...CALLS, 'putPart', 'unknown']

export function isOperation(name: string): name is Operation {
  return (OPERATIONS as readonly string[]).includes(name)
}

/** The contract of an operation. `putPart` has that of `put`. */
export function pageOf(operation: CallName): ContractOperation
export function pageOf(operation: Operation): ContractOperation | undefined
export function pageOf(operation: Operation): ContractOperation | undefined {
  return operation === 'unknown'
    ? undefined
    : CONTRACT.operations[operation === 'putPart' ? 'put' : operation]
}

/** The server that an operation is sent to. */
export function serverOf(operation: Operation): Server {
  const { path = '/v' } = pageOf(operation) ?? {}
  if (!path.startsWith('/')) return 'oss'
  return path.startsWith('/v') ? 'gateway' : 'oapi'
}

/** The scope an operation needs, if any. */
export function scopeOf(operation: Operation): string | undefined {
  return pageOf(operation)?.scopes[0]
}
