import type { Clock } from './clock.ts'
import type { OperationName } from '../operations.ts'

/**
 * The standard edition takes 20 calls a second per app and API, and refuses the next. Two fewer leave room for calls
 * that the network delivers closer together than they were sent.
 */
const CALLS = 18
const WINDOW = 1000

/** Keeps calls below the platform's rate, so that none has to be refused. */
export class RateLimiter {
  readonly #clock: Clock
  /** When the last calls of each kind were, or will be, let go: ms since the epoch, earlier ones first. */
  readonly #times = new Map<OperationName, number[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when a call may be made. */
  async acquire(operation: OperationName, signal?: AbortSignal): Promise<void> {
    const times = this.#times.get(operation) ?? []
    this.#times.set(operation, times)
    const now = this.#clock.now()
    const at = times.length < CALLS ? now : Math.max(now, (times.shift() ?? 0) + WINDOW)
    times.push(at)
    if (at > now) await this.#clock.sleep(at - now, signal)
  }
}
