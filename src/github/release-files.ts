import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { Glob } from '../files/find-files.ts'
import type { LocalFile } from '../files/local-file.ts'
import { download } from './asset-download.ts'
import { chosenAssets, releaseAssets } from './release.ts'
import { openRepository, type RepositoryOptions } from './repository.ts'

export interface ReleaseOptions extends RepositoryOptions {
  /** Of a release, or `latest`. */
  tag: string
  /** The input `path`, whose lines without a slash select assets by their names. */
  path: string
  /** How many assets are downloaded at once. */
  concurrency: number
}

/**
 * Downloads the assets of a release that `path` does not leave out.
 *
 * @param directory an existing one, for these files
 * @returns them, sorted by path
 * @throws ReleaseError, or the signal's reason
 */
export async function releaseFiles(
  options: ReleaseOptions,
  directory: string,
  glob: Glob,
): Promise<LocalFile[]> {
  const repository = openRepository(options)
  const [names, content] = [join(directory, 'names'), join(directory, 'assets')]
  await Promise.all([mkdir(names), mkdir(content)])
  const all = await releaseAssets(options.tag, repository)
  const assets = await chosenAssets(all, options.path, names, glob)
  const atOnce = pLimit(options.concurrency)
  const downloads = assets.map((asset) => atOnce(() => download(asset, repository, content)))
  // All of them end before the directory is removed.
  await Promise.allSettled(downloads)
  const files = await Promise.all(downloads)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
