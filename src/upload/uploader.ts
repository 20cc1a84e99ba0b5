import type { DingTalk } from '../dingtalk/client.ts'
import { Committer } from '../dingtalk/committer.ts'
import { type Folder, previewUrl } from '../dingtalk/drive.ts'
import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import type { Logger } from '../dingtalk/gateway.ts'
import { trustedMark, undeliveredOf } from '../dingtalk/mark.ts'
import { Oss } from '../dingtalk/oss.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import {
  type FileResult,
  type Job,
  requiredIf,
  sourceText,
  type StepCall,
  type Uploaded,
  type UploadStrategy,
} from '../domain.ts'
import { Cancelled } from '../errors.ts'
import { type LocalFile, placeOf } from '../files/local-file.ts'
import { foldersOf, nameKey } from '../files/names.ts'
import { AdaptiveConcurrency, type Concurrency, fixedConcurrency, Slots } from '../http/concurrency.ts'
import type { Clock, Timer } from '../http/environment.ts'
import type { Http } from '../http/http.ts'
import { isLoopback } from '../http/proxies.ts'
import type { Text } from '../http/text.ts'
import { counted } from '../text/quantities.ts'
import { type Contents, ExistingFiles, looksForNames } from './existing-files.ts'
import { firstConnections } from './multipart.ts'
import { Progress } from './progress.ts'
import { connectionsFor, store, type StoreOptions } from './store.ts'
import { subfoldersOf } from './subfolders.ts'

/** How often the progress of all files is shown, in ms. */
const SHOWN_EVERY = 250

/** After this many files in a row that could not be stored, no more are started. */
const OUTAGE = 3

/** Where files go, and how. */
export interface UploadOptions {
  readonly folder: Folder
  /** The operator's. */
  readonly unionId: string
  readonly conflictStrategy: UploadStrategy
  /** The number of connections; `auto`: as many as make the upload faster. */
  readonly concurrency: number | 'auto'
  /** Attempts of a call after the first. */
  readonly retries: number
  /** The gateway's. Its round trip determines the parts. The storage may use plain HTTP only if the gateway is on this machine. */
  readonly apiBaseUrl: string
  readonly job: Job
  /** Called once if the app can't list folders: existing files are uploaded again. */
  readonly onUnlisted: (error: DingTalkError) => void
}

/** What uploads work with. */
export interface UploadTools {
  readonly dingtalk: DingTalk
  readonly http: Http
  readonly logger: Logger
  readonly log: (line: Text) => void
  readonly warn: (message: Text) => void
}

/** The calls of uploads. @param createsFolders whether folders may have to be created below the target folder */
export function uploadCalls(
  { folder, conflictStrategy }: Pick<UploadOptions, 'folder' | 'conflictStrategy'>,
  createsFolders: boolean,
): StepCall[] {
  const looks = looksForNames(conflictStrategy)
  const isUuid = folder.kind === 'uuid'
  const required = ['uploadInfo', 'multipartInit', 'partInfo', 'put', 'commit'] as const
  return [
    ...required.map((operation) => ({ operation, kind: 'required' as const })),
    ...(isUuid && !looks && !createsFolders
      ? [{ operation: 'space', kind: 'optional', loss: NO_PARTS } as const]
      : requiredIf(isUuid, 'space')),
    { operation: 'list', kind: 'optional', loss: looks ? NO_NAME_LOOKUP : NO_COMMIT_LOOKUP },
    // If v1 of commit is closed to the app, v2 needs the UUID of the folder.
    ...(isUuid ? [] : [{ operation: 'dentry', kind: 'if-closed', other: 'commit' } as const]),
    ...requiredIf(createsFolders, 'subfolder'),
  ]
}

const NO_PARTS: Text = {
  en: "without it, multipart upload is unavailable, and the action can't confirm an upload if the response is lost.",
  zh: '未开通时无法使用分片上传；如果响应丢失，也无法确认文件是否已上传。',
}

const NO_NAME_LOOKUP: Text = {
  en: "without it, the action can't find existing files for conflict-strategy, so it uploads every file.",
  zh: '未开通时，无法按 conflict-strategy 查找已有文件，因此会上传所有文件。',
}

const NO_COMMIT_LOOKUP: Text = {
  en: "without it, the action can't confirm an upload if the response is lost.",
  zh: '未开通时，如果响应丢失，就无法确认文件是否已上传。',
}

/**
 * Uploads files in the platform's three steps: upload info, bytes, commit.
 *
 * The number of connections limits everything: the PUTs of all files ({@link Oss}), and the files in progress ({@link Slots}),
 * each weighted by the connections that it keeps busy.
 */
export class Uploader {
  readonly #options: UploadOptions
  readonly #tools: UploadTools
  readonly #clock: Clock
  readonly #slots: Slots
  readonly #storing: StoreOptions
  readonly #committer: Committer
  readonly #folderAt: (path: string) => Promise<Folder>
  readonly #existing: ExistingFiles
  /** All files, by directory. */
  #files: ReadonlyMap<string, readonly LocalFile[]> = new Map()
  /** How many bytes of each file have been sent. */
  readonly #sent = new Map<LocalFile, () => number>()
  #timer: Timer | undefined
  /** The folders of directories, and what is known about their contents. */
  readonly #targets = new Map<string, Promise<{ folder: Folder; contents: Contents | undefined }>>()
  /** Resolved when the platform has accepted a file, which means that it doesn't reject all of them. */
  readonly #accepted = Promise.withResolvers<undefined>()
  /** Whether no more files are started, and in which directories. */
  #isStopped = false
  readonly #stoppedDirectories = new Set<string>()
  /** How many files in a row could not be stored. */
  #unstored = 0
  readonly #closing = new AbortController()
  /** Ends all files in progress: when the job is canceled, or the uploader is closed. */
  readonly #signal: AbortSignal

  constructor(options: UploadOptions, tools: UploadTools) {
    const { folder, unionId, conflictStrategy: strategy, retries, apiBaseUrl, job, onUnlisted } = options
    const { dingtalk, http, logger, log, warn } = tools
    const { drive } = dingtalk
    const { environment } = http
    const roundTrip = () => http.roundTrip(apiBaseUrl)
    const concurrency: Concurrency =
      options.concurrency === 'auto'
        ? new AdaptiveConcurrency(() => firstConnections(roundTrip()))
        : fixedConcurrency(options.concurrency)
    const oss = new Oss({ http, logger, plainHttp: isLoopback(apiBaseUrl), concurrency, retries })
    const transfer = { dingtalk, oss, concurrency, environment, roundTrip, unionId, log }
    this.#options = options
    this.#tools = tools
    this.#clock = environment.clock
    this.#slots = new Slots(() => concurrency.limit * concurrency.filesPerConnection)
    this.#storing = { ...transfer, withoutParts: new Set() }
    const source = job.source && sourceText(job.source)
    this.#committer = new Committer(drive, { environment, retries, log }, source)
    this.#folderAt = subfoldersOf(folder, unionId, drive)
    this.#existing = new ExistingFiles({ drive, unionId, strategy, job, warn, onUnlisted })
    this.#signal = AbortSignal.any([environment.signal, this.#closing.signal])
  }

  /**
   * Starts to upload files to their folders.
   *
   * @returns the result of each file, in the order of the files, without failures if it was not started: promises that never reject
   * @throws DingTalkError if the target folder can't be listed, unless the platform rejects that
   */
  async start(files: readonly LocalFile[]): Promise<Promise<FileResult>[]> {
    this.#files = Map.groupBy(files, ({ directory = '' }) => directory)
    const folders = foldersOf(files).length
    if (folders > 0)
      this.#tools.log({
        en: `Creating up to ${counted(folders, 'folder')} below the target folder, with one API call each.`,
        zh: `将在目标文件夹下创建最多 ${folders} 个文件夹，每个消耗一次 API 调用。`,
      })
    if (this.#files.has('')) await this.#target('')
    const [first, ...others] = files
    if (!first) return []
    this.#showProgress(files)
    // The others wait for the first one: what rejects every file then costs one call instead of one per file.
    const ahead = this.#inTurn(first)
    const isAhead = Promise.race([this.#accepted.promise, ahead])
    return [ahead, ...others.map((file) => isAhead.then(() => this.#inTurn(file)))]
  }

  /** Shows the progress of all files together, where the logger can. */
  #showProgress(files: readonly LocalFile[]): void {
    const show = this.#tools.logger.progress
    if (!show) return
    const total = files.reduce((sum, { size }) => sum + size, 0)
    let started: number | undefined
    this.#timer = this.#clock.timer(SHOWN_EVERY, () => {
      const sent = files.reduce((sum, file) => sum + (this.#sent.get(file)?.() ?? 0), 0)
      if (sent > 0) show(sent, total, this.#clock.monotonic() - (started ??= this.#clock.monotonic()))
      if (sent < total) this.#timer?.restart()
    })
  }

  /** Ends everything that is in progress. */
  close(): void {
    this.#timer?.stop()
    this.#isStopped = true
    this.#closing.abort(new Error('the uploader was closed'))
  }

  /** Uploads a file when it has its turn, unless it would fail as others did. */
  #inTurn(file: LocalFile): Promise<FileResult> {
    const { directory = '' } = file
    const attempt = async (): Promise<FileResult> => {
      const notStarted = { file, sentTo: [], failures: [], duration: 0 }
      if (this.#isStopped || this.#stoppedDirectories.has(directory)) return notStarted
      const started = this.#clock.monotonic()
      const done = new AbortController()
      try {
        this.#signal.throwIfAborted()
        const uploaded = await this.#uploadUnlessThere(file, AbortSignal.any([this.#signal, done.signal]))
        this.#unstored = 0
        return { ...notStarted, uploaded, duration: Math.round(this.#clock.monotonic() - started) }
      } catch (error) {
        this.#learnFrom(error, directory)
        const name = placeOf(file)
        const consequence: Text = isInDoubt(error)
          ? { en: `${name} may or may not have been uploaded.`, zh: `无法确认 ${name} 是否已上传。` }
          : { en: `${name} was not uploaded.`, zh: `${name} 未上传。` }
        return { ...notStarted, failures: [{ stage: 'upload', consequence, error }] }
      } finally {
        done.abort(new Error('the file is done'))
        this.#sent.set(file, () => file.size)
      }
    }
    return this.#slots.run(attempt, undefined, connectionsFor(file, this.#storing))
  }

  /**
   * Decides which files are not started any more, because they would fail in the same way:
   *
   * - all of them, if the cause concerns every file: credentials, permissions, the quota, a ban, a canceled job, or a storage that
   *   is unavailable for {@link OUTAGE} files in a row
   * - those of a folder that the platform rejects. If a folder can't be created, its files fail with that error, without a call
   */
  #learnFrom(error: unknown, directory: string): void {
    if (error instanceof Cancelled) this.#isStopped = true
    if (!(error instanceof DingTalkError)) return
    const { operation, kind, concernsFolder, concernsEveryFile } = error
    if (operation === 'put' && kind === 'unavailable') this.#unstored++
    if (!concernsFolder) this.#isStopped ||= concernsEveryFile || this.#unstored >= OUTAGE
    else if (operation !== 'subfolder') this.#stoppedDirectories.add(directory)
  }

  async #uploadUnlessThere(file: LocalFile, signal: AbortSignal): Promise<Uploaded> {
    const { folder, contents } = await this.#target(file.directory ?? '')
    const upload = async (replaced?: Dentry) => {
      const uploaded = await this.#upload(file, folder, this.#nextVersion(contents, replaced), signal)
      if (uploaded.existing) await this.#existing.compare(file, uploaded, signal)
      return uploaded
    }
    return contents ? this.#existing.unlessThere(file, contents, signal, upload) : upload()
  }

  /** The version that a file gets, if it is known. The mark contains it. */
  #nextVersion(contents: Contents | undefined, replaced: Dentry | undefined): number | undefined {
    const { conflictStrategy } = this.#options
    if (conflictStrategy !== 'OVERWRITE' && conflictStrategy !== 'IF_CHANGED') return 1
    if (replaced) return typeof replaced.version === 'number' ? replaced.version + 1 : undefined
    return conflictStrategy === 'IF_CHANGED' && contents?.isComplete ? 1 : undefined
  }

  /** Creates the folder of a directory and looks for its files, once. An error fails all of its files. */
  #target(directory: string) {
    const prepare = async () => {
      const folder = await this.#folderAt(directory)
      return { folder, contents: await this.#existing.in(folder, this.#files.get(directory) ?? []) }
    }
    const target = this.#targets.get(directory) ?? prepare()
    this.#targets.set(directory, target)
    return target
  }

  async #upload(
    file: LocalFile,
    folder: Folder,
    version: number | undefined,
    signal: AbortSignal,
  ): Promise<Uploaded> {
    const { unionId, conflictStrategy } = this.#options
    const { logger, log } = this.#tools
    const progress = new Progress(file.size, this.#clock, ({ en, zh }) => {
      if (!logger.progress) log({ en: `${file.path}: ${en}`, zh: `${file.path}：${zh}` })
    })
    this.#sent.set(file, () => progress.sent)
    const turn = this.#committer.turn(nameKey(placeOf(file)))
    try {
      const onAccepted = () => {
        this.#accepted.resolve(undefined)
      }
      const transfer = { file, folder, progress, signal, onAccepted }
      const { ticket, md5, region } = await store(transfer, this.#storing)
      progress.stop()
      await turn.before
      const committed = await this.#committer.commit({
        folder,
        unionId,
        conflictStrategy: conflictStrategy === 'IF_CHANGED' ? 'OVERWRITE' : conflictStrategy,
        ticket,
        file,
        md5,
        version,
      })
      const { dentry, existing } = committed
      const inFolder = existing
        ? { md5: trustedMark(dentry, unionId)?.md5, undelivered: undeliveredOf(dentry, unionId) }
        : { md5, region }
      return { ...committed, ...inFolder, url: previewUrl(dentry), fromEarlierAttempt: false }
    } finally {
      progress.stop()
      turn.end()
    }
  }
}
