import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Payload } from './dingtalk/oss.ts'
import type { LocalFile } from './files.ts'

/** How much is read at once, in bytes: large enough that calls cost nothing, small enough that memory stays flat. */
const CHUNK = 256 * 1024

/** The file on disk is no longer the one that was found, or can no longer be read. */
export class LocalFileError extends Error {
  override readonly name = 'LocalFileError'
}

/** One pass over a file's bytes, or over a part of them, in constant memory. */
export class FileReading implements Payload {
  readonly size: number
  readonly #file: LocalFile
  readonly #start: number
  readonly #known: Promise<string> | undefined
  readonly #onProgress: (bytes: number) => void
  readonly #hash = createHash('md5')
  #md5: string | undefined

  /**
   * @param onProgress told how many bytes have been taken so far
   * @param part where it begins and how many bytes it has
   * @param md5 where the MD5 comes from; default: it is computed on the way, which costs this thread time
   */
  constructor(
    file: LocalFile,
    onProgress: (bytes: number) => void,
    part: { start: number; size: number } = { start: 0, size: file.size },
    md5?: Promise<string>,
  ) {
    this.#file = file
    this.#onProgress = onProgress
    this.#start = part.start
    this.size = part.size
    this.#known = md5
  }

  /** @throws LocalFileError if the file is not as it was found: shorter, longer, or written to in the meantime */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#bytes()
    } catch (error) {
      if (error instanceof LocalFileError) throw error
      throw new LocalFileError(`${this.#file.path} can no longer be read: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }

  /** The MD5 (lower-case hex) of the bytes, once the pass is complete. */
  md5(): Promise<string> {
    return this.#known ?? Promise.resolve((this.#md5 ??= this.#hash.digest('hex')))
  }

  async *#bytes(): AsyncGenerator<Uint8Array> {
    let left = this.size
    this.#onProgress(0)
    if (left > 0) {
      const stream: AsyncIterable<Buffer> = createReadStream(this.#file.path, {
        start: this.#start,
        end: this.#start + this.size - 1,
        highWaterMark: CHUNK,
      })
      for await (const chunk of stream) {
        left -= chunk.length
        if (!this.#known) this.#hash.update(chunk)
        // Looked at before the last bytes leave: what has changed must not arrive whole.
        if (left === 0) await this.#refuseChange()
        yield chunk
        this.#onProgress(this.size - left)
        if (left === 0) return
      }
    }
    await this.#refuseChange()
  }

  async #refuseChange(): Promise<void> {
    const { path, size, modified } = this.#file
    const now = await stat(path)
    if (now.size !== size) {
      throw new LocalFileError(
        `${path} changed its size while it was uploaded: ${size} bytes at first, ${now.size} now`,
      )
    }
    if (now.mtimeMs !== modified) throw new LocalFileError(`${path} was written to while it was uploaded`)
  }
}
