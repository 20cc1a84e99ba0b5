import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asset {
  name: string
  content: Buffer
  /** As the API tells it; default: true to the content. */
  size?: number
  /** `sha256:…`; null for assets older than digests. Default: true to the content. */
  digest?: string | null
  /** `open`: its upload has not ended. Default `uploaded`. */
  state?: 'uploaded' | 'open'
}

export interface Release {
  tag: string
  draft?: boolean
  prerelease?: boolean
  assets: Asset[]
}

/** GitHub's releases, as far as somebody downloads from them. */
export interface GitHub {
  /** For `GITHUB_API_URL`. */
  readonly apiUrl: string
  /** May read; and see drafts. */
  readonly token: string
  /** Of the repository `octo/app`, the newest first. */
  readonly releases: Release[]
  /** Method and path of every request, and whether it was authorized. */
  readonly requests: { path: string; authorized: boolean }[]
  /** Breaks the next so many downloads off in the middle. */
  cutDownloads: number
  /** If given, the next download falls silent in the middle; called then, with whether the client still waits. */
  onSilence: ((isWaitedFor: () => boolean) => void) | undefined
  close(): Promise<void>
}

const REPOSITORY = '/repos/octo/app'

/** An API and, on another port, the storage that it redirects to, where a token has no business. */
export async function startGitHub(releases: Release[] = []): Promise<GitHub> {
  const token = 'ghs_emulated0123456789'
  const requests: GitHub['requests'] = []
  const assets = () => releases.flatMap((release) => release.assets)
  const api = createServer((request, response) => {
    answer(request, response)
  })
  const storage = createServer((request, response) => {
    requests.push({ path: request.url ?? '', authorized: 'authorization' in request.headers })
    const asset = assets()[Number(request.url?.slice(1))]
    if (!asset || 'authorization' in request.headers) {
      response.writeHead(400).end()
      return
    }
    const { content } = asset
    const { onSilence } = github
    const half = content.subarray(0, content.length / 2)
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': content.length,
    })
    if (github.cutDownloads > 0) {
      github.cutDownloads--
      response.write(half, () => response.socket?.destroy())
    } else if (onSilence) {
      github.onSilence = undefined
      response.write(half, () => {
        onSilence(() => !response.closed)
      })
    } else response.end(content)
  })
  for (const server of [api, storage]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
  const origin = (server: typeof api) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '', origin(api))
    const { authorization, accept = '' } = request.headers
    requests.push({ path: pathname, authorized: authorization !== undefined })
    const json = (status: number, body: object) => {
      response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify(body))
    }
    const notFound = () => {
      json(404, { message: 'Not Found', status: '404' })
    }
    if (authorization !== `token ${token}`) {
      if (authorization === 'token ghs_without_rights')
        json(403, { message: 'Resource not accessible by integration', status: '403' })
      else json(401, { message: 'Bad credentials', status: '401' })
      return
    }
    if (!pathname.startsWith(`${REPOSITORY}/releases`)) {
      notFound()
      return
    }
    const rest = pathname.slice(`${REPOSITORY}/releases`.length)
    const found = (release: Release | undefined) => {
      if (release) json(200, described(release))
      else notFound()
    }
    if (rest === '') json(200, releases.map(described))
    else if (rest === '/latest') found(releases.find(({ draft, prerelease }) => !draft && !prerelease))
    else if (rest.startsWith('/tags/')) {
      // Drafts are not found by their tag.
      const tag = decodeURIComponent(rest.slice('/tags/'.length))
      found(releases.find((release) => release.tag === tag && !release.draft))
    } else if (/^\/\d+\/assets$/.test(rest)) {
      const page = new URL(request.url ?? '', origin(api)).searchParams
      const [size, number] = [Number(page.get('per_page') ?? 30), Number(page.get('page') ?? 1)]
      const all = releases[Number(rest.split('/')[1]) - 1]?.assets ?? []
      if (number * size < all.length) {
        const next = `${origin(api)}${pathname}?per_page=${size}&page=${number + 1}`
        response.setHeader('link', `<${next}>; rel="next"`)
      }
      json(200, all.slice((number - 1) * size, number * size).map(describedAsset))
    } else if (/^\/assets\/\d+$/.test(rest)) {
      const id = Number(rest.split('/')[2])
      const asset = assets()[id - 1]
      if (!asset) notFound()
      else if (accept !== 'application/octet-stream') json(200, describedAsset(asset))
      else response.writeHead(302, { location: `${origin(storage)}/${id - 1}` }).end()
    } else notFound()
  }

  const described = (release: Release) => ({
    id: releases.indexOf(release) + 1,
    tag_name: release.tag,
    draft: release.draft ?? false,
    prerelease: release.prerelease ?? false,
  })

  const describedAsset = (asset: Asset) => ({
    id: assets().indexOf(asset) + 1,
    name: asset.name,
    size: asset.size ?? asset.content.length,
    state: asset.state ?? 'uploaded',
    digest:
      asset.digest === undefined
        ? `sha256:${createHash('sha256').update(asset.content).digest('hex')}`
        : asset.digest,
  })

  const github: GitHub = {
    apiUrl: origin(api),
    token,
    releases,
    requests,
    cutDownloads: 0,
    onSilence: undefined,
    close: async () => {
      for (const server of [api, storage]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
  return github
}
