import { expect, test } from '@jest/globals'
import { runHedged } from '../../src/upload/hedged.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

const never = new AbortController().signal
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Tasks that end when the test says so. */
function tasks(count: number, workers: number, waiting?: number) {
  const clock = simulatedClock(0)
  const tries: {
    item: number
    isFirst: boolean
    signal: AbortSignal
    begin: () => void
    wait: () => void
    resolve: () => void
    reject: (error: Error) => void
  }[] = []
  const items = Array.from({ length: count }, (_, index) => index + 1)
  const all = runHedged(
    items,
    { workers, clock, signal: never },
    (item, { isFirst, signal: ending, begin, wait }) => {
      if (item !== waiting) begin()
      const { promise, resolve, reject } = Promise.withResolvers<undefined>()
      ending.addEventListener('abort', () => {
        reject(ending.reason as Error)
      })
      tries.push({
        item,
        isFirst,
        signal: ending,
        begin,
        wait,
        resolve: () => {
          resolve(undefined)
        },
        reject,
      })
      return promise
    },
  )
  all.catch(() => undefined)
  const shown = () => tries.map(({ item, isFirst }) => (isFirst ? item : -item))
  return { clock, tries, all, shown }
}

test('runs tasks in order, with limited concurrency', async () => {
  const { tries, all, shown } = tasks(3, 2)
  expect(shown()).toEqual([1, 2])
  tries[0]!.resolve()
  await turn()
  expect(shown()).toEqual([1, 2, 3])
  for (const { resolve } of tries) resolve()
  await all
  expect(shown()).toEqual([1, 2, 3])
})

test('runs the last task a second time after twice the time of the others, and aborts the slower one', async () => {
  const { clock, tries, all, shown } = tasks(3, 3)
  clock.advance(1000)
  tries[0]!.resolve()
  tries[1]!.resolve()
  await turn()
  clock.advance(999)
  await turn()
  expect(shown()).toEqual([1, 2, 3])
  clock.advance(1)
  await turn()
  expect(shown()).toEqual([1, 2, 3, -3])
  tries[3]!.resolve()
  await all
  expect(tries[2]!.signal.aborted).toBe(true)
})

test('uses the first attempt if it is faster', async () => {
  const { clock, tries, all, shown } = tasks(2, 2)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  clock.advance(1000)
  await turn()
  expect(shown()).toEqual([1, 2, -2])
  tries[1]!.resolve()
  await all
  expect(tries[2]!.signal.aborted).toBe(true)
})

test('ignores a failed second attempt', async () => {
  const { clock, tries, all } = tasks(2, 2)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  clock.advance(1000)
  await turn()
  tries[2]!.reject(new Error('refused'))
  await turn()
  tries[1]!.resolve()
  await expect(all).resolves.toBeUndefined()
})

test('fails if a first attempt fails', async () => {
  const { clock, tries, all } = tasks(3, 3)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  tries[1]!.reject(new Error('refused'))
  await expect(all).rejects.toThrow('refused')
  expect(tries[2]!.signal.aborted).toBe(true)
})

test('waits for a pending second attempt if the first fails', async () => {
  const { clock, tries, all } = tasks(2, 2)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  clock.advance(1000)
  await turn()
  tries[1]!.reject(new Error('timed out'))
  await turn()
  tries[2]!.resolve()
  await expect(all).resolves.toBeUndefined()
})

test('fails with the first error if both attempts fail', async () => {
  const { clock, tries, all } = tasks(2, 2)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  clock.advance(1000)
  await turn()
  tries[1]!.reject(new Error('timed out'))
  await turn()
  tries[2]!.reject(new Error('refused'))
  await expect(all).rejects.toThrow('timed out')
})

test('measures the time of a task from the end of its pause', async () => {
  const { clock, tries, all, shown } = tasks(2, 2)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  tries[1]!.wait()
  for (let second = 0; second < 10; second++) {
    clock.advance(1000)
    await turn()
  }
  tries[1]!.begin()
  clock.advance(1000)
  await turn()
  expect(shown()).toEqual([1, 2])
  for (let second = 0; second < 2; second++) {
    clock.advance(1000)
    await turn()
  }
  expect(shown()).toEqual([1, 2, -2])
  tries[2]!.resolve()
  await all
})

test('repeats nothing before a task has ended, or with one worker', async () => {
  const { clock, tries, all, shown } = tasks(2, 1)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  clock.advance(10_000)
  await turn()
  expect(shown()).toEqual([1, 2])
  tries[1]!.resolve()
  await all
})

test('does not repeat a task that waits to start', async () => {
  const { clock, tries, all, shown } = tasks(2, 2, 2)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  clock.advance(10_000)
  await turn()
  expect(shown()).toEqual([1, 2])
  tries[1]!.resolve()
  await all
})
