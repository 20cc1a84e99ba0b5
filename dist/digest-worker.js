// Computes the MD5s of files in a thread of its own, so that sending never waits for the hash. Plain JavaScript: it is started by
// its file name, and the bundle has a copy of it.
import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'

/** One buffer for all files: a chunk is read and hashed before another file has its turn. */
const buffer = Buffer.allocUnsafe(1024 * 1024)
/** The ids of the files that are to be hashed; a file that is taken out is not read any further. */
const wanted = new Set()

parentPort?.on('message', (/** @type {import('./digest.ts').DigestRequest} */ { id, path }) => {
  if (path === undefined) {
    wanted.delete(id)
    return
  }
  wanted.add(id)
  hashFile(id, path)
    .then(
      (md5) => parentPort?.postMessage({ id, md5 }),
      // An error's code would be lost on the way.
      ({ code, message }) => parentPort?.postMessage({ id, failure: { code, message } }),
    )
    .finally(() => wanted.delete(id))
})

/**
 * @param {number} id
 * @param {string} path
 */
async function hashFile(id, path) {
  // A file that has become a pipe in the meantime must not make this thread wait for a writer. Windows has no such flag.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const hash = createHash('md5')
    for (let read; wanted.has(id) && (read = readSync(file, buffer, 0, buffer.length, null)) > 0;) {
      hash.update(buffer.subarray(0, read))
      // Files that are hashed at the same time take turns, so that a small one need not wait for a large one.
      await nextTurn()
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
