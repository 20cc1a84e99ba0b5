import type { Space } from '../drive/drive.ts'
import { hex, openConversationId } from '../http/identifiers.ts'

/** What reached a conversation or a user. */
export interface Message {
  /** Open conversation id of a group, or union id of a user. */
  to: string
  kind: 'file' | 'link' | 'markdown'
  /** Union id of the operator, the robot's code, `app` for the app itself, or `custom robot`. */
  by: string
  /** The file that was sent. */
  dentryId?: string
  /** The copy of it that a `file` message makes in the conversation's space. */
  copyId?: string
  name?: string
  title?: string
  text?: string
  /** Whom a custom robot's message mentions, as it came. */
  at?: unknown
}

export interface Group {
  readonly chatId: string
  readonly openConversationId: string
  readonly space: Space
  /** Union ids. */
  readonly members: ReadonlySet<string>
  /** Whether the app may see the group's owner: otherwise its chat id cannot be converted. */
  readonly ownerVisible: boolean
  /** Whether the app's robot is in the group. */
  readonly hasRobot: boolean
}

/** A custom robot of a group, called by webhook. */
export interface CustomRobot {
  readonly accessToken: string
  readonly group: Group
  /** Calls must be signed with this. */
  readonly secret?: string
  /** A message must hold this. */
  readonly keyword?: string
  /** When it spoke, in ms since the epoch. */
  readonly spoke: number[]
}

export class Chats {
  readonly messages: Message[] = []
  readonly #groups: Group[] = []
  readonly #robots: CustomRobot[] = []

  addGroup(space: Space, members: readonly string[], { ownerVisible = true, hasRobot = true } = {}): Group {
    const group = {
      chatId: `chat${hex(32)}`,
      openConversationId: openConversationId(),
      space,
      members: new Set(members),
      ownerVisible,
      hasRobot,
    }
    this.#groups.push(group)
    return group
  }

  addCustomRobot(group: Group, security: { secret: string } | { keyword: string }): CustomRobot {
    const robot = { accessToken: hex(64), group, spoke: [], ...security }
    this.#robots.push(robot)
    return robot
  }

  byChatId(chatId: string): Group | undefined {
    return this.#groups.find((group) => group.chatId === chatId)
  }

  byOpenConversationId(id: string): Group | undefined {
    return this.#groups.find((group) => group.openConversationId === id)
  }

  customRobot(accessToken: string | null): CustomRobot | undefined {
    return this.#robots.find((robot) => robot.accessToken === accessToken)
  }
}
