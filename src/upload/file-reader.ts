import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Payload } from '../dingtalk/oss.ts'
import { LocalFileError } from '../errors.ts'
import { type LocalFile, unchanged, unreadable } from '../files/local-file.ts'

/**
 * How many bytes the connection gets at a time. Small, because the idle timeout sees progress only when the connection takes the
 * next piece. As large as the buffer of a Node.js stream: the connection asks for the next piece only after it has sent this one.
 */
const PIECE = 64 * 1024

/** Opening a pipe would block. Windows doesn't have this flag. */
const READING = constants.O_RDONLY | constants.O_NONBLOCK

/** Which bytes of a file are read, and what is known about them. */
export interface FileReaderOptions {
  /** In bytes; default: the whole file. */
  range?: { start: number; size: number }
  /** Called with the number of bytes that the connection has taken so far. */
  onProgress?: (bytes: number) => void
}

/** Reads a file, or a range of it, once and in constant memory. */
export class FileReader implements Payload {
  readonly size: number
  readonly #file: LocalFile
  readonly #options: FileReaderOptions
  readonly #hash = createHash('md5')
  #md5: string | undefined

  constructor(file: LocalFile, options: FileReaderOptions = {}) {
    this.#file = file
    this.#options = options
    this.size = options.range?.size ?? file.size
  }

  /** @throws LocalFileError if the file can't be read, or has changed since it was found */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#pieces()
    } catch (error) {
      if (error instanceof LocalFileError) throw error
      throw unreadable(this.#file.path, error)
    }
  }

  /** The MD5 (lower-case hex) of the bytes, once all have been read. */
  md5(): Promise<string> {
    return Promise.resolve((this.#md5 ??= this.#hash.digest('hex')))
  }

  async *#pieces(): AsyncGenerator<Uint8Array> {
    const { range, onProgress } = this.#options
    const file = await open(this.#file.location ?? this.#file.path, READING)
    try {
      // Several pieces long, in case a connection asks for the next piece while it still sends this one.
      const buffer = Buffer.allocUnsafe(Math.min(4 * PIECE, this.size))
      for (let taken = 0; taken < this.size;) {
        const at = taken % buffer.length
        const length = Math.min(PIECE, this.size - taken, buffer.length - at)
        const { bytesRead } = await file.read(buffer, at, length, (range?.start ?? 0) + taken)
        if (bytesRead === 0) break
        taken += bytesRead
        const read = buffer.subarray(at, at + bytesRead)
        // The connection asks for the next piece before it has sent a short one.
        const piece = bytesRead < PIECE ? Buffer.from(read) : read
        this.#hash.update(piece)
        const isLast = taken === this.size
        if (isLast) {
          // A file that has changed must not arrive complete. After the last piece, nothing may delay the end of the request.
          await unchanged(this.#file)
          await file.close()
        }
        yield piece
        onProgress?.(taken)
        if (isLast) return
      }
      await unchanged(this.#file)
    } finally {
      await file.close()
    }
  }
}

/** How many bytes of a file are hashed at a time: few enough for everything else to go on. */
const BLOCK = 1024 * 1024

/**
 * Computes the MD5 (lower-case hex) of a file.
 *
 * @throws LocalFileError if the file can't be read, or has changed since it was found; the signal's reason if it is aborted
 */
export async function md5Of(file: LocalFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5')
  try {
    const handle = await open(file.location ?? file.path, READING)
    try {
      const buffer = Buffer.allocUnsafe(Math.min(BLOCK, file.size))
      for (let read = 0; read < file.size && !signal.aborted;) {
        const { bytesRead } = await handle.read(buffer, 0, Math.min(BLOCK, file.size - read), read)
        if (bytesRead === 0) break
        hash.update(buffer.subarray(0, bytesRead))
        read += bytesRead
      }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(file.path, error)
  }
  signal.throwIfAborted()
  await unchanged(file)
  return hash.digest('hex')
}
