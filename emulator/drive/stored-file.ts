import type { StoredObject } from '../oss/object-store.ts'
import type { Deletion, Dentry, Drive } from './drive.ts'
import { extension } from './names.ts'

type Fields = 'id' | 'uuid' | 'spaceId' | 'name' | 'version' | 'createTime' | 'modifiedTime' | 'creatorId'

/** A file of the drive. */
export interface StoredFile extends Pick<Dentry, Fields> {
  readonly parentId: string
  readonly path: string
  readonly extension: string
  /** bytes */
  readonly size: number
  /** Lower-case hex. */
  readonly md5: string
}

/** A file or folder that was deleted. */
export interface DeletedEntry extends Pick<Dentry, 'id' | 'spaceId' | 'type' | 'name'> {
  /** Whether it is in the recycle bin; if not, it was deleted for good. */
  readonly toRecycleBin: boolean
}

export function deletedEntry({ dentry, toRecycleBin }: Deletion): DeletedEntry {
  const { id, spaceId, type, name } = dentry
  return { id, spaceId, type, name, toRecycleBin }
}

export function storedFile(drive: Drive, dentry: Dentry & { object: StoredObject }): StoredFile {
  const { id, uuid, spaceId, parentId = '', name, version, createTime, modifiedTime, creatorId } = dentry
  const { object } = dentry
  const fields = { id, uuid, spaceId, parentId, name, version, createTime, modifiedTime, creatorId }
  return {
    ...fields,
    path: drive.path(dentry),
    extension: extension(name),
    size: object.size,
    // A getter: for a large multipart file, the MD5 takes a while.
    get md5() {
      return object.md5
    },
  }
}
