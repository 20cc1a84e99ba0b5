import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const MIB = 1024 ** 2

/** A file to upload, gone when `using` ends. */
export interface SampleFile extends Disposable {
  path: string
  /** bytes */
  size: number
}

/** A file of random bytes, on the disk before it is measured with. */
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

/** A file that has a size and no blocks: it reads as zeros. */
export function sparseFile(directory: string, size: number): SampleFile {
  const path = join(directory, `sparse-${size}.bin`)
  closeSync(openSync(path, 'w'))
  truncateSync(path, size)
  return disposable(path, size)
}

function disposable(path: string, size: number): SampleFile {
  return {
    path,
    size,
    [Symbol.dispose]: () => {
      rmSync(path, { force: true })
    },
  }
}
