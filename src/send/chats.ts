import type { DingTalk } from '../dingtalk/client.ts'
import type { Failure } from '../domain.ts'
import type { Text } from '../http/text.ts'

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
 * @param failures gets one for each that is not found
 */
export async function findChats(
  given: readonly string[],
  dingtalk: DingTalk,
  failures: Failure[],
): Promise<readonly Chat[]> {
  const lookups = await Promise.allSettled(given.map((id) => openConversationId(id, dingtalk)))
  const found = new Map<string, Chat>()
  for (const [index, lookup] of lookups.entries()) {
    const name = given[index] ?? ''
    if (lookup.status === 'fulfilled') found.set(lookup.value, { given: name, id: lookup.value })
    else {
      const about = { input: 'chat-id', value: name }
      failures.push({ consequence: notPosted(groupText(name)), error: lookup.reason, about })
    }
  }
  return [...found.values()]
}

/** A group, by the id that people know. */
export function groupText(given: string): Text {
  return { en: `group ${given}`, zh: `群 ${given}` }
}

/** @param where a group, as people know it */
export function notPosted({ en, zh }: Text): Text {
  return { en: `The message was not posted to ${en}.`, zh: `消息未发送到${zh}。` }
}

/** The open conversation id of a group; one that is given needs no call. @throws DingTalkError */
export async function openConversationId(given: string, dingtalk: DingTalk): Promise<string> {
  return given.startsWith('cid') ? given : dingtalk.openConversationId(given)
}
