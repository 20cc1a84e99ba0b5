import type { IncomingMessage } from 'node:http'
import { chunksOf } from '../http/body.ts'
import { GatewayError, OapiError } from '../http/errors.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { RequestHandler } from '../http/request-handler.ts'
import type { Call, Perform } from './route.ts'

/** Maximum size of a body, in bytes. */
const MAX_BODY = 8 * 1024 ** 2

/** Handles a call to a gateway. */
export function callHandler(
  perform: Perform,
  request: IncomingMessage,
  recorded: RecordedRequest,
  { params, query }: Pick<Call, 'params' | 'query'>,
  spelled: (code: string) => string = (code) => code,
): RequestHandler {
  let body = ''
  return {
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
        if (error instanceof GatewayError) return error.response(spelled(error.code))
        if (error instanceof OapiError) return error.response()
        throw error
      }
    },
  }
}
