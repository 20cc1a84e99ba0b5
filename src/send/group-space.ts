import type { DingTalk } from '../dingtalk/client.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { carries, markOf } from '../dingtalk/mark.ts'
import { comparable, isRenamed } from '../dingtalk/names.ts'
import type { Retries } from '../dingtalk/retry.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import { isBefore, LOOKUP_DELAYS, platformTime } from '../dingtalk/times.ts'
import type { Uploaded } from '../domain.ts'
import { pause } from '../http/environment.ts'

/** The most pages of one lookup. The newest files are on the first. */
const MAX_PAGES = 2
/** The most calls for one group. */
const MAX_CALLS = 20

/** What sending works with. */
export interface SendContext extends Pick<Retries, 'environment' | 'log'> {
  readonly dingtalk: DingTalk
}

/** The newest copies in a group's space, and whether there are no others. */
interface Look {
  readonly copies: readonly Dentry[]
  readonly isLast: boolean
}

/**
 * A group's own space, which contains a copy of each file that was sent to the group. It shows whether a file has arrived. No
 * call is made before something goes wrong.
 *
 * A copy proves that the file was sent if it carries the file's mark. An unmarked copy is proof if it can't be of any other file: it
 * is the only one with this name, size, and sender, and the storage's clock shows that it is newer than the upload. A missing
 * copy proves nothing, because DingTalk doesn't document whether and how soon the list shows every copy.
 */
export class GroupSpace {
  readonly #context: SendContext
  readonly #openConversationId: string
  readonly #operator: Promise<string>
  /** The IDs of copies that belong to other sends of this run. */
  readonly #known = new Set<string>()
  /** The sizes of files whose send stayed in doubt: an unmarked copy may be of any of them. */
  readonly #inDoubt = new Set<number | null | undefined>()
  #spaceId: Promise<string> | undefined
  #before: Promise<Look> | undefined
  #calls = 0

  /** @param operator the sender's union ID */
  constructor(openConversationId: string, operator: Promise<string>, context: SendContext) {
    this.#openConversationId = openConversationId
    this.#operator = operator
    this.#context = context
  }

  /** To be called with the ID of the copy when a send got a response. */
  sent(copyId: string): void {
    this.#known.add(copyId)
  }

  /** Whether a file that this job sent without a response has certainly arrived. Makes at most seven calls. */
  async hasArrived({ dentry, isNew, fromEarlierAttempt }: Uploaded): Promise<boolean> {
    // Of a file from an earlier job, someone else may have sent an unmarked copy.
    const needsMark = !isNew || fromEarlierAttempt || this.#inDoubt.has(dentry.size)
    const copy = await this.#unlessRejected(async () => {
      const operator = await this.#operator
      for (const wait of LOOKUP_DELAYS) {
        await pause(wait, this.#context.environment)
        const look = await this.#look(dentry)
        const marked = look.copies.find((copy) => isMarkedCopy(copy, dentry))
        if (marked) return marked
        const [only, ...others] = look.copies.filter(
          (copy) =>
            this.#mayBeOf(copy, dentry) &&
            (copy.creatorId || operator) === operator &&
            isBefore(uploadedAt(dentry), platformTime(copy.createTime)?.at),
        )
        if (only && others.length === 0 && !needsMark && isComplete(look, dentry)) return only
        if (this.#calls >= MAX_CALLS) break
      }
      return undefined
    })
    if (copy) this.#known.add(copy.id)
    else this.#inDoubt.add(dentry.size)
    return copy !== undefined
  }

  /**
   * Whether the group has a file that an earlier job may have sent: `yes` only if a copy carries the file's mark, and `no` only if the
   * list shows other copies, but none that can be of the file. Makes at most three calls for all files together.
   */
  async has({ dentry }: Uploaded): Promise<'yes' | 'no' | 'unknown'> {
    const look = await this.#unlessRejected(() => (this.#before ??= this.#look(dentry)))
    if (!look) return 'unknown'
    if (look.copies.some((copy) => isMarkedCopy(copy, dentry))) return 'yes'
    const mayHave = look.copies.some(
      (copy) =>
        this.#mayBeOf(copy, dentry) && !isBefore(platformTime(copy.createTime), uploadedAt(dentry)?.at),
    )
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

  /** Whether an unmarked copy has the name and size of a file, and doesn't belong to another send. */
  #mayBeOf(copy: Dentry, dentry: Dentry): boolean {
    const [given, wanted] = [comparable(copy.name), comparable(dentry.name)]
    if (given !== wanted && !isRenamed(given, wanted)) return false
    return copy.size === dentry.size && !this.#known.has(copy.id) && markOf(copy) === undefined
  }

  /** Returns undefined if the lookup fails or the job is canceled. After an error, no more calls are made. */
  async #unlessRejected<T>(look: () => Promise<T>): Promise<T | undefined> {
    if (this.#calls >= MAX_CALLS) return undefined
    const { environment, log } = this.#context
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof DingTalkError)) {
        if (environment.signal.aborted) return undefined
        throw error
      }
      this.#calls = MAX_CALLS
      log({
        en: `Could not check whether a file was sent to the group: ${error.text.en} (${error.code})`,
        zh: `无法查询文件是否已发送到群：${error.text.zh}（${error.code}）`,
      })
      return undefined
    }
  }
}

/** Whether it shows every copy since the upload. The copy that was modified last comes first. */
function isComplete({ copies, isLast }: Look, dentry: Dentry): boolean {
  const since = uploadedAt(dentry)?.at
  return isLast || copies.some(({ modifiedTime }) => isBefore(platformTime(modifiedTime), since))
}

function isMarkedCopy(copy: Dentry, dentry: Dentry): boolean {
  const [nonce, ...others] = markOf(dentry)?.nonces ?? []
  return nonce !== undefined && others.length === 0 && carries(copy, nonce)
}

/** When a file got its content, by the storage's clock. */
function uploadedAt({ modifiedTime, createTime }: Dentry) {
  return platformTime(modifiedTime ?? createTime)
}
