import type { Clock } from '../http/environment.ts'

/** A task counts as late after so many times the time that others took on average. */
const LATE = 2

export interface HedgeOptions {
  /** How many tasks run at once. */
  workers: number
  clock: Clock
  /** Ends everything. */
  signal: AbortSignal
}

/** One of at most two attempts at a task. */
export interface Attempt {
  readonly isFirst: boolean
  /** Ends it. */
  readonly signal: AbortSignal
  /** To be called when it no longer waits for anything, and its time begins to count. */
  begin: () => void
  /** To be called when it waits again, for example before a retry: waiting does not count as slow. */
  wait: () => void
}

interface Task<T> {
  readonly item: T
  /** ms; undefined: it has not begun, or waits */
  started: number | undefined
  /** Aborted when one of its attempts has succeeded, or the first has failed: ends both. */
  readonly over: AbortController
  isWatched: boolean
  /** The second attempt, while it is in progress and after that. */
  second: Promise<void> | undefined
}

/**
 * Runs a task for each item, several at once, in order. At the end, when nothing is left to begin, a task that takes much
 * longer than the others is run a second time in parallel. The one that finishes first ends the other, so that one slow or
 * stalled connection does not hold up the file ("hedged requests": Dean and Barroso, The Tail at Scale, 2013).
 *
 * @param run may be called a second time for the same item while the first call is in progress
 * @throws what the first attempt at a task throws, unless a second one succeeds
 */
export async function runHedged<T>(
  items: Iterable<T>,
  { workers, clock, signal: outer }: HedgeOptions,
  run: (item: T, attempt: Attempt) => Promise<void>,
): Promise<void> {
  const failing = new AbortController()
  const signal = AbortSignal.any([outer, failing.signal])
  const queue = items[Symbol.iterator]()
  const running = new Set<Task<T>>()
  /** How many tasks have finished, and how long they took in all, in ms. */
  const finished = { count: 0, time: 0 }

  const runFirst = async (item: T) => {
    const over = new AbortController()
    const task: Task<T> = { item, over, started: undefined, isWatched: false, second: undefined }
    const begin = () => {
      task.started ??= clock.monotonic()
    }
    const wait = () => {
      task.started = undefined
    }
    running.add(task)
    try {
      await run(item, { isFirst: true, signal: AbortSignal.any([signal, over.signal]), begin, wait })
    } catch (error) {
      await task.second
      if (!over.signal.aborted) throw error
    } finally {
      running.delete(task)
      over.abort(new Error('the task is done'))
    }
    if (task.started === undefined) return
    finished.count++
    finished.time += clock.monotonic() - task.started
  }

  const runSecondIfLate = async (task: Task<T>) => {
    const { item, over } = task
    task.isWatched = true
    const late = () => (finished.time / finished.count) * LATE
    const taken = () => (task.started === undefined ? 0 : clock.monotonic() - task.started)
    // A task that waits is not late.
    do await abortedOrAfter(over.signal, Math.max(late() - taken(), 0), clock)
    while (running.has(task) && (task.started === undefined || taken() < late()))
    if (!running.has(task) || signal.aborted) return
    const nothing = () => undefined
    const attempt = { signal: AbortSignal.any([signal, over.signal]), begin: nothing, wait: nothing }
    task.second = run(item, { ...attempt, isFirst: false }).then(() => {
      over.abort(new Error('another attempt was faster'))
    }, nothing) // if it fails, the first one goes on
    await task.second
  }

  const work = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      signal.throwIfAborted()
      await runFirst(next.value)
    }
    const unwatched = () => {
      const tasks = [...running].filter(({ isWatched }) => !isWatched)
      return tasks.find(({ started }) => started !== undefined) ?? tasks[0]
    }
    for (let task = unwatched(); task && finished.count > 0; task = unwatched()) await runSecondIfLate(task)
  }

  const working = Array.from({ length: workers }, work)
  try {
    await Promise.all(working)
  } catch (error) {
    failing.abort(error)
    await Promise.allSettled(working)
    throw error
  }
}

/** Resolves when the signal is aborted, and after so many ms at the latest. */
function abortedOrAfter(signal: AbortSignal, ms: number, clock: Clock): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = clock.timer(ms, resolve)
    const aborted = () => {
      timer.stop()
      resolve()
    }
    signal.addEventListener('abort', aborted, { once: true })
  })
}
