import { InputError } from '../errors.ts'
import { collisions } from './collisions.ts'
import { findFiles, refuseNames, renamed, type Glob } from './find-files.ts'
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
  readonly archive: boolean
  readonly conflictStrategy: keyof typeof COLLISIONS
  /** Empty: no release. */
  readonly releaseTag: string
}

/** Where files come from, and who hears about what is left out. */
export interface FileSources {
  readonly glob: Glob
  /** Downloads the assets of the release. */
  readonly releaseAssets: () => Promise<LocalFile[]>
  readonly temporary: TemporaryDirectory
  readonly signal?: AbortSignal | undefined
  readonly logger: { info(line: string): void; warning(message: string): void }
}

/** How name collisions are resolved. */
const COLLISIONS = {
  AUTO_RENAME: 'where they clash, the later one gets a number / 同名时后者自动改名',
  OVERWRITE:
    'where they clash, the later one becomes a new version of the earlier / 同名时后者成为前者的新版本',
  RETURN_DENTRY_IF_EXISTS:
    'where they clash, the earlier one stays and the later one is not uploaded / 同名时保留前者，不上传后者',
  RETURN_ERROR_IF_EXISTS: 'where they clash, the later one fails / 同名时后者失败',
  IF_CHANGED:
    'where they clash, the later one becomes a new version of the earlier, unless their content is the same / 同名时后者成为前者的新版本，内容相同则不上传',
}

/**
 * The files to upload: from disk, from a release, or the one archive of all of them.
 *
 * @returns in the order of their paths; empty if none was found and that is no error
 * @throws InputError if the selection does not fit what is there, LocalFileError if a file cannot be read
 */
export async function collectFiles(selection: FileSelection, sources: FileSources): Promise<LocalFile[]> {
  const { path, name, archive, conflictStrategy, releaseTag } = selection
  const { glob, releaseAssets, temporary, signal, logger } = sources
  const skip = (skipped: string) => {
    logger.warning(`${skipped} is neither a file nor a directory: left out / 不是文件或目录，已跳过`)
  }
  const { files: local, directories } = await findFiles(path, glob, skip, signal)
  const assets = releaseTag ? await releaseAssets() : []
  const found = [...local, ...assets]
  if (found.length === 0) return noFiles(selection, directories, logger)
  if (archive) {
    // A chunk that most jobs never need.
    const { pack } = await import('./archive.ts')
    return [await pack([local, assets], name || 'artifact.zip', await temporary.path(), signal)]
  }
  const files = name ? renamed(found, name) : found
  refuseNames(files)
  for (const group of collisions(files)) {
    const paths = group.map((file) => file.path).join(', ')
    logger.warning(
      `path: ${paths} have one name in DingTalk, or names that differ in case only: ${COLLISIONS[conflictStrategy]}`,
    )
  }
  return files
}

/** @throws InputError if that is an error */
function noFiles(
  { path, includeHiddenFiles, ifNoFilesFound }: FileSelection,
  directories: number,
  logger: FileSources['logger'],
): [] {
  const empty = directories > 0 ? ' (only directories without files)' : ''
  const hidden = includeHiddenFiles ? '' : '; hidden files are left out, see include-hidden-files'
  const message = `path: no file was found at ${path.split('\n').join(', ')}${empty}${hidden} / 没有找到匹配的文件`
  if (ifNoFilesFound === 'error') throw new InputError([message])
  if (ifNoFilesFound === 'warn') logger.warning(message)
  else logger.info(message)
  return []
}
