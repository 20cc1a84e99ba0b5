import { InputError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { pack } from './archive.ts'
import { collisions } from './collisions.ts'
import { refuseDirectories, withDirectories } from './directories.ts'
import { findFiles, type Glob, refuseNames, renamed } from './find-files.ts'
import type { LocalFile } from './local-file.ts'
import type { TemporaryDirectory } from './temporary-directory.ts'

/** What to upload, as the inputs say it. */
export interface FileSelection {
  /** Patterns, newline-separated; may be empty if there is a release. */
  readonly path: string
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
  /** Downloads the assets of the release. */
  /** Where the search of patterns begins: absolute paths. */
  readonly searchPaths: (patterns: string) => Promise<string[]>
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
  const { path, name, archive, keepDirectories, conflictStrategy, releaseTag } = selection
  const { glob, releaseAssets, temporary, signal, logger } = sources
  const skip = (skipped: string) => {
    logger.warning({
      en: `Skipped ${skipped}: it is neither a file nor a directory.`,
      zh: `已跳过 ${skipped}：它既不是文件，也不是目录。`,
    })
  }
  const { files: local, directories } = await findFiles(path, glob, skip, signal)
  const assets = releaseTag ? await releaseAssets() : []
  const placed = keepDirectories ? withDirectories(local, await sources.searchPaths(path)) : local
  const found = [...placed, ...assets]
  if (found.length === 0) return noFiles(selection, directories, sources)
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
async function noFiles(
  selection: FileSelection,
  directories: number,
  { globHidden, logger }: FileSources,
): Promise<[]> {
  const { path, includeHiddenFiles, ifNoFilesFound } = selection
  const hidden = path && !includeHiddenFiles ? await globHidden(path).catch(() => []) : []
  const text = nothingFound(selection, directories, hidden.length > directories)
  if (ifNoFilesFound === 'error') throw new InputError([{ input: 'path', text }])
  const told = { en: `path: ${text.en}`, zh: `path：${text.zh}` }
  if (ifNoFilesFound === 'warn') logger.warning(told)
  else logger.info(told)
  return []
}

/** Where was looked, what may be wrong, and what to do. */
function nothingFound({ path, releaseTag }: FileSelection, directories: number, isHidden: boolean): Text {
  const patterns = path
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
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
