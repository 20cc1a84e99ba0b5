import type { DingTalk } from '../dingtalk/client.ts'
import { Committer } from '../dingtalk/committer.ts'
import { type Folder, previewUrl } from '../dingtalk/drive.ts'
import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import type { Logger } from '../dingtalk/gateway.ts'
import { trustedMark, undeliveredOf } from '../dingtalk/mark.ts'
import { Oss } from '../dingtalk/oss.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import {
  type Job,
  requiredIf,
  sourceText,
  type StepCall,
  type Uploaded,
  type UploadOutcome,
  type UploadStrategy,
} from '../domain.ts'
import { Cancelled } from '../errors.ts'
import { type LocalFile, placeOf } from '../files/local-file.ts'
import { foldersOf, nameKey } from '../files/names.ts'
import { AdaptiveConcurrency, type Concurrency, fixedConcurrency, Slots } from '../http/concurrency.ts'
import type { Environment, Timer } from '../http/environment.ts'
import type { Http } from '../http/http.ts'
import { isLoopback } from '../http/proxies.ts'
import type { Text } from '../http/text.ts'
import { counted } from '../text/quantities.ts'
import { DigestThread } from './digest.ts'
import { type Contents, ExistingFiles, looksForNames } from './existing-files.ts'
import { firstConnections } from './multipart.ts'
import { Progress } from './progress.ts'
import { Store } from './store.ts'
import { Subfolders } from './subfolders.ts'

/** How often progress is shown where that takes no lines of the log, in ms. */
const SHOWN_EVERY = 250

/** So many files in a row that cannot be stored make an outage. */
const OUTAGE = 3

/** Where files go, and how. */
export interface UploadOptions {
  readonly folder: Folder
  /** The operator's. */
  readonly unionId: string
  readonly conflictStrategy: UploadStrategy
  /** Connections at once; `auto`: as many as make it faster. */
  readonly concurrency: number | 'auto'
  /** Attempts of a call after the first. */
  readonly retries: number
  /** Of the gateway: its round trip decides about parts, and storage may use plain HTTP only if it is on this machine. */
  readonly apiBaseUrl: string
  readonly job: Job
  /** Called once, if a folder may not be listed: existing files are then uploaded again. */
  readonly onUnlisted: (error: DingTalkError) => void
}

/** What an upload works with. */
export interface UploadTools {
  readonly dingtalk: DingTalk
  readonly http: Http
  readonly logger: Logger & { warning(message: Text): void }
}

/** A folder that exists, and what has to be known about it. */
interface Target {
  readonly folder: Folder
  readonly contents: Contents | undefined
}

/**
 * The calls of uploads.
 *
 * @param makesFolders whether there may be folders to create below the target folder
 */
export function uploadCalls(
  { folder, conflictStrategy }: Pick<UploadOptions, 'folder' | 'conflictStrategy'>,
  makesFolders: boolean,
): StepCall[] {
  const looks = looksForNames(conflictStrategy)
  const isUuid = folder.kind === 'uuid'
  return [
    { operation: 'uploadInfo', kind: 'required' },
    { operation: 'multipartInit', kind: 'required' },
    { operation: 'partInfo', kind: 'required' },
    { operation: 'put', kind: 'required' },
    { operation: 'commit', kind: 'required' },
    ...(isUuid && !looks && !makesFolders
      ? [{ operation: 'space', kind: 'optional', loss: NO_PARTS } as const]
      : requiredIf(isUuid, 'space')),
    { operation: 'list', kind: 'optional', loss: looks ? NO_NAME_LOOKUP : NO_COMMIT_LOOKUP },
    // Where the v1 commit is closed, the folder is looked up for the v2 one.
    ...(isUuid ? [] : [{ operation: 'dentry', kind: 'if-closed', other: 'commit' } as const]),
    ...requiredIf(makesFolders, 'subfolder'),
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
 * One number limits everything that happens at once: how many connections make the transfer faster. As many PUTs are sent,
 * of whatever files ({@link Oss}), and about as many files are in progress ({@link Slots}), each counted with the
 * connections that it keeps busy.
 */
export class Uploader {
  readonly #options: UploadOptions
  readonly #environment: Environment
  readonly #log: (line: Text) => void
  readonly #show: Logger['progress']
  readonly #slots: Slots
  readonly #digests = new DigestThread()
  readonly #store: Store
  readonly #committer: Committer
  readonly #subfolders: Subfolders
  readonly #existing: ExistingFiles
  /** The files that {@link start} was given, by directory. */
  #files: ReadonlyMap<string, readonly LocalFile[]> = new Map()
  /** How many bytes each file has sent: as many as it has, once it is done. */
  readonly #sent = new Map<LocalFile, () => number>()
  #timer: Timer | undefined
  /** By directory. */
  readonly #targets = new Map<string, Promise<Target>>()
  /** Resolved when the platform accepts a file: no reason to refuse all files has come up. */
  readonly #accepted = Promise.withResolvers<undefined>()
  /** Whether no file is started any more, and no file of these directories. */
  #isStopped = false
  readonly #stoppedDirectories = new Set<string>()
  /** How many files in a row could not be stored, and why. */
  #unstored: { count: number; error?: unknown } = { count: 0 }
  readonly #closing = new AbortController()
  /** Ends every file that is in progress: when the job is canceled, or the uploader closed. */
  readonly #signal: AbortSignal

  constructor(options: UploadOptions, { dingtalk, http, logger }: UploadTools) {
    const { folder, unionId, conflictStrategy: strategy, retries, apiBaseUrl, job, onUnlisted } = options
    const { environment } = http
    const log = (line: Text) => {
      logger.info(line)
    }
    const warn = (message: Text) => {
      logger.warning(message)
    }
    const roundTrip = () => http.roundTrip(apiBaseUrl)
    const concurrency: Concurrency =
      options.concurrency === 'auto'
        ? new AdaptiveConcurrency(() => firstConnections(roundTrip()))
        : fixedConcurrency(options.concurrency)
    const { drive } = dingtalk
    const digests = this.#digests
    const md5 = (file: LocalFile, signal: AbortSignal) => digests.md5(file, signal)
    const oss = new Oss({ http, logger, plainHttp: isLoopback(apiBaseUrl), concurrency, retries })
    const source = job.source && sourceText(job.source)
    this.#options = options
    this.#environment = environment
    this.#log = log
    this.#show = logger.progress
    this.#slots = new Slots(() => concurrency.limit * concurrency.filesPerConnection)
    this.#store = new Store({ dingtalk, oss, digests, concurrency, environment, roundTrip, unionId, log })
    this.#committer = new Committer(drive, { environment, retries, log }, source)
    this.#subfolders = new Subfolders(folder, unionId, { drive })
    this.#existing = new ExistingFiles({ drive, unionId, strategy, job, md5, warn, onUnlisted })
    this.#signal = AbortSignal.any([environment.signal, this.#closing.signal])
  }

  /**
   * Starts uploading files to their folders, several at once.
   *
   * @returns what happens to each file, in the order of the files: promises that never reject
   * @throws DingTalkError if the target folder cannot be listed, for a reason that is no refusal
   */
  async start(files: readonly LocalFile[]): Promise<Promise<UploadOutcome>[]> {
    this.#files = Map.groupBy(files, ({ directory = '' }) => directory)
    const folders = foldersOf(files).length
    // Each folder costs a call, whether or not it exists.
    if (folders > 0)
      this.#log({
        en: `Creating up to ${counted(folders, 'folder')} below the target folder, with one API call each.`,
        zh: `将在目标文件夹下创建最多 ${folders} 个文件夹，每个消耗一次 API 调用。`,
      })
    if (this.#files.has('')) await this.#target('')
    const [first, ...others] = files
    if (!first) return []
    this.#showProgress(files)
    // The first goes ahead: what refuses every file costs one call then, not one for each that may start.
    const ahead = this.#inTurn(first)
    const isAhead = Promise.race([this.#accepted.promise, ahead])
    return [ahead, ...others.map((file) => isAhead.then(() => this.#inTurn(file)))]
  }

  /** Shows the progress of all files together until all are done, if there is a place for that. */
  #showProgress(files: readonly LocalFile[]): void {
    const { clock } = this.#environment
    const total = files.reduce((sum, { size }) => sum + size, 0)
    let started: number | undefined
    const show = () => {
      const sent = files.reduce((sum, file) => sum + (this.#sent.get(file)?.() ?? 0), 0)
      if (sent > 0) this.#show?.(sent, total, clock.monotonic() - (started ??= clock.monotonic()))
      if (sent < total) this.#timer?.restart()
    }
    if (this.#show) this.#timer = clock.timer(SHOWN_EVERY, show)
  }

  /** Ends everything that is still in progress, and the digest thread, which would keep the process alive. */
  async close(): Promise<void> {
    this.#timer?.stop()
    this.#isStopped = true
    this.#closing.abort(new Error('the uploader was closed'))
    await this.#digests.close()
  }

  /** Uploads a file when it has its turn, unless it would fail as others did. */
  #inTurn(file: LocalFile): Promise<UploadOutcome> {
    const run = async (): Promise<UploadOutcome> => {
      const outcome = await attempt()
      this.#sent.set(file, () => file.size)
      return outcome
    }
    const attempt = async (): Promise<UploadOutcome> => {
      const { directory = '' } = file
      if (this.#isStopped || this.#stoppedDirectories.has(directory)) return { kind: 'not-started', file }
      const { clock } = this.#environment
      const started = clock.monotonic()
      const duration = () => Math.round(clock.monotonic() - started)
      try {
        if (this.#unstored.count >= OUTAGE) throw this.#unstored.error
        const uploaded = await untilDone(this.#signal, (signal) => this.#uploadUnlessThere(file, signal))
        this.#unstored = { count: 0 }
        return { kind: 'uploaded', file, uploaded, duration: duration() }
      } catch (error) {
        this.#learnFrom(error, directory)
        const name = placeOf(file)
        const consequence: Text = isInDoubt(error)
          ? { en: `${name} may or may not have been uploaded.`, zh: `无法确认 ${name} 是否已上传。` }
          : { en: `${name} was not uploaded.`, zh: `${name} 未上传。` }
        return {
          kind: 'failed',
          file,
          failure: { stage: 'upload', consequence, error },
          duration: duration(),
        }
      }
    }
    return this.#slots.run(run, undefined, this.#store.connectionsFor(file))
  }

  /**
   * Decides which files are not started any more, because they would fail in the same way:
   *
   * - all of them, if the cause is not the file or its folder: credentials, permissions, the quota, a ban, cancellation
   * - those of the folder, if the platform refuses it. If it cannot be created, they fail without a call, with the cause
   * - all of them, with the cause, if {@link OUTAGE} files in a row have used up their attempts to be stored
   */
  #learnFrom(error: unknown, directory: string): void {
    if (error instanceof Cancelled) this.#isStopped = true
    if (!(error instanceof DingTalkError)) return
    const { operation, kind, concernsFolder, concernsEveryFile } = error
    if (operation === 'put' && kind === 'unavailable')
      this.#unstored = { count: this.#unstored.count + 1, error }
    if (!concernsFolder) this.#isStopped ||= concernsEveryFile
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

  /** The version that a file gets, if that is known: its mark names it. */
  #nextVersion(contents: Contents | undefined, replaced: Dentry | undefined): number | undefined {
    const { conflictStrategy } = this.#options
    if (conflictStrategy !== 'OVERWRITE' && conflictStrategy !== 'IF_CHANGED') return 1
    if (replaced) return typeof replaced.version === 'number' ? replaced.version + 1 : undefined
    return conflictStrategy === 'IF_CHANGED' && contents?.isComplete ? 1 : undefined
  }

  /** Creates the folder of a directory, and looks into it, once. What fails stays so for all its files. */
  #target(directory: string): Promise<Target> {
    let target = this.#targets.get(directory)
    if (!target) {
      const prepare = async () => {
        const folder = await this.#subfolders.at(directory)
        return { folder, contents: await this.#existing.in(folder, this.#files.get(directory) ?? []) }
      }
      target = prepare()
      this.#targets.set(directory, target)
    }
    return target
  }

  async #upload(
    file: LocalFile,
    folder: Folder,
    version: number | undefined,
    signal: AbortSignal,
  ): Promise<Uploaded> {
    const { unionId, conflictStrategy } = this.#options
    const progress = new Progress(file.size, this.#environment.clock, ({ en, zh }) => {
      if (!this.#show) this.#log({ en: `${file.path}: ${en}`, zh: `${file.path}：${zh}` })
    })
    this.#sent.set(file, () => progress.sent)
    const turn = this.#committer.turn(nameKey(placeOf(file)))
    try {
      const transfer = await this.#store.begin(file, folder, signal)
      this.#accepted.resolve(undefined)
      const { ticket, md5, region } = await transfer.send(progress)
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
      return {
        ...committed,
        fromEarlierAttempt: false,
        md5: existing ? trustedMark(dentry, unionId)?.md5 : md5,
        url: previewUrl(dentry),
        region: existing ? undefined : region,
        undelivered: existing ? undeliveredOf(dentry, unionId) : undefined,
      }
    } finally {
      progress.stop()
      turn.end()
    }
  }
}

/**
 * Runs a task with a signal of its own, aborted with the given one, and when the task has ended. Leaves no listener behind.
 *
 * @throws what the task throws, or the given signal's reason if it is aborted already
 */
async function untilDone<T>(outer: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  outer.throwIfAborted()
  const inner = new AbortController()
  const abort = () => {
    inner.abort(outer.reason)
  }
  outer.addEventListener('abort', abort, { once: true })
  try {
    return await task(inner.signal)
  } finally {
    outer.removeEventListener('abort', abort)
    inner.abort(new Error('the file is done'))
  }
}
