import { randomBytes } from 'node:crypto'

/** A property that an app puts on a file. Pages: `submit-documents` (v1), `submittal-file` (v2). */
export interface AppProperty {
  readonly name: string
  readonly value: string
  readonly visibility: 'PUBLIC' | 'PRIVATE'
}

/** What an upload writes on its file. */
export interface NewMark {
  /** 32 hex digits that no other upload has. */
  readonly nonce: string
  /** Which job uploads, in the caller's own words: up to 100 printable ASCII characters. */
  readonly source?: string | undefined
  /** MD5 of the whole file, lower-case hex. */
  readonly md5: string
}

/** What can be read of the mark on a file. Parts may be missing: it is not documented what the platform keeps. */
export interface Mark {
  /** More than one if several apps have marked the file. */
  readonly nonces: readonly string[]
  /** Absent if there is none, or if there are two. */
  readonly source?: string
  /** Lower-case hex. Absent if there is none, or if there are two. */
  readonly md5?: string
}

/** Names of the properties, of which an app may put three on a file. */
const NAMES = { nonce: 'utd-nonce', source: 'utd-source', md5: 'utd-md5' } as const

const HEX = /^[0-9a-f]{32}$/
const SOURCE = /^[\x21-\x7e]{1,100}$/

/** How much of an answer is looked at: owners, and properties of each. The page allows three properties an app. */
const MAX_OWNERS = 50
const MAX_PROPERTIES = 20

/** A nonce for one upload. All of its commits carry the same one. */
export function newNonce(): string {
  return randomBytes(16).toString('hex')
}

/** The properties that make a mark. Only this app can read them. */
export function markProperties({ nonce, source, md5 }: NewMark): readonly AppProperty[] {
  const values = { nonce, source, md5 }
  return Object.entries(NAMES).flatMap(([key, name]) => {
    const value = values[key as keyof typeof NAMES]
    return value === undefined ? [] : [{ name, value, visibility: 'PRIVATE' as const }]
  })
}

/**
 * Reads the mark of a file. The pages show its properties as a list, the SDK as lists by owner; who the owner is, they
 * disagree about, so every owner's are read. Anything else in the answer is ignored.
 *
 * @returns undefined if the file has no mark
 */
export function markOf({ appProperties }: { readonly appProperties?: unknown }): Mark | undefined {
  const nonces = new Set<string>()
  const sources = new Set<string>()
  const md5s = new Set<string>()
  for (const { name, value } of propertiesIn(appProperties)) {
    if (name === NAMES.nonce && HEX.test(value)) nonces.add(value)
    if (name === NAMES.source && SOURCE.test(value)) sources.add(value)
    if (name === NAMES.md5 && HEX.test(value)) md5s.add(value)
  }
  if (nonces.size + sources.size + md5s.size === 0) return undefined
  const [source, md5] = [only(sources), only(md5s)]
  return {
    nonces: [...nonces],
    ...(source === undefined ? {} : { source }),
    ...(md5 === undefined ? {} : { md5 }),
  }
}

/** Whether the upload with this nonce made the file. */
export function carries(file: { readonly appProperties?: unknown }, nonce: string): boolean {
  return markOf(file)?.nonces.includes(nonce) ?? false
}

/** Whether the file has a mark, and it is that of another upload. */
export function carriesAnother(file: { readonly appProperties?: unknown }, nonce: string): boolean {
  const nonces = markOf(file)?.nonces ?? []
  return nonces.length > 0 && !nonces.includes(nonce)
}

function* propertiesIn(given: unknown): Generator<{ name: string; value: string }> {
  if (typeof given !== 'object' || given === null) return
  const lists: unknown[] = Array.isArray(given) ? [given] : Object.values(given).slice(0, MAX_OWNERS)
  for (const list of lists) {
    if (!Array.isArray(list)) continue
    for (const property of list.slice(0, MAX_PROPERTIES) as unknown[]) {
      if (typeof property !== 'object' || property === null) continue
      const { name, value } = property as { name?: unknown; value?: unknown }
      if (typeof name === 'string' && typeof value === 'string') yield { name, value }
    }
  }
}

function only(values: ReadonlySet<string>): string | undefined {
  return values.size === 1 ? values.values().next().value : undefined
}
