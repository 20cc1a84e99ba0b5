import type { DingTalk } from '../dingtalk/client.ts'
import type { Folder, UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { MAX_PUT, type Oss } from '../dingtalk/oss.ts'
import type { SignatureInfo } from '../dingtalk/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Concurrency } from '../http/concurrency.ts'
import type { Environment } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { FileReader } from './file-reader.ts'
import { goesInParts, storeParts, usableUntil } from './multipart.ts'
import type { Progress } from './progress.ts'

/** A file in parts counts as one connection for each 4 MiB: large files run one after the other, small ones share the link. */
const CONNECTION_WORTH = 4 * 1024 ** 2

const TOO_LARGE_FOR_ONE: Text = {
  en: 'Files over 5 GB need multipart upload, which is unavailable.',
  zh: '超过 5 GB 的文件必须使用分片上传，但当前无法使用。',
}

/** What storing files works with. */
export interface StoreOptions {
  readonly dingtalk: DingTalk
  readonly oss: Oss
  readonly concurrency: Concurrency
  readonly environment: Environment
  /** The round trip to DingTalk's gateway, in ms, if it is known. */
  readonly roundTrip: () => number | undefined
  /** The operator's. */
  readonly unionId: string
  readonly log: (line: Text) => void
  /** The directories whose folders turned out not to support multipart upload. */
  readonly withoutParts: Set<string>
}

/** One file to store. */
export interface Transfer {
  readonly file: LocalFile
  readonly folder: Folder
  readonly progress: Progress
  /** Ends the transfer. */
  readonly signal: AbortSignal
  /** Called when the platform has accepted the file, before its bytes are sent. */
  readonly onAccepted: () => void
}

/** Bytes that are stored in OSS, but not saved as a file yet. */
export interface Stored {
  readonly ticket: UploadTicket
  /** Lower-case hex. */
  readonly md5: string
  /** Where the platform stores them, if it says so. */
  readonly region: string | undefined
}

/** Estimates how many connections a file keeps busy. */
export function connectionsFor(file: LocalFile, options: StoreOptions): number {
  if (!usesParts(file, options)) return 1
  return Math.min(Math.ceil(file.size / CONNECTION_WORTH), options.concurrency.most)
}

function usesParts({ size, directory = '' }: LocalFile, { withoutParts, roundTrip }: StoreOptions): boolean {
  if (size > MAX_PUT) return true
  return !withoutParts.has(directory) && goesInParts(size, roundTrip())
}

/**
 * Stores the bytes of a file: in parts, or with a single PUT if it is small or multipart upload is unavailable.
 *
 * @throws DingTalkError, or LocalFileError if the file has changed since it was found
 */
export async function store(transfer: Transfer, options: StoreOptions): Promise<Stored> {
  const { file, folder, onAccepted } = transfer
  const { dingtalk, unionId, log, withoutParts } = options
  // This call is needed anyway, and shows how far away DingTalk is.
  await dingtalk.authenticate()
  if (!usesParts(file, options)) return storeWhole(transfer, options)
  let ticket: UploadTicket
  try {
    ticket = await dingtalk.drive.startParts(folder, unionId, file)
  } catch (error) {
    if (!(error instanceof DingTalkError)) throw error
    const { code, text, operation, kind } = error
    // A single PUT doesn't need the space of a folder that is given by its UUID.
    const isUnknownSpace = operation === 'space' && kind !== 'banned' && kind !== 'quota-spent'
    if (!error.isApiClosed && !isUnknownSpace) throw error
    if (file.size > MAX_PUT) throw error.withSentence(TOO_LARGE_FOR_ONE)
    withoutParts.add(file.directory ?? '')
    log({
      en: `${file.path}: multipart upload is unavailable (${code}: ${text.en}). Uploading in a single request.`,
      zh: `${file.path}：无法使用分片上传（${code}：${text.zh}），改为单次上传。`,
    })
    return storeWhole(transfer, options)
  }
  onAccepted()
  return storeParts(transfer, ticket, options)
}

async function storeWhole(
  { file, folder, progress, signal, onAccepted }: Transfer,
  { dingtalk, oss, unionId, environment }: StoreOptions,
): Promise<Stored> {
  const requestTicket = async () => {
    const asked = environment.clock.monotonic()
    const ticket = await dingtalk.drive.uploadInfo(folder, unionId, file)
    return { ticket, usableUntil: usableUntil(asked, ticket.headerSignatureInfo) }
  }
  // Requested while other files are sent, so that the PUT doesn't wait for it.
  let signed = await requestTicket()
  onAccepted()
  const sign = async (expired?: SignatureInfo) => {
    if (expired || environment.clock.monotonic() >= signed.usableUntil) signed = await requestTicket()
    return signed.ticket.headerSignatureInfo
  }
  const onProgress = (bytes: number) => {
    progress.at(1, bytes)
  }
  const onWait = () => {
    progress.at(1, 0)
  }
  const read = () => new FileReader(file, { onProgress })
  const md5 = await oss.store(sign, read, { signal, onWait })
  return { ticket: signed.ticket, md5, region: signed.ticket.headerSignatureInfo.region ?? undefined }
}
