import { createHash, randomBytes } from 'node:crypto'
import type { Dentry } from './schema.ts'

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
  /** The version that the file gets, if that is known. */
  readonly version?: number | undefined
}

/** Whom a file was not sent to: their keys (see {@link recipientKey}), or {@link EVERYONE} alone. */
export interface Undelivered {
  /** Certainly not sent to them. */
  readonly unsent: readonly string[]
  /** May or may not have been sent to them. */
  readonly inDoubt: readonly string[]
}

/** What can be read of the mark on a file. Parts may be missing: it is not documented what the platform keeps. */
export interface Mark {
  /** More than one if several apps have marked the file. */
  readonly nonces: readonly string[]
  /** Absent if there is none, or if there are two. */
  readonly source?: string
  /** Lower-case hex. Absent if there is none, or if there are two. */
  readonly md5?: string
  /** The version that the mark was written on; absent if it does not say. */
  readonly version?: number
  /** The {@link modifierKey} of the file's modifier since a record was written; absent if that is the operator. */
  readonly modifier?: string
  /** Absent if the file was sent to all recipients, as far as the mark says. */
  readonly undelivered?: Undelivered
}

/** Stands for all recipients. */
export const EVERYONE = '*'
/** How many recipients a mark names: it is not documented how long a property may be. */
export const MAX_KEYS = 10

/** Names of the properties, of which an app may put three on a file. */
const NAMES = { nonce: 'utd-nonce', source: 'utd-source', md5: 'utd-md5' } as const

const HEX = /^[0-9a-f]{32}$/
const KEYS = `\\*|[0-9a-f]{8}(?:,[0-9a-f]{8}){0,${MAX_KEYS - 1}}`
/** The MD5, the version that the file was to get, its modifier, whom it was not sent to (`!`), and whom it may not have been sent to (`?`). */
const MD5 = new RegExp(`^([0-9a-f]{32})(?:@(\\d{1,9}))?(?:~([0-9a-f]{8}))?(?:!(${KEYS}))?(?:\\?(${KEYS}))?$`)
const SOURCE = /^[\x21-\x7e]{1,100}$/

/** How much of an answer is looked at: owners, and properties of each. The page allows three properties an app. */
const MAX_OWNERS = 50
const MAX_PROPERTIES = 20

/** A nonce for one upload. All of its commits carry the same one. */
export function newNonce(): string {
  return randomBytes(16).toString('hex')
}

/** The properties that make a mark. Only this app can read them. */
export function markProperties({ nonce, source, md5, version }: NewMark): readonly AppProperty[] {
  const values = { nonce, source, md5: version === undefined ? md5 : `${md5}@${version}` }
  return Object.entries(NAMES).flatMap(([key, name]) => {
    const value = values[key as keyof typeof NAMES]
    return value === undefined ? [] : [property(name, value)]
  })
}

function property(name: string, value: string): AppProperty {
  return { name, value, visibility: 'PRIVATE' }
}

/** Names a recipient in a mark: 8 hex digits. */
export function recipientKey(kind: 'chat' | 'user', id: string): string {
  return keyOf(`${kind}:${id}`)
}

/** Names the modifier that a file has since its operator wrote a record on it: 8 hex digits. @param operator union ID */
export function modifierKey(operator: string, modifierId: string): string {
  return keyOf(`${operator}:${modifierId}`)
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/**
 * The property that records whom a file was not sent to. It replaces the one with the MD5, because an app has no fourth. If it
 * were too long, everyone is in doubt.
 *
 * @param md5 of the content
 * @param version that has this content
 * @param modifier the {@link modifierKey} of the file, if the operator is not its modifier
 */
export function deliveryProperty(
  { md5, version, modifier }: Pick<NewMark, 'md5' | 'version'> & { readonly modifier?: string | undefined },
  { unsent, inDoubt }: Undelivered,
): AppProperty {
  const isTooLong = unsent.length + inDoubt.length > MAX_KEYS
  const [no, maybe] = isTooLong ? [[], [EVERYONE]] : [unsent, inDoubt]
  return property(
    NAMES.md5,
    [
      md5,
      version === undefined ? '' : `@${version}`,
      modifier === undefined ? '' : `~${modifier}`,
      no.length === 0 ? '' : `!${no.join(',')}`,
      maybe.length === 0 ? '' : `?${maybe.join(',')}`,
    ].join(''),
  )
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
    if (name === NAMES.md5 && MD5.test(value)) md5s.add(value)
  }
  if (nonces.size + sources.size + md5s.size === 0) return undefined
  const source = only(sources)
  const [, md5, version, modifier, unsent, inDoubt] = MD5.exec(only(md5s) ?? '') ?? []
  const undelivered = { unsent: unsent?.split(',') ?? [], inDoubt: inDoubt?.split(',') ?? [] }
  return {
    nonces: [...nonces],
    ...(source === undefined ? {} : { source }),
    ...(md5 === undefined ? {} : { md5 }),
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(modifier === undefined ? {} : { modifier }),
    ...(unsent === undefined && inDoubt === undefined ? {} : { undelivered }),
  }
}

/**
 * Whom a file was not sent to, by its mark. If the mark may be that of another content, all of them are in doubt: the file may
 * have been sent since.
 *
 * @param operator union ID
 */
export function undeliveredOf(file: Dentry, operator: string): Undelivered | undefined {
  const undelivered = markOf(file)?.undelivered
  if (!undelivered || trustedMark(file, operator)) return undelivered
  return { unsent: [], inDoubt: [...new Set([...undelivered.unsent, ...undelivered.inDoubt])] }
}

/**
 * The mark of a file, if it says what the file contains now. The platform may keep a mark when somebody adds a version or copies
 * the file, so a mark counts only together with what it was written on: this version, which is the operator's own, or whose
 * modifier is the one that the operator's record has seen there.
 *
 * @param operator union ID
 * @returns undefined if anything is missing, or does not fit: then nothing is known of the content
 */
export function trustedMark(
  file: Pick<Dentry, 'appProperties' | 'version' | 'creatorId' | 'modifierId'>,
  operator: string,
): (Mark & { readonly md5: string }) | undefined {
  const mark = markOf(file)
  const { md5, nonces = [], version = 1 } = mark ?? {}
  if (!mark || md5 === undefined || nonces.length !== 1 || file.version !== version) return undefined
  const author = file.modifierId || file.creatorId
  const isOwn = !author || author === operator || mark.modifier === modifierKey(operator, author)
  return isOwn ? { ...mark, md5 } : undefined
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
