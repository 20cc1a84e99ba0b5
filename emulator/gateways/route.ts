import type { IncomingHttpHeaders } from 'node:http'
import type { Operation } from '../http/operation.ts'

/** A call to one of the gateways, its body read. */
export interface Call {
  readonly headers: IncomingHttpHeaders
  /** Percent-decoded parts of the path. */
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  readonly body: string
}

export interface Route {
  readonly operation: Operation
  readonly method: 'GET' | 'POST'
  /** As the router takes it: `:name` is a parameter. */
  readonly path: string
  /** Does it. @returns the answer's JSON. @throws Refusal or OapiRefusal */
  readonly perform: (call: Call) => object
}
