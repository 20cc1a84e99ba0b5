import type { Operation, Server } from '../http/operation.ts'
import type { ResponseData } from '../http/request.ts'
import type { Breakage } from './broken.ts'

/** A response that replaces the call's own response. */
export interface ResponsePlay extends ResponseData {
  /** `answer`: the call is not executed. `answer-after`: it is executed first. */
  kind: 'answer' | 'answer-after'
  /** The responses of servers that report the same error in another form. */
  instead?: Partial<Record<Server, ResponseData>>
}

/** A fault's effect on a call. */
export type Play =
  | ResponsePlay
  /** The connection is cut and the call is not executed; for a PUT, after `afterBytes` bytes of the body (default 0). */
  | { kind: 'cut-before'; afterBytes?: number }
  /** The call is executed, then the connection is cut without a response. */
  | { kind: 'cut-after' }
  /** The call is executed, then the connection is cut in the middle of the response. */
  | { kind: 'cut-in-body' }
  /** The call is not executed and gets no response; for a PUT, reading stops after `afterBytes` bytes (default: all). */
  | { kind: 'hang'; afterBytes?: number }
  /** The call is executed, but gets no response. */
  | { kind: 'hang-after' }
  /** A PUT stores its bytes with one of them changed. The ETag matches the stored bytes. No effect on other calls. */
  | { kind: 'corrupt' }
  /** The call is executed, and its response arrives broken. */
  | { kind: 'broken'; how: Breakage }
  /** The call is not executed. A proxy responds with a page that contains the request: headers, path, and body. */
  | { kind: 'echo'; status: number; as: 'html' | 'json' }
  /** The call is executed, and its response arrives one byte per second, without end. */
  | { kind: 'drip' }
  /** The call is executed `ms` milliseconds later. */
  | { kind: 'delay'; ms: number }

export interface Fault {
  operation: Operation | '*'
  /**
   * The first call that is affected: 1 is the first since the emulator started or the faults were cleared.
   * Default: the next call that no earlier fault affects.
   */
  nth?: number
  /** How many calls are affected (default 1); `Infinity`: all from then on. */
  times?: number
  play: Play
}

/** The response of a play, in the form of the given server. */
export function responseOf({ status, body, headers, instead }: ResponsePlay, server: Server): ResponseData {
  const own = instead?.[server]
  if (own) return own
  return { status, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) }
}
