import findMyWay from 'find-my-way'
import type { RequestListener } from '../http/listener.ts'
import type { Release } from './interface.ts'
import { assetJson, releaseJson } from './release-json.ts'

const RELEASES = '/repos/octo/app/releases'
/** A token that GitHub knows, but that may not read releases. */
const TOKEN_WITHOUT_RIGHTS = 'ghs_without_rights'

interface ApiRequest {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly origin: string
  readonly url: URL
  readonly accept: string
}

interface ApiResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: object
}

type Route = (request: ApiRequest) => ApiResponse

const NOT_FOUND: ApiResponse = { status: 404, json: { message: 'Not Found', status: '404' } }

/**
 * The releases API.
 *
 * @param storageOrigin returns the origin that downloads are redirected to
 */
export function releasesApi(
  releases: readonly Release[],
  token: string,
  storageOrigin: () => string,
): RequestListener {
  const router = findMyWay()
  for (const [path, route] of Object.entries(routes(releases, storageOrigin)))
    router.on('GET', `${RELEASES}${path}`, () => undefined, route)
  return (request, response, url) => {
    const { authorization, accept = '', host = '' } = request.headers
    const origin = `http://${host}`
    const match = router.find('GET', url.pathname)
    const route = match?.store as Route | undefined
    const { status, headers, json } =
      unauthorized(authorization, token) ??
      route?.({ params: match?.params ?? {}, origin, url, accept }) ??
      NOT_FOUND
    if (json) response.setHeader('content-type', 'application/json; charset=utf-8')
    response.writeHead(status, headers).end(json && JSON.stringify(json))
  }
}

function unauthorized(authorization: string | undefined, token: string): ApiResponse | undefined {
  if (authorization === `token ${token}`) return undefined
  if (authorization === `token ${TOKEN_WITHOUT_RIGHTS}`)
    return { status: 403, json: { message: 'Resource not accessible by integration', status: '403' } }
  return { status: 401, json: { message: 'Bad credentials', status: '401' } }
}

function routes(releases: readonly Release[], storageOrigin: () => string): Readonly<Record<string, Route>> {
  const one = (release: Release | undefined) =>
    release ? { status: 200, json: releaseJson(releases, release) } : NOT_FOUND
  const allAssets = () => releases.flatMap(({ assets }) => assets)
  return {
    '': () => ({ status: 200, json: releases.map((release) => releaseJson(releases, release)) }),
    '/latest': () => one(releases.find(({ draft, prerelease }) => !draft && !prerelease)),
    // Drafts cannot be looked up by their tag.
    '/tags/:tag': ({ params }) => one(releases.find(({ tag, draft }) => tag === params['tag'] && !draft)),
    '/:id(^\\d+$)/assets': ({ params, origin, url }) => {
      const assets = releases[Number(params['id']) - 1]?.assets ?? []
      const size = Number(url.searchParams.get('per_page') ?? 30)
      const page = Number(url.searchParams.get('page') ?? 1)
      const next = `${origin}${url.pathname}?per_page=${size}&page=${page + 1}`
      return {
        status: 200,
        json: assets.slice((page - 1) * size, page * size).map((asset) => assetJson(allAssets(), asset)),
        ...(page * size < assets.length ? { headers: { link: `<${next}>; rel="next"` } } : {}),
      }
    },
    '/assets/:id(^\\d+$)': ({ params, accept }) => {
      const id = Number(params['id'])
      const asset = allAssets()[id - 1]
      if (!asset) return NOT_FOUND
      if (accept !== 'application/octet-stream') return { status: 200, json: assetJson(allAssets(), asset) }
      return { status: 302, headers: { location: `${storageOrigin()}/${id - 1}` } }
    },
  }
}
