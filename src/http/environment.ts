import type { LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A timer that fires once, unless it is restarted or stopped before. */
export interface Timer {
  /** Starts again, unless the timer was stopped. @param after ms; default: as at first */
  restart(after?: number): void
  /** Stops the timer permanently. */
  stop(): void
}

export interface Clock {
  /** ms since the epoch */
  now(): number
  /** ms since any point in time, for durations. Unlike {@link now}, it never goes back. */
  monotonic(): number
  /** Resolves after `ms` milliseconds. Rejects with the reason of the signal when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `onElapsed` after `ms` milliseconds without a restart. */
  timer(ms: number, onElapsed: () => void): Timer
}

/** What a run gets from outside. Tests provide a clock on which waits take no time. */
export interface Environment {
  readonly clock: Clock
  /** As `Math.random`. */
  readonly random: () => number
  /** Aborted when the job is canceled. Its reason is thrown then. */
  readonly signal: AbortSignal
  /** Aborted with an error, such as a ban, after which further requests and waits fail with this error. */
  readonly halting: AbortController
  /** Resolves host names. Default: the system's resolver. */
  readonly lookup?: LookupFunction | undefined
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal })
    } catch {
      signal?.throwIfAborted()
    }
  },
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

/** The environment of a run: what is given, and the machine's own clock, randomness, and resolver. */
export function environmentOf(given: Partial<Environment> = {}): Environment {
  return {
    clock: systemClock,
    random: Math.random,
    signal: new AbortController().signal,
    halting: new AbortController(),
    ...given,
  }
}

/** Runs a task that may continue for `ms` milliseconds after the job was canceled. Its signal is aborted then. */
export async function outlasting<T>(
  ms: number,
  { clock, signal }: Pick<Environment, 'clock' | 'signal'>,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  let timer: Timer | undefined
  const onAbort = () => {
    timer = clock.timer(ms, () => {
      ending.abort(signal.reason)
    })
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await task(ending.signal)
  } finally {
    signal.removeEventListener('abort', onAbort)
    timer?.stop()
  }
}

/** Waits `ms` milliseconds. @throws the reason if the job is canceled or halted */
export async function pause(
  ms: number,
  { clock, signal, halting }: Pick<Environment, 'clock' | 'signal' | 'halting'>,
): Promise<void> {
  await clock.sleep(ms, AbortSignal.any([signal, halting.signal]))
}
