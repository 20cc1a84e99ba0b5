import type { RequestListener } from '../http/listener.ts'
import type { Server } from '../http/operation.ts'
import { record } from '../http/recorded-request.ts'
import type { Matcher } from '../http/request-handler.ts'
import { Responder, type ResponderOptions } from './responder.ts'

/** Records every request to a server, and responds to it. */
export function requestListener(server: Server, match: Matcher, options: ResponderOptions): RequestListener {
  return (request, response, url) => {
    const { operation, handler } = match(request, url, response)
    const recorded = record(server, operation, request)
    options.requests.push(recorded)
    response.once('close', () => (recorded.ended = true))
    new Responder(options, recorded, response, handler(recorded)).run().catch((error: unknown) => {
      // The client is gone, or the emulator is closing: nobody waits for this response.
      if (!request.complete || response.destroyed || options.closing.aborted) return
      console.error(error)
      response.writeHead(500).end()
    })
  }
}
