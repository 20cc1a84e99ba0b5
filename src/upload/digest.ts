import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { TextError } from '../errors.ts'
import { type LocalFile, unchanged, unreadable } from '../files/local-file.ts'

/** What the thread is sent: a file to hash or, without a path, one to stop hashing. */
export interface DigestRequest {
  id: number
  path?: string
}

/** What the thread sends back: the MD5 of a file, or the system's error. */
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
  /** What to do with the report about each file in progress, by id. */
  readonly #passes = new Map<number, PromiseWithResolvers<DigestReport>>()

  /**
   * The MD5 (lower-case hex) of a file.
   *
   * @param signal ends the pass over the file; no listener stays on it afterwards
   * @throws LocalFileError if the file cannot be read, or has changed since it was found: parts of the old content may be
   *   stored already
   * @throws TextError if the thread fails; the signal's reason if it is aborted
   */
  async md5(file: LocalFile, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    const id = ++this.#started
    const pass = Promise.withResolvers<DigestReport>()
    const worker = this.#worker ?? this.#startWorker()
    const send = (request: DigestRequest) => {
      worker.postMessage(request)
    }
    const abort = () => {
      send({ id })
      pass.reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    this.#passes.set(id, pass)
    try {
      send({ id, path: file.location ?? file.path })
      const report = await pass.promise
      if ('failure' in report) throw unreadable(file.path, report.failure)
      await unchanged(file)
      return report.md5
    } finally {
      this.#passes.delete(id)
      signal.removeEventListener('abort', abort)
    }
  }

  /** Ends the thread, which would keep the process alive, and every pass that is still in progress. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#end(new Error('the thread was ended'))
    await worker?.terminate()
  }

  #startWorker(): Worker {
    const worker = new Worker(join(import.meta.dirname, 'digest-worker.js'))
    worker.on('message', (report: DigestReport) => {
      this.#passes.get(report.id)?.resolve(report)
    })
    worker.once('error', (cause) => {
      this.#end(threadFailed(cause))
    })
    return (this.#worker = worker)
  }

  /** The next file gets a thread of its own. */
  #end(error: Error): void {
    this.#worker = undefined
    for (const pass of this.#passes.values()) pass.reject(error)
    this.#passes.clear()
  }
}

function threadFailed(cause: unknown): TextError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new TextError(
    {
      en: `The thread that computes MD5 hashes failed: ${why}. Make sure that the runner has enough memory and that the dist directory of the action is complete. Then re-run the job.`,
      zh: `计算 MD5 的线程出错：${why}。请确认 runner 内存充足，且 action 的 dist 目录完整，然后重新运行任务。`,
    },
    { cause },
  )
}
