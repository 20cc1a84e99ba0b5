import type { IncomingMessage } from 'node:http'
import { OPERATIONS, type Operation, type Server } from './operation.ts'

/** A request as it came. */
export interface RecordedRequest {
  readonly server: Server
  readonly operation: Operation
  readonly method: string
  /** With the query. */
  readonly path: string
  /** Names in lower case; of those that came twice, both. */
  readonly headers: Readonly<Record<string, string>>
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  /** Whether it counts towards the organisation's monthly calls. */
  readonly onQuota: boolean
  /** What was sent to a gateway; the bytes that are put are not kept here. */
  body?: string
  /** What it was answered with, if it was. */
  status?: number
  /** Of the body. */
  bytesReceived: number
  /** Whether nothing more comes of it: it has been answered, or its connection is gone. */
  ended: boolean
}

/** Begins the record of a request. */
export function record(server: Server, operation: Operation, request: IncomingMessage): RecordedRequest {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(', ')])
  return {
    server,
    operation,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
    rawHeaders: request.rawHeaders,
    onQuota: OPERATIONS[operation].onQuota,
    bytesReceived: 0,
    ended: false,
  }
}
