import { Worker } from 'node:worker_threads'
import { type LocalFile, unchanged, unreadable } from '../files/local-file.ts'

/** What the thread is told: to hash a file, or, without `path`, to stop hashing it. */
export interface DigestRequest {
  id: number
  path?: string
}

/** What the thread reports: the MD5 of a file, or why there will be none. */
export type DigestReport = { id: number } & (
  { md5: string } | { failure: { code: string | undefined; message: string } }
)

/**
 * The one thread of a job that computes MD5s, started when it is first needed. Files that are hashed at the same time
 * take turns in it.
 */
export class DigestThread {
  #worker: Worker | undefined
  #started = 0
  /** What is under way, by id. */
  readonly #passes = new Map<number, { file: LocalFile; md5: PromiseWithResolvers<string> }>()

  /**
   * The MD5 (lower-case hex) of a file. Rejects with a LocalFileError if it cannot be read, or has changed since it was
   * found: parts of the old content may be stored already.
   *
   * @param signal ends the pass over the file: the promise rejects with its reason
   * @throws the signal's reason if it is aborted already
   */
  md5(file: LocalFile, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    const id = ++this.#started
    const md5 = Promise.withResolvers<string>()
    md5.promise.catch(() => undefined) // it may never be asked for
    const worker = this.#worker ?? this.#startWorker()
    const send = (request: DigestRequest) => {
      worker.postMessage(request)
    }
    this.#passes.set(id, { file, md5 })
    send({ id, path: file.path })
    signal.addEventListener(
      'abort',
      () => {
        if (this.#passes.delete(id)) send({ id })
        md5.reject(signal.reason)
      },
      { once: true },
    )
    return md5.promise
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
      for (const { md5 } of this.#passes.values()) md5.reject(error)
      this.#passes.clear()
    })
    return (this.#worker = worker)
  }

  readonly #receive = (report: DigestReport) => {
    const pass = this.#passes.get(report.id)
    if (!pass) return // it was ended meanwhile
    const { file, md5 } = pass
    if ('md5' in report) md5.resolve(unchanged(file).then(() => report.md5))
    else md5.reject(unreadable(file.path, report.failure))
    this.#passes.delete(report.id)
  }
}
