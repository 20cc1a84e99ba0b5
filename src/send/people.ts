import type { Failure, Operator } from '../domain.ts'
import { findRecipients, type GivenRecipients, type Recipient, type SendContext } from './recipients.ts'

/** Who uploads and sends, and to whom, as the inputs name them. */
export interface GivenPeople extends GivenRecipients {
  readonly operator: Operator
}

/** The same people, as the platform knows them. */
export interface People {
  /** The operator's. */
  readonly unionId: string
  readonly recipients: readonly Recipient[]
}

/**
 * Looks up the operator and the recipients side by side. Waits for both, so that both refusals are reported.
 *
 * @param failures gets one for each recipient that is not found
 * @throws DingTalkError if the operator is not found
 */
export async function findPeople(
  { operator, ...given }: GivenPeople,
  context: SendContext,
  failures: Failure[],
): Promise<People> {
  const unionId =
    operator.kind === 'union-id'
      ? Promise.resolve(operator.unionId)
      : context.dingtalk.unionId(operator.userId)
  const recipients = findRecipients(given, unionId, context, (id, error) => {
    const consequence = { en: `Nothing was sent to ${id}.`, zh: `没有向 ${id} 发送任何内容。` }
    const input = given.chats.includes(id) ? 'chat-id' : 'to-user-ids'
    failures.push({ consequence, error, about: { input, value: id } })
  })
  await Promise.allSettled([unionId, recipients])
  return { unionId: await unionId, recipients: await recipients }
}
