import type { DingTalk } from '../dingtalk/client.ts'

/** A group. */
export interface Chat {
  /** The id as it was given: what people are shown. */
  readonly given: string
  /** Its open conversation id. */
  readonly id: string
}

/**
 * The groups as the platform knows them, looked up side by side; each once.
 *
 * @param given chat ids (`chat…`) and open conversation ids (`cid…`)
 * @param notFound told of each that is not found, and why
 */
export async function findChats(
  given: readonly string[],
  dingtalk: DingTalk,
  notFound: (given: string, error: unknown) => void,
): Promise<readonly Chat[]> {
  const lookups = await Promise.allSettled(given.map((id) => openConversationId(id, dingtalk)))
  const found = new Map<string, Chat>()
  for (const [index, lookup] of lookups.entries()) {
    const name = given[index] ?? ''
    if (lookup.status === 'rejected') notFound(name, lookup.reason)
    else found.set(lookup.value, { given: name, id: lookup.value })
  }
  return [...found.values()]
}

/** The open conversation id of a group; one that is given needs no call. @throws DingTalkError */
export async function openConversationId(given: string, dingtalk: DingTalk): Promise<string> {
  return given.startsWith('cid') ? given : dingtalk.openConversationId(given)
}
