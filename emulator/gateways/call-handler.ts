import type { IncomingMessage } from 'node:http'
import { chunksOf } from '../http/body.ts'
import { OapiRefusal, Refusal } from '../http/errors.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Action } from '../http/request-handler.ts'
import type { Call, Route } from './route.ts'

/** The most that a gateway takes, in bytes. */
const MAX_BODY = 8 * 1024 ** 2

/** A call to one of the gateways. */
export function callAction(
  { operation, perform }: Pick<Route, 'operation' | 'perform'>,
  request: IncomingMessage,
  recorded: RecordedRequest,
  { params, query }: Pick<Call, 'params' | 'query'>,
): Action {
  let body = ''
  return {
    operation,
    async receive() {
      const chunks: Uint8Array[] = []
      for await (const chunk of chunksOf(request, recorded)) {
        if (recorded.bytesReceived <= MAX_BODY) chunks.push(chunk)
      }
      body = recorded.body = Buffer.concat(chunks).toString()
    },
    perform() {
      try {
        return { status: 200, body: perform({ headers: request.headers, params, query, body }) }
      } catch (error) {
        if (error instanceof Refusal || error instanceof OapiRefusal) return error.answer()
        throw error
      }
    },
  }
}
