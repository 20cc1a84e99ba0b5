import { refusalOfName } from '../dingtalk/dentry-name.ts'

/** Returns why a path such as `releases/v1.2.0` cannot be below the target folder, or undefined if it can. */
export function refusalOfFolderPath(path: string): string | undefined {
  for (const name of path.split('/')) {
    const quoted = JSON.stringify(name)
    if (name.trim() === '')
      return 'one of its folders has no name: no slash at the ends, nor two in a row / 首尾不能有斜杠，也不能有连续斜杠'
    if (name === '.' || name === '..')
      return `${quoted} is not understood: name the folders below the target / 请直接填写目标文件夹下的名称`
    const refusal = refusalOfName(name)
    if (refusal) return `DingTalk does not allow the name ${quoted}: ${refusal}`
  }
  return undefined
}
