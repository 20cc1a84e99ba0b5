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

/** One of at most two tries of a task. */
export interface Try {
  readonly isFirst: boolean
  /** Ends it. */
  readonly signal: AbortSignal
  /** To be called when it has what it waited for, and its time begins to count. */
  begin: () => void
  /** To be called when it waits again, for example before a retry: waiting does not count as slow. */
  wait: () => void
}

interface Task<T> {
  readonly item: T
  /** ms; undefined: it has not begun, or waits */
  started: number | undefined
  /** Ends both tries. */
  readonly over: AbortController
  readonly done: Promise<undefined>
  isDone: boolean
  isWatched: boolean
  /** The second try, while it is under way and after that. */
  second: Promise<void> | undefined
}

/**
 * Runs a task for each item, several at once, in order. At the end, when nothing is left to begin, a task that takes much
 * longer than the others is run a second time in parallel. The one that finishes first ends the other, so that one slow or
 * stalled connection does not hold up the file ("hedged requests": Dean and Barroso, The Tail at Scale, 2013).
 *
 * @param run may be called a second time for the same item while the first call is under way
 * @throws what the first try of a task throws, unless a second one succeeds
 */
export async function runHedged<T>(
  items: Iterable<T>,
  { workers, clock, signal }: HedgeOptions,
  run: (item: T, one: Try) => Promise<void>,
): Promise<void> {
  const failing = new AbortController()
  const hedge = new Hedge(clock, AbortSignal.any([signal, failing.signal]), run)
  const queue = items[Symbol.iterator]()
  const working = Array.from({ length: workers }, () => hedge.work(queue))
  try {
    await Promise.all(working)
  } catch (error) {
    failing.abort(error)
    await Promise.allSettled(working)
    throw error
  }
}

class Hedge<T> {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #run: (item: T, one: Try) => Promise<void>
  readonly #underWay = new Set<Task<T>>()
  /** How many tasks have finished, and how long they took in all, in ms. */
  #finished = 0
  #time = 0

  constructor(clock: Clock, signal: AbortSignal, run: (item: T, one: Try) => Promise<void>) {
    this.#clock = clock
    this.#signal = signal
    this.#run = run
  }

  /** One worker: the first tries as long as there are any, then the second ones. */
  async work(queue: Iterator<T>): Promise<void> {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      this.#signal.throwIfAborted()
      await this.#first(next.value)
    }
    const unwatched = () => {
      const tasks = [...this.#underWay].filter(({ isWatched }) => !isWatched)
      return tasks.find(({ started }) => started !== undefined) ?? tasks[0]
    }
    for (let task = unwatched(); task && this.#finished > 0; task = unwatched()) {
      await this.#watch(task)
      if (!this.#underWay.has(task) || this.#signal.aborted) continue
      task.second = this.#second(task)
      await task.second
    }
  }

  async #first(item: T): Promise<void> {
    const { promise: done, resolve } = Promise.withResolvers<undefined>()
    const over = new AbortController()
    const states = { started: undefined, isDone: false, isWatched: false, second: undefined }
    const task: Task<T> = { item, over, done, ...states }
    this.#underWay.add(task)
    const begin = () => {
      task.started ??= this.#clock.monotonic()
    }
    const wait = () => {
      task.started = undefined
    }
    try {
      const signal = AbortSignal.any([this.#signal, over.signal])
      await this.#run(item, { isFirst: true, signal, begin, wait })
    } catch (error) {
      await task.second
      if (!task.isDone) throw error
    } finally {
      this.#underWay.delete(task)
      resolve(undefined)
    }
    if (task.started !== undefined) {
      this.#finished++
      this.#time += this.#clock.monotonic() - task.started
    }
    end(task)
  }

  /** Waits until a task is done, or late. One that waits is not late. */
  async #watch(task: Task<T>): Promise<void> {
    task.isWatched = true
    const average = () => this.#time / this.#finished
    const taken = () => (task.started === undefined ? 0 : this.#clock.monotonic() - task.started)
    do await doneOrAfter(task.done, Math.max(average() * LATE - taken(), 0), this.#clock)
    while (this.#underWay.has(task) && (task.started === undefined || taken() < average() * LATE))
  }

  async #second(task: Task<T>): Promise<void> {
    const signal = AbortSignal.any([this.#signal, task.over.signal])
    const nothing = () => undefined
    try {
      await this.#run(task.item, { isFirst: false, signal, begin: nothing, wait: nothing })
      end(task)
    } catch {
      // The first try goes on.
    }
  }
}

function end<T>(task: Task<T>): void {
  task.isDone = true
  task.over.abort(new Error('it is done by another try'))
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
