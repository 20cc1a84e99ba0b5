// A worker thread for MD5, so that hashing does not hold up the sockets.
import { createHash, type Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

/** Adds bytes to the hash of a stream. Without bytes, asks for its digest. */
export interface Md5Request {
  stream: number
  bytes?: Uint8Array
}

const hashes = new Map<number, Hash>()

parentPort?.on('message', ({ stream, bytes }: Md5Request) => {
  const hash = hashes.get(stream) ?? createHash('md5')
  if (bytes) {
    hashes.set(stream, hash.update(bytes))
    parentPort?.postMessage('')
  } else {
    hashes.delete(stream)
    parentPort?.postMessage(hash.digest('hex'))
  }
})
