import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Glob } from '../files/find-files.ts'
import { forwardSlashes } from '../files/local-path.ts'
import type { Repository } from './runner.ts'

/** The longest wait between two tries, in ms. */
const MAX_BACKOFF = 30_000

/** The assets of a release cannot be had; the message says why, and what to do. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError'
}

/** A file of a release, as GitHub tells of it. */
export interface Asset {
  id: number
  name: string
  /** bytes */
  size: number
  /** `sha256:` and hex; assets that are older than digests have none. */
  digest?: string | null
}

/**
 * The assets of a release: of the latest for `latest`, and of a draft too, where the token may see it. Page:
 * https://docs.github.com/rest/releases/releases
 *
 * @throws ReleaseError
 */
export async function releaseAssets(
  tag: string,
  repository: Repository,
  retryOptions: RetryOptions,
): Promise<Asset[]> {
  const { octokit, owner, repo } = repository
  const { repos } = octokit.rest
  return withRetryOptions(retryOptions, `the release ${tag} of ${owner}/${repo}`, async () => {
    const release =
      tag === 'latest'
        ? (await repos.getLatestRelease({ owner, repo })).data
        : await repos.getReleaseByTag({ owner, repo, tag }).then(
            ({ data }) => data,
            async (error: unknown) => {
              if (statusOf(error) !== 404) throw error
              // A draft is not found by its tag.
              const all = await octokit.paginate(repos.listReleases, { owner, repo, per_page: 100 })
              const draft = all.find((one) => one.draft && one.tag_name === tag)
              if (draft) return draft
              throw error
            },
          )
    const assets = await octokit.paginate(repos.listReleaseAssets, {
      owner,
      repo,
      release_id: release.id,
      per_page: 100,
    })
    const unusable = assets.find(({ name, state }) => state !== 'uploaded' || name !== basename(name))
    if (unusable)
      throw new ReleaseError(
        `release-tag: the asset ${unusable.name} of ${tag} is not wholly uploaded / 附件尚未上传完成`,
      )
    if (assets.length === 0)
      throw new ReleaseError(
        `release-tag: the release ${tag} of ${owner}/${repo} has no assets / 该发布没有附件`,
      )
    return assets
  })
}

/**
 * Those assets that `path` chooses by their names: of its lines, the ones without a slash. With none that includes, all
 * are chosen that are not excluded.
 *
 * @param directory an empty one, where names are laid out for the rules of `@actions/glob`
 */
export async function chosenAssets(
  assets: readonly Asset[],
  path: string,
  directory: string,
  glob: Glob,
): Promise<Asset[]> {
  const lines = path
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^#|[\\/]/.test(line))
  if (lines.every((line) => line.startsWith('!'))) lines.unshift('*')
  await Promise.all(assets.map(({ name }) => writeFile(join(directory, name), '')))
  const within = `${directory.replace(/[[*?]/g, '[$&]')}/`
  const patterns = lines.map((line) => line.replace(/^!*/, (not) => not + within))
  const names = new Set((await glob(patterns.join('\n'))).map((found) => basename(found)))
  return assets.filter(({ name }) => names.has(name))
}

/**
 * Streams an asset to disk and checks it against the size and digest that GitHub tells.
 *
 * @param silence ms without a byte after which a try counts as failed
 * @throws ReleaseError, or the signal's reason
 */
export async function download(
  asset: Asset,
  { octokit, owner, repo }: Repository,
  directory: string,
  retryOptions: RetryOptions,
  silence: number,
): Promise<LocalFile> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, asset.name)
  const attempt = async () => {
    const silent = new AbortController()
    const timer = retryOptions.clock.timer(silence, () => {
      silent.abort(new Error(`nothing was heard for ${silence / 1000} s`))
    })
    const signal = retryOptions.signal ? AbortSignal.any([retryOptions.signal, silent.signal]) : silent.signal
    const hash = createHash('sha256')
    let size = 0
    try {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
        owner,
        repo,
        asset_id: asset.id,
        headers: { accept: 'application/octet-stream' },
        // The stream itself: an asset may be larger than memory.
        request: { parseSuccessResponseBody: false, signal },
      })
      const bytes = data as unknown as AsyncIterable<Uint8Array>
      const checked = async function* () {
        for await (const chunk of bytes) {
          timer.restart()
          size += chunk.length
          hash.update(chunk)
          yield chunk
        }
      }
      await pipeline(checked, createWriteStream(path), { signal })
    } finally {
      timer.stop()
    }
    const digest = `sha256:${hash.digest('hex')}`
    if (size !== asset.size) throw new Error(`${size} of ${asset.size} bytes arrived`)
    if (asset.digest && asset.digest !== digest)
      throw new Error(`it has the digest ${digest}, not ${asset.digest}`)
  }
  return withRetryOptions(retryOptions, `the asset ${asset.name}`, async () => {
    await attempt()
    const { size, mtimeMs } = await stat(path)
    return { path: forwardSlashes(path), name: asset.name, size, modified: mtimeMs }
  })
}

/** Tries again unless GitHub has refused. @throws ReleaseError, or the signal's reason */
async function withRetryOptions<T>(
  retryOptions: RetryOptions,
  what: string,
  attempt: () => Promise<T>,
): Promise<T> {
  const { clock, random, retries, log, signal } = retryOptions
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      const refused = (statusOf(error) ?? 500) < 500
      if (error instanceof ReleaseError || refused || failures > retries) throw explained(error, what)
      const wait = Math.min(MAX_BACKOFF, 500 * 2 ** (failures - 1)) * (0.5 + random() / 2)
      log(`could not get ${what} (${rootCause(error)}): once more in ${(wait / 1000).toFixed(1)} s`)
      await clock.sleep(wait, signal)
    }
  }
}

/** HTTP status of GitHub's refusal. */
function statusOf(error: unknown): number | undefined {
  const { response, status } = error as { response?: unknown; status?: number }
  return response === undefined ? undefined : status
}

function explained(error: unknown, what: string): Error {
  if (error instanceof ReleaseError) return error
  const said = `release-tag: ${what} cannot be had / 无法获取: ${rootCause(error)}`
  switch (statusOf(error)) {
    case 401:
      return new ReleaseError(`${said}. github-token is not valid / github-token 无效`)
    case 403:
      return new ReleaseError(
        `${said}. github-token may not read it: give the job \`permissions: contents: read\` / github-token 权限不足，请添加 contents: read`,
      )
    case 404:
      return new ReleaseError(
        `${said}. There is none, or github-token may not see it (drafts need contents: write) / 发布不存在，或 github-token 无权查看`,
      )
    case undefined:
    default:
      return new ReleaseError(said, { cause: error })
  }
}

/** The innermost message, where it says why. */
function rootCause(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? rootCause(cause) : message
}
