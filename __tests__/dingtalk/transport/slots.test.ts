import { expect, test } from '@jest/globals'
import { Slots } from '../../../src/dingtalk/transport/slots.ts'

test('tasks run in the order of asking, no more at once than there are slots, after failures too', async () => {
  const slots = new Slots(1)
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

test('a task that is aborted while it waits never runs, and takes no slot', async () => {
  const slots = new Slots(1)
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
