import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { collisions, nameKey } from '../../src/files/names.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
  for (const path of ['a/app.apk', 'b/app.apk', 'c/App.apk', 'd/other.txt']) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, path.padEnd(path.startsWith('a') ? 200_000 : 20, '.'))
  }
})
afterEach(() => step.end())

test.each([
  ['app.apk', 'App.APK'],
  [' app.apk', 'app.apk '],
  ['caf\u00e9', 'cafe\u0301'],
])('%j and %j are the same name', (a, b) => {
  expect(nameKey(a)).toBe(nameKey(b))
})

test('groups files by name in their order', () => {
  const file = (path: string, name: string) => ({ path, name, size: 0, modified: 0 })
  const [a, b, c] = [file('a/x', 'x'), file('b/y', 'y'), file('c/X', 'X')]
  expect(collisions([a, b, c])).toEqual([[a, c]])
})

const stored = () =>
  step.emulator
    .files()
    .filter(({ name }) => /app/i.test(name))
    .map(({ id, name, version }) => [name, step.emulator.contents(id).toString().slice(0, 1), version])

test.each([
  [
    'auto-rename',
    [
      ['app.apk', 'a', 1],
      ['app(1).apk', 'b', 1],
      ['App.apk', 'c', 1],
    ],
    ['uploaded', 'uploaded', 'uploaded', 'uploaded'],
  ],
  [
    'overwrite',
    [
      ['app.apk', 'b', 2],
      ['App.apk', 'c', 1],
    ],
    ['uploaded', 'uploaded', 'uploaded', 'uploaded'],
  ],
  [
    'fail',
    [
      ['app.apk', 'a', 1],
      ['App.apk', 'c', 1],
    ],
    ['uploaded', 'failed', 'uploaded', 'uploaded'],
  ],
])('keeps the order of paths for colliding names, %s', async (strategy, expected, statuses) => {
  const result = await step.run({ path: '.', 'conflict-strategy': strategy })
  expect(stored()).toEqual(expected)
  expect((JSON.parse(result.outputs['files']!) as { status: string }[]).map(({ status }) => status)).toEqual(
    statuses,
  )
  expect(result.warnings).toHaveLength(1)
  // In each language.
  for (const path of ['a/app.apk', 'b/app.apk', 'c/App.apk'])
    expect(result.warnings[0]!.split(path)).toHaveLength(3)
  expect(result.ok).toBe(strategy !== 'fail')
})

test("does not warn about names that don't collide", async () => {
  expect((await step.run({ path: 'a\nd' })).warnings).toEqual([])
})

test('commits names that differ in Unicode composition in the order of their paths', async () => {
  for (const [path, size] of [
    ['e/cafe\u0301.txt', 2_000_000],
    ['f/caf\u00e9.txt', 20],
  ] as const) {
    mkdirSync(dirname(path))
    writeFileSync(path, 'x'.repeat(size))
  }
  const { ok } = await step.run({ path: 'e\nf' })
  expect(ok).toBe(true)
  const sizes = step.emulator.files().flatMap(({ name, size }) => (name.startsWith('caf') ? size : []))
  expect(sizes).toEqual([2_000_000, 20])
})
