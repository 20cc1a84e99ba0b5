import { createHash } from 'node:crypto'
import findMyWay from 'find-my-way'
import type { RequestListener } from '../http/listener.ts'

export interface Asset {
  name: string
  content: Buffer
  /** As the API reports it, in bytes. Default: the size of the content. */
  size?: number
  /** `sha256:…`; null for assets older than digests. Default: the digest of the content. */
  digest?: string | null
  /** `open`: it is being uploaded. `starter`: its upload failed. Default `uploaded`. */
  state?: 'uploaded' | 'open' | 'starter'
}

export interface Release {
  tag: string
  draft?: boolean
  prerelease?: boolean
  name?: string
  /** Markdown */
  body?: string
  assets: Asset[]
}

/** The releases that the API serves, and whether it is Gitea's. */
interface Served {
  readonly releases: readonly Release[]
  readonly isGitea: boolean
}

const RELEASES = '/repos/octo/app/releases'
/** The most entries on a page. */
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
  github: () => Served,
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

function routes(github: () => Served, storageOrigin: () => string): Readonly<Record<string, Route>> {
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
    // On GitHub, this page does not accept a token of the API.
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

/** A release as the API returns it. Its ID is its place in the list, from 1. */
function releaseJson(releases: readonly Release[], release: Release): object {
  return {
    id: releases.indexOf(release) + 1,
    tag_name: release.tag,
    draft: release.draft ?? false,
    prerelease: release.prerelease ?? false,
    name: release.name ?? null,
    body: release.body ?? null,
    html_url: `https://github.com/octo/app/releases/tag/${release.tag}`,
  }
}

/**
 * An asset as the API returns it. Its ID is its place among the assets of all releases, from 1.
 *
 * @param origin of the API, and of the pages
 */
function assetJson({ releases, isGitea }: Served, asset: Asset, origin: string): object {
  const id = releases.flatMap(({ assets }) => assets).indexOf(asset) + 1
  const tag = releases.find(({ assets }) => assets.includes(asset))?.tag ?? ''
  const common = {
    id,
    name: asset.name,
    size: asset.size ?? asset.content.length,
    browser_download_url: `${origin}/octo/app/releases/download/${encodeURIComponent(tag)}/${encodeURIComponent(asset.name)}`,
  }
  if (isGitea) return common
  const digest = `sha256:${createHash('sha256').update(asset.content).digest('hex')}`
  return {
    ...common,
    url: `${origin}/repos/octo/app/releases/assets/${id}`,
    state: asset.state ?? 'uploaded',
    digest: asset.digest === undefined ? digest : asset.digest,
  }
}
