import type { IncomingHttpHeaders } from 'node:http'
import type { CallName } from '../../contract/contract.ts'

/** A call to a gateway, with its body. */
export interface Call {
  readonly headers: IncomingHttpHeaders
  /** The parameters in the path, percent-decoded. */
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  /** Empty if it is a form with files. */
  readonly body: string
  /** The fields of a form with files (`multipart/form-data`), by name. */
  readonly form?: ReadonlyMap<string, string | Uint8Array>
}

/** Executes a call. @returns the JSON of the response. @throws GatewayError or OapiError */
export type Perform = (call: Call) => object

/** Executes each call. The contract has the methods and paths. */
export type Routes<Name extends CallName> = Readonly<Record<Name, Perform>>

/** The calls of both gateways. The storage takes PUTs. */
export type GatewayCall = Exclude<CallName, 'put'>
