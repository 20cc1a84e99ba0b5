import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { basename, relative, isAbsolute, sep } from 'node:path'
import { refusalOfName } from './dentry-name.ts'
import { InputError } from './inputs.ts'

/** A file to upload, as it was when it was found. */
export interface LocalFile {
  /** Relative to the working directory where it lies below that, with forward slashes. */
  readonly path: string
  /** Its name in DingTalk. */
  readonly name: string
  /** bytes */
  readonly size: number
  /** When it was last written to, in ms since the epoch. */
  readonly modified: number
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
 * @throws InputError naming `path`, with every file that cannot be uploaded
 */
export async function findFiles(
  patterns: string,
  glob: Glob,
  skipped: (path: string) => void,
): Promise<Found> {
  const problems: string[] = []
  const files: LocalFile[] = []
  let directories = 0
  const found = (await matches(patterns, glob)).map(display)
  for (const path of [...new Set(found)].sort()) {
    const stats = await stat(path)
    if (stats.isDirectory()) {
      directories++
      continue
    }
    if (!stats.isFile()) {
      skipped(path)
      continue
    }
    const name = basename(path)
    const refusal = refusalOfName(name)
    if (refusal) problems.push(`path: DingTalk does not allow the name ${JSON.stringify(name)}: ${refusal}`)
    await access(path, constants.R_OK).catch((error: unknown) => problems.push(unreadable(error)))
    files.push({ path, name, size: stats.size, modified: stats.mtimeMs })
  }
  if (problems.length > 0) throw new InputError(problems)
  return { files, directories }
}

async function matches(patterns: string, glob: Glob): Promise<string[]> {
  try {
    return await glob(patterns)
  } catch (error) {
    throw new InputError([unreadable(error)])
  }
}

function unreadable(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException
  return path === undefined
    ? `path: ${message}`
    : `path: the runner's user cannot read ${JSON.stringify(display(path))} (${code ?? message})`
}

function display(path: string): string {
  const inside = relative(process.cwd(), path)
  const shown = inside === '' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? path : inside
  return sep === '\\' ? shown.replaceAll('\\', '/') : shown
}
