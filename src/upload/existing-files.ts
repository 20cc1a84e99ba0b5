import { previewUrl } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { markOf } from '../dingtalk/mark.ts'
import { comparable, isRenamed, storedName } from '../dingtalk/names.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import { type Job, sourceText, type Uploaded, type UploadStrategy } from '../domain.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Text } from '../http/text.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { upload } from './upload.ts'

/** The most pages of a folder's list that are looked at. Each has fifty entries and costs a call. */
const MAX_PAGES = 20
/** The most pages that are looked at for files of an earlier attempt only: they are among the newest. */
const RERUN_PAGES = 3

/** How folders are listed for one job. The first page of each folder is always looked at; further pages are limited in all. */
export class Listing {
  /** Further pages that may be looked at. */
  readonly left = { names: MAX_PAGES - 1, own: RERUN_PAGES - 1 }
  readonly #unlisted: (error: DingTalkError) => void
  #isRefused = false

  /** @param unlisted told once why a folder may not be listed; no other is asked about then */
  constructor(unlisted: (error: DingTalkError) => void) {
    this.#unlisted = unlisted
  }

  get isRefused(): boolean {
    return this.#isRefused
  }

  refused(error: DingTalkError): void {
    if (!this.#isRefused) this.#unlisted(error)
    this.#isRefused = true
  }
}

/** What a folder is known to hold under a name. */
interface Known {
  readonly dentry: Dentry
  /** Lower-case hex; undefined if unknown. */
  readonly md5: string | undefined
}

/** Whether the folder is listed before the first upload. The first attempt of a run lists only where the strategy needs it. */
export function looksFirst(strategy: UploadStrategy, job: Job): boolean {
  return looksForNames(strategy) || ownSource(job) !== undefined
}

/**
 * Uploads files unless the folder has them: by their names, as the conflict strategy says, or because an earlier attempt
 * of this job has uploaded them.
 */
export class ExistingFiles {
  /** By the name that the platform stores; while one is uploaded, what will be there. */
  readonly #byName: Map<string, Promise<Known | undefined>>
  /** Of earlier attempts of this job. Each stands for one file. */
  readonly #own: Dentry[]

  private constructor(named: ReadonlyMap<string, Dentry>, own: Dentry[]) {
    this.#byName = new Map(
      [...named].map(([name, dentry]) => [name, Promise.resolve({ dentry, md5: markOf(dentry)?.md5 })]),
    )
    this.#own = own
  }

  /**
   * Looks for the files in the folder. One that may not be listed gives none, and of a very large one not all are
   * found: then the files are uploaded, and the platform decides about names that are taken.
   *
   * @throws DingTalkError for what is no refusal
   */
  static async among(
    files: readonly LocalFile[],
    { folder, unionId, conflictStrategy }: Destination,
    context: UploadContext,
    listing: Listing,
  ): Promise<ExistingFiles> {
    const source = ownSource(context.job)
    const missing = new Set(looksForNames(conflictStrategy) ? files.map(({ name }) => storedName(name)) : [])
    const named = new Map<string, Dentry>()
    const own: Dentry[] = []
    const { left } = listing
    if (listing.isRefused) return new ExistingFiles(named, own)
    try {
      for await (const page of context.dingtalk.drive.list(folder, unionId)) {
        for (const dentry of page.files) {
          if (missing.delete(dentry.name)) named.set(dentry.name, dentry)
          if (source !== undefined && markOf(dentry)?.source === source) own.push(dentry)
        }
        const hasNames = missing.size === 0 || left.names <= 0
        const hasOwn = source === undefined || own.length >= files.length || left.own <= 0
        if (page.isLast || (hasNames && hasOwn)) break
        left.names--
        left.own--
      }
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.kind !== 'refused') throw error
      listing.refused(error)
    }
    return new ExistingFiles(named, own)
  }

  /** Uploads a file unless it is there, or another of its name is on its way. @throws as {@link upload} */
  upload(file: LocalFile, to: Destination, context: UploadContext): Promise<Uploaded> {
    const name = storedName(file.name)
    const known = this.#byName.get(name) ?? Promise.resolve(undefined)
    const uploaded = known.then((known) => this.#unlessThere(file, known, to, context))
    this.#byName.set(
      name,
      uploaded.catch(() => known),
    )
    return uploaded
  }

  async #unlessThere(
    file: LocalFile,
    known: Known | undefined,
    to: Destination,
    context: UploadContext,
  ): Promise<Uploaded> {
    const own = await this.#takeOwn(file, to.conflictStrategy, context)
    if (own) {
      const url = previewUrl(own.dentry)
      return { ...own, existing: false, isNew: true, fromEarlierAttempt: true, url }
    }
    if (!known || !looksForNames(to.conflictStrategy)) return uploadAndCompare(file, to, context)
    const difference = await differenceBetween(file, known, context)
    if (to.conflictStrategy === 'IF_CHANGED' && difference) {
      if (difference === 'unknown') context.warn(notComparable(file))
      return upload(file, to, context)
    }
    warnOf(difference, file, context)
    return {
      ...known,
      existing: true,
      isNew: false,
      fromEarlierAttempt: false,
      url: previewUrl(known.dentry),
    }
  }

  /** Takes the entry that an earlier attempt of this job made of the same file, if there is one. */
  async #takeOwn(
    file: LocalFile,
    strategy: UploadStrategy,
    context: UploadContext,
  ): Promise<Required<Known> | undefined> {
    const mayBe = this.#own.filter((dentry) => isOfFile(dentry, file, strategy))
    if (mayBe.length === 0) return undefined
    const md5 = await md5Of(file, context)
    const dentry = mayBe.find((dentry) => markOf(dentry)?.md5 === md5 && this.#own.includes(dentry))
    if (!dentry) return undefined
    this.#own.splice(this.#own.indexOf(dentry), 1)
    return { dentry, md5 }
  }
}

function looksForNames(strategy: UploadStrategy): boolean {
  return strategy === 'RETURN_DENTRY_IF_EXISTS' || strategy === 'IF_CHANGED'
}

/** What the marks of files say that an earlier attempt of this job has uploaded; undefined if there can be none. */
function ownSource({ attempt, source }: Job): string | undefined {
  return attempt > 1 && source?.job !== undefined ? sourceText(source) : undefined
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

/** Uploads a file; what the platform then says was there is compared with it. */
async function uploadAndCompare(file: LocalFile, to: Destination, context: UploadContext): Promise<Uploaded> {
  const uploaded = await upload(file, to, context)
  if (uploaded.existing) warnOf(await differenceBetween(file, uploaded, context), file, context)
  return uploaded
}

/** How a file differs from what the folder has; undefined if it does not. It is read only if its size is the same. */
async function differenceBetween(
  file: LocalFile,
  { dentry, md5 }: Known,
  context: UploadContext,
): Promise<'size' | 'content' | 'unknown' | undefined> {
  if (dentry.size !== file.size) return typeof dentry.size === 'number' ? 'size' : 'unknown'
  if (md5 === undefined) return 'unknown'
  return (await md5Of(file, context)) === md5 ? undefined : 'content'
}

function md5Of(file: LocalFile, { digests, environment }: UploadContext): Promise<string> {
  return digests.md5(file, environment.signal)
}

function warnOf(
  difference: 'size' | 'content' | 'unknown' | undefined,
  { path, name }: LocalFile,
  { warn }: UploadContext,
): void {
  if (difference !== 'size' && difference !== 'content') return
  const what: Text = difference === 'size' ? { en: 'size', zh: '大小' } : { en: 'content', zh: '内容' }
  warn({
    en: `${path} was not uploaded: DingTalk already has a file named ${name}, and its ${what.en} is different. To upload it, change name or conflict-strategy.`,
    zh: `未上传 ${path}：钉钉中已有同名文件 ${name}，但${what.zh}不同。如需上传，请修改 name 或 conflict-strategy。`,
  })
}

function notComparable({ path, name }: LocalFile): Text {
  return {
    en: `${path} is uploaded again: DingTalk doesn't say what the content of ${name} is.`,
    zh: `重新上传 ${path}：无法得知钉钉中 ${name} 的内容。`,
  }
}
