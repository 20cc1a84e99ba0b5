import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, win32 } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LocalFileError } from '../../src/errors.ts'
import { type LocalFile, pathBelow, unchanged } from '../../src/files/local-file.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let directory: string
let file: LocalFile

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-file-'))
  const path = join(directory, 'a.bin')
  writeFileSync(path, 'bytes')
  const { size, mtimeMs: modified } = statSync(path)
  file = { path, name: 'a.bin', size, modified }
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

test('recognizes an unchanged file', async () => {
  expect((await unchanged(file)).size).toBe(5)
})

test.each<[string, (path: string) => void]>([
  [
    'written to',
    (path) => {
      utimesSync(path, 1, 1)
    },
  ],
  [
    'cut short',
    (path) => {
      truncateSync(path, 1)
    },
  ],
  ['removed', rmSync],
])('reports a file that was %s in each language', async (_, change) => {
  change(file.path)
  const error: unknown = await unchanged(file).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(LocalFileError)
  expectWhole((error as LocalFileError).text, file.path)
})

test.each([
  ['C:\\a', 'C:\\a\\b c\\d', 'b c/d', win32],
  ['C:\\a', 'C:\\a', '', win32],
  ['C:\\a', 'C:\\', undefined, win32],
  ['C:\\a', 'C:\\ab', undefined, win32],
  ['C:\\a', 'D:\\a\\b', undefined, win32],
  ['C:\\a', '\\\\host\\share\\a\\b', undefined, win32],
  ['\\\\host\\share', '\\\\host\\share\\a\\b', 'a/b', win32],
  ['\\\\host\\share', '\\\\host\\other\\a', undefined, win32],
  ['/a', '/a/b\\c', 'b\\c', posix],
  ['/a', '/', undefined, posix],
])('from %j down to %j: %j', (directory, path, down, rules) => {
  expect(pathBelow(directory, path, rules)).toBe(down)
})
