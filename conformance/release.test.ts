// Runs the scripts of the release workflow against a real repository, with stand-ins for GitHub's API and npm's registry, and the
// real npm.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startEmulator } from '../emulator/emulator.ts'
import { plainEnvironment, start, variablesFor } from '../test-support/command.ts'
import { startNpmRegistry, type NpmRegistry } from '../test-support/npm-registry.ts'
import { onPosix } from '../test-support/on-posix.ts'
import { startReleaseRepository, type ReleaseRepository } from '../test-support/release-repository.ts'
import { ReleaseRun, sha256 } from '../test-support/release-run.ts'

const ROOT = dirname(import.meta.dirname)
const WORKFLOW = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')
const NPM_NAME = '@someone/upload-to-dingtalk'
const VERSION = '0.1.0'
const TAG = `v${VERSION}`
const TGZ = `assets/upload-to-dingtalk-${VERSION}.tgz`

let repository: ReleaseRepository
let registry: NpmRegistry
let run: ReleaseRun
const at = (path: string) => join(run.directory, path)
beforeEach(async () => {
  repository = await startReleaseRepository()
  registry = await startNpmRegistry()
  run = releaseRun(WORKFLOW)
})
afterEach(() => {
  run.close()
  registry.close()
  repository.close()
})

function releaseRun(workflow: string, packages = ''): ReleaseRun {
  return new ReleaseRun({
    workflow,
    repository,
    packages,
    env: { npm_config_registry: registry.url },
    idTokenVariables: registry.idTokenVariables,
  })
}

/** Commits the files of this repository that a release needs, and tags the commit. */
function commitAndTag(
  prepare = (checkout: string): void => {
    copy('dist', checkout)
  },
): void {
  const checkout = at('prepared')
  mkdirSync(checkout)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: checkout,
      stdio: 'ignore',
    })
  git('clone', repository.directory, '.')
  for (const path of [
    '.npmrc',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'action.yml',
    'package-lock.json',
    'scripts',
  ])
    copy(path, checkout)
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  const changed = {
    name: NPM_NAME,
    version: VERSION,
    repository: 'github:someone/an-action',
    scripts: { ...manifest.scripts, check: 'node scripts/start.js scripts/check-release.ts' },
  }
  writeFileSync(join(checkout, 'package.json'), JSON.stringify({ ...manifest, ...changed }))
  writeFileSync(
    join(checkout, 'CHANGELOG.md'),
    `## [${VERSION}] - 2026-01-31\n\n- The notes on ${TAG}.\n\n[${VERSION}]: https://github.com/someone/an-action\n`,
  )
  prepare(checkout)
  git('checkout', '-B', 'main')
  git('add', '--all')
  git('commit', '--message', TAG)
  git('tag', TAG)
  git('push', 'origin', 'main', TAG)
}

const copy = (path: string, checkout: string) => {
  cpSync(join(ROOT, path), join(checkout, path), {
    recursive: true,
    filter: (name) => !name.includes('node24'),
  })
}

onPosix(
  'makes a release from its assets to the tag of the major version; every job can be repeated',
  async () => {
    commitAndTag()
    const commit = repository.at(TAG)
    expect(await run.job('pack', TAG)).toMatchObject({ exitCode: 0 })
    const signed = ['assets', 'dist']
      .flatMap((folder) => readdirSync(at(`pack/${folder}`)).map((name) => `${folder}/${name}`))
      .filter((path) => !path.endsWith('.sigstore.json'))
    expect(Object.fromEntries(run.attested)).toEqual(
      Object.fromEntries(signed.map((path) => [path, sha256(readFileSync(at(`pack/${path}`)))])),
    )

    repository.api.failing.add('SHA256SUMS')
    expect(await run.job('draft', TAG)).toMatchObject({
      exitCode: 1,
      log: expect.stringContaining('::error::'),
    })
    expect(await run.job('publish', TAG)).toMatchObject({ exitCode: 1 })
    const draft = await run.job('draft', TAG)
    expect(draft).toMatchObject({ exitCode: 0 })
    expect(draft.summary).toContain('Publish this Action to the GitHub Marketplace')
    const [release] = repository.api.releases
    expect(release).toMatchObject({ draft: true, body: expect.stringContaining(`- The notes on ${TAG}.`) })
    expect(release?.body).toContain(`uses: someone/an-action@${commit} # ${TAG}`)
    expect(release?.body).toContain(`--source-ref refs/tags/${TAG}`)
    expect(release?.assets.map(({ name }) => name).sort()).toEqual([
      'SHA256SUMS',
      `upload-to-dingtalk-${VERSION}.cdx.json`,
      `upload-to-dingtalk-${VERSION}.sigstore.json`,
      `upload-to-dingtalk-${VERSION}.tgz`,
      `upload-to-dingtalk-action-${VERSION}.tar.gz`,
    ])

    for (const name of ['publish', 'major-tag', 'draft', 'publish', 'major-tag'])
      expect(await run.job(name, TAG)).toMatchObject({ exitCode: 0 })
    expect(repository.api.releases).toMatchObject([{ draft: false, assets: [{}, {}, {}, {}, {}] }])
    expect(repository.at('v0')).toBe(commit)

    // A file that changes after packing is neither drafted nor staged, with or without a matching checksum.
    appendFileSync(at(`artifacts/release-${TGZ}`), 'more')
    for (const name of ['draft', 'npm']) expect(await run.job(name, TAG)).toMatchObject({ exitCode: 1 })
    const sums = execFileSync('sha256sum', [`upload-to-dingtalk-${VERSION}.tgz`], {
      cwd: at('artifacts/release-assets'),
    })
    writeFileSync(at('artifacts/release-assets/SHA256SUMS'), sums)
    for (const name of ['draft', 'npm']) expect(await run.job(name, TAG)).toMatchObject({ exitCode: 1 })
    expect(registry.calls).toEqual([])
  },
)

/** npm stage exists since npm 11.15. */
const canStage = spawnSync('npm stage --help', { shell: true }).status === 0

;(canStage ? onPosix : test.skip)('the package, from the npm job to npx', async () => {
  commitAndTag()
  for (const name of ['pack', 'draft', 'publish', 'npm'])
    expect(await run.job(name, TAG)).toMatchObject({ exitCode: 0 })
  expect([...registry.staged()].map(([name, bytes]) => [name, sha256(bytes)])).toEqual([
    [NPM_NAME, run.attested.get(TGZ)],
  ])

  const emulator = await startEmulator()
  try {
    writeFileSync(at('app.apk'), 'apk')
    const npx = () =>
      start('npx', ['--yes', `${NPM_NAME}@0`, '--json', at('app.apk')], {
        cwd: run.directory,
        env: {
          ...variablesFor(emulator.values),
          HOME: run.directory,
          PATH: `${dirname(process.execPath)}:${plainEnvironment()['PATH'] ?? ''}`,
          npm_config_registry: registry.url,
        },
      })
    // The package isn't available before a person approves it.
    expect((await npx()).exitCode).not.toBe(0)
    registry.approve()
    const { exitCode, stdout } = await npx()
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ files: [{ name: 'app.apk', status: 'uploaded' }] })
    expect(emulator.files().map(({ name }) => name)).toContain('app.apk')
  } finally {
    await emulator.close()
  }
})

/** A malicious line in the bundler: what it writes into package.json runs wherever the package is installed. */
const POISON = `;(() => {
  var fs = require('node:fs');
  var manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  manifest.scripts.postinstall = 'node -e "evil()"';
  fs.writeFileSync('package.json', JSON.stringify(manifest))
})()
`.replaceAll('\n', '')

/** What `npm ci` installs: the type checker, and the bundler with the malicious line. */
function packages(name: string, line: string): string {
  const modules = at(name)
  mkdirSync(join(modules, '@vercel/ncc/dist/ncc'), { recursive: true })
  writeFileSync(join(modules, '.package-lock.json'), '{}')
  for (const path of ['typescript', '@types'])
    symlinkSync(join(ROOT, 'node_modules', path), join(modules, path))
  for (const file of readdirSync(join(ROOT, 'node_modules/@vercel/ncc/dist/ncc'))) {
    const [real, own] = [
      join(ROOT, 'node_modules/@vercel/ncc/dist/ncc', file),
      join(modules, '@vercel/ncc/dist/ncc', file),
    ]
    if (file === 'cli.js') writeFileSync(own, readFileSync(real, 'utf8') + line)
    else symlinkSync(real, own)
  }
  return modules
}

onPosix(
  'signs nothing that a malicious bundler has changed',
  async () => {
    commitAndTag((checkout) => {
      for (const path of [
        'tsconfig.json',
        'tsconfig.build.json',
        ...globSync('src/**/*.{js,cjs}', { cwd: ROOT }),
      ])
        copy(path, checkout)
      writeFileSync(join(checkout, 'src/index.ts'), "console.log('hello')\n")
      writeFileSync(join(checkout, '.gitignore'), 'node_modules\n')
      cpSync(packages('sound', ''), join(checkout, 'node_modules'), {
        recursive: true,
        verbatimSymlinks: true,
      })
      execFileSync(process.execPath, ['scripts/build.ts'], { cwd: checkout, stdio: 'ignore' })
    })
    const evil = releaseRun(WORKFLOW, packages('evil', POISON))
    const postinstall = (tgz: string) => {
      const manifest = execFileSync('tar', ['-xzOf', tgz, 'package/package.json'], { encoding: 'utf8' })
      return (JSON.parse(manifest) as { scripts: Record<string, string> }).scripts['postinstall']
    }
    try {
      for (const name of ['verify', 'pack']) expect(await evil.job(name, TAG)).toMatchObject({ exitCode: 0 })
      expect(postinstall(join(evil.directory, 'pack', TGZ))).toBeUndefined()
      expect(evil.attested.get(TGZ)).toBe(sha256(readFileSync(join(evil.directory, 'pack', TGZ))))

      // Shows that the line works: it is in a package that is packed where it ran.
      const verified = join(evil.directory, 'verify')
      rmSync(join(verified, 'assets'), { recursive: true, force: true })
      execFileSync(process.execPath, ['scripts/release-assets.ts', 'assets'], {
        cwd: verified,
        stdio: 'ignore',
      })
      expect(postinstall(join(verified, TGZ))).toContain('evil')
    } finally {
      evil.close()
    }
    // It type-checks and bundles twice.
  },
  180_000,
)
