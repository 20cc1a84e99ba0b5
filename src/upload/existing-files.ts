import { type Drive, type Folder, previewUrl } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { markOf, trustedMark, undeliveredOf } from '../dingtalk/mark.ts'
import { comparable, isRenamed, storedName } from '../dingtalk/names.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import { type Job, sourceText, type Uploaded, type UploadStrategy } from '../domain.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Text } from '../http/text.ts'
import { md5Of } from './file-reader.ts'

/** How many entries a page of a folder's list has. Each page costs a call. */
const PAGE = 50
/** The most pages that are searched for names, in all folders together; the first page of each folder is always searched. */
const MAX_PAGES = 20
/** How many entries others may have added since the earlier attempt: for each file of this job, and in addition. */
const OTHERS = { each: 1, more: 100 }

export interface ExistingFilesOptions {
  readonly drive: Drive
  /** The operator's. */
  readonly unionId: string
  readonly strategy: UploadStrategy
  readonly job: Job
  readonly warn: (message: Text) => void
  /** Called once if the app can't list folders. No folder is listed from then on, and all files are uploaded. */
  readonly onUnlisted: (error: DingTalkError) => void
}

/** An entry of a folder, and the MD5 of its content (lower-case hex), if it is known. */
type Known = Pick<Uploaded, 'dentry' | 'md5'>

/** What is known about the contents of a folder. */
export interface Contents {
  /** By the name that the platform stores; for a file that is being uploaded, its future entry. */
  readonly byName: Map<string, Promise<Known | undefined>>
  /** What earlier attempts of this job uploaded. Each entry stands for one file. */
  readonly own: Set<Dentry>
  /** Whether a name that is not listed here is free. */
  isComplete: boolean
}

/**
 * Finds the files that don't have to be uploaded: because of the conflict strategy, or because an earlier attempt of this job has
 * uploaded them. The first attempt lists folders only if the strategy needs it.
 */
export class ExistingFiles {
  readonly #options: ExistingFilesOptions
  readonly #looksForNames: boolean
  /** The source in the marks of files from earlier attempts; undefined if there can be none. */
  readonly #source: string | undefined
  /** How many more pages may be searched for names. */
  #namePages = MAX_PAGES - 1
  #hasWarned = false
  #isUnlisted = false

  constructor(options: ExistingFilesOptions) {
    const { strategy, job } = options
    this.#options = options
    this.#looksForNames = looksForNames(strategy)
    this.#source = job.attempt > 1 && job.source?.job !== undefined ? sourceText(job.source) : undefined
  }

  /**
   * Looks for files in a folder. If the app can't list it, or it is too large, the files that weren't found are uploaded.
   *
   * @returns undefined if nothing has to be known about the folder
   * @throws DingTalkError, except if the platform rejects the call
   */
  async in(folder: Folder, files: readonly LocalFile[]): Promise<Contents | undefined> {
    const { drive, unionId } = this.#options
    const source = this.#source
    if (!this.#looksForNames && source === undefined) return undefined
    const contents: Contents = { byName: new Map(), own: new Set(), isComplete: false }
    if (this.#isUnlisted) return contents
    const { byName, own } = contents
    const missing = new Set(this.#looksForNames ? files.map(({ name }) => storedName(name)) : [])
    let unreadable = 0
    // Files of the earlier attempt are among the newest entries.
    let ownPages = Math.ceil((files.length * (1 + OTHERS.each) + OTHERS.more) / PAGE)
    try {
      for await (const page of drive.list(folder, unionId)) {
        for (const dentry of page.files) {
          if (missing.delete(dentry.name))
            byName.set(dentry.name, Promise.resolve({ dentry, md5: trustedMark(dentry, unionId)?.md5 }))
          if (source !== undefined && markOf(dentry)?.source === source) own.add(dentry)
        }
        unreadable += page.unreadable
        contents.isComplete = unreadable === 0 && (page.isLast || missing.size === 0)
        if (page.isLast) break
        ownPages--
        const lacksOwn = source !== undefined && own.size < files.length
        const isEnough = (missing.size === 0 || this.#namePages <= 0) && (!lacksOwn || ownPages <= 0)
        if (isEnough && lacksOwn) this.#warnOfUnseen()
        if (isEnough) break
        if (missing.size > 0) this.#namePages--
      }
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.kind !== 'refused') throw error
      this.#reportUnlisted(error)
    }
    return contents
  }

  /** Several folders may be rejected at the same time. */
  #reportUnlisted(error: DingTalkError): void {
    if (!this.#isUnlisted) this.#options.onUnlisted(error)
    this.#isUnlisted = true
  }

  #warnOfUnseen(): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    this.#options.warn({
      en: 'The folder has too many new files to check all of them. Files that an earlier attempt of this job uploaded may be uploaded and sent again.',
      zh: '文件夹中的新文件过多，无法逐一检查。本任务在重新运行之前已上传的文件，可能会再次上传并发送。',
    })
  }

  /**
   * Returns the existing entry of a file, or uploads the file. Files with the same name are handled one after the other.
   *
   * @param upload receives the entry that the file replaces, if it is known
   * @throws the errors of `upload`; LocalFileError if the file can't be compared
   */
  unlessThere(
    file: LocalFile,
    { byName, own }: Contents,
    signal: AbortSignal,
    upload: (replaced: Dentry | undefined) => Promise<Uploaded>,
  ): Promise<Uploaded> {
    const name = storedName(file.name)
    const before = byName.get(name) ?? Promise.resolve(undefined)
    const uploadIfMissing = async () => {
      const known = await before
      const found =
        (await this.#takeOwn(file, own, signal)) ?? (known && (await this.#keep(file, known, signal)))
      return found ?? upload(known?.dentry)
    }
    const uploaded = uploadIfMissing()
    byName.set(
      name,
      uploaded.catch(() => before),
    )
    return uploaded
  }

  /** Warns if an existing file has other content than the file that was not uploaded. */
  async compare(file: LocalFile, known: Known, signal: AbortSignal): Promise<void> {
    const { path, name } = file
    if ((await this.#isSame(file, known, signal)) !== false) return
    this.#options.warn({
      en: `${path} was not uploaded: DingTalk already has a file named ${name}, and its content is different. To upload it, change name or conflict-strategy.`,
      zh: `未上传 ${path}：钉钉中已有同名文件 ${name}，但内容不同。如需上传，请修改 name 或 conflict-strategy。`,
    })
  }

  /** Takes the entry that an earlier attempt of this job created from the same file, if there is one. */
  async #takeOwn(file: LocalFile, own: Set<Dentry>, signal: AbortSignal): Promise<Uploaded | undefined> {
    const { strategy } = this.#options
    const candidates = [...own].filter((dentry) => this.#isOurs(dentry) && isOfFile(dentry, file, strategy))
    if (candidates.length === 0) return undefined
    const md5 = await md5Of(file, signal)
    const dentry = candidates.find((dentry) => markOf(dentry)?.md5 === md5 && own.delete(dentry))
    if (!dentry) return undefined
    const undelivered = markOf(dentry)?.undelivered
    const url = previewUrl(dentry)
    return { dentry, md5, url, existing: false, isNew: true, fromEarlierAttempt: true, undelivered }
  }

  /** Whether nobody else can have added a version of the same size since the mark was written. */
  #isOurs(dentry: Dentry): boolean {
    const { strategy, unionId } = this.#options
    if (trustedMark(dentry, unionId)) return true
    const { version, modifierId } = dentry
    // The mark of the first version says nothing about a later one.
    const createsVersions = strategy === 'OVERWRITE' || strategy === 'IF_CHANGED'
    return (!modifierId || modifierId === unionId) && (createsVersions || (version ?? 1) === 1)
  }

  /** Returns the entry that has the file's name, unless the strategy replaces it. */
  async #keep(file: LocalFile, known: Known, signal: AbortSignal): Promise<Uploaded | undefined> {
    const { strategy, unionId, warn } = this.#options
    if (!this.#looksForNames) return undefined
    if (strategy === 'IF_CHANGED') {
      const isSame = await this.#isSame(file, known, signal)
      const { path, name } = file
      if (isSame === undefined)
        warn({
          en: `${path} is uploaded again, because DingTalk doesn't say whether ${name} has the same content.`,
          zh: `无法确定钉钉中 ${name} 的内容是否相同，因此重新上传 ${path}。`,
        })
      if (!isSame) return undefined
    } else await this.compare(file, known, signal)
    const undelivered = undeliveredOf(known.dentry, unionId)
    const url = previewUrl(known.dentry)
    return { ...known, url, existing: true, isNew: false, fromEarlierAttempt: false, undelivered }
  }

  /** Whether a file has the content of an entry; undefined if that is unknown. The file is read only if the sizes are equal. */
  async #isSame(file: LocalFile, { dentry, md5 }: Known, signal: AbortSignal): Promise<boolean | undefined> {
    if (dentry.size !== file.size) return typeof dentry.size === 'number' ? false : undefined
    return md5 === undefined ? undefined : (await md5Of(file, signal)) === md5
  }
}

/** Whether folders are searched for existing names before files are uploaded. */
export function looksForNames(strategy: UploadStrategy): boolean {
  return strategy === 'RETURN_DENTRY_IF_EXISTS' || strategy === 'IF_CHANGED'
}

/** Whether an entry has the size of a file and its name, as the platform may have changed it. */
function isOfFile({ name, size }: Dentry, file: LocalFile, strategy: UploadStrategy): boolean {
  if (size !== file.size) return false
  const [given, wanted] = [comparable(name), comparable(storedName(file.name))]
  return given === wanted || (strategy === 'AUTO_RENAME' && isRenamed(given, wanted))
}
