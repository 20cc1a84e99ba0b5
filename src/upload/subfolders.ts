import type { Drive, Folder } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'

/**
 * Returns a function that finds the folder at a path below another folder, or creates it. Each folder costs one call, when it is first
 * needed. Jobs that create a folder at the same time get the same one.
 *
 * @param unionId the operator's
 * @returns takes names separated by slashes, or an empty path for the folder itself. Throws the same DingTalkError for everything
 *   below a folder that can't be created
 */
export function subfoldersOf(
  folder: Folder,
  unionId: string,
  drive: Drive,
): (path: string) => Promise<Folder> {
  const known = new Map([['', Promise.resolve(folder)]])
  const create = async (path: string) => {
    const end = path.lastIndexOf('/')
    const parent = await at(path.slice(0, Math.max(end, 0)))
    try {
      return await drive.subfolder(parent, unionId, path.slice(end + 1))
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.operation !== 'subfolder') throw error
      const shown = JSON.stringify(path)
      const sentence = { en: `The folder ${shown} is not available.`, zh: `文件夹 ${shown} 不可用。` }
      throw error.withSentence(sentence)
    }
  }
  // A failed call isn't repeated: the result would be the same.
  const at = (path: string): Promise<Folder> => {
    const found = known.get(path) ?? create(path)
    known.set(path, found)
    return found
  }
  return at
}
