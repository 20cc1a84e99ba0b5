/** A task that keeps the machine busy with a load, in any unit. */
export interface Task {
  load: number
  run: () => Promise<void>
}

/**
 * Runs tasks at the same time, as long as their loads together fit into the capacity. A task with a greater load runs
 * alone, after all others.
 */
export async function runPacked(tasks: readonly Task[], capacity: number): Promise<void> {
  const pending = tasks.toSorted((one, other) => Number(one.load > capacity) - Number(other.load > capacity))
  const running = new Set<Promise<void>>()
  let busy = 0
  while (pending.length > 0 || running.size > 0) {
    for (let index = 0; index < pending.length;) {
      const task = pending[index]
      if (!task || (running.size > 0 && busy + task.load > capacity)) {
        index++
        continue
      }
      pending.splice(index, 1)
      busy += task.load
      const ended: Promise<void> = task.run().finally(() => {
        busy -= task.load
        running.delete(ended)
      })
      running.add(ended)
    }
    await Promise.race(running)
  }
}
