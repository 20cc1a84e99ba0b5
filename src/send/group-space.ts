import type { DingTalk } from '../dingtalk/client.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { carries, markOf } from '../dingtalk/mark.ts'
import { comparable, isRenamed } from '../dingtalk/names.ts'
import type { Retries } from '../dingtalk/retry.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import { isBefore, LOOKUP_DELAYS, platformTime, type PlatformTime } from '../dingtalk/times.ts'
import type { Uploaded } from '../domain.ts'
import { pause } from '../http/environment.ts'

/** The most pages of one look. The newest files are on the first. */
const MAX_PAGES = 2
/** The most calls for one group, whatever is lost how often. */
const MAX_CALLS = 20

/** What sending needs. */
export interface SendContext extends Pick<Retries, 'environment' | 'log'> {
  readonly dingtalk: DingTalk
}

/**
 * A group's own space, which has a copy of each file that was sent there: for finding out whether a file arrived. Makes no
 * call before something goes wrong.
 *
 * Two things are proof that a copy is of the file in question:
 *
 * - *It carries the nonce of the file's mark*, where the platform keeps marks on copies.
 * - *It can be of no other file that is known*: an unmarked copy of the same name and size, made by the operator, certainly
 *   after this run had uploaded the file (two times of the storage's clock), no other send's of this run, and the only one
 *   of this kind. An earlier run's copy is older than the file.
 *
 * Not found proves nothing: nobody says whether the list shows every copy, and how soon.
 */
export class GroupSpace {
  readonly #context: SendContext
  readonly #openConversationId: string
  readonly #operator: Promise<string>
  /** The IDs of copies whose send is known. */
  readonly #known = new Set<string>()
  /** The sizes of files whose send stayed in doubt: a copy may be of any of them. */
  readonly #inDoubt = new Set<number | null | undefined>()
  #spaceId: Promise<string> | undefined
  #before: Promise<Look> | undefined
  #calls = 0

  /** @param operator union ID of the one who sends */
  constructor(openConversationId: string, operator: Promise<string>, context: SendContext) {
    this.#openConversationId = openConversationId
    this.#operator = operator
    this.#context = context
  }

  /** To be called with the ID of the copy when a send got a response. */
  sent(copyId: string): void {
    this.#known.add(copyId)
  }

  /** Whether a file whose send is in doubt has certainly arrived. Makes at most seven calls. */
  async hasArrived({ dentry, isNew, fromEarlierAttempt }: Uploaded): Promise<boolean> {
    const copy = await this.#unlessRejected(async () => {
      for (const wait of LOOKUP_DELAYS) {
        await pause(wait, this.#context.environment)
        const look = await this.#look(dentry)
        const { copies } = look
        const marked = copies.find((copy) => isMarkedCopy(copy, dentry))
        if (marked) return marked
        const [only, ...others] = copies.filter(
          (copy) => this.#mayBeOf(copy, dentry) && isBefore(uploadedAt(dentry), createdAt(copy)?.at),
        )
        // Of a file that was there before, an earlier job, or a person, may have sent a copy.
        const isOfThisJob = isNew && !fromEarlierAttempt
        const isOnlyOne =
          others.length === 0 && isComplete(look, dentry) && isOfThisJob && !this.#inDoubt.has(dentry.size)
        if (only && isOnlyOne)
          return only.creatorId && only.creatorId !== (await this.#operator) ? undefined : only
        if (this.#calls >= MAX_CALLS) break
      }
      return undefined
    })
    if (copy) this.#known.add(copy.id)
    else this.#inDoubt.add(dentry.size)
    return copy !== undefined
  }

  /**
   * Whether the group has a file that an earlier attempt of this job, or an earlier run, may have sent. Only a copy with the
   * file's own mark shows that it has: between two attempts may be days, in which others have sent files of the same name.
   * It has not if the list shows other copies, and none that can be of the file. Makes at most three calls, for all files
   * together.
   */
  async has({ dentry }: Uploaded): Promise<'yes' | 'no' | 'unknown'> {
    const look = await this.#unlessRejected(() => (this.#before ??= this.#look(dentry)))
    if (!look) return 'unknown'
    if (look.copies.some((copy) => isMarkedCopy(copy, dentry))) return 'yes'
    const mayHave = look.copies.some(
      (copy) => this.#mayBeOf(copy, dentry) && !isBefore(createdAt(copy), uploadedAt(dentry)?.at),
    )
    // A list that shows nothing may never show a copy.
    return look.copies.length > 0 && isComplete(look, dentry) && !mayHave ? 'no' : 'unknown'
  }

  /** The newest copies. @throws DingTalkError */
  async #look(dentry: Dentry): Promise<Look> {
    const { drive } = this.#context.dingtalk
    const unionId = await this.#operator
    if (!this.#spaceId) {
      this.#calls++
      this.#spaceId = this.#context.dingtalk.groupSpace(this.#openConversationId, unionId)
    }
    const folder = { kind: 'ids', spaceId: await this.#spaceId, parentId: '0' } as const
    const copies: Dentry[] = []
    let pages = 0
    for await (const { files, isLast } of drive.list(folder, unionId)) {
      this.#calls++
      copies.push(...files)
      const look = { copies, isLast }
      if (isComplete(look, dentry) || ++pages >= MAX_PAGES || this.#calls >= MAX_CALLS) return look
    }
    return { copies, isLast: false }
  }

  /** Whether a copy can be of a file, whenever it was made. */
  #mayBeOf(copy: Dentry, dentry: Dentry): boolean {
    const [given, wanted] = [comparable(copy.name), comparable(dentry.name)]
    if (given !== wanted && !isRenamed(given, wanted)) return false
    return copy.size === dentry.size && !this.#known.has(copy.id) && markOf(copy) === undefined
  }

  /** What can't be looked up is unknown: the doubt stays. After a rejection, no further call is made. */
  async #unlessRejected<T>(look: () => Promise<T>): Promise<T | undefined> {
    if (this.#calls >= MAX_CALLS) return undefined
    try {
      return await look()
    } catch (error) {
      // A job that is canceled meanwhile leaves the doubt as it was.
      if (!(error instanceof DingTalkError) && this.#context.environment.signal.aborted) return undefined
      if (!(error instanceof DingTalkError)) throw error
      this.#calls = MAX_CALLS
      this.#context.log({
        en: `Could not check whether a file was sent to the group: ${error.text.en} (${error.code})`,
        zh: `无法查询文件是否已发送到群：${error.text.zh}（${error.code}）`,
      })
      return undefined
    }
  }
}

/** The newest copies in the space, and whether there are no others. */
interface Look {
  readonly copies: readonly Dentry[]
  readonly isLast: boolean
}

/** Whether it shows every copy from after the upload. The one modified last comes first. */
function isComplete({ copies, isLast }: Look, dentry: Dentry): boolean {
  const since = uploadedAt(dentry)?.at
  return isLast || copies.some(({ modifiedTime }) => isBefore(platformTime(modifiedTime), since))
}

function isMarkedCopy(copy: Dentry, dentry: Dentry): boolean {
  const [nonce, ...others] = markOf(dentry)?.nonces ?? []
  return nonce !== undefined && others.length === 0 && carries(copy, nonce)
}

function createdAt({ createTime }: Dentry): PlatformTime | undefined {
  return platformTime(createTime)
}

/** When a file got the content that it has, by the storage's clock. */
function uploadedAt({ modifiedTime, createTime }: Dentry): PlatformTime | undefined {
  return platformTime(modifiedTime ?? createTime)
}
