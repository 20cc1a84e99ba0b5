import findMyWay from 'find-my-way'
import type { RequestListener } from '../http/listener.ts'
import type { GitHub, Release } from './interface.ts'
import { assetJson, releaseJson } from './release-json.ts'

const RELEASES = '/repos/octo/app/releases'
/** The most entries on a page, whatever is asked for. */
const MAX_PER_PAGE = 100
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
  readonly content?: Buffer
}

type Route = (request: ApiRequest) => ApiResponse

const NOT_FOUND: ApiResponse = { status: 404, json: { message: 'Not Found', status: '404' } }

/**
 * The releases API.
 *
 * @param storageOrigin returns the origin that downloads are redirected to
 */
export function releasesApi(
  github: () => GitHub,
  token: string,
  storageOrigin: () => string,
): RequestListener {
  const router = findMyWay()
  for (const [path, route] of Object.entries(routes(github, storageOrigin)))
    router.on('GET', path, () => undefined, route)
  return (request, response, url) => {
    const { authorization, accept = '', host = '' } = request.headers
    const origin = `http://${host}`
    const match = router.find('GET', url.pathname)
    const route = match?.store as Route | undefined
    const { status, headers, json, content } =
      forbidden(request.headers['user-agent']) ??
      unauthorized(authorization, token) ??
      route?.({ params: match?.params ?? {}, origin, url, accept }) ??
      NOT_FOUND
    if (json) response.setHeader('content-type', 'application/json; charset=utf-8')
    response.writeHead(status, headers).end(json ? JSON.stringify(json) : content)
  }
}

/** Page: https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent */
function forbidden(userAgent: string | undefined): ApiResponse | undefined {
  if (userAgent) return undefined
  return { status: 403, json: { message: 'Request forbidden by administrative rules.', status: '403' } }
}

function unauthorized(authorization: string | undefined, token: string): ApiResponse | undefined {
  if (authorization === `token ${token}`) return undefined
  if (authorization === `token ${TOKEN_WITHOUT_RIGHTS}`)
    return { status: 403, json: { message: 'Resource not accessible by integration', status: '403' } }
  return { status: 401, json: { message: 'Bad credentials', status: '401' } }
}

function routes(github: () => GitHub, storageOrigin: () => string): Readonly<Record<string, Route>> {
  const one = (release: Release | undefined) =>
    release ? { status: 200, json: releaseJson(github().releases, release) } : NOT_FOUND
  const allAssets = () => github().releases.flatMap(({ assets }) => assets)
  return {
    [RELEASES]: ({ origin, url }) => {
      const { releases } = github()
      return page(origin, url, releases, (release) => releaseJson(releases, release))
    },
    [`${RELEASES}/latest`]: () =>
      one(github().releases.find(({ draft, prerelease }) => !draft && !prerelease)),
    // Drafts cannot be looked up by their tag.
    [`${RELEASES}/tags/:tag`]: ({ params }) =>
      one(github().releases.find(({ tag, draft }) => tag === params['tag'] && !draft)),
    [`${RELEASES}/:id(^\\d+$)/assets`]: ({ params, origin, url }) => {
      const assets = github().releases[Number(params['id']) - 1]?.assets ?? []
      return page(origin, url, assets, (asset) => assetJson(github(), asset, origin))
    },
    [`${RELEASES}/assets/:id(^\\d+$)`]: ({ params, accept, origin }) => {
      const id = Number(params['id'])
      const asset = allAssets()[id - 1]
      if (!asset || github().isGitea) return NOT_FOUND
      if (accept !== 'application/octet-stream')
        return { status: 200, json: assetJson(github(), asset, origin) }
      if ((asset.state ?? 'uploaded') !== 'uploaded') return NOT_FOUND
      return { status: 302, headers: { location: `${storageOrigin()}/${id - 1}` } }
    },
    // Where GitHub does not take a token of the API.
    '/octo/app/releases/download/:tag/:name': ({ params }) => {
      const { releases, isGitea } = github()
      const { assets } = releases.find(({ tag }) => tag === params['tag']) ?? { assets: [] }
      const asset = assets.find(({ name }) => name === params['name'])
      return asset && isGitea ? { status: 200, content: asset.content } : NOT_FOUND
    },
  }
}

/** A page of a list. */
function page<T>(origin: string, url: URL, all: readonly T[], json: (entry: T) => object): ApiResponse {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), MAX_PER_PAGE)
  const number = Number(url.searchParams.get('page') ?? 1)
  const next = `${origin}${url.pathname}?per_page=${size}&page=${number + 1}`
  return {
    status: 200,
    json: all.slice((number - 1) * size, number * size).map(json),
    ...(number * size < all.length ? { headers: { link: `<${next}>; rel="next"` } } : {}),
  }
}
