import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Operation } from './operation.ts'
import type { RecordedRequest } from './recorded-request.ts'
import type { ResponseData } from './response-data.ts'

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

/** The operation that a request asks for, and how to handle it. */
interface Match {
  readonly operation: Operation
  readonly handler: (recorded: RecordedRequest) => RequestHandler
}

/** Finds the operation of a request. */
export type Matcher = (request: IncomingMessage, url: URL, response: ServerResponse) => Match
