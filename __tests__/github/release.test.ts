import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import { type GitHub, startGitHub } from '../../emulator/github/github.ts'
import { actionsRunner } from '../../src/github/actions-runner.ts'
import { download } from '../../src/github/asset-download.ts'
import { ReleaseError } from '../../src/github/release-error.ts'
import { chosenAssets, releaseAssets } from '../../src/github/release.ts'
import { type GitHubRetries, openRepository } from '../../src/github/repository.ts'
import { environmentOf } from '../../src/http/environment.ts'
import type { Text } from '../../src/http/text.ts'
import { advanceWhile } from '../../test-support/hangs.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let github: GitHub
let directory: string
const log: Text[] = []
const clock = simulatedClock()
const retryOptions = {
  ...environmentOf({ clock, random: () => 1 }),
  retries: 2,
  log: (line: Text) => void log.push(line),
}

beforeAll(() => {
  process.env['GITHUB_REPOSITORY'] = 'octo/app'
})
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

const repository = (token = github.token, more: Partial<GitHubRetries> = {}) =>
  openRepository({
    token,
    apiUrl: github.apiUrl,
    retryOptions: { ...retryOptions, ...more },
    idleTimeout: 30_000,
  })
const asset = (name: string, more = {}) => ({ name, content: Buffer.from(`bytes of ${name}`), ...more })
const get = async (tag = 'v1') => {
  const [first] = await releaseAssets(tag, repository())
  return download(first!, repository(), directory)
}

/** Fails unless it is refused, in either language alone, with these values. */
async function expectRefusal(asked: Promise<unknown>, ...named: readonly string[]): Promise<void> {
  const error = await asked.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ReleaseError)
  expectWhole((error as ReleaseError).text, ...named)
}

test('more assets than one page holds', async () => {
  const many = Array.from({ length: 150 }, (_, n) => asset(`${n}.apk`))
  github.releases.push({ tag: 'v1', assets: many })
  const assets = await releaseAssets('v1', repository())
  expect(assets.map(({ name }) => name)).toEqual(many.map(({ name }) => name))
})

test('the latest is no draft and no prerelease; a draft is found by its tag', async () => {
  github.releases.push(
    { tag: 'v3', draft: true, assets: [asset('draft')] },
    { tag: 'v2', prerelease: true, assets: [asset('pre')] },
    { tag: 'v1', assets: [asset('final')] },
  )
  const name = async (tag: string) => (await releaseAssets(tag, repository()))[0]!.name
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

test('a download that breaks off is started again', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  github.cutDownloads = 2
  expect(readFileSync((await get()).path).toString()).toBe('bytes of a.apk')
  expect(log).toHaveLength(2)
  expect(clock.slept.slice(-2)).toEqual([500, 1000])
})

test('a download that falls silent for as long as is allowed is started again', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  github.onSilence = (isWaitedFor) => void advanceWhile(isWaitedFor, clock, 30_000)
  expect(readFileSync((await get()).path).toString()).toBe('bytes of a.apk')
  expect(log).toHaveLength(1)
  expectWhole(log[0]!, 'a.apk', '30', '0.5')
  expect(github.requests.filter(({ path }) => path === '/0')).toHaveLength(2)
})

test.each([
  [{ digest: `sha256:${'0'.repeat(64)}` }, [`sha256:${'0'.repeat(64)}`]],
  [{ size: 15 }, ['14', '15']],
])('%j: what does not agree is refused', async (more, named) => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', more)] })
  await expectRefusal(get(), 'a.apk', ...named)
})

test.each<[string, string, string[]]>([
  ['missing', '', ['missing', 'octo/app', 'Not Found', 'release-tag', 'contents: write']],
  ['v1', 'ghs_wrong', ['Bad credentials', 'github-token']],
  ['v1', 'ghs_without_rights', ['Resource not accessible', 'github-token', 'contents: read']],
  ['empty', '', ['empty', 'octo/app', 'release-tag']],
  ['open', '', ['asset-a', 'open']],
])('release %j with the token %j is refused, at once', async (tag, token, named) => {
  github.releases.push(
    { tag: 'v1', assets: [asset('a')] },
    { tag: 'empty', assets: [] },
    { tag: 'open', assets: [asset('asset-a', { state: 'open' })] },
  )
  await expectRefusal(releaseAssets(tag, repository(token || undefined)), ...named)
  expect(log).toEqual([])
})

/** Answers the next so many requests like this. */
function refuseNext(times: number, status: number, message: string, headers: Record<string, string> = {}) {
  github.onRequest = (_, response) => {
    if (times-- <= 0) return false
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ message }))
    return true
  }
}

const inSeconds = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds)
const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes.'

test('a request that GitHub fails is repeated, with growing waits and as often as is allowed', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  clock.slept.length = 0
  refuseNext(2, 502, 'Server Error')
  expect(await releaseAssets('v1', repository())).toHaveLength(1)
  expect(clock.slept).toEqual([500, 1000])
  expectWhole(log[0]!, 'v1', 'octo/app', 'Server Error', '0.5')
  github.requests.length = 0
  refuseNext(9, 502, 'Server Error')
  await expectRefusal(releaseAssets('v1', repository()), 'v1', 'Server Error')
  expect(github.requests).toHaveLength(3)
})

test.each<[string, number, string, () => Record<string, string>, number[]]>([
  ['a secondary limit', 403, SECONDARY, () => ({ 'retry-after': '7' }), [7500]],
  ['a secondary limit without a time', 429, SECONDARY, () => ({}), [60_500]],
  ['a plain 429', 429, 'Too Many Requests', () => ({ 'retry-after': '7' }), [7500]],
])('%s is waited out', async (_, status, message, headers, waits) => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  clock.slept.length = 0
  refuseNext(1, status, message, headers())
  expect(await releaseAssets('v1', repository())).toHaveLength(1)
  expect(clock.slept).toEqual(waits)
  expect(log).toHaveLength(1)
})

test('the primary limit is waited out until it is reset', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  clock.slept.length = 0
  refuseNext(1, 403, 'API rate limit exceeded', {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': inSeconds(90),
  })
  expect(await releaseAssets('v1', repository())).toHaveLength(1)
  expect(clock.slept).toHaveLength(1)
  expect(clock.slept[0]).toBeGreaterThanOrEqual(60_000)
  expect(clock.slept[0]).toBeLessThanOrEqual(92_500)
})

test.each<[string, number, string, () => Record<string, string>, number]>([
  [
    'a primary limit that lasts',
    403,
    'API rate limit exceeded',
    () => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(3000) }),
    1,
  ],
  ['a secondary limit that lasts', 429, SECONDARY, () => ({ 'retry-after': '121' }), 1],
  ['a secondary limit that comes back', 403, SECONDARY, () => ({ 'retry-after': '1' }), 3],
])('%s is no missing permission', async (_, status, message, headers, requests) => {
  refuseNext(9, status, message, headers())
  const error = (await releaseAssets('v1', repository()).catch((error: unknown) => error)) as ReleaseError
  expectWhole(error.text, 'v1', message)
  expect(error.text.en + error.text.zh).not.toMatch(/github-token|contents/)
  expect(github.requests).toHaveLength(requests)
})

test.each(['/repos/octo/app/releases/tags/v1', '/repos/octo/app/releases/1/assets'])(
  'GitHub falls silent at %s: asked once more',
  async (hanging) => {
    github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
    let hangs = 1
    github.onRequest = (path, response) => {
      if (path !== hanging || hangs-- <= 0) return false
      void advanceWhile(() => !response.closed, clock, 30_000)
      return true
    }
    expect(await releaseAssets('v1', repository())).toHaveLength(1)
    expect(log).toHaveLength(1)
    expectWhole(log[0]!, 'v1', 'octo/app', '30', '0.5')
  },
)

test('an answer that breaks off is not taken for a whole one', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  let cuts = 1
  github.onRequest = (path, response) => {
    if (!path.endsWith('/assets') || cuts-- <= 0) return false
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
    response.write('[', () => response.socket?.destroy())
    return true
  }
  expect(await releaseAssets('v1', repository())).toHaveLength(1)
  expect(log).toHaveLength(1)
})

test('cancelled while GitHub says nothing: ends with the reason, asks nothing more', async () => {
  const cancelling = new AbortController()
  const reason = new Error('cancelled')
  github.onRequest = () => {
    cancelling.abort(reason)
    return true
  }
  const asked = releaseAssets('v1', repository(github.token, { signal: cancelling.signal }))
  await expect(asked).rejects.toBe(reason)
  expect(github.requests).toHaveLength(1)
  expect(log).toEqual([])
})

test('cancelled while a rate limit is waited out: ends with the reason, asks nothing more', async () => {
  const cancelling = new AbortController()
  const reason = new Error('cancelled')
  refuseNext(9, 429, SECONDARY)
  const given = {
    signal: cancelling.signal,
    log: () => {
      cancelling.abort(reason)
    },
  }
  await expect(releaseAssets('v1', repository(github.token, given))).rejects.toBe(reason)
  expect(github.requests).toHaveLength(1)
})

test.each([
  ['assets', '/repos/octo/app/releases/1/assets', 101],
  ['releases', '/repos/octo/app/releases', 101],
])(
  'a list of %s whose pages lead to themselves is given up',
  async (_, list, requests) => {
    github.releases.push({ tag: 'v1', draft: list.endsWith('/releases'), assets: [] })
    github.onRequest = (path, response) => {
      if (path !== list) return false
      response.setHeader('link', `<${github.apiUrl}${list}>; rel="next"`)
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
      return true
    }
    await expectRefusal(releaseAssets('v1', repository()), 'v1', '100')
    expect(github.requests).toHaveLength(requests)
  },
  30_000,
) // a busy machine takes its time for so many requests

test.each(['', '.', '..', 'a/b'])('an asset named %j is refused', async (name) => {
  github.releases.push({ tag: 'v1', assets: [asset(name)] })
  await expectRefusal(releaseAssets('v1', repository()), JSON.stringify(name), 'v1')
})

test('what cannot be written to disk is downloaded once', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  mkdirSync(join(directory, 'a.apk'))
  await expectRefusal(get(), 'a.apk', 'EISDIR')
  expect(github.requests.filter(({ path }) => path === '/0')).toHaveLength(1)
  expect(log).toEqual([])
})

const onFullDisk = existsSync('/dev/full') ? test : test.skip
onFullDisk('a full disk: downloaded once', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', { content: Buffer.alloc(5_000_000) })] })
  symlinkSync('/dev/full', join(directory, 'a.apk'))
  await expectRefusal(get(), 'a.apk', 'ENOSPC: no space left on device')
  expect(github.requests.filter(({ path }) => path === '/0')).toHaveLength(1)
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
