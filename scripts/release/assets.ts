import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledSbom, type Sbom } from './sbom.ts'

/** The files that a repository needs to provide the action, for example in an organization that can't reach GitHub. */
const ACTION_FILES = ['action.yml', 'dist', 'LICENSE']

/**
 * Builds the assets of a release: the action, the package of the command line, the list of what the bundle contains, and the
 * checksums. Every run on one commit produces the same bytes.
 *
 * @param root a checkout of the commit where nothing was installed: a package could change what is packed
 * @param directory where the assets go
 * @returns the checksums
 * @throws Error if the directory is not empty, or git or npm fails
 */
export function buildAssets(root: string, directory: string): string {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const { name: scopedName, version } = JSON.parse(read('package.json')) as { name: string; version: string }
  const name = scopedName.replace(/^@.*\//, '')
  const asset = (ending: string) => join(directory, `${name}-${ending}`)
  mkdirSync(directory, { recursive: true })
  if (readdirSync(directory).length > 0) throw new Error(`${directory} is not empty.`)

  const prefix = `--prefix=${name}-${version}/`
  // The permissions of files in the archive depend on this setting.
  const git = ['-c', 'tar.umask=0022', 'archive', prefix, '-o', asset(`action-${version}.tar.gz`)]
  run(root, 'git', ...git, 'HEAD', ...ACTION_FILES)
  run(root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', directory, '--loglevel=error')
  // npm puts the scope into the name of the file.
  renameSync(
    join(directory, `${scopedName.replace('@', '').replace('/', '-')}-${version}.tgz`),
    asset(`${version}.tgz`),
  )

  // The build lists the packages that it bundled, each below a line such as `undici 8.1.0`.
  const bundled = read('dist/licenses.txt').split('\n---\n\n')
  const npmSbom = run(root, 'npm', 'sbom', '--sbom-format=cyclonedx', '--package-lock-only')
  const sbom = bundledSbom(JSON.parse(npmSbom) as Sbom, {
    name: scopedName,
    packages: new Set(bundled.flatMap((entry) => /^(\S+) (\S+)\n/.exec(entry)?.slice(1).join('@') ?? [])),
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
