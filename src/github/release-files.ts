import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import type { LocalFile } from '../files/local-file.ts'
import { chosenAssets, download, releaseAssets } from './release.ts'
import type { Runner } from './runner.ts'

/** Which assets of which release, and how they are downloaded. */
export interface ReleaseSelection {
  readonly releaseTag: string
  readonly githubToken: string
  /** Its lines without a slash choose among the assets. */
  readonly path: string
  /** How many downloads run at once. */
  readonly concurrency: number
  /** ms */
  readonly requestTimeout: number
}

/**
 * Downloads the assets of a release that `path` chooses, in the order of their paths.
 *
 * @param directory where they are stored
 * @throws ReleaseError, or the signal's reason
 */
export async function releaseFiles(
  { releaseTag, githubToken, path, concurrency, requestTimeout }: ReleaseSelection,
  runner: Runner,
  directory: string,
  retryOptions: RetryOptions,
): Promise<LocalFile[]> {
  const repository = await runner.repository(githubToken)
  const assets = await chosenAssets(
    await releaseAssets(releaseTag, repository, retryOptions),
    path,
    await mkdtemp(join(directory, 'names-')),
    (patterns) => runner.glob(patterns, true),
  )
  const limit = pLimit(concurrency)
  const into = join(directory, 'assets')
  const downloads = assets.map((asset) =>
    limit(() => download(asset, repository, into, retryOptions, requestTimeout)),
  )
  await Promise.allSettled(downloads)
  const files = await Promise.all(downloads)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
