import { Worker } from 'node:worker_threads'
import { LocalFileError } from './file-reading.ts'
import type { LocalFile } from './files.ts'
import type { Part } from './parts.ts'

/** The MD5s (lower-case hex) of a file and of its parts, computed in a thread of its own while the file is sent. */
export class Digest {
  readonly #worker: Worker
  readonly #md5s: {
    promise: Promise<string>
    resolve: (md5: string) => void
    reject: (error: Error) => void
  }[]

  constructor(file: LocalFile, parts: readonly Part[]) {
    // One for each part, and one for the whole, in the order in which the worker tells them.
    this.#md5s = Array.from({ length: parts.length + 1 }, () => {
      const md5 = Promise.withResolvers<string>()
      md5.promise.catch(() => undefined) // it may never be asked for
      return md5
    })
    const waiting = this.#md5s.values()
    this.#worker = new Worker(new URL('./digest-worker.js', import.meta.url), {
      workerData: { path: file.path, sizes: parts.map(({ size }) => size) },
    })
    this.#worker.on('message', (md5: string) => waiting.next().value?.resolve(md5))
    this.#worker.once('error', (cause) => {
      const message = `${file.path} can no longer be read: ${cause instanceof Error ? cause.message : String(cause)}`
      for (const { reject } of waiting) reject(new LocalFileError(message, { cause }))
    })
  }

  /** @throws LocalFileError if the file cannot be read */
  part({ number }: Part): Promise<string> {
    return this.#at(number - 1)
  }

  /** @throws LocalFileError if the file cannot be read */
  whole(): Promise<string> {
    return this.#at(this.#md5s.length - 1)
  }

  /** Ends the thread, whether or not it is done. */
  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #at(index: number): Promise<string> {
    return this.#md5s[index]?.promise ?? Promise.reject(new RangeError(`no part ${index + 1}`))
  }
}
