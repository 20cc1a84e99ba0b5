import type { Dentry, Drive } from '../../drive/drive.ts'
import { extension } from '../../drive/names.ts'

/** A dentry as the responses show it. */
export function dentryJson(drive: Drive, dentry: Dentry): Record<string, unknown> {
  const { id, uuid, spaceId, parentId, type, name, version, creatorId, modifierId, object } = dentry
  return {
    id,
    spaceId,
    // A space's root has no parent.
    ...(parentId === undefined ? {} : { parentId }),
    type,
    name,
    // A folder has neither size, version nor extension: page `add-folder`.
    ...(object ? { size: object.size, version, extension: extension(name) } : {}),
    path: drive.path(dentry),
    status: 'NORMAL',
    creatorId,
    modifierId,
    createTime: drive.formatTime(dentry.createTime),
    modifiedTime: drive.formatTime(dentry.modifiedTime),
    properties: { readOnly: dentry.readOnly },
    uuid,
    partitionType: 'PUBLIC_OSS_PARTITION',
    storageDriver: dentry.isOnlineDoc === true ? 'ALIDOC' : 'DINGTALK',
    ...(dentry.appProperties ? { appProperties: dentry.appProperties } : {}),
  }
}
