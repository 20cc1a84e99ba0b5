import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { TextError } from '../errors.ts'
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
  const what = { en: `the asset ${asset.name}`, zh: `附件 ${asset.name}` }
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
 * @throws TextError if the body is not what GitHub described, or the body's own error if it breaks off
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
    const text = {
      en: `Could not write the asset ${asset.name} to disk: ${why}`,
      zh: `无法将附件 ${asset.name} 写入磁盘：${why}`,
    }
    throw new ReleaseError(text, { cause: error })
  }
  const digest = `sha256:${hash.digest('hex')}`
  if (size !== asset.size) {
    throw new TextError({
      en: `received ${size} of ${asset.size} bytes`,
      zh: `应有 ${asset.size} 字节，只收到 ${size} 字节`,
    })
  }
  if (asset.digest && asset.digest !== digest) {
    throw new TextError({
      en: `digest mismatch: expected ${asset.digest}, got ${digest}`,
      zh: `摘要不一致：应为 ${asset.digest}，实际为 ${digest}`,
    })
  }
}
