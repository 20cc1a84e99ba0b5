import { afterEach, expect, test } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts'
import { Caller } from '../../test-support/emulator-caller.ts'

let emulator: Emulator

afterEach(() => emulator.close())

const NOW = Date.UTC(2026, 4, 28, 1, 37, 16, 250)

async function made(options: EmulatorOptions) {
  emulator = await startEmulator({ clock: () => NOW, ...options })
  const { json, headers } = await new Caller(emulator).upload('a.bin', 'bytes')
  return { createTime: json.dentry.createTime, date: headers['date'] }
}

test.each<[EmulatorOptions, string]>([
  [{}, '2026-05-28T01:37:16Z'],
  [{ timeFormat: 'iso' }, '2026-05-28T01:37:16Z'],
  [{ timeFormat: 'iso-minutes' }, '2026-05-28T01:37Z'],
  [{ timeFormat: 'cst' }, 'Thu May 28 09:37:16 CST 2026'],
  [{ storageClockSkew: -1500 }, '2026-05-28T01:37:14Z'],
  [{ storageClockSkew: 3600_000, timeFormat: 'cst' }, 'Thu May 28 10:37:16 CST 2026'],
])('%j', async (options, createTime) => {
  expect(await made(options)).toEqual({ createTime, date: 'Thu, 28 May 2026 01:37:16 GMT' })
})
