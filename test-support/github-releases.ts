// A stand-in for the part of GitHub's REST API that makes releases. Its tags are those of a bare repository on disk.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

interface StoredAsset {
  id: number
  name: string
  state: string
  size: number
  digest: string | null
}

interface StoredRelease {
  id: number
  tag_name: string
  name: string
  body: string
  draft: boolean
  prerelease: boolean
  make_latest?: string
  html_url: string
  upload_url: string
  assets: StoredAsset[]
}

export interface GitHubReleases {
  url: string
  releases: StoredRelease[]
  /** Every call, such as `POST releases`. */
  calls: string[]
  /** Names of assets whose next upload is cut. */
  failing: Set<string>
  close: () => void
}

type Answer = [status: number, body?: unknown]

/** Starts it on loopback, for the repository `someone/an-action`. */
export async function startGitHubReleases(bareRepository: string): Promise<GitHubReleases> {
  const releases: StoredRelease[] = []
  const calls: string[] = []
  const failing = new Set<string>()
  let nextId = 1
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: bareRepository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()

  const refs = (...patterns: string[]) =>
    git('for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', ...patterns)
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [ref = '', sha = '', type = ''] = line.split(' ')
        return { ref, object: { sha, type } }
      })

  const upload = (id: number, name: string, bytes: Buffer): Answer => {
    const release = releases.find((other) => other.id === id)
    if (release === undefined) return [404]
    if (!release.draft) return [422, { message: 'Cannot upload assets to an immutable release.' }]
    if (release.assets.some((asset) => asset.name === name)) return [422, { message: 'already_exists' }]
    const isBroken = failing.delete(name)
    release.assets.push({
      id: nextId++,
      name,
      state: isBroken ? 'starter' : 'uploaded',
      size: isBroken ? 0 : bytes.length,
      digest: isBroken ? null : `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    })
    return isBroken ? [502, { message: 'Bad Gateway' }] : [201, release.assets.at(-1)]
  }

  const routes: [RegExp, (match: RegExpExecArray, body: Record<string, unknown>) => Answer][] = [
    [
      /^GET releases\?per_page=100&page=(\d+)$/,
      ([, page]) => [200, releases.slice((Number(page) - 1) * 100).slice(0, 100)],
    ],
    [/^GET releases\/(\d+)$/, ([, id]) => found(releases.find((release) => release.id === Number(id)))],
    [
      /^POST releases$/,
      (_, body) => {
        const id = nextId++
        releases.push({
          ...(body as unknown as StoredRelease),
          id,
          html_url: `https://github.com/someone/an-action/releases/${id}`,
          upload_url: `${url}/uploads/${id}/assets{?name,label}`,
          assets: [],
        })
        return [201, releases.at(-1)]
      },
    ],
    [
      /^PATCH releases\/(\d+)$/,
      ([, id], body) => {
        const release = releases.find((other) => other.id === Number(id))
        return found(release && Object.assign(release, body))
      },
    ],
    [
      /^DELETE releases\/assets\/(\d+)$/,
      ([, id]) => {
        const release = releases.find(({ assets }) => assets.some((asset) => asset.id === Number(id)))
        if (release?.draft !== true) return [422, { message: 'immutable' }]
        release.assets = release.assets.filter((asset) => asset.id !== Number(id))
        return [204]
      },
    ],
    [
      /^GET git\/ref\/(tags\/.*)$/,
      ([, ref = '']) => found(refs(`refs/${ref}`).find((other) => other.ref === `refs/${ref}`)),
    ],
    [
      /^GET git\/matching-refs\/(tags\/.*)$/,
      ([, prefix = '']) => [200, refs().filter(({ ref }) => ref.startsWith(`refs/${prefix}`))],
    ],
    [
      /^GET git\/tags\/(\w+)$/,
      ([, sha = '']) => [200, { object: { sha: git('rev-parse', `${sha}^{}`), type: 'commit' } }],
    ],
    [
      /^POST git\/refs$/,
      (_, body) => {
        git('update-ref', String(body['ref']), String(body['sha']), '')
        return [201, body]
      },
    ],
    [
      /^PATCH git\/(refs\/tags\/.*)$/,
      ([, ref = ''], body) => {
        git('update-ref', ref, String(body['sha']))
        return [200, body]
      },
    ],
  ]

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { method = '', url: path = '', headers } = request
    const bytes = await buffer(request)
    if (headers.authorization !== 'Bearer the-token') return [401]
    const [, id, name = ''] = /^\/uploads\/(\d+)\/assets\?name=(.*)$/.exec(path) ?? []
    const call =
      id === undefined ? `${method} ${path.replace('/repos/someone/an-action/', '')}` : `POST asset ${name}`
    calls.push(call)
    if (id !== undefined) return upload(Number(id), decodeURIComponent(name), bytes)
    for (const [pattern, handle] of routes) {
      const match = pattern.exec(call)
      if (match !== null)
        return handle(
          match,
          bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Record<string, unknown>),
        )
    }
    return [404, { message: 'Not Found' }]
  }

  const server = createServer((request, response) => {
    void answer(request)
      .catch((error: unknown): Answer => [500, { message: String(error) }])
      .then(([status, body]) =>
        response.writeHead(status).end(body === undefined ? '' : JSON.stringify(body)),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, releases, calls, failing, close: () => server.close() }
}

const found = (entry: unknown): Answer =>
  entry === undefined ? [404, { message: 'Not Found' }] : [200, entry]
