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

/** The punctuation of base64, base64url, and URLs; and all that a header can have, which is all that an opaque value promises. */
const PUNCTUATION = { app: '-_', token: '+/=-_.~%&<>\'"' } as const

/**
 * A secret: random letters and digits, with each character of its punctuation somewhere in the middle of both halves, so that
 * a client that encodes it before it masks it fails.
 */
export function secret(count: number, punctuation: keyof typeof PUNCTUATION): string {
  const half = Math.ceil(count / 2)
  const characters = () => {
    const special = PUNCTUATION[punctuation]
    const rest = opaque(half - special.length)
    return rest.slice(0, 4) + special + rest.slice(4)
  }
  return (characters() + characters()).slice(0, count)
}

export function requestId(): string {
  return randomUUID().toUpperCase()
}
