import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { LocalFileError } from '../../src/errors.ts'
import { FileReader } from '../../src/upload/file-reader.ts'

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
  ['a file', undefined, [0, 64, 128, 192, 256, 320, 384, 448, 512, 576, 600]],
  ['a range', { start: 100 * KIB, size: 300 * KIB }, [0, 64, 128, 192, 256, 300]],
])('%s is read whole, and what has been taken is told, 64 KiB at a time', async (_, range, progress) => {
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

test('a pass uses the buffers of one that has ended, not of one that was given up', async () => {
  const path = join(directory, 'a.bin')
  writeFileSync(path, bytes.subarray(0, 512 * KIB))
  const { size, mtimeMs: modified } = statSync(path)
  const reader = () => new FileReader({ path, name: 'a.bin', size, modified })
  const pass = async () => {
    const buffers = new Set<ArrayBufferLike>()
    for await (const { buffer } of reader()) buffers.add(buffer)
    return buffers
  }
  const first = await pass()
  expect(first.size).toBe(2)
  expect(await pass()).toEqual(first)
  let givenUp: ArrayBufferLike | undefined
  for await (const { buffer } of reader()) {
    givenUp = buffer
    break
  }
  expect(first).toContain(givenUp)
  expect(await pass()).not.toContain(givenUp)
})

test('a short piece stays as it is during the next pass, since a connection may still hold it', async () => {
  const path = join(directory, 'a.bin')
  writeFileSync(path, bytes)
  const { size, mtimeMs: modified } = statSync(path)
  const taken: Uint8Array[] = []
  for await (const piece of new FileReader({ path, name: 'a.bin', size, modified })) taken.push(piece)
  const last = taken.at(-1)!
  expect(last).toHaveLength(24 * KIB)
  writeFileSync(path, randomBytes(size))
  const changed = statSync(path).mtimeMs
  for await (const piece of new FileReader({ path, name: 'a.bin', size, modified: changed }))
    taken.push(piece)
  expect(bytes.subarray(576 * KIB).equals(last)).toBe(true)
})

test('a file that is gone is explained in a whole sentence of each language', async () => {
  const file = { path: join(directory, 'gone.bin'), name: 'gone.bin', size: 1, modified: 0 }
  const reading = new FileReader(file)[Symbol.asyncIterator]().next()
  const { name, text } = (await reading.catch((error: unknown) => error)) as LocalFileError
  expect(name).toBe('LocalFileError')
  expect(text.en).toMatch(/ENOENT.*\.$/)
  expect(text.zh).toMatch(/ENOENT.*。$/)
})
