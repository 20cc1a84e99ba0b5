import type { UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { Payload, StoreOptions } from '../dingtalk/oss.ts'
import type { SignatureInfo } from '../dingtalk/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import { pause } from '../http/environment.ts'
import { retryDelay, seconds } from '../http/retry.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { FileReader } from './file-reader.ts'
import { runHedged, type Try } from './hedged.ts'
import { PartSignatures } from './part-signatures.ts'
import { type Part, planParts } from './parts.ts'
import type { Progress } from './progress.ts'
import { isWorthOnePart, SpeedWatch } from './single-part.ts'

/** Bytes that are stored in OSS but not committed yet. */
export interface Stored {
  ticket: UploadTicket
  md5: string
  region: string | undefined
}

/**
 * Stores a file by multipart upload. Near the storage, a large file is first tried as a single part. Where one connection
 * is too slow for that, or breaks, it is sent in parts over several.
 *
 * @param ticket of a multipart upload that has been started for it
 * @throws DingTalkError, or LocalFileError if the file was written to meanwhile
 */
export async function storeMultipart(
  file: LocalFile,
  { folder, unionId }: Destination,
  ticket: UploadTicket,
  context: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const { dingtalk, digests, environment } = context
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, environment.signal])
  const md5 = digests.md5(file, signal)
  const begin = (started: UploadTicket) =>
    new MultipartUpload(started, { file, unionId, md5, context, progress, signal })
  let upload = begin(ticket)
  try {
    const outcome = await upload.trySinglePart()
    // What was sent may still arrive, and would take the place of the part of this number.
    if (outcome === 'in doubt') upload = begin(await dingtalk.drive.startParts(folder, unionId, file))
    if (outcome !== 'stored') await upload.storeParts()
    return { ticket: upload.ticket, md5: await md5, region: upload.region }
  } finally {
    ended.abort(new Error('the file is no longer sent'))
  }
}

interface MultipartOptions {
  file: LocalFile
  unionId: string
  /** The MD5 (lower-case hex) of the file. */
  md5: Promise<string>
  context: UploadContext
  progress: Progress
  /** Ends everything. */
  signal: AbortSignal
}

/** A multipart upload that has been started: the platform completes it with the commit. */
class MultipartUpload {
  readonly ticket: UploadTicket
  /** Where the platform stores it, as far as it says. */
  region: string | undefined
  readonly #options: MultipartOptions
  readonly #parts: readonly Part[]
  readonly #signatures: PartSignatures
  /** How many parts in advance signatures are requested: a single part needs no others. */
  #ahead = () => 0

  constructor(ticket: UploadTicket, options: MultipartOptions) {
    const { file, unionId, context, signal } = options
    const { dingtalk, partSize, concurrency, environment } = context
    this.ticket = ticket
    this.#options = options
    this.#parts = planParts(file.size, partSize, concurrency.limit, context.roundTrip())
    this.#signatures = new PartSignatures(
      this.#parts.length,
      () => this.#ahead(),
      environment.clock,
      (numbers) => dingtalk.drive.partInfos(ticket.uploadKey, unionId, numbers, signal),
    )
  }

  /**
   * Tries once to send the file as its only part, if it is worth that. After a failure that may be temporary, waits as the
   * retry policy says.
   *
   * @returns `in doubt`: the storage may have the part, or may still get it
   * @throws errors that a retry would not fix
   */
  async trySinglePart(): Promise<'stored' | 'not stored' | 'in doubt'> {
    const { file, md5, context, progress, signal } = this.#options
    const { environment, log, triesSinglePart } = context
    if (!triesSinglePart || !isWorthOnePart(file.size, context.roundTrip())) return 'not stored'
    const watch = new SpeedWatch(file.size, environment.clock)
    const onProgress = (bytes: number) => {
      watch.at(bytes)
      progress.at(1, bytes)
    }
    const read = () => new FileReader(file, { md5, onProgress })
    try {
      await this.#store(1, read, { signal: AbortSignal.any([signal, watch.tooSlow]), retries: 0 })
      return 'stored'
    } catch (error) {
      context.triesSinglePart = false
      if (error === watch.tooSlow.reason) return 'not stored'
      if (!(error instanceof DingTalkError) || error.operation !== 'put') throw error
      const delay = retryDelay(error.waitBeforeRetry, 1, environment.random)
      if (delay === undefined) throw error
      const { code, text, mayHaveHappened } = error
      log({
        en: `${file.path}: the upload over one connection failed (${code}: ${text.en}). Uploading in parts in ${seconds(delay)} s.`,
        zh: `${file.path}：单连接上传失败（${code}：${text.zh}），${seconds(delay)} 秒后改为分片上传。`,
      })
      await pause(delay, environment)
      return mayHaveHappened ? 'in doubt' : 'not stored'
    } finally {
      watch.stop()
    }
  }

  /** Stores the file in parts, several at once. @throws what the first part that fails for good throws */
  async storeParts(): Promise<void> {
    const { file, context, progress, signal } = this.#options
    const { concurrency, environment } = context
    this.#ahead = () => concurrency.limit
    const storePart = async (part: Part, { isFirst, signal: ending, begin, wait }: Try) => {
      const onProgress = (bytes: number) => {
        if (isFirst) progress.at(part.number, bytes)
      }
      const read = () => {
        begin()
        return new FileReader(file, { range: part, onProgress })
      }
      // Only the first try retries. A second one fails at once, so that it never bypasses the wait that the policy demands.
      await this.#store(part.number, read, {
        signal: ending,
        onWait: wait,
        ...(isFirst ? {} : { retries: 0 }),
      })
      this.#signatures.done(part.number)
    }
    const { clock } = environment
    await runHedged(this.#parts, { workers: concurrency.most, clock, signal }, storePart)
  }

  async #store(part: number, read: () => Payload, options: StoreOptions): Promise<void> {
    const sign = async (expired?: SignatureInfo) => {
      const signature = await this.#signatures.of(part, expired)
      this.region = signature.region ?? undefined
      return signature
    }
    await this.#options.context.oss.store(sign, read, options)
  }
}
