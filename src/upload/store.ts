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

/** A larger file (bytes) is hashed in the job's digest thread: a smaller one is done before that has started. */
const INLINE_HASH = 8 * 1024 ** 2

/** So many bytes of a file in parts count as one connection's work: large ones follow one another, small ones share the link. */
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
  /** How many PUTs are in progress at once. */
  readonly concurrency: Concurrency
  readonly environment: Environment
  /** The round trip to DingTalk's gateway, in ms, if it is known: storage is taken to be as far away. */
  readonly roundTrip: () => number | undefined
  /** The operator's. */
  readonly unionId: string
  readonly log: (line: Text) => void
}

/** Bytes that are stored in OSS but not committed yet. */
export interface Stored {
  readonly ticket: UploadTicket
  /** Lower-case hex. */
  readonly md5: string
  /** Where the platform has stored them, if it says so. */
  readonly region: string | undefined
}

/** A file that the platform accepts: its bytes can be sent. */
export interface Transfer {
  /** Sends the bytes. @throws DingTalkError, or LocalFileError if the file was written to in the meantime */
  send(progress: Progress): Promise<Stored>
}

/** Stores the bytes of files: large ones in parts, the others with one PUT each. */
export class Store {
  readonly #options: StoreOptions
  /** The directories whose folder turned out not to take multipart uploads. */
  readonly #withoutParts = new Set<string>()

  constructor(options: StoreOptions) {
    this.#options = options
  }

  /** How many connections a file keeps busy, as far as is known before it starts. One PUT takes one, however large it is. */
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
  async begin(file: LocalFile, folder: Folder, signal: AbortSignal): Promise<Transfer> {
    const { dingtalk, unionId, log } = this.#options
    // The first call shows how far away DingTalk is. It is made in any case.
    await dingtalk.authenticate()
    if (!this.#goesInParts(file)) return this.#beginPut(file, folder, signal)
    try {
      const ticket = await dingtalk.drive.startParts(folder, unionId, file)
      return { send: (progress) => sendInParts(file, ticket, progress, signal, this.#options) }
    } catch (error) {
      if (!(error instanceof DingTalkError)) throw error
      const { code, text, operation, kind } = error
      // Without the permission to look up its space, a folder that is given by its uuid still takes a single PUT.
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

  async #beginPut(file: LocalFile, folder: Folder, signal: AbortSignal): Promise<Transfer> {
    const { dingtalk, oss, digests, unionId, environment } = this.#options
    const { clock } = environment
    const requestTicket = async () => {
      const asked = clock.monotonic()
      const ticket = await dingtalk.drive.uploadInfo(folder, unionId, file)
      const signature = ticket.headerSignatureInfo
      return { ticket, signature, usableUntil: usableUntil(asked, signature) }
    }
    // Requested ahead, while other files are sent: a PUT that has its turn need not wait for it.
    let signed = await requestTicket()
    const sign = async (expired?: SignatureInfo) => {
      if (expired || clock.monotonic() >= signed.usableUntil) signed = await requestTicket()
      return signed.signature
    }
    const send = async (progress: Progress): Promise<Stored> => {
      const digest = file.size > INLINE_HASH ? digests.md5(file, signal) : undefined
      digest?.catch(() => undefined) // the PUT may fail first
      const read = () =>
        new FileReader(file, {
          md5: digest,
          onProgress: (bytes) => {
            progress.at(1, bytes)
          },
        })
      const onWait = () => {
        progress.pause(1, 0)
      }
      const md5 = await oss.store(sign, read, { signal, onWait })
      return { ticket: signed.ticket, md5, region: signed.signature.region ?? undefined }
    }
    return { send }
  }
}
