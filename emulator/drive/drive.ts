import { randomUUID } from 'node:crypto'
import { paramError, permissionDenied, GatewayError } from '../http/errors.ts'
import { numericId } from '../http/identifiers.ts'
import type { Settings } from '../modes.ts'
import type { StoredObject } from '../oss/object-store.ts'
import { numbered } from './names.ts'

export const CONFLICT_STRATEGIES = [
  'AUTO_RENAME',
  'OVERWRITE',
  'RETURN_DENTRY_IF_EXISTS',
  'RETURN_ERROR_IF_EXISTS',
] as const
export type ConflictStrategy = (typeof CONFLICT_STRATEGIES)[number]

export const ORDERS_BY = ['MODIFIED_TIME', 'CREATE_TIME', 'NAME', 'SIZE'] as const
export type OrderBy = (typeof ORDERS_BY)[number]

export const VISIBILITIES = ['PUBLIC', 'PRIVATE'] as const

/** A property that an app sets on a file or folder. */
export interface AppProperty {
  readonly name: string
  readonly value: string
  readonly visibility: (typeof VISIBILITIES)[number]
}

/** The properties of a file or folder, as responses show them: by owner, or as the page's sample shows them, a list. */
export type AppProperties = Readonly<Record<string, readonly AppProperty[]>> | readonly AppProperty[]

export interface Space {
  readonly id: string
  /** `team`: of a team. `my`: a user's "My files". `conversation`: the files sent to a conversation. */
  readonly kind: 'team' | 'my' | 'conversation'
  /** Union ID; only of "My files". */
  readonly owner: string | undefined
  /** Union IDs; only of a group's space: its members. */
  readonly readers: ReadonlySet<string> | undefined
  /** True if the add-space call has created it. */
  readonly hasRecycleBin: boolean
  /** bytes */
  readonly quota: number
  readonly root: Dentry
  readonly dentries: Map<string, Dentry>
}

/** A file or folder. */
export interface Dentry {
  readonly id: string
  readonly uuid: string
  readonly spaceId: string
  /** Absent at a space's root. */
  readonly parentId?: string
  readonly type: 'FILE' | 'FOLDER'
  readonly name: string
  version: number
  /** ms since the epoch */
  readonly createTime: number
  /** ms since the epoch */
  modifiedTime: number
  /** Union ID. */
  readonly creatorId: string
  /** Union ID. */
  modifierId: string
  /** Only of a folder: nobody may write to it. */
  readonly readOnly: boolean
  /** Only of a file: its bytes. */
  object?: StoredObject
  appProperties?: AppProperties
  /** Whether a file was converted to a document of DingTalk Docs. */
  readonly isOnlineDoc: boolean
  /** When lists begin to show it: ms since the epoch. */
  readonly listedFrom: number
}

export interface Deletion {
  readonly dentry: Dentry
  /** Whether it is in the recycle bin; if not, it was deleted for good. */
  readonly toRecycleBin: boolean
}

/** A file, if it has an `object`, or a folder. */
export interface NewDentry extends Partial<Pick<Dentry, 'object' | 'readOnly' | 'isOnlineDoc'>> {
  parent: Dentry
  name: string
  appProperties?: AppProperties | undefined
  /** Union ID. */
  by: string
  conflictStrategy?: ConflictStrategy
  /** Whether a new version keeps the properties of the previous one. */
  keepsProperties?: boolean
  /** ms until lists show it */
  listedAfter?: number
}

const ROOT = '0'
const TEBIBYTE = 1024 ** 4
/** China Standard Time, in ms. */
const CHINA = 8 * 3600_000

/** All spaces, with their files and folders. */
export class Drive {
  readonly #clock: () => number
  readonly #settings: Pick<Settings, 'timeFormat' | 'nameCase'>
  readonly #spaces = new Map<string, Space>()
  readonly #byUuid = new Map<string, Dentry>()
  /** In order of creation. Without the roots: each of them has the ID `0`. */
  readonly #byId = new Map<string, Dentry>()
  readonly deletions: Deletion[] = []

  /** @param clock the storage's own: ms since the epoch */
  constructor(clock: () => number, settings: Pick<Settings, 'timeFormat' | 'nameCase'>) {
    this.#clock = clock
    this.#settings = settings
  }

  /** A time as responses contain it. @param time ms since the epoch; rounded down to the precision of the format */
  formatTime(time: number): string {
    const iso = new Date(time).toISOString()
    if (this.#settings.timeFormat === 'iso') return iso.replace(/\.\d+Z$/, 'Z')
    if (this.#settings.timeFormat === 'iso-minutes') return iso.replace(/:\d\d\.\d+Z$/, 'Z')
    // `Thu, 28 May 2026 09:37:16 GMT`
    const parts = new Date(time + CHINA).toUTCString().split(' ')
    const [weekday = '', day = '', month = '', year = '', clock = ''] = parts
    return `${weekday.replace(',', '')} ${month} ${day} ${clock} CST ${year}`
  }

  addSpace(
    kind: Space['kind'],
    options: Partial<Pick<Space, 'owner' | 'readers' | 'hasRecycleBin' | 'quota'>> = {},
  ): Space {
    const { owner, readers, hasRecycleBin = false, quota = TEBIBYTE } = options
    const id = numericId()
    const now = this.#clock()
    const root: Dentry = {
      id: ROOT,
      uuid: newUuid(),
      spaceId: id,
      type: 'FOLDER',
      name: '',
      version: 1,
      createTime: now,
      modifiedTime: now,
      creatorId: owner ?? '',
      modifierId: owner ?? '',
      readOnly: false,
      isOnlineDoc: false,
      listedFrom: 0,
    }
    const space = { id, kind, owner, readers, hasRecycleBin, quota, root, dentries: new Map([[ROOT, root]]) }
    this.#spaces.set(id, space)
    this.#byUuid.set(root.uuid, root)
    return space
  }

  findSpace(id: string): Space | undefined {
    return this.#spaces.get(id)
  }

  /** @throws GatewayError `spaceNotExist` */
  space(id: string): Space {
    const space = this.findSpace(id)
    if (!space) throw new GatewayError(404, 'spaceNotExist', '空间不存在')
    return space
  }

  /** Finds a dentry of any space, except a root. */
  byId(id: string): Dentry | undefined {
    return this.#byId.get(id)
  }

  byUuid(uuid: string): Dentry | undefined {
    return this.#byUuid.get(uuid)
  }

  /** Finds a folder of a space. @throws GatewayError `paramError.<parameter>` */
  folder(space: Space, id: string, parameter: string): Dentry {
    const dentry = space.dentries.get(id)
    if (dentry?.type !== 'FOLDER') throw paramError(parameter, 'is not a folder in this space')
    return dentry
  }

  /** All files in order of creation, without the copies in conversations. */
  files(): (Dentry & { object: StoredObject })[] {
    return [...this.#byId.values()].filter(
      (dentry): dentry is Dentry & { object: StoredObject } =>
        dentry.object !== undefined && this.space(dentry.spaceId).kind !== 'conversation',
    )
  }

  /** Only its owner may access "My files", and only its members a group's space. @throws GatewayError `permissionDenied` */
  checkReadAccess({ kind, owner, readers }: Space, unionId: string): void {
    const mayRead = kind === 'team' || (kind === 'my' && owner === unionId) || readers?.has(unionId) === true
    if (!mayRead) throw permissionDenied('该用户不能访问此空间')
  }

  /** @throws GatewayError `permissionDenied` */
  checkWriteAccess(folder: Dentry, unionId: string): void {
    const space = this.space(folder.spaceId)
    this.checkReadAccess(space, unionId)
    if (folder.readOnly || space.kind === 'conversation') throw permissionDenied('该用户不能写入此文件夹')
  }

  /** @param size bytes. @throws GatewayError `spaceQuotaInsufficient` */
  checkQuota(spaceId: string, size: number): void {
    const space = this.space(spaceId)
    const used = [...space.dentries.values()].reduce((sum, { object }) => sum + (object?.size ?? 0), 0)
    if (used + size > space.quota) throw new GatewayError(400, 'spaceQuotaInsufficient', '空间容量不足')
  }

  /**
   * Creates a file or folder. A file and a folder may have the same name.
   *
   * @throws GatewayError `dentryNameConflict`, or for a folder `dentryAlreadyExist`
   */
  add(given: NewDentry): Dentry {
    const { parent, name, by, conflictStrategy = 'AUTO_RENAME', object, readOnly = false } = given
    const { appProperties, keepsProperties = false, isOnlineDoc = false, listedAfter = 0 } = given
    const type = object ? 'FILE' : 'FOLDER'
    const now = this.#clock()
    const space = this.space(parent.spaceId)
    const taken = (wanted: string) => this.find(parent, type, wanted)
    const existing = taken(name)
    if (existing && conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return existing
    if (existing && conflictStrategy === 'RETURN_ERROR_IF_EXISTS')
      throw type === 'FOLDER'
        ? dentryAlreadyExist()
        : new GatewayError(400, 'dentryNameConflict', '文件名冲突')
    if (existing && conflictStrategy === 'OVERWRITE') {
      existing.version += 1
      existing.modifiedTime = now
      existing.modifierId = by
      if (object) existing.object = object
      if (appProperties && !keepsProperties) existing.appProperties = appProperties
      return existing
    }
    let free = name
    for (let n = 1; taken(free); n++) free = numbered(name, type, n)
    const dentry: Dentry = {
      id: numericId(),
      uuid: newUuid(),
      spaceId: space.id,
      parentId: parent.id,
      type,
      name: free,
      version: 1,
      createTime: now,
      modifiedTime: now,
      creatorId: by,
      modifierId: by,
      readOnly,
      isOnlineDoc,
      listedFrom: listedAfter > 0 ? now + listedAfter : 0,
      ...(object ? { object } : {}),
      ...(appProperties ? { appProperties } : {}),
    }
    space.dentries.set(dentry.id, dentry)
    this.#byId.set(dentry.id, dentry)
    this.#byUuid.set(dentry.uuid, dentry)
    return dentry
  }

  /** Sets the properties of a file or folder. @param by the new modifier; default: the modifier and time stay */
  setProperties(dentry: Dentry, appProperties: AppProperties | undefined, by?: string): void {
    if (appProperties) dentry.appProperties = appProperties
    if (by === undefined) return
    dentry.modifierId = by
    dentry.modifiedTime = this.#clock()
  }

  /** The file or folder of a name in a folder. */
  find({ id, spaceId }: Dentry, type: Dentry['type'], name: string): Dentry | undefined {
    const key = (given: string) => (this.#settings.nameCase === 'exact' ? given : given.toLowerCase())
    return [...this.space(spaceId).dentries.values()].find(
      (dentry) => dentry.parentId === id && dentry.type === type && key(dentry.name) === key(name),
    )
  }

  /** Deletes a file, or a folder with everything below it. @returns whether there was anything below it */
  remove(dentry: Dentry, toRecycleBin: boolean): boolean {
    const space = this.space(dentry.spaceId)
    const below = [...space.dentries.values()].filter(({ parentId }) => parentId === dentry.id)
    for (const child of below) this.remove(child, toRecycleBin)
    space.dentries.delete(dentry.id)
    this.#byId.delete(dentry.id)
    this.#byUuid.delete(dentry.uuid)
    this.deletions.push({ dentry, toRecycleBin: toRecycleBin && space.hasRecycleBin })
    return below.length > 0
  }

  /** The entries that a list of the folder shows. */
  children(folder: Dentry, orderBy: OrderBy, descending: boolean): Dentry[] {
    const now = this.#clock()
    const children = [...this.space(folder.spaceId).dentries.values()].filter(
      ({ parentId, listedFrom }) => parentId === folder.id && listedFrom <= now,
    )
    const key = {
      MODIFIED_TIME: (a: Dentry, b: Dentry) => a.modifiedTime - b.modifiedTime,
      CREATE_TIME: (a: Dentry, b: Dentry) => a.createTime - b.createTime,
      NAME: (a: Dentry, b: Dentry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
      SIZE: (a: Dentry, b: Dentry) => (a.object?.size ?? 0) - (b.object?.size ?? 0),
    }[orderBy]
    return children.sort((a, b) => (descending ? key(b, a) : key(a, b)))
  }

  /** The path from the root, which is `/`. */
  path({ spaceId, parentId = '', name }: Dentry): string {
    const parent = this.space(spaceId).dentries.get(parentId)
    return parent ? `${this.path(parent).replace(/\/$/, '')}/${name}` : '/'
  }
}

export function dentryAlreadyExist(): GatewayError {
  return new GatewayError(400, 'dentryAlreadyExist', '文件夹已存在')
}

/** DingTalk Docs uses node IDs of letters and digits without hyphens. */
function newUuid(): string {
  return randomUUID().replaceAll('-', '')
}
