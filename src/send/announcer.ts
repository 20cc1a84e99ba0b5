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
} from '../domain.ts'
import { joined, type Text } from '../http/text.ts'
import {
  MAYBE_SENT_BEFORE,
  mayNotBeSent,
  type RecordOptions,
  recordDelivery,
  type Sending,
} from './delivery-record.ts'
import { GroupSpace, type SendContext } from './group-space.ts'

/** Who uploads and sends, and to whom, by the inputs. */
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
  /** Where a file that was sent can be looked up; absent for users and links, which leave no copy. */
  readonly space?: GroupSpace
}

/** The calls of {@link findPeople} and {@link announce}. */
export function sendCalls({ operator, chats, users, sendAs }: GivenPeople): StepCall[] {
  const lookups = ['groupSpace', 'list'] as const
  return [
    ...requiredIf(operator.kind === 'user-id' || users.length > 0, 'unionId'),
    ...chatCalls(chats),
    ...requiredIf(chats.length > 0, sendAs === 'link' ? 'sendLink' : 'send'),
    ...requiredIf(users.length > 0, 'sendToUser'),
    ...requiredIf(chats.length + users.length > 0, 'appProperties'),
    ...(chats.length > 0 && sendAs === 'file'
      ? lookups.map((operation) => ({ operation, kind: 'optional', loss: NO_SEND_LOOKUP }) as const)
      : []),
    ...(chats.length + users.length > 0
      ? [{ operation: 'dentry', kind: 'optional', loss: NO_RECORD_LOOKUP } as const]
      : []),
  ]
}

const NO_RECORD_LOOKUP: Text = {
  en: "without it, the action can't check whether its record of an unsent file changed the file.",
  zh: '未开通时，无法确认记录未发送的文件时是否更改了该文件。',
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
 * Looks up the operator and the recipients, all at once, so that all problems are reported.
 *
 * @returns the operator's union ID, unless the operator was not found; the recipients; a failure for each one who was not found
 */
export async function findPeople({ operator, chats, users, sendAs }: GivenPeople, context: SendContext) {
  const { dingtalk } = context
  const unionId =
    operator.kind === 'union-id' ? Promise.resolve(operator.unionId) : dingtalk.unionId(operator.userId)
  const operatorNotFound = (error: unknown): Failure[] => {
    const about = operator.kind === 'user-id' ? { input: 'user-id', value: operator.userId } : undefined
    return [{ stage: 'upload', consequence: NOTHING_UPLOADED, error, about }]
  }
  const [failures, groups, people] = await Promise.all([
    unionId.then(() => [], operatorNotFound),
    findChats(chats, 'send', dingtalk),
    findEach('user', users, 'send', (userId) => dingtalk.unionId(userId)),
  ])
  const toGroup = (to: SentTo): Recipient => {
    if (sendAs === 'link')
      return { ...to, send: async (dentry) => dingtalk.sendLink(dentry, await unionId, to.id) }
    const space = new GroupSpace(to.id, unionId, context)
    const send = async (dentry: Dentry) => {
      const copyId = await dingtalk.send(dentry, await unionId, to.id)
      if (copyId !== undefined) space.sent(copyId)
    }
    return { ...to, send, space }
  }
  const toPerson = ({ given, id: member }: { given: string; id: string }): Recipient => {
    return { kind: 'user', given, id: given, send: (dentry) => dingtalk.sendToUser(dentry, member) }
  }
  return {
    unionId: failures.length > 0 ? undefined : await unionId,
    recipients: [...groups.found.map(toGroup), ...people.found.map(toPerson)],
    failures: [...groups.failures, ...people.failures, ...failures],
  }
}

/** Looks up groups. @param chats chat IDs (`chat…`) and open conversation IDs (`cid…`) */
export async function findChats(chats: readonly string[], stage: 'send' | 'message', dingtalk: DingTalk) {
  const { found, failures } = await findEach('chat', chats, stage, async (given) =>
    isOpenConversationId(given) ? given : dingtalk.openConversationId(given),
  )
  // A group may be given by both of its IDs.
  const byId = new Map(found.map(({ given, id }) => [id, { kind: 'chat' as const, given, id }]))
  return { found: [...byId.values()], failures }
}

/** Looks up all IDs at once. One that is not found doesn't stop the others. */
async function findEach(
  kind: SentTo['kind'],
  ids: readonly string[],
  stage: 'send' | 'message',
  find: (id: string) => Promise<string>,
) {
  type Result = { found: { given: string; id: string } } | { failure: Failure }
  const lookUp = async (given: string): Promise<Result> => {
    try {
      return { found: { given, id: await find(given) } }
    } catch (error) {
      const consequence = { en: `Nothing was sent to ${given}.`, zh: `没有向 ${given} 发送任何内容。` }
      const about = { input: kind === 'chat' ? 'chat-id' : 'to-user-ids', value: given }
      return { failure: { stage, consequence, error, about, to: [{ kind, given, id: given }] } }
    }
  }
  const results = await Promise.all(ids.map(lookUp))
  return {
    found: results.flatMap((result) => ('found' in result ? result.found : [])),
    failures: results.flatMap((result) => ('failure' in result ? result.failure : [])),
  }
}

/** Whether a group is given by the ID that all calls take (`cid…`), and doesn't have to be looked up. */
export function isOpenConversationId(given: string): boolean {
  return given.startsWith('cid')
}

/**
 * Sends files to groups and people: each file once to each of them. Every recipient gets the files in their order, as soon as they
 * are uploaded, without waiting for other recipients. Who did not get a file is recorded on the file.
 *
 * @param uploads in the order of the files
 * @returns the results, with what was sent
 */
export function announce(
  uploads: readonly Promise<FileResult>[],
  recipients: readonly Recipient[],
  record: RecordOptions,
): Promise<FileResult>[] {
  const queues = recipients.map((recipient) => queueTo(recipient, uploads))
  return uploads.map(async (upload, index) => {
    const result = await upload
    const sendings = await Promise.all(queues.flatMap((queue) => queue[index] ?? []))
    const { file, uploaded } = result
    if (!uploaded) {
      const withRecord = (failure: Failure) =>
        isInDoubt(failure.error) && record.sendTo.length > 0
          ? { ...failure, consequence: joined(failure.consequence, mayNotBeSent(shownName({ file }))) }
          : failure
      return { ...result, failures: result.failures.map(withRecord) }
    }
    const notRecorded = await recordDelivery(file, uploaded, sendings, record)
    return {
      ...result,
      sentTo: sendings.flatMap(({ to, outcome }) => (outcome === 'sent' || outcome === 'was-sent' ? to : [])),
      isNews: !uploaded.existing || sendings.some(({ outcome }) => outcome === 'sent'),
      failures: sendings.flatMap(({ failure }) => failure ?? []),
      warnings: [...sendings.flatMap(({ warning }) => warning ?? []), ...notRecorded],
    }
  })
}

/**
 * What to do for a recipient. A file from an earlier job was sent to everyone whom its mark doesn't name. An attempt that was killed
 * could not write that, so a re-run sends a file that is certainly missing from a group's space.
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
function queueTo(recipient: Recipient, uploads: readonly Promise<FileResult>[]): Promise<Sending>[] {
  const { kind, id, given, space, send } = recipient
  const to: SentTo = { kind, id, given }
  /** A recipient that rejected one file would reject the next too. */
  let rejection: DingTalkError | undefined
  const sendIfDue = async ({ file, uploaded }: FileResult): Promise<Sending> => {
    const task = uploaded ? taskFor(uploaded, recipient) : 'nothing'
    if (!uploaded || task === 'nothing') return { to, outcome: 'nothing' }
    const name = shownName({ file })
    try {
      const isThere = task === 'send' ? 'no' : ((await space?.has(uploaded)) ?? 'unknown')
      if (isThere === 'yes') return { to, outcome: 'was-sent' }
      if (task === 'send-if-missing' && isThere === 'unknown') return { to, outcome: 'nothing' }
      if (task === 'look') {
        const consequence = {
          en: `${name} was not sent to ${given} again.`,
          zh: `没有再次将 ${name} 发送到 ${given}。`,
        }
        const warning: Failure = { stage: 'send', consequence, error: MAYBE_SENT_BEFORE, to: [to] }
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
      const failure: Failure = { stage: 'send', consequence, error, to: [to] }
      return { to, outcome: isOpen ? 'in-doubt' : 'unsent', failure }
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  return uploads.map((upload) => {
    const sending = last.then(() => upload).then(sendIfDue)
    last = sending
    return sending
  })
}
