// Hashes a file in a thread of its own, so that the wire never waits for the hash. Plain JavaScript: it is started by
// its file name, and so passes the bundler as it is.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

/** @type {{ path: string, sizes: number[] }} */
const { path, sizes } = workerData
const buffer = Buffer.allocUnsafe(1024 * 1024)
const file = openSync(path, 'r')
const whole = createHash('md5')
/** @type {import('node:crypto').Hash | undefined} */
let only
for (const size of sizes) {
  // One part is the whole: no need to hash it twice.
  const part = sizes.length > 1 ? createHash('md5') : (only = whole)
  for (let left = size; left > 0;) {
    const read = readSync(file, buffer, 0, Math.min(left, buffer.length), null)
    if (read === 0) break // the file has shrunk: whoever sends it finds that out
    const chunk = buffer.subarray(0, read)
    part.update(chunk)
    if (part !== whole) whole.update(chunk)
    left -= read
  }
  if (part !== whole) parentPort?.postMessage(part.digest('hex'))
}
closeSync(file)
const md5 = whole.digest('hex')
if (only) parentPort?.postMessage(md5)
parentPort?.postMessage(md5)
