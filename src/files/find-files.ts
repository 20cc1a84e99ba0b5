import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import nodePath, { basename, dirname } from 'node:path'
import { refusalOfName } from '../dingtalk/dentry-name.ts'
import { InputError } from '../errors.ts'
import type { LocalFile } from './local-file.ts'
import { forwardSlashes, pathBelow } from './local-path.ts'
import { undecodableNames } from './undecodable-names.ts'

/** Finds what patterns match: absolute paths, directories among them. */
export type Glob = (patterns: string) => Promise<string[]>

/** What patterns led to. */
export interface Found {
  files: LocalFile[]
  /** How many directories there were among it. */
  directories: number
}

/**
 * Finds the files to upload, sorted by path, each once. Symbolic links are followed.
 *
 * @param skipped told of whatever was matched and is neither file nor directory (a pipe, a device)
 * @param signal ends the search
 * @throws InputError naming `path`, with every file that cannot be read; the signal's reason if it is aborted
 */
export async function findFiles(
  patterns: string,
  glob: Glob,
  skipped: (path: string) => void,
  signal?: AbortSignal,
): Promise<Found> {
  const problems: string[] = []
  const files: LocalFile[] = []
  const directories: string[] = []
  const found = (await matches(patterns, glob, signal)).map((path) => display(path))
  for (const path of [...new Set(found)].sort()) {
    signal?.throwIfAborted()
    const stats = await stat(path)
    if (stats.isDirectory()) {
      directories.push(path)
      continue
    }
    if (!stats.isFile()) {
      skipped(path)
      continue
    }
    await access(path, constants.R_OK).catch((error: unknown) => problems.push(unreadable(error)))
    files.push({ path, name: basename(path), size: stats.size, modified: stats.mtimeMs })
  }
  // Only Linux has such names. A file beside a file that was found may match as well.
  const places =
    process.platform === 'linux' ? [...directories, ...files.map(({ path }) => dirname(path))] : undefined
  for (const path of places ? await undecodableNames(patterns, places, signal) : [])
    problems.push(
      `path: the name of ${display(path)} is not UTF-8, rename the file / 文件名不是 UTF-8 编码，请重命名`,
    )
  if (problems.length > 0) throw new InputError(problems)
  return { files, directories: directories.length }
}

/**
 * Gives the file another name in DingTalk.
 *
 * @throws InputError naming `name`, if there are more files than one
 */
export function renamed(files: readonly LocalFile[], name: string): LocalFile[] {
  if (files.length > 1) {
    const many = `${files.length} files were found, and they cannot all be called ${JSON.stringify(name)}`
    throw new InputError([`name: ${many} / 找到多个文件，不能共用一个名称`])
  }
  return files.map((file) => ({ ...file, name }))
}

/** @throws InputError naming `path`, with every file whose name DingTalk forbids */
export function refuseNames(files: readonly LocalFile[]): void {
  const problems = files.flatMap(({ name }) => {
    const refusal = refusalOfName(name)
    return refusal ? [`path: DingTalk does not allow the name ${JSON.stringify(name)}: ${refusal}`] : []
  })
  if (problems.length > 0) throw new InputError(problems)
}

async function matches(patterns: string, glob: Glob, signal: AbortSignal | undefined): Promise<string[]> {
  try {
    return await glob(patterns)
  } catch (error) {
    signal?.throwIfAborted()
    throw new InputError([unreadable(error)])
  }
}

function unreadable(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException
  return path === undefined
    ? `path: ${message} / 路径或通配符有误`
    : `path: the runner's user cannot read ${JSON.stringify(display(path))} (${code ?? message}) / 无法读取该文件`
}

/** A path as it is shown: relative where it lies below the working directory, and with forward slashes. */
export function display(path: string, directory = process.cwd(), rules = nodePath): string {
  return pathBelow(directory, path, rules) || forwardSlashes(path, rules)
}
