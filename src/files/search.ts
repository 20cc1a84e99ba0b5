import { isUtf8 } from 'node:buffer'
import type { Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { display, forwardSlashes, pathBelow } from './local-file.ts'

/** Bits for what a path must be to match. */
const DIRECTORY = 1
const FILE = 2

/** A compiled line of `path`. If a directory matches, so does everything below it. */
export interface Pattern {
  /** Whether the line starts with `!`. */
  readonly excludes: boolean
  /** Absolute paths to search in: the part before the first wildcard. */
  readonly roots: readonly string[]
  /** @returns {@link DIRECTORY} and {@link FILE} bits */
  readonly matches: (path: string) => number
  readonly mayMatchBelow: (directory: string) => boolean
}

/** The syntax of patterns. */
export interface PatternRules {
  /** @throws Error if the pattern is not valid */
  readonly compile: (line: string) => Pattern
  /** Escapes wildcards. */
  readonly escape: (path: string) => string
}

/** One line of `path`, or all literal paths. */
export interface Line extends Pattern {
  readonly text: string
  /** Absolute paths: the directories of files are relative to their common parent. */
  readonly places: readonly string[]
  /** Whether it contains paths instead of a pattern. These may be hidden files. */
  readonly isLiteral?: boolean
}

export interface SearchOptions {
  readonly includeHidden: boolean
  /** Directories that symbolic links may lead to, in addition to the roots of lines. */
  readonly inside: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/** The results of a search. All paths are absolute. */
export interface Found {
  /** Sorted. Includes pipes and devices. */
  readonly files: readonly string[]
  /** How many directories match. */
  readonly directories: number
  /** Links that were not followed, because they lead out of the allowed directories. */
  readonly outside: readonly string[]
  /** Links without a target, or in a cycle. */
  readonly broken: readonly string[]
  /** Names that are not valid UTF-8, so that Node.js can't open them. Bytes other than ASCII are shown as `\xff`. */
  readonly undecodable: readonly string[]
  /** `!` lines without effect, because later lines include what they exclude. */
  readonly tooEarly: readonly string[]
  /** Patterns that match no file. */
  readonly unmatched: readonly string[]
  /** Errors of files and directories that can't be read. */
  readonly errors: readonly NodeJS.ErrnoException[]
}

type Entry = Pick<Stats, 'isDirectory' | 'isSymbolicLink'>

/** Whether a path exists. Follows links. */
export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** The lines of `path` that are not comments. */
export function textLines(path: string): string[] {
  const lines = path.split('\n').map((line) => line.trim())
  return lines.filter((line) => line && !line.startsWith('#'))
}

/** Removes the `- ` of a YAML list, and the quotation marks after it. */
export function withoutDash(line: string): string {
  const [, , quoted, plain = line] = /^- +(?:(["'])(.*)\1|(.+))$/.exec(line) ?? []
  return quoted ?? plain
}

/**
 * Reads the patterns in `path`, one per line. A line that is an existing path, and an existing directory at the start of a pattern, are
 * also taken literally. The `- ` of a YAML list is ignored.
 *
 * @param literals paths that are not patterns. They come first, so that any line can exclude them
 * @throws Error if a pattern is not valid
 */
export async function readLines(
  path: string,
  { compile, escape }: PatternRules,
  literals: readonly string[] = [],
): Promise<Line[]> {
  const lines: Line[] = []
  if (literals.length > 0) {
    const pattern = literally(literals, false)
    const text = literals.map((literal) => display(literal)).join('\n')
    lines.push({ ...pattern, text, places: pattern.roots, isLiteral: true })
  }
  for (const given of textLines(path)) {
    const text = (await exists(given)) ? given : withoutDash(given)
    const [, marks = '', body = ''] = /^([!\s]*)(.*)$/s.exec(text) ?? []
    const wanted = forwardSlashes(body).replace(/^~(?=\/|$)/, () => forwardSlashes(homedir()))
    // A pattern without these characters is a literal path.
    let fixed = /[[*?\\]|\.\./.test(wanted) ? wanted : ''
    while (fixed && !(await exists(fixed))) fixed = fixed.slice(0, Math.max(fixed.lastIndexOf('/'), 0))
    let literal: Pattern | undefined
    if (fixed && fixed === wanted) literal = literally([wanted], marks.replace(/\s/g, '').length % 2 === 1)
    else if (/[[*?\\]|^\.\.(\/|$)/.test(fixed))
      literal = compile(marks + escape(forwardSlashes(resolve(fixed))) + wanted.slice(fixed.length))
    let pattern: Pattern
    try {
      pattern = compile(text)
    } catch (error) {
      // Unlike a pattern, an existing path may contain "..".
      if (!literal) throw error
      pattern = literal
    }
    const places = (literal ?? pattern).roots
    lines.push({ ...(literal && literal !== pattern ? either(literal, pattern) : pattern), text, places })
  }
  return lines
}

/** Whether the last pattern that matches a file includes the file. */
export function isSelected(patterns: readonly Pattern[], file: string): boolean {
  return patterns.reduce((is, { excludes, matches }) => (matches(file) & FILE ? !excludes : is), false)
}

/** On Windows, names are not case-sensitive. */
const key = (path: string) => (process.platform === 'win32' ? path.toLowerCase() : path)

/** Paths with all their parents. */
function withParents(paths: Iterable<string>): Set<string> {
  const all = new Set<string>()
  for (let path of paths) for (; !all.has(path); path = dirname(path)) all.add(path)
  return all
}

/** Matches paths, and everything below them. */
function literally(paths: readonly string[], excludes: boolean): Pattern {
  const roots = paths.map((path) => resolve(path))
  const exact = new Set(roots.map(key))
  const above = withParents(exact)
  const matches = (path: string) => {
    for (let at = key(path); ; at = dirname(at)) {
      if (exact.has(at)) return DIRECTORY | FILE
      if (at === dirname(at)) return 0
    }
  }
  const mayMatchBelow = (path: string) => above.has(key(path)) || matches(path) > 0
  return { excludes, roots, matches, mayMatchBelow }
}

/** Matches what either pattern matches. */
function either(one: Pattern, other: Pattern): Pattern {
  return {
    excludes: one.excludes,
    roots: [...one.roots, ...other.roots],
    matches: (path) => one.matches(path) | other.matches(path),
    mayMatchBelow: (path) => one.mayMatchBelow(path) || other.mayMatchBelow(path),
  }
}

/**
 * Searches directories. Follows links to allowed directories, and links that a line names. Does not read an excluded directory,
 * unless a later line can match below it.
 *
 * @throws the signal's reason
 */
export async function search(
  lines: readonly Line[],
  { includeHidden, inside, signal }: SearchOptions,
): Promise<Found> {
  const [files, directories] = [new Set<string>(), new Set<string>()]
  const [outside, undecodable, broken] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const [effective, tooEarly] = [new Set<Line>(), new Set<Line>()]
  const matching = new Set<Line>()
  const errors = new Map<string, NodeJS.ErrnoException>()
  const roots = new Map(
    lines.flatMap((line) => (line.excludes ? [] : line.roots.map((root) => [key(root), root]))),
  )
  const literal = new Set(lines.flatMap((line) => (line.isLiteral ? line.roots.map(key) : [])))
  const named = withParents(roots.keys())
  let allowed: Promise<string[]> | undefined

  const isInside = async (real: string) => {
    allowed ??= Promise.all([...inside, ...roots.values()].map((path) => realpath(path).catch(() => path)))
    return (await allowed).some((directory) => pathBelow(directory, real) !== undefined)
  }
  const failed = (path: string) => async (error: unknown) => {
    const reason = error as NodeJS.ErrnoException
    if (reason.code !== 'ENOENT' && reason.code !== 'ELOOP') errors.set(path, reason)
    // A path that doesn't exist is not an error, but a broken link is reported.
    else if (await lstat(path).then(Boolean, () => false)) broken.add(path)
    return undefined
  }

  const judge = (path: string, isDirectory: boolean) => {
    let [isMatch, mayMatchBelow] = [false, false]
    const without: Line[] = []
    for (const line of lines) {
      const matches = line.matches(path)
      if (!line.excludes) {
        if (!isDirectory && matches & FILE) matching.add(line)
        isMatch ||= (matches & (isDirectory ? DIRECTORY : FILE)) > 0
        mayMatchBelow ||= isDirectory && line.mayMatchBelow(path)
      } else if (isDirectory ? matches : matches & FILE) {
        if (isMatch || mayMatchBelow) effective.add(line)
        else without.push(line)
        isMatch = mayMatchBelow = false
      }
    }
    if (isMatch && !isDirectory) for (const line of without) tooEarly.add(line)
    return { isMatch, mayMatchBelow }
  }

  /** @param above the real paths of the parent directories */
  const visit = async (path: string, entry: Entry, above: readonly string[]): Promise<void> => {
    signal?.throwIfAborted()
    if (!includeHidden && basename(path).startsWith('.') && !literal.has(key(path))) return
    const isLink = entry.isSymbolicLink()
    let target: Entry | undefined = entry
    let error: unknown
    if (isLink) {
      target = await stat(path).catch((reason: unknown) => {
        error = reason
        return undefined
      })
    }
    const isDirectory = target?.isDirectory() ?? true
    const { isMatch, mayMatchBelow } = judge(path, isDirectory)
    if (!isMatch && !mayMatchBelow) return
    if (!target) {
      await failed(path)(error)
      return
    }
    let real: string | undefined = join(above.at(-1) ?? '', basename(path))
    if (isLink || above.length === 0) {
      real = await realpath(path).catch(failed(path))
      if (real === undefined) return
      if (!named.has(key(path)) && !(await isInside(real))) {
        outside.add(path)
        return
      }
    }
    if (!isDirectory) {
      files.add(path)
      return
    }
    if (above.includes(real)) return
    if (isMatch) directories.add(path)
    if (!mayMatchBelow) return
    const entries = await readdir(path, { encoding: 'buffer', withFileTypes: true }).catch(failed(path))
    const chain = [...above, real]
    for (const child of entries ?? []) {
      const below = join(path, child.name.toString('utf8'))
      if (isUtf8(child.name)) await visit(below, child, chain)
      else if (Object.values(judge(below, child.isDirectory())).includes(true))
        undecodable.add(join(path, escaped(child.name)))
    }
  }

  for (const [name, root] of roots) {
    const parents = withParents(dirname(name) === name ? [] : [dirname(name)])
    if (parents.values().some((parent) => roots.has(parent))) continue
    const entry = await stat(root).catch((error: unknown) =>
      (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? undefined : failed(root)(error),
    )
    if (entry) await visit(root, entry, [])
  }
  return {
    files: [...files].sort(),
    directories: directories.size,
    outside: [...outside].sort(),
    broken: [...broken].sort(),
    undecodable: [...undecodable].sort(),
    tooEarly: [...tooEarly.difference(effective)].map(({ text }) => text),
    unmatched: lines
      .filter((line) => !line.excludes && !line.isLiteral && !matching.has(line))
      .map(({ text }) => text),
    errors: [...errors.values()],
  }
}

function escaped(name: Buffer): string {
  return name.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}
