import type { Chats } from './chats.ts'
import type { Drive } from '../drive/drive.ts'
import type { Oss } from '../oss/oss.ts'
import type { Scopes } from './scopes.ts'
import type { AccessTokens } from './tokens.ts'
import type { Uploads } from '../oss/uploads.ts'
import type { Users } from './users.ts'

/** What both gateways speak for. */
export interface Platform {
  readonly appKey: string
  readonly appSecret: string
  readonly robotCode: string
  /** ms since the epoch */
  readonly clock: () => number
  readonly usedUploadKey: 'refuse' | 'second-file'
  readonly v1Commit: 'open' | 'closed'
  readonly tokens: AccessTokens
  readonly scopes: Scopes
  readonly users: Users
  readonly drive: Drive
  readonly uploads: Uploads
  readonly oss: Oss
  readonly chats: Chats
}
