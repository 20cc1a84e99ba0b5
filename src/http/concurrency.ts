/** How many PUTs may be under way at once, and what is learned from each. */
export interface Concurrency {
  readonly limit: number
  /** What the limit never exceeds. */
  readonly most: number
  /**
   * How many files may be under way for each connection. With two, the upload info of the next file is asked for, and the
   * last one is committed, while the bytes of one are sent. It stays small, so that no signature grows old.
   */
  readonly filesPerConnection: number
  /**
   * To be called when the storage has taken a PUT.
   *
   * @param bytes how many it carried
   * @param started when it began, in ms of a monotonic clock
   * @param ended when its response was there
   */
  succeeded(bytes: number, started: number, ended: number): void
  /**
   * To be called when the storage has refused a PUT for now (`SlowDown`, 503), or its connection has failed.
   *
   * @param ended when that was, in ms of the same clock
   */
  failed(ended: number): void
}

/** A limit that stays as it is, for PUTs and for files: `1` means one file after the other. */
export function fixedConcurrency(limit: number): Concurrency {
  return { limit, most: limit, filesPerConnection: 1, succeeded: () => undefined, failed: () => undefined }
}

/** The highest limit of {@link AdaptiveConcurrency}. */
export const MAX_CONCURRENCY = 32
/** A higher limit pays if all connections together carry at least this many times as much as before. */
const WORTH = 1.1
/** By how much the limit rises while it is being found, and when it is tried again later. */
const DOUBLE = 2
const PROBE = 1.25
/** How many rounds pass before the first of these later tries. After each one that did not pay, twice as many, up to the most. */
const PATIENCE = 4
const MAX_PATIENCE = 32
/** The share of a round's PUTs that may fail before the storage counts as overloaded. */
const OVERLOAD = 0.25
/** The share of the connections that are left when all of them have failed. */
const AFTER_OUTAGE = 0.5

/**
 * A limit that rises as long as that makes the whole transfer faster.
 *
 * It goes in rounds of as many PUTs as the limit allows. After each, the bytes per second of all connections together
 * are compared with those of the round before. The limit doubles, as in TCP's slow start (RFC 5681, section 3.1), until
 * that no longer pays. Then it goes back to the last limit that did, and tries a few more now and then (hill climbing),
 * so that it follows a link that changes.
 *
 * A failed PUT gives its slot up: of sixteen PUTs of which a storage refuses eight, eight are left at once. So the
 * decrease is in proportion to the overload, as in AIMD (Chiu and Jain, 1989). If only few PUTs of a round fail, that is no
 * overload, and costs no slot. If as many fail in a row as were allowed, that is an outage, which says nothing about how
 * many there may be: the limit goes on from half of what it was, again as in slow start.
 */
export class AdaptiveConcurrency implements Concurrency {
  readonly most = MAX_CONCURRENCY
  readonly filesPerConnection = 2
  readonly #initial: () => number
  /** The limit at the start of the round. */
  #level: number | undefined
  /** The last limit that paid, and what it carried in all, in bytes per ms. */
  #base = { limit: 0, speed: 0 }
  #isSearching = true
  #patience = PATIENCE
  /** Rounds until the next try. */
  #wait = 0
  #round = newRound(-Infinity)
  /** How many PUTs have failed since one has succeeded, and the limit until then. */
  #failing = { count: 0, limit: 0 }

  /** @param initial gives the limit until the first PUT has ended */
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
    // A PUT that began under another limit says nothing about this one.
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
    this.#level = Math.ceil(failing.limit * AFTER_OUTAGE)
    this.#failing = { count: 0, limit: 0 }
    this.#base = { limit: 0, speed: 0 }
    this.#isSearching = true
    this.#round = newRound(ended)
  }

  /** Ends a round. @returns the limit of the next one */
  #next(): number {
    const { puts, failures, bytes, time } = this.#round
    const [limit, isOverload] = [this.limit, this.#isOverloaded]
    // A connection whose PUT has failed carries nothing.
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
    if (this.#isSearching) return Math.min(MAX_CONCURRENCY, limit * DOUBLE)
    if (isOverload || (!grew && this.#wait-- > 0)) return limit
    return Math.min(MAX_CONCURRENCY, Math.ceil(limit * PROBE))
  }
}

/** @param since what began earlier does not count; ms */
function newRound(since: number) {
  return { since, puts: 0, bytes: 0, time: 0, failures: 0 }
}

interface Waiting {
  weight: number
  start: () => void
}

/** Runs tasks while there is room for them. The others wait, and start in the order of asking. */
export class Slots {
  readonly #limit: () => number
  #taken = 0
  readonly #waiting = new Set<Waiting>()

  /** @param limit how many slots there are now; a task starts as long as fewer are taken */
  constructor(limit: () => number) {
    this.#limit = limit
  }

  /**
   * Runs a task as soon as there is a slot for it.
   *
   * @param weight how many slots it takes; it starts with the first one that is free
   * @throws what the task throws, or the signal's reason if it is aborted before the task has a slot
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal, weight = 1): Promise<T> {
    signal?.throwIfAborted()
    if (this.#waiting.size === 0 && this.#taken < this.#limit()) this.#taken += weight
    else await this.#turn(weight, signal)
    try {
      return await task()
    } finally {
      this.#taken -= weight
      this.#startWaiting()
    }
  }

  #turn(weight: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.#waiting.delete(waiting)
        reject(signal?.reason as Error)
      }
      const start = () => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }
      const waiting = { weight, start }
      this.#waiting.add(waiting)
      signal?.addEventListener('abort', aborted, { once: true })
    })
  }

  /** Starts those that have waited longest: several, if the limit has risen. */
  #startWaiting(): void {
    for (const waiting of this.#waiting) {
      if (this.#taken >= this.#limit()) return
      this.#waiting.delete(waiting)
      this.#taken += waiting.weight
      waiting.start()
    }
  }
}
