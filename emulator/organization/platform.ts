import { Drive } from '../drive/drive.ts'
import { hex, numericId, opaque, secret } from '../http/identifiers.ts'
import type { Settings } from '../modes.ts'
import { Oss } from '../oss/oss.ts'
import { Uploads } from '../oss/uploads.ts'
import { Chats } from './chats.ts'
import { Media } from './media.ts'
import { Scopes } from './scopes.ts'
import { AccessTokens } from './tokens.ts'
import { Users } from './users.ts'

export type Platform = ReturnType<typeof createPlatform>

/**
 * A platform with a new app and an empty organization: the state that both gateways share.
 *
 * @param clock ms since the epoch
 * @param storageOrigins the origins of OSS; filled once it listens
 */
export function createPlatform(settings: Settings, clock: () => number, storageOrigins: readonly string[]) {
  const uploads = new Uploads()
  const scopes = new Scopes(settings.newPermissions)
  return {
    ...settings,
    clock,
    appKey: `ding${opaque(16).toLowerCase()}`,
    appSecret: secret(64, 'app'),
    /** The organization. */
    corpId: `ding${hex(32)}`,
    /** The owner of the app's properties on files. */
    appId: numericId(),
    robotCode: `ding${opaque(16).toLowerCase()}`,
    tokens: new AccessTokens(clock, settings.accessTokenLifetime, () => {
      scopes.tokenIssued()
    }),
    scopes,
    users: new Users(),
    drive: new Drive(() => clock() + settings.storageClockSkew, settings),
    uploads,
    oss: new Oss({ ...settings, clock, uploads, origins: storageOrigins }),
    chats: new Chats(clock),
    media: new Media(),
  }
}
