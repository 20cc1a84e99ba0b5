import type { UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { MAX_PUT } from '../dingtalk/oss.ts'
import type { SignatureInfo, UploadInfo } from '../dingtalk/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Text } from '../http/text.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { FileReader } from './file-reader.ts'
import { type Stored, storeMultipart } from './multipart.ts'
import { usableUntil } from './part-signatures.ts'
import { goesInParts } from './parts.ts'
import type { Progress } from './progress.ts'

/** A larger file (bytes) is hashed in the job's digest thread: a smaller one is done before that has started. */
const INLINE_HASH = 8 * 1024 ** 2

const TOO_LARGE_FOR_ONE: Text = {
  en: 'Files over 5 GB need multipart upload, which is unavailable.',
  zh: '超过 5 GB 的文件必须使用分片上传，但当前无法使用。',
}

/** Stores a large file in parts, and any other with one PUT. Falls back to one PUT if multipart upload is unavailable. */
export async function store(
  file: LocalFile,
  to: Destination,
  context: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const { dingtalk, multipartThreshold, log, wholeOnly } = context
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
    log({
      en: `${file.path}: multipart upload is unavailable (${code}: ${text.en}). Uploading in a single request.`,
      zh: `${file.path}：无法使用分片上传（${code}：${text.zh}），改为单次上传。`,
    })
    return storeWhole(file, to, context, progress)
  }
  context.accepted.resolve()
  return storeMultipart(file, to, ticket, context, progress)
}

async function storeWhole(
  file: LocalFile,
  { folder, unionId }: Destination,
  { dingtalk, oss, digests, environment, accepted }: UploadContext,
  progress: Progress,
): Promise<Stored> {
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, environment.signal])
  let ticket: (UploadTicket & UploadInfo) | undefined
  let usable = 0
  let known: Promise<string> | undefined
  /** @returns the ticket's signature; of a new ticket if there is none yet, or it has grown old between two tries */
  const sign = async (expired?: SignatureInfo) => {
    const { clock } = environment
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
    const md5 = await oss.store(sign, () => new FileReader(file, { md5: known, onProgress }), { signal })
    if (!ticket) throw new Error('the bytes were stored without a signature')
    return { ticket, md5, region: ticket.headerSignatureInfo.region ?? undefined }
  } finally {
    ended.abort(new Error('the file is no longer sent'))
  }
}
