import type { StoredObject } from '../oss/object-store.ts'
import type { Deletion, Dentry, Drive } from './drive.ts'
import { extension } from './names.ts'

/** A file of the drive. */
export interface StoredFile {
  id: string
  uuid: string
  spaceId: string
  parentId: string
  name: string
  path: string
  extension: string
  /** bytes */
  size: number
  /** Lower-case hex. */
  md5: string
  version: number
  /** ms since the epoch */
  createTime: number
  /** ms since the epoch */
  modifiedTime: number
  /** Union id. */
  creatorId: string
}

/** A file or folder that was deleted. */
export interface DeletedEntry {
  id: string
  spaceId: string
  type: 'FILE' | 'FOLDER'
  name: string
  /** Whether it is in the recycle bin; if not, it is gone for good. */
  toRecycleBin: boolean
}

export function deletedEntry({ dentry, toRecycleBin }: Deletion): DeletedEntry {
  const { id, spaceId, type, name } = dentry
  return { id, spaceId, type, name, toRecycleBin }
}

export function storedFile(drive: Drive, dentry: Dentry & { object: StoredObject }): StoredFile {
  const { id, uuid, spaceId, parentId = '', name, version, createTime, modifiedTime, creatorId } = dentry
  const { object } = dentry
  return {
    id,
    uuid,
    spaceId,
    parentId,
    name,
    path: drive.path(dentry),
    extension: extension(name),
    size: object.size,
    // A getter: for a large multipart file, the MD5 takes a while.
    get md5() {
      return object.md5
    },
    version,
    createTime,
    modifiedTime,
    creatorId,
  }
}
