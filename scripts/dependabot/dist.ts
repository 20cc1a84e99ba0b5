import { createHash } from 'node:crypto'
import type { GitHub } from '../github.ts'

/** A pull request of Dependabot whose bundle may be stale. */
export interface Update {
  number: number
  branch: string
  /** The commit that was looked at, and that is built. */
  sha: string
}

interface PullRequest {
  number: number
  user: { login: string; type: string } | null
  head: { ref: string; sha: string; repo: { full_name: string } | null }
}

/** The files that Dependabot changes for npm, and dist/, which an earlier run may have rebuilt. */
const EXPECTED = /^(?:(?:bench|conformance|scripts\/node24)\/)?package(?:-lock)?\.json$|^dist\/[^/]+$/

/**
 * The open pull requests that Dependabot itself made, on a branch of this repository, and that change the root's lock file and
 * nothing unusual. The name of the author can't be chosen by others, unlike the name of a branch.
 */
export async function findUpdates(github: GitHub): Promise<Update[]> {
  const updates: Update[] = []
  for (const pull of (await github.list('pulls')) as PullRequest[]) {
    const { number, user, head } = pull
    if (user?.login !== 'dependabot[bot]' || user.type !== 'Bot') continue
    if (head.repo?.full_name !== github.repository) continue
    if (!/^dependabot\/npm_and_yarn\/[\w./-]+$/.test(head.ref)) continue
    const files = ((await github.list(`pulls/${number}/files`)) as { filename: string }[]).map(
      ({ filename }) => filename,
    )
    if (!files.includes('package-lock.json') || !files.every((file) => EXPECTED.test(file))) continue
    updates.push({ number, branch: head.ref, sha: head.sha })
  }
  return updates
}

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`

// Dependabot may replace a commit that says so when it rebases its branch.
const MESSAGE = { headline: 'Rebuild dist/', body: '[dependabot skip]' }

export interface CommitOptions {
  update: Update
  /** The files of the bundle that was built from the commit: name → bytes. */
  files: ReadonlyMap<string, Buffer>
  graphqlUrl: string
}

/**
 * Commits the bundle to the branch of a pull request, if it differs, and starts the tests: what a job's token pushes starts
 * nothing by itself. GitHub makes and signs the commit, so no code of the pull request is checked out.
 *
 * @returns the commit, or undefined if dist/ is up to date
 * @throws Error if the branch has moved since it was looked at, or the files can't be a bundle
 */
export async function commitDist(
  github: GitHub,
  { update, files, graphqlUrl }: CommitOptions,
): Promise<string | undefined> {
  // Another job built them, with code of the pull request.
  const strange = [...files.keys()].filter((name) => !/^[\w-]+(?:\.[\w-]+)*$/.test(name))
  if (strange.length > 0 || !files.has('index.js')) {
    throw new Error(`This is no bundle: ${[...files.keys()].join(', ')}`)
  }
  const present = await committedFiles(github, update.sha)
  const additions = [...files]
    .filter(([name, bytes]) => present.get(name) !== blobId(bytes))
    .map(([name, bytes]) => ({ path: `dist/${name}`, contents: bytes.toString('base64') }))
  const deletions = [...present.keys()]
    .filter((name) => !files.has(name))
    .map((name) => ({ path: `dist/${name}` }))
  if (additions.length === 0 && deletions.length === 0) return undefined
  const input = {
    branch: { repositoryNameWithOwner: github.repository, branchName: update.branch },
    expectedHeadOid: update.sha,
    message: MESSAGE,
    fileChanges: { additions, deletions },
  }
  const { data, errors } = (await github.call('POST', graphqlUrl, {
    query: COMMIT,
    variables: { input },
  })) as {
    data?: { createCommitOnBranch?: { commit: { oid: string } } | null }
    errors?: { message: string }[]
  }
  const oid = data?.createCommitOnBranch?.commit.oid
  if (oid === undefined) {
    throw new Error(`GitHub made no commit: ${(errors ?? []).map(({ message }) => message).join(' ')}`)
  }
  for (const workflow of ['test.yml', 'self-test.yml'])
    await github.call('POST', `actions/workflows/${workflow}/dispatches`, { ref: update.branch })
  return oid
}

/** The files of dist/ at a commit: name → ID of the blob. */
async function committedFiles(github: GitHub, sha: string): Promise<Map<string, string>> {
  const { tree } = (await github.call('GET', `git/trees/${sha}:dist`)) as {
    tree: { path: string; sha: string }[]
  }
  return new Map(tree.map(({ path, sha }) => [path, sha]))
}

/** The name that git gives to a file's content. */
function blobId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
