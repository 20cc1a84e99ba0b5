import type { DingTalk } from '../dingtalk/client.ts'
import type { Committer } from '../dingtalk/committer.ts'
import type { UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { previewUrl, type ConflictStrategy, type Folder } from '../dingtalk/folder.ts'
import { markOf } from '../dingtalk/mark.ts'
import { MAX_PUT, type Oss } from '../dingtalk/oss.ts'
import type { SignatureInfo, UploadInfo } from '../dingtalk/responses/schema.ts'
import type { Text } from '../dingtalk/text.ts'
import type { Concurrency } from '../dingtalk/transport/concurrency.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import { nameKey } from '../files/collisions.ts'
import { placeOf, type LocalFile } from '../files/local-file.ts'
import type { Uploaded } from '../result.ts'
import type { Job } from '../source.ts'
import type { DigestThread } from './digest.ts'
import { FileReader } from './file-reader.ts'
import { runHedged, type Try } from './hedged.ts'
import { PartSignatures, usableUntil } from './part-signatures.ts'
import { goesInParts, planParts, type Part } from './parts.ts'
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
  /** How many PUTs are under way at once. */
  concurrency: Concurrency
  /** How far away DingTalk is, in ms, as far as that is known. */
  roundTrip: () => number | undefined
  /** Larger files (bytes) are uploaded in parts; 0: none is. */
  multipartThreshold: number | 'auto'
  /** bytes */
  partSize: number | 'auto'
  /** Resolved once the platform has taken on a file: what concerns every file does not refuse them. */
  accepted: PromiseWithResolvers<void>
  /** The folders for which multipart upload turned out to be unavailable. */
  wholeOnly: WeakSet<Folder>
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
  region: string | undefined
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
  const turn = committer.turn(nameKey(placeOf(file)))
  try {
    const { ticket, md5, region } = await store(file, to, context, progress)
    await turn.before
    const conflictStrategy = to.conflictStrategy === 'IF_CHANGED' ? 'OVERWRITE' : to.conflictStrategy
    const committed = await committer.commit({ ...to, conflictStrategy, ticket, file, md5 })
    const { dentry, existing } = committed
    return {
      ...committed,
      fromEarlierAttempt: false,
      md5: existing ? markOf(dentry)?.md5 : md5,
      url: previewUrl(dentry),
      region: existing ? undefined : region,
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
  const { dingtalk, multipartThreshold, retryOptions, wholeOnly } = context
  const needsParts = file.size > MAX_PUT
  // The first call shows how far away DingTalk is. It is made in any case.
  if (multipartThreshold === 'auto') await dingtalk.authenticate()
  const inParts = goesInParts(file.size, multipartThreshold, context.roundTrip())
  if (!inParts || (wholeOnly.has(to.folder) && !needsParts)) return storeWhole(file, to, context, progress)
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
    wholeOnly.add(to.folder)
    retryOptions.log({
      en: `${file.path}: multipart upload is unavailable (${code}: ${text.en}). Uploading in a single request.`,
      zh: `${file.path}：无法使用分片上传（${code}：${text.zh}），改为单次上传。`,
    })
    return storeWhole(file, to, context, progress)
  }
  context.accepted.resolve()
  return storeParts(file, to, ticket, context, progress)
}

async function storeWhole(
  file: LocalFile,
  { folder, unionId }: Destination,
  { dingtalk, oss, digests, retryOptions, accepted }: UploadContext,
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
      accepted.resolve()
    }
    if (file.size > INLINE_HASH) known ??= digests.md5(file, signal)
    return ticket.headerSignatureInfo
  }
  const onProgress = (bytes: number) => {
    progress.at(1, bytes)
  }
  try {
    // It is asked for ahead, while others are sent: a PUT that has its turn need not wait for it.
    await sign()
    const md5 = await oss.store(sign, () => new FileReader(file, { md5: known, onProgress }), signal)
    if (!ticket) throw new Error('the bytes were stored without a signature')
    return { ticket, md5, region: ticket.headerSignatureInfo.region ?? undefined }
  } finally {
    ended.abort(new Error('the file is no longer sent'))
  }
}

async function storeParts(
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
function eitherOf(ended: AbortSignal, cancelled: AbortSignal | undefined): AbortSignal {
  return cancelled ? AbortSignal.any([ended, cancelled]) : ended
}
