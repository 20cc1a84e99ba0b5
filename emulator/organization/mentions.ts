import type { Group } from './chats.ts'
import type { User, Users } from './users.ts'

/** The mentions that a message of a custom robot asks for. */
export interface Mentions {
  readonly userIds: readonly string[]
  readonly mobiles: readonly string[]
  readonly everyone: boolean
}

/**
 * Mentions members of a group, as its page says: the text must contain `@` and the user ID or mobile number of each. Somebody
 * who is not in the group is not mentioned, and their number is not shown in full.
 *
 * @returns the text as it is shown, and the user IDs of those who are notified
 */
export function mention(
  text: string,
  { userIds, mobiles, everyone }: Mentions,
  group: Group,
  users: Users,
): { text: string; mentions: string[] } {
  const members = [...group.members].map((unionId) => users.byUnionId(unionId)).filter((user) => user != null)
  const notified = new Set<User>(everyone ? members : [])
  let shown = text
  for (const [ids, property] of [
    [userIds, 'userId'],
    [mobiles, 'mobile'],
  ] as const) {
    for (const id of ids) {
      const member = members.find((user) => user[property] === id)
      if (member && contains(text, id)) notified.add(member)
      if (!member && property === 'mobile') shown = shown.replaceAll(`@${id}`, `@${masked(id)}`)
    }
  }
  return { text: shown, mentions: [...notified].map(({ userId }) => userId) }
}

/** Whether a text contains `@id`, and not only the beginning of a longer ID. */
function contains(text: string, id: string): boolean {
  return text.split(`@${id}`).some((rest, index) => index > 0 && !/^\w/.test(rest))
}

function masked(mobile: string): string {
  return mobile.replace(/\d{4}(?=\d{4}$)/, '****')
}
