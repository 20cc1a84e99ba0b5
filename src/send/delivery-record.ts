import type { DingTalk } from '../dingtalk/client.ts'
import { deliveryProperty, EVERYONE, markOf, MAX_KEYS, recipientKey, trustedMark } from '../dingtalk/mark.ts'
import {
  type Failure,
  type FileResult,
  type SentTo,
  shownName,
  type Uploaded,
  type UploadStrategy,
} from '../domain.ts'
import { TextError } from '../errors.ts'
import { type Environment, outlasting } from '../http/environment.ts'
import type { Text } from '../http/text.ts'

/** How long recording may take once the job is canceled, in ms: a CI kills it some seconds later. */
const AFTER_CANCEL = 5000

/** The result of sending a file to one recipient: `nothing` if that was not attempted, and `was-sent` if an earlier job sent it. */
export interface Sending {
  readonly to: SentTo
  readonly outcome: 'sent' | 'was-sent' | 'unsent' | 'in-doubt' | 'nothing'
  readonly failure?: Failure
  readonly warning?: Failure
}

/** Why a file whose earlier send is in doubt is not sent again. */
export const MAYBE_SENT_BEFORE = new TextError({
  en: 'An earlier run sent a file, but DingTalk did not confirm that it arrived. If it did not, delete the file from the folder and run the job again, or send it in DingTalk.',
  zh: '此前的运行发送过文件，但钉钉未确认是否送达。如果未送达，请从文件夹中删除该文件后重新运行，或在钉钉中手动发送。',
})

const NO_MARK = new TextError({
  en: "DingTalk did not keep the file's properties, in which this action records who has not received the file.",
  zh: '钉钉没有保留本 action 在文件上用于记录发送结果的属性。',
})

export interface RecordOptions {
  readonly dingtalk: DingTalk
  readonly environment: Environment
  /** The operator's. */
  readonly unionId: string
  /** All recipients, including those who were not found. */
  readonly sendTo: readonly SentTo[]
  readonly strategy: UploadStrategy
}

/**
 * Records on a file who has not received it, so that the next run that finds the file sends it. Makes no call if everyone has
 * received it, or if the record is up to date.
 *
 * @param sendings the results for all recipients who were found
 * @returns what the next run may do wrong if this can't be recorded
 */
export async function recordDelivery(
  file: FileResult['file'],
  uploaded: Uploaded,
  sendings: readonly Sending[],
  { dingtalk, environment, unionId, sendTo, strategy }: RecordOptions,
): Promise<Failure[]> {
  const { dentry, md5, existing, isNew, fromEarlierAttempt } = uploaded
  const before = uploaded.undelivered ?? { unsent: [], inDoubt: [] }
  const tried = sendings.filter(({ outcome }) => outcome !== 'nothing')
  const triedKeys = new Set(
    tried.flatMap(({ to: { kind, id, given } }) => [recipientKey(kind, id), recipientKey(kind, given)]),
  )
  // Recipients to whom this run doesn't send keep their record.
  const updated = (keys: readonly string[], now: Sending['outcome']) => [
    ...keys.filter((key) => !triedKeys.has(key) && (key !== EVERYONE || tried.length === 0)),
    ...tried.flatMap(({ to, outcome }) => (outcome === now ? recipientKey(to.kind, to.id) : [])),
  ]
  let [unsent, inDoubt] = [updated(before.unsent, 'unsent'), updated(before.inDoubt, 'in-doubt')]
  // An earlier job may have sent an existing file to recipients who were not found now.
  if (isNew && !fromEarlierAttempt) {
    const isFound = ({ kind, id }: SentTo) => sendings.some(({ to }) => to.kind === kind && to.id === id)
    const notFound = sendTo.filter((to) => !isFound(to))
    unsent.push(...notFound.map(({ kind, given }) => recipientKey(kind, given)))
  }
  if (unsent.length > MAX_KEYS && sendings.every(({ outcome }) => outcome === 'unsent'))
    [unsent, inDoubt] = [[EVERYONE], []]
  if (before.unsent.join() === unsent.join() && before.inDoubt.join() === inDoubt.join()) return []

  const known = [...before.unsent, ...before.inDoubt]
  const isUnknown = !known.includes(EVERYONE) && [...unsent, ...inDoubt].some((key) => !known.includes(key))
  const name = shownName({ file, uploaded })
  const consequence = isUnknown
    ? mayNotBeSent(name)
    : {
        en: `A later run that finds ${name} in the folder may send it again.`,
        zh: `之后的运行如果在文件夹中找到 ${name}，可能会再次发送。`,
      }
  const mark = markOf(dentry)
  if (mark?.nonces.length !== 1 || md5 === undefined)
    // With other strategies, a later run doesn't recognize a file without a mark: it uploads and sends the file.
    return isUnknown && strategy === 'RETURN_DENTRY_IF_EXISTS'
      ? [{ stage: 'send', consequence, error: NO_MARK }]
      : []
  const isOfEarlierJob = existing || fromEarlierAttempt
  const isTrusted = !isOfEarlierJob || trustedMark(dentry, unionId) !== undefined
  const version = isTrusted ? (dentry.version ?? mark.version) : (mark.version ?? dentry.version)
  const property = (version?: number | null, modifier?: string) =>
    deliveryProperty({ md5, version: version ?? undefined, modifier }, { unsent, inDoubt })
  try {
    await outlasting(AFTER_CANCEL, environment, (signal) =>
      isTrusted && typeof version === 'number'
        ? dingtalk.drive.updateMark(dentry, unionId, version, property, signal)
        : dingtalk.drive.updateProperties(dentry, unionId, [property(version)], signal),
    )
    return []
  } catch (error) {
    return [{ stage: 'send', consequence, error }]
  }
}

/** The consequence if it is not recorded on a file that it was not sent. */
export function mayNotBeSent(name: string): Text {
  return {
    en: `A later run that finds ${name} in the folder may not send it. To send it, delete it from the folder and run the job again, or send it in DingTalk.`,
    zh: `之后的运行如果在文件夹中找到 ${name}，可能不会再发送。如需发送，请从文件夹中删除该文件后重新运行，或在钉钉中手动发送。`,
  }
}
