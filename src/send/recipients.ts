import type { DingTalk } from '../dingtalk/client.ts'
import type { Dentry } from '../dingtalk/responses/schema.ts'

/** A group or a person to send files to. */
export interface Recipient {
  readonly kind: 'chat' | 'user'
  /** The id as it was given. */
  readonly given: string
  /** As the outputs tell it: the open conversation id of a group, the user id of a person. */
  readonly id: string
  /** Sends a file of the drive: a new message each time. @throws DingTalkError */
  send(dentry: Dentry): Promise<void>
}

/**
 * The recipients as the platform knows them, looked up side by side; one that is not found does not stop the others.
 *
 * @param chats chat ids (`chat…`) and open conversation ids (`cid…`)
 * @param users user ids
 * @param operator union id of the one who sends to the groups; people get files from the app itself
 * @param notFound told of each that nothing can be sent to, and why
 */
export async function findRecipients(
  chats: readonly string[],
  users: readonly string[],
  operator: Promise<string>,
  dingtalk: DingTalk,
  notFound: (given: string, error: unknown) => void,
): Promise<readonly Recipient[]> {
  const chat = async (given: string): Promise<Recipient> => {
    const id = given.startsWith('cid') ? given : await dingtalk.openConversationId(given)
    return { kind: 'chat', given, id, send: async (dentry) => dingtalk.send(dentry, await operator, id) }
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
