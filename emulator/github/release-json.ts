import { createHash } from 'node:crypto'
import type { Asset, Release } from './interface.ts'

/** A release as the API returns it. Its id is its place in the list, from 1. */
export function releaseJson(releases: readonly Release[], release: Release): object {
  return {
    id: releases.indexOf(release) + 1,
    tag_name: release.tag,
    draft: release.draft ?? false,
    prerelease: release.prerelease ?? false,
  }
}

/** An asset as the API returns it. Its id is its place among the assets of all releases, from 1. */
export function assetJson(assets: readonly Asset[], asset: Asset): object {
  return {
    id: assets.indexOf(asset) + 1,
    name: asset.name,
    size: asset.size ?? asset.content.length,
    state: asset.state ?? 'uploaded',
    digest:
      asset.digest === undefined
        ? `sha256:${createHash('sha256').update(asset.content).digest('hex')}`
        : asset.digest,
  }
}
