// Compares the list of bundled packages with the bundler's own information.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect } from '@jest/globals'
import { bundle } from '../scripts/bundle.ts'
import { onPosix } from '../test-support/on-posix.ts'

const ROOT = dirname(import.meta.dirname)

let dist: string
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'dist-'))
})
afterEach(() => {
  rmSync(dist, { recursive: true })
})

// A release is built on Linux.
onPosix('the packages that the bundler lists are those with code in the bundle', () => {
  const packages = bundle(dist)
  const bundled = readdirSync(dist)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(dist, name), 'utf8'))
    .join('\n')
  const listed = [...packages].map((path) => path.replace(/^.*node_modules\//, ''))
  // The bundler writes the path of many modules above their code.
  const named = [...bundled.matchAll(/\/\/ .*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)].map(
    ([, name = '']) => name,
  )
  expect(new Set(named).size).toBeGreaterThan(5)
  expect(listed).toEqual(expect.arrayContaining([...new Set(named)]))
  const left = (name: string) => named.includes(name) || hasLeftCode(name, bundled)
  expect(listed.filter((name) => !left(name))).toEqual([])
  expect(['find-my-way', 'yauzl'].filter((name) => hasLeftCode(name, bundled))).toEqual([])
})

/** Whether most lines of one of the package's files are in the bundle. */
function hasLeftCode(name: string, bundled: string): boolean {
  const root = join(ROOT, 'node_modules', name)
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.[cm]?js$/.test(file),
  )
  return sources.some((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n')
    const code = lines.map((line) => line.trim()).filter((line) => line.length > 18 && !/^[/*]/.test(line))
    return code.length >= 3 && code.filter((line) => bundled.includes(line)).length > code.length / 2
  })
}
