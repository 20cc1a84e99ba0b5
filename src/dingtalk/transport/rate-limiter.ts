import type { OperationName } from '../operations.ts'
import type { Clock } from './environment.ts'
import { pause, type RetryOptions } from './retry.ts'

/**
 * The standard edition allows 20 calls a second per app and API, and refuses the next. Two fewer leave room for calls
 * that the network delivers closer together than they were sent. Page: `call-frequency-limit`.
 */
const CALLS = 18
/** ms */
const WINDOW = 1000

/** Keeps calls below the platform's rate, so that none is refused. */
export class RateLimiter {
  readonly #clock: Clock
  /** When the last calls of each operation were, or will be, released: ms, in order. */
  readonly #times = new Map<OperationName, number[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when a call may be made. @throws as {@link pause} */
  async acquire(
    operation: OperationName,
    options: Pick<RetryOptions, 'signal' | 'halting'> = {},
  ): Promise<void> {
    const times = this.#times.get(operation) ?? []
    this.#times.set(operation, times)
    const now = this.#clock.monotonic()
    const at = times.length < CALLS ? now : Math.max(now, (times.shift() ?? 0) + WINDOW)
    times.push(at)
    if (at > now) await pause(at - now, { ...options, clock: this.#clock })
  }
}
