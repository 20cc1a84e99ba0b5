import nodePath from 'node:path'
import { refusalOfName, storedName } from '../dingtalk/names.ts'
import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import type { LocalFile } from './local-file.ts'
import { belowCommonRoot } from './local-path.ts'

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
