/** Limits the number of parallel PUTs, and learns from each of them. */
export interface Concurrency {
  readonly limit: number
  /** The maximum of the limit. */
  readonly most: number
  /**
   * The number of files in progress for each connection. With two, the next file gets its upload info, and the last one is
   * committed, while another one is sent. A higher number would let signatures expire.
   */
  readonly filesPerConnection: number
  /** Call this when the storage has stored a PUT. Times are in ms of a monotonic clock. */
  succeeded(bytes: number, started: number, ended: number): void
  /** Call this when the storage was busy (`SlowDown`, 503), or the connection has failed. */
  failed(ended: number): void
}

/** A constant limit. With `1`, one file is uploaded after the other. */
export function fixedConcurrency(limit: number): Concurrency {
  return { limit, most: limit, filesPerConnection: 1, succeeded: () => undefined, failed: () => undefined }
}

/** The maximum of {@link AdaptiveConcurrency}. */
export const MAX_CONCURRENCY = 32
/** A higher limit is worthwhile if the total speed is at least this many times as high. */
const WORTH = 1.1
/** How much higher the later tries are. */
const PROBE = 1.25
/** The number of rounds before the first later try. It doubles after each try that was not worthwhile. */
const PATIENCE = 4
const MAX_PATIENCE = 32
/** The share of a round's PUTs that may fail before the storage counts as overloaded. */
const OVERLOAD = 0.25

/**
 * A limit that rises as long as the whole transfer gets faster.
 *
 * A round has as many PUTs as the limit. After each round, the total speed is compared with the round before. The limit
 * doubles, as in TCP's slow start (RFC 5681, section 3.1), until this is no longer worthwhile. Then it returns to the last
 * worthwhile limit and tries a slightly higher one from time to time, to follow a link that changes.
 *
 * If more than a few PUTs of a round fail, each failure lowers the limit by one, so the decrease is proportional to the
 * overload. If as many PUTs fail in a row as the limit allows, this is an outage, which says nothing about the right
 * limit: it starts again from half of the limit.
 */
export class AdaptiveConcurrency implements Concurrency {
  readonly most = MAX_CONCURRENCY
  readonly filesPerConnection = 2
  readonly #initial: () => number
  /** The limit at the start of the round. */
  #level: number | undefined
  /** The last worthwhile limit, and its total speed in bytes per ms. */
  #base = { limit: 0, speed: 0 }
  #isSearching = true
  #patience = PATIENCE
  /** Rounds until the next try. */
  #wait = 0
  #round = newRound(-Infinity)
  /** The number of PUTs that have failed in a row, and the limit before them. */
  #failing = { count: 0, limit: 0 }

  /** @param initial returns the limit until the first PUT has ended */
  constructor(initial: () => number) {
    this.#initial = initial
  }

  get limit(): number {
    const level = this.#level ?? this.#initial()
    return this.#isOverloaded ? Math.max(1, level - this.#round.failures) : level
  }

  get #isOverloaded(): boolean {
    return this.#round.failures > (this.#level ?? this.#initial()) * OVERLOAD
  }

  succeeded(bytes: number, started: number, ended: number): void {
    this.#level ??= this.#initial()
    this.#failing = { count: 0, limit: 0 }
    const round = this.#round
    // A PUT that started under another limit says nothing about this one.
    if (started < round.since) return
    round.puts++
    round.bytes += bytes
    round.time += ended - started
    if (round.puts < this.limit) return
    const next = this.#next()
    this.#round = newRound(next === this.limit ? round.since : ended)
    this.#level = next
  }

  failed(ended: number): void {
    const failing = this.#failing
    if (failing.count++ === 0) failing.limit = this.limit
    this.#round.failures++
    if (failing.count < failing.limit) return
    this.#level = Math.ceil(failing.limit / 2)
    this.#failing = { count: 0, limit: 0 }
    this.#base = { limit: 0, speed: 0 }
    this.#isSearching = true
    this.#round = newRound(ended)
  }

  /** Ends a round. @returns the limit of the next one */
  #next(): number {
    const { puts, failures, bytes, time } = this.#round
    const [limit, isOverload] = [this.limit, this.#isOverloaded]
    // A connection whose PUT failed carried nothing.
    const carrying = isOverload ? limit : (limit * puts) / (puts + failures)
    const speed = (bytes / Math.max(time, 1)) * carrying
    const grew = this.#base.limit > 0 && (this.#level ?? 0) > this.#base.limit
    const paid = !grew || (!isOverload && speed >= this.#base.speed * WORTH)
    if (isOverload || !paid) {
      this.#isSearching = false
      this.#wait = this.#patience
      this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE)
    }
    if (!paid) return this.#base.limit
    this.#base = { limit, speed }
    if (this.#isSearching) return Math.min(MAX_CONCURRENCY, limit * 2)
    if (isOverload || (!grew && this.#wait-- > 0)) return limit
    return Math.min(MAX_CONCURRENCY, Math.ceil(limit * PROBE))
  }
}

/** @param since earlier PUTs don't count; ms */
function newRound(since: number) {
  return { since, puts: 0, bytes: 0, time: 0, failures: 0 }
}

/** Runs a limited number of tasks at once. The others wait, and start in the order of the calls. */
export class Slots {
  readonly #limit: () => number
  #taken = 0
  readonly #waiting = new Set<{ readonly weight: number; readonly start: () => void }>()

  /** @param limit returns the current number of slots */
  constructor(limit: () => number) {
    this.#limit = limit
  }

  /**
   * Runs a task when there is a free slot.
   *
   * @param weight how many slots the task takes. It starts as soon as one is free.
   * @throws the error of the task, or the reason of the signal if it is aborted before the task starts
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal, weight = 1): Promise<T> {
    signal?.throwIfAborted()
    if (this.#waiting.size > 0 || this.#taken >= this.#limit()) await this.#turn(weight, signal)
    else this.#taken += weight
    try {
      return await task()
    } finally {
      this.#taken -= weight
      // If the limit has risen, several tasks start.
      for (const waiting of this.#waiting) {
        if (this.#taken >= this.#limit()) break
        this.#waiting.delete(waiting)
        this.#taken += waiting.weight
        waiting.start()
      }
    }
  }

  #turn(weight: number, signal: AbortSignal | undefined): Promise<undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const start = () => {
      signal?.removeEventListener('abort', onAbort)
      resolve(undefined)
    }
    const waiting = { weight, start }
    const onAbort = () => {
      this.#waiting.delete(waiting)
      reject(signal?.reason as Error)
    }
    this.#waiting.add(waiting)
    signal?.addEventListener('abort', onAbort, { once: true })
    return promise
  }
}
