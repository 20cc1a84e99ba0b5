import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { TextError } from '../errors.ts'
import { type LocalFile, unchanged, unreadable } from '../files/local-file.ts'

/** What the thread receives. */
export interface DigestRequest {
  id: number
  path: string
}

/** What the thread sends back: the MD5 of a file, or the system's error. */
type DigestReport = { id: number } & (
  { md5: string } | { failure: { code: string | undefined; message: string } }
)

/** The thread that computes the MD5 of files, several at a time. It starts with the first file. */
export class DigestThread {
  #worker: Worker | undefined
  #started = 0
  /** The files in progress, by ID. */
  readonly #passes = new Map<number, PromiseWithResolvers<DigestReport>>()

  /**
   * Computes the MD5 of a file, in lower-case hex.
   *
   * @param signal stops waiting for it; the thread itself reads on until {@link close}
   * @throws LocalFileError if the file can't be read, or has changed since it was found
   * @throws TextError if the thread fails; the signal's reason if it is aborted
   */
  async md5(file: LocalFile, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    const id = ++this.#started
    const pass = Promise.withResolvers<DigestReport>()
    const abort = () => {
      pass.reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    this.#passes.set(id, pass)
    try {
      const request: DigestRequest = { id, path: file.location ?? file.path }
      const worker = (this.#worker ??= this.#startWorker())
      worker.postMessage(request)
      const report = await pass.promise
      if ('failure' in report) throw unreadable(file.path, report.failure)
      await unchanged(file)
      return report.md5
    } finally {
      this.#passes.delete(id)
      signal.removeEventListener('abort', abort)
    }
  }

  /** Ends the thread, which would keep the process alive. Rejects what is still in progress. */
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
      const why = cause instanceof Error ? cause.message : String(cause)
      const text = {
        en: `The thread that computes MD5 hashes failed: ${why}. Make sure that the runner has enough memory and that the dist directory of the action is complete. Then re-run the job.`,
        zh: `计算 MD5 的线程出错：${why}。请确认 runner 内存充足，且 action 的 dist 目录完整，然后重新运行任务。`,
      }
      this.#end(new TextError(text, { cause }))
    })
    return worker
  }

  #end(error: Error): void {
    this.#worker = undefined
    for (const pass of this.#passes.values()) pass.reject(error)
    this.#passes.clear()
  }
}
