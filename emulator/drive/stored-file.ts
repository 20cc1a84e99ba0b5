import type { StoredObject } from '../oss/object-store.ts'
import { extension, type Dentry, type Drive } from './drive.ts'

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
