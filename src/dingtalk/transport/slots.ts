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
