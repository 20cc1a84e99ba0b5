import type { GitHub } from '../github.ts'
import { compareVersions, versionOfTag, type Version } from './version.ts'

interface Ref {
  ref: string
  object: { sha: string; type: string }
}

/** The commit of a tag, lightweight or annotated; undefined if the tag does not exist. */
async function commitOfTag(github: GitHub, tag: string): Promise<string | undefined> {
  const ref = (await github.find(`git/ref/tags/${tag}`)) as Ref | undefined
  return ref && commitOf(github, ref)
}

async function commitOf(github: GitHub, { object }: Ref): Promise<string> {
  if (object.type !== 'tag') return object.sha
  return commitOf(github, (await github.call('GET', `git/tags/${object.sha}`)) as Ref)
}

/**
 * A tag can be moved while its release is made, and a release without a tag creates one.
 *
 * @throws Error if the tag is not at the commit
 */
export async function requireTag(github: GitHub, tag: string, commit: string): Promise<void> {
  const found = await commitOfTag(github, tag)
  if (found !== commit) throw new Error(`The tag ${tag} is at ${found ?? 'no commit'}, not at ${commit}.`)
}

/** The full releases of a major version that are published: version and tag, the newest first. */
async function publishedVersions(github: GitHub, major: number): Promise<[Version, string][]> {
  const releases = (await github.list('releases')) as {
    tag_name: string
    draft: boolean
    prerelease: boolean
  }[]
  return releases
    .filter(({ draft, prerelease }) => !draft && !prerelease)
    .flatMap(({ tag_name: tag }) => fullVersion(tag, major))
    .sort(([a], [b]) => compareVersions(b, a))
}

function fullVersion(tag: string, major: number): [Version, string][] {
  const version = versionOfTag(tag)
  return version?.major === major && version.prerelease.length === 0 ? [[version, tag]] : []
}

export interface MajorTag {
  /** Such as `v1`. */
  name: string
  /** The release that it points to. */
  release: string | undefined
  outcome: 'created' | 'moved' | 'unchanged' | 'kept'
}

/**
 * Sets a tag such as `v1` to the newest published release of that version. It doesn't matter which release calls this: a release
 * of an older version moves nothing back, and a later call makes up for a missed one.
 *
 * The tag also stays if a person has moved it to a newer tag without a published release.
 */
export async function moveMajorTag(github: GitHub, major: number): Promise<MajorTag> {
  const name = `v${major}`
  const [newest] = await publishedVersions(github, major)
  const current = await commitOfTag(github, name)
  if (newest === undefined) return { name, release: undefined, outcome: 'kept' }
  const [version, release] = newest
  const target = await commitOfTag(github, release)
  if (target === undefined) throw new Error(`${release} is published, but its tag does not exist.`)
  if (current === undefined) {
    await github.call('POST', 'git/refs', { ref: `refs/tags/${name}`, sha: target })
    return { name, release, outcome: 'created' }
  }
  if (current === target) return { name, release, outcome: 'unchanged' }
  const newer = await newerTagAt(github, major, version, current)
  if (newer !== undefined) return { name, release: newer, outcome: 'kept' }
  await github.call('PATCH', `git/refs/tags/${name}`, { sha: target, force: true })
  return { name, release, outcome: 'moved' }
}

/** A tag of the same major version that is newer than the version and at the commit. */
async function newerTagAt(
  github: GitHub,
  major: number,
  than: Version,
  commit: string,
): Promise<string | undefined> {
  const refs = (await github.call('GET', `git/matching-refs/tags/v${major}.`)) as Ref[]
  for (const ref of refs) {
    const [found] = fullVersion(ref.ref.slice('refs/tags/'.length), major)
    if (found === undefined || compareVersions(found[0], than) <= 0) continue
    if ((await commitOf(github, ref)) === commit) return found[1]
  }
  return undefined
}

/** Whether a release is the latest: nothing newer is published. */
export async function isLatest(github: GitHub, tag: string): Promise<boolean> {
  const version = versionOfTag(tag)
  if (version === undefined || version.prerelease.length > 0) return false
  const releases = (await github.list('releases')) as {
    tag_name: string
    draft: boolean
    prerelease: boolean
  }[]
  return releases.every(({ tag_name: other, draft, prerelease }) => {
    const found = versionOfTag(other)
    return draft || prerelease || found === undefined || compareVersions(found, version) <= 0
  })
}
