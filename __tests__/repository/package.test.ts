// npm installs only the bundle for users of the command.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { bundleFiles } from '../../scripts/bundle.ts'
import { bundledPackages, importedPackages } from '../../scripts/bundled-packages.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const MANIFEST = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>

test('the package has no dependencies', () => {
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies'])
    expect(MANIFEST[kind] ?? {}).toEqual({})
  expect(Object.keys(MANIFEST['devDependencies']!)).toEqual(expect.arrayContaining(importedPackages()))
})

// npm ci fails otherwise, but only where no package is installed yet: the entry is missing if a registry lacks the package.
test.each(['package-lock.json', 'conformance/package-lock.json', 'bench/package-lock.json'])(
  '%s has an entry for every package of another platform',
  (path) => {
    const { packages } = JSON.parse(read(path)) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>
    }
    const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    const locked = new Set(Object.keys(packages).map((place) => place.split('node_modules/').at(-1)))
    expect(optional.filter((name) => !locked.has(name))).toEqual([])
    expect(locked.size).toBeGreaterThan(1)
  },
)

test('no script runs on installation', () => {
  const run = ['preinstall', 'install', 'postinstall', 'prepare', 'prepack', 'postpack', 'prepublish']
  expect(Object.keys(MANIFEST['scripts']!).filter((name) => run.includes(name))).toEqual([])
})

test('the package contains only the bundle and its documents', () => {
  const shell = process.platform === 'win32' // npm is a command file there
  const json = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT, shell, encoding: 'utf8' })
  const [{ files }] = JSON.parse(json) as [{ files: { path: string }[] }]
  const others = files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'))
  expect(others.sort()).toEqual(['LICENSE', 'README.md', 'README.zh-CN.md', 'action.yml', 'package.json'])
})

// Every job downloads it. A feature that needs more than this says so by changing the number.
test('the bundle is at most 2.6 MB', () => {
  const sizes = [...bundleFiles(join(ROOT, 'dist')).values()].map(({ length }) => length)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(2_600_000)
})

test('every package that src/ imports has a license in dist/licenses.txt', () => {
  const licenses = read('dist/licenses.txt')
  const imported = bundledPackages().filter(({ name }) => importedPackages().includes(name))
  expect(imported).toHaveLength(importedPackages().length)
  for (const { name, version, license } of imported)
    expect(licenses).toContain(`${name} ${version}\n${license}\n`)
})

test('Dependabot separates bundled packages from tools', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    updates: { groups: Record<string, { patterns: string[] }> }[]
  }
  expect(updates[0]!.groups['bundled']!.patterns).toEqual(importedPackages())
})
