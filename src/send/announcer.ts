import { DingTalkError } from '../dingtalk/errors.ts'
import type { Dentry } from '../dingtalk/responses/schema.ts'
import type { Recipient } from './recipients.ts'

/** Sends files to groups and people: each file once to each of them, whatever else fails. */
export class Announcer {
  readonly #recipients: readonly Recipient[]
  /** Those that refused: they would refuse the next file too, and every call costs quota. */
  readonly #refusals = new Map<Recipient, DingTalkError>()

  constructor(recipients: readonly Recipient[]) {
    this.#recipients = recipients
  }

  /**
   * Sends a file to every recipient.
   *
   * @param sent told of each that has it now
   * @param failed told of each that may not have it, and why: the platform's refusal, or the job's end
   */
  async announce(
    dentry: Dentry,
    sent: (recipient: Recipient) => void,
    failed: (recipient: Recipient, error: unknown) => void,
  ): Promise<void> {
    for (const recipient of this.#recipients) {
      try {
        const refusal = this.#refusals.get(recipient)
        if (refusal) throw refusal
        await recipient.send(dentry)
        sent(recipient)
      } catch (error) {
        if (error instanceof DingTalkError && error.remedy === 'stop') {
          this.#refusals.set(recipient, error)
        }
        failed(recipient, error)
      }
    }
  }
}
