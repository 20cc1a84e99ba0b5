import { refusalOfName } from '../dingtalk/dentry-name.ts'
import type { DingTalk } from '../dingtalk/client.ts'
import type { Folder } from '../dingtalk/folder.ts'

/** Says why a path such as `releases/v1.2.0` cannot lead to a folder below another, or nothing if it can. */
export function refusalOfFolderPath(path: string): string | undefined {
  for (const name of path.split('/')) {
    const shown = JSON.stringify(name)
    if (name.trim() === '')
      return 'one of its folders has no name: no slash at the ends, nor two in a row / 首尾不能有斜杠，也不能有连续斜杠'
    if (name === '.' || name === '..')
      return `${shown} is not understood: name the folders below the target / 请直接填写目标文件夹下的名称`
    const refusal = refusalOfName(name)
    if (refusal) return `DingTalk does not allow the name ${shown}: ${refusal}`
  }
  return undefined
}

/**
 * The folder that a path leads to, each level made if it is missing. One call a level; jobs that do it at the same
 * moment end up in the same folder.
 *
 * @throws DingTalkError
 */
export async function folderBelow(
  folder: Folder,
  path: string,
  unionId: string,
  dingtalk: DingTalk,
): Promise<Folder> {
  let below = folder
  for (const name of path.split('/').filter(Boolean)) below = await dingtalk.subfolder(below, unionId, name)
  return below
}
