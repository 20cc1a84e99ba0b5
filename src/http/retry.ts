import { pause, type Environment } from './environment.ts'

/** The maximum backoff between two attempts, in ms. */
const MAX_BACKOFF = 30_000
/** The maximum wait that a server can ask for, in ms. If it asks for more, the request fails. */
const MAX_RETRY_AFTER = 120_000

export interface RetryPolicy {
  /** Retries after the first attempt. */
  readonly retries: number
  /** The minimum wait (ms) after an error. Undefined if the request must not be retried. */
  readonly waitAfter: (error: unknown) => number | undefined
  /** Called before each wait. @param delay ms @param attempt the number of the next attempt, from 2 */
  readonly onWait: (error: unknown, delay: number, attempt: number) => void
}

/**
 * Calls `attempt`, and retries it as long as the policy allows. This is the only loop that repeats requests.
 *
 * @throws the last error, or the reason if a wait is ended: see {@link pause}
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
      // If the job was canceled, the pause throws.
      if (!environment.signal.aborted) onWait(error, delay, failures + 1)
      await pause(delay, environment)
    }
  }
}

/**
 * The wait before the next attempt, in ms, or undefined if there is none. It is the minimum wait and an exponential backoff
 * from half a second, with jitter so that the jobs of a matrix don't retry together.
 *
 * @param least the minimum wait, in ms
 */
export function retryDelay(
  least: number | undefined,
  failures: number,
  random: () => number,
): number | undefined {
  if (least === undefined || least > MAX_RETRY_AFTER) return undefined
  return least + Math.min(MAX_BACKOFF, 500 * 2 ** (failures - 1)) * (0.5 + random() / 2)
}
