import type { Operation, Server } from '../http/operation.ts'
import type { Answer } from '../http/response-data.ts'

/** An answer in the place of the call's own. */
export interface AnswerPlay extends Answer {
  /** `answer` leaves the call undone, `answer-after` does it first. */
  kind: 'answer' | 'answer-after'
  /** What the old gateway, or OSS, says where it has another form for the same thing. */
  instead?: Partial<Record<Server, Answer>>
}

/** What happens to a call. */
export type Play =
  | AnswerPlay
  /** The connection is cut with nothing done; while an object is put, after so many bytes of it (default 0). */
  | { kind: 'cut-before'; afterBytes?: number }
  /** The call is done, then the connection is cut without an answer. */
  | { kind: 'cut-after' }
  /** The call is done, then the connection is cut in the middle of the answer. */
  | { kind: 'cut-in-body' }
  /** Nothing is done and no answer comes; while an object is put, no more than so many bytes of it are read. */
  | { kind: 'hang'; afterBytes?: number }
  /** The call is done, but no answer comes. */
  | { kind: 'hang-after' }
  /** The bytes that are put are stored with one changed, and the ETag is of what is stored. Nothing else is touched. */
  | { kind: 'corrupt' }
  /** The call is done so many ms later. */
  | { kind: 'delay'; ms: number }

export interface Fault {
  operation: Operation | '*'
  /**
   * Which call of the operation it begins with: 1 is the first since the emulator started or the faults were cleared.
   * Without it, the next one that no fault added earlier takes.
   */
  nth?: number
  /** How many calls it is played to (default 1); `Infinity` is every one from then on. */
  times?: number
  play: Play
}

/** The answer of a play, in the form of the server that is to give it. */
export function answerOf({ status, body, headers, instead }: AnswerPlay, server: Server): Answer {
  const own = instead?.[server]
  if (own) return own
  return { status, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) }
}
