import { createHash, randomBytes } from 'node:crypto'
import * as v from 'valibot'
import type { Dentry } from './schema.ts'

/** A property that an app sets on a file. Pages: `submit-documents` (v1), `submittal-file` (v2). */
export interface AppProperty {
  readonly name: string
  readonly value: string
  readonly visibility: 'PUBLIC' | 'PRIVATE'
}

/** The mark that an upload writes on its file. */
export interface NewMark {
  /** 32 hex digits, unique for each upload. */
  readonly nonce: string
  /** Identifies the job: up to 100 printable ASCII characters. */
  readonly source?: string | undefined
  /** MD5 of the whole file, lower-case hex. */
  readonly md5: string
  /** The version that the file gets, if known. */
  readonly version?: number | undefined
}

/** The recipients who did not get a file: their keys (see {@link recipientKey}), or only {@link EVERYONE}. */
export interface Undelivered {
  readonly unsent: readonly string[]
  /** It is unknown whether the file was sent to them. */
  readonly inDoubt: readonly string[]
}

/** The mark on a file, as far as it can be read. Any part may be missing, because the platform may not keep it. */
export type Mark = NonNullable<ReturnType<typeof markOf>>

/** Stands for all recipients. */
export const EVERYONE = '*'
/** The maximum number of recipients in a mark. The maximum length of a property is not documented. */
export const MAX_KEYS = 10

/** The names of the properties. An app can set three on a file. */
const NAMES = { nonce: 'utd-nonce', source: 'utd-source', md5: 'utd-md5' } as const

const HEX = /^[0-9a-f]{32}$/
const KEYS = `\\*|[0-9a-f]{8}(?:,[0-9a-f]{8}){0,${MAX_KEYS - 1}}`
/** The MD5, then the version (`@`), the modifier (`~`), the recipients who did not get the file (`!`), and those in doubt (`?`). */
const MD5 = new RegExp(`^([0-9a-f]{32})(?:@(\\d{1,9}))?(?:~([0-9a-f]{8}))?(?:!(${KEYS}))?(?:\\?(${KEYS}))?$`)
const SOURCE = /^[\x21-\x7e]{1,100}$/

/** A nonce for one upload, which all of its commits share. */
export function newNonce(): string {
  return randomBytes(16).toString('hex')
}

/** The properties of a mark. Only this app can read them. */
export function markProperties({ nonce, source, md5, version }: NewMark): readonly AppProperty[] {
  return [
    property(NAMES.nonce, nonce),
    ...(source === undefined ? [] : [property(NAMES.source, source)]),
    property(NAMES.md5, version === undefined ? md5 : `${md5}@${version}`),
  ]
}

function property(name: string, value: string): AppProperty {
  return { name, value, visibility: 'PRIVATE' }
}

/** Identifies a recipient in a mark: 8 hex digits. */
export function recipientKey(kind: 'chat' | 'user', id: string): string {
  return keyOf(`${kind}:${id}`)
}

/** Identifies the modifier that a file has since its operator wrote a record to it: 8 hex digits. @param operator union ID */
export function modifierKey(operator: string, modifierId: string): string {
  return keyOf(`${operator}:${modifierId}`)
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/**
 * The property that records who did not get a file. It replaces the one with the MD5, because an app can't set a fourth
 * one. If there are too many recipients, it says that everyone is in doubt.
 *
 * @param version the version with this content
 * @param modifier the {@link modifierKey} of the file, if the operator is not its modifier
 */
export function deliveryProperty(
  { md5, version, modifier }: Pick<NewMark, 'md5' | 'version'> & { readonly modifier?: string | undefined },
  { unsent, inDoubt }: Undelivered,
): AppProperty {
  const isTooLong = unsent.length + inDoubt.length > MAX_KEYS
  const [no, maybe] = isTooLong ? [[], [EVERYONE]] : [unsent, inDoubt]
  const list = (sign: string, keys: readonly string[]) => (keys.length === 0 ? '' : sign + keys.join(','))
  return property(
    NAMES.md5,
    `${md5}${version === undefined ? '' : `@${version}`}${modifier === undefined ? '' : `~${modifier}`}${list('!', no)}${list('?', maybe)}`,
  )
}

/** @returns undefined if the file has no mark */
export function markOf({ appProperties }: { readonly appProperties?: unknown }) {
  const properties = propertiesIn(appProperties)
  const valuesOf = (wanted: string, form: RegExp) => {
    const found = properties.filter(({ name, value }) => name === wanted && form.test(value))
    return [...new Set(found.map(({ value }) => value))]
  }
  const nonces = valuesOf(NAMES.nonce, HEX)
  const sources = valuesOf(NAMES.source, SOURCE)
  const md5s = valuesOf(NAMES.md5, MD5)
  if (nonces.length + sources.length + md5s.length === 0) return undefined
  const [, md5, version, modifier, unsent, inDoubt] = MD5.exec((md5s.length === 1 && md5s[0]) || '') ?? []
  const undelivered: Undelivered = { unsent: unsent?.split(',') ?? [], inDoubt: inDoubt?.split(',') ?? [] }
  return {
    /** Several if several apps have marked the file. */
    nonces,
    /** Undefined if there is none, or several. The same applies to the MD5. */
    source: sources.length === 1 ? sources[0] : undefined,
    md5,
    /** The version that the mark was written on. */
    version: version === undefined ? undefined : Number(version),
    /** The {@link modifierKey} of the file's modifier since a record was written. Undefined if that is the operator. */
    modifier,
    /** Undefined if the file was sent to all recipients. */
    undelivered: unsent === undefined && inDoubt === undefined ? undefined : undelivered,
  }
}

/**
 * Who did not get a file, according to its mark. If the mark may describe another content, all of them are in doubt,
 * because the file may have been sent since.
 *
 * @param operator union ID
 */
export function undeliveredOf(file: Dentry, operator: string): Undelivered | undefined {
  const undelivered = markOf(file)?.undelivered
  if (!undelivered || trustedMark(file, operator)) return undelivered
  return { unsent: [], inDoubt: [...new Set([...undelivered.unsent, ...undelivered.inDoubt])] }
}

/**
 * The mark of a file, if it describes the current content. The platform may keep a mark when someone adds a version or
 * copies the file, so the mark must have been written on this version, and the version must be the operator's, or have the
 * modifier that the operator's record has seen there.
 *
 * @param operator union ID
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

/** Whether the file has a mark with this nonce. */
export function carries(file: { readonly appProperties?: unknown }, nonce: string): boolean {
  return markOf(file)?.nonces.includes(nonce) ?? false
}

/** Whether the file has only marks with other nonces. */
export function carriesAnother(file: { readonly appProperties?: unknown }, nonce: string): boolean {
  const nonces = markOf(file)?.nonces ?? []
  return nonces.length > 0 && !nonces.includes(nonce)
}

const Property = v.object({ name: v.string(), value: v.string() })

/** The documentation shows the properties as a list, the SDK as an object with a list for each owner. */
function propertiesIn(given: unknown): v.InferOutput<typeof Property>[] {
  const lists: unknown[] = Array.isArray(given) ? [given] : Object.values(given ?? {})
  return lists
    .filter((list) => Array.isArray(list))
    .flat()
    .filter((property) => v.is(Property, property))
}
