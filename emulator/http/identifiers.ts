import { randomBytes, randomInt, randomUUID } from 'node:crypto'

let last = 10n ** 19n + BigInt(randomInt(2 ** 47))

/** A dentry or space id: digits, beyond what a JavaScript number holds exactly, and never given twice. */
export function digits(): string {
  last += BigInt(randomInt(1, 1_000_000))
  return String(last)
}

/** So many random characters that a URL takes as they are. */
export function characters(count: number): string {
  return randomBytes(count).toString('base64url').slice(0, count)
}

export function hex(count: number): string {
  return randomBytes(count).toString('hex').slice(0, count)
}

/** An open conversation id holds `+`, `/` and `=`: whoever forgets to encode it finds out. */
export function openConversationId(): string {
  return `cid${hex(8)}+${hex(7)}/${hex(5)}==`
}

/** An access token, a union id and an upload key are letters and digits without any meaning to see. */
export function opaque(count: number): string {
  return characters(count * 2)
    .replaceAll(/[-_]/g, '')
    .slice(0, count)
    .padEnd(count, '0')
}

export function requestId(): string {
  return randomUUID().toUpperCase()
}
