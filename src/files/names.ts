import nodePath, { type PlatformPath } from 'node:path'
import { refusalOfName, storedName } from '../dingtalk/names.ts'
import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { type LocalFile, pathBelow, placeOf } from './local-file.ts'

/** How many files a message lists. */
const MAX_LISTED = 10

/** The first paths, and how many more there are. */
export function listed(paths: readonly string[]): Text {
  const shown = paths.slice(0, MAX_LISTED)
  const list = { en: shown.join(', '), zh: shown.join('、') }
  const more = paths.length - shown.length
  return more === 0 ? list : { en: `${list.en}, and ${more} more`, zh: `${list.zh}，另有 ${more} 个` }
}

/**
 * Gives the file another name in DingTalk.
 *
 * @throws InputError naming `name`, if there are more files than one
 */
export function renamed(files: readonly LocalFile[], name: string): LocalFile[] {
  if (files.length > 1) {
    const { en, zh } = listed(files.map(({ path }) => path))
    const text = {
      en: `${files.length} files match path, but name ("${name}") can only be used with one: ${en}. Use a narrower path, or set archive: true to upload them as one zip.`,
      zh: `path 匹配到 ${files.length} 个文件，而 name（「${name}」）只能用于一个文件：${zh}。请缩小 path 的范围，或设置 archive: true 打包为一个 zip 上传。`,
    }
    throw new InputError([{ input: 'name', text }])
  }
  return files.map((file) => ({ ...file, name }))
}

/** @throws InputError naming `path`, with every file whose name DingTalk forbids */
export function refuseNames(files: readonly LocalFile[]): void {
  const problems = files.flatMap(({ name }): Problem[] => {
    const refusal = refusalOfName(name)
    return refusal ? [{ input: 'path', text: refusal }] : []
  })
  if (problems.length > 0) throw new InputError(problems)
}

/** What two names have in common that cannot stand side by side everywhere: case, blanks around, composed or not. */
export function nameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}

/** Files that would have the same name in one folder, or names that differ in case only, their folders' names too; each group in their order. */
export function collisions(files: readonly LocalFile[]): LocalFile[][] {
  const groups = Map.groupBy(files, (file) => nameKey(placeOf(file)))
  return [...groups.values()].filter((group) => group.length > 1)
}

/**
 * Files with the directories that they have below the common parent of some places, which don't depend on what was found:
 * two runs of a workflow have the same directories. On Windows, each drive has a parent of its own. A symbolic link is a
 * directory of its own name, wherever it leads.
 *
 * @param places absolute: the fixed part of each pattern, which may be a file
 */
export function withDirectories(
  files: readonly LocalFile[],
  places: readonly string[],
  rules: PlatformPath = nodePath,
): LocalFile[] {
  const driveOf = (path: string) => rules.parse(path).root.toLowerCase()
  const own = new Set(files.map(({ path }) => rules.resolve(path)))
  const parents = new Map<string, string>()
  for (const place of places.map((path) => rules.resolve(path))) {
    const directory = own.has(place) ? rules.dirname(place) : place
    let parent = parents.get(driveOf(place)) ?? directory
    while (pathBelow(parent, directory, rules) === undefined) parent = rules.dirname(parent)
    parents.set(driveOf(place), parent)
  }
  return files.map((file) => {
    const directory = rules.dirname(rules.resolve(file.path))
    const parent = parents.get(driveOf(directory)) ?? directory
    return { ...file, directory: pathBelow(parent, directory, rules) ?? '' }
  })
}

/** @throws InputError naming `keep-directories`, with every directory that DingTalk would refuse, or store by another name */
export function refuseDirectories(files: readonly LocalFile[]): void {
  const problems = foldersOf(files).flatMap((directory): Problem[] => {
    const refusal = refusalOfDirectory(directory)
    return refusal ? [{ input: 'keep-directories', text: refusal }] : []
  })
  if (problems.length > 0) throw new InputError(problems)
}

/** Every folder that files go to, and those on the way there: `a`, `a/b`. Without the target folder. */
export function foldersOf(files: readonly Pick<LocalFile, 'directory'>[]): string[] {
  const folders = new Set<string>()
  for (const directory of new Set(files.map(({ directory = '' }) => directory))) {
    const names = directory.split('/').filter(Boolean)
    for (let depth = 1; depth <= names.length; depth++) folders.add(names.slice(0, depth).join('/'))
  }
  return [...folders]
}

/** @param path of a directory; only its last name is judged */
function refusalOfDirectory(path: string): Text | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const quoted = JSON.stringify(path)
  const refusal =
    refusalOfName(name) ??
    (storedName(name) === name
      ? undefined
      : {
          en: `The name ${JSON.stringify(name)} starts or ends with a space, which DingTalk removes.`,
          zh: `名称 ${JSON.stringify(name)} 的首尾有空格，钉钉会去掉这些空格。`,
        })
  return (
    refusal &&
    joined(refusal, {
      en: `Rename the directory ${quoted}, or exclude it in path.`,
      zh: `请重命名目录 ${quoted}，或在 path 中排除它。`,
    })
  )
}
