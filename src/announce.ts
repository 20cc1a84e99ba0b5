import type { DingTalk } from './dingtalk/client.ts'
import { DingTalkError } from './dingtalk/failure.ts'
import type { Dentry } from './dingtalk/schema.ts'

/** A group to send to: the id as it was given, and the open conversation id that it stands for. */
export interface Chat {
  given: string
  openConversationId: string
}

/** Sends files to groups: each file once to each group, whatever else fails. */
export class Announcer {
  readonly #dingtalk: DingTalk
  readonly #unionId: string
  readonly #chats: readonly Chat[]
  /** Groups that refused: they would refuse the next file too, and every call costs quota. */
  readonly #refusals = new Map<Chat, DingTalkError>()

  constructor(dingtalk: DingTalk, unionId: string, chats: readonly Chat[]) {
    this.#dingtalk = dingtalk
    this.#unionId = unionId
    this.#chats = chats
  }

  /**
   * Sends a file to every group.
   *
   * @param sent told of each group that has it now
   * @param failed told of each group that may not have it, and why: the platform's refusal, or the job's end
   */
  async announce(
    dentry: Dentry,
    sent: (chat: Chat) => void,
    failed: (chat: Chat, error: unknown) => void,
  ): Promise<void> {
    for (const chat of this.#chats) {
      try {
        const refusal = this.#refusals.get(chat)
        if (refusal) throw refusal
        await this.#dingtalk.send(dentry, this.#unionId, chat.openConversationId)
        sent(chat)
      } catch (error) {
        if (error instanceof DingTalkError && error.remedy === 'stop') {
          this.#refusals.set(chat, error)
        }
        failed(chat, error)
      }
    }
  }
}
