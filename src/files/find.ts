import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { InputError, type Problem } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { pack } from './archive.ts'
import { display, type LocalFile } from './local-file.ts'
import { collisions, listed, refuseNames, withDirectories } from './names.ts'
import { nothingFound } from './nothing-found.ts'
import { exists, type Found, type Line, type PatternRules, readLines, search } from './search.ts'
import type { TemporaryDirectory } from './temporary-directory.ts'

/** The inputs that select files. */
export interface FileSelection {
  /** Patterns, one per line. */
  readonly path: string
  /** Paths of files and directories, which are not patterns. */
  readonly literalPaths?: readonly string[]
  readonly includeHiddenFiles: boolean
  readonly ifNoFilesFound: 'error' | 'warn' | 'ignore'
  /** The name in DingTalk; empty: the name of the file. */
  readonly name: string
  readonly keepDirectories: boolean
  readonly archive: boolean
  /** Empty if there is no release. */
  readonly releaseTag: string
}

/** Where files come from, and where messages go. */
export interface FileSources {
  readonly rules: PatternRules
  /** Whether to warn about each pattern without a match. */
  readonly expectsAll?: boolean
  /** Directories that symbolic links may lead to. */
  readonly inside: readonly string[]
  /** Downloads the assets of the release. */
  readonly releaseAssets: () => Promise<LocalFile[]>
  readonly temporary: TemporaryDirectory
  readonly signal?: AbortSignal | undefined
  readonly logger: { info(line: Text): void; warning(message: Text): void }
}

/**
 * Finds the files to upload.
 *
 * @returns the files on disk, sorted by path, and the assets of the release, or one zip of all of them. Empty if none was found
 *   and that is not an error
 * @throws InputError if an input doesn't fit the files; LocalFileError if a file can't be read; the signal's reason
 */
export async function collectFiles(selection: FileSelection, sources: FileSources): Promise<LocalFile[]> {
  const { path, literalPaths = [], name, archive, keepDirectories, releaseTag } = selection
  const { rules, releaseAssets, temporary, signal, logger } = sources
  let lines: Line[]
  try {
    lines = await readLines(path, rules, literalPaths)
  } catch (error) {
    throw new InputError([{ input: 'path', text: unusablePattern((error as Error).message) }])
  }
  const { includeHiddenFiles: includeHidden } = selection
  const found = await search(lines, { ...sources, includeHidden })
  const local = await readableFiles(found, sources)
  for (const text of warningsOf(found)) logger.warning(text)
  const assets = releaseTag ? await releaseAssets() : []
  if (local.length + assets.length === 0) {
    const all = includeHidden ? found : await search(lines, { ...sources, includeHidden: true })
    const isHidden = all.files.length > found.files.length
    const finds = async (pattern: string) => {
      const found = await search(await readLines(pattern, rules), { ...sources, includeHidden: true })
      return found.files.length > 0
    }
    const text = await nothingFound(lines, releaseTag, found, isHidden, finds)
    reportMissing(text, selection, sources)
    return []
  }
  const missing: string[] = []
  for (const literal of literalPaths)
    if (!(await exists(literal))) missing.push(JSON.stringify(display(literal)))
  if (missing.length > 0) {
    const text = {
      en: `There is no file or directory ${missing.join(', ')}.`,
      zh: `文件或目录 ${missing.join('、')} 不存在。`,
    }
    reportMissing(text, selection, sources)
  }
  // With a release, a pattern may match only its assets.
  if (sources.expectsAll && !releaseTag && found.unmatched.length > 0) {
    const { en, zh } = listed(found.unmatched)
    logger.warning({ en: `No file matches ${en}.`, zh: `没有文件匹配 ${zh}。` })
  }
  const places = lines.flatMap((line) => (line.excludes ? [] : line.places))
  const placed = archive || keepDirectories ? withDirectories(local, places) : local
  const all = [...placed, ...assets]
  if (archive) return [await pack(all, name || 'artifact.zip', await temporary.path(), signal)]
  if (name && all.length > 1) {
    const { en, zh } = listed(all.map(({ path }) => path))
    const text = {
      en: `${all.length} files match path, but name ("${name}") can only be used with one: ${en}. Use a narrower path, or set archive: true to upload them as one zip.`,
      zh: `path 匹配到 ${all.length} 个文件，而 name（「${name}」）只能用于一个文件：${zh}。请缩小 path 的范围，或设置 archive: true 打包为一个 zip 上传。`,
    }
    throw new InputError([{ input: 'name', text }])
  }
  const files = name ? all.map((file) => ({ ...file, name })) : all
  refuseNames(files)
  for (const group of collisions(files)) {
    const paths = group.map((file) => file.path)
    logger.warning({
      en: `path: these files have the same name, or names that differ only in case: ${paths.join(', ')}. In DingTalk, conflict-strategy applies to all but the first.`,
      zh: `path：以下文件同名，或文件名仅大小写不同：${paths.join('、')}。除第一个文件外，其余文件在钉钉中按 conflict-strategy 处理。`,
    })
  }
  return files
}

/** Reports missing files as `if-no-files-found` says. @throws InputError for `error` */
function reportMissing(text: Text, { ifNoFilesFound }: FileSelection, { logger }: FileSources): void {
  if (ifNoFilesFound === 'error') throw new InputError([{ input: 'path', text }])
  const line = { en: `path: ${text.en}`, zh: `path：${text.zh}` }
  if (ifNoFilesFound === 'warn') logger.warning(line)
  else logger.info(line)
}

/**
 * Opens each file, so that an unreadable file stops the job before its first upload.
 *
 * @throws InputError with every file and directory that can't be read; the signal's reason
 */
async function readableFiles(
  { files: paths, errors, undecodable }: Found,
  { signal, logger }: FileSources,
): Promise<LocalFile[]> {
  const texts = errors.map(unreadable)
  const files: LocalFile[] = []
  for (const path of paths.map((absolute) => display(absolute)).sort()) {
    signal?.throwIfAborted()
    try {
      const stats = await stat(path)
      if (stats.isFile()) {
        // On Windows, only reading fails if another program has locked the file.
        const file = await open(path)
        await file.read(Buffer.alloc(1), 0, 1, 0).finally(() => file.close())
        files.push({ path, name: basename(path), size: stats.size, modified: stats.mtimeMs })
      } else
        logger.warning({
          en: `Skipped ${path}: it is neither a file nor a directory.`,
          zh: `已跳过 ${path}：它既不是文件，也不是目录。`,
        })
    } catch (error) {
      texts.push(unreadable(Object.assign(error as NodeJS.ErrnoException, { path })))
    }
  }
  for (const path of undecodable.map((absolute) => display(absolute)))
    texts.push({
      en: `The name of ${path} is not valid UTF-8. Rename the file.`,
      zh: `${path} 的文件名不是有效的 UTF-8 编码，请重命名该文件。`,
    })
  if (texts.length === 0) return files
  throw new InputError(texts.map((text): Problem => ({ input: 'path', text })))
}

function* warningsOf({ outside, tooEarly }: Found): Generator<Text> {
  if (outside.length > 0) {
    const { en, zh } = listed(outside.map((path) => display(path)))
    yield {
      en: `path: these symbolic links lead out of the workspace and were not followed: ${en}. To upload the target of a link, add the path of the link to path on a separate line.`,
      zh: `path：以下符号链接指向工作目录之外，未跟随：${zh}。如需上传其指向的内容，请在 path 中单独一行填写该链接的路径。`,
    }
  }
  if (tooEarly.length > 0) {
    const { en, zh } = listed(tooEarly)
    yield {
      en: `path: these lines exclude nothing, because the files they match are included by later lines: ${en}. Move them to the end of path.`,
      zh: `path：以下排除规则没有生效，因为它们匹配的文件又被后面的行包含：${zh}。请将这些行移到 path 的末尾。`,
    }
  }
}

function unreadable({ code, path = '', message }: NodeJS.ErrnoException): Text {
  const [shown, reason] = [JSON.stringify(display(path)), code ?? message]
  return {
    en: `Cannot read ${shown} (${reason}). Make sure that the runner's user may read it, and that no other program locks, changes, or deletes files in path during this step. Or exclude it with "!".`,
    zh: `无法读取 ${shown}（${reason}）。请确认运行 runner 的用户有读取权限，并且本步骤运行期间没有其他程序锁定、修改或删除 path 中的文件；也可以用「!」排除它。`,
  }
}

/** @param message the error of `@actions/glob` */
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
