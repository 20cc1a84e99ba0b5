import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalFileError } from '../../src/errors.ts'
import type { LocalFile } from '../../src/files/local-file.ts'
import { DigestThread } from '../../src/upload/digest.ts'
import { planParts } from '../../src/upload/parts.ts'
import { onPosix } from '../../test-support/on-posix.ts'

const SIZE = 2_500_000
const PART_SIZE = 1_000_000
const TERABYTE = 1e12
const bytes = randomBytes(SIZE)
const parts = planParts(SIZE, PART_SIZE, 1)
const md5 = (start?: number, end?: number) =>
  createHash('md5').update(bytes.subarray(start, end)).digest('hex')
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
  modified: 0,
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

onPosix('one pass over the bytes gives the MD5s of the parts and of the whole', async () => {
  // What is read from a pipe cannot be read again.
  const pipe = localFile('pipe', SIZE)
  execFileSync('mkfifo', [pipe.path])
  const digest = thread.start(pipe, parts, never)
  await writeFile(pipe.path, bytes)
  expect(await Promise.all([digest.part(1), digest.part(2), digest.part(3), digest.whole()])).toEqual([
    md5(0, PART_SIZE),
    md5(PART_SIZE, 2 * PART_SIZE),
    md5(2 * PART_SIZE),
    md5(),
  ])
})

test('the MD5 of the only part is that of the whole', async () => {
  const digest = thread.start(regularFile('a'), planParts(SIZE, SIZE, 1), never)
  expect(await Promise.all([digest.part(1), digest.whole()])).toEqual([md5(), md5()])
})

test('a small file does not wait for a large one', async () => {
  const ended = new AbortController()
  thread.start(hugeFile(), planParts(TERABYTE, 'auto', 1), ended.signal)
  expect(await thread.start(regularFile('a'), parts, never).whole()).toBe(md5())
  ended.abort()
})

test('a pass that is ended fails with the reason, and reads no further', async () => {
  const ended = new AbortController()
  const huge = hugeFile()
  const digest = thread.start(huge, planParts(TERABYTE, 'auto', 1), ended.signal)
  const reason = new Error('the job was cancelled')
  ended.abort(reason)
  await expect(digest.part(1)).rejects.toBe(reason)
  await expect(digest.whole()).rejects.toBe(reason)
  expect(() => thread.start(huge, parts, ended.signal)).toThrow(reason)
  // The thread is free for others, and has closed the file by the time they are done.
  expect(await thread.start(regularFile('a'), parts, never).whole()).toBe(md5())
  expect(openFiles()).not.toContain(huge.path)
})

test('a file that cannot be read fails alone', async () => {
  const missing = thread.start(localFile('missing', SIZE), parts, never)
  const present = thread.start(regularFile('a'), parts, never)
  const failure = /missing can no longer be read: ENOENT/
  await expect(missing.part(1)).rejects.toThrow(failure)
  await expect(missing.whole()).rejects.toThrow(LocalFileError)
  expect(await present.whole()).toBe(md5())
})

/** The files that this process has open, as far as the system tells. */
function openFiles(): string[] {
  const descriptors = '/proc/self/fd'
  if (!existsSync(descriptors)) return []
  return readdirSync(descriptors).flatMap((descriptor) => {
    try {
      return [readlinkSync(join(descriptors, descriptor))]
    } catch {
      return [] // closed meanwhile
    }
  })
}
