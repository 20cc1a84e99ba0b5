import { randomBytes, randomInt, randomUUID } from 'node:crypto'

let lastId = 10n ** 19n + BigInt(randomInt(2 ** 47))

/** A unique dentry or space ID: digits, too many for a JavaScript number. */
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

/** Contains `+`, `/`, and `=`, which a client must encode. */
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

/** The characters of base64, base64url, and URLs, and for tokens all others that a header can contain. */
const PUNCTUATION = { app: '-_', token: '+/=-_.~%&<>\'"' } as const

/** A secret: random letters and digits. Both halves contain all punctuation, so a client that masks an encoded form fails. */
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
