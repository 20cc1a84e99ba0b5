import { PLACEHOLDER, SCOPE_PLACEHOLDER } from '../repository.ts'
import { sectionOf } from './changelog.ts'
import { parseVersion } from './version.ts'

/** The state that decides whether a release is possible. */
export interface Facts {
  /** The version of package.json. */
  version: string
  changelog: string
  /** The repository that the files name, such as `owner/name`. */
  repository: string
  /** The package on npm, such as `@scope/name`. */
  npmPackage: string
  /** Files of dist/ that don't match the sources. */
  staleFiles: readonly string[]
  /** The tag that is being released. */
  tag?: string
  /** The repository that runs the release. */
  runningRepository?: string | undefined
  /** Whether main contains the commit that is being released. */
  isOnMain?: boolean
}

/** A sentence for each thing that a release lacks. Empty if a release is possible. */
export function missing(facts: Facts): string[] {
  return [...missingVersion(facts), ...missingNotes(facts), ...missingOwner(facts), ...missingSource(facts)]
}

function missingVersion({ version, tag }: Facts): string[] {
  if (parseVersion(version) === undefined) {
    return [`package.json: ${version} is not a version such as 1.2.3 or 1.0.0-rc.1.`]
  }
  if (tag === undefined || tag === `v${version}`) return []
  return [`The tag is ${tag}, but package.json has the version ${version}: the tag must be v${version}.`]
}

function missingNotes({ changelog, version }: Facts): string[] {
  const section = sectionOf(changelog, version)
  if (section === undefined) {
    return [`CHANGELOG.md has no heading "## [${version}] - YYYY-MM-DD".`]
  }
  return [
    ...(section.date === undefined
      ? [`CHANGELOG.md: the heading of ${version} has no date: "## [${version}] - YYYY-MM-DD".`]
      : []),
    ...(section.text === '' ? [`CHANGELOG.md: the section of ${version} is empty.`] : []),
    ...(section.isLinked ? [] : [`CHANGELOG.md: the line "[${version}]: https://…" is missing at the end.`]),
  ]
}

/** Users trust the repository in the documentation with their secrets. */
function missingOwner({ repository, npmPackage, runningRepository }: Facts): string[] {
  if (repository.startsWith(`${PLACEHOLDER}/`) || npmPackage.startsWith(`@${SCOPE_PLACEHOLDER}/`)) {
    return [
      `The files name ${repository} and ${npmPackage}, which have a placeholder. Run npm run owner -- NAME, npm run tables, and npm run build.`,
    ]
  }
  if (runningRepository === undefined || runningRepository === repository) return []
  const [owner = ''] = runningRepository.split('/')
  return [`The files name ${repository}, but this is ${runningRepository}. Run npm run owner -- ${owner}.`]
}

function missingSource({ staleFiles, isOnMain }: Facts): string[] {
  return [
    ...(staleFiles.length > 0
      ? [`dist/ is not what the sources make (${staleFiles.join(', ')}). Run npm run build and commit it.`]
      : []),
    ...(isOnMain === false ? ['main does not contain the commit of the tag.'] : []),
  ]
}
