// A thread that hashes: the emulator's own has its hands full with sockets.
import { createHash, type Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

/** Bytes to add to a stream's hash, or, without bytes, the request for its digest. */
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
