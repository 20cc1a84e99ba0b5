import { refusalOfName } from '../dingtalk/names.ts'
import type { Text } from '../http/text.ts'

/** Returns why a path such as `releases/v1.2.0` cannot be below the target folder, or undefined if it can. */
export function refusalOfFolderPath(path: string): Text | undefined {
  for (const name of path.split('/')) {
    if (name.trim() === '') {
      return {
        en: `"${path}" must not start or end with a slash, or contain "//". Use a path such as releases/v1.2.0.`,
        zh: `「${path}」的首尾不能有斜杠，中间也不能有连续的斜杠。请填写形如 releases/v1.2.0 的路径。`,
      }
    }
    if (name === '.' || name === '..') {
      return {
        en: `"${path}" must not contain "." or "..". Enter the names of the folders below the target folder.`,
        zh: `「${path}」中不能使用「.」或「..」。请直接填写目标文件夹下各级文件夹的名称。`,
      }
    }
    const refusal = refusalOfName(name)
    if (refusal) return refusal
  }
  return undefined
}
