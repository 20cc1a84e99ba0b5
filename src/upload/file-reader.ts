import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Payload } from '../dingtalk/oss.ts'
import { LocalFileError } from '../errors.ts'
import { type LocalFile, unchanged, unreadable } from '../files/local-file.ts'

/** How much is read at once, in bytes: large enough that calls cost nothing, small enough that memory stays flat. */
const CHUNK = 256 * 1024

/**
 * The size of a piece that is handed to a connection, in bytes. The idle timeout sees progress only when the connection takes
 * the next piece, so pieces are small. A full one fills the buffer of a stream of Node (64 KiB by default), so the connection
 * asks for the next one only after it has been sent.
 */
const PIECE = 64 * 1024

/**
 * The buffers of passes that have ended, for the next ones. Left to the garbage collector, which is in no hurry, they
 * would make the peak of memory grow with the number of parts.
 */
const spare: (readonly [Buffer, Buffer])[] = []

/** A file that has become a pipe fails when it is read; opening it would wait for a writer. Windows has no such flag. */
const READING = constants.O_RDONLY | constants.O_NONBLOCK

/** Which bytes of a file are read, and what is known about them. */
export interface FileReaderOptions {
  /** Where to begin, and how many bytes; default: the whole file. */
  range?: { start: number; size: number }
  /** The MD5 (lower-case hex) of these bytes; default: it is computed as they are read, which costs this thread time. */
  md5?: Promise<string> | undefined
  /** Called with the number of bytes that the connection has taken so far: at first 0, when the file is open. */
  onProgress?: (bytes: number) => void
}

/** Reads a file or a range of it once, in constant memory. */
export class FileReader implements Payload {
  /** bytes */
  readonly size: number
  readonly #file: LocalFile
  readonly #start: number
  readonly #onProgress: (bytes: number) => void
  readonly #knownMd5: Promise<string> | undefined
  readonly #hash = createHash('md5')
  #md5: string | undefined

  constructor(file: LocalFile, { range, md5, onProgress }: FileReaderOptions = {}) {
    this.#file = file
    this.#start = range?.start ?? 0
    this.size = range?.size ?? file.size
    this.#knownMd5 = md5
    this.#onProgress = onProgress ?? (() => undefined)
  }

  /** @throws LocalFileError if the file is not as it was found: shorter, longer, or written to in the meantime */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#bytes()
    } catch (error) {
      if (error instanceof LocalFileError) throw error
      throw unreadable(this.#file.path, error)
    }
  }

  /** The MD5 (lower-case hex) of the bytes, once all have been read. */
  md5(): Promise<string> {
    return this.#knownMd5 ?? Promise.resolve((this.#md5 ??= this.#hash.digest('hex')))
  }

  async *#bytes(): AsyncGenerator<Uint8Array> {
    const file = await open(this.#file.location ?? this.#file.path, READING)
    // Two buffers for the whole pass: one is filled while the other is sent. A connection that asks for the next chunk
    // is done with the last one.
    const buffers = spare.pop() ?? ([Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const)
    const end = this.#start + this.size
    const fill = (which: 0 | 1, from: number) => {
      const filling = file.read(buffers[which], 0, Math.min(CHUNK, end - from), from)
      filling.catch(() => undefined) // in case it is not needed any more
      return filling
    }
    try {
      let at = this.#start
      let which: 0 | 1 = 0
      let filling = fill(which, at)
      this.#onProgress(0)
      while (at < end) {
        const { bytesRead } = await filling
        if (bytesRead === 0) break
        const chunk = buffers[which].subarray(0, bytesRead)
        which = which === 0 ? 1 : 0
        filling = fill(which, at + bytesRead)
        if (!this.#knownMd5) this.#hash.update(chunk)
        const pieces = piecesOf(chunk)
        const last = at + bytesRead < end ? undefined : pieces.pop()
        for (const piece of pieces) {
          yield piece
          at += piece.length
          this.#onProgress(at - this.#start)
        }
        if (!last) continue
        // Checked before the last bytes leave: a file that has changed must not arrive whole. Nothing may be left to do
        // after them, or a response that comes at once finds the request still being sent.
        await unchanged(this.#file)
        await file.close()
        yield last
        this.#onProgress(this.size)
        // Only now: a pass that ends early may leave a chunk in a socket, or a read in progress.
        spare.push(buffers)
        return
      }
      await unchanged(this.#file)
    } finally {
      await file.close()
    }
  }
}

/** A short piece is copied: it does not fill the stream's buffer, so the next one is asked for before it has been sent. */
function piecesOf(chunk: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(chunk.length / PIECE) }, (_, index) => {
    const piece = chunk.subarray(index * PIECE, (index + 1) * PIECE)
    return piece.length < PIECE ? Buffer.from(piece) : piece
  })
}
