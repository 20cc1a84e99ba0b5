/** A version as in https://semver.org, without build metadata. */
export interface Version {
  major: number
  minor: number
  patch: number
  /** The identifiers after the hyphen, such as `rc` and `1`; none for a full release. */
  prerelease: readonly string[]
}

const NUMBER = '0|[1-9]\\d*'
const IDENTIFIER = `(?:${NUMBER}|\\d*[A-Za-z-][\\dA-Za-z-]*)`
const PATTERN = new RegExp(
  `^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?$`,
)

/** Reads a version such as `1.2.3` or `1.0.0-rc.1`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const [matched, major, minor, patch, prerelease] = PATTERN.exec(text) ?? []
  if (matched === undefined) return undefined
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease: prerelease?.split('.') ?? [],
  }
}

/** Reads the tag of a release, such as `v1.2.3`; undefined for other tags, such as `v1`. */
export function versionOfTag(tag: string): Version | undefined {
  return tag.startsWith('v') ? parseVersion(tag.slice(1)) : undefined
}

/** Negative if `a` comes before `b`, positive if it comes after `b`, by the rules of semver. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a, b)
}

function comparePrereleases({ prerelease: a }: Version, { prerelease: b }: Version): number {
  // A full release comes after its prereleases.
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (const [index, left] of a.entries()) {
    const right = b[index]
    if (right === undefined) return 1
    const difference = compareIdentifiers(left, right)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumberA && isNumberB) return Number(a) - Number(b)
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
  return a === b ? 0 : a < b ? -1 : 1
}
