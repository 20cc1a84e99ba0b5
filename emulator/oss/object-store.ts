import { createHash } from 'node:crypto'
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** bytes */
const BLOCK = 1024 ** 2
const ZEROS = new Uint8Array(BLOCK)

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
  readonly directory: string
  readonly #isTemporary: boolean
  readonly #writes = new Set<Promise<StoredObject>>()
  #written = 0

  /** @param directory default: a new temporary one */
  constructor(directory?: string) {
    this.#isTemporary = directory === undefined
    this.directory = directory ?? mkdtempSync(join(tmpdir(), 'dingtalk-emulator-'))
    mkdirSync(this.directory, { recursive: true })
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

  /** Waits for pending writes, and removes the directory unless it was given. Close the servers first. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#writes)
    if (this.#isTemporary) rmSync(this.directory, { recursive: true, force: true })
  }

  async #write(body: AsyncIterable<Uint8Array>, size: number, corrupt: boolean): Promise<StoredObject> {
    const path = join(this.directory, String(++this.#written))
    const hash = createHash('md5')
    const file = await open(path, 'w')
    try {
      let position = 0
      for await (const chunk of body) {
        if (corrupt && position === 0) chunk[0] = (chunk[0] ?? 0) ^ 1
        hash.update(chunk)
        // Zeros are skipped, which leaves a hole in the file: tests upload gigabytes of them.
        let at = isZero(chunk) ? chunk.length : 0
        while (at < chunk.length)
          at += (await file.write(chunk, at, chunk.length - at, position + at)).bytesWritten
        position += chunk.length
      }
      await file.truncate(size)
      return new StoredObject([{ path, size }], hash.digest('hex'))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    } finally {
      await file.close()
    }
  }
}

function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0
}
