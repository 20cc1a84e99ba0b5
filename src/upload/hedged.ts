import type { Clock } from '../dingtalk/transport/environment.ts'

/** A task counts as late after so many times the time that others took on average. */
const LATE = 2

export interface HedgeOptions {
  /** How many tasks run at once. */
  workers: number
  clock: Clock
  /** Ends everything. */
  signal: AbortSignal
}

/** One of at most two tries of a task. */
export interface Try {
  readonly isFirst: boolean
  /** Ends it. */
  readonly signal: AbortSignal
  /** To be called when it has what it waited for, and its time begins to count. */
  begin: () => void
}

interface Task<T> {
  readonly item: T
  /** ms; undefined: it has not begun */
  started: number | undefined
  /** Ends both tries. */
  readonly over: AbortController
  readonly done: Promise<undefined>
  isDone: boolean
  isWatched: boolean
}

/**
 * Runs a task for each item, several at once, in order. At the end, when nothing is left to begin, a task that takes much
 * longer than the others is run a second time in parallel. The one that finishes first ends the other, so that one slow or
 * stalled connection does not hold up the file ("hedged requests": Dean and Barroso, The Tail at Scale, 2013).
 *
 * @param run may be called a second time for the same item while the first call is under way
 * @throws what the first try of a task throws; a second try that fails is none
 */
export async function runHedged<T>(
  items: Iterable<T>,
  { workers, clock, signal: cancelled }: HedgeOptions,
  run: (item: T, one: Try) => Promise<void>,
): Promise<void> {
  const failing = new AbortController()
  const signal = AbortSignal.any([cancelled, failing.signal])
  const underWay = new Set<Task<T>>()
  let finished = 0
  let time = 0

  const first = async (item: T) => {
    const { promise: done, resolve } = Promise.withResolvers<undefined>()
    const over = new AbortController()
    const task: Task<T> = { item, started: undefined, over, done, isDone: false, isWatched: false }
    underWay.add(task)
    const begin = () => {
      task.started ??= clock.monotonic()
    }
    try {
      await run(item, { isFirst: true, signal: AbortSignal.any([signal, over.signal]), begin })
    } catch (error) {
      if (!task.isDone) throw error
    } finally {
      underWay.delete(task)
      resolve(undefined)
    }
    finished++
    time += clock.monotonic() - (task.started ?? 0)
    end(task)
  }
  const end = (task: Task<T>) => {
    task.isDone = true
    task.over.abort(new Error('it is done by another try'))
  }
  const second = async (task: Task<T>, started: number) => {
    task.isWatched = true
    const left = started + (time / finished) * LATE - clock.monotonic()
    await doneOrAfter(task.done, Math.max(left, 0), clock)
    if (!underWay.has(task) || signal.aborted) return
    try {
      const ending = AbortSignal.any([signal, task.over.signal])
      await run(task.item, { isFirst: false, signal: ending, begin: () => undefined })
      end(task)
    } catch {
      // The first try goes on.
    }
  }

  const queue = items[Symbol.iterator]()
  const working = Array.from({ length: workers }, async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      signal.throwIfAborted()
      await first(next.value)
    }
    const unwatched = () =>
      underWay.values().find(({ isWatched, started }) => !isWatched && started !== undefined)
    for (let task = unwatched(); task?.started !== undefined && finished > 0; task = unwatched())
      await second(task, task.started)
  })
  try {
    await Promise.all(working)
  } catch (error) {
    failing.abort(error)
    await Promise.allSettled(working)
    throw error
  }
}

/** Resolves when a task is done, and after so many ms at the latest. */
async function doneOrAfter(done: Promise<undefined>, ms: number, clock: Clock): Promise<void> {
  const { promise: elapsed, resolve } = Promise.withResolvers<undefined>()
  const timer = clock.timer(ms, () => {
    resolve(undefined)
  })
  await Promise.race([done, elapsed])
  timer.stop()
}
