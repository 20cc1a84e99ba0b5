import type { ServerResponse } from 'node:http'
import { Listener, type RequestListener } from '../http/listener.ts'
import { releasesApi, type Release } from './api.ts'

/** The part of GitHub's releases that a download needs. */
export interface GitHub {
  /** For `GITHUB_API_URL`. */
  readonly apiUrl: string
  /** May read releases, and drafts too. */
  readonly token: string
  /** Of the repository `octo/app`, the newest first. */
  readonly releases: Release[]
  /**
   * Set to `true` to be Gitea or Forgejo instead: assets have neither a state, nor a digest, nor a URL in the API, and are
   * downloaded from `browser_download_url`.
   */
  isGitea: boolean
  /** Path of every request, and whether it had a token. */
  readonly requests: { path: string; authorized: boolean }[]
  /** If set, called before each response, with the path. Returns true if it responds itself, or never. */
  onRequest: ((path: string, response: ServerResponse) => boolean) | undefined
  /** How many of the next downloads are cut off in the middle. */
  cutDownloads: number
  /**
   * If set, the next download stops in the middle without closing the connection. Called at that moment, with a function
   * that returns whether the client still waits.
   */
  onSilence: ((isWaitedFor: () => boolean) => void) | undefined
  close(): Promise<void>
}

/** GitHub's releases API and, on a port of its own, the storage that it redirects downloads to. */
export async function startGitHub(releases: Release[] = []): Promise<GitHub> {
  const recorded = (handle: RequestListener): RequestListener => {
    return (request, response, url) => {
      github.requests.push({ path: url.pathname, authorized: 'authorization' in request.headers })
      if (github.onRequest?.(url.pathname, response)) return
      handle(request, response, url)
    }
  }
  const token = 'ghs_emulated0123456789'
  const storage = new Listener(
    recorded((...request) => {
      serveAsset(github, ...request)
    }),
  )
  const api = new Listener(
    recorded(
      releasesApi(
        () => github,
        token,
        () => storage.origin,
      ),
    ),
  )
  for (const listener of [api, storage]) await listener.listen()
  const github: GitHub = {
    apiUrl: api.origin,
    token,
    releases,
    requests: [],
    isGitea: false,
    cutDownloads: 0,
    onRequest: undefined,
    onSilence: undefined,
    close: async () => {
      for (const listener of [api, storage]) await listener.close()
    },
  }
  return github
}

/** The storage of the assets. It rejects requests with a token, which must never be sent there. */
function serveAsset(github: GitHub, ...[request, response, url]: Parameters<RequestListener>): void {
  const asset = github.releases.flatMap(({ assets }) => assets)[Number(url.pathname.slice(1))]
  if (!asset || 'authorization' in request.headers) {
    response.writeHead(400).end()
    return
  }
  const { content } = asset
  const { onSilence } = github
  const half = content.subarray(0, content.length / 2)
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length })
  if (github.cutDownloads > 0) {
    github.cutDownloads--
    response.write(half, () => response.socket?.destroy())
  } else if (onSilence) {
    github.onSilence = undefined
    response.write(half, () => {
      onSilence(() => !response.closed)
    })
  } else response.end(content)
}
