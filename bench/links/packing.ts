/** A task that keeps the machine busy. */
export interface Task {
  /** In any unit; `Infinity` for a task that needs the whole capacity. */
  load: number
  run: () => Promise<void>
}

/**
 * Runs tasks at the same time, as long as their loads together fit into the capacity. A task with a greater load runs
 * alone, after all others.
 */
export async function runPacked(tasks: readonly Task[], capacity: number): Promise<void> {
  const pending = tasks.toSorted((one, other) => Number(one.load > capacity) - Number(other.load > capacity))
  const running = new Map<Task, Promise<void>>()
  // Added up each time, because an infinite load can't be subtracted.
  const busy = () => [...running.keys()].reduce((sum, { load }) => sum + load, 0)
  while (pending.length > 0 || running.size > 0) {
    for (let index = 0; index < pending.length;) {
      const task = pending[index]
      if (!task || (running.size > 0 && busy() + task.load > capacity)) {
        index++
        continue
      }
      pending.splice(index, 1)
      running.set(
        task,
        task.run().finally(() => running.delete(task)),
      )
    }
    await Promise.race(running.values())
  }
}
