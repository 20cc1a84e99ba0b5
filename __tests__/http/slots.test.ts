import { expect, test } from '@jest/globals'
import { Slots } from '../../src/http/concurrency.ts'

test('runs tasks in order, with at most as many as slots, also after failures', async () => {
  const slots = new Slots(() => 1)
  const done: number[] = []
  const gate = Promise.withResolvers<undefined>()
  const first = slots.run(() => gate.promise)
  const others = [1, 2, 3].map((number) => slots.run(() => Promise.resolve(done.push(number))))
  await Promise.resolve()
  expect(done).toEqual([])
  gate.reject(new Error('failed'))
  await expect(first).rejects.toThrow('failed')
  await Promise.all(others)
  expect(done).toEqual([1, 2, 3])
})

test('does not run a task that is aborted while it waits', async () => {
  const slots = new Slots(() => 1)
  const gate = Promise.withResolvers<undefined>()
  const first = slots.run(() => gate.promise)
  const aborting = new AbortController()
  let ran = false
  const waiting = slots.run(() => Promise.resolve((ran = true)), aborting.signal)
  aborting.abort(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
  gate.resolve(undefined)
  await first
  expect(await slots.run(() => Promise.resolve('free'))).toBe('free')
  expect(ran).toBe(false)
})

test('starts several tasks by their weight if the limit rises', async () => {
  let limit = 1
  const slots = new Slots(() => limit)
  const gates = [1, 2, 1, 1].map((weight) => ({ weight, ...Promise.withResolvers<undefined>() }))
  const started: number[] = []
  const tasks = gates.map(({ weight, promise }, index) =>
    slots.run(
      () => {
        started.push(index)
        return promise
      },
      undefined,
      weight,
    ),
  )
  expect(started).toEqual([0])
  limit = 3
  gates[0]!.resolve(undefined)
  await tasks[0]
  expect(started).toEqual([0, 1, 2])
  limit = 1
  gates[1]!.resolve(undefined)
  await tasks[1]
  expect(started).toEqual([0, 1, 2])
  for (const { resolve } of gates) resolve(undefined)
  await Promise.all(tasks)
  expect(started).toEqual([0, 1, 2, 3])
})
