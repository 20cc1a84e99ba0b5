// Patterns on Windows, tested with its path rules on any system.
import nodePath from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { PatternRules } from '../../src/files/search.ts'

const { platform } = process
let rules: PatternRules

beforeAll(async () => {
  for (const name of ['path', 'node:path'])
    jest.unstable_mockModule(name, () => ({ ...nodePath.win32, default: nodePath.win32 }))
  Object.defineProperty(process, 'platform', { value: 'win32' })
  const { patternRules } = await import('../../src/github/patterns.ts')
  rules = patternRules()
})
afterAll(() => {
  Object.defineProperty(process, 'platform', { value: platform })
  jest.restoreAllMocks()
})

test.each([
  ['\\\\server\\share\\rel\\*.apk', '\\\\server\\share\\rel', 'a.apk'],
  ['//server/share/rel/**/*.apk', '\\\\server\\share\\rel', 'x\\y\\a.apk'],
  ['\\\\server\\share\\**', '\\\\server\\share', 'a.apk'],
  ['\\\\server\\share\\r?l\\[ab].apk', '\\\\server\\share', 'rel\\a.apk'],
  ['C:\\out\\*.APK', 'C:\\out', 'a.apk'],
  ['c:/**/*.apk', 'c:\\', 'Out\\a.apk'],
])('searches for %j from %j: %j', (line, root, below) => {
  const pattern = rules.compile(line)
  expect(pattern.roots).toEqual([root])
  const path = nodePath.win32.join(root, below)
  expect(pattern.matches(path)).toBeGreaterThan(0)
  const names = below.split('\\')
  for (let depth = 0; depth < names.length; depth++) {
    const directory = nodePath.win32.join(root, ...names.slice(0, depth))
    expect([directory, pattern.mayMatchBelow(directory)]).toEqual([directory, true])
  }
  expect(pattern.matches(nodePath.win32.join(root, 'other', 'b.txt'))).toBe(line.endsWith('\\**') ? 3 : 0)
})

describe('in a working directory on a share', () => {
  test('resolves a relative pattern below it', () => {
    jest.spyOn(process, 'cwd').mockReturnValue('\\\\server\\share\\work')
    const pattern = rules.compile('out/**/*.apk')
    expect(pattern.roots).toEqual(['\\\\server\\share\\work\\out'])
    expect(pattern.mayMatchBelow('\\\\server\\share\\work\\out\\x')).toBe(true)
    expect(pattern.mayMatchBelow('\\\\server\\share\\work\\docs')).toBe(false)
    expect(pattern.matches('\\\\server\\share\\work\\out\\x\\a.apk')).toBeGreaterThan(0)
  })
})

test('escapes brackets as [[]', () => {
  expect(rules.escape('C:\\app [1].apk')).toBe('C:\\app [[]1].apk')
  expect(rules.compile('C:\\app [[]1].apk').matches('C:\\app [1].apk')).toBeGreaterThan(0)
})
