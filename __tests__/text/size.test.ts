import { expect, test } from '@jest/globals'
import { formatSize, parseSize } from '../../src/text/size.ts'

test.each([
  ['0', 0],
  ['1048576', 1048576],
  ['16MiB', 16 * 1024 ** 2],
  ['100 KB', 100_000],
  ['100KiB', 102_400],
  ['1.5gib', 1.5 * 1024 ** 3],
  ['5GB', 5e9],
  ['7 B', 7],
])('%s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each(['', 'auto', '-1', '1e6', '16 M', '5TB', 'MiB', '1,5MiB', '1 MiB 2'])('%j is no size', (text) => {
  expect(parseSize(text)).toBeUndefined()
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536 * 1024, '1.5 MiB'],
  [5 * 1024 ** 4, '5.0 TiB'],
  [5 * 1024 ** 5, '5120.0 TiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text)
})
