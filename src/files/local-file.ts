import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import nodePath, { type PlatformPath } from 'node:path'
import { LocalFileError } from '../errors.ts'

/** A file to upload, as it was when it was found. */
export interface LocalFile {
  /**
   * The path in messages, with forward slashes, and relative if it is below the working directory. For an asset or an archive, its
   * name.
   */
  readonly path: string
  /** The path on disk, if it differs. */
  readonly location?: string
  /** Its name in DingTalk. */
  readonly name: string
  /** The folder below the target folder, such as `docs/api`; default: the target folder. */
  readonly directory?: string
  /** Bytes. */
  readonly size: number
  /** Time of the last change, in ms since the epoch. */
  readonly modified: number
}

/** The path below the target folder, such as `docs/api/index.html`. */
export function placeOf({ directory = '', name }: Pick<LocalFile, 'directory' | 'name'>): string {
  return directory === '' ? name : `${directory}/${name}`
}

/** The path in messages: see {@link LocalFile.path}. */
export function display(path: string, directory = process.cwd(), rules = nodePath): string {
  return pathBelow(directory, path, rules) || forwardSlashes(path, rules)
}

/** Replaces backslashes on Windows. On other systems, a backslash is part of a name. */
export function forwardSlashes(path: string, { sep }: PlatformPath = nodePath): string {
  return path.replaceAll(sep, '/')
}

/** The path relative to a directory, with forward slashes; undefined if it is not in the directory. */
export function pathBelow(directory: string, path: string, rules = nodePath): string | undefined {
  const down = rules.relative(directory, path)
  // Between two drives or network shares, the result is absolute.
  if (down === '..' || down.startsWith(`..${rules.sep}`) || rules.isAbsolute(down)) return undefined
  return forwardSlashes(down, rules)
}

/**
 * Checks that a file has not changed since it was found.
 *
 * @returns its current properties
 * @throws LocalFileError if the file is missing, or was modified: part of its old content may have been sent or packed
 */
export async function unchanged({ path, location = path, size, modified }: LocalFile): Promise<Stats> {
  const now = await stat(location).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  if (now.size !== size)
    throw new LocalFileError({
      en: `${path} changed size during this step, from ${size} to ${now.size} bytes.`,
      zh: `${path} 在本步骤运行期间大小发生变化：由 ${size} 字节变为 ${now.size} 字节。`,
    })
  if (now.mtimeMs !== modified)
    throw new LocalFileError({
      en: `${path} was modified during this step.`,
      zh: `${path} 在本步骤运行期间被修改。`,
    })
  return now
}

/** The error for a file that can no longer be read. @param cause the error of the system */
export function unreadable(path: string, cause: unknown): LocalFileError {
  const { code, message } = cause as NodeJS.ErrnoException
  const text =
    code === 'ENOENT'
      ? { en: `${path} no longer exists (${code}).`, zh: `${path} 已不存在（${code}）。` }
      : {
          en: `${path} can no longer be read (${code ?? message}).`,
          zh: `${path} 已无法读取（${code ?? message}）。`,
        }
  return new LocalFileError(text, { cause })
}
