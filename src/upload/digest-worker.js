// Hashes ranges of a file in a thread of its own, so that the wire never waits for the hash. Plain JavaScript: it is
// started by its file name, and so passes the bundler as it is.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

/** @type {{ path: string, sizes: number[] }} */
const { path, sizes } = workerData
const buffer = Buffer.allocUnsafe(1024 * 1024)
const file = openSync(path, 'r')
for (const size of sizes) {
  const hash = createHash('md5')
  for (let left = size; left > 0;) {
    const read = readSync(file, buffer, 0, Math.min(left, buffer.length), null)
    if (read === 0) break // the file has shrunk: whoever sends it finds that out
    hash.update(buffer.subarray(0, read))
    left -= read
  }
  parentPort?.postMessage(hash.digest('hex'))
}
closeSync(file)
