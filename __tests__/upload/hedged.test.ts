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

test('tasks run in order, so many at once', async () => {
  const { tries, all, shown } = tasks(3, 2)
  expect(shown()).toEqual([1, 2])
  tries[0]!.resolve()
  await turn()
  expect(shown()).toEqual([1, 2, 3])
  for (const { resolve } of tries) resolve()
  await all
  expect(shown()).toEqual([1, 2, 3])
})

test('the last task is run a second time once it takes twice as long as the others, and the faster try ends the other', async () => {
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

test('the first try may still be the faster one', async () => {
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

test('a second try that fails is no failure', async () => {
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

test('a first try that fails ends everything', async () => {
  const { clock, tries, all } = tasks(3, 3)
  clock.advance(1000)
  tries[0]!.resolve()
  await turn()
  tries[1]!.reject(new Error('refused'))
  await expect(all).rejects.toThrow('refused')
  expect(tries[2]!.signal.aborted).toBe(true)
})

test('a first try that fails waits for a second one that is under way', async () => {
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

test('and fails with its own error if the second one fails too', async () => {
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

test('a task that waits after a failure is not late until it has taken twice as long since it went on', async () => {
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

test('nothing is run again where no task has ended yet, or by the only worker', async () => {
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

test('nor is a task that waits for its beginning', async () => {
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
