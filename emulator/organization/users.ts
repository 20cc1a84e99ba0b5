import { opaque } from '../http/identifiers.ts'

/** The last eight digits of the first user's mobile number. */
const MOBILES = 20_000_001

/** A member of the organization. */
export interface User {
  readonly userId: string
  readonly unionId: string
  readonly name: string
  readonly mobile: string
  /** Whether the user is in the app's visible range. */
  readonly visible: boolean
  /** Whether the user has signed in to DingTalk. */
  readonly active: boolean
  /** Why the app's robot can't send messages to the user. */
  readonly robot?: 'throttled' | 'blocked'
}

export class Users {
  readonly #users: User[] = []

  add(userId: string, name: string, { visible = true, active = true, ...more }: Partial<User> = {}): User {
    const mobile = `138${String(MOBILES + this.#users.length)}`
    const user = { userId, unionId: `${opaque(18)}iEiE`, name, mobile, visible, active, ...more }
    this.#users.push(user)
    return user
  }

  get all(): readonly User[] {
    return this.#users
  }

  byUserId(userId: string): User | undefined {
    return this.#users.find((user) => user.userId === userId)
  }

  byUnionId(unionId: string): User | undefined {
    return this.#users.find((user) => user.unionId === unionId)
  }
}
