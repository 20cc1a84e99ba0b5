import type { IncomingMessage, ServerResponse } from 'node:http'
import { pageOf, type Operation, type Server } from './operation.ts'

/** The record of a request and its outcome. */
export interface RecordedRequest {
  readonly server: Server
  readonly operation: Operation
  readonly method: string
  /** Includes the query. */
  readonly path: string
  /** Names in lower case; repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[]
  /** Whether the call counts towards the organization's monthly quota. */
  readonly onQuota: boolean
  /** The body of a call to a gateway; absent for a PUT, and for a form with a file. */
  body?: string
  /** The status of the response, if there was one. */
  status?: number
  /** Bytes of the body. */
  bytesReceived: number
  /** Whether the response was sent or the connection closed. */
  ended: boolean
}

export interface ResponseData {
  status: number
  /** An object is sent as JSON, a string as it is. */
  body?: object | string
  headers?: Record<string, string>
}

/** Handles one request, in two steps so that a fault can come between them. */
export interface RequestHandler {
  /**
   * Reads the body. This alone has no effect on the platform.
   *
   * @param how `discard`: drop the body; `afterBytes`: stop after so many bytes; `corrupt`: change one byte
   */
  receive(how: { discard?: boolean; afterBytes?: number; corrupt?: boolean }): Promise<void>
  /** Does the call. Called at most once, after the whole body was received. */
  perform(): ResponseData
}

/** Finds the operation of a request, and how to handle it. */
export type Matcher = (
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
) => { readonly operation: Operation; readonly handler: (recorded: RecordedRequest) => RequestHandler }

/** Creates the record of a request. */
export function record(server: Server, operation: Operation, request: IncomingMessage): RecordedRequest {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(', ')])
  return {
    server,
    operation,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
    rawHeaders: request.rawHeaders,
    onQuota: pageOf(operation)?.quota ?? false,
    bytesReceived: 0,
    ended: false,
  }
}

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
