import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundledPackages } from './bundled-packages.ts'

const ROOT = dirname(import.meta.dirname)

/**
 * Bundles `src/` with everything it needs into a directory, whose earlier content goes. The bytes depend on the sources
 * and the lock file alone.
 *
 * @throws Error if the types are wrong or the bundler fails; its words are on stderr
 */
export function bundle(into: string): void {
  const built = join(ROOT, 'build')
  rmSync(built, { recursive: true, force: true })
  node(bin('typescript', 'bin/tsc'), '-p', 'tsconfig.build.json')
  // ncc keeps the chunks that exist already, so start with an empty directory.
  const fresh = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    node(bin('@vercel/ncc', 'dist/ncc/cli.js'), 'build', join(built, 'index.js'), '-o', fresh, '-q')
    writeFileSync(join(fresh, 'licenses.txt'), licences())
    rmSync(into, { recursive: true, force: true })
    cpSync(fresh, into, { recursive: true })
  } finally {
    rmSync(fresh, { recursive: true })
    rmSync(built, { recursive: true })
  }
}

/** The bundle's files below a directory: relative path → bytes. */
export function bundleFiles(directory: string): Map<string, Buffer> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(names.map((name) => [name.slice(directory.length + 1), readFileSync(name)]))
}

/** The licences of everything that the bundle may contain. */
function licences(): string {
  return bundledPackages()
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
