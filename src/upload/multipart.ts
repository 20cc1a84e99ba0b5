import type { UploadTicket } from '../dingtalk/drive.ts'
import type { SignatureInfo } from '../dingtalk/responses/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { FileReader } from './file-reader.ts'
import { runHedged, type Try } from './hedged.ts'
import { PartSignatures } from './part-signatures.ts'
import { planParts, type Part } from './parts.ts'
import type { Progress } from './progress.ts'

/** Bytes that are stored in OSS but not committed yet. */
export interface Stored {
  ticket: UploadTicket
  md5: string
  region: string | undefined
}

export async function storeParts(
  file: LocalFile,
  { unionId }: Destination,
  ticket: UploadTicket,
  context: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const { dingtalk, oss, digests, retryOptions, partSize, concurrency } = context
  const ended = new AbortController()
  const signal = eitherOf(ended.signal, retryOptions.signal)
  const parts = planParts(file.size, partSize, concurrency.limit, context.roundTrip())
  const signatures = new PartSignatures(
    parts.length,
    () => concurrency.limit,
    retryOptions.clock,
    (numbers) => dingtalk.drive.partInfos(ticket.uploadKey, unionId, numbers, signal),
  )
  const md5 = digests.md5(file, signal)

  let region: string | undefined
  const storePart = async (part: Part, { isFirst, signal: ending, begin }: Try) => {
    const onProgress = (bytes: number) => {
      if (isFirst) progress.at(part.number, bytes)
    }
    const sign = async (expired?: SignatureInfo) => {
      const signature = await signatures.of(part.number, expired)
      region = signature.region ?? undefined
      return signature
    }
    const read = () => {
      begin()
      return new FileReader(file, { range: part, onProgress })
    }
    await oss.store(sign, read, ending)
    signatures.done(part.number)
  }
  const { clock } = retryOptions
  const stored = runHedged(parts, { workers: concurrency.most, clock, signal }, storePart)
  try {
    await stored
    return { ticket, md5: await md5, region }
  } finally {
    ended.abort(new Error('another part of the file has failed'))
    await Promise.allSettled([stored])
  }
}

/** Aborts when the file has ended, or when the job is cancelled. */
export function eitherOf(ended: AbortSignal, cancelled: AbortSignal | undefined): AbortSignal {
  return cancelled ? AbortSignal.any([ended, cancelled]) : ended
}
