import { Drive } from '../drive/drive.ts'
import { hex, numericId, opaque, secret } from '../http/identifiers.ts'
import type { Modes } from '../modes.ts'
import { Oss, type OssOptions } from '../oss/oss.ts'
import { Uploads } from '../oss/uploads.ts'
import { Chats } from './chats.ts'
import { Media } from './media.ts'
import { Scopes } from './scopes.ts'
import { AccessTokens } from './tokens.ts'
import { Users } from './users.ts'

/** The state that both gateways share: the app, the organization, and its drive and chats. */
export interface Platform extends Modes {
  readonly appKey: string
  readonly appSecret: string
  /** The organization. */
  readonly corpId: string
  /** The owner of the app's properties on files. */
  readonly appId: string
  readonly robotCode: string
  /** ms since the epoch */
  readonly clock: () => number
  readonly tokens: AccessTokens
  readonly scopes: Scopes
  readonly users: Users
  readonly drive: Drive
  readonly uploads: Uploads
  readonly oss: Oss
  readonly chats: Chats
  readonly media: Media
}

export interface PlatformOptions extends Modes {
  readonly clock: () => number
  /** seconds */
  readonly accessTokenLifetime: number
  /** ms that the storage's clock is ahead of `clock`. */
  readonly storageClockSkew: number
  readonly oss: Omit<OssOptions, 'clock' | 'uploads'>
}

/** A platform with a new app and an empty organization. */
export function createPlatform({
  accessTokenLifetime,
  storageClockSkew,
  oss,
  ...options
}: PlatformOptions): Platform {
  const { clock, timeFormat, nameCase, newPermissions } = options
  const uploads = new Uploads()
  const scopes = new Scopes(newPermissions)
  return {
    ...options,
    appKey: `ding${opaque(16).toLowerCase()}`,
    appSecret: secret(64, 'app'),
    corpId: `ding${hex(32)}`,
    appId: numericId(),
    robotCode: `ding${opaque(16).toLowerCase()}`,
    tokens: new AccessTokens(clock, accessTokenLifetime, () => {
      scopes.tokenIssued()
    }),
    scopes,
    users: new Users(),
    drive: new Drive(() => clock() + storageClockSkew, timeFormat, nameCase),
    uploads,
    oss: new Oss({ ...oss, clock, uploads }),
    chats: new Chats(clock),
    media: new Media(),
  }
}
