import { pause, type Environment } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { CommitLookup, type Look, type Upload } from './commit-lookup.ts'
import type { ConflictStrategy, Drive } from './drive.ts'
import { DingTalkError } from './errors.ts'
import { type AppProperty, carries, markProperties, newNonce } from './mark.ts'
import type { Retries } from './retry.ts'
import type { Dentry } from './schema.ts'
import { LOOKUP_DELAYS } from './times.ts'

/** A place in a queue. */
export interface Turn {
  /** Resolves when all before have ended. */
  before: Promise<undefined>
  end: () => void
}

export interface Committed {
  dentry: Dentry
  /**
   * Not made by this upload, or not certainly: its bytes may be others. Only with `RETURN_DENTRY_IF_EXISTS`; then the new
   * bytes were dropped.
   */
  existing: boolean
  /** Whether it came into being while it was committed, by whomever. */
  isNew: boolean
}

/** What the marks of a run's files contain, in addition to their MD5. */
export interface MarkOptions {
  /** Which job uploads, in the caller's own words; default: the marks do not say. */
  readonly source?: string | undefined
  /** Makes a nonce for each upload. */
  readonly nonce?: () => string
}

/** An upload with what all its commits have in common. */
interface Attempt extends Upload {
  readonly nonce: string
}

/** An entry that may be the upload's own. */
interface Found {
  dentry: Dentry
  /** Why it is unknown whether it is; absent if it certainly is. */
  doubt?: DingTalkError
}

/**
 * Commits uploads, each exactly once, though an answer may be lost, and though nobody says whether a second commit with
 * the same upload key is refused or makes a second file.
 *
 * A commit in doubt is looked up before it is repeated. Four things are proof, none of them a comparison of clocks:
 *
 * - *An entry that carries the nonce* which every commit of this upload, and no other, writes on its file: that is it,
 *   whatever its name, size and times. One that carries another nonce and was never overwritten is another upload's. An
 *   entry without a mark proves nothing, for nobody says whether the platform keeps marks, and how soon a list has them.
 * - *The answer to a commit* that can only be given to who made the entry: whatever the strategy, for
 *   `RETURN_DENTRY_IF_EXISTS` is only asked for once `RETURN_ERROR_IF_EXISTS` has said that the name is taken.
 * - *The platform says that the upload key has been used* (`paramError.uploadKey`): the bytes have become a file. If the
 *   folder holds a single one that it can be, that is it. To find out, the commit is sent again in a form that cannot
 *   make anything: the entry's name is taken, and that is to be an error.
 * - *A folder that was seen to its end, three times, without an entry that it can be*: the commit had no effect and may be
 *   repeated.
 *
 * An entry of the same name and size, however new, is no proof: another job may have made it. Nor is a plain `paramError`,
 * which the lost answer may have been as well. What is in doubt after that is reported, not guessed.
 */
export class Committer {
  readonly #drive: Drive
  readonly #environment: Environment
  readonly #retries: number
  readonly #log: (line: Text) => void
  /** The entries that this run has made, and their versions: none of them is another upload's. */
  readonly #made = new Map<string, number | undefined>()
  /** The end of the last upload of each name. */
  readonly #last = new Map<string, Promise<undefined>>()
  readonly #source: string | undefined
  readonly #nonce: () => string
  /** Whether files are marked: until the platform refuses a mark. */
  #marks = true

  constructor(
    drive: Drive,
    { environment, retries, log }: Retries,
    { source, nonce = newNonce }: MarkOptions = {},
  ) {
    this.#drive = drive
    this.#environment = environment
    this.#retries = retries
    this.#log = log
    this.#source = source
    this.#nonce = nonce
  }

  /**
   * Takes a turn among the uploads of one name, in the order of asking: they are committed one after the other, so that
   * the same one always gets the name, and at most one of them is in doubt.
   *
   * @param key the same for all names that the platform may take for one
   */
  turn(key: string): Turn {
    const before = this.#last.get(key) ?? Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#last.set(key, promise)
    return {
      before,
      end: () => {
        resolve(undefined)
      },
    }
  }

  /** @throws DingTalkError; with `mayHaveHappened`, it is unknown whether the file is there */
  async commit(upload: Upload): Promise<Committed> {
    const attempt = { ...upload, nonce: this.#nonce() }
    if (upload.conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return this.#unlessThere(attempt)
    const { dentry, doubt } = await this.#exactlyOnce(attempt)
    if (doubt) throw doubt
    return { dentry: this.#remember(dentry), existing: false, isNew: true }
  }

  /** The upload's own entry if the name is free, and the one that has it if not. */
  async #unlessThere(upload: Attempt): Promise<Committed> {
    try {
      const { dentry, doubt } = await this.#exactlyOnce({
        ...upload,
        conflictStrategy: 'RETURN_ERROR_IF_EXISTS',
      })
      return { dentry: this.#remember(dentry), existing: doubt !== undefined, isNew: true }
    } catch (error) {
      if (!(error instanceof DingTalkError) || !saysNameIsTaken(error)) throw error
    }
    const { dentry } = await this.#exactlyOnce(upload)
    // The one that had the name may have gone meanwhile.
    return carries(dentry, upload.nonce)
      ? { dentry: this.#remember(dentry), existing: false, isNew: true }
      : { dentry, existing: true, isNew: false }
  }

  #remember(dentry: Dentry): Dentry {
    this.#made.set(dentry.id, dentry.version ?? undefined)
    return dentry
  }

  async #exactlyOnce(upload: Attempt): Promise<Found> {
    const { file, conflictStrategy } = upload
    const lookup = new CommitLookup(this.#drive, upload, upload.nonce, this.#made, this.#environment.clock)
    let doubt: DingTalkError | undefined
    for (let tries = 1; ; tries++) {
      let refusal: DingTalkError | undefined
      const isV1 = this.#drive.hasV2(upload.folder)
      try {
        return { dentry: await this.#try(upload, file.name, conflictStrategy) }
      } catch (error) {
        if (error instanceof DingTalkError && error.operation === 'commit' && error.code !== 'Cancelled') {
          if (error.remedy === 'look-up') doubt = error
          else refusal = error
        } else if (doubt) throw doubt.unresolved(NOT_COMMITTED_AGAIN, error)
        // The key is new. If it has been used, an attempt that looked like a refusal has had its effect.
        if (refusal && saysKeyIsUsed(refusal)) doubt ??= refusal
        // Nobody says with which code v1 is closed to an app, so this one may mean something else.
        if (!doubt && refusal?.isApiClosed && isV1) {
          const own = await this.#switchToV2(upload, lookup, refusal)
          if (own) return own
          tries--
          continue
        }
        // A refusal may be the doubtful one's doing: it has used the key, or taken the name.
        if (!doubt) throw error
      }
      const keyIsUsed = refusal !== undefined && saysKeyIsUsed(refusal)
      const look = await this.#lookUp(lookup, doubt)
      if (look.own) return { dentry: look.own }
      if (look.candidates.length > 0) return this.#judge(upload, lookup, look, keyIsUsed, doubt)
      if (!look.isComplete)
        throw doubt.withSentence({
          en: 'The folder has too many files to find out whether the file is in it.',
          zh: '文件夹中的文件过多，无法确认该文件是否已在其中。',
        })
      if (keyIsUsed || tries > this.#retries || !lookup.maySpend()) throw doubt
      if (refusal) throw refusal
      this.#log({
        en: `There was no response when ${file.name} was saved, and the file is not in the folder. Saving it again.`,
        zh: `保存 ${file.name} 时未收到响应，且文件夹中没有该文件，正在重新保存。`,
      })
    }
  }

  /**
   * Goes on with v2, once a look at the folder has shown that the commit by v1 had no effect.
   *
   * @returns what the commit made, if it had an effect all the same
   * @throws the refusal if the folder can't be looked at, or is too large
   */
  async #switchToV2(
    upload: Attempt,
    lookup: CommitLookup,
    refusal: DingTalkError,
  ): Promise<Found | undefined> {
    const look = await this.#lookUp(lookup, refusal, LOOKUP_DELAYS.slice(0, 1))
    if (look.own) return { dentry: look.own }
    if (look.candidates.length > 0) return this.#judge(upload, lookup, look, false, refusal)
    if (!look.isComplete) throw refusal
    await this.#drive.switchToV2(upload.folder, upload.unionId)
    return undefined
  }

  /**
   * Commits with the upload's mark. If that is refused and the mark may be why, nothing has happened, and the same commit
   * is made once without it. A commit that was in doubt before has been looked up by then.
   */
  async #try(upload: Attempt, name: string, strategy: ConflictStrategy): Promise<Dentry> {
    const { folder, unionId, ticket, file, nonce, md5, version } = upload
    const commit = (properties?: readonly AppProperty[]) =>
      this.#drive.commit(folder, unionId, ticket.uploadKey, { ...file, name }, strategy, properties)
    if (!this.#marks) return commit()
    let refusal: DingTalkError
    try {
      return await commit(markProperties({ nonce, source: this.#source, md5, version }))
    } catch (error) {
      if (!(error instanceof DingTalkError) || !mayRefuseTheMark(error)) throw error
      refusal = error
    }
    try {
      const dentry = await commit()
      this.#stopMarking(refusal)
      return dentry
    } catch (error) {
      // With the same words it was not the mark that was refused.
      if (error instanceof DingTalkError && error.code !== refusal.code) this.#stopMarking(refusal)
      throw error
    }
  }

  #stopMarking({ code, text }: DingTalkError): void {
    if (!this.#marks) return
    this.#marks = false
    this.#log({
      en: `DingTalk doesn't accept the properties by which this action recognizes its files (${code}: ${text.en}). Files are uploaded without them.`,
      zh: `钉钉不接受本 action 用于识别文件的属性（${code}：${text.zh}），后续文件不再添加该属性。`,
    })
  }

  /** Whether what a look has found is the upload's own. */
  async #judge(
    upload: Attempt,
    lookup: CommitLookup,
    { candidates, isComplete }: Look,
    keyIsUsed: boolean,
    doubt: DingTalkError,
  ): Promise<Found> {
    const [own, ...others] = candidates
    if (!own) throw doubt
    // It has the name, no matter who made it.
    if (upload.conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return { dentry: own }
    const isOnly = others.length === 0 && (isComplete || upload.conflictStrategy !== 'AUTO_RENAME')
    if (isOnly && keyIsUsed) return { dentry: own }
    if (isOnly && lookup.maySpend()) {
      lookup.spend()
      const proof = await this.#proof(upload, own)
      if (proof) return { dentry: proof }
    }
    const name = JSON.stringify(own.name)
    const why = {
      en: `The folder now contains ${name} with the same size, which may be from another upload.`,
      zh: `文件夹中现有大小相同的 ${name}，但可能是其他任务上传的。`,
    }
    return { dentry: own, doubt: doubt.withSentence(why) }
  }

  /**
   * Asks whether the upload key has been used, by a commit that makes nothing while the entry has its name.
   *
   * @returns the upload's own entry: the given one, or, if that is gone, the one that was made by asking
   */
  async #proof(upload: Attempt, found: Dentry): Promise<Dentry | undefined> {
    try {
      return await this.#try(upload, found.name, 'RETURN_ERROR_IF_EXISTS')
    } catch (error) {
      return error instanceof DingTalkError && saysKeyIsUsed(error) ? found : undefined
    }
  }

  /** Looks until there is something, for the list may lag behind. */
  async #lookUp(
    lookup: CommitLookup,
    doubt: DingTalkError,
    waits: readonly number[] = LOOKUP_DELAYS,
  ): Promise<Look> {
    let look: Look = { candidates: [], isComplete: false }
    try {
      for (const wait of waits) {
        await pause(wait, this.#environment)
        look = await lookup.look()
        if (look.candidates.length > 0 || !lookup.maySpend()) break
      }
      return look
    } catch (error) {
      // A job that is cancelled meanwhile leaves the doubt as it was.
      if (!(error instanceof DingTalkError) && !this.#environment.signal.aborted) throw error
      throw doubt.unresolved(NOT_LOOKED_UP, error)
    }
  }
}

const NOT_COMMITTED_AGAIN: Text = {
  en: 'The file could not be saved again',
  zh: '无法重新保存该文件',
}

const NOT_LOOKED_UP: Text = {
  en: 'The action could not check whether the file is in the folder',
  zh: '无法确认该文件是否已在文件夹中',
}

function saysKeyIsUsed(error: DingTalkError): boolean {
  return error.canonicalCode === 'paramError.uploadKey'
}

/**
 * Whether a refusal, which certainly had no effect, may be that of the mark: what names another parameter is not. Of a
 * key that has been used the platform may say a plain `paramError` too; then it says so again without the mark.
 */
function mayRefuseTheMark({
  canonicalCode,
  kind,
  mayHaveHappened,
  operation,
  status,
}: DingTalkError): boolean {
  if (operation !== 'commit' || kind !== 'refused' || mayHaveHappened || (status !== 400 && status !== 200))
    return false
  return !NOT_THE_MARK.test(canonicalCode)
}

/** Codes of a 400 that name something other than the mark. */
const NOT_THE_MARK =
  /^(paramError\.(?!option$|(option\.)?appProperties\b)|dentry(?!AppProperties)|\w*QuotaInsufficient|permissionDenied|spaceNotExist|operationConcurrentControl|Forbidden|Invalid(Authentication|Action|Version))/

function saysNameIsTaken(error: DingTalkError): boolean {
  return error.code === 'dentryNameConflict'
}
