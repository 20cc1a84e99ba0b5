// Computes the MD5s of files in a thread of its own, so that sending never waits for the hash. One pass over a file
// gives the MD5s of its parts and of the whole. Plain JavaScript: it is started by its file name, and so passes the
// bundler as it is.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'

/** One buffer for all files: a chunk is read and hashed before another file has its turn. */
const buffer = Buffer.allocUnsafe(1024 * 1024)
/** The ids of the files that are to be hashed; a file that is taken out is not read any further. */
const wanted = new Set()

parentPort?.on('message', (/** @type {import('./digest.ts').DigestRequest} */ { id, pass }) => {
  if (pass) {
    wanted.add(id)
    void hashFile(id, pass)
  } else wanted.delete(id)
})

/**
 * @param {number} id
 * @param {{ path: string, partSizes: readonly number[] }} pass
 */
async function hashFile(id, { path, partSizes }) {
  try {
    const file = openSync(path, 'r')
    try {
      await hashParts(id, file, partSizes)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    report({ id, failure: cause instanceof Error ? cause.message : String(cause) })
  } finally {
    wanted.delete(id)
  }
}

/**
 * @param {number} id
 * @param {number} file
 * @param {readonly number[]} partSizes
 */
async function hashParts(id, file, partSizes) {
  // The MD5 of an only part is that of the whole.
  const whole = partSizes.length > 1 ? createHash('md5') : undefined
  let md5 = ''
  for (const [index, size] of partSizes.entries()) {
    const part = createHash('md5')
    for (let left = size; left > 0;) {
      const read = readSync(file, buffer, 0, Math.min(left, buffer.length), null)
      if (read === 0) break // the file has shrunk: whoever sends it finds that out
      const chunk = buffer.subarray(0, read)
      part.update(chunk)
      whole?.update(chunk)
      left -= read
      // Files that are hashed at the same time take turns, so that a small one need not wait for a large one.
      await nextTurn()
      if (!wanted.has(id)) return
    }
    md5 = part.digest('hex')
    report({ id, part: index + 1, md5 })
  }
  report({ id, md5: whole?.digest('hex') ?? md5 })
}

/** @param {import('./digest.ts').DigestReport} message */
function report(message) {
  parentPort?.postMessage(message)
}
