import type { Clock } from './clock.ts'
import { DingTalkError } from '../errors.ts'
import { OPERATIONS, type OperationName } from '../operations.ts'

/** The longest wait between two tries that backing off alone leads to, in ms. */
const MAX_BACKOFF = 30_000
/** A platform that asks for a longer wait than this (ms) is not waited for: the job would only hang. */
const MAX_RETRY_AFTER = 120_000

/** What the retry policy needs besides the error itself. */
export interface RetryOptions {
  readonly clock: Clock
  /** A number from 0 (inclusive) to 1 (exclusive), as `Math.random`. */
  readonly random: () => number
  /** Tries after the first. */
  readonly retries: number
  /** Told before each wait. */
  readonly log: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes a call, again where the policy allows it.
 *
 * @throws the last failure; at once whatever else the attempt meets, failures of other operations among it: those it
 *   needs (a token, new upload info) have had tries of their own
 */
export async function withRetries<T>(
  operation: OperationName,
  retryOptions: RetryOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.operation !== operation) throw error
      if (failures > retryOptions.retries) throw error
      const wait = waitBeforeRepeating(error, failures, retryOptions.random)
      if (wait === undefined) throw error
      const { title } = OPERATIONS[operation]
      retryOptions.log(
        `could not ${title} (${error.code}: ${error.message}); ` +
          `try ${failures + 1} of ${retryOptions.retries + 1} in ${(wait / 1000).toFixed(1)} s`,
      )
      await retryOptions.clock.sleep(wait, retryOptions.signal)
    }
  }
}

/**
 * The policy: how long to wait (ms) before the call is made again, or undefined if it must not be.
 *
 * Backs off exponentially from half a second, with jitter, so that the jobs of a matrix do not come back together.
 * Throttling is counted per second (or minute) by the platform: it waits at least that out.
 */
export function waitBeforeRepeating(
  error: DingTalkError,
  failures: number,
  random: () => number,
): number | undefined {
  const backoff = Math.min(MAX_BACKOFF, 500 * 2 ** (failures - 1)) * (0.5 + random() / 2)
  switch (error.remedy) {
    case 'repeat':
      return atLeast(error.retryAfter ?? 0, backoff)
    case 'wait-out':
      return atLeast(error.retryAfter ?? (/Qpm|^130101$/.test(error.code) ? 15_000 : 1000), backoff)
    case 'new-token': // the gateway's to do
    case 'new-upload-info': // the transfer's
    case 'look-up': // the committer's
    case 'report':
    case 'stop':
      return undefined
  }
}

function atLeast(floor: number, backoff: number): number | undefined {
  if (floor > MAX_RETRY_AFTER) return undefined
  return floor + backoff
}
