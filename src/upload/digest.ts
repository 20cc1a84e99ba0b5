import { Worker } from 'node:worker_threads'
import { LocalFileError } from '../errors.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Part } from './parts.ts'

/** The MD5s of a file's parts, computed in a thread of its own while the parts are sent. */
export class Digest {
  readonly #worker: Worker
  readonly #md5s: PromiseWithResolvers<string>[]

  /** @param parts one after the other, from the file's beginning */
  constructor(file: LocalFile, parts: readonly Part[]) {
    this.#md5s = parts.map(() => {
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

  /**
   * The MD5 (lower-case hex) of a part.
   *
   * @throws LocalFileError if the file cannot be read
   */
  of({ number }: Part): Promise<string> {
    const md5 = this.#md5s[number - 1]
    if (!md5) throw new RangeError(`there is no part ${number}`)
    return md5.promise
  }

  /** Ends the thread, whether or not it is done. */
  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
