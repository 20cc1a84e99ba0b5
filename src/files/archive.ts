import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { InputError, LocalFileError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { type LocalFile, placeOf, unchanged } from './local-file.ts'

/** Files that are already compressed. */
const COMPRESSED =
  /\.(apk|aab|aar|hap|ipa|zip|jar|war|whl|nupkg|msix|appx|crx|xpi|7z|rar|t?gz|t?bz2|t?xz|t?zst|br|lz4|dmg|deb|rpm|png|jpe?g|gif|webp|avif|heic|mp[34]|m4[av]|mov|mkv|webm|ogg|opus|flac|docx|xlsx|pptx|woff2?)$/i

/** The earliest time of a zip. With a fixed time, the same files always give the same zip. */
const TIME = new Date(1980, 0, 1)

/**
 * Packs files into one zip with their directories and executable bits. Symbolic links become copies.
 *
 * @param name of the zip in DingTalk
 * @param directory where the zip is written
 * @throws InputError if a zip can't contain the paths; LocalFileError if a file changes or can't be read
 */
export async function pack(
  files: readonly LocalFile[],
  name: string,
  directory: string,
  signal?: AbortSignal,
): Promise<LocalFile> {
  const refused = (text: Text) => new InputError([{ input: 'archive', text }])
  const entries = new Map<string, LocalFile>()
  for (const file of files) {
    const path = placeOf(file)
    const other = entries.get(path)
    if (other)
      throw refused({
        en: `${other.path} and ${file.path} would have the same path in the zip, ${path}. Exclude one of them in path.`,
        zh: `${other.path} 与 ${file.path} 在 zip 中的路径相同，均为 ${path}。请在 path 中排除其中一个。`,
      })
    // Some programs would unpack it to another path.
    if (/\\|^[a-z]:/i.test(path))
      throw refused({
        en: `A zip cannot contain the path ${JSON.stringify(path)}: it contains a backslash, or starts with a drive letter. Rename the file.`,
        zh: `zip 不能包含路径 ${JSON.stringify(path)}：其中有反斜杠，或以盘符开头。请重命名该文件。`,
      })
    entries.set(path, file)
  }
  const zip = new ZipFile()
  const failed = new AbortController()
  zip.once('error', (error) => {
    failed.abort(error)
  })
  for (const [path, file] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    signal?.throwIfAborted()
    const { mode } = await unchanged(file)
    zip.addFile(file.location ?? file.path, path, {
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
  return { path: name, location: path, name, size, modified: mtimeMs }
}
