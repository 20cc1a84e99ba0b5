import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LocalFileError } from '../../src/errors.ts'
import { FileReader, md5Of } from '../../src/upload/file-reader.ts'

const KIB = 1024
const bytes = randomBytes(600 * KIB)
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'file-reader-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

test.each([
  ['a file', undefined, [64, 128, 192, 256, 320, 384, 448, 512, 576, 600]],
  ['a range', { start: 100 * KIB, size: 300 * KIB }, [64, 128, 192, 256, 300]],
])('reads %s completely, and reports progress every 64 KiB', async (_, range, progress) => {
  const path = join(directory, 'a.bin')
  writeFileSync(path, bytes)
  const { size, mtimeMs: modified } = statSync(path)
  const taken: number[] = []
  const onProgress = (count: number) => void taken.push(count / KIB)
  const read: Buffer[] = []
  const file = { path, name: 'a.bin', size, modified }
  const reader = new FileReader(file, { ...(range && { range }), onProgress })
  for await (const chunk of reader) read.push(Buffer.from(chunk))
  const start = range?.start ?? 0
  expect(Buffer.concat(read).equals(bytes.subarray(start, start + reader.size))).toBe(true)
  expect(taken).toEqual(progress)
})

test('explains a deleted file in a sentence of each language', async () => {
  const file = { path: join(directory, 'gone.bin'), name: 'gone.bin', size: 1, modified: 0 }
  const reading = new FileReader(file)[Symbol.asyncIterator]().next()
  const { name, text } = (await reading.catch((error: unknown) => error)) as LocalFileError
  expect(name).toBe('LocalFileError')
  expect(text.en).toMatch(/ENOENT.*\.$/)
  expect(text.zh).toMatch(/ENOENT.*。$/)
})

test('the MD5 of a file', async () => {
  const path = join(directory, 'a.bin')
  writeFileSync(path, bytes)
  const { size, mtimeMs: modified } = statSync(path)
  const md5 = createHash('md5').update(bytes).digest('hex')
  expect(await md5Of({ path, name: 'a.bin', size, modified }, new AbortController().signal)).toBe(md5)
})

test('hashing ends with the signal, long before the end of a large file', async () => {
  const path = join(directory, 'a.bin')
  const size = 1e12
  writeFileSync(path, '')
  truncateSync(path, size)
  const ending = new AbortController()
  const hashing = md5Of({ path, name: 'a.bin', size, modified: statSync(path).mtimeMs }, ending.signal)
  const reason = new Error('enough')
  ending.abort(reason)
  await expect(hashing).rejects.toBe(reason)
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
      truncateSync(path, 10)
    },
  ],
  ['removed', rmSync],
])('a file that was %s since it was found has no MD5', async (_, change) => {
  const path = join(directory, 'a.bin')
  writeFileSync(path, bytes)
  const { size, mtimeMs: modified } = statSync(path)
  change(path)
  const hashing = md5Of({ path, name: 'a.bin', size, modified }, new AbortController().signal)
  await expect(hashing).rejects.toThrow(LocalFileError)
})
