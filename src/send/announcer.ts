import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import { type FileResult, shownName, type Uploaded } from '../domain.ts'
import type { Text } from '../http/text.ts'
import type { Recipient } from './recipients.ts'

/** Sends files to groups and people: each file once to each of them, whatever else fails. */
export class Announcer {
  readonly #recipients: readonly Recipient[]
  /** Recipients that refused: they would refuse the next file too, and every call costs quota. */
  readonly #refusals = new Map<Recipient, DingTalkError>()

  constructor(recipients: readonly Recipient[]) {
    this.#recipients = recipients
  }

  /** Sends a file to every recipient, unless it was there before, or is not there. Fills in its result: who has it, and who may not. */
  async announce(result: FileResult): Promise<void> {
    const { uploaded } = result
    if (!uploaded?.isNew) return
    for (const recipient of this.#recipients) {
      try {
        const refusal = this.#refusals.get(recipient)
        if (refusal) throw refusal
        await sendOnce(uploaded, recipient)
        const { kind, id, given } = recipient
        result.sentTo.push({ kind, id, given })
      } catch (error) {
        if (error instanceof DingTalkError && error.remedy === 'stop') this.#refusals.set(recipient, error)
        const told = isInDoubt(error) ? mayBeSent : notSent
        result.failures.push({ consequence: told(shownName({ file: result.file }), recipient.given), error })
      }
    }
  }
}

/** Sends a file unless an earlier attempt of the job is known to have. @throws DingTalkError unless it is known to have arrived */
async function sendOnce(uploaded: Uploaded, recipient: Recipient): Promise<void> {
  const { space } = recipient
  if (uploaded.fromEarlierAttempt && (await space?.holds(uploaded))) return
  try {
    await recipient.send(uploaded.dentry)
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
