// The jobs of the release workflow that write, run as the runner runs their scripts: against a real repository, with a stand-in
// for GitHub's API.
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect } from '@jest/globals'
import { parse } from 'yaml'
import { onPosix } from '../../test-support/on-posix.ts'
import { startReleaseRepository, type ReleaseRepository } from '../../test-support/release-repository.ts'
import type { Workflow } from '../../test-support/workflow-rules.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as Workflow

let repository: ReleaseRepository
let directory: string
beforeEach(async () => {
  repository = await startReleaseRepository()
  directory = mkdtempSync(join(tmpdir(), 'release-job-'))
})
afterEach(() => {
  repository.close()
  rmSync(directory, { recursive: true })
})

/** Commits the release scripts and a changelog, tags the commit, and checks it out, as a job does. */
function checkOut(tag: string): string {
  const checkout = join(directory, tag)
  mkdirSync(checkout)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: checkout,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  git('clone', '--quiet', repository.directory, '.')
  cpSync(join(ROOT, 'scripts'), join(checkout, 'scripts'), {
    recursive: true,
    filter: (path) => !path.includes('node24'),
  })
  const version = tag.slice(1)
  writeFileSync(join(checkout, 'package.json'), JSON.stringify({ type: 'module', version }))
  writeFileSync(join(checkout, 'CHANGELOG.md'), `## [${version}] - 2026-01-31\n\n- The notes on ${tag}.\n`)
  git('checkout', '--quiet', '-B', 'main')
  git('add', '--all')
  git('commit', '--quiet', '--message', tag)
  git('tag', tag)
  git('push', '--quiet', 'origin', 'main', tag)
  mkdirSync(join(checkout, 'assets'))
  writeFileSync(join(checkout, 'assets/SHA256SUMS'), `sums of ${tag}`)
  return checkout
}

/** Runs the scripts of a job. */
async function run(name: string, tag: string): Promise<{ exitCode: number; log: string; summary: string }> {
  const script = (jobs[name]?.steps ?? []).flatMap((step) => step.run ?? []).join('\n')
  const summary = join(directory, 'summary')
  writeFileSync(summary, '')
  writeFileSync(join(directory, 'attestation.json'), `signed at ${performance.now()}`)
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-e', '-c', script],
      {
        cwd: join(directory, tag),
        env: {
          PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
          GITHUB_API_URL: repository.api.url,
          GITHUB_REPOSITORY: 'someone/an-action',
          GITHUB_REF_NAME: tag,
          GITHUB_STEP_SUMMARY: summary,
          GH_TOKEN: 'the-token',
          BUNDLE: join(directory, 'attestation.json'),
        },
      },
      (_, stdout, stderr) => {
        resolve({
          exitCode: child.exitCode ?? -1,
          log: stdout + stderr,
          summary: readFileSync(summary, 'utf8'),
        })
      },
    )
  })
}

onPosix('a release, from its draft to the tag of the major version', async () => {
  checkOut('v0.1.0')
  const commit = repository.at('v0.1.0')
  const draft = await run('draft', 'v0.1.0')
  expect(draft).toMatchObject({ exitCode: 0 })
  expect(draft.summary).toContain('Publish this Action to the GitHub Marketplace')
  const [release] = repository.api.releases
  expect(release).toMatchObject({ draft: true, body: expect.stringContaining('- The notes on v0.1.0.') })
  expect(release?.body).toContain(`uses: someone/an-action@${commit} # v0.1.0`)
  expect(release?.body).toContain('gh attestation verify')
  expect(release?.assets.map(({ name }) => name).sort()).toEqual([
    'SHA256SUMS',
    'upload-to-dingtalk-0.1.0.sigstore.json',
  ])

  // The job that publishes has its own copy of the assets, without the signature.
  rmSync(join(directory, 'v0.1.0/assets/upload-to-dingtalk-0.1.0.sigstore.json'))
  expect(await run('publish', 'v0.1.0')).toMatchObject({ exitCode: 0 })
  expect(release).toMatchObject({ draft: false })
  expect(await run('major-tag', 'v0.1.0')).toMatchObject({ exitCode: 0 })
  expect(repository.at('v0')).toBe(commit)
})

onPosix('every job can be run again', async () => {
  checkOut('v0.1.0')
  repository.api.failing.add('SHA256SUMS')
  expect(await run('draft', 'v0.1.0')).toMatchObject({
    exitCode: 1,
    log: expect.stringContaining('::error::'),
  })
  expect(await run('publish', 'v0.1.0')).toMatchObject({ exitCode: 1 })
  expect(repository.api.releases).toMatchObject([{ draft: true }])

  for (const name of ['draft', 'publish', 'major-tag', 'draft', 'publish', 'major-tag'])
    expect(await run(name, 'v0.1.0')).toMatchObject({ exitCode: 0 })
  expect(repository.api.releases).toMatchObject([{ draft: false, assets: [{}, {}] }])
})
