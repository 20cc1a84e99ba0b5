import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { LocalFile } from '../files/local-file.ts'
import { forwardSlashes } from '../files/local-path.ts'
import { explaining, ReleaseError } from './release-error.ts'
import type { Asset } from './release.ts'
import type { Repository } from './repository.ts'

/**
 * Streams an asset to disk, and compares it with the size and digest that GitHub gives. Page:
 * https://docs.github.com/rest/releases/assets#get-a-release-asset
 *
 * @param directory an existing one
 * @throws ReleaseError, or the signal's reason
 */
export async function download(
  asset: Asset,
  { octokit, owner, repo, signal, fetch }: Repository,
  directory: string,
): Promise<LocalFile> {
  const path = join(directory, asset.name)
  const what = `the asset ${asset.name}`
  await explaining(what, signal, () =>
    octokit.request('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
      owner,
      repo,
      asset_id: asset.id,
      headers: { accept: 'application/octet-stream' },
      request: { what, fetch: fetch((body) => save(body, asset, path)) },
    }),
  )
  const { size, mtimeMs } = await stat(path)
  return { path: forwardSlashes(path), name: asset.name, size, modified: mtimeMs }
}

/**
 * @throws ReleaseError if the file cannot be written: to download it again would change nothing
 * @throws Error if the body breaks off, or is not what GitHub described
 */
async function save(body: AsyncIterable<Uint8Array>, asset: Asset, path: string): Promise<void> {
  const hash = createHash('sha256')
  let size = 0
  let bodyError: unknown
  const measured = async function* () {
    try {
      for await (const chunk of body) {
        size += chunk.length
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
    const why = (error as Error).message
    throw new ReleaseError(
      `release-tag: the asset ${asset.name} cannot be written to disk / 无法写入磁盘: ${why}`,
      { cause: error },
    )
  }
  const digest = `sha256:${hash.digest('hex')}`
  if (size !== asset.size) throw new Error(`${size} of ${asset.size} bytes arrived`)
  if (asset.digest && asset.digest !== digest)
    throw new Error(`it has the digest ${digest}, not ${asset.digest}`)
}
