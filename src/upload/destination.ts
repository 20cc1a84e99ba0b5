import type { DingTalk } from '../dingtalk/client.ts'
import type { Folder } from '../dingtalk/folder.ts'

/**
 * Finds the folder at a path below another folder, and creates each level that is missing. Makes one call per level.
 * Jobs that do this at the same time get the same folder.
 *
 * @param path names separated by slashes; empty for the folder itself
 * @throws DingTalkError
 */
export async function folderBelow(
  folder: Folder,
  path: string,
  unionId: string,
  dingtalk: DingTalk,
): Promise<Folder> {
  let below = folder
  for (const name of path.split('/').filter(Boolean))
    below = await dingtalk.drive.subfolder(below, unionId, name)
  return below
}
