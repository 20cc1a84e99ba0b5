import { Listener, type RequestListener } from '../http/listener.ts'
import { releasesApi } from './api.ts'
import type { GitHub, Release } from './interface.ts'
import { assetStorage } from './storage.ts'

export type { GitHub } from './interface.ts'

/** GitHub's releases API and, on a port of its own, the storage that it redirects downloads to. */
export async function startGitHub(releases: Release[] = []): Promise<GitHub> {
  const token = 'ghs_emulated0123456789'
  const requests: GitHub['requests'] = []
  const recorded = (handle: RequestListener): RequestListener => {
    return (request, response, url) => {
      requests.push({ path: url.pathname, authorized: 'authorization' in request.headers })
      if (github.onRequest?.(url.pathname, response)) return
      handle(request, response, url)
    }
  }
  const api = new Listener(
    recorded(
      releasesApi(
        () => github,
        token,
        () => storage.origin,
      ),
    ),
  )
  const storage = new Listener((request, response, url) => {
    answerDownload(request, response, url)
  })
  for (const listener of [api, storage]) await listener.listen()
  const github: GitHub = {
    apiUrl: api.origin,
    token,
    releases,
    requests,
    isGitea: false,
    cutDownloads: 0,
    onRequest: undefined,
    onSilence: undefined,
    close: async () => {
      for (const listener of [api, storage]) await listener.close()
    },
  }
  const answerDownload = recorded(assetStorage(github))
  return github
}
