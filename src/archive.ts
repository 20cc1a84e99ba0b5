import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { LocalFileError } from './file-reading.ts'
import type { LocalFile } from './files.ts'
import { InputError } from './inputs.ts'

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
 * @throws InputError naming `archive`, if two files would have one path in it
 * @throws LocalFileError if a file is written to meanwhile, or can no longer be read
 */
export async function pack(
  groups: readonly (readonly LocalFile[])[],
  name: string,
  directory: string,
  signal?: AbortSignal,
): Promise<LocalFile> {
  const entries = new Map<string, LocalFile>()
  for (const [path, file] of groups.flatMap(entriesOf)) {
    const other = entries.get(path)
    if (other) throw new InputError([`archive: ${other.path} and ${file.path} would both be ${path} in it`])
    entries.set(path, file)
  }
  const zip = new ZipFile()
  const failed = new AbortController()
  zip.once('error', (error) => {
    failed.abort(error)
  })
  for (const [path, file] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
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
    throw new LocalFileError(`the archive could not be made: ${cause.message}`, { cause })
  }
  for (const file of entries.values()) await unchanged(file)
  const { size, mtimeMs } = await stat(path)
  return { path, name, size, modified: mtimeMs }
}

/** Files by their paths below the deepest directory that holds them all. */
function entriesOf(files: readonly LocalFile[]): (readonly [string, LocalFile])[] {
  const paths = files.map(({ path }) => resolve(path))
  const [first = '', ...others] = paths.map((path) => dirname(path))
  let root = first
  while (others.some((path) => path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep)))
    root = dirname(root)
  return files.map((file, index) => {
    const path = relative(root, paths[index] ?? '') || basename(file.path)
    return [path.replaceAll(sep, '/'), file] as const
  })
}

/** @throws LocalFileError if a file is not as it was found */
async function unchanged({ path, size, modified }: LocalFile) {
  const now = await stat(path).catch((error: unknown) => {
    throw new LocalFileError(`${path} can no longer be read: ${(error as Error).message}`, { cause: error })
  })
  if (now.size !== size || now.mtimeMs !== modified)
    throw new LocalFileError(`${path} was written to while it was packed`)
  return now
}
