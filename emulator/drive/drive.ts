import { randomUUID } from 'node:crypto'
import { digits } from '../http/identifiers.ts'
import type { StoredObject } from '../oss/object-store.ts'
import { paramError, permissionDenied, Refusal } from '../http/errors.ts'

export const CONFLICT_STRATEGIES = [
  'AUTO_RENAME',
  'OVERWRITE',
  'RETURN_DENTRY_IF_EXISTS',
  'RETURN_ERROR_IF_EXISTS',
] as const
export type ConflictStrategy = (typeof CONFLICT_STRATEGIES)[number]

export const ORDERS_BY = ['MODIFIED_TIME', 'CREATE_TIME', 'NAME', 'SIZE'] as const
export type OrderBy = (typeof ORDERS_BY)[number]

export interface Space {
  readonly id: string
  /** A team's, a user's own "My files", or where the files sent to a conversation live. */
  readonly kind: 'team' | 'my' | 'conversation'
  /** Union id; of "My files" alone. */
  readonly owner?: string
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
  /** Union id. */
  readonly creatorId: string
  /** Union id. */
  modifierId: string
  /** Of a folder: whether nobody may write to it. */
  readonly readOnly: boolean
  /** Of a file: its bytes. */
  object?: StoredObject
}

export interface NewDentry {
  parent: Dentry
  name: string
  /** Union id. */
  by: string
  conflictStrategy?: ConflictStrategy
  /** The bytes; without them it is a folder. */
  object?: StoredObject
  readOnly?: boolean
}

const ROOT = '0'
const TEBIBYTE = 1024 ** 4

/** Spaces and what is in them. */
export class Drive {
  readonly #clock: () => number
  readonly #spaces = new Map<string, Space>()
  readonly #byUuid = new Map<string, Dentry>()
  /** Without the roots, whose ids are no ids. In order of creation. */
  readonly #byId = new Map<string, Dentry>()

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** @param quota bytes */
  addSpace(kind: Space['kind'], { owner, quota = TEBIBYTE }: { owner?: string; quota?: number } = {}): Space {
    const id = digits()
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
    }
    const space = { id, kind, quota, root, dentries: new Map([[ROOT, root]]), ...(owner ? { owner } : {}) }
    this.#spaces.set(id, space)
    this.#byUuid.set(root.uuid, root)
    return space
  }

  /** @throws Refusal `spaceNotExist` */
  space(id: string): Space {
    const space = this.#spaces.get(id)
    if (!space) throw new Refusal(404, 'spaceNotExist', '空间不存在')
    return space
  }

  /** A dentry of any space by its id; roots have none of their own. */
  byId(id: string): Dentry | undefined {
    return this.#byId.get(id)
  }

  byUuid(uuid: string): Dentry | undefined {
    return this.#byUuid.get(uuid)
  }

  /** A folder of a space. @throws Refusal `paramError.<parameter>` if there is none */
  folder(space: Space, id: string, parameter: string): Dentry {
    const dentry = space.dentries.get(id)
    if (dentry?.type !== 'FOLDER') throw paramError(parameter, 'is no folder of this space')
    return dentry
  }

  /** Files of the drive itself, in order of creation: what was sent to conversations is not among them. */
  files(): (Dentry & { object: StoredObject })[] {
    return [...this.#byId.values()].filter(
      (dentry): dentry is Dentry & { object: StoredObject } =>
        dentry.object !== undefined && this.space(dentry.spaceId).kind !== 'conversation',
    )
  }

  /** "My files" can be touched by their owner alone. @throws Refusal `permissionDenied` */
  refuseReader(space: Space, unionId: string): void {
    const mayRead = space.kind === 'team' || (space.kind === 'my' && space.owner === unionId)
    if (!mayRead) throw permissionDenied('该用户不能访问此空间')
  }

  /** @throws Refusal `permissionDenied` */
  refuseWriter(space: Space, folder: Dentry, unionId: string): void {
    this.refuseReader(space, unionId)
    if (folder.readOnly) throw permissionDenied('该用户不能写入此文件夹')
  }

  /** @param size bytes. @throws Refusal `spaceQuotaInsufficient` */
  refuseOverQuota(space: Space, size: number): void {
    const used = [...space.dentries.values()].reduce((sum, { object }) => sum + (object?.size ?? 0), 0)
    if (used + size > space.quota) throw new Refusal(400, 'spaceQuotaInsufficient', '空间容量不足')
  }

  /**
   * Makes a file or folder. Files take their names from files, folders from folders; upper and lower case differ.
   *
   * @throws Refusal `dentryNameConflict`
   */
  add({ parent, name, by, conflictStrategy = 'AUTO_RENAME', object, readOnly = false }: NewDentry): Dentry {
    const type = object ? 'FILE' : 'FOLDER'
    const now = this.#clock()
    const space = this.space(parent.spaceId)
    const taken = (wanted: string) =>
      [...space.dentries.values()].find(
        (dentry) => dentry.parentId === parent.id && dentry.type === type && dentry.name === wanted,
      )
    const existing = taken(name)
    if (existing && conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return existing
    if (existing && conflictStrategy === 'RETURN_ERROR_IF_EXISTS')
      throw new Refusal(400, 'dentryNameConflict', '文件名冲突')
    if (existing && conflictStrategy === 'OVERWRITE') {
      existing.version += 1
      existing.modifiedTime = now
      existing.modifierId = by
      if (object) existing.object = object
      return existing
    }
    let free = name
    for (let n = 1; taken(free); n++) free = numbered(name, type, n)
    const dentry: Dentry = {
      id: digits(),
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
      ...(object ? { object } : {}),
    }
    space.dentries.set(dentry.id, dentry)
    this.#byId.set(dentry.id, dentry)
    this.#byUuid.set(dentry.uuid, dentry)
    return dentry
  }

  children(folder: Dentry, orderBy: OrderBy, descending: boolean): Dentry[] {
    const children = [...this.space(folder.spaceId).dentries.values()].filter(
      ({ parentId }) => parentId === folder.id,
    )
    const key = {
      MODIFIED_TIME: (a: Dentry, b: Dentry) => a.modifiedTime - b.modifiedTime,
      CREATE_TIME: (a: Dentry, b: Dentry) => a.createTime - b.createTime,
      NAME: (a: Dentry, b: Dentry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
      SIZE: (a: Dentry, b: Dentry) => (a.object?.size ?? 0) - (b.object?.size ?? 0),
    }[orderBy]
    return children.sort((a, b) => (descending ? key(b, a) : key(a, b)))
  }

  /** From the space's root, which is `/`. */
  path(dentry: Dentry): string {
    const parent = this.#parent(dentry)
    if (!parent) return '/'
    return `${this.path(parent).replace(/\/$/, '')}/${dentry.name}`
  }

  #parent({ spaceId, parentId }: Dentry): Dentry | undefined {
    return parentId === undefined ? undefined : this.space(spaceId).dentries.get(parentId)
  }
}

/** What the platform makes of a name for a file or folder. @returns nothing if it forbids it */
export function legalName(name: string): string | undefined {
  // Only blanks are stripped: a tab is forbidden wherever it stands.
  const stripped = name.replace(/^ +| +$/g, '')
  return stripped === '' || /[\t*"<>|/]|\.$/.test(stripped) ? undefined : stripped
}

/** Letters and digits after the last dot, lower case or not, as the platform reports it. */
export function extension(name: string): string {
  return /[^.]\.([^.]+)$/.exec(name)?.[1] ?? ''
}

function numbered(name: string, type: Dentry['type'], n: number): string {
  const dotted = type === 'FILE' ? extension(name) : ''
  return dotted === '' ? `${name}(${n})` : `${name.slice(0, -dotted.length - 1)}(${n}).${dotted}`
}

/** Docs' node ids look like this: letters and digits, no hyphens. */
function newUuid(): string {
  return randomUUID().replaceAll('-', '')
}
