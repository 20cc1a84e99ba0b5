import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'

const ROOT = dirname(import.meta.dirname)

/** A package in the lock file that the bundle may contain. */
export interface BundledPackage {
  /** Below the repository, such as `node_modules/undici`. */
  readonly path: string
  readonly name: string
  readonly version: string
  readonly license: string
}

interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The packages that `src/` imports, sorted. package.json lists them as devDependencies, because users don't install them. */
export function importedPackages(): string[] {
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map((name) => readFileSync(join(ROOT, name), 'utf8'))
  const specifiers = sources.flatMap((source) =>
    [...source.matchAll(/(?:from|import\()\s*'(?:[./]+node_modules\/)?([^'.][^']*)'/g)].map(
      ([, specifier = '']) => specifier,
    ),
  )
  const names = specifiers
    .filter((specifier) => !specifier.startsWith('node:') && !builtinModules.includes(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
  return [...new Set(names)].sort()
}

/** The packages that `src/` imports and all that they depend on, sorted by path. */
export function bundledPackages(): BundledPackage[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>
  }
  const found = new Set<string>()
  const add = (name: string, from: string): void => {
    const path = resolved(name, from, packages)
    if (found.has(path)) return
    found.add(path)
    for (const dependency of Object.keys(packages[path]?.dependencies ?? {})) add(dependency, path)
  }
  for (const name of importedPackages()) add(name, '')
  return [...found].sort().map((path) => {
    const { version = '', license = '' } = packages[path] ?? {}
    return { path, name: path.replace(/^.*node_modules\//, ''), version, license }
  })
}

/** Where Node finds a package that another one imports: next to it, or in a folder above. @throws Error if it is not locked */
function resolved(name: string, from: string, packages: Readonly<Record<string, LockedPackage>>): string {
  for (let folder = from; ; folder = folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    const path = `${folder && `${folder}/`}node_modules/${name}`
    if (path in packages) return path
    if (folder === '')
      throw new Error(`${name}, which ${from || 'src/'} imports, is not in package-lock.json`)
  }
}
