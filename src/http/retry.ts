import { pause, type Environment } from './environment.ts'

/** The longest backoff between two attempts, in ms. */
const MAX_BACKOFF = 30_000
/** The longest wait that a server may ask for, in ms. The job does not wait longer than this: it fails. */
const MAX_RETRY_AFTER = 120_000

/** When a request is sent again. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number
  /** How long to wait at least (ms) before another attempt after this error; undefined: there is none. */
  readonly waitAfter: (error: unknown) => number | undefined
  /**
   * Called before each wait.
   *
   * @param delay ms
   * @param attempt the number of the next one, from 2
   */
  readonly onWait: (error: unknown, delay: number, attempt: number) => void
}

/**
 * Calls `attempt`, and again as long as the policy allows it: the only loop that repeats a request. Waits as
 * {@link retryDelay} says.
 *
 * @throws the last error, or what ends the wait: see {@link pause}
 */
export async function withRetries<T>(
  { retries, waitAfter, onWait }: RetryPolicy,
  environment: Environment,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      const delay =
        failures > retries ? undefined : retryDelay(waitAfter(error), failures, environment.random)
      if (delay === undefined) throw error
      // A job that is canceled makes no further attempt: the pause throws.
      if (!environment.signal.aborted) onWait(error, delay, failures + 1)
      await pause(delay, environment)
    }
  }
}

/**
 * How long to wait (ms) before the next attempt, or undefined if there is none: what was asked for, and an exponential
 * backoff from half a second, with jitter so that the jobs of a matrix don't return together.
 *
 * @param least ms, as the server or its limits ask for
 */
export function retryDelay(
  least: number | undefined,
  failures: number,
  random: () => number,
): number | undefined {
  if (least === undefined || least > MAX_RETRY_AFTER) return undefined
  return least + Math.min(MAX_BACKOFF, 500 * 2 ** (failures - 1)) * (0.5 + random() / 2)
}
