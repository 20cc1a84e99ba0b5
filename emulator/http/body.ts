import type { IncomingMessage } from 'node:http'
import type { RecordedRequest } from './recorded-request.ts'

/** The chunks of a request's body. The connection stays open if the reader stops early. */
export async function* chunksOf(
  request: IncomingMessage,
  recorded: RecordedRequest,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    recorded.bytesReceived += (chunk as Uint8Array).length
    yield chunk as Uint8Array
  }
}
