import type { DingTalk } from '../dingtalk/client.ts'
import type { Folder, UploadTicket } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { MAX_PUT, type Oss } from '../dingtalk/oss.ts'
import type { SignatureInfo } from '../dingtalk/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Concurrency } from '../http/concurrency.ts'
import type { Environment } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import type { DigestThread } from './digest.ts'
import { FileReader } from './file-reader.ts'
import { goesInParts, sendInParts, usableUntil } from './multipart.ts'
import type { Progress } from './progress.ts'

/** Larger files (bytes) are hashed in the digest thread. Smaller ones are done before the thread has started. */
const INLINE_HASH = 8 * 1024 ** 2

/** A file in parts counts as one connection for each 4 MiB: large files run one after the other, small ones share the link. */
const CONNECTION_WORTH = 4 * 1024 ** 2

const TOO_LARGE_FOR_ONE: Text = {
  en: 'Files over 5 GB need multipart upload, which is unavailable.',
  zh: '超过 5 GB 的文件必须使用分片上传，但当前无法使用。',
}

/** What storing files needs. */
export interface StoreOptions {
  readonly dingtalk: DingTalk
  readonly oss: Oss
  readonly digests: DigestThread
  readonly concurrency: Concurrency
  readonly environment: Environment
  /** The round trip to DingTalk's gateway, in ms, if it is known. */
  readonly roundTrip: () => number | undefined
  /** The operator's. */
  readonly unionId: string
  readonly log: (line: Text) => void
}

/** Bytes that are stored in OSS, but not saved as a file yet. */
export interface Stored {
  readonly ticket: UploadTicket
  /** Lower-case hex. */
  readonly md5: string
  /** Where the platform stores them, if it says so. */
  readonly region: string | undefined
}

/** Sends the bytes of a file. @throws DingTalkError, or LocalFileError if the file has changed since it was found */
export type Send = (progress: Progress) => Promise<Stored>

/** Stores the bytes of files: large ones in parts, the others with a single PUT. */
export class Store {
  readonly #options: StoreOptions
  /** The directories whose folders don't support multipart upload. */
  readonly #withoutParts = new Set<string>()

  constructor(options: StoreOptions) {
    this.#options = options
  }

  /** Estimates how many connections a file keeps busy. */
  connectionsFor(file: LocalFile): number {
    if (!this.#goesInParts(file)) return 1
    return Math.min(Math.ceil(file.size / CONNECTION_WORTH), this.#options.concurrency.most)
  }

  /**
   * Asks the platform to accept a file. Falls back to a single PUT if multipart upload is unavailable.
   *
   * @param signal ends the transfer
   * @throws DingTalkError
   */
  async begin(file: LocalFile, folder: Folder, signal: AbortSignal): Promise<Send> {
    const { dingtalk, unionId, log } = this.#options
    // This call is needed anyway, and shows how far away DingTalk is.
    await dingtalk.authenticate()
    if (!this.#goesInParts(file)) return this.#beginPut(file, folder, signal)
    try {
      const ticket = await dingtalk.drive.startParts(folder, unionId, file)
      return (progress) => sendInParts(file, ticket, progress, signal, this.#options)
    } catch (error) {
      if (!(error instanceof DingTalkError)) throw error
      const { code, text, operation, kind } = error
      // A single PUT doesn't need the space of a folder that is given by its UUID.
      const isUnknownSpace = operation === 'space' && kind !== 'banned' && kind !== 'quota-spent'
      if (!error.isApiClosed && !isUnknownSpace) throw error
      if (file.size > MAX_PUT) throw error.withSentence(TOO_LARGE_FOR_ONE)
      this.#withoutParts.add(file.directory ?? '')
      log({
        en: `${file.path}: multipart upload is unavailable (${code}: ${text.en}). Uploading in a single request.`,
        zh: `${file.path}：无法使用分片上传（${code}：${text.zh}），改为单次上传。`,
      })
      return this.#beginPut(file, folder, signal)
    }
  }

  #goesInParts({ size, directory = '' }: LocalFile): boolean {
    if (size > MAX_PUT) return true
    return !this.#withoutParts.has(directory) && goesInParts(size, this.#options.roundTrip())
  }

  async #beginPut(file: LocalFile, folder: Folder, signal: AbortSignal): Promise<Send> {
    const { dingtalk, oss, digests, unionId, environment } = this.#options
    const requestTicket = async () => {
      const asked = environment.clock.monotonic()
      const ticket = await dingtalk.drive.uploadInfo(folder, unionId, file)
      return { ticket, usableUntil: usableUntil(asked, ticket.headerSignatureInfo) }
    }
    // Requested while other files are sent, so that the PUT doesn't wait for it.
    let signed = await requestTicket()
    const sign = async (expired?: SignatureInfo) => {
      if (expired || environment.clock.monotonic() >= signed.usableUntil) signed = await requestTicket()
      return signed.ticket.headerSignatureInfo
    }
    return async (progress) => {
      const digest = file.size > INLINE_HASH ? digests.md5(file, signal) : undefined
      digest?.catch(() => undefined) // the PUT may fail first
      const onProgress = (bytes: number) => {
        progress.at(1, bytes)
      }
      const onWait = () => {
        progress.at(1, 0)
      }
      const read = () => new FileReader(file, { md5: digest, onProgress })
      const md5 = await oss.store(sign, read, { signal, onWait })
      const { ticket } = signed
      return { ticket, md5, region: ticket.headerSignatureInfo.region ?? undefined }
    }
  }
}
