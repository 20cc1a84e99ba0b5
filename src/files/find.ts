import { constants, existsSync } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { pack } from './archive.ts'
import { literalMatches } from './literal-paths.ts'
import { display, type LocalFile } from './local-file.ts'
import { collisions, refuseDirectories, refuseNames, renamed, withDirectories } from './names.ts'
import type { TemporaryDirectory } from './temporary-directory.ts'
import { undecodableNames } from './undecodable-names.ts'

/** What to upload, as the inputs say it. */
export interface FileSelection {
  /** Patterns, newline-separated; may be empty if there is a release. */
  readonly path: string
  /** Absolute paths of more files and directories, in which no character is special. */
  readonly literalPaths: readonly string[]
  readonly includeHiddenFiles: boolean
  readonly ifNoFilesFound: 'error' | 'warn' | 'ignore'
  /** In DingTalk; empty: the file's own. */
  readonly name: string
  /** Whether the directories below the patterns' common root become folders. */
  readonly keepDirectories: boolean
  readonly archive: boolean
  readonly conflictStrategy: keyof typeof COLLISIONS
  /** Empty: no release. */
  readonly releaseTag: string
}

/** Where files come from, and who hears about what is left out. */
export interface FileSources {
  readonly glob: Glob
  /** The same, with hidden files and directories. */
  readonly globHidden: Glob
  /** Where the search of patterns begins: absolute paths. */
  readonly searchPaths: (patterns: string) => Promise<string[]>
  /** Downloads the assets of the release. */
  readonly releaseAssets: () => Promise<LocalFile[]>
  readonly temporary: TemporaryDirectory
  readonly signal?: AbortSignal | undefined
  readonly logger: { info(line: Text): void; warning(message: Text): void }
}

/** How name collisions are resolved. */
const COLLISIONS = {
  AUTO_RENAME: { en: 'Later files get a number.', zh: '后面的文件会自动加上序号。' },
  OVERWRITE: {
    en: 'Later files become new versions of the earlier ones.',
    zh: '后面的文件会成为前面文件的新版本。',
  },
  RETURN_DENTRY_IF_EXISTS: {
    en: 'The first file is uploaded, and later ones are skipped.',
    zh: '只上传第一个文件，跳过后面的文件。',
  },
  RETURN_ERROR_IF_EXISTS: {
    en: 'The first file is uploaded, and later ones fail.',
    zh: '只有第一个文件能上传成功，后面的文件会失败。',
  },
  IF_CHANGED: {
    en: 'Later files become new versions of the earlier ones, unless their content is the same.',
    zh: '后面的文件会成为前面文件的新版本，内容相同时则不上传。',
  },
} satisfies Readonly<Record<string, Text>>

/**
 * The files to upload: from disk, from a release, or the one archive of all of them.
 *
 * @returns in the order of their paths; empty if none was found and that is no error
 * @throws InputError if the selection does not fit what is there, LocalFileError if a file cannot be read
 */
export async function collectFiles(selection: FileSelection, sources: FileSources): Promise<LocalFile[]> {
  const { path, literalPaths, name, archive, keepDirectories, conflictStrategy, releaseTag } = selection
  const { glob, releaseAssets, temporary, signal, logger } = sources
  const skip = (skipped: string) => {
    logger.warning({
      en: `Skipped ${skipped}: it is neither a file nor a directory.`,
      zh: `已跳过 ${skipped}：它既不是文件，也不是目录。`,
    })
  }
  const literal = () => literalMatches(literalPaths, selection.includeHiddenFiles, signal)
  const matching: Glob = async (patterns) => [...(await glob(patterns)), ...(await literal())]
  const { files: local, directories } = await findFiles(path, matching, skip, signal)
  const assets = releaseTag ? await releaseAssets() : []
  const placed = keepDirectories
    ? withDirectories(local, [...(await sources.searchPaths(path)), ...literalPaths])
    : local
  const found = [...placed, ...assets]
  if (found.length === 0) return noFiles(selection, directories, sources)
  const missing = literalPaths
    .filter((path) => !existsSync(path))
    .map((path) => JSON.stringify(display(path)))
  if (missing.length > 0)
    reportMissing(selection, sources, {
      en: `There is no file or directory ${missing.join(', ')}.`,
      zh: `文件或目录 ${missing.join('、')} 不存在。`,
    })
  if (archive) {
    return [
      await pack(
        [local, ...assets.map((asset) => [asset])],
        name || 'artifact.zip',
        await temporary.path(),
        signal,
      ),
    ]
  }
  const files = name ? renamed(found, name) : found
  refuseDirectories(files)
  refuseNames(files)
  for (const group of collisions(files)) {
    const paths = group.map((file) => file.path)
    const clash = {
      en: `path: these files have the same name, or names that differ only in case: ${paths.join(', ')}.`,
      zh: `path：以下文件同名，或文件名仅大小写不同：${paths.join('、')}。`,
    }
    logger.warning(joined(clash, COLLISIONS[conflictStrategy]))
  }
  return files
}

/** @throws InputError if that is an error */
async function noFiles(selection: FileSelection, directories: number, sources: FileSources): Promise<[]> {
  const { path, literalPaths, includeHiddenFiles } = selection
  const hidden = includeHiddenFiles
    ? []
    : await Promise.all([path ? sources.globHidden(path) : [], literalMatches(literalPaths, true)]).catch(
        () => [],
      )
  reportMissing(selection, sources, nothingFound(selection, directories, hidden.flat().length > directories))
  return []
}

/** Reports that there are fewer files than the inputs name. @throws InputError if that is an error */
function reportMissing({ ifNoFilesFound }: FileSelection, { logger }: FileSources, text: Text): void {
  if (ifNoFilesFound === 'error') throw new InputError([{ input: 'path', text }])
  const told = { en: `path: ${text.en}`, zh: `path：${text.zh}` }
  if (ifNoFilesFound === 'warn') logger.warning(told)
  else logger.info(told)
}

/** Where was looked, what may be wrong, and what to do. */
function nothingFound(
  { path, literalPaths, releaseTag }: FileSelection,
  directories: number,
  isHidden: boolean,
): Text {
  const patterns = path
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .concat(literalPaths.map((literal) => display(literal)))
  const release = releaseTag
    ? {
        en: `, neither in ${process.cwd()} nor among the assets of the release ${releaseTag}.`,
        zh: `：在 ${process.cwd()} 和 Release ${releaseTag} 的附件中都没有找到。`,
      }
    : { en: ` in ${process.cwd()}.`, zh: `（工作目录：${process.cwd()}）。` }
  const nothing = {
    en: `No file matches ${patterns.map((pattern) => `"${pattern}"`).join(', ')}${release.en}`,
    zh: `没有文件匹配${patterns.map((pattern) => `「${pattern}」`).join('、')}${release.zh}`,
  }
  if (isHidden) {
    return joined(nothing, {
      en: 'Only hidden files match, whose names or directories start with a dot. To upload them, set include-hidden-files: true.',
      zh: '只匹配到隐藏文件（文件名或所在目录名以点开头）。如需上传，请设置 include-hidden-files: true。',
    })
  }
  const advice = {
    en: 'Check path, and whether the step that builds the files ran before this one and succeeded.',
    zh: '请检查 path，并确认生成这些文件的构建步骤已在本步骤之前运行成功。',
  }
  if (directories === 0) return joined(nothing, advice)
  return joined(
    joined(nothing, { en: 'Only empty directories match.', zh: '只匹配到没有文件的目录。' }),
    advice,
  )
}

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

async function matches(patterns: string, glob: Glob, signal: AbortSignal | undefined): Promise<string[]> {
  try {
    return await glob(patterns)
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof InputError ? error : new InputError([unreadable(error)])
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
