import type { DingTalk } from '../dingtalk/client.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import type { SendAs } from '../domain.ts'
import type { Environment } from '../http/environment.ts'
import type { Text } from '../http/text.ts'
import { openConversationId } from './chats.ts'
import { GroupSpace } from './group-space.ts'

/** What sending needs. */
export interface SendContext {
  readonly dingtalk: DingTalk
  readonly environment: Environment
  readonly log: (line: Text) => void
}

/** A group or a person to send files to. */
export interface Recipient {
  readonly kind: 'chat' | 'user'
  /** The id as it was given. */
  readonly given: string
  /** As the outputs tell it: the open conversation id of a group, the user id of a person. */
  readonly id: string
  /** Sends a file of the drive: a new message each time. @throws DingTalkError */
  send(dentry: Dentry): Promise<void>
  /** The group's own space, where a lost send can be looked up: not that of a link, nor one to people, who have none. */
  readonly space?: GroupSpace
}

/** To whom files are sent, and how. */
export interface GivenRecipients {
  /** Chat ids (`chat…`) and open conversation ids (`cid…`). */
  readonly chats: readonly string[]
  /** User ids. */
  readonly users: readonly string[]
  readonly sendAs: SendAs
}

/**
 * The recipients as the platform knows them, looked up side by side; one that is not found does not stop the others.
 *
 * @param operator union id of the one who sends to the groups; people get files from the app itself
 * @param notFound told of each that nothing can be sent to, and why
 */
export async function findRecipients(
  { chats, users, sendAs }: GivenRecipients,
  operator: Promise<string>,
  { dingtalk, environment, log }: SendContext,
  notFound: (given: string, error: unknown) => void,
): Promise<readonly Recipient[]> {
  const chat = async (given: string): Promise<Recipient> => {
    const id = await openConversationId(given, dingtalk)
    if (sendAs === 'link') {
      const send = async (dentry: Dentry) => dingtalk.sendLink(dentry, await operator, id)
      return { kind: 'chat', given, id, send }
    }
    const space = new GroupSpace(id, operator, dingtalk, environment, log)
    const send = async (dentry: Dentry) => {
      const copyId = await dingtalk.send(dentry, await operator, id)
      if (copyId !== undefined) space.sent(copyId)
    }
    return { kind: 'chat', given, id, send, space }
  }
  const user = async (given: string): Promise<Recipient> => {
    const unionId = await dingtalk.unionId(given)
    return { kind: 'user', given, id: given, send: (dentry) => dingtalk.sendToUser(dentry, unionId) }
  }
  const found = new Map<string, Recipient>()
  const given = [...chats, ...users]
  const lookups = await Promise.allSettled([...chats.map(chat), ...users.map(user)])
  for (const [index, lookup] of lookups.entries()) {
    // A group may be given by both of its ids: it gets everything once all the same.
    if (lookup.status === 'fulfilled') found.set(`${lookup.value.kind} ${lookup.value.id}`, lookup.value)
    else notFound(given[index] ?? '', lookup.reason)
  }
  return [...found.values()]
}
