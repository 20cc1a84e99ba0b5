import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGitHub, type GitHub } from '../../emulator/github/github.ts'
import { chosenAssets, download, releaseAssets } from '../../src/github/release.ts'
import { actionsRunner } from '../../src/github/actions-runner.ts'
import { advanceWhile } from '../../test-support/hangs.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'

let github: GitHub
let directory: string
const log: string[] = []
const clock = simulatedClock()
const retryOptions = { clock, random: () => 1, retries: 2, log: (line: string) => void log.push(line) }

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true) // @actions/glob debugs onto it
  github = await startGitHub()
  directory = mkdtempSync(join(tmpdir(), 'release [x]-'))
  log.length = 0
})
afterEach(async () => {
  jest.restoreAllMocks()
  await github.close()
  rmSync(directory, { recursive: true })
})

const repository = (token = github.token) => ({
  owner: 'octo',
  repo: 'app',
  octokit: getOctokit(token, { baseUrl: github.apiUrl }),
})
const asset = (name: string, more = {}) => ({ name, content: Buffer.from(`bytes of ${name}`), ...more })
const get = async (tag = 'v1') => {
  const [first] = await releaseAssets(tag, repository(), retryOptions)
  return download(first!, repository(), directory, retryOptions, 30_000)
}

test('more assets than one page holds', async () => {
  const many = Array.from({ length: 150 }, (_, n) => asset(`${n}.apk`))
  github.releases.push({ tag: 'v1', assets: many })
  const assets = await releaseAssets('v1', repository(), retryOptions)
  expect(assets.map(({ name }) => name)).toEqual(many.map(({ name }) => name))
})

test('the latest is no draft and no prerelease; a draft is found by its tag', async () => {
  github.releases.push(
    { tag: 'v3', draft: true, assets: [asset('draft')] },
    { tag: 'v2', prerelease: true, assets: [asset('pre')] },
    { tag: 'v1', assets: [asset('final')] },
  )
  const name = async (tag: string) => (await releaseAssets(tag, repository(), retryOptions))[0]!.name
  expect(await name('latest')).toBe('final')
  expect(await name('v2')).toBe('pre')
  expect(await name('v3')).toBe('draft')
})

test('an asset arrives as it is; the storage is not shown the token', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  const file = await get()
  expect(readFileSync(file.path).toString()).toBe('bytes of a.apk')
  expect(file).toMatchObject({ name: 'a.apk', size: 14 })
  expect(github.requests.at(-1)).toEqual({ path: '/0', authorized: false })
})

test('an asset without a digest is checked by its size', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', { digest: null })] })
  expect((await get()).size).toBe(14)
})

test('a download that breaks off is begun anew', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  github.cutDownloads = 2
  expect(readFileSync((await get()).path).toString()).toBe('bytes of a.apk')
  expect(log).toHaveLength(2)
  expect(clock.slept.slice(-2)).toEqual([500, 1000])
})

test('a download that falls silent for as long as is allowed is begun anew', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  github.onSilence = (isWaitedFor) => void advanceWhile(isWaitedFor, clock, 30_000)
  expect(readFileSync((await get()).path).toString()).toBe('bytes of a.apk')
  expect(log).toEqual(['could not get the asset a.apk (nothing was heard for 30 s): once more in 0.5 s'])
  expect(github.requests.filter(({ path }) => path === '/0')).toHaveLength(2)
})

test.each([
  [
    { digest: `sha256:${'0'.repeat(64)}` },
    /the asset a\.apk cannot be had \/ 无法获取: it has the digest sha256:/,
  ],
  [{ size: 15 }, /14 of 15 bytes arrived/],
])('%j: what does not agree is refused', async (more, said) => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', more)] })
  await expect(get()).rejects.toThrow(said)
})

test.each<[string, string, RegExp]>([
  ['missing', '', /the release missing of octo\/app cannot be had \/ 无法获取: Not Found.*There is none, or/],
  ['v1', 'ghs_wrong', /Bad credentials.*github-token is not valid/],
  ['v1', 'ghs_without_rights', /Resource not accessible.*contents: read/],
  ['empty', '', /the release empty of octo\/app has no assets/],
  ['open', '', /the asset a of open is not wholly uploaded/],
])('release %j with the token %j is refused, at once', async (tag, token, said) => {
  github.releases.push(
    { tag: 'v1', assets: [asset('a')] },
    { tag: 'empty', assets: [] },
    { tag: 'open', assets: [asset('a', { state: 'open' })] },
  )
  await expect(releaseAssets(tag, repository(token || undefined), retryOptions)).rejects.toThrow(said)
  expect(log).toEqual([])
})

test.each([
  ['', ['app.apk', 'app.ipa', 'notes.txt']],
  ['*.apk', ['app.apk']],
  ['*.a*\napp.ipa\n# a comment', ['app.apk', 'app.ipa']],
  ['!*.txt', ['app.apk', 'app.ipa']],
  ['out/local.bin', ['app.apk', 'app.ipa', 'notes.txt']],
  ['out/local.bin\n[an]*\n!notes.txt', ['app.apk', 'app.ipa']],
  ['*.exe', []],
])('path %j chooses %j', async (path, names) => {
  const assets = ['app.apk', 'app.ipa', 'notes.txt'].map((name, id) => ({ id, name, size: 1 }))
  const runner = actionsRunner()
  const chosen = await chosenAssets(assets, path, directory, (patterns) => runner.glob(patterns, true))
  expect(chosen.map(({ name }) => name)).toEqual(names)
})
