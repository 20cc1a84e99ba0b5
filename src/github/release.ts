import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as v from 'valibot'
import type { LocalFile } from '../files/local-file.ts'
import { isSelected, textLines, withoutDash } from '../files/search.ts'
import { Slots } from '../http/concurrency.ts'
import type { Text } from '../http/text.ts'
import { DamagedDownload, GitHub, type GitHubOptions, ReleaseError } from './api.ts'
import { patternRules } from './patterns.ts'
import type { Release } from './runner.ts'

/** How many entries of a list a request asks for. A release in a list contains its assets, so it takes more space. */
const ASSETS_PER_PAGE = 100
const RELEASES_PER_PAGE = 50

const ReleaseData = v.object({
  id: v.number(),
  tag_name: v.string(),
  draft: v.boolean(),
  name: v.nullish(v.string(), ''),
  body: v.nullish(v.string(), ''),
  html_url: v.nullish(v.string(), ''),
})

/** A file of a release. What GitHub always sends and Gitea and Forgejo do not is optional. */
const Asset = v.object({
  id: v.number(),
  name: v.string(),
  /** bytes */
  size: v.number(),
  /** `uploaded`, or what its upload has come to. */
  state: v.optional(v.string()),
  /** `sha256:` and hex; assets that are older than digests have none. */
  digest: v.nullish(v.string()),
  /** In the API. */
  url: v.optional(v.string()),
  browser_download_url: v.optional(v.string()),
})
export type Asset = v.InferOutput<typeof Asset>

export interface ReleaseOptions extends GitHubOptions {
  /** `owner/name` */
  readonly repository: string
  /** The tag of the release, also with `refs/tags/` before it. `latest`, if no release has that tag, is the latest one. */
  readonly tag: string
  /** The input `path`, whose lines without a slash select assets by their names. */
  readonly path: string
  /** How many assets are downloaded at once. */
  readonly concurrency: number
}

/**
 * The repository of the workflow, and the API of its server.
 *
 * @param variables of the process: `GITHUB_REPOSITORY`, `GITHUB_API_URL`
 * @throws ReleaseError if they don't name one
 */
export function readRepository(
  variables: Readonly<Record<string, string | undefined>>,
): Pick<ReleaseOptions, 'repository' | 'apiUrl'> {
  const repository = variables['GITHUB_REPOSITORY'] ?? ''
  const apiUrl = variables['GITHUB_API_URL'] || 'https://api.github.com'
  if (!/^[^\s/]+\/[^\s/]+$/.test(repository))
    throw new ReleaseError({
      en: 'release-tag requires the environment variable GITHUB_REPOSITORY. Set it to the repository of the release, such as octo/app.',
      zh: '使用 release-tag 需要环境变量 GITHUB_REPOSITORY。请将其设置为 Release 所在的仓库，例如 octo/app。',
    })
  if (!/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? ''))
    throw new ReleaseError({
      en: `The environment variable GITHUB_API_URL is not a URL: ${JSON.stringify(apiUrl)}. Set it to the API of your server, or remove it.`,
      zh: `环境变量 GITHUB_API_URL 不是有效的网址：${JSON.stringify(apiUrl)}。请将其设置为服务器的 API 地址，或删除该变量。`,
    })
  return { repository, apiUrl }
}

/**
 * Downloads the assets of a release that `path` does not leave out. If one can't be downloaded, the others stop.
 *
 * @param directory an empty one, for these files
 * @returns them, sorted by name, and the release
 * @throws ReleaseError, or the signal's reason
 */
export async function releaseFiles(
  options: ReleaseOptions,
  directory: string,
): Promise<{ files: LocalFile[]; release: Release }> {
  const { http, tag, path, concurrency } = options
  const github = new GitHub(options)
  const { release, assets: all } = await releaseAssets(options)
  const assets = chosenAssets(all, path)
  for (const { name, state = 'uploaded' } of assets)
    if (state !== 'uploaded')
      throw new ReleaseError({
        en: `The upload of the asset ${name} of the release ${tag} has not finished. If it failed, delete the asset and upload it again.`,
        zh: `Release ${tag} 的附件 ${name} 尚未上传完成。如果上传已失败，请删除该附件并重新上传。`,
      })
  const failing = new AbortController()
  const signal = AbortSignal.any([http.environment.signal, failing.signal])
  const slots = new Slots(() => concurrency)
  const downloads = assets.map(async (asset, index) => {
    const get = () => download(asset, github, options, join(directory, String(index)), signal)
    try {
      return await slots.run(get, signal)
    } catch (error) {
      failing.abort(error)
      throw error
    }
  })
  // All of them end before the directory is removed.
  await Promise.allSettled(downloads)
  signal.throwIfAborted()
  const files = await Promise.all(downloads)
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), release }
}

/**
 * A release and its assets. It may be a draft if the token may see it. Page:
 * https://docs.github.com/rest/releases/releases
 *
 * @throws ReleaseError, or the signal's reason
 */
export async function releaseAssets(
  options: GitHubOptions & Pick<ReleaseOptions, 'repository' | 'tag'>,
): Promise<{ release: Release; assets: Asset[] }> {
  const { repository, tag: given } = options
  const github = new GitHub(options)
  const called = { en: `the release ${given} of ${repository}`, zh: ` ${repository} 的 Release ${given}` }
  const releases = `/repos/${repository}/releases`
  const { id, tag_name: tag, name, body, html_url: url } = await findRelease(given, github, releases, called)
  const assets: Asset[] = []
  for await (const asset of github.list(called, `${releases}/${id}/assets`, Asset, ASSETS_PER_PAGE)) {
    const { name } = asset
    if (['', '.', '..'].includes(name) || name !== basename(name))
      throw new ReleaseError({
        en: `The asset ${JSON.stringify(name)} of the release ${given} has a name that can't be used for a file. Rename the asset.`,
        zh: `Release ${given} 的附件 ${JSON.stringify(name)} 的名称不能用作文件名，请重命名该附件。`,
      })
    assets.push(asset)
  }
  if (assets.length > 0) return { release: { name, tag, body, url }, assets }
  throw new ReleaseError({
    en: `The release ${given} of ${repository} has no assets. Check release-tag, and whether the job that uploads the assets ran before this one.`,
    zh: `${repository} 的 Release ${given} 没有附件。请检查 release-tag，并确认上传附件的任务已在本任务之前运行。`,
  })
}

/** @param releases the path of the API where they are */
async function findRelease(
  given: string,
  github: GitHub,
  releases: string,
  name: Text,
): Promise<v.InferOutput<typeof ReleaseData>> {
  const tag = given.replace(/^refs\/tags\//, '')
  try {
    return await github.read(name, `${releases}/tags/${encodeURIComponent(tag)}`, ReleaseData)
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.status !== 404) throw error
    if (given === 'latest') return await github.read(name, `${releases}/latest`, ReleaseData)
    // A draft is not found by its tag.
    for await (const release of github.list(name, releases, ReleaseData, RELEASES_PER_PAGE))
      if (release.draft && release.tag_name === tag) return release
    throw error
  }
}

/**
 * The assets whose names `path` selects: only lines without a slash count. If none of them includes anything, all
 * assets are selected that are not excluded.
 */
export function chosenAssets(assets: readonly Asset[], path: string): Asset[] {
  const within = resolve('/', 'assets')
  const { compile, escape } = patternRules()
  const names = new Set(assets.map(({ name }) => name))
  const lines = textLines(path)
    .filter((line) => !/[\\/]/.test(line))
    .map((line) => (names.has(line) ? line : withoutDash(line)))
  if (lines.every((line) => line.startsWith('!'))) lines.unshift('*')
  const patterns = lines.flatMap((line) => {
    const [, marks = '', name = ''] = /^([!\s]*)(.*)$/s.exec(line) ?? []
    // The name of an asset is also taken literally, whatever characters it contains.
    const literal = names.has(name) ? [compile(`${marks}${within}/${escape(name)}`)] : []
    return [...literal, compile(`${marks}${within}/${name}`)]
  })
  return assets.filter(({ name }) => isSelected(patterns, join(within, name)))
}

/**
 * Streams an asset to disk, and compares it with the size and digest that GitHub gives. Page:
 * https://docs.github.com/rest/releases/assets#get-a-release-asset
 *
 * @param directory is created for it
 * @throws ReleaseError, or the signal's reason
 */
async function download(
  asset: Asset,
  github: GitHub,
  { repository }: Pick<ReleaseOptions, 'repository'>,
  directory: string,
  signal: AbortSignal,
): Promise<LocalFile> {
  const { id, name, url, browser_download_url } = asset
  const path = join(directory, name)
  // Gitea and Forgejo have no API for the content.
  const elsewhere = url === undefined ? URL.parse(browser_download_url ?? '') : undefined
  const from = elsewhere ?? github.url(`/repos/${repository}/releases/assets/${id}`)
  await mkdir(directory)
  await github.download(
    { en: `the asset ${name}`, zh: `附件 ${name}` },
    from,
    (body) => save(body, asset, path),
    signal,
  )
  const { size, mtimeMs } = await stat(path)
  return { path: name, location: path, name, size, modified: mtimeMs }
}

/**
 * @throws ReleaseError if the file cannot be written: to download it again would change nothing
 * @throws DamagedDownload if the body is not what GitHub described, or the body's own error if it breaks off
 */
async function save(body: AsyncIterable<Buffer>, asset: Asset, path: string): Promise<void> {
  const { name, size: announced, digest: expected } = asset
  const hash = createHash('sha256')
  const wrongSize = (arrived: Text) =>
    new DamagedDownload({
      en: `It should have ${announced} bytes, but ${arrived.en}.`,
      zh: `应有 ${announced} 字节，${arrived.zh}。`,
    })
  let size = 0
  let bodyError: unknown
  const measured = async function* () {
    try {
      for await (const chunk of body) {
        size += chunk.length
        // The rest could fill the disk.
        if (size > announced) throw wrongSize({ en: 'more than that arrived', zh: '但收到的内容更多' })
        hash.update(chunk)
        yield chunk
      }
    } catch (error) {
      bodyError = error
      throw error
    }
  }
  try {
    await pipeline(measured, createWriteStream(path))
  } catch (error) {
    if (bodyError !== undefined) throw error
    const { message } = error as Error
    const text = {
      en: `Could not write the asset ${name} to disk: ${message}.`,
      zh: `无法将附件 ${name} 写入磁盘：${message}。`,
    }
    throw new ReleaseError(text, { cause: error })
  }
  if (size !== announced) throw wrongSize({ en: `${size} bytes arrived`, zh: `实际收到 ${size} 字节` })
  const digest = `sha256:${hash.digest('hex')}`
  if (expected?.startsWith('sha256:') && expected !== digest)
    throw new DamagedDownload({
      en: `Its digest is ${digest}, but should be ${expected}.`,
      zh: `其摘要为 ${digest}，应为 ${expected}。`,
    })
}
