import { createHash } from 'node:crypto'
import type { GitHub } from '../github.ts'
import { isLatest, requireTag } from './tags.ts'
import { versionOfTag } from './version.ts'

interface Asset {
  id: number
  name: string
  /** `uploaded`; anything else is an incomplete upload. */
  state: string
  size: number
  /** Such as `sha256:…`. */
  digest: string | null
}

export interface Release {
  id: number
  tag_name: string
  draft: boolean
  html_url: string
  upload_url: string
  assets: Asset[]
}

/** The contents of a release. */
export interface Plan {
  tag: string
  commit: string
  /** The release's assets: name → bytes. */
  files: ReadonlyMap<string, Buffer>
}

/** Every attempt signs again, so the bytes of the signature differ. */
const isSignature = (name: string) => name.endsWith('.sigstore.json')

/**
 * Creates the release as a draft with all its assets, or completes the draft of an earlier attempt. Only maintainers see a draft.
 * With immutable releases, nothing can be added after it is published.
 *
 * @throws Error if the tag has moved, the release has unknown assets, or it is published with other assets
 */
export async function prepareDraft(github: GitHub, notes: string, plan: Plan): Promise<Release> {
  await requireTag(github, plan.tag, plan.commit)
  const existing = await findRelease(github, plan.tag)
  if (existing?.draft === false) {
    requireAssets(existing, plan.files)
    return existing
  }
  const text = { name: plan.tag, body: notes, prerelease: isPrerelease(plan.tag) }
  const draft = (
    existing === undefined
      ? await github.call('POST', 'releases', { tag_name: plan.tag, draft: true, ...text })
      : await github.call('PATCH', `releases/${existing.id}`, text)
  ) as Release
  const strangers = draft.assets.filter(({ name }) => !plan.files.has(name))
  if (strangers.length > 0) {
    const names = strangers.map(({ name }) => name).join(', ')
    throw new Error(`The draft of ${plan.tag} has assets that this workflow didn't build: ${names}.`)
  }
  for (const [name, bytes] of plan.files) await putAsset(github, draft, name, bytes)
  const complete = (await github.call('GET', `releases/${draft.id}`)) as Release
  requireAssets(complete, plan.files)
  return complete
}

async function putAsset(github: GitHub, draft: Release, name: string, bytes: Buffer): Promise<void> {
  const present = draft.assets.find((asset) => asset.name === name)
  if (present !== undefined) {
    if (isIntact(present, bytes)) return
    await github.call('DELETE', `releases/assets/${present.id}`)
  }
  await github.upload(`${draft.upload_url.replace(/\{.*\}$/, '')}?name=${encodeURIComponent(name)}`, bytes)
}

/**
 * Publishes the draft unless a person has already done so, which listing the action in the Marketplace requires.
 *
 * @throws Error if the tag has moved, or the release or one of its assets is missing
 */
export async function publish(github: GitHub, plan: Plan): Promise<Release> {
  await requireTag(github, plan.tag, plan.commit)
  const release = await findRelease(github, plan.tag)
  if (release === undefined) throw new Error(`There is no draft of ${plan.tag}.`)
  requireAssets(release, plan.files)
  if (!release.draft) return release
  return (await github.call('PATCH', `releases/${release.id}`, {
    draft: false,
    prerelease: isPrerelease(plan.tag),
    make_latest: String(await isLatest(github, plan.tag)),
  })) as Release
}

/**
 * The release of a tag, draft or published. Drafts are only in the list.
 *
 * @throws Error if there are several: GitHub allows any number of drafts of one tag
 */
async function findRelease(github: GitHub, tag: string): Promise<Release | undefined> {
  const found = ((await github.list('releases')) as Release[]).filter(({ tag_name }) => tag_name === tag)
  if (found.length > 1) throw new Error(`There are ${found.length} releases of ${tag}: delete all but one.`)
  return found[0]
}

function requireAssets({ assets, tag_name: tag }: Release, files: ReadonlyMap<string, Buffer>): void {
  const wrong = [...new Set([...files.keys(), ...assets.map(({ name }) => name)])].filter((name) => {
    const asset = assets.find((other) => other.name === name)
    const bytes = files.get(name)
    return asset === undefined || !(isSignature(name) ? isUploaded(asset) : isIntact(asset, bytes))
  })
  if (!assets.some(({ name }) => isSignature(name))) wrong.push('the signature')
  if (wrong.length > 0) {
    throw new Error(
      `The release ${tag} doesn't have the assets that this workflow built: ${wrong.join(', ')}.`,
    )
  }
}

const isUploaded = ({ state }: Asset) => state === 'uploaded'

function isIntact(asset: Asset, bytes: Buffer | undefined): boolean {
  if (bytes === undefined || !isUploaded(asset) || asset.size !== bytes.length) return false
  return asset.digest === `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** npm's tag for a release: `latest` is the default version. */
export async function distTag(github: GitHub, tag: string): Promise<string> {
  if (isPrerelease(tag)) return 'next'
  return (await isLatest(github, tag)) ? 'latest' : `latest-${versionOfTag(tag)?.major ?? ''}`
}

export function isPrerelease(tag: string): boolean {
  return (versionOfTag(tag)?.prerelease.length ?? 0) > 0
}
