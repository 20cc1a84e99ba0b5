import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GitHub } from '../scripts/github.ts'
import { startGitHubReleases, type GitHubReleases } from './github-releases.ts'

/** A bare repository on disk, with GitHub's API in front of it. */
export interface ReleaseRepository {
  directory: string
  api: GitHubReleases
  github: GitHub
  /** Commits to main and tags the commit; returns its SHA. */
  commitWithTag: (tag: string, options?: { annotated: boolean }) => string
  /** The commit of a tag. */
  at: (tag: string) => string
  git: (...args: string[]) => string
  close: () => void
}

export async function startReleaseRepository(): Promise<ReleaseRepository> {
  const directory = mkdtempSync(join(tmpdir(), 'release-repository-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  // An empty template, because Git's default hooks aren't needed.
  git('init', '--bare', '--initial-branch=main', '--template=')
  const tree = git('hash-object', '-t', 'tree', '-w', '--stdin')
  const api = await startGitHubReleases(directory)
  let head: string | undefined
  return {
    directory,
    api,
    github: new GitHub({ apiUrl: api.url, repository: 'someone/an-action', token: 'the-token' }),
    commitWithTag(tag, options) {
      head = git('commit-tree', tree, '-m', tag, ...(head === undefined ? [] : ['-p', head]))
      git('update-ref', 'refs/heads/main', head)
      git('tag', ...(options?.annotated === true ? ['-a', '-m', tag] : []), tag, head)
      return head
    },
    at: (tag) => git('rev-parse', `${tag}^{commit}`),
    git,
    close() {
      api.close()
      rmSync(directory, { recursive: true })
    },
  }
}
