import type { Clock } from '../http/environment.ts'

/** A task is late once it takes this many times as long as the average. */
const LATE = 2

/** One of at most two attempts at a task. */
export interface Attempt {
  readonly isFirst: boolean
  /** Ends the attempt. */
  readonly signal: AbortSignal
  /** To be called when the attempt starts to send: its time counts from then on. */
  begin: () => void
  /** To be called when the attempt waits, for example before a retry. Waiting doesn't make it late. */
  wait: () => void
}

interface Task<T> {
  readonly item: T
  /** When it began, in ms; undefined while it waits. */
  started: number | undefined
  /** Aborted when the task is done: ends both attempts. */
  readonly done: AbortController
  isWatched: boolean
  second: Promise<void> | undefined
}

/**
 * Runs a task for each item, in order, with several workers. When no tasks are left to start, a task that takes much longer
 * than the average is run a second time, and the faster attempt ends the other, so that one slow connection doesn't hold up
 * the file ("hedged requests": Dean and Barroso, The Tail at Scale, 2013).
 *
 * @param outer ends everything
 * @param run may be called twice for an item, at the same time
 * @throws the error of a first attempt, unless the second attempt succeeds
 */
export async function runHedged<T>(
  items: Iterable<T>,
  { workers, clock, signal: outer }: { workers: number; clock: Clock; signal: AbortSignal },
  run: (item: T, attempt: Attempt) => Promise<void>,
): Promise<void> {
  const failing = new AbortController()
  const signal = AbortSignal.any([outer, failing.signal])
  const queue = Iterator.from(items)
  const running = new Set<Task<T>>()
  const finished = { count: 0, time: 0 }
  const nothing = () => undefined

  const runFirst = async (item: T) => {
    const done = new AbortController()
    const task: Task<T> = { item, started: undefined, done, isWatched: false, second: undefined }
    const begin = () => {
      task.started ??= clock.monotonic()
    }
    const wait = () => {
      task.started = undefined
    }
    running.add(task)
    try {
      await run(item, { isFirst: true, signal: AbortSignal.any([signal, done.signal]), begin, wait })
    } catch (error) {
      await task.second
      if (!done.signal.aborted) throw error
    } finally {
      running.delete(task)
      done.abort(new Error('the task is done'))
    }
    if (task.started === undefined) return
    finished.count++
    finished.time += clock.monotonic() - task.started
  }

  const runSecondIfLate = async (task: Task<T>) => {
    task.isWatched = true
    const { item, done } = task
    const untilLate = () => {
      const taken = task.started === undefined ? 0 : clock.monotonic() - task.started
      return (finished.time / finished.count) * LATE - taken
    }
    const late = Promise.withResolvers<undefined>()
    const timer = clock.timer(Math.max(untilLate(), 0), () => {
      if (task.started !== undefined && untilLate() <= 0) late.resolve(undefined)
      else timer.restart(Math.max(untilLate(), 1))
    })
    done.signal.addEventListener('abort', () => {
      late.resolve(undefined)
    })
    await late.promise
    timer.stop()
    if (done.signal.aborted || signal.aborted) return
    const attempt = { isFirst: false, signal: AbortSignal.any([signal, done.signal]) }
    task.second = run(item, { ...attempt, begin: nothing, wait: nothing }).then(() => {
      done.abort(new Error('another attempt was faster'))
    }, nothing) // if it fails, the first attempt goes on
    await task.second
  }

  const work = async () => {
    for (const item of queue) {
      signal.throwIfAborted()
      await runFirst(item)
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
