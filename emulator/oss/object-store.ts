import { createHash } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { open, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Md5Request } from './md5-thread.ts'

/** bytes */
const BLOCK = 1024 ** 2
const ZEROS = new Uint8Array(BLOCK)
/** How many blocks of one object may wait for the disk and the hash before reading pauses. */
const BLOCKS_IN_FLIGHT = 4

interface Piece {
  readonly path: string
  /** bytes */
  readonly size: number
}

/** Bytes on disk. The parts of a multipart upload are joined when `path` or `md5` is first read. */
export class StoredObject {
  readonly #pieces: Piece[]
  /** bytes */
  readonly size: number
  #md5: string | undefined

  /** @param md5 lower-case hex; default: computed when first read */
  constructor(pieces: readonly Piece[], md5?: string) {
    this.#pieces = [...pieces]
    this.size = pieces.reduce((sum, { size }) => sum + size, 0)
    this.#md5 = md5
  }

  static concatenate(objects: readonly StoredObject[]): StoredObject {
    const [first, ...more] = objects
    if (first && more.length === 0) return first
    return new StoredObject(objects.flatMap((object) => object.#pieces))
  }

  /** Lower-case hex. */
  get md5(): string {
    if (this.#md5 === undefined) this.#assemble()
    return this.#md5 ?? ''
  }

  /** A file that contains all the bytes. */
  get path(): string {
    if (this.#pieces.length !== 1) this.#assemble()
    return this.#pieces[0]?.path ?? ''
  }

  remove(): void {
    for (const { path } of this.#pieces) rmSync(path, { force: true })
  }

  #assemble(): void {
    const [first] = this.#pieces
    if (!first) return
    const hash = createHash('md5')
    const block = Buffer.allocUnsafe(BLOCK)
    const target = openSync(first.path, 'r+')
    let position = 0
    for (const piece of this.#pieces) {
      const source = piece === first ? target : openSync(piece.path, 'r')
      for (let at = 0, read; (read = readSync(source, block, 0, block.length, at)) > 0; at += read) {
        const bytes = block.subarray(0, read)
        hash.update(bytes)
        if (piece !== first && !isZero(bytes)) writeSync(target, bytes, 0, read, position)
        position += read
      }
      if (piece === first) continue
      closeSync(source)
      rmSync(piece.path)
    }
    ftruncateSync(target, position)
    closeSync(target)
    this.#pieces.splice(0, Infinity, { path: first.path, size: this.size })
    this.#md5 = hash.digest('hex')
  }
}

/** Writes objects to disk in constant memory and computes their MD5. */
export class ObjectStore {
  readonly #directory: string
  readonly #free: SharedArrayBuffer[] = []
  readonly #writes = new Set<Promise<StoredObject>>()
  #thread: Md5Thread | undefined
  #written = 0

  /** @param directory must exist; the store does not remove it */
  constructor(directory: string) {
    this.#directory = directory
  }

  /**
   * @param size bytes, from Content-Length
   * @param corrupt flips a bit of the first byte
   * @throws the error of reading the body, for example when the connection is cut; nothing is stored then
   */
  async write(body: AsyncIterable<Uint8Array>, size: number, corrupt = false): Promise<StoredObject> {
    const writing = this.#write(body, size, corrupt)
    this.#writes.add(writing)
    try {
      return await writing
    } finally {
      this.#writes.delete(writing)
    }
  }

  /** Waits for the writes that were under way. Close the servers first. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#writes)
    await this.#thread?.close()
  }

  async #write(body: AsyncIterable<Uint8Array>, size: number, corrupt: boolean): Promise<StoredObject> {
    const path = join(this.#directory, String(++this.#written))
    try {
      const md5 = await (size <= BLOCK ? writeSmall : this.#writeLarge.bind(this))(path, body, size, corrupt)
      return new StoredObject([{ path, size }], md5)
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  async #writeLarge(
    path: string,
    body: AsyncIterable<Uint8Array>,
    size: number,
    corrupt: boolean,
  ): Promise<string> {
    const thread = (this.#thread ??= new Md5Thread())
    const stream = thread.open()
    const handle = await open(path, 'w')
    const inFlight: Promise<void>[] = []
    const flush = (block: SharedArrayBuffer, length: number, position: number) => {
      const bytes = new Uint8Array(block, 0, length)
      if (corrupt && position === 0) bytes[0] = (bytes[0] ?? 0) ^ 1
      const flushed = Promise.all([thread.update(stream, bytes), writeBlock(handle, bytes, position)])
      inFlight.push(flushed.then(() => void this.#free.push(block)))
      // An error is thrown where the block is awaited, which may be later.
      inFlight.at(-1)?.catch(() => undefined)
    }
    try {
      let block = this.#block()
      let filled = 0
      let position = 0
      for await (const chunk of body) {
        for (let taken = 0; taken < chunk.length;) {
          const some = chunk.subarray(taken, taken + BLOCK - filled)
          new Uint8Array(block).set(some, filled)
          filled += some.length
          taken += some.length
          if (filled < BLOCK) continue
          flush(block, filled, position)
          position += filled
          filled = 0
          if (inFlight.length >= BLOCKS_IN_FLIGHT) await inFlight.shift()
          block = this.#block()
        }
      }
      flush(block, filled, position)
      await Promise.all(inFlight)
      // A file that ends in zeros ends in a hole.
      await handle.truncate(size)
      return await thread.digest(stream)
    } catch (error) {
      await Promise.allSettled([...inFlight, thread.digest(stream)])
      throw error
    } finally {
      await handle.close()
    }
  }

  #block(): SharedArrayBuffer {
    return this.#free.pop() ?? new SharedArrayBuffer(BLOCK)
  }
}

async function writeSmall(
  path: string,
  body: AsyncIterable<Uint8Array>,
  _size: number,
  corrupt: boolean,
): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (corrupt && bytes.length > 0) bytes[0] = (bytes[0] ?? 0) ^ 1
  await writeFile(path, bytes)
  return createHash('md5').update(bytes).digest('hex')
}

function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0
}

/** Skips zeros, which leaves a hole in the file: tests upload gigabytes of them. */
async function writeBlock(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  if (isZero(bytes)) return
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written)
    written += bytesWritten
  }
}

/** Hashes in a worker thread. Started for the first large object. */
class Md5Thread {
  readonly #worker = new Worker(new URL('./md5-thread.ts', import.meta.url))
  /** The thread replies in the order of the requests. */
  readonly #waiting: ((reply: string) => void)[] = []
  #opened = 0

  constructor() {
    this.#worker.on('message', (reply: string) => this.#waiting.shift()?.(reply))
  }

  open(): number {
    return ++this.#opened
  }

  async update(stream: number, bytes: Uint8Array): Promise<void> {
    await this.#ask({ stream, bytes })
  }

  /** Ends the stream. @returns lower-case hex */
  digest(stream: number): Promise<string> {
    return this.#ask({ stream })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #ask(request: Md5Request): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#worker.postMessage(request)
    })
  }
}
