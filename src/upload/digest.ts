import { Worker } from 'node:worker_threads'
import { LocalFileError } from '../errors.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Part } from './parts.ts'

/** What the thread is told: to make a pass over a file, or, without `pass`, to end the one under way. */
export interface DigestRequest {
  id: number
  pass?: { path: string; partSizes: readonly number[] }
}

/** What the thread reports: the MD5 of a part or, without `part`, of the whole file; or why there will be none. */
export type DigestReport = { id: number } & ({ part?: number; md5: string } | { failure: string })

/** The MD5s (lower-case hex) that one pass over a file gives. They may be waited for before they are known. */
export class FileDigest {
  readonly #parts: readonly PromiseWithResolvers<string>[]
  readonly #whole = Promise.withResolvers<string>()

  constructor(parts: number) {
    this.#parts = Array.from({ length: parts }, () => Promise.withResolvers<string>())
    for (const { promise } of [...this.#parts, this.#whole]) promise.catch(() => undefined) // never asked for, maybe
  }

  /**
   * The MD5 of a part, known as soon as the pass has reached its end. Rejects with a LocalFileError if the file cannot
   * be read, or with the reason of the signal that ended the pass.
   *
   * @param number from 1
   */
  part(number: number): Promise<string> {
    const part = this.#parts[number - 1]
    if (!part) throw new RangeError(`there is no part ${number}`)
    return part.promise
  }

  /** The MD5 of the whole file. Rejects as {@link part} does. */
  whole(): Promise<string> {
    return this.#whole.promise
  }

  /** @param part its number; default: the whole file */
  resolve(md5: string, part?: number): void {
    const known = part === undefined ? this.#whole : this.#parts[part - 1]
    known?.resolve(md5)
  }

  /** Fails whatever is not known yet. */
  reject(reason: unknown): void {
    for (const { reject } of [...this.#parts, this.#whole]) reject(reason)
  }
}

/**
 * The one thread of a job that computes MD5s, started when it is first needed. Files that are hashed at the same time
 * take turns in it.
 */
export class DigestThread {
  #worker: Worker | undefined
  #started = 0
  /** What is under way, by id. */
  readonly #passes = new Map<number, { file: LocalFile; digest: FileDigest }>()

  /**
   * Starts a pass over a file.
   *
   * @param parts one after the other, from the file's beginning to its end
   * @param signal ends the pass: what is not known then fails with its reason
   * @throws the signal's reason if it is aborted already
   */
  start(file: LocalFile, parts: readonly Part[], signal: AbortSignal): FileDigest {
    signal.throwIfAborted()
    const id = ++this.#started
    const digest = new FileDigest(parts.length)
    const worker = this.#worker ?? this.#startWorker()
    const send = (request: DigestRequest) => {
      worker.postMessage(request)
    }
    this.#passes.set(id, { file, digest })
    send({ id, pass: { path: file.path, partSizes: parts.map(({ size }) => size) } })
    signal.addEventListener(
      'abort',
      () => {
        if (this.#passes.delete(id)) send({ id })
        digest.reject(signal.reason)
      },
      { once: true },
    )
    return digest
  }

  /** Ends the thread, which would keep the process alive. Nothing may be under way any more. */
  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  // ncc keeps the worker's name only where it knows all of the syntax, and it does not know private methods.
  readonly #startWorker = () => {
    const worker = new Worker(new URL('./digest-worker.js', import.meta.url))
    worker.on('message', this.#receive)
    worker.once('error', (cause) => {
      this.#worker = undefined
      const error = new Error('the thread that computes MD5s has failed', { cause })
      for (const { digest } of this.#passes.values()) digest.reject(error)
      this.#passes.clear()
    })
    return (this.#worker = worker)
  }

  readonly #receive = (report: DigestReport) => {
    const pass = this.#passes.get(report.id)
    if (!pass) return // it was ended meanwhile
    const { file, digest } = pass
    const failed = 'failure' in report
    if (failed) digest.reject(new LocalFileError(`${file.path} can no longer be read: ${report.failure}`))
    else digest.resolve(report.md5, report.part)
    if (failed || report.part === undefined) this.#passes.delete(report.id)
  }
}
