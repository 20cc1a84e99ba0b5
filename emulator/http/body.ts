import type { IncomingMessage } from 'node:http'
import type { RecordedRequest } from './recorded-request.ts'

/** The body as it comes. Whoever stops reading leaves the connection as it is. */
export async function* chunksOf(
  request: IncomingMessage,
  recorded: RecordedRequest,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    recorded.bytesReceived += (chunk as Uint8Array).length
    yield chunk as Uint8Array
  }
}
