import { isUtf8 } from 'node:buffer'
import { readdir } from 'node:fs/promises'
import nodePath, { join, matchesGlob, resolve } from 'node:path'

/**
 * Finds what patterns match and Node cannot open: names that are not UTF-8. Node replaces their bytes by U+FFFD, finds no
 * such file, and a search leaves them out as it leaves out broken links.
 *
 * @param directories that the search has found; those that the patterns lead to are looked at besides
 * @param signal ends the search: its reason is thrown
 * @returns absolute paths, with each byte of the name that is not ASCII as `\xff`
 */
export async function undecodableNames(
  patterns: string,
  directories: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const lines = patterns
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
  const wanted = lines.filter((line) => !line.startsWith('!'))
  const unwanted = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  const found = new Set<string>()

  const look = async (directory: string, segments: readonly string[]): Promise<void> => {
    signal?.throwIfAborted()
    // What is no directory, or may not be listed, has been dealt with by the search.
    const entries = await readdir(directory, { encoding: 'buffer', withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(directory, entry.name.toString('utf8'))
      if (!isUtf8(entry.name)) {
        const isWanted = wanted.some((pattern) => matches(path, pattern))
        if (isWanted && !unwanted.some((pattern) => matches(path, pattern)))
          found.add(join(directory, escaped(entry.name)))
      } else if (entry.isDirectory()) {
        const [segment = '', ...further] = segments
        if (segment === '**') await look(path, segments)
        else if (further.length > 0 && matchesGlob(entry.name.toString('utf8'), segment))
          await look(path, further)
      }
    }
  }

  for (const directory of new Set(directories.map((path) => resolve(path)))) await look(directory, [])
  for (const pattern of wanted) {
    const segments = pattern.split('/')
    const wildcard = segments.findIndex((segment) => /[*?[]/.test(segment))
    if (wildcard < 0) continue // a directory among those that were found
    const beginning = segments.slice(0, wildcard).join('/') || (pattern.startsWith('/') ? '/' : '.')
    await look(resolve(beginning), segments.slice(wildcard))
  }
  return [...found].sort()
}

/** Whether a pattern matches a path, or a directory above it. */
function matches(path: string, pattern: string): boolean {
  // Compared with relative paths where possible: the working directory may have `[` in its name.
  const below = nodePath.isAbsolute(pattern) ? path : nodePath.relative(process.cwd(), path)
  const plain = nodePath.normalize(pattern).replace(/\/$/, '')
  return plain === '.' || matchesGlob(below, plain) || matchesGlob(below, `${plain}/**`)
}

/** A name that is not UTF-8: each byte that is not ASCII as `\xff`. */
export function escaped(name: Buffer): string {
  return name.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}
