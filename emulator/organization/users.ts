import { opaque } from '../http/identifiers.ts'

/** A member of the organization. */
export interface User {
  readonly userId: string
  readonly unionId: string
  readonly name: string
  /** Whether the user is in the app's visible range. */
  readonly visible: boolean
  /** Whether the user has signed in to DingTalk. */
  readonly active: boolean
}

export class Users {
  readonly #users: User[] = []

  add(userId: string, name: string, { visible = true, active = true } = {}): User {
    const user = { userId, unionId: `${opaque(18)}iEiE`, name, visible, active }
    this.#users.push(user)
    return user
  }

  byUserId(userId: string): User | undefined {
    return this.#users.find((user) => user.userId === userId)
  }

  byUnionId(unionId: string): User | undefined {
    return this.#users.find((user) => user.unionId === unionId)
  }
}
