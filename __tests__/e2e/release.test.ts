// Uploads the assets of a GitHub release with the committed bundle, against both emulators.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openPromise } from 'yauzl'
import { startGitHub, type GitHub } from '../../emulator/github/github.ts'
import type { Step } from '../../scripts/act.ts'
import { annotationsOf, bundleJob, errorsOf, type BundleJob } from '../../test-support/bundle-job.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: BundleJob
let github: GitHub
let temp: string

beforeEach(async () => {
  job = await bundleJob()
  github = await startGitHub([
    { tag: 'v2', draft: true, assets: [asset('draft.apk')] },
    {
      tag: 'v1',
      assets: [asset('notes.txt'), asset('app.apk', Buffer.alloc(3_000_000, 'release')), asset('app.ipa')],
    },
  ])
  temp = join(job.directory, '.temp')
  mkdirSync(temp)
})
afterEach(async () => {
  await github.close()
  await job.end()
})

function asset(name: string, content: Buffer = Buffer.from(name)) {
  return { name, content }
}

const run = (given: Record<string, string>, onStart?: Step['onStart']) =>
  job.run(
    { path: '', 'release-tag': 'v1', 'github-token': github.token, ...given },
    { env: { GITHUB_API_URL: github.apiUrl, RUNNER_TEMP: temp }, ...(onStart && { onStart }) },
  )
const names = (files: string | undefined) =>
  (JSON.parse(files ?? '[]') as { name: string }[]).map(({ name }) => name)

test('sends every asset, and leaves no file on disk', async () => {
  const result = await run({})
  expect(errorsOf(result)).toBe('')
  expect(result.exitCode).toBe(0)
  expect(names(result.outputs['files'])).toEqual(['app.apk', 'app.ipa', 'notes.txt'])
  expect(job.emulator.contents(job.files('app.apk')[0]!.id).equals(Buffer.alloc(3_000_000, 'release'))).toBe(
    true,
  )
  expect(job.emulator.messages).toHaveLength(3)
  expect(readdirSync(temp)).toEqual([])
  const shown = result.stdout.split('\n').filter((line) => line.includes(github.token))
  expect(shown).toEqual([`::add-mask::${github.token}`])
})

test.each([
  ['latest', ['app.apk', 'app.ipa', 'notes.txt']],
  ['v2', ['draft.apk']],
])('release-tag: %s', async (tag, expected) => {
  expect(names((await run({ 'release-tag': tag })).outputs['files'])).toEqual(expected)
})

test('path selects assets, and also files on disk', async () => {
  job.file('out/local.bin')
  const { outputs } = await run({ path: 'out/local.bin\n*.apk' })
  expect(names(outputs['files'])).toEqual(['local.bin', 'app.apk'])
})

test('in an archive', async () => {
  const { outputs } = await run({ archive: 'true', name: 'v1.zip' })
  expect(names(outputs['files'])).toEqual(['v1.zip'])
  const zip = await openPromise(job.emulator.contentsPath(job.files('v1.zip')[0]!.id))
  const paths = []
  for await (const entry of zip.eachEntry()) paths.push(entry.fileName)
  expect(paths).toEqual(['app.apk', 'app.ipa', 'notes.txt'])
  expect(readdirSync(temp)).toEqual([])
})

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a missing tag',
    { 'release-tag': 'v9' },
    /v9 of octo\/app\..*Not Found.*release-tag.*octo\/app .*v9.*Not Found.*release-tag/,
  ],
  ['a token without rights', { 'github-token': 'ghs_without_rights' }, /contents: read/],
  ['no token', { 'github-token': '' }, /github-token: .*github-token：/],
  ['a filter that lets nothing through', { path: '*.exe' }, /path: .*"\*\.exe".* v1.*「\*\.exe」.* v1/],
])('%s is one error before any call to DingTalk', async (_, given, said) => {
  const result = await run(given)
  expect(result.exitCode).toBe(1)
  expect(errorsOf(result)).toMatch(said)
  expect(result.stdout).not.toMatch(/\n\s+at /)
  expect(job.emulator.requests).toEqual([])
  expect(readdirSync(temp)).toEqual([])
})

test('an asset with another digest is not uploaded', async () => {
  github.releases[1]!.assets[0] = { ...asset('notes.txt'), digest: `sha256:${'0'.repeat(64)}` }
  const result = await run({ retries: '0' })
  expect(result.exitCode).toBe(1)
  expect(errorsOf(result)).toMatch(/notes\.txt\..*sha256:0{64}.*notes\.txt.*sha256:0{64}/)
  expect(job.emulator.requests).toEqual([])
  expect(readdirSync(temp)).toEqual([])
})

onPosix(
  'ends immediately if canceled during a download, uploads nothing, and leaves no file on disk',
  async () => {
    let kill: (signal: NodeJS.Signals) => void
    github.onSilence = () => {
      kill('SIGINT')
    }
    const result = await run({}, (given) => (kill = given))
    expect(result.exitCode).toBe(1)
    expect(annotationsOf(result, 'error')).toHaveLength(1)
    expectWhole(annotationsOf(result, 'error')[0]!)
    expect(job.emulator.requests).toEqual([])
    expect(readdirSync(temp)).toEqual([])
  },
)

onPosix('ends immediately if canceled while waiting for a rate limit', async () => {
  github.onRequest = (_, response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '120' })
    response.end(JSON.stringify({ message: 'You have exceeded a secondary rate limit' }))
    return true
  }
  let kill: (signal: NodeJS.Signals) => void
  const result = await job.run(
    { path: '', 'release-tag': 'v1', 'github-token': github.token },
    {
      env: { GITHUB_API_URL: github.apiUrl, RUNNER_TEMP: temp },
      onStart: (given) => (kill = given),
      onLine: (line) => {
        if (line.includes('secondary rate limit')) kill('SIGINT')
      },
    },
  )
  expect(result.exitCode).toBe(1)
  expect(errorsOf(result)).toMatch(/^::error::[^%]+%0A%0A[^%]+$/)
  expect(github.requests).toHaveLength(1)
  expect(readdirSync(temp)).toEqual([])
})
