import { expect, test } from '@jest/globals'
import { runPacked } from '../../../bench/links/packing.ts'

/** Tasks that a test ends, and a record of those that ran. */
function tasks(...loads: number[]) {
  const started: number[] = []
  const ends: (() => void)[] = []
  return {
    started,
    end: async (index: number) => {
      ends[index]?.()
      await new Promise(setImmediate)
    },
    list: loads.map((load, index) => ({
      load,
      run: () => {
        started.push(index)
        return new Promise<void>((resolve) => (ends[index] = resolve))
      },
    })),
  }
}

test('runs tasks that fit at the same time, and others alone', async () => {
  const { list, started, end } = tasks(9, 3, 2, 2)
  const all = runPacked(list, 5)
  expect(started).toEqual([1, 2])
  await end(1)
  expect(started).toEqual([1, 2, 3])
  await end(2)
  expect(started).toEqual([1, 2, 3])
  await end(3)
  expect(started).toEqual([1, 2, 3, 0])
  await end(0)
  await all
})

test('runs tasks with unlimited load one by one', async () => {
  const { list, started, end } = tasks(Infinity, Infinity, 2, Infinity)
  const all = runPacked(list, 5)
  await end(2)
  expect(started).toEqual([2, 0])
  await end(0)
  expect(started).toEqual([2, 0, 1])
  await end(1)
  expect(started).toEqual([2, 0, 1, 3])
  await end(3)
  await all
})

test('fails if a task fails', async () => {
  const failed = { load: 1, run: () => Promise.reject(new Error('no')) }
  await expect(runPacked([failed], 5)).rejects.toThrow('no')
})

test('ends immediately without tasks', async () => {
  await expect(runPacked([], 5)).resolves.toBeUndefined()
})
