import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledSbom, type Sbom } from './sbom.ts'

/** What a repository needs to offer the action, such as one of an organization that can't reach GitHub. */
const ACTION_FILES = ['action.yml', 'dist', 'LICENSE']

export interface AssetOptions {
  /** A checkout of the commit that is released. */
  root: string
  /** Where the assets go. */
  directory: string
  /** The packages in the bundle, as paths below the root. */
  packages: ReadonlySet<string>
}

/**
 * Builds the assets of a release: the action, the package of the command line, the list of what the bundle contains, and the
 * checksums. Every run on one commit produces the same bytes.
 *
 * @returns the checksums
 * @throws Error if the directory is not empty, or git or npm fails
 */
export function buildAssets({ root, directory, packages }: AssetOptions): string {
  const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))
  const { name, version } = readJson('package.json') as { name: string; version: string }
  const asset = (ending: string) => join(directory, `${name}-${ending}`)
  mkdirSync(directory, { recursive: true })
  if (readdirSync(directory).length > 0) throw new Error(`${directory} is not empty.`)

  const prefix = `--prefix=${name}-${version}/`
  // The rights of files in the archive depend on this setting.
  const git = ['-c', 'tar.umask=0022', 'archive', prefix, '-o', asset(`action-${version}.tar.gz`)]
  run(root, 'git', ...git, 'HEAD', ...ACTION_FILES)
  run(root, 'npm', 'pack', '--pack-destination', directory, '--loglevel=error')

  const locked = (readJson('package-lock.json') as { packages: Record<string, { version?: string }> })
    .packages
  const idOf = (path: string) => `${path.replace(/^.*node_modules\//, '')}@${locked[path]?.version ?? ''}`
  const installed = JSON.parse(
    run(root, 'npm', 'sbom', '--sbom-format=cyclonedx', '--package-lock-only'),
  ) as Sbom
  const sbom = bundledSbom(installed, {
    name,
    packages: new Set([...packages].map(idOf)),
    date: new Date(run(root, 'git', 'log', '-1', '--format=%cI').trim()),
  })
  writeFileSync(asset(`${version}.cdx.json`), `${JSON.stringify(sbom, undefined, 2)}\n`)

  const sums = checksums(directory)
  writeFileSync(join(directory, 'SHA256SUMS'), sums)
  return sums
}

/** The checksums of a directory's files, in the form of sha256sum. */
function checksums(directory: string): string {
  return readdirSync(directory)
    .sort()
    .map((file) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(directory, file)))
        .digest('hex')
      return `${digest}  ${file}\n`
    })
    .join('')
}

function run(root: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  })
}
