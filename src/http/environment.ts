import type { LookupFunction } from 'node:net'

/** A timer that can be pushed back: fires once, `ms` after it was made, or `after` (default `ms`) after it was last restarted. */
export interface Timer {
  /** Starts over, unless the timer has been stopped. @param after ms; default: as at first */
  restart(after?: number): void
  /** For good: work that goes on a little longer cannot start the timer again, which would keep the process alive. */
  stop(): void
}

/** Time as the program sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since some moment: for durations. Unlike {@link now} it never steps back. */
  monotonic(): number
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as that is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `onElapsed` once, after `ms` milliseconds without a restart. */
  timer(ms: number, onElapsed: () => void): Timer
}

/** What a run gets from outside. Handed in, so that a test of "waits 1 s, 2 s, 4 s" takes milliseconds. */
export interface Environment {
  readonly clock: Clock
  /** A number from 0 (inclusive) to 1 (exclusive), as `Math.random`. */
  readonly random: () => number
  /** Aborted when the job is canceled; its reason is then thrown. */
  readonly signal: AbortSignal
  /**
   * Aborted with the error after which nothing may be sent any more, such as a ban. Every further request fails with that
   * error, and every wait ends with it. Requests under way go on.
   */
  readonly halting: AbortController
  /** Resolves the names of hosts; default: the system's resolver. */
  readonly lookup?: LookupFunction | undefined
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const aborted = () => {
        clearTimeout(timeout)
        reject(signal?.reason as Error)
      }
      const timeout = setTimeout(() => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }, ms)
      signal?.addEventListener('abort', aborted, { once: true })
    }),
  timer: (ms, onElapsed) => {
    let timeout: NodeJS.Timeout | undefined = setTimeout(onElapsed, ms)
    return {
      restart: (after = ms) => {
        if (timeout === undefined) return
        clearTimeout(timeout)
        timeout = setTimeout(onElapsed, after)
      },
      stop: () => {
        clearTimeout(timeout)
        timeout = undefined
      },
    }
  },
}

/** The environment of a run. What is not given is the machine's own; nothing cancels the run. */
export function environmentOf(given: Partial<Environment> = {}): Environment {
  return {
    clock: systemClock,
    random: Math.random,
    signal: new AbortController().signal,
    halting: new AbortController(),
    ...given,
  }
}

/**
 * Runs a task that may go on for so many ms after the job was canceled.
 *
 * @param task is given a signal that is aborted then
 */
export async function outlasting<T>(
  ms: number,
  { clock, signal }: Pick<Environment, 'clock' | 'signal'>,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  let timer: Timer | undefined
  const canceled = () => {
    timer = clock.timer(ms, () => {
      ending.abort(signal.reason)
    })
  }
  if (signal.aborted) canceled()
  else signal.addEventListener('abort', canceled, { once: true })
  try {
    return await task(ending.signal)
  } finally {
    signal.removeEventListener('abort', canceled)
    timer?.stop()
  }
}

/** Waits so many ms. @throws what the job was canceled with, or halted */
export async function pause(
  ms: number,
  { clock, signal, halting }: Pick<Environment, 'clock' | 'signal' | 'halting'>,
): Promise<void> {
  await clock.sleep(ms, AbortSignal.any([signal, halting.signal]))
}
