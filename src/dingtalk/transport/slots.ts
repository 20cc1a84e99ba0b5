/** Runs so many tasks at once. The others wait for a slot, in the order of asking. */
export class Slots {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(count: number) {
    this.#free = count
  }

  /**
   * Runs a task as soon as there is a slot for it.
   *
   * @throws what the task throws, or the signal's reason if it is aborted before the task has a slot
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    if (this.#free > 0) this.#free--
    else await this.#turn(signal)
    try {
      return await task()
    } finally {
      this.#release()
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }
      const aborted = () => {
        this.#waiting.delete(start)
        reject(signal?.reason as Error)
      }
      this.#waiting.add(start)
      signal?.addEventListener('abort', aborted, { once: true })
    })
  }

  /** Hands the slot to the one that has waited longest. */
  #release(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#free++
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
