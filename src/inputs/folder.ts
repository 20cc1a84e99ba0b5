import type { Folder } from '../dingtalk/drive.ts'
import type { Text } from '../http/text.ts'
import { FolderLinkError, type LinkedFolder, parseFolderLink } from './folder-link.ts'
import type { InputReader } from './reader.ts'

type FolderReader = InputReader<'folder-url' | 'space-id' | 'parent-id' | 'parent-uuid'>

/** The inputs that name a folder without a link; empty if not given. */
interface Address {
  readonly spaceId: string
  /** `0`, the default, is the root of the space. */
  readonly parentId: string
  readonly parentUuid: string
}

/** Reads the target folder: from its link, its uuid, or the ids of its space and of the folder in that space. */
export function readFolder(reader: FolderReader): Folder {
  const address: Address = {
    spaceId: reader.digits('space-id'),
    parentId: reader.digits('parent-id'),
    parentUuid: reader.text('parent-uuid', refusalOfUuid),
  }
  const link = reader.text('folder-url')
  if (link) return folderOfLink(reader, link, address)
  if (address.parentUuid) return folderOfUuid(reader, address)
  if (!address.spaceId) {
    reader.problem('folder-url', {
      en: 'One of folder-url, space-id, and parent-uuid is required. Copy the link of the target folder in DingTalk.',
      zh: 'folder-url、space-id、parent-uuid 必填其一。请在钉钉中对目标文件夹「复制链接」并填入。',
    })
  }
  return { kind: 'ids', spaceId: address.spaceId, parentId: address.parentId }
}

function refusalOfUuid(uuid: string): Text | undefined {
  if (/^[A-Za-z0-9_-]+$/.test(uuid)) return undefined
  return {
    en: `"${uuid}" is not a dentryUuid. It consists of letters, digits, "-" and "_" only.`,
    zh: `「${uuid}」不是 dentryUuid。dentryUuid 只含字母、数字、「-」和「_」。`,
  }
}

function folderOfUuid(reader: FolderReader, { spaceId, parentId, parentUuid }: Address): Folder {
  if (parentId !== '0') {
    reader.problem('parent-id', {
      en: 'Set either parent-id or parent-uuid, not both.',
      zh: 'parent-id 与 parent-uuid 只能填写一个，请删除其中一个。',
    })
  }
  return spaceId ? { kind: 'uuid', uuid: parentUuid, spaceId } : { kind: 'uuid', uuid: parentUuid }
}

/** The folder of a link. The other inputs may be given too, but must name the same folder. */
function folderOfLink(reader: FolderReader, link: string, address: Address): Folder {
  const folder = parseLink(reader, link)
  if (!folder) return { kind: 'ids', spaceId: '', parentId: '0' }
  const compare = (name: 'space-id' | 'parent-id' | 'parent-uuid', value: string, expected?: string) => {
    if (value && value !== expected) {
      reader.problem(name, {
        en: `"${value}" conflicts with folder-url. Remove one of them.`,
        zh: `「${value}」与 folder-url 不一致，请删除其中一个。`,
      })
    }
  }
  // "0" is the default, so it does not contradict the link.
  const parentId = address.parentId === '0' ? '' : address.parentId
  if (folder.kind === 'ids') {
    compare('space-id', address.spaceId, folder.spaceId)
    compare('parent-id', parentId, folder.parentId)
    compare('parent-uuid', address.parentUuid)
  } else {
    // The link does not tell the space.
    compare('parent-id', parentId)
    compare('parent-uuid', address.parentUuid, folder.uuid)
  }
  return folder
}

function parseLink(reader: FolderReader, link: string): LinkedFolder | undefined {
  try {
    return parseFolderLink(link)
  } catch (error) {
    if (!(error instanceof FolderLinkError)) throw error
    reader.problem('folder-url', error.text)
    return undefined
  }
}
