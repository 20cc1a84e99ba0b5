import type { DingTalk } from '../dingtalk/client.ts'
import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
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
import type { Environment } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { GroupSpace } from './group-space.ts'

/** What sending needs. */
export interface SendContext {
  readonly dingtalk: DingTalk
  readonly environment: Environment
  readonly log: (line: Text) => void
}

/** Who uploads and sends, and to whom, as the inputs name them. */
export interface GivenPeople {
  readonly operator: Operator
  /** Chat IDs (`chat…`) and open conversation IDs (`cid…`). */
  readonly chats: readonly string[]
  /** User IDs. */
  readonly users: readonly string[]
  readonly sendAs: SendAs
}

/** A group, as the platform knows it. */
export interface Chat {
  /** The ID as it was given: what people are shown. */
  readonly given: string
  /** Its open conversation ID. */
  readonly id: string
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
    requiredIf(operator.kind === 'user-id' || users.length > 0, 'unionId', {
      en: 'if you use user-id or to-user-ids',
      zh: '填写 user-id 或 to-user-ids 时',
    }),
    ...chatCalls(chats),
    requiredIf(chats.length > 0, sendAs === 'link' ? 'sendLink' : 'send', TO_SEND),
    requiredIf(users.length > 0, 'sendToUser', TO_SEND),
    ...(isCopied
      ? (['groupSpace', 'list'] as const).map((operation) => ({
          operation,
          kind: 'optional' as const,
          loss: NO_SEND_LOOKUP,
        }))
      : [{ operation: 'groupSpace', kind: 'unused', use: TO_COPY } as const]),
  ]
}

const TO_SEND: Text = { en: 'if you use chat-id or to-user-ids', zh: '填写 chat-id 或 to-user-ids 时' }

const TO_COPY: Text = {
  en: 'if you use chat-id with send-as: file',
  zh: '填写 chat-id 且 send-as 为 file 时',
}

const NO_SEND_LOOKUP: Text = {
  en: "without it, the action can't confirm whether a file was sent to the group if the response is lost.",
  zh: '未开通时，如果响应丢失，就无法确认文件是否已发送到群。',
}

/** The calls of {@link findChats}. */
export function chatCalls(chats: readonly string[]): StepCall[] {
  return [
    requiredIf(!chats.every(isOpenConversationId), 'openConversationId', {
      en: 'if chat-id starts with chat',
      zh: 'chat-id 以 chat 开头时',
    }),
  ]
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
    const id = await openConversationId(given, dingtalk)
    if (sendAs === 'link') {
      const send = async (dentry: Dentry) => dingtalk.sendLink(dentry, await unionId, id)
      return { kind: 'chat', given, id, send }
    }
    const space = new GroupSpace(id, unionId, dingtalk, environment, log)
    const send = async (dentry: Dentry) => {
      const copyId = await dingtalk.send(dentry, await unionId, id)
      if (copyId !== undefined) space.sent(copyId)
    }
    return { kind: 'chat', given, id, send, space }
  }
  const findUser = async (given: string): Promise<Recipient> => {
    // People get files from the app itself, not from the operator.
    const member = await dingtalk.unionId(given)
    return { kind: 'user', given, id: given, send: (dentry) => dingtalk.sendToUser(dentry, member) }
  }
  const notSentTo = (input: string) => (given: string, error: unknown) => ({
    stage: 'send' as const,
    consequence: { en: `Nothing was sent to ${given}.`, zh: `没有向 ${given} 发送任何内容。` },
    error,
    about: { input, value: given },
  })
  const [found, groups, persons] = await Promise.all([
    unionId.then(
      (unionId) => ({ unionId, failures: [] }),
      (error: unknown) => ({ unionId: undefined, failures: [operatorNotFound(operator, error)] }),
    ),
    findEach(chats, findChat, notSentTo('chat-id')),
    findEach(users, findUser, notSentTo('to-user-ids')),
  ])
  return {
    unionId: found.unionId,
    recipients: [...groups.found, ...persons.found],
    failures: [...groups.failures, ...persons.failures, ...found.failures],
  }
}

function operatorNotFound(operator: Operator, error: unknown): Failure {
  const about = operator.kind === 'user-id' ? { input: 'user-id', value: operator.userId } : undefined
  return { stage: 'upload', consequence: NOTHING_UPLOADED, error, about }
}

/** The groups in which the app's robot posts a message. @param given chat IDs (`chat…`) and open conversation IDs (`cid…`) */
export async function findChats(
  given: readonly string[],
  dingtalk: DingTalk,
): Promise<{ readonly found: readonly Chat[]; readonly failures: readonly Failure[] }> {
  const findChat = async (given: string) => ({ given, id: await openConversationId(given, dingtalk) })
  return findEach(given, findChat, (given, error) => ({
    stage: 'message',
    consequence: { en: `The message was not posted to group ${given}.`, zh: `消息未发送到群 ${given}。` },
    error,
    about: { input: 'chat-id', value: given },
  }))
}

/** Looks up everything that was given, all at once. One that is not found does not stop the others. */
async function findEach<T extends { readonly id: string }>(
  given: readonly string[],
  find: (given: string) => Promise<T>,
  notFound: (given: string, error: unknown) => Failure,
): Promise<{ readonly found: readonly T[]; readonly failures: readonly Failure[] }> {
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

/** One that is given needs no call. @throws DingTalkError */
async function openConversationId(given: string, dingtalk: DingTalk): Promise<string> {
  return isOpenConversationId(given) ? given : dingtalk.openConversationId(given)
}

/** What became of sending a file to one recipient: nothing, if it was there before the job, or is not there. */
interface Sending {
  readonly sentTo?: SentTo
  readonly failure?: Failure
}

/**
 * Sends files to groups and people: each file once to each of them, whatever else fails. Every recipient gets the files in
 * their order, each as soon as it and those before it are uploaded, and waits for no other recipient.
 *
 * @param uploads in the order of the files
 * @returns for each file what became of it
 */
export function announce(
  uploads: readonly Promise<UploadOutcome>[],
  recipients: readonly Recipient[],
): Promise<FileResult>[] {
  const queues = recipients.map(queueTo)
  return uploads.map(async (upload) => {
    const sendings = queues.map((enter) => enter(upload))
    const outcome = await upload
    const done = await Promise.all(sendings)
    return {
      file: outcome.file,
      uploaded: outcome.kind === 'uploaded' ? outcome.uploaded : undefined,
      duration: outcome.kind === 'not-started' ? 0 : outcome.duration,
      sentTo: done.flatMap(({ sentTo }) => sentTo ?? []),
      failures: [
        ...(outcome.kind === 'failed' ? [outcome.failure] : []),
        ...done.flatMap(({ failure }) => failure ?? []),
      ],
    }
  })
}

/** The queue of one recipient. @returns a function that enters a file, which may still have to be uploaded */
function queueTo(recipient: Recipient): (upload: Promise<UploadOutcome>) => Promise<Sending> {
  const { kind, id, given } = recipient
  /** A recipient that refused one file would refuse the next too, and every call costs quota. */
  let refusal: DingTalkError | undefined
  let last: Promise<unknown> = Promise.resolve()
  const send = async (outcome: UploadOutcome): Promise<Sending> => {
    if (outcome.kind !== 'uploaded' || !outcome.uploaded.isNew) return {}
    const { file, uploaded } = outcome
    try {
      if (refusal) throw refusal
      await sendOnce(uploaded, recipient)
      return { sentTo: { kind, id, given } }
    } catch (error) {
      if (error instanceof DingTalkError && error.remedy === 'stop') refusal = error
      const consequence = (isInDoubt(error) ? mayBeSent : notSent)(shownName({ file }), given)
      return { failure: { stage: 'send', consequence, error } }
    }
  }
  return (upload) => {
    const sending = last.then(() => upload).then(send)
    last = sending
    return sending
  }
}

/** Sends a file unless an earlier attempt of the job is known to have. @throws DingTalkError unless it is known to have arrived */
async function sendOnce(uploaded: Uploaded, { space, send }: Recipient): Promise<void> {
  if (uploaded.fromEarlierAttempt && (await space?.holds(uploaded))) return
  try {
    await send(uploaded.dentry)
  } catch (error) {
    if (!isInDoubt(error) || !(await space?.hasArrived(uploaded))) throw error
  }
}

function notSent(name: string, to: string): Text {
  return { en: `${name} was uploaded, but not sent to ${to}.`, zh: `${name} 已上传，但未发送到 ${to}。` }
}

function mayBeSent(name: string, to: string): Text {
  return {
    en: `${name} was uploaded, but it may or may not have been sent to ${to}.`,
    zh: `${name} 已上传，但无法确认是否已发送到 ${to}。`,
  }
}
