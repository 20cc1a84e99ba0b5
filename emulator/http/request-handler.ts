import type { Operation } from './operation.ts'
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
