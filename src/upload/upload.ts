import type { DingTalk } from '../dingtalk/client.ts'
import type { Committer } from '../dingtalk/committer.ts'
import type { UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { previewUrl, type ConflictStrategy, type Folder } from '../dingtalk/folder.ts'
import { markOf } from '../dingtalk/mark.ts'
import { MAX_PUT, type Oss } from '../dingtalk/oss.ts'
import type { SignatureInfo, UploadInfo } from '../dingtalk/responses/schema.ts'
import type { Text } from '../dingtalk/text.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import { nameKey } from '../files/collisions.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Uploaded } from '../result.ts'
import type { Job } from '../source.ts'
import type { DigestThread } from './digest.ts'
import { FileReader } from './file-reader.ts'
import { PartSignatures, usableUntil } from './part-signatures.ts'
import { planParts, type Part } from './parts.ts'
import { Progress } from './progress.ts'

/**
 * What happens to a file whose name is taken: what the platform does by itself, or `IF_CHANGED`: one with the same content
 * stays as it is, and any other gets a new version.
 */
export type UploadStrategy = ConflictStrategy | 'IF_CHANGED'

/** Where files go, in whose name, and what happens to names that are taken. */
export interface Destination {
  folder: Folder
  unionId: string
  conflictStrategy: UploadStrategy
}

/** What an upload works with: the client, its storage, and the settings. */
export interface UploadContext {
  dingtalk: DingTalk
  committer: Committer
  oss: Oss
  digests: DigestThread
  retryOptions: RetryOptions
  job: Job
  warn: (message: Text) => void
  /** How many parts of a file are sent at once. */
  concurrency: number
  /** Larger files (bytes) are uploaded in parts; 0: none is. */
  multipartThreshold: number
  /** bytes */
  partSize: number | 'auto'
}

/** A larger file (bytes) is hashed in the job's digest thread: a smaller one is done before that has started. */
const INLINE_HASH = 8 * 1024 ** 2

const TOO_LARGE_FOR_ONE: Text = {
  en: 'Files over 5 GB need multipart upload, which is unavailable.',
  zh: '超过 5 GB 的文件必须使用分片上传，但当前无法使用。',
}

/** Bytes that are stored in OSS but not committed yet. */
interface Stored {
  ticket: UploadTicket
  md5: string
}

/**
 * Uploads one file in the platform's three steps: upload info, bytes, commit.
 *
 * @throws DingTalkError, or LocalFileError if the file was written to meanwhile; then nothing is committed
 */
export async function upload(file: LocalFile, to: Destination, context: UploadContext): Promise<Uploaded> {
  const { committer, retryOptions } = context
  const progress = new Progress(file.size, retryOptions.clock, ({ en, zh }) => {
    retryOptions.log({ en: `${file.path}: ${en}`, zh: `${file.path}：${zh}` })
  })
  const turn = committer.turn(nameKey(file.name))
  try {
    const { ticket, md5 } = await store(file, to, context, progress)
    await turn.before
    const conflictStrategy = to.conflictStrategy === 'IF_CHANGED' ? 'OVERWRITE' : to.conflictStrategy
    const committed = await committer.commit({ ...to, conflictStrategy, ticket, file, md5 })
    const { dentry, existing } = committed
    return {
      ...committed,
      fromEarlierAttempt: false,
      md5: existing ? markOf(dentry)?.md5 : md5,
      url: previewUrl(dentry),
    }
  } finally {
    turn.end()
    progress.stop()
  }
}

/** Stores a large file in parts and any other in one PUT. Falls back to one PUT if multipart upload is unavailable. */
async function store(
  file: LocalFile,
  to: Destination,
  context: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const { dingtalk, multipartThreshold, retryOptions } = context
  const needsParts = file.size > MAX_PUT
  if (!needsParts && (multipartThreshold === 0 || file.size <= multipartThreshold)) {
    return storeWhole(file, to, context, progress)
  }
  let ticket: UploadTicket
  try {
    ticket = await dingtalk.drive.startParts(to.folder, to.unionId, file)
  } catch (error) {
    if (!(error instanceof DingTalkError)) throw error
    // Without the permission to look up its space, a folder that is given by its uuid still takes a single PUT.
    if (
      !error.isApiClosed &&
      (error.operation !== 'space' || error.kind === 'banned' || error.kind === 'quota-spent')
    )
      throw error
    const { code, text } = error
    if (needsParts) throw error.withSentence(TOO_LARGE_FOR_ONE)
    retryOptions.log({
      en: `${file.path}: multipart upload is unavailable (${code}: ${text.en}). Uploading in a single request.`,
      zh: `${file.path}：无法使用分片上传（${code}：${text.zh}），改为单次上传。`,
    })
    return storeWhole(file, to, context, progress)
  }
  return storeParts(file, to, ticket, context, progress)
}

async function storeWhole(
  file: LocalFile,
  { folder, unionId }: Destination,
  { dingtalk, oss, digests, retryOptions }: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const ended = new AbortController()
  const signal = eitherOf(ended.signal, retryOptions.signal)
  let ticket: (UploadTicket & UploadInfo) | undefined
  let usable = 0
  let known: Promise<string> | undefined
  /** @returns the ticket's signature; of a new ticket if there is none yet, or it has grown old between two tries */
  const sign = async (expired?: SignatureInfo) => {
    const { clock } = retryOptions
    if (!ticket || expired || clock.monotonic() >= usable) {
      const asked = clock.monotonic()
      ticket = await dingtalk.drive.uploadInfo(folder, unionId, file)
      usable = usableUntil(asked, ticket.headerSignatureInfo)
    }
    if (file.size > INLINE_HASH) known ??= digests.md5(file, signal)
    return ticket.headerSignatureInfo
  }
  const onProgress = (bytes: number) => {
    progress.at(1, bytes)
  }
  try {
    const md5 = await oss.store(sign, () => new FileReader(file, { md5: known, onProgress }), signal)
    if (!ticket) throw new Error('the bytes were stored without a signature')
    return { ticket, md5 }
  } finally {
    ended.abort(new Error('the file is no longer sent'))
  }
}

async function storeParts(
  file: LocalFile,
  { unionId }: Destination,
  ticket: UploadTicket,
  { dingtalk, oss, digests, retryOptions, partSize, concurrency }: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const ended = new AbortController()
  const signal = eitherOf(ended.signal, retryOptions.signal)
  const parts = planParts(file.size, partSize, concurrency)
  const signatures = new PartSignatures(parts.length, concurrency, retryOptions.clock, (numbers) =>
    dingtalk.drive.partInfos(ticket.uploadKey, unionId, numbers, signal),
  )
  const md5 = digests.md5(file, signal)

  const storePart = async (part: Part) => {
    const onProgress = (bytes: number) => {
      progress.at(part.number, bytes)
    }
    await oss.store(
      (expired) => signatures.of(part.number, expired),
      () => new FileReader(file, { range: part, onProgress }),
      signal,
    )
    signatures.done(part.number)
  }

  // Each worker takes the next part when it has stored its last.
  const queue = parts.values()
  const workers = Array.from({ length: concurrency }, async () => {
    for (const part of queue) {
      signal.throwIfAborted()
      await storePart(part)
    }
  })
  try {
    await Promise.all(workers)
    return { ticket, md5: await md5 }
  } finally {
    ended.abort(new Error('another part of the file has failed'))
    await Promise.allSettled(workers)
  }
}

/** Aborts when the file has ended, or when the job is cancelled. */
function eitherOf(ended: AbortSignal, cancelled: AbortSignal | undefined): AbortSignal {
  return cancelled ? AbortSignal.any([ended, cancelled]) : ended
}
