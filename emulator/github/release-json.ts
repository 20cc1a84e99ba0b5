import { createHash } from 'node:crypto'
import type { Asset, GitHub, Release } from './interface.ts'

/** A release as the API returns it. Its id is its place in the list, from 1. */
export function releaseJson(releases: readonly Release[], release: Release): object {
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
 * An asset as the API returns it. Its id is its place among the assets of all releases, from 1.
 *
 * @param origin of the API, and of the pages
 */
export function assetJson(
  { releases, isGitea }: Pick<GitHub, 'releases' | 'isGitea'>,
  asset: Asset,
  origin: string,
): object {
  const id = releases.flatMap(({ assets }) => assets).indexOf(asset) + 1
  const tag = releases.find(({ assets }) => assets.includes(asset))?.tag ?? ''
  const common = {
    id,
    name: asset.name,
    size: asset.size ?? asset.content.length,
    browser_download_url: `${origin}/octo/app/releases/download/${encodeURIComponent(tag)}/${encodeURIComponent(asset.name)}`,
  }
  if (isGitea) return common
  return {
    ...common,
    url: `${origin}/repos/octo/app/releases/assets/${id}`,
    state: asset.state ?? 'uploaded',
    digest:
      asset.digest === undefined
        ? `sha256:${createHash('sha256').update(asset.content).digest('hex')}`
        : asset.digest,
  }
}
