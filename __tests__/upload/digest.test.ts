import { createHash, randomBytes } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { LocalFileError, TextError } from '../../src/errors.ts'
import type { LocalFile } from '../../src/files/local-file.ts'
import { DigestThread } from '../../src/upload/digest.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const SIZE = 2_500_000
const TERABYTE = 1e12
const bytes = randomBytes(SIZE)
const md5 = createHash('md5').update(bytes).digest('hex')
const never = new AbortController().signal

let directory: string
let thread: DigestThread

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'digest-'))
  thread = new DigestThread()
})

afterEach(async () => {
  await thread.close()
  rmSync(directory, { recursive: true })
})

const localFile = (name: string, size: number): LocalFile => ({
  path: join(directory, name),
  name,
  size,
  modified: existsSync(join(directory, name)) ? statSync(join(directory, name)).mtimeMs : 0,
})

function regularFile(name: string): LocalFile {
  writeFileSync(join(directory, name), bytes)
  return localFile(name, SIZE)
}

/** A file that takes hours to hash, and no room on the disk. */
function hugeFile(): LocalFile {
  writeFileSync(join(directory, 'huge'), '')
  truncateSync(join(directory, 'huge'), TERABYTE)
  return localFile('huge', TERABYTE)
}

test('the MD5 of a file', async () => {
  expect(await thread.md5(regularFile('a'), never)).toBe(md5)
})

test('a small file does not wait for a large one', async () => {
  const ended = new AbortController()
  const huge = thread.md5(hugeFile(), ended.signal)
  expect(await thread.md5(regularFile('a'), never)).toBe(md5)
  ended.abort(new Error('enough'))
  await expect(huge).rejects.toThrow('enough')
})

test('a pass that is ended fails with the reason, and the thread is free for other files', async () => {
  const ended = new AbortController()
  const huge = hugeFile()
  const digest = thread.md5(huge, ended.signal)
  const reason = new Error('the job was cancelled')
  ended.abort(reason)
  await expect(digest).rejects.toBe(reason)
  await expect(thread.md5(huge, ended.signal)).rejects.toBe(reason)
  expect(await thread.md5(regularFile('a'), never)).toBe(md5)
})

test('a pass in progress ends with the thread', async () => {
  const huge = thread.md5(hugeFile(), never)
  huge.catch(() => undefined)
  await thread.close()
  await expect(huge).rejects.toThrow()
  // The next one starts another thread.
  expect(await thread.md5(regularFile('a'), never)).toBe(md5)
})

test('a thread that fails is described in both languages, and replaced', async () => {
  const posting = jest.spyOn(Worker.prototype, 'postMessage')
  const huge = thread.md5(hugeFile(), never)
  const worker = posting.mock.contexts[0] as Worker
  posting.mockRestore()
  worker.emit('error', new Error('ERR_WORKER_OUT_OF_MEMORY'))
  await worker.terminate()
  const error: unknown = await huge.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(TextError)
  expectWhole((error as TextError).text, 'ERR_WORKER_OUT_OF_MEMORY')
  expect(await thread.md5(regularFile('a'), never)).toBe(md5)
})

test('no pass leaves a listener on its signal', async () => {
  const { signal } = new AbortController()
  await thread.md5(regularFile('a'), signal)
  await expect(thread.md5(localFile('missing', SIZE), signal)).rejects.toThrow(LocalFileError)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a file that cannot be read fails alone', async () => {
  const missing = thread.md5(localFile('missing', SIZE), never)
  const present = thread.md5(regularFile('a'), never)
  await expect(missing).rejects.toThrow(LocalFileError)
  await expect(missing).rejects.toMatchObject({ cause: { code: 'ENOENT' } })
  expect(await present).toBe(md5)
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
])('a file that is %s while it waits to be hashed has no MD5', async (_, change) => {
  const file = regularFile('a')
  // The large one holds the thread up until the change.
  const ended = new AbortController()
  const huge = thread.md5(hugeFile(), ended.signal)
  const digest = thread.md5(file, never)
  change(file.path)
  await expect(digest).rejects.toThrow(LocalFileError)
  ended.abort(new Error('enough'))
  await expect(huge).rejects.toThrow('enough')
})
