import type { Space } from '../drive/drive.ts'
import { hex, openConversationId, secret } from '../http/identifiers.ts'

/** A message delivered to a group or user. */
export interface Message {
  /** Open conversation ID of a group, or union ID of a user. */
  to: string
  kind: 'file' | 'link' | 'markdown' | 'actionCard' | 'image'
  /** ms since the epoch */
  time: number
  /** The sender: union ID of the operator, the robot's code, `app` for the app itself, or `custom robot`. */
  by: string
  /** The file that was sent. */
  dentryId?: string
  /** The copy that a `file` message creates in the conversation's space. */
  copyId?: string
  name?: string
  /** The size of the file, in bytes. */
  size?: number
  title?: string
  text?: string
  /** Of an action card. */
  buttons?: readonly Button[]
  /** Of a picture: its media ID, or its address. */
  photoURL?: string
  /** User IDs of the members whom a custom robot's message notifies. */
  mentions?: readonly string[]
}

/** A button of an action card. */
export interface Button {
  title: string
  url: string
}

export interface Group {
  readonly name: string
  readonly chatId: string
  readonly openConversationId: string
  readonly space: Space
  /** Union IDs. */
  readonly members: ReadonlySet<string>
  /** Whether the group's owner is in the app's visible range. If not, the chat ID cannot be converted. */
  readonly ownerVisible: boolean
  /** Whether the app's robot is in the group. */
  readonly hasRobot: boolean
}

/** A custom robot of a group. It is called by webhook. */
export interface CustomRobot {
  readonly accessToken: string
  readonly group: Group
  /** Calls must be signed with this. */
  readonly secret?: string
  /** A message must contain this. */
  readonly keyword?: string
  /** When it sent messages, in ms since the epoch. */
  readonly sentTimes: number[]
  /** The `msgUuid` of each message that had one. A message with the same one is not sent again. */
  readonly msgUuids: Set<string>
}

export class Chats {
  readonly messages: Message[] = []
  readonly #clock: () => number
  readonly #groups: Group[] = []
  readonly #robots: CustomRobot[] = []
  /** By the user's union ID. */
  readonly #conversations = new Map<string, string>()

  /** @param clock ms since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  deliver(message: Omit<Message, 'time'>): void {
    this.messages.push({ ...message, time: this.#clock() })
  }

  addGroup(group: Omit<Group, 'chatId' | 'openConversationId'>): Group {
    const added = { ...group, chatId: `chat${hex(32)}`, openConversationId: openConversationId() }
    this.#groups.push(added)
    return added
  }

  addCustomRobot(group: Group, security: { secret: string } | { keyword: string }): CustomRobot {
    const accessToken = secret(64, 'token')
    const robot = { accessToken, group, sentTimes: [], msgUuids: new Set<string>(), ...security }
    this.#robots.push(robot)
    return robot
  }

  /** The open conversation ID of the app's conversation with a user. @param unionId of the user */
  conversationWith(unionId: string): string {
    const id = this.#conversations.get(unionId) ?? openConversationId()
    this.#conversations.set(unionId, id)
    return id
  }

  get groups(): readonly Group[] {
    return this.#groups
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
