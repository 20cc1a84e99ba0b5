// The assets are built by git and npm themselves, from a copy of this checkout.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { importedPackages } from '../../scripts/bundled-packages.ts'
import { buildAssets } from '../../scripts/release/assets.ts'
import { bundledSbom, type Sbom } from '../../scripts/release/sbom.ts'
import { filesWithOwner, npmPackage } from '../../scripts/repository.ts'

const ROOT = dirname(dirname(import.meta.dirname))

// The workflow builds them on Linux.
const onPosix = process.platform === 'win32' ? describe.skip : describe

onPosix('the assets of a release', () => {
  const dist = join(ROOT, 'dist')
  /** The bundler writes the path of many modules above their code. */
  const bundled = new Set(
    readFileSync(join(dist, 'index.js'), 'utf8').match(
      /(?<=\/\/ .*\/node_modules\/)(?:@[^/\s]+\/)?[^/\s]+(?=\/)/g,
    ),
  )
  let directory: string
  const at = (path: string) => join(directory, path)

  /** A repository with a commit of the files of this one, such as another machine would have it. */
  const checkout = (name: string, { touched, umask }: { touched: number; umask: number }) => {
    const before = process.umask(umask)
    try {
      for (const file of ['LICENSE', ...filesWithOwner()]) {
        mkdirSync(dirname(at(`${name}/${file}`)), { recursive: true })
        cpSync(join(ROOT, file), at(`${name}/${file}`))
        utimesSync(at(`${name}/${file}`), touched, touched)
      }
      cpSync(dist, at(`${name}/dist`), { recursive: true })
    } finally {
      process.umask(before)
    }
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        cwd: at(name),
        env: {
          ...process.env,
          GIT_AUTHOR_DATE: '2026-01-31T12:00:00Z',
          GIT_COMMITTER_DATE: '2026-01-31T12:00:00Z',
        },
      })
    git('init', '--quiet')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'Release')
    return buildAssets(at(name), at(`${name}-assets`))
  }

  let sums: string
  let sbom: Sbom
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'assets-'))
    sums = checkout('one', { touched: 1e9, umask: 0o022 })
    sbom = JSON.parse(readFileSync(at('one-assets/upload-to-dingtalk-0.1.0.cdx.json'), 'utf8')) as Sbom
  })
  afterAll(() => {
    rmSync(directory, { recursive: true })
  })

  test('are the action, the command line, what the bundle contains, and the checksums', () => {
    expect(readdirSync(at('one-assets')).sort()).toEqual([
      'SHA256SUMS',
      'upload-to-dingtalk-0.1.0.cdx.json',
      'upload-to-dingtalk-0.1.0.tgz',
      'upload-to-dingtalk-action-0.1.0.tar.gz',
    ])
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: at('one-assets'),
      stdio: 'ignore',
    })
    expect(sums.trim().split('\n')).toHaveLength(3)
  })

  test('have the same bytes on another machine', () => {
    expect(checkout('two', { touched: 1.1e9, umask: 0o002 })).toBe(sums)
  })

  test('are not added to existing files', () => {
    expect(() => buildAssets(at('one'), at('one-assets'))).toThrow('not empty')
  })

  test('contain the whole action', () => {
    mkdirSync(at('unpacked'))
    execFileSync('tar', [
      '-xzf',
      at('one-assets/upload-to-dingtalk-action-0.1.0.tar.gz'),
      '-C',
      at('unpacked'),
    ])
    const action = at('unpacked/upload-to-dingtalk-0.1.0')
    expect(readdirSync(action).sort()).toEqual(['LICENSE', 'action.yml', 'dist'])
    expect(readdirSync(join(action, 'dist')).sort()).toEqual(readdirSync(dist).sort())
    expect(readFileSync(join(action, 'dist/index.js')).equals(readFileSync(join(dist, 'index.js')))).toBe(
      true,
    )
  })

  test('contain no unlisted package', () => {
    const known = new Set([
      sbom.metadata.component['bom-ref'],
      ...sbom.components.map((each) => each['bom-ref']),
    ])
    expect(
      sbom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((id) => !known.has(id)),
    ).toEqual([])
    expect(sbom.components.map((each) => each['bom-ref'].replace(/@[^@]*$/, ''))).toEqual(
      expect.arrayContaining([...bundled, ...importedPackages()]),
    )
    expect(bundled.size).toBeGreaterThan(5)
    expect(sbom.metadata).toMatchObject({
      timestamp: '2026-01-31T12:00:00.000Z',
      component: { name: npmPackage() },
    })
    expect(sbom.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
    expect(JSON.stringify(sbom)).not.toContain('development')
  })
})

test('fails for a package that npm does not list', () => {
  const empty = {
    metadata: { component: { 'bom-ref': 'a@1' } },
    components: [],
    dependencies: [],
  } as unknown as Sbom
  expect(() => bundledSbom(empty, { name: 'a', packages: new Set(['b@2']), date: new Date(0) })).toThrow(
    'b@2',
  )
})
