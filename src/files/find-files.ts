import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import nodePath, { basename, dirname } from 'node:path'
import { refusalOfName } from '../dingtalk/names.ts'
import { InputError, type Problem } from '../errors.ts'
import type { Text } from '../http/text.ts'
import type { LocalFile } from './local-file.ts'
import { forwardSlashes, pathBelow } from './local-path.ts'
import { undecodableNames } from './undecodable-names.ts'

/** Finds what patterns match: absolute paths, directories among them. */
export type Glob = (patterns: string) => Promise<string[]>

/** How many files a message lists. */
const MAX_LISTED = 10

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
  const problems: Problem[] = []
  const files: LocalFile[] = []
  const directories: string[] = []
  const found = (await matches(patterns, glob, signal)).map((path) => display(path))
  for (const path of [...new Set(found)].sort()) {
    signal?.throwIfAborted()
    const stats = await stat(path).catch((error: unknown) => {
      problems.push(unreadable(error))
    })
    if (!stats) continue
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
  // Only Linux has such names. Another file in the same directory may match as well.
  const places =
    process.platform === 'linux' ? [...directories, ...files.map(({ path }) => dirname(path))] : undefined
  for (const path of places ? await undecodableNames(patterns, places, signal) : [])
    problems.push(
      ofPath({
        en: `The name of ${display(path)} is not valid UTF-8. Rename the file.`,
        zh: `${display(path)} 的文件名不是有效的 UTF-8 编码，请重命名该文件。`,
      }),
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
  const problems = files.flatMap(({ name }) => {
    const refusal = refusalOfName(name)
    return refusal ? [ofPath(refusal)] : []
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

function unreadable(error: unknown): Problem {
  const { code, path, message } = error as NodeJS.ErrnoException
  if (path === undefined) return ofPath(unusablePattern(message))
  const [shown, reason] = [JSON.stringify(display(path)), code ?? message]
  if (code === 'ENOENT') {
    return ofPath({
      en: `${shown} disappeared while the files were searched (${code}). Make sure that whatever writes or deletes files in path has finished before this step starts.`,
      zh: `查找文件时 ${shown} 消失了（${code}）。请确保在本步骤开始前，对 path 中文件的写入和删除已经结束。`,
    })
  }
  return ofPath({
    en: `The runner's user cannot read ${shown} (${reason}). Change its permissions in an earlier step, or exclude it with "!".`,
    zh: `运行 runner 的用户无法读取 ${shown}（${reason}）。请在前面的步骤中修改其权限，或用「!」排除。`,
  })
}

/** @param message of `@actions/glob`, in English */
function unusablePattern(message: string): Text {
  const pattern = /^Invalid pattern '(.*)'\. Relative pathing/.exec(message)?.[1]
  if (pattern !== undefined) {
    return {
      en: `The pattern "${pattern}" must not contain "." or ".." after its beginning. Remove these parts.`,
      zh: `「${pattern}」中间不能使用「.」或「..」，请去掉这些部分。`,
    }
  }
  return {
    en: `The patterns could not be evaluated: ${message}`,
    zh: `无法解析路径或通配符，系统提示：${message}`,
  }
}

function ofPath(text: Text): Problem {
  return { input: 'path', text }
}

/** A path as it is shown: relative where it lies below the working directory, and with forward slashes. */
export function display(path: string, directory = process.cwd(), rules = nodePath): string {
  return pathBelow(directory, path, rules) || forwardSlashes(path, rules)
}
