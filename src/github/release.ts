import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Glob } from '../files/find-files.ts'
import type { Text } from '../http/text.ts'
import { explaining, ReleaseError, statusOf } from './release-error.ts'
import type { Repository } from './repository.ts'

/** How many pages of a list, of 100 entries each, are read at most: a faulty server's list may never end. */
const MAX_PAGES = 100

/** A file of a release, as GitHub describes it. */
export interface Asset {
  id: number
  name: string
  /** bytes */
  size: number
  /** `sha256:` and hex; assets that are older than digests have none. */
  digest?: string | null
}

/**
 * The assets of a release: of the latest for `latest`, and of a draft too, where the token may see it. Page:
 * https://docs.github.com/rest/releases/releases
 *
 * @throws ReleaseError, or the signal's reason
 */
export async function releaseAssets(tag: string, repository: Repository): Promise<Asset[]> {
  const { octokit, owner, repo, signal } = repository
  const what = { en: `the release ${tag} of ${owner}/${repo}`, zh: ` ${owner}/${repo} 的 Release ${tag}` }
  return explaining(what, signal, async () => {
    const release_id = await releaseId(tag, repository, what)
    const assets: Asset[] = []
    const list = (page: number) =>
      octokit.rest.repos.listReleaseAssets({
        owner,
        repo,
        release_id,
        per_page: 100,
        page,
        request: { what },
      })
    for await (const asset of pages(what, list)) {
      refuseUnusable(asset, tag)
      assets.push(asset)
    }
    if (assets.length > 0) return assets
    throw new ReleaseError({
      en: `The release ${tag} of ${owner}/${repo} has no assets. Check release-tag, and whether the job that uploads the assets ran before this one.`,
      zh: `${owner}/${repo} 的 Release ${tag} 没有附件。请检查 release-tag，并确认上传附件的任务已在本任务之前运行。`,
    })
  })
}

function refuseUnusable({ name, state }: Asset & { state: string }, tag: string): void {
  if (['', '.', '..'].includes(name) || name !== basename(name))
    throw new ReleaseError({
      en: `The asset ${JSON.stringify(name)} of the release ${tag} has a name that a file cannot have. Rename the asset.`,
      zh: `Release ${tag} 的附件 ${JSON.stringify(name)} 的名称不能用作文件名，请重命名该附件。`,
    })
  if (state !== 'uploaded')
    throw new ReleaseError({
      en: `The asset ${name} of the release ${tag} has not finished uploading. Run the job again when it has.`,
      zh: `Release ${tag} 的附件 ${name} 尚未上传完成。请等上传完成后重新运行。`,
    })
}

async function releaseId(tag: string, { octokit, owner, repo }: Repository, what: Text): Promise<number> {
  const { repos } = octokit.rest
  const given = { owner, repo, request: { what } }
  if (tag === 'latest') return (await repos.getLatestRelease(given)).data.id
  try {
    return (await repos.getReleaseByTag({ ...given, tag })).data.id
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    // A draft is not found by its tag.
    const list = (page: number) => repos.listReleases({ ...given, per_page: 100, page })
    for await (const release of pages(what, list)) {
      if (release.draft && release.tag_name === tag) return release.id
    }
    throw error
  }
}

/** The entries of a list that GitHub returns by pages. @throws ReleaseError if the pages do not end */
async function* pages<T>(
  what: Text,
  list: (page: number) => Promise<{ data: T[]; headers: { link?: string } }>,
): AsyncGenerator<T, void> {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data, headers } = await list(page)
    yield* data
    if (!headers.link?.includes('rel="next"')) return
  }
  throw new ReleaseError({
    en: `Could not get ${what.en}: GitHub's list has more than ${MAX_PAGES} pages.`,
    zh: `无法获取${what.zh}：GitHub 返回的列表超过 ${MAX_PAGES} 页。`,
  })
}

/**
 * The assets whose names `path` selects: only lines without a slash count. If none of them includes anything, all
 * assets are selected that are not excluded.
 *
 * @param directory an empty one; files with the names of the assets are created there for the rules of `@actions/glob`
 */
export async function chosenAssets(
  assets: readonly Asset[],
  path: string,
  directory: string,
  glob: Glob,
): Promise<Asset[]> {
  const lines = path
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^#|[\\/]/.test(line))
  if (lines.every((line) => line.startsWith('!'))) lines.unshift('*')
  await Promise.all(assets.map(({ name }) => writeFile(join(directory, name), '')))
  const within = `${directory.replace(/[[*?]/g, '[$&]')}/`
  const patterns = lines.map((line) => line.replace(/^!*/, (not) => not + within))
  const names = new Set((await glob(patterns.join('\n'))).map((found) => basename(found)))
  return assets.filter(({ name }) => names.has(name))
}
