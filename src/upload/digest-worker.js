// Computes the MD5 of files in its own thread, so that sending never waits for hashing. Plain JavaScript: the thread is started
// by file name, and the bundle contains a copy of this file.
import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'

/** All files share one buffer: a chunk is read and hashed before another file gets its turn. */
const buffer = Buffer.allocUnsafe(1024 * 1024)

parentPort?.on('message', (/** @type {import('./digest.ts').DigestRequest} */ { id, path }) => {
  hashFile(path).then(
    (md5) => parentPort?.postMessage({ id, md5 }),
    // Posting an Error would drop its code.
    ({ code, message }) => parentPort?.postMessage({ id, failure: { code, message } }),
  )
})

/** @param {string} path */
async function hashFile(path) {
  // Opening a pipe would block. Windows doesn't have this flag.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const hash = createHash('md5')
    for (let read; (read = readSync(file, buffer, 0, buffer.length, null)) > 0;) {
      hash.update(buffer.subarray(0, read))
      // Files take turns, so that a small file doesn't wait for a large one.
      await nextTurn()
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
