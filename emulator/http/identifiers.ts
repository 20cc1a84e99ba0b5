import { randomBytes, randomInt, randomUUID } from 'node:crypto'

let lastId = 10n ** 19n + BigInt(randomInt(2 ** 47))

/** A unique dentry or space ID: digits, too large for a JavaScript number to represent exactly. */
export function numericId(): string {
  lastId += BigInt(randomInt(1, 1_000_000))
  return String(lastId)
}

/** Random characters that need no encoding in a URL. */
export function characters(count: number): string {
  return randomBytes(count).toString('base64url').slice(0, count)
}

export function hex(count: number): string {
  return randomBytes(count).toString('hex').slice(0, count)
}

/** Contains `+`, `/` and `=`, so that a client that does not encode it fails. */
export function openConversationId(): string {
  return `cid${hex(8)}+${hex(7)}/${hex(5)}==`
}

/** Random letters and digits, as in access tokens, union IDs and upload keys. */
export function opaque(count: number): string {
  return characters(count * 2)
    .replaceAll(/[-_]/g, '')
    .slice(0, count)
    .padEnd(count, '0')
}

export function requestId(): string {
  return randomUUID().toUpperCase()
}
