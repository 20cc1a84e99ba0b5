import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { bundledPackages } from './bundled-packages.ts'

const ROOT = dirname(import.meta.dirname)

/**
 * Bundles `src/` with everything it needs into a directory, and replaces its contents. The bytes depend only on the sources and
 * the lock file.
 *
 * @returns the packages that the bundle contains, as paths below the repository, such as `node_modules/undici`
 * @throws Error if the types are wrong or the bundler fails, with details on stderr
 */
export function bundle(into: string): Set<string> {
  const built = join(ROOT, 'build')
  rmSync(built, { recursive: true, force: true })
  node(bin('typescript', 'bin/tsc'), '-p', 'tsconfig.build.json')
  // ncc keeps the chunks that exist already, so start with an empty directory.
  const fresh = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    const packages = runNcc(join(built, 'index.js'), fresh, join(built, 'stats.json'))
    // Code that only the setup needs is in separate chunks.
    for (const name of readdirSync(fresh).filter((name) => name.endsWith('index.js'))) {
      const path = join(fresh, name)
      writeFileSync(path, withoutComments(readFileSync(path, 'utf8')))
    }
    writeFileSync(join(fresh, 'licenses.txt'), licenses(packages))
    for (const name of ['cli.js', 'start.cjs']) cpSync(join(ROOT, 'src', name), join(fresh, name))
    chmodSync(join(fresh, 'cli.js'), 0o755)
    rmSync(into, { recursive: true, force: true })
    cpSync(fresh, into, { recursive: true })
    return packages
  } finally {
    rmSync(fresh, { recursive: true })
    rmSync(built, { recursive: true })
  }
}

/** Runs the bundler on one entry. Returns the packages that it took modules from. */
function runNcc(entry: string, into: string, stats: string): Set<string> {
  node(bin('@vercel/ncc', 'dist/ncc/cli.js'), 'build', entry, '-o', into, '-q', '--stats-out', stats)
  const packages = new Set<string>()
  const add = ({ name = '', modules = [] }: Module): void => {
    // A package may be in the node_modules of another one.
    const [path] = /(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+/.exec(name) ?? []
    if (path !== undefined) packages.add(path.slice(0, -1))
    modules.forEach(add)
  }
  add(JSON.parse(readFileSync(stats, 'utf8')) as Module)
  return packages
}

/** Comments to keep: legal notices, and the bundler's own, which name the next file. */
const KEPT = /licen[cs]e|copyright|CONCATENATED MODULE/i

/**
 * Removes most comments, which are a fifth of the bundle. Everything else stays, so that the bundle is readable and its stack
 * traces make sense.
 */
function withoutComments(source: string): string {
  const file = ts.createSourceFile('index.js', source, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS)
  const comments = new Map<number, number>()
  const visit = (node: ts.Node): void => {
    const found = [
      ...(ts.getLeadingCommentRanges(source, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.end) ?? []),
    ]
    for (const { pos, end } of found) if (!KEPT.test(source.slice(pos, end))) comments.set(pos, end)
    ts.forEachChild(node, visit)
  }
  visit(file)

  let rest = ''
  let at = 0
  for (const [pos, end] of [...comments].sort(([a], [b]) => a - b)) {
    const lineStart = source.lastIndexOf('\n', pos - 1) + 1
    const lineEnd = source.indexOf('\n', end) + 1
    const isAlone = (source.slice(lineStart, pos) + source.slice(end, lineEnd)).trim() === ''
    // Removes the lines of a comment that has its own. Another comment can separate two words.
    rest += isAlone ? source.slice(at, lineStart) : `${source.slice(at, pos)} `
    at = isAlone ? lineEnd : end
  }
  return rest + source.slice(at)
}

/** A module as the bundler reports it: its path and, if it combines several modules, those. */
interface Module {
  name?: string
  modules?: Module[]
}

/** The bundle's files below a directory: relative path → bytes. */
export function bundleFiles(directory: string): Map<string, Buffer> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(names.map((name) => [name.slice(directory.length + 1), readFileSync(name)]))
}

/** The licenses of the packages that the bundle contains. */
function licenses(contained: ReadonlySet<string>): string {
  return bundledPackages()
    .filter(({ path }) => contained.has(path))
    .map(({ path, name, version, license }) => {
      const directory = join(ROOT, path)
      const file = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name))
      const text = file === undefined ? '' : `\n${readFileSync(join(directory, file), 'utf8').trim()}\n`
      return `${name} ${version}\n${license}\n${text}`
    })
    .join('\n---\n\n')
}

function bin(name: string, path: string): string {
  return fileURLToPath(new URL(`../node_modules/${name}/${path}`, import.meta.url))
}

function node(...args: string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`${args.join(' ')} failed`)
}
