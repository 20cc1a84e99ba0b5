import nodePath from 'node:path'
import { refusalOfName, storedName } from '../dingtalk/names.ts'
import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { belowCommonRoot, type LocalFile, placeOf } from './local-file.ts'

/** How many files a message lists. */
const MAX_LISTED = 10

/**
 * Gives the file another name in DingTalk.
 *
 * @throws InputError naming `name`, if there are more files than one
 */
export function renamed(files: readonly LocalFile[], name: string): LocalFile[] {
  if (files.length > 1) {
    const shown = files.slice(0, MAX_LISTED).map(({ path }) => path)
    const more = files.length - shown.length
    const text = {
      en: `${files.length} files match path, but name ("${name}") can only be used with one: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}. Use a narrower path, or set archive: true to upload them as one zip.`,
      zh: `path 匹配到 ${files.length} 个文件，而 name（「${name}」）只能用于一个文件：${shown.join('、')}${more > 0 ? ` 等` : ''}。请缩小 path 的范围，或设置 archive: true 打包为一个 zip 上传。`,
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
 * Files with the directories that they have below the patterns' common root. Which files are found has no influence on
 * that root: the folders of two runs of a workflow are the same. Only names count: a symbolic link is a directory of its
 * own name, wherever it leads.
 *
 * @param searchPaths absolute: the beginning of each pattern, up to its first wildcard
 */
export function withDirectories(
  files: readonly LocalFile[],
  searchPaths: readonly string[],
  rules = nodePath,
): LocalFile[] {
  const absolute = files.map(({ path }) => rules.resolve(path))
  // A pattern without wildcards may name a file.
  const own = new Set(absolute)
  const places = searchPaths.map((path) => rules.resolve(path))
  const directories = belowCommonRoot(
    places.map((place) => (own.has(place) ? rules.dirname(place) : place)),
    absolute.map((path) => rules.dirname(path)),
    rules,
  )
  return files.map((file, index) => ({ ...file, directory: directories[index] ?? '' }))
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
