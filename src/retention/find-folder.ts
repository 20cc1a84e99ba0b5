import type { DingTalk } from '../dingtalk/client.ts'
import type { Folder } from '../dingtalk/drive.ts'

/** The most pages of a folder's list that are looked at. Each has fifty entries and costs a call. */
export const MAX_PAGES = 20

/**
 * The folder at a path below another folder, looked up without creating anything. Makes at most twenty calls per level.
 *
 * @param path names separated by slashes; empty for the folder itself
 * @returns undefined if there is none, or none among the thousand entries that were modified last
 * @throws DingTalkError
 */
export async function findFolder(
  folder: Folder,
  path: string,
  unionId: string,
  dingtalk: DingTalk,
): Promise<Folder | undefined> {
  let below: Folder | undefined = folder
  for (const name of path.split('/').filter(Boolean))
    below = below && (await findSubfolder(below, name, unionId, dingtalk))
  return below
}

async function findSubfolder(
  folder: Folder,
  name: string,
  unionId: string,
  dingtalk: DingTalk,
): Promise<Folder | undefined> {
  const { spaceId } = await dingtalk.drive.folderIds(folder, unionId)
  let pages = 0
  for await (const { folders } of dingtalk.drive.list(folder, unionId)) {
    const found = folders.find((other) => other.name === name)
    if (found) return { kind: 'ids', spaceId, parentId: found.id }
    if (++pages === MAX_PAGES) break
  }
  return undefined
}
