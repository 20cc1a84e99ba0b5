import { pause } from '../http/environment.ts'
import { type CommitLookup, commitLookup, type Look, type Upload } from './commit-lookup.ts'
import type { Drive } from './drive.ts'
import { DingTalkError } from './errors.ts'
import { type AppProperty, carries, markProperties, newNonce } from './mark.ts'
import type { Retries } from './retry.ts'
import type { Dentry } from './schema.ts'
import { LOOKUP_DELAYS } from './times.ts'

export interface Committed {
  dentry: Dentry
  /**
   * Whether the file is, or may be, from another upload, so that its bytes may differ. Only with
   * `RETURN_DENTRY_IF_EXISTS`, which then discards the new bytes.
   */
  existing: boolean
  /** Whether the file was created during the commit, by this or another upload. */
  isNew: boolean
}

interface Attempt extends Upload {
  /** The random value in the mark of all commits of this upload. */
  readonly nonce: string
}

interface Found {
  dentry: Dentry
  /** Why the entry may be from another upload. Absent if it is certainly the upload's own. */
  doubt?: DingTalkError
}

/**
 * Saves each upload exactly once, even if responses are lost. DingTalk doesn't document whether a second commit with the
 * same upload key is rejected or creates a second file, so a commit in doubt is repeated only after a lookup proves that
 * it had no effect. These are the proofs:
 *
 * - **The nonce.** All commits of an upload write the same nonce to the file, in its mark. An entry with this nonce is
 *   the upload's own. An entry with another nonce belongs to another upload, unless it was overwritten. An entry without
 *   a mark proves nothing, because the platform may not keep marks.
 * - **A response.** `RETURN_DENTRY_IF_EXISTS` is used only after `RETURN_ERROR_IF_EXISTS` has reported that the name is
 *   taken, so it is clear whose entry was returned.
 * - **A used upload key** (`paramError.uploadKey`). The bytes have become a file. If only one entry can be this file, it is
 *   the upload's own. To check the key, the commit is sent in a form that can't create a file: with the entry's name and
 *   `RETURN_ERROR_IF_EXISTS`.
 * - **Three complete lists** of the folder without an entry that the commit can have created. It had no effect.
 *
 * The same name and size prove nothing, because another job may have created the entry. What remains in doubt is reported.
 */
export class Committer {
  readonly #drive: Drive
  readonly #retries: Retries
  readonly #source: string | undefined
  /** The entries that this run created, by ID, with the version from their last commit. */
  readonly #made = new Map<string, number | undefined>()
  /** The end of the last upload of each name. */
  readonly #last = new Map<string, Promise<undefined>>()
  /** Whether files get a mark. False after the platform has rejected one. */
  #marks = true

  /** @param source identifies the job in the marks */
  constructor(drive: Drive, retries: Retries, source?: string) {
    this.#drive = drive
    this.#retries = retries
    this.#source = source
  }

  /**
   * Queues uploads of the same name, in the order of the calls. They are committed one after the other, so that the first
   * one always gets the name, and at most one of them is in doubt.
   *
   * @param key the same for all names that the platform may consider equal
   * @returns `before` resolves when all earlier turns have ended
   */
  turn(key: string): { before: Promise<undefined> | undefined; end: () => void } {
    const before = this.#last.get(key)
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const end = () => {
      resolve(undefined)
    }
    this.#last.set(key, promise)
    return { before, end }
  }

  /** @throws DingTalkError. With `mayHaveHappened`, the file may have been saved. */
  async commit(upload: Upload): Promise<Committed> {
    const attempt = { ...upload, nonce: newNonce() }
    if (upload.conflictStrategy !== 'RETURN_DENTRY_IF_EXISTS') {
      const { dentry, doubt } = await this.#exactlyOnce(attempt)
      if (doubt) throw doubt
      return { dentry: this.#remember(dentry), existing: false, isNew: true }
    }
    try {
      const first = { ...attempt, conflictStrategy: 'RETURN_ERROR_IF_EXISTS' } as const
      const { dentry, doubt } = await this.#exactlyOnce(first)
      return { dentry: this.#remember(dentry), existing: doubt !== undefined, isNew: true }
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.code !== 'dentryNameConflict') throw error
    }
    const { dentry } = await this.#exactlyOnce(attempt)
    // The existing file may have been deleted in the meantime.
    const isOwn = carries(dentry, attempt.nonce)
    return { dentry: isOwn ? this.#remember(dentry) : dentry, existing: !isOwn, isNew: isOwn }
  }

  #remember(dentry: Dentry): Dentry {
    this.#made.set(dentry.id, dentry.version ?? undefined)
    return dentry
  }

  async #exactlyOnce(upload: Attempt): Promise<Found> {
    const { file, folder, unionId } = upload
    const { environment, retries, log } = this.#retries
    const lookup = commitLookup(this.#drive, upload, this.#made, environment.clock)
    let doubt: DingTalkError | undefined
    for (let attempts = 1; ;) {
      const isV1 = this.#drive.isV1(folder)
      let rejection: DingTalkError | undefined
      let reason: DingTalkError | undefined
      try {
        return { dentry: await this.#try(upload) }
      } catch (error) {
        if (error instanceof DingTalkError && error.operation === 'commit' && error.code !== 'Cancelled') {
          if (error.remedy === 'look-up') doubt = error
          else rejection = error
        } else if (doubt)
          throw doubt.unresolved({ en: 'The file could not be saved again', zh: '无法重新保存该文件' }, error)
        // The key is new, so if it has been used, an earlier attempt took effect.
        if (saysKeyIsUsed(rejection)) doubt ??= rejection
        // It is not documented which code means that v1 is closed to the app. One look rules out another meaning.
        reason = doubt ?? (isV1 && rejection?.isApiClosed ? rejection : undefined)
        if (!reason) throw error
      }
      const keyIsUsed = saysKeyIsUsed(rejection)
      const look = await this.#lookUp(lookup, reason, doubt ? LOOKUP_DELAYS : LOOKUP_DELAYS.slice(0, 1))
      if (look.own) return { dentry: look.own }
      if (look.candidates.length > 0) return this.#judge(upload, lookup, look, keyIsUsed, reason)
      if (!doubt) {
        if (!look.isComplete) throw reason
        await this.#drive.switchToV2(folder, unionId)
        continue
      }
      if (!look.isComplete)
        throw doubt.withSentence({
          en: 'The folder contains too many files to check whether the file is in it.',
          zh: '文件夹中的文件过多，无法确认该文件是否已在其中。',
        })
      if (keyIsUsed || attempts++ > retries || !lookup.hasCallsLeft()) throw doubt
      // The commit in doubt may have caused a rejection by using the key or the name, but it had no effect.
      if (rejection) throw rejection
      log({
        en: `There was no response when ${file.name} was saved, and the file is not in the folder. Saving it again.`,
        zh: `保存 ${file.name} 时未收到响应，且文件夹中没有该文件，正在重新保存。`,
      })
    }
  }

  /**
   * Commits with the upload's mark. If the platform rejects the commit, perhaps because of the mark, it had no effect and
   * is repeated once without the mark.
   */
  async #try({
    folder,
    unionId,
    ticket,
    file,
    nonce,
    md5,
    version,
    conflictStrategy,
  }: Attempt): Promise<Dentry> {
    const commit = (properties?: readonly AppProperty[]) =>
      this.#drive.commit(folder, unionId, ticket.uploadKey, file, conflictStrategy, properties)
    if (!this.#marks) return commit()
    let rejection: DingTalkError
    try {
      return await commit(markProperties({ nonce, source: this.#source, md5, version }))
    } catch (error) {
      if (!(error instanceof DingTalkError) || !mayRejectTheMark(error)) throw error
      rejection = error
    }
    try {
      const dentry = await commit()
      this.#stopMarking(rejection)
      return dentry
    } catch (error) {
      // The same code means that the platform did not reject the mark.
      if (error instanceof DingTalkError && error.code !== rejection.code) this.#stopMarking(rejection)
      throw error
    }
  }

  #stopMarking({ code, text }: DingTalkError): void {
    if (!this.#marks) return
    this.#marks = false
    this.#retries.log({
      en: `DingTalk doesn't accept the properties by which this action recognizes its files (${code}: ${text.en}). Files are uploaded without them.`,
      zh: `钉钉不接受本 action 用于识别文件的属性（${code}：${text.zh}），后续文件不再添加该属性。`,
    })
  }

  /** Finds out whether a candidate is the upload's own entry. */
  async #judge(
    upload: Attempt,
    lookup: CommitLookup,
    { candidates, isComplete }: Look,
    keyIsUsed: boolean,
    doubt: DingTalkError,
  ): Promise<Found> {
    const [dentry, ...others] = candidates
    if (!dentry) throw doubt
    const { file, conflictStrategy } = upload
    // The commit returns the entry with this name, regardless of who created it.
    if (conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return { dentry }
    const isOnly = others.length === 0 && (isComplete || conflictStrategy !== 'AUTO_RENAME')
    if (isOnly && keyIsUsed) return { dentry }
    if (isOnly && lookup.hasCallsLeft()) {
      lookup.countCall()
      try {
        const named = { ...upload, file: { ...file, name: dentry.name } }
        // This creates a file only if the entry was deleted in the meantime.
        return { dentry: await this.#try({ ...named, conflictStrategy: 'RETURN_ERROR_IF_EXISTS' }) }
      } catch (error) {
        if (error instanceof DingTalkError && saysKeyIsUsed(error)) return { dentry }
      }
    }
    const name = JSON.stringify(dentry.name)
    const sentence = {
      en: `The folder now contains ${name} with the same size, which may be from another upload.`,
      zh: `文件夹中现有大小相同的 ${name}，但可能是其他任务上传的。`,
    }
    return { dentry, doubt: doubt.withSentence(sentence) }
  }

  /** Looks several times, because the list may not be up to date. */
  async #lookUp(lookup: CommitLookup, doubt: DingTalkError, waits: readonly number[]): Promise<Look> {
    const { environment } = this.#retries
    let look: Look = { candidates: [], isComplete: false }
    try {
      for (const wait of waits) {
        await pause(wait, environment)
        look = await lookup.look()
        if (look.own || look.candidates.length > 0 || !lookup.hasCallsLeft()) break
      }
      return look
    } catch (error) {
      if (!(error instanceof DingTalkError) && !environment.signal.aborted) throw error
      const tried = {
        en: 'The action could not check whether the file is in the folder',
        zh: '无法确认该文件是否已在文件夹中',
      }
      throw doubt.unresolved(tried, error)
    }
  }
}

function saysKeyIsUsed(error: DingTalkError | undefined): boolean {
  return error?.canonicalCode === 'paramError.uploadKey'
}

/** Codes that certainly don't mean the mark. */
const NOT_THE_MARK =
  /^(paramError\.(?!option$|(option\.)?appProperties\b)|dentry(?!AppProperties)|\w*QuotaInsufficient|permissionDenied|spaceNotExist|operationConcurrentControl|Forbidden|Invalid(Authentication|Action|Version))/

/** Whether the platform may have rejected the mark, so that the commit certainly had no effect. */
function mayRejectTheMark(error: DingTalkError): boolean {
  const { canonicalCode, kind, mayHaveHappened, operation, status } = error
  if (operation !== 'commit' || kind !== 'refused' || mayHaveHappened) return false
  return (status === 400 || status === 200) && !NOT_THE_MARK.test(canonicalCode)
}
