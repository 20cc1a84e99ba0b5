import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import nodePath, { type PlatformPath } from 'node:path'
import { LocalFileError } from '../errors.ts'

/** A file to upload, as it was when it was found. */
export interface LocalFile {
  /**
   * What people are shown: relative to the working directory where it lies below that, with forward slashes. For an asset of a release or
   * an archive, its name.
   */
  readonly path: string
  /** Where it is on disk, if that's not its path. */
  readonly location?: string
  /** Its name in DingTalk. */
  readonly name: string
  /** Where it goes below the target folder: names separated by slashes; default: into that folder itself. */
  readonly directory?: string
  /** bytes */
  readonly size: number
  /** When it was last written to, in ms since the epoch. */
  readonly modified: number
}

/** Where a file goes below the target folder, with its name: `docs/api/index.html`. */
export function placeOf({ directory = '', name }: Pick<LocalFile, 'directory' | 'name'>): string {
  return directory === '' ? name : `${directory}/${name}`
}

/** A path as it is shown: relative where it lies below the working directory, and with forward slashes. */
export function display(path: string, directory = process.cwd(), rules = nodePath): string {
  return pathBelow(directory, path, rules) || forwardSlashes(path, rules)
}

/** A path with forward slashes, which Windows understands too; elsewhere a backslash is part of a name, and stays. */
export function forwardSlashes(path: string, { sep }: PlatformPath = nodePath): string {
  return path.replaceAll(sep, '/')
}

/** The path from a directory down to what lies in it, with forward slashes; nothing if it lies elsewhere. */
export function pathBelow(directory: string, path: string, rules = nodePath): string | undefined {
  const down = rules.relative(directory, path)
  // From one drive to another, or to another machine's share, there is no relative path.
  if (down === '..' || down.startsWith(`..${rules.sep}`) || rules.isAbsolute(down)) return undefined
  return forwardSlashes(down, rules)
}

/**
 * Checks that a file is as it was found.
 *
 * @returns its current properties
 * @throws LocalFileError if it is gone, or was written to: part of the old content may have been sent or packed
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

/** The error of a file that was found, but can no longer be read. @param cause the system's error */
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
