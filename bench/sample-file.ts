import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const MIB = 1024 ** 2

/** A file to upload, or a directory of files. It is removed when `using` ends. */
export interface SampleFile extends Disposable {
  path: string
  /** The file, or the directory's files. */
  paths: readonly string[]
  /** bytes in total */
  size: number
}

/** A file of random bytes, flushed to disk. */
export function randomFile(directory: string, size: number): SampleFile {
  const path = join(directory, `random-${size}.bin`)
  const block = Buffer.allocUnsafe(Math.min(size, 4 * MIB))
  const file = openSync(path, 'w')
  try {
    for (let left = size; left > 0; left -= block.length) {
      writeSync(file, randomFillSync(block), 0, Math.min(left, block.length))
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return disposable(path, size)
}

/** A sparse file: it reads as zeros and takes no space on disk. */
export function sparseFile(directory: string, size: number): SampleFile {
  const path = join(directory, `sparse-${size}.bin`)
  truncated(path, size)
  return disposable(path, size)
}

/** A directory of sparse files. @param size bytes of each */
export function sparseFiles(directory: string, count: number, size: number): SampleFile {
  const path = join(directory, `sparse-${count}x${size}`)
  mkdirSync(path)
  const paths = Array.from({ length: count }, (_, index) => join(path, `file-${index + 1}.bin`))
  for (const file of paths) truncated(file, size)
  return disposable(path, count * size, paths)
}

function truncated(path: string, size: number): void {
  closeSync(openSync(path, 'w'))
  truncateSync(path, size)
}

function disposable(path: string, size: number, paths: readonly string[] = [path]): SampleFile {
  return {
    path,
    paths,
    size,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true })
    },
  }
}
