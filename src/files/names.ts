import nodePath, { type PlatformPath } from 'node:path'
import { refusalOfName, storedName } from '../dingtalk/names.ts'
import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { type LocalFile, pathBelow, placeOf } from './local-file.ts'

/** The first ten paths, and the number of the others. */
export function listed(paths: readonly string[]): Text {
  const shown = paths.slice(0, 10)
  const list = { en: shown.join(', '), zh: shown.join('、') }
  const more = paths.length - shown.length
  return more === 0 ? list : { en: `${list.en}, and ${more} more`, zh: `${list.zh}，另有 ${more} 个` }
}

/** Names with the same key may collide in DingTalk: they differ at most in case, surrounding spaces, or Unicode normalization. */
export function nameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}

/** Groups of files whose names collide in one folder. */
export function collisions(files: readonly LocalFile[]): LocalFile[][] {
  const groups = Map.groupBy(files, (file) => nameKey(placeOf(file)))
  return [...groups.values()].filter((group) => group.length > 1)
}

/**
 * Adds to each file its directory below the common parent of some places. Places don't depend on which files were found, so two runs
 * of a workflow have the same directories. On Windows, each drive has its own parent.
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

/** The folders of files below the target folder, with their parents: `a`, `a/b`. */
export function foldersOf(files: readonly Pick<LocalFile, 'directory'>[]): string[] {
  const folders = new Set<string>()
  for (const directory of new Set(files.map(({ directory = '' }) => directory))) {
    const names = directory.split('/').filter(Boolean)
    for (let depth = 1; depth <= names.length; depth++) folders.add(names.slice(0, depth).join('/'))
  }
  return [...folders]
}

/** @throws InputError with every file and directory whose name DingTalk rejects, or would change */
export function refuseNames(files: readonly LocalFile[]): void {
  const problems = files.flatMap(({ name }): Problem[] => {
    const text = refusalOfName(name)
    return text ? [{ input: 'path', text }] : []
  })
  for (const path of foldersOf(files)) {
    const name = nodePath.posix.basename(path)
    const quoted = JSON.stringify(name)
    const spaces = {
      en: `The name ${quoted} starts or ends with a space, which DingTalk removes.`,
      zh: `名称 ${quoted} 的首尾有空格，钉钉会去掉这些空格。`,
    }
    const text = refusalOfName(name) ?? (storedName(name) === name ? undefined : spaces)
    const fix = {
      en: `Rename the directory ${JSON.stringify(path)}, or exclude it in path.`,
      zh: `请重命名目录 ${JSON.stringify(path)}，或在 path 中排除它。`,
    }
    if (text) problems.push({ input: 'keep-directories', text: joined(text, fix) })
  }
  if (problems.length > 0) throw new InputError(problems)
}
