import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type GitHub, startGitHub } from '../../emulator/github/github.ts'
import { ReleaseError } from '../../src/github/api.ts'
import {
  chosenAssets,
  readRepository,
  releaseAssets,
  releaseFiles,
  type ReleaseOptions,
} from '../../src/github/release.ts'
import { type Environment, environmentOf } from '../../src/http/environment.ts'
import { Http } from '../../src/http/http.ts'
import type { Text } from '../../src/http/text.ts'
import { advanceWhile } from '../../test-support/hangs.ts'
import { simulatedClock } from '../../test-support/simulated-clock.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let github: GitHub
let directory: string
const log: Text[] = []
const clock = simulatedClock()
const clients: Http[] = []

beforeEach(async () => {
  github = await startGitHub()
  directory = mkdtempSync(join(tmpdir(), 'release [x]-'))
  log.length = 0
})
afterEach(async () => {
  for (const http of clients.splice(0)) await http.close()
  await github.close()
  rmSync(directory, { recursive: true })
})

/** What asks for a release: with the token, and waits by the clock, unless given otherwise. */
function options(given: Partial<ReleaseOptions & Environment> = {}): ReleaseOptions {
  const { signal = new AbortController().signal, ...more } = given
  const http = new Http(environmentOf({ clock, random: () => 1, signal }), 30_000, 4)
  clients.push(http)
  return {
    http,
    token: github.token,
    apiUrl: github.apiUrl,
    repository: 'octo/app',
    retries: 2,
    log: (line) => void log.push(line),
    tag: 'v1',
    path: '',
    concurrency: 4,
    ...more,
  }
}
const listed = async (given?: Partial<ReleaseOptions & Environment>) =>
  (await releaseAssets(options(given))).assets
const files = async (given?: Partial<ReleaseOptions & Environment>) =>
  (await releaseFiles(options(given), directory)).files
const asset = (name: string, more = {}) => ({ name, content: Buffer.from(`bytes of ${name}`), ...more })
const get = async () => (await files())[0]!

/** Expects an error with these values in each language. */
async function expectRefusal(asked: Promise<unknown>, ...named: readonly string[]): Promise<void> {
  const error = await asked.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ReleaseError)
  expectWhole((error as ReleaseError).text, ...named)
}

test('reads assets of several pages', async () => {
  const many = Array.from({ length: 150 }, (_, n) => asset(`${n}.apk`))
  github.releases.push({ tag: 'v1', assets: many })
  const assets = await listed()
  expect(assets.map(({ name }) => name)).toEqual(many.map(({ name }) => name))
})

test('finds the latest release without drafts and prereleases, and a draft by its tag', async () => {
  github.releases.push(
    { tag: 'v3', draft: true, assets: [asset('draft')] },
    { tag: 'v2', prerelease: true, assets: [asset('pre')] },
    { tag: 'v1', assets: [asset('final')] },
  )
  const name = async (tag: string) => (await listed({ tag }))[0]!.name
  expect(await name('latest')).toBe('final')
  expect(await name('v2')).toBe('pre')
  expect(await name('v3')).toBe('draft')
})

test('downloads an asset unchanged', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  const file = await get()
  expect(readFileSync(file.location!).toString()).toBe('bytes of a.apk')
  expect(file).toMatchObject({ path: 'a.apk', name: 'a.apk', size: 14 })
})

test('checks an asset without a digest by its size', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', { digest: null })] })
  expect((await get()).size).toBe(14)
})

test('restarts a download that is cut', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  github.cutDownloads = 2
  expect(readFileSync((await get()).location!).toString()).toBe('bytes of a.apk')
  expect(log).toHaveLength(2)
  expect(clock.slept.slice(-2)).toEqual([500, 1000])
})

test('restarts a download that stalls for the timeout', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  github.onSilence = (isWaitedFor) => void advanceWhile(isWaitedFor, clock, 30_000)
  expect(readFileSync((await get()).location!).toString()).toBe('bytes of a.apk')
  expect(log).toHaveLength(1)
  expectWhole(log[0]!, 'a.apk', '30', '0.5')
  expect(github.requests.filter(({ path }) => path === '/0')).toHaveLength(2)
})

test.each([
  [{ digest: `sha256:${'0'.repeat(64)}` }, [`sha256:${'0'.repeat(64)}`]],
  [{ size: 15 }, ['14', '15']],
])('%j: rejects an asset that differs', async (more, named) => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', more)] })
  await expectRefusal(get(), 'a.apk', ...named)
})

test.each<[string, string, string[]]>([
  ['missing', '', ['missing', 'octo/app', 'Not Found', 'release-tag', 'contents: write']],
  ['v1', 'ghs_wrong', ['Bad credentials', 'github-token']],
  ['v1', 'ghs_without_rights', ['Resource not accessible', 'github-token', 'contents: read']],
  ['empty', '', ['empty', 'octo/app', 'release-tag']],
])('fails immediately for release %j with the token %j', async (tag, token, named) => {
  github.releases.push({ tag: 'v1', assets: [asset('a')] }, { tag: 'empty', assets: [] })
  await expectRefusal(listed({ tag, ...(token && { token }) }), ...named)
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

test('retries a failed request with growing delays, as often as allowed', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  clock.slept.length = 0
  refuseNext(2, 502, 'Server Error')
  expect(await listed()).toHaveLength(1)
  expect(clock.slept).toEqual([500, 1000])
  expectWhole(log[0]!, 'v1', 'octo/app', 'Server Error', '0.5')
  github.requests.length = 0
  refuseNext(9, 502, 'Server Error')
  await expectRefusal(listed(), 'v1', 'Server Error')
  expect(github.requests).toHaveLength(3)
})

test.each<[string, number, string, () => Record<string, string>, number[]]>([
  ['a secondary limit', 403, SECONDARY, () => ({ 'retry-after': '7' }), [7500]],
  ['a secondary limit without a time', 429, SECONDARY, () => ({}), [60_500]],
  ['a plain 429', 429, 'Too Many Requests', () => ({ 'retry-after': '7' }), [7500]],
])('waits after %s', async (_, status, message, headers, waits) => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  clock.slept.length = 0
  refuseNext(1, status, message, headers())
  expect(await listed()).toHaveLength(1)
  expect(clock.slept).toEqual(waits)
  expect(log).toHaveLength(1)
})

test('waits until the primary rate limit is reset', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  clock.slept.length = 0
  refuseNext(1, 403, 'API rate limit exceeded', {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': inSeconds(90),
  })
  expect(await listed()).toHaveLength(1)
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
])('does not take %s for a missing permission', async (_, status, message, headers, requests) => {
  refuseNext(9, status, message, headers())
  const error = (await listed().catch((error: unknown) => error)) as ReleaseError
  expectWhole(error.text, 'v1', message)
  expect(error.text.en + error.text.zh).not.toMatch(/github-token|contents/)
  expect(github.requests).toHaveLength(requests)
})

test.each(['/repos/octo/app/releases/tags/v1', '/repos/octo/app/releases/1/assets'])(
  'retries if GitHub stalls at %s',
  async (hanging) => {
    github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
    let hangs = 1
    github.onRequest = (path, response) => {
      if (path !== hanging || hangs-- <= 0) return false
      void advanceWhile(() => !response.closed, clock, 30_000)
      return true
    }
    expect(await listed()).toHaveLength(1)
    expect(log).toHaveLength(1)
    expectWhole(log[0]!, 'v1', 'octo/app', '30', '0.5')
  },
)

test('rejects a truncated response', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  let cuts = 1
  github.onRequest = (path, response) => {
    if (!path.endsWith('/assets') || cuts-- <= 0) return false
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
    response.write('[', () => response.socket?.destroy())
    return true
  }
  expect(await listed()).toHaveLength(1)
  expect(log).toHaveLength(1)
})

test('ends if canceled while GitHub does not respond', async () => {
  const cancelling = new AbortController()
  const reason = new Error('cancelled')
  github.onRequest = () => {
    cancelling.abort(reason)
    return true
  }
  const asked = listed({ signal: cancelling.signal })
  await expect(asked).rejects.toBe(reason)
  expect(github.requests).toHaveLength(1)
  expect(log).toEqual([])
})

test('ends if canceled while waiting for a rate limit', async () => {
  const cancelling = new AbortController()
  const reason = new Error('cancelled')
  refuseNext(9, 429, SECONDARY)
  const given = {
    signal: cancelling.signal,
    log: () => {
      cancelling.abort(reason)
    },
  }
  await expect(listed(given)).rejects.toBe(reason)
  expect(github.requests).toHaveLength(1)
})

test.each([
  ['assets', '/repos/octo/app/releases/1/assets', 101],
  ['releases', '/repos/octo/app/releases', 101],
])(
  'gives up on a list of %s whose pages lead to themselves',
  async (_, list, requests) => {
    github.releases.push({ tag: 'v1', draft: list.endsWith('/releases'), assets: [] })
    github.onRequest = (path, response) => {
      if (path !== list) return false
      response.setHeader('link', `<${github.apiUrl}${list}>; rel="next"`)
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
      return true
    }
    await expectRefusal(listed(), 'v1', '100')
    expect(github.requests).toHaveLength(requests)
  },
  30_000,
) // a busy machine takes its time for so many requests

test.each(['', '.', '..', 'a/b'])('rejects an asset named %j', async (name) => {
  github.releases.push({ tag: 'v1', assets: [asset(name)] })
  await expectRefusal(listed(), JSON.stringify(name), 'v1')
})

/** Does something when the content of the first asset is requested. */
function beforeDownload(act: () => void) {
  github.onRequest = (path) => {
    if (path === '/0') act()
    return false
  }
}

test("does not download again what can't be written to disk", async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  beforeDownload(() => {
    mkdirSync(join(directory, '0/a.apk'))
  })
  await expectRefusal(get(), 'a.apk', 'EISDIR')
  expect(github.requests.filter(({ path }) => path === '/0')).toHaveLength(1)
  expect(log).toEqual([])
})

const onFullDisk = existsSync('/dev/full') ? test : test.skip
onFullDisk('a full disk: downloaded once', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', { content: Buffer.alloc(5_000_000) })] })
  beforeDownload(() => {
    symlinkSync('/dev/full', join(directory, '0/a.apk'))
  })
  await expectRefusal(get(), 'a.apk', 'ENOSPC: no space left on device')
  expect(github.requests.filter(({ path }) => path === '/0')).toHaveLength(1)
  expect(log).toEqual([])
})

describe('the tag', () => {
  test('latest takes precedence over the latest release', async () => {
    github.releases.push(
      { tag: 'v2', assets: [asset('newest')] },
      { tag: 'latest', assets: [asset('rolling')] },
    )
    expect((await listed({ tag: 'latest' })).map(({ name }) => name)).toEqual(['rolling'])
  })

  test.each(['v1', 'refs/tags/v1'])('can be given as %s', async (tag) => {
    github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
    expect(await listed({ tag })).toHaveLength(1)
  })

  test('refs/tags/latest is a tag only', async () => {
    github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
    await expectRefusal(listed({ tag: 'refs/tags/latest' }), 'refs/tags/latest', 'Not Found', 'release-tag')
  })

  test('can have any characters', async () => {
    github.releases.push({ tag: 'app/v1 #2?', assets: [asset('a.apk')] })
    expect(await listed({ tag: 'app/v1 #2?' })).toHaveLength(1)
  })
})

test.each(['starter', 'open'] as const)(
  'fails for an upload in the state %s only if it is selected',
  async (state) => {
    github.releases.push({ tag: 'v1', assets: [asset('a.apk'), asset('b.ipa', { state })] })
    expect(await files({ path: '*.apk' })).toHaveLength(1)
    rmSync(directory, { recursive: true })
    mkdirSync(directory)
    github.requests.length = 0
    await expectRefusal(files(), 'b.ipa', 'v1')
    expect(github.requests.some(({ path }) => path.includes('/releases/assets/'))).toBe(false)
  },
)

test('stops the other assets after a failure', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a'), asset('b'), asset('c')] })
  const held = new Map<string, ServerResponse>()
  const stopped = Promise.withResolvers<undefined>()
  github.onRequest = (path, response) => {
    if (!['/0', '/1', '/2'].includes(path)) return false
    held.set(path, response)
    if (held.size < 2) return true
    held.get('/1')?.once('close', () => {
      stopped.resolve(undefined)
    })
    held.get('/0')?.writeHead(500).end()
    return true
  }
  await expectRefusal(files({ concurrency: 2, retries: 0 }), '500')
  await stopped.promise
  expect([...held.keys()].sort()).toEqual(['/0', '/1'])
})

test('stops reading a list that is too large', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  const ended = Promise.withResolvers<number>()
  github.onRequest = (path, response) => {
    if (!path.endsWith('/assets')) return false
    let written = 0
    response.once('close', () => {
      ended.resolve(written)
    })
    const chunk = Buffer.alloc(2 ** 20, ' ')
    const write = () => {
      while (!response.destroyed && written < 600 && response.write(chunk)) written++
    }
    response.writeHead(200, { 'content-type': 'application/json' }).on('drain', write)
    write()
    return true
  }
  await expectRefusal(listed(), 'v1', '32 MiB')
  expect(await ended.promise).toBeLessThan(100)
  expect(log).toEqual([])
})

test('stops writing an asset that is larger than announced', async () => {
  const content = Buffer.alloc(64 * 2 ** 20)
  github.releases.push({ tag: 'v1', assets: [asset('a.apk', { size: 1000, content })] })
  await expectRefusal(files({ retries: 0 }), 'a.apk', '1000')
  const written = statSync(join(directory, '0/a.apk'), { throwIfNoEntry: false })
  expect(written?.size ?? 0).toBeLessThanOrEqual(1000)
})

test('keeps assets apart whose names are the same on some disks', async () => {
  const assets = ['App.apk', 'app.apk', 'app.apk'].map((name, n) => ({ name, content: Buffer.from(`${n}`) }))
  github.releases.push({ tag: 'v1', assets })
  const found = await files()
  expect(found.map(({ name }) => name)).toEqual(['App.apk', 'app.apk', 'app.apk'])
  expect(found.map(({ location }) => readFileSync(location!).toString())).toEqual(['0', '1', '2'])
  expect(new Set(found.map(({ location }) => dirname(location!).toLowerCase())).size).toBe(3)
})

test('sorts assets by name', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `${String.fromCharCode(108 - n)}.apk`)
  github.releases.push({ tag: 'v1', assets: names.map((name) => asset(name)) })
  expect((await files()).map(({ name }) => name)).toEqual(names.toSorted())
})

test('downloads an asset from the address that Gitea or Forgejo returns', async () => {
  github.isGitea = true
  github.releases.push({ tag: 'v1/2', assets: [asset('a b.apk')] })
  const [file] = await files({ tag: 'v1/2' })
  expect(readFileSync(file!.location!).toString()).toBe('bytes of a b.apk')
})

describe('a redirect', () => {
  const redirect = (times: number, location: string) => {
    github.onRequest = (path, response) => {
      if (!path.endsWith('/tags/v1') || times-- <= 0) return false
      response.writeHead(307, { location }).end()
      return true
    }
  }

  test('of a repository with a new name is followed, with the token', async () => {
    github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
    redirect(5, '/repos/octo/app/releases/tags/v1')
    expect(await listed()).toHaveLength(1)
    expect(github.requests.every(({ authorized }) => authorized)).toBe(true)
  })

  test.each([
    ['to itself', 99, '/repos/octo/app/releases/tags/v1', 6],
    ['to no web page', 99, 'file:///etc/passwd', 1],
    ['to another protocol on this machine', 99, 'ftp://localhost/', 1],
    ['to nowhere', 99, 'http://', 1],
  ])('%s ends', async (_, times, location, requests) => {
    redirect(times, location)
    await expectRefusal(listed(), 'v1', '307')
    expect(github.requests).toHaveLength(requests)
  })
})

test('does not blame the token for an error of the storage', async () => {
  github.releases.push({ tag: 'v1', assets: [asset('a.apk')] })
  github.onRequest = (path, response) => {
    if (path === '/0') response.writeHead(403).end('<Error><Code>AuthenticationFailed</Code></Error>')
    return path === '/0'
  }
  const error = (await files().catch((error: unknown) => error)) as ReleaseError
  expectWhole(error.text, 'a.apk', '403')
  expect(error.text.en + error.text.zh).not.toContain('github-token')
})

test.each(['<html>Sign in</html>', '{"id":"1"}', '[]'])(
  'does not take %s for a response of GitHub',
  async (body) => {
    github.onRequest = (_, response) => {
      response.writeHead(200).end(body)
      return true
    }
    await expectRefusal(listed(), 'v1', new URL(github.apiUrl).host)
    expect(github.requests).toHaveLength(1)
  },
)

test('uses the repository and the API of the workflow', async () => {
  const repository = 'octo/app'
  expect(readRepository({ GITHUB_REPOSITORY: repository })).toEqual({
    repository,
    apiUrl: 'https://api.github.com',
  })
  const apiUrl = 'https://git.example/api/v1'
  expect(readRepository({ GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl }).apiUrl).toBe(apiUrl)
  for (const [variables, name] of [
    [{}, 'GITHUB_REPOSITORY'],
    [{ GITHUB_REPOSITORY: 'app' }, 'GITHUB_REPOSITORY'],
    [{ GITHUB_REPOSITORY: repository, GITHUB_API_URL: 'git.example' }, 'GITHUB_API_URL'],
  ] as const)
    await expectRefusal(
      Promise.resolve().then(() => readRepository(variables)),
      name,
    )
})

test.each([
  ['', ['app.apk', 'app.ipa', 'notes.txt']],
  ['*.apk', ['app.apk']],
  ['*.a*\napp.ipa\n# a comment', ['app.apk', 'app.ipa']],
  ['!*.txt', ['app.apk', 'app.ipa']],
  ['out/local.bin', ['app.apk', 'app.ipa', 'notes.txt']],
  ['out/local.bin\n[an]*\n!notes.txt', ['app.apk', 'app.ipa']],
  ['*.exe', []],
])('path %j selects %j', (path, names) => {
  const assets = ['app.apk', 'app.ipa', 'notes.txt'].map((name, id) => ({ id, name, size: 1 }))
  const chosen = chosenAssets(assets, path)
  expect(chosen.map(({ name }) => name)).toEqual(names)
})

test('selects an asset by its name with any characters', () => {
  const assets = ['app [v1.0].apk', 'app v.apk', 'b.apk'].map((name, id) => ({ id, name, size: 1 }))
  const chosen = (path: string) => chosenAssets(assets, path).map(({ name }) => name)
  expect(chosen('app [v1.0].apk')).toEqual(['app [v1.0].apk', 'app v.apk'])
  expect(chosen('- app [v1.0].apk')).toEqual(['app [v1.0].apk', 'app v.apk'])
  expect(chosen('*\n!app [v1.0].apk')).toEqual(['b.apk'])
  expect(chosen('- !b*')).toEqual(['app [v1.0].apk', 'app v.apk'])
})
