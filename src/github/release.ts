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
import { GitHub, type GitHubOptions, ReleaseError } from './api.ts'
import { patternRules } from './patterns.ts'
import type { Release } from './runner.ts'

/** A page has fewer releases than assets, because a release contains its assets. */
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

/** A file of a release. The optional fields are missing on Gitea and Forgejo, or for old assets. */
const Asset = v.object({
  id: v.number(),
  name: v.string(),
  /** bytes */
  size: v.number(),
  /** `uploaded` unless the upload is in progress or has failed. */
  state: v.optional(v.string()),
  /** `sha256:` and hexadecimal digits. */
  digest: v.nullish(v.string()),
  url: v.optional(v.string()),
  browser_download_url: v.optional(v.string()),
})
export type Asset = v.InferOutput<typeof Asset>

export interface ReleaseOptions extends GitHubOptions {
  /** `owner/name` */
  readonly repository: string
  /** May start with `refs/tags/`. If no release has the tag `latest`, it means the latest release. */
  readonly tag: string
  /** The input `path`. Its lines without a slash select assets by name. */
  readonly path: string
  /** How many assets are downloaded at once. */
  readonly concurrency: number
}

/** Reads the repository and the API from `GITHUB_REPOSITORY` and `GITHUB_API_URL`. @throws ReleaseError if they are not valid */
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
 * Downloads the assets of a release that `path` selects. If one fails, the others stop.
 *
 * @param directory must be empty
 * @returns the files, sorted by name, and the release
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
  // The caller may remove the directory, so no download may still be running.
  await Promise.allSettled(downloads)
  signal.throwIfAborted()
  const files = await Promise.all(downloads)
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), release }
}

/**
 * Reads a release and its assets. Page: https://docs.github.com/rest/releases/releases
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
        en: `The asset ${JSON.stringify(name)} of the release ${given} has a name that can't be used as a file name. Rename the asset.`,
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

/** @param releases the path of the API */
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
    // The API doesn't find drafts by their tags.
    for await (const release of github.list(name, releases, ReleaseData, RELEASES_PER_PAGE))
      if (release.draft && release.tag_name === tag) return release
    throw error
  }
}

/** The assets that the lines of `path` without a slash select. If all of these lines exclude, they select all other assets. */
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
    // A line that is the name of an asset selects it, even if it contains wildcards.
    const literal = names.has(name) ? [compile(`${marks}${within}/${escape(name)}`)] : []
    return [...literal, compile(`${marks}${within}/${name}`)]
  })
  return assets.filter(({ name }) => isSelected(patterns, join(within, name)))
}

/**
 * Downloads an asset, and verifies its size and digest. Page:
 * https://docs.github.com/rest/releases/assets#get-a-release-asset
 *
 * @param directory is created
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
  // The API of Gitea and Forgejo doesn't have the content.
  const elsewhere = url === undefined ? URL.parse(browser_download_url ?? '') : undefined
  const from = elsewhere ?? github.url(`/repos/${repository}/releases/assets/${id}`)
  const title = { en: `the asset ${name}`, zh: `附件 ${name}` }
  await mkdir(directory)
  await github.download(title, from, (body) => save(body, asset, path), signal)
  const { size, mtimeMs } = await stat(path)
  return { path: name, location: path, name, size, modified: mtimeMs }
}

/** @throws ReleaseError for a wrong size or digest, or if the file can't be written; the body's error if it breaks off */
async function save(
  body: AsyncIterable<Buffer>,
  { size: expectedSize, digest: expected }: Asset,
  path: string,
): Promise<void> {
  const hash = createHash('sha256')
  let size = 0
  let bodyError: unknown
  const measured = async function* () {
    try {
      for await (const chunk of body) {
        size += chunk.length
        // The rest could fill the disk.
        if (size > expectedSize) return
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
  } catch (cause) {
    if (bodyError !== undefined) throw cause
    const { message } = cause as Error
    const text = { en: `Could not write it to disk: ${message}.`, zh: `无法写入磁盘：${message}。` }
    throw new ReleaseError(text, { cause })
  }
  const damaged = (en: string, zh: string) => new ReleaseError({ en, zh }, { wait: 0 })
  if (size !== expectedSize)
    throw damaged(
      `It should have ${expectedSize} bytes, but ${size > expectedSize ? 'at least' : 'only'} ${size} arrived.`,
      `应有 ${expectedSize} 字节，${size > expectedSize ? '至少' : '只'}收到 ${size} 字节。`,
    )
  const digest = `sha256:${hash.digest('hex')}`
  if (expected?.startsWith('sha256:') && expected !== digest)
    throw damaged(
      `Its digest is ${digest}, but should be ${expected}.`,
      `其摘要为 ${digest}，应为 ${expected}。`,
    )
}
