import type { IncomingMessage } from 'node:http'
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
