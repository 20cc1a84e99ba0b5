import type { UploadTicket } from '../dingtalk/drive.ts'
import type { Payload, StoreOptions } from '../dingtalk/oss.ts'
import type { SignatureInfo } from '../dingtalk/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { FileReader } from './file-reader.ts'
import { runHedged, type Try } from './hedged.ts'
import { PartSignatures } from './part-signatures.ts'
import { type Part, planParts } from './parts.ts'
import type { Progress } from './progress.ts'

/** Bytes that are stored in OSS but not committed yet. */
export interface Stored {
  ticket: UploadTicket
  md5: string
  region: string | undefined
}

/**
 * Stores a file by multipart upload, in parts over several connections.
 *
 * @param ticket of a multipart upload that has been started for it
 * @throws DingTalkError, or LocalFileError if the file was written to meanwhile
 */
export async function storeMultipart(
  file: LocalFile,
  { unionId }: Destination,
  ticket: UploadTicket,
  context: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const { digests, environment } = context
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, environment.signal])
  const md5 = digests.md5(file, signal)
  const upload = new MultipartUpload(ticket, { file, unionId, context, progress, signal })
  try {
    await upload.storeParts()
    return { ticket: upload.ticket, md5: await md5, region: upload.region }
  } finally {
    ended.abort(new Error('the file is no longer sent'))
  }
}

interface MultipartOptions {
  file: LocalFile
  unionId: string
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

  constructor(ticket: UploadTicket, options: MultipartOptions) {
    const { file, unionId, context, signal } = options
    const { dingtalk, partSize, concurrency, environment } = context
    this.ticket = ticket
    this.#options = options
    this.#parts = planParts(file.size, partSize, concurrency.limit, context.roundTrip())
    this.#signatures = new PartSignatures(
      this.#parts.length,
      () => concurrency.limit,
      environment.clock,
      (numbers) => dingtalk.drive.partInfos(ticket.uploadKey, unionId, numbers, signal),
    )
  }

  /** Stores the file in parts, several at once. @throws what the first part that fails for good throws */
  async storeParts(): Promise<void> {
    const { file, context, progress, signal } = this.#options
    const { concurrency, environment } = context
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
