/** How far a timer may be early, in ms. */
const TOLERANCE = 0.5

/** Runs tasks at their times, in the order in which they were added. The times (`performance.now()`) must not decrease. */
export class DelayQueue {
  readonly #tasks: { due: number; run: () => void }[] = []
  #timer: NodeJS.Timeout | undefined

  /** @param due Infinity: never */
  add(due: number, run: () => void): void {
    this.#tasks.push({ due, run })
    if (!this.#timer) this.#runDue()
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#tasks.length = 0
  }

  #runDue(): void {
    this.#timer = undefined
    const now = performance.now()
    for (let next = this.#tasks[0]; next && next.due <= now + TOLERANCE; next = this.#tasks[0]) {
      this.#tasks.shift()
      next.run()
    }
    const [next] = this.#tasks
    if (!next || next.due === Infinity) return
    this.#timer ??= setTimeout(() => {
      this.#runDue()
    }, next.due - now)
  }
}
