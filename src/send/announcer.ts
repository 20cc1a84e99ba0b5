import type { DingTalk } from '../dingtalk/client.ts'
import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import { EVERYONE, recipientKey } from '../dingtalk/mark.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import {
  type Failure,
  type FileResult,
  NOTHING_UPLOADED,
  type Operator,
  requiredIf,
  type SendAs,
  type SentTo,
  shownName,
  type StepCall,
  type Uploaded,
  type UploadOutcome,
} from '../domain.ts'
import type { Text } from '../http/text.ts'
import { type DeliveryRecord, MAYBE_SENT_BEFORE, type Sending } from './delivery-record.ts'
import { GroupSpace, type SendContext } from './group-space.ts'

/** Who uploads and sends, and to whom, as the inputs name them. */
export interface GivenPeople {
  readonly operator: Operator
  /** Chat IDs (`chat…`) and open conversation IDs (`cid…`). */
  readonly chats: readonly string[]
  /** User IDs. */
  readonly users: readonly string[]
  readonly sendAs: SendAs
}

/** A group or a person to send files to. */
export interface Recipient extends SentTo {
  /** Sends a file of the drive: a new message each time. @throws DingTalkError */
  readonly send: (dentry: Dentry) => Promise<void>
  /** The group's own space, where a lost send can be looked up: not that of a link, nor one to people, who have none. */
  readonly space?: GroupSpace
}

/** The operator and the recipients, as the platform knows them. */
export interface People {
  /** The operator's union ID; undefined if the operator was not found. */
  readonly unionId: string | undefined
  readonly recipients: readonly Recipient[]
  /** One for each of them who was not found. */
  readonly failures: readonly Failure[]
}

/** The calls of {@link findPeople} and {@link announce}. */
export function sendCalls({ operator, chats, users, sendAs }: GivenPeople): StepCall[] {
  const isCopied = chats.length > 0 && sendAs === 'file'
  return [
    ...requiredIf(operator.kind === 'user-id' || users.length > 0, 'unionId'),
    ...chatCalls(chats),
    ...requiredIf(chats.length > 0, sendAs === 'link' ? 'sendLink' : 'send'),
    ...requiredIf(users.length > 0, 'sendToUser'),
    ...requiredIf(chats.length + users.length > 0, 'appProperties'),
    ...(isCopied
      ? (['groupSpace', 'list'] as const).map((operation) => ({
          operation,
          kind: 'optional' as const,
          loss: NO_SEND_LOOKUP,
        }))
      : []),
  ]
}

const NO_SEND_LOOKUP: Text = {
  en: "without it, the action can't confirm whether a file was sent to the group if the response is lost.",
  zh: '未开通时，如果响应丢失，就无法确认文件是否已发送到群。',
}

/** The calls of {@link findChats}. */
export function chatCalls(chats: readonly string[]): StepCall[] {
  return requiredIf(!chats.every(isOpenConversationId), 'openConversationId')
}

/**
 * Looks up the operator and the recipients, all at once. One who is not found does not stop the others, so that all
 * problems are reported.
 */
export async function findPeople(
  { operator, chats, users, sendAs }: GivenPeople,
  { dingtalk, environment, log }: SendContext,
): Promise<People> {
  const unionId =
    operator.kind === 'union-id' ? Promise.resolve(operator.unionId) : dingtalk.unionId(operator.userId)
  const findChat = async (given: string): Promise<Recipient> => {
    const to = { kind: 'chat', given, id: await openConversationId(given, dingtalk) } as const
    if (sendAs === 'link')
      return { ...to, send: async (dentry) => dingtalk.sendLink(dentry, await unionId, to.id) }
    const space = new GroupSpace(to.id, unionId, { dingtalk, environment, log })
    const send = async (dentry: Dentry) => {
      const copyId = await dingtalk.send(dentry, await unionId, to.id)
      if (copyId !== undefined) space.sent(copyId)
    }
    return { ...to, send, space }
  }
  const findUser = async (given: string): Promise<Recipient> => {
    // People get files from the app itself, not from the operator.
    const member = await dingtalk.unionId(given)
    return { kind: 'user', given, id: given, send: (dentry) => dingtalk.sendToUser(dentry, member) }
  }
  const notFound = (kind: SentTo['kind'], input: string) => (given: string, error: unknown) => ({
    stage: 'send' as const,
    consequence: { en: `Nothing was sent to ${given}.`, zh: `没有向 ${given} 发送任何内容。` },
    error,
    about: { input, value: given },
    to: [{ kind, given, id: given }],
  })
  const operatorNotFound = (error: unknown): Failure => {
    const about = operator.kind === 'user-id' ? { input: 'user-id', value: operator.userId } : undefined
    return { stage: 'upload', consequence: NOTHING_UPLOADED, error, about }
  }
  const [found, groups, persons] = await Promise.all([
    unionId.then(
      (unionId) => ({ unionId, failures: [] }),
      (error: unknown) => ({ unionId: undefined, failures: [operatorNotFound(error)] }),
    ),
    findEach(chats, findChat, notFound('chat', 'chat-id')),
    findEach(users, findUser, notFound('user', 'to-user-ids')),
  ])
  return {
    unionId: found.unionId,
    recipients: [...groups.found, ...persons.found],
    failures: [...groups.failures, ...persons.failures, ...found.failures],
  }
}

/** The groups in which the app's robot posts a message. @param given chat IDs (`chat…`) and open conversation IDs (`cid…`) */
export async function findChats(given: readonly string[], dingtalk: DingTalk) {
  const findChat = async (given: string) => {
    const id = await openConversationId(given, dingtalk)
    return { kind: 'chat' as const, given, id }
  }
  return findEach(given, findChat, (given, error) => ({
    stage: 'message',
    consequence: { en: `The message was not posted to group ${given}.`, zh: `消息未发送到群 ${given}。` },
    error,
    about: { input: 'chat-id', value: given },
    to: [{ kind: 'chat', given, id: given }],
  }))
}

/** Looks up everything that was given, all at once. One that is not found does not stop the others. */
async function findEach<T extends { readonly id: string }>(
  given: readonly string[],
  find: (given: string) => Promise<T>,
  notFound: (given: string, error: unknown) => Failure,
) {
  const found = new Map<string, T>()
  const failures: Failure[] = []
  for (const [index, lookup] of (await Promise.allSettled(given.map(find))).entries()) {
    // A group may be given by both of its IDs: it gets everything once all the same.
    if (lookup.status === 'fulfilled') found.set(lookup.value.id, lookup.value)
    else failures.push(notFound(given[index] ?? '', lookup.reason))
  }
  return { found: [...found.values()], failures }
}

/** Whether a group is given by the ID that every call takes (`cid…`), so that it doesn't have to be looked up. */
export function isOpenConversationId(given: string): boolean {
  return given.startsWith('cid')
}

/** An open conversation ID needs no call. @throws DingTalkError */
async function openConversationId(given: string, dingtalk: DingTalk): Promise<string> {
  return isOpenConversationId(given) ? given : dingtalk.openConversationId(given)
}

/**
 * Sends files to groups and people: each file once to each of them, whatever else fails. Every recipient gets the files in
 * their order, each as soon as it and those before it are uploaded, and waits for no other recipient. Whom a file was not
 * sent to is recorded on it.
 *
 * @param uploads in the order of the files
 * @returns for each file what became of it
 */
export function announce(
  uploads: readonly Promise<UploadOutcome>[],
  recipients: readonly Recipient[],
  record: DeliveryRecord,
): Promise<FileResult>[] {
  const queues = recipients.map((recipient) => queueTo(recipient, uploads))
  return uploads.map(async (upload, index) => {
    const outcome = await upload
    const sendings = await Promise.all(queues.flatMap((queue) => queue[index] ?? []))
    const notRecorded = outcome.kind === 'uploaded' ? await record.update(outcome, sendings) : []
    return {
      file: outcome.file,
      uploaded: outcome.kind === 'uploaded' ? outcome.uploaded : undefined,
      duration: outcome.kind === 'not-started' ? 0 : outcome.duration,
      sentTo: sendings.flatMap(({ to, outcome }) => (outcome === 'sent' || outcome === 'was-sent' ? to : [])),
      isNews:
        (outcome.kind === 'uploaded' && !outcome.uploaded.existing) ||
        sendings.some(({ outcome }) => outcome === 'sent'),
      failures: [
        ...(outcome.kind === 'failed' ? [record.ofUpload(outcome)] : []),
        ...sendings.flatMap(({ failure }) => failure ?? []),
      ],
      warnings: [...sendings.flatMap(({ warning }) => warning ?? []), ...notRecorded],
    }
  })
}

/**
 * What is due to a recipient. A file that was there before the job was sent to everyone whom its mark doesn't name. An earlier
 * attempt that was killed could not write that, so a re-run sends what a group's space certainly lacks.
 */
function taskFor(
  { isNew, fromEarlierAttempt, undelivered }: Uploaded,
  { kind, id, given, space }: Recipient,
): 'send' | 'send-if-missing' | 'look' | 'nothing' {
  if (!undelivered && fromEarlierAttempt) return space ? 'send-if-missing' : 'nothing'
  if (!undelivered) return isNew ? 'send' : 'nothing'
  const keys = [recipientKey(kind, id), recipientKey(kind, given), EVERYONE]
  if (keys.some((key) => undelivered.unsent.includes(key))) return 'send'
  return keys.some((key) => undelivered.inDoubt.includes(key)) ? 'look' : 'nothing'
}

/** Sends files to one recipient, one after the other. */
function queueTo(recipient: Recipient, uploads: readonly Promise<UploadOutcome>[]): Promise<Sending>[] {
  const { kind, id, given, space, send } = recipient
  const to: SentTo = { kind, id, given }
  /** A recipient that rejected one file would reject the next too, and every call costs quota. */
  let rejection: DingTalkError | undefined
  let last: Promise<unknown> = Promise.resolve()
  const sendIf = async (outcome: UploadOutcome): Promise<Sending> => {
    if (outcome.kind !== 'uploaded') return { to, outcome: 'nothing' }
    const { file, uploaded } = outcome
    const task = taskFor(uploaded, recipient)
    if (task === 'nothing') return { to, outcome: 'nothing' }
    const name = shownName({ file })
    try {
      const held = task === 'send' ? 'no' : ((await space?.has(uploaded)) ?? 'unknown')
      if (held === 'yes') return { to, outcome: 'was-sent' }
      if (task === 'send-if-missing' && held === 'unknown') return { to, outcome: 'nothing' }
      if (task === 'look') {
        const consequence = {
          en: `${name} was not sent to ${given} again.`,
          zh: `没有再次将 ${name} 发送到 ${given}。`,
        }
        const warning = { stage: 'send' as const, consequence, error: MAYBE_SENT_BEFORE, to: [to] }
        return { to, outcome: 'in-doubt', warning }
      }
      if (rejection) throw rejection
      await send(uploaded.dentry).catch(async (error: unknown) => {
        if (!isInDoubt(error) || !(await space?.hasArrived(uploaded))) throw error
      })
      return { to, outcome: 'sent' }
    } catch (error) {
      if (error instanceof DingTalkError && error.remedy === 'stop') rejection = error
      const isOpen = task === 'look' || isInDoubt(error)
      const consequence = isOpen
        ? {
            en: `${name} was uploaded, but it may or may not have been sent to ${given}.`,
            zh: `${name} 已上传，但无法确认是否已发送到 ${given}。`,
          }
        : {
            en: `${name} was uploaded, but not sent to ${given}.`,
            zh: `${name} 已上传，但未发送到 ${given}。`,
          }
      return {
        to,
        outcome: isOpen ? 'in-doubt' : 'unsent',
        failure: { stage: 'send', consequence, error, to: [to] },
      }
    }
  }
  return uploads.map((upload) => {
    const sending = last.then(() => upload).then(sendIf)
    last = sending
    return sending
  })
}
