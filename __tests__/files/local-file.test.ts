import { posix, win32 } from 'node:path'
import { expect, test } from '@jest/globals'
import { pathBelow } from '../../src/files/local-file.ts'

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
