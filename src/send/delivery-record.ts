import type { DingTalk } from '../dingtalk/client.ts'
import { isInDoubt } from '../dingtalk/errors.ts'
import {
  deliveryProperty,
  EVERYONE,
  markOf,
  MAX_KEYS,
  recipientKey,
  type Undelivered,
} from '../dingtalk/mark.ts'
import {
  type Failure,
  type SentTo,
  shownName,
  type Uploaded,
  type UploadOutcome,
  type UploadStrategy,
} from '../domain.ts'
import { TextError } from '../errors.ts'
import { type Environment, outlasting } from '../http/environment.ts'
import { joined, type Text } from '../http/text.ts'

/** How long (ms) recording may take once the job is canceled: a CI kills it some seconds later. */
const AFTER_CANCEL = 5000

/** What became of sending a file to one recipient: nothing, if it is not there, or was sent before the job as far as is known. */
export interface Sending {
  readonly to: SentTo
  readonly outcome: 'sent' | 'was-sent' | 'unsent' | 'in-doubt' | 'nothing'
  readonly failure?: Failure
  readonly warning?: Failure
}

/** What is not sent again, because nobody knows whether it arrived. */
export const MAYBE_SENT_BEFORE = new TextError({
  en: 'An earlier run sent a file, but DingTalk did not confirm that it arrived. If it did not, delete the file from the folder and run the job again, or send it in DingTalk.',
  zh: '此前的运行发送过文件，但钉钉未确认是否送达。如果未送达，请从文件夹中删除该文件后重新运行，或在钉钉中手动发送。',
})

/** Why nothing can be recorded on a file without a mark. */
const NO_MARK = new TextError({
  en: "DingTalk did not keep the file's properties, in which this action records who has not received the file.",
  zh: '钉钉没有保留本 action 在文件上用于记录发送结果的属性。',
})

export interface DeliveryRecordOptions {
  readonly dingtalk: DingTalk
  readonly environment: Environment
  /** The operator's. */
  readonly unionId: string
  /** All recipients: those who were not found, too. */
  readonly sendTo: readonly SentTo[]
  readonly strategy: UploadStrategy
}

/**
 * Records on a file whom it was not sent to, so that the next run that finds it there sends it: once, when the file has been
 * sent to everyone else, and only if something failed, or what an earlier job has recorded is no longer true.
 */
export class DeliveryRecord {
  readonly #options: DeliveryRecordOptions

  constructor(options: DeliveryRecordOptions) {
    this.#options = options
  }

  /**
   * Records what became of sending a file.
   *
   * @returns what the next run does wrong, if it could not be recorded
   */
  async update(
    { file, uploaded }: Extract<UploadOutcome, { kind: 'uploaded' }>,
    sendings: readonly Sending[],
  ): Promise<Failure[]> {
    const { dingtalk, environment, unionId, strategy } = this.#options
    const { dentry } = uploaded
    const before = uploaded.undelivered ?? { unsent: [], inDoubt: [] }
    const after = this.#after(before, uploaded, sendings)
    const [was, is] = [before, after].map(({ unsent, inDoubt }) => `!${unsent.join()}?${inDoubt.join()}`)
    if (was === is) return []
    const known = [...before.unsent, ...before.inDoubt]
    const isUnknown =
      !known.includes(EVERYONE) && [...after.unsent, ...after.inDoubt].some((key) => !known.includes(key))
    const failure = (error: unknown): Failure => ({
      stage: 'send',
      consequence: (isUnknown ? mayNotBeSent : mayBeSentAgain)(shownName({ file, uploaded })),
      error,
    })
    const mark = markOf(dentry)
    const { md5 } = uploaded
    if (mark?.nonces.length !== 1 || md5 === undefined)
      // Other strategies find nothing without a mark: they upload the file again, and send it.
      return isUnknown && strategy === 'RETURN_DENTRY_IF_EXISTS' ? [failure(NO_MARK)] : []
    const wasThere = uploaded.existing || uploaded.fromEarlierAttempt
    const [first, second] = wasThere ? [mark.version, dentry.version] : [dentry.version, mark.version]
    const property = deliveryProperty({ md5, version: first ?? second ?? undefined }, after)
    try {
      await outlasting(AFTER_CANCEL, environment, (signal) =>
        dingtalk.drive.updateProperties(dentry, unionId, [property], signal),
      )
      return []
    } catch (error) {
      return [failure(error)]
    }
  }

  /** A failed upload. If the file may be there all the same, nothing could be recorded on it. */
  ofUpload({ file, failure }: Extract<UploadOutcome, { kind: 'failed' }>): Failure {
    if (this.#options.sendTo.length === 0 || !isInDoubt(failure.error)) return failure
    return { ...failure, consequence: joined(failure.consequence, mayNotBeSent(shownName({ file }))) }
  }

  /** What the mark is to say: recipients whom this run doesn't send to stay as they are. */
  #after(before: Undelivered, uploaded: Uploaded, sendings: readonly Sending[]): Undelivered {
    const tried = sendings.filter(({ outcome }) => outcome !== 'nothing')
    const keys = new Set(
      tried.flatMap(({ to: { kind, id, given } }) => [recipientKey(kind, id), recipientKey(kind, given)]),
    )
    const left = (given: readonly string[], now: Sending['outcome']) => [
      ...given.filter((key) => !keys.has(key) && (key !== EVERYONE || tried.length === 0)),
      ...tried.flatMap(({ to, outcome }) => (outcome === now ? recipientKey(to.kind, to.id) : [])),
    ]
    const unsent = left(before.unsent, 'unsent')
    const inDoubt = left(before.inDoubt, 'in-doubt')
    // A file that was there before may have been sent to them by then.
    const isNew = uploaded.isNew && !uploaded.fromEarlierAttempt
    const isFound = ({ kind, id }: SentTo) => sendings.some(({ to }) => to.kind === kind && to.id === id)
    const notFound = this.#options.sendTo.filter((to) => !isFound(to))
    if (isNew) unsent.push(...notFound.map(({ kind, given }) => recipientKey(kind, given)))
    const isNobody = sendings.every(({ outcome }) => outcome === 'unsent')
    return unsent.length > MAX_KEYS && isNobody ? { unsent: [EVERYONE], inDoubt: [] } : { unsent, inDoubt }
  }
}

function mayNotBeSent(name: string): Text {
  return {
    en: `A later run that finds ${name} in the folder may not send it. To send it, delete it from the folder and run the job again, or send it in DingTalk.`,
    zh: `之后的运行如果在文件夹中找到 ${name}，可能不会再发送。如需发送，请从文件夹中删除该文件后重新运行，或在钉钉中手动发送。`,
  }
}

function mayBeSentAgain(name: string): Text {
  return {
    en: `A later run that finds ${name} in the folder may send it again.`,
    zh: `之后的运行如果在文件夹中找到 ${name}，可能会再次发送。`,
  }
}
