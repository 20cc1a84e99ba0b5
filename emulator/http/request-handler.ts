import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Operation } from './operation.ts'
import type { RecordedRequest } from './recorded-request.ts'
import type { Answer } from './response-data.ts'

/** What a request asks for. */
export interface Action {
  readonly operation: Operation
  /**
   * Takes the body in. Nothing has been done by that.
   *
   * @param how `lose` it if nothing is to come of it, stop `after` so many bytes, or store it `corrupt`
   */
  receive(how: { lose?: boolean; after?: number; corrupt?: boolean }): Promise<void>
  /** Does what is asked for. Called once, with the body received, or never. */
  perform(): Answer
}

/** The operation that a request asks for, and how to handle it. */
export interface Match {
  readonly operation: Operation
  readonly handler: (recorded: RecordedRequest) => Action
}

/** Finds out what a request asks for. */
export type Matcher = (request: IncomingMessage, url: URL, response: ServerResponse) => Match
