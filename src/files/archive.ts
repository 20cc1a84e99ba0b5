import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import nodePath, { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { InputError, LocalFileError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { belowCommonRoot, forwardSlashes, type LocalFile, unchanged } from './local-file.ts'

/** What gains nothing from being compressed once more. */
const COMPRESSED =
  /\.(apk|aab|aar|hap|ipa|zip|jar|war|whl|nupkg|msix|appx|crx|xpi|7z|rar|t?gz|t?bz2|t?xz|t?zst|br|lz4|dmg|deb|rpm|png|jpe?g|gif|webp|avif|heic|mp[34]|m4[av]|mov|mkv|webm|ogg|opus|flac|docx|xlsx|pptx|woff2?)$/i

/** The same files make the same archive, whenever and wherever: the earliest time a zip can tell, in no time zone. */
const TIME = new Date(1980, 0, 1)

/**
 * Packs files into one zip: paths relative to their common root, whether they are executable kept, Zip64 where it is
 * needed.
 *
 * @param groups files that have a root in common, each group with its own
 * @param name of the zip, in DingTalk
 * @param directory where the zip is written
 * @throws InputError naming `archive`, if two files would have one path in it, or a path cannot be told in a zip
 * @throws LocalFileError if a file is written to meanwhile, or can no longer be read
 */
export async function pack(
  groups: readonly (readonly LocalFile[])[],
  name: string,
  directory: string,
  signal?: AbortSignal,
): Promise<LocalFile> {
  const entries = new Map<string, LocalFile>()
  for (const files of groups) {
    const paths = members(files.map(({ path }) => path))
    for (const [index, file] of files.entries()) {
      const path = paths[index] ?? ''
      const other = entries.get(path)
      if (other)
        throw refused({
          en: `${other.path} and ${file.path} would have the same path in the zip, ${path}. Exclude one of them in path.`,
          zh: `${other.path} 与 ${file.path} 在 zip 中的路径相同，均为 ${path}。请在 path 中排除其中一个。`,
        })
      // Another path where the archive is unpacked, and to yazl at once.
      if (/\\|^[a-z]:/i.test(path))
        throw refused({
          en: `A zip cannot contain the path ${JSON.stringify(path)}: it has a backslash, or starts like a drive. Rename the file.`,
          zh: `zip 不能包含路径 ${JSON.stringify(path)}：其中有反斜杠，或以盘符开头。请重命名该文件。`,
        })
      entries.set(path, file)
    }
  }
  const zip = new ZipFile()
  const failed = new AbortController()
  zip.once('error', (error) => {
    failed.abort(error)
  })
  for (const [path, file] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    signal?.throwIfAborted()
    const { mode } = await unchanged(file)
    zip.addFile(file.path, path, {
      mtime: TIME,
      forceDosTimestamp: true,
      mode: mode & 0o111 ? 0o100755 : 0o100644,
      compress: !COMPRESSED.test(path),
    })
  }
  zip.end()
  const path = join(directory, 'archive.zip')
  try {
    const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
    await pipeline(zip.outputStream, createWriteStream(path), { signal: stop })
  } catch (error) {
    signal?.throwIfAborted()
    const cause = (failed.signal.reason ?? error) as Error
    const text = {
      en: `Could not create the zip (${cause.message}).`,
      zh: `无法创建 zip（${cause.message}）。`,
    }
    throw new LocalFileError(text, { cause })
  }
  for (const file of entries.values()) {
    signal?.throwIfAborted()
    await unchanged(file)
  }
  const { size, mtimeMs } = await stat(path)
  return { path: forwardSlashes(path), name, size, modified: mtimeMs }
}

/**
 * The paths that files have in the archive: below the deepest directory that holds them all. On Windows each drive has
 * one of its own.
 */
export function members(paths: readonly string[], rules = nodePath): string[] {
  const absolute = paths.map((path) => rules.resolve(path))
  const directories = absolute.map((path) => rules.dirname(path))
  return belowCommonRoot(directories, absolute, rules)
}

function refused(text: Text): InputError {
  return new InputError([{ input: 'archive', text }])
}
