import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import * as v from 'valibot'
// The package's entry loads Octokit as well, which nothing here needs.
import { Context } from '../../node_modules/@actions/github/lib/context.js'
import type { Job } from '../domain.ts'
import type { Text } from '../http/text.ts'
import type { WorkflowRun } from './runner.ts'

/** The largest payload (bytes) that is read. GitHub sends at most 25 MB. */
const MAX_PAYLOAD = 32 * 1024 ** 2
/** GitHub lists at most this many commits of a push. */
const MAX_COMMITS = 2048
/** How long (ms) Git may take to read a commit. */
const GIT_TIMEOUT = 5000

type Variables = Readonly<Record<string, string | undefined>>

/** The server that started this step. Forgejo's runner also sets Gitea's variable, and both also set act's. */
export type Server = 'github' | 'gitea' | 'forgejo' | 'act'

export function serverOf(variables: Variables): Server {
  if (variables['FORGEJO_ACTIONS'] === 'true') return 'forgejo'
  if (variables['GITEA_ACTIONS'] === 'true') return 'gitea'
  return variables['ACT'] === 'true' ? 'act' : 'github'
}

/** The payload of an event, for a workflow run. */
export type EventFacts = Pick<WorkflowRun, 'title' | 'changes' | 'moreChanges' | 'author' | 'release'> & {
  /** The commit and its branch, if `GITHUB_SHA` and `GITHUB_REF` differ from them. */
  readonly commit?: string | undefined
  readonly ref?: string | undefined
}

/** A field of an unexpected type counts as missing, so that no payload fails the step. */
const Missing = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined)
const Words = Missing(v.string())
const Sha = Missing(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)))
const Commit = v.object({
  message: v.string(),
  /** `username` is missing if GitHub doesn't know the email address. */
  author: Missing(v.object({ email: Words, username: Words })),
})
const User = Missing(v.object({ login: Words, type: Words }))
/** The head or base of a pull request. */
const Side = v.object({
  sha: Sha,
  ref: Words,
  /** `owner:branch` */
  label: Words,
  repo: Missing(v.object({ full_name: Words })),
})

/** The fields of all events. Page: https://docs.github.com/webhooks/webhook-events-and-payloads */
const Payload = v.object({
  /** push */
  head_commit: Missing(Commit),
  commits: Missing(v.array(v.fallback(Commit, { message: '' }))),
  /** Only on Gitea and Forgejo. */
  total_commits: Missing(v.number()),
  /** pull_request, pull_request_target, pull_request_review, … */
  pull_request: Missing(v.object({ title: Words, user: User, head: Missing(Side), base: Missing(Side) })),
  merge_group: Missing(v.object({ head_commit: Missing(Commit) })),
  workflow_run: Missing(
    v.object({
      head_commit: Missing(Commit),
      display_title: Words,
      head_sha: Sha,
      head_branch: Words,
      event: Words,
    }),
  ),
  /** issue_comment, issues, … */
  issue: Missing(v.object({ user: User, pull_request: Missing(v.object({})) })),
  release: Missing(v.object({ name: Words, tag_name: Words, body: Words, html_url: Words })),
})

/** Reads the payload of the event that started the run. Without a readable payload, all is empty. */
export function readEvent(server: Server): EventFacts {
  const {
    head_commit,
    commits = [],
    total_commits,
    pull_request,
    merge_group,
    workflow_run,
    issue,
    release,
  } = readPayload()
  const commit = head_commit ?? merge_group?.head_commit ?? workflow_run?.head_commit
  // The event of a comment on a pull request contains an issue.
  const pull = pull_request ?? (issue?.pull_request && issue)
  const { user } = pull ?? {}
  const title =
    pull_request?.title ??
    commit?.message ??
    workflow_run?.display_title ??
    (release?.name || release?.tag_name) ??
    ''
  const messages = commits.slice(0, MAX_COMMITS).flatMap(({ message }) => message || [])
  // They list the newest commit first, and only the newest five.
  if (server === 'gitea' || server === 'forgejo') messages.reverse()
  const more = Math.max(total_commits ?? 0, commits.length) - messages.length
  const { head, base } = pull_request ?? {}
  // The main branch of a fork is not this repository's.
  const isFork = head?.repo?.full_name !== base?.repo?.full_name
  const branch = (isFork && head?.label) || head?.ref
  return {
    title,
    changes: messages.length > 0 || !title ? messages : [title],
    ...(messages.length > 0 && more > 0 ? { moreChanges: more } : {}),
    author: pull
      ? { login: user?.login ?? '', email: '', isBot: user?.type === 'Bot' }
      : commit?.author && { login: commit.author.username ?? '', email: commit.author.email ?? '' },
    release: release && {
      name: release.name ?? '',
      tag: release.tag_name ?? '',
      body: release.body ?? '',
      url: release.html_url ?? '',
    },
    // For these events, GITHUB_SHA is a merge commit, or the head of the default branch.
    commit: head?.sha ?? workflow_run?.head_sha,
    ref: branch?.startsWith('refs/') ? undefined : (branch ?? workflow_run?.head_branch),
  }
}

function readPayload(): Partial<v.InferOutput<typeof Payload>> {
  const path = process.env['GITHUB_EVENT_PATH']
  try {
    if (!path || statSync(path).size > MAX_PAYLOAD || !statSync(path).isFile()) return {}
    return v.parse(Payload, new Context().payload)
  } catch {
    return {}
  }
}

/** Reads the workflow run from the runner's variables and the event. @returns undefined outside a workflow */
export function workflowRunOf(variables: Variables): WorkflowRun | undefined {
  const given = (name: string) => variables[`GITHUB_${name}`] ?? ''
  if (!given('RUN_ID')) return undefined
  const repository = given('REPOSITORY')
  const server = serverOf(variables)
  const url = `${(given('SERVER_URL') || 'https://github.com').replace(/\/+$/, '')}/${repository}`
  const { commit = given('SHA'), ref, ...event } = readEvent(server)
  // On Gitea and Forgejo, a workflow without a name has none.
  const file = posix.basename(withoutRef(given('WORKFLOW_REF')))
  return withCommit({
    repository,
    workflow: given('WORKFLOW') || file || given('JOB'),
    number: Number(given('RUN_NUMBER')),
    // act runs on this machine, so there may be no page.
    url:
      server === 'act' ? '' : `${url}/actions/runs/${given(server === 'forgejo' ? 'RUN_NUMBER' : 'RUN_ID')}`,
    commit,
    commitUrl: server === 'act' ? '' : `${url}/commit/${commit}`,
    actor: given('ACTOR'),
    ref: ref ?? (given('HEAD_REF') || shortRef(given('REF'))),
    ...event,
  })
}

/** The name of a branch or tag, or the number of a pull request, which may be in a merge queue. */
function shortRef(ref: string): string {
  const pull = /^refs\/(?:pull\/(\d+)\/|heads\/gh-readonly-queue\/.*\/pr-(\d+)-)/.exec(ref)
  return pull ? `#${pull[1] ?? pull[2] ?? ''}` : ref.replace(/^refs\/(heads\/|tags\/)?/, '')
}

/**
 * Adds the subject and the author of the commit from the Git checkout in the working directory. The events of manual, scheduled,
 * and API runs don't contain them.
 */
export function withCommit(run: WorkflowRun): WorkflowRun {
  if ((run.title && run.author) || !/^([0-9a-f]{40,64})?$/.test(run.commit)) return run
  try {
    // In a container, the checkout may belong to another user. The settings of the checkout must not start a program.
    const settings = ['safe.directory=*', 'core.fsmonitor=false', 'log.showSignature=false']
    const options = ['-C', process.cwd(), ...settings.flatMap((setting) => ['-c', setting])]
    const log = [
      'log',
      '-1',
      '--format=%s%n%ae',
      '--encoding=UTF-8',
      '--no-show-signature',
      run.commit || 'HEAD',
      '--',
    ]
    const [title = '', email = ''] = execFileSync('git', [...options, ...log], {
      // Windows would run a git.exe in the working directory.
      cwd: dirname(process.execPath),
      encoding: 'utf8',
      env: { ...process.env, GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: GIT_TIMEOUT,
    })
      .split('\n')
      .map((line) => line.trim())
    const subject = run.title || !title ? {} : { title, changes: [title] }
    return { ...run, ...subject, author: run.author ?? { login: '', email } }
  } catch {
    // Git, the checkout, or the commit is missing.
    return run
  }
}

/**
 * Identifies the job, its run, and its workflow.
 *
 * - The workflow: the server, the repository, the path in `GITHUB_WORKFLOW_REF`, and the {@link scopeOf scope}.
 * - The run: `GITHUB_RUN_ID`, which a re-run keeps. `GITHUB_RUN_ATTEMPT` counts the re-runs.
 * - The job: `GITHUB_WORKFLOW`, `GITHUB_JOB`, `GITHUB_ACTION` (the step), and the matrix. Each call of a reusable workflow has the
 *   same values, so on GitHub a job has no identity if the runner doesn't report its workflow file. On Gitea and Forgejo,
 *   runners never report it, and two calls count as one job. This is harmless: an attempt only reuses a file of the same name,
 *   folder, size, and MD5, and sends it to groups that don't have it.
 *
 * @param identity the workflow file of the job (`job.workflow_ref`), a space, and the matrix as JSON
 */
export function jobOf(variables: Variables, identity: string): Job {
  const given = (name: string) => variables[`GITHUB_${name}`] ?? ''
  const attempt = Number(given('RUN_ATTEMPT')) || 1
  const [repository, workflowRef, run] = [given('REPOSITORY'), given('WORKFLOW_REF'), given('RUN_ID')]
  const server = serverOf(variables)
  const isGitHub = server === 'github'
  if (server === 'act') return { source: undefined, attempt, notCounted: SAME_RUN_ID }
  if (!repository || (isGitHub && !workflowRef) || !/^\d{1,20}$/.test(run))
    return { source: undefined, attempt, ...(run && { notCounted: NO_WORKFLOW }) }
  const path = withoutRef(workflowRef)
  const [name, job, step] = [given('WORKFLOW'), given('JOB'), given('ACTION')]
  const scope = scopeOf(given)
  const file = !isGitHub && identity.startsWith(' ') ? '' : workflowRef
  const matrix = identity.startsWith(`${file} `) ? identity.slice(file.length).trim() : ''
  return {
    source: {
      workflow: digest(given('SERVER_URL'), repository, path, scope),
      run,
      ...(job && step && matrix ? { job: digest(name, job, step, matrix) } : {}),
    },
    attempt,
    ...(scope === '' && { notCounted: NO_SCOPE }),
    ...(path === '' && { notCounted: NO_WORKFLOW }),
  }
}

const SAME_RUN_ID: Text = {
  en: 'act gives every run the same ID (GITHUB_RUN_ID).',
  zh: 'act 的每次运行都使用相同的 ID（GITHUB_RUN_ID）。',
}

const NO_WORKFLOW: Text = {
  en: "The runner doesn't identify the workflow: GITHUB_WORKFLOW_REF isn't set.",
  zh: 'runner 没有提供当前工作流的信息：未设置 GITHUB_WORKFLOW_REF。',
}

export const NO_SCOPE: Text = {
  en: "The variables of this CI don't contain the branch, tag, or pull request of this job.",
  zh: 'CI 的变量中没有当前任务的分支、标签或 pull request。',
}

/** All pull requests count together, and so do all tags, because each of them has few runs. */
export const PULL_REQUESTS = 'pull requests'
export const TAGS = 'tags'

/**
 * The branch, tags, or pull requests whose runs `keep-last` counts together. A run that another run triggered counts with that run.
 * Pages: https://docs.github.com/actions/reference/workflows-and-actions/variables,
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 *
 * @returns an empty string if this is unknown
 */
function scopeOf(given: (name: string) => string): string {
  const isPullRequest = (event: string) => /^(pull_request|merge_group)/.test(event)
  const [event, ref] = [given('EVENT_NAME'), given('REF')]
  if (event === 'workflow_run') {
    const { event: origin = '', head_branch: branch = '' } = readPayload().workflow_run ?? {}
    if (isPullRequest(origin)) return PULL_REQUESTS
    if (origin === 'release') return TAGS
    // The payload doesn't contain what triggered that run, or what the comment is on.
    return /^$|^workflow_run$|^issue_comment$/.test(origin) || branch === '' ? '' : `branch ${branch}`
  }
  const isComment = event === 'issue_comment' && readPayload().issue?.pull_request !== undefined
  if (isPullRequest(event) || isComment || /^refs\/(pull|heads\/gh-readonly-queue)\//.test(ref))
    return PULL_REQUESTS
  if (ref.startsWith('refs/tags/')) return TAGS
  return ref.startsWith('refs/heads/') ? `branch ${ref.slice('refs/heads/'.length)}` : ''
}

/** The path in `GITHUB_WORKFLOW_REF`, where the name of the file may contain an "@". */
function withoutRef(workflowRef: string): string {
  return workflowRef.replace(/@refs\/.*$|@[^@]*$/s, '')
}

/** A hash of 16 hexadecimal digits. */
export function digest(...words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16)
}
