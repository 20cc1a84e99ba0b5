import { type Drive, type Folder, previewUrl } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { markOf, trustedMark, undeliveredOf } from '../dingtalk/mark.ts'
import { comparable, isRenamed, storedName } from '../dingtalk/names.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import { type Job, sourceText, type Uploaded, type UploadStrategy } from '../domain.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Text } from '../http/text.ts'

/** The most pages of a folder's list that are looked at. Each has fifty entries and costs a call. */
const MAX_PAGES = 20
/** How many entries a page has. */
const PAGE = 50
/** How many entries others may have added to a folder between two attempts, for each file of this job and in all. */
const OTHERS = { each: 1, all: 100 }

export interface ExistingFilesOptions {
  readonly drive: Drive
  readonly unionId: string
  readonly strategy: UploadStrategy
  readonly job: Job
  /** Computes the MD5 (lower-case hex) of a file. */
  readonly md5: (file: LocalFile, signal: AbortSignal) => Promise<string>
  readonly warn: (message: Text) => void
  /** Called once, if a folder may not be listed: then no other is listed, and all files are uploaded. */
  readonly onUnlisted: (error: DingTalkError) => void
}

/** An entry of a folder, and the MD5 of its content, in lower-case hex; undefined if unknown. */
type Known = Pick<Uploaded, 'dentry' | 'md5'>

/** What a folder is known to contain. */
export interface Contents {
  /** By the name that the platform stores; while one is uploaded, what will be there. */
  readonly byName: Map<string, Promise<Known | undefined>>
  /** What earlier attempts of this job uploaded. Each entry stands for one file. */
  readonly own: Set<Dentry>
  /** Whether the folder was seen to its end, or every file was found: a name that is not here is free. */
  isComplete: boolean
}

/**
 * Finds out which files need not be uploaded: by their names, as the conflict strategy says, or because an earlier attempt
 * of this job has uploaded them. The first attempt of a run lists folders only where the strategy needs it.
 */
export class ExistingFiles {
  readonly #options: ExistingFilesOptions
  /** Whether names that are taken matter before the upload. */
  readonly #looksForNames: boolean
  /** What the marks of files contain that an earlier attempt of this job has uploaded; undefined if there can be none. */
  readonly #source: string | undefined
  /** Further pages that may be looked at for names, in all folders together. The first page of each is always looked at. */
  #namePages = MAX_PAGES - 1
  #hasReportedUnseen = false
  #isUnlisted = false

  constructor(options: ExistingFilesOptions) {
    const { strategy, job } = options
    this.#options = options
    this.#looksForNames = looksForNames(strategy)
    const { attempt, source } = job
    this.#source = attempt > 1 && source?.job !== undefined ? sourceText(source) : undefined
  }

  /**
   * Looks for files in a folder. A folder that may not be listed yields none, and of a very large one not all are found:
   * then the files are uploaded, and the platform decides about names that are taken.
   *
   * @returns undefined if nothing has to be known about the folder
   * @throws DingTalkError for anything but a refusal
   */
  async in(folder: Folder, files: readonly LocalFile[]): Promise<Contents | undefined> {
    const { drive, unionId } = this.#options
    const source = this.#source
    if (!this.#looksForNames && source === undefined) return undefined
    const contents: Contents = { byName: new Map(), own: new Set(), isComplete: false }
    if (this.#isUnlisted) return contents
    const { byName, own } = contents
    let hasUnreadable = false
    // What an earlier attempt uploaded is among the newest entries.
    let ownPages = Math.ceil((files.length * (1 + OTHERS.each) + OTHERS.all) / PAGE)
    const missing = new Set(this.#looksForNames ? files.map(({ name }) => storedName(name)) : [])
    try {
      for await (const page of drive.list(folder, unionId)) {
        for (const dentry of page.files) {
          const mark = markOf(dentry)
          if (missing.delete(dentry.name))
            byName.set(dentry.name, Promise.resolve({ dentry, md5: trustedMark(dentry, unionId)?.md5 }))
          if (source !== undefined && mark?.source === source) own.add(dentry)
        }
        hasUnreadable ||= page.unreadable > 0
        contents.isComplete = (page.isLast || missing.size === 0) && !hasUnreadable
        ownPages--
        const hasNames = missing.size === 0 || this.#namePages <= 0
        const hasOwn = source === undefined || own.size >= files.length
        if (page.isLast || (hasNames && (hasOwn || ownPages <= 0))) {
          if (!page.isLast && !hasOwn) this.#reportUnseen()
          break
        }
        if (missing.size > 0) this.#namePages--
      }
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.kind !== 'refused') throw error
      this.#reportUnlisted(error)
    }
    return contents
  }

  #reportUnseen(): void {
    if (this.#hasReportedUnseen) return
    this.#hasReportedUnseen = true
    this.#options.warn({
      en: 'The folder has too many new files to check all of them. Files that an earlier attempt of this job uploaded may be uploaded and sent again.',
      zh: '文件夹中的新文件过多，无法逐一检查。本任务在重新运行之前已上传的文件，可能会再次上传并发送。',
    })
  }

  /** Several folders may be refused at the same time. */
  #reportUnlisted(error: DingTalkError): void {
    if (!this.#isUnlisted) this.#options.onUnlisted(error)
    this.#isUnlisted = true
  }

  /**
   * What a folder has of a file, or else what `upload` makes of it. Files of one name follow one another.
   *
   * @param upload is given the entry that the file is to replace, or nothing if its name is certainly free or unknown
   * @throws what `upload` throws; LocalFileError if the file cannot be compared
   */
  unlessThere(
    file: LocalFile,
    { byName, own }: Contents,
    signal: AbortSignal,
    upload: (replaced: Dentry | undefined) => Promise<Uploaded>,
  ): Promise<Uploaded> {
    const name = storedName(file.name)
    const before = byName.get(name) ?? Promise.resolve(undefined)
    const find = async (known: Known | undefined) =>
      (await this.#takeOwn(file, own, signal)) ?? (known && (await this.#asStrategySays(file, known, signal)))
    const uploaded = before.then(async (known) => (await find(known)) ?? upload(known?.dentry))
    byName.set(
      name,
      uploaded.catch(() => before),
    )
    return uploaded
  }

  /** Warns if the entry that the platform returns instead of making one has other bytes. */
  async compare(file: LocalFile, known: Known, signal: AbortSignal): Promise<void> {
    const difference = await this.#differenceBetween(file, known, signal)
    if (difference === 'size' || difference === 'content') this.#options.warn(notUploaded(file, difference))
  }

  /** Takes the entry that an earlier attempt of this job made of the same file, if there is one. */
  async #takeOwn(file: LocalFile, own: Set<Dentry>, signal: AbortSignal): Promise<Uploaded | undefined> {
    const { strategy, unionId, md5: md5Of } = this.#options
    // Another person may have added a version of the same size.
    const isOurs = ({ modifierId }: Dentry) => !modifierId || modifierId === unionId
    const mayBe = [...own].filter((dentry) => isOurs(dentry) && isOfFile(dentry, file, strategy))
    if (mayBe.length === 0) return undefined
    const md5 = await md5Of(file, signal)
    const dentry = mayBe.find((dentry) => markOf(dentry)?.md5 === md5 && own.delete(dentry))
    if (!dentry) return undefined
    const url = previewUrl(dentry)
    const { undelivered } = markOf(dentry) ?? {}
    return { dentry, md5, url, existing: false, isNew: true, fromEarlierAttempt: true, undelivered }
  }

  /** The file that has the name; undefined if the strategy is to replace it. */
  async #asStrategySays(file: LocalFile, known: Known, signal: AbortSignal): Promise<Uploaded | undefined> {
    if (!this.#looksForNames) return undefined
    if (this.#options.strategy === 'IF_CHANGED') {
      const difference = await this.#differenceBetween(file, known, signal)
      if (difference === 'unknown') this.#options.warn(notComparable(file))
      if (difference) return undefined
    } else await this.compare(file, known, signal)
    const url = previewUrl(known.dentry)
    const undelivered = undeliveredOf(known.dentry, this.#options.unionId)
    return { ...known, url, existing: true, isNew: false, fromEarlierAttempt: false, undelivered }
  }

  /** How a file differs from an entry; undefined if it does not. It is read only if its size is the same. */
  async #differenceBetween(
    file: LocalFile,
    { dentry, md5 }: Known,
    signal: AbortSignal,
  ): Promise<'size' | 'content' | 'unknown' | undefined> {
    if (dentry.size !== file.size) return typeof dentry.size === 'number' ? 'size' : 'unknown'
    if (md5 === undefined) return 'unknown'
    return (await this.#options.md5(file, signal)) === md5 ? undefined : 'content'
  }
}

/** Whether a folder is searched for names that are taken before files are uploaded. */
export function looksForNames(strategy: UploadStrategy): boolean {
  return strategy === 'RETURN_DENTRY_IF_EXISTS' || strategy === 'IF_CHANGED'
}

/** Whether an entry has the name and the size of a file, as far as the platform would have named it so. */
function isOfFile({ name, size, version }: Dentry, file: LocalFile, strategy: UploadStrategy): boolean {
  if (size !== file.size) return false
  // A mark of the first version says nothing about a later one.
  const makesVersions = strategy === 'OVERWRITE' || strategy === 'IF_CHANGED'
  if (!makesVersions && (version ?? 1) > 1) return false
  const [given, wanted] = [comparable(name), comparable(storedName(file.name))]
  return given === wanted || (strategy === 'AUTO_RENAME' && isRenamed(given, wanted))
}

function notUploaded({ path, name }: LocalFile, difference: 'size' | 'content'): Text {
  const what: Text = difference === 'size' ? { en: 'size', zh: '大小' } : { en: 'content', zh: '内容' }
  return {
    en: `${path} was not uploaded: DingTalk already has a file named ${name}, and its ${what.en} is different. To upload it, change name or conflict-strategy.`,
    zh: `未上传 ${path}：钉钉中已有同名文件 ${name}，但${what.zh}不同。如需上传，请修改 name 或 conflict-strategy。`,
  }
}

function notComparable({ path, name }: LocalFile): Text {
  return {
    en: `${path} is uploaded again, because DingTalk doesn't say whether ${name} has the same content.`,
    zh: `无法确定钉钉中 ${name} 的内容是否相同，因此重新上传 ${path}。`,
  }
}
