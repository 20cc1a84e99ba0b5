import type { IncomingHttpHeaders } from 'node:http'
import type { Operation } from '../http/operation.ts'

/** A call to a gateway, with its body. */
export interface Call {
  readonly headers: IncomingHttpHeaders
  /** The parameters in the path, percent-decoded. */
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  readonly body: string
}

export interface Route {
  readonly operation: Operation
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** In the router's syntax: `:name` is a parameter. */
  readonly path: string
  /** Does the call. @returns the JSON of the response. @throws GatewayError or OapiError */
  readonly perform: (call: Call) => object
}
