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
import { type Server, serverOf } from './server.ts'

/** The largest payload that is read, in bytes: more than GitHub sends. */
const MAX_PAYLOAD = 32 * 1024 ** 2
/** The most commits that GitHub lists of a push. */
const MAX_COMMITS = 2048

/** How long Git may take to read a commit, in ms. */
const GIT_TIMEOUT = 5000

/** What the payload of an event says about a run. */
export type EventFacts = Pick<WorkflowRun, 'title' | 'changes' | 'moreChanges' | 'author' | 'release'> & {
  /** The commit and its branch, where `GITHUB_SHA` and `GITHUB_REF` are something else. */
  readonly commit?: string | undefined
  readonly ref?: string | undefined
}

/** What has another form counts as missing: no payload fails the step. */
const Missing = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined)
const Words = Missing(v.string())
const Sha = Missing(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)))
const Commit = v.object({
  message: v.string(),
  /** `username`: the login, if GitHub knows the address. */
  author: Missing(v.object({ email: Words, username: Words })),
})
const User = Missing(v.object({ login: Words, type: Words }))
/** The branch that a pull request comes from, or goes to. */
const Side = v.object({
  sha: Sha,
  ref: Words,
  /** `owner:branch` */
  label: Words,
  repo: Missing(v.object({ full_name: Words })),
})

/** The payloads of GitHub's events, as far as they are read. Page: https://docs.github.com/webhooks/webhook-events-and-payloads */
const Payload = v.object({
  /** push */
  head_commit: Missing(Commit),
  commits: Missing(v.array(v.fallback(Commit, { message: '' }))),
  /** Gitea and Forgejo: how many were pushed. */
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

/** What the payload of the run's event says; nothing if it is missing, unreadable, or not one of GitHub's. */
export function readEvent({ listsNewestFirst }: Server): EventFacts {
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
  // A comment on a pull request comes as one on an issue.
  const pull = pull_request ?? (issue?.pull_request && issue)
  const { user } = pull ?? {}
  const title =
    pull_request?.title ??
    commit?.message ??
    workflow_run?.display_title ??
    (release?.name || release?.tag_name) ??
    ''
  const messages = commits.slice(0, MAX_COMMITS).flatMap(({ message }) => message || [])
  if (listsNewestFirst) messages.reverse()
  const more = Math.max(total_commits ?? 0, commits.length) - messages.length
  const { head, base } = pull_request ?? {}
  // Someone else's main is not ours.
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
    // On these events, GITHUB_SHA is a merge commit, or the default branch's.
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

/**
 * Reads which workflow run this is, from the runner's variables and the payload of the event that started it.
 *
 * @returns undefined outside a workflow
 */
export function workflowRunOf(
  variables: Readonly<Record<string, string | undefined>>,
): WorkflowRun | undefined {
  const given = (name: string) => variables[`GITHUB_${name}`] ?? ''
  if (!given('RUN_ID')) return undefined
  const repository = given('REPOSITORY')
  const server = serverOf(variables)
  const url = `${(given('SERVER_URL') || 'https://github.com').replace(/\/+$/, '')}/${repository}`
  const { commit = given('SHA'), ref, ...event } = readEvent(server)
  // Gitea and Forgejo don't name a workflow after its file.
  const file = posix.basename(withoutRef(given('WORKFLOW_REF')))
  return withCommit({
    repository,
    workflow: given('WORKFLOW') || file || given('JOB'),
    number: Number(given('RUN_NUMBER')),
    url: server.page ? `${url}/actions/runs/${given(server.page)}` : '',
    commit,
    commitUrl: server.page ? `${url}/commit/${commit}` : '',
    actor: given('ACTOR'),
    ref: ref ?? (given('HEAD_REF') || shortRef(given('REF'))),
    ...event,
  })
}

/** A branch, a tag, or the number of a pull request, also of one in a merge queue. */
function shortRef(ref: string): string {
  const pull = /^refs\/(?:pull\/(\d+)\/|heads\/gh-readonly-queue\/.*\/pr-(\d+)-)/.exec(ref)
  return pull ? `#${pull[1] ?? pull[2] ?? ''}` : ref.replace(/^refs\/(heads\/|tags\/)?/, '')
}

/**
 * A run with the subject and the author of its commit where its event doesn't have them: for runs that are started by hand, on a
 * schedule, or through the API. They are read from the Git checkout in the working directory, if there is one.
 */
export function withCommit(run: WorkflowRun): WorkflowRun {
  if ((run.title && run.author) || !/^([0-9a-f]{40,64})?$/.test(run.commit)) return run
  try {
    // In a container, the checkout may belong to another user. Its own settings must not start a program.
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
      // Windows would take a git.exe in the working directory.
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
    // There is no Git, no checkout, or not this commit in it.
    return run
  }
}

/**
 * Reads which job of which run this is.
 *
 * - `GITHUB_SERVER_URL`, `GITHUB_REPOSITORY`, the path in `GITHUB_WORKFLOW_REF`, and the branch, tags, or pull requests (see
 *   {@link scopeOf}) make the workflow.
 * - `GITHUB_RUN_ID` is the run. It stays the same when the run is re-run; `GITHUB_RUN_ATTEMPT` then counts up.
 * - `GITHUB_WORKFLOW` (its name), `GITHUB_JOB` (the job's key), `GITHUB_ACTION` (the step), and the values of the matrix, which
 *   no variable has, make the job. A job of a reusable workflow has the same ones in every call, so GitHub's runner must say
 *   that it is none.
 *
 * The runners of Gitea and Forgejo never say that: two calls of one reusable workflow count as one job there. That is
 * harmless, because a later attempt only takes a file with the name, folder, size, and MD5 of its own, and sends it to each
 * group that doesn't have it. Gitea doesn't set `GITHUB_WORKFLOW_REF` either: its jobs have a source, but aren't counted.
 *
 * @param identity the workflow file of the job (`job.workflow_ref`), a blank, and its matrix as JSON
 */
export function jobOf(variables: Readonly<Record<string, string | undefined>>, identity: string): Job {
  const given = (name: string) => variables[`GITHUB_${name}`] ?? ''
  const attempt = Number(given('RUN_ATTEMPT')) || 1
  const [repository, workflowRef, run] = [given('REPOSITORY'), given('WORKFLOW_REF'), given('RUN_ID')]
  const { identifiesRuns, identifiesJobs } = serverOf(variables)
  if (!identifiesRuns) return { source: undefined, attempt, notCounted: SAME_RUN_ID }
  if (!repository || (identifiesJobs && !workflowRef) || !/^\d{1,20}$/.test(run))
    return { source: undefined, attempt, ...(run && { notCounted: NO_WORKFLOW }) }
  const path = withoutRef(workflowRef)
  const [name, job, step] = [given('WORKFLOW'), given('JOB'), given('ACTION')]
  const scope = scopeOf(given)
  const file = !identifiesJobs && identity.startsWith(' ') ? '' : workflowRef
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

/** For `keep-last`, where nothing says for what a job runs. */
export const NO_SCOPE: Text = {
  en: "The variables of this CI don't contain the branch, tag, or pull request of this job.",
  zh: 'CI 的变量中没有当前任务的分支、标签或 pull request。',
}

/** Runs of all pull requests count together, and so do runs of all tags: each has few runs of its own. */
export const PULL_REQUESTS = 'pull requests'
export const TAGS = 'tags'

/**
 * The runs of a workflow that count together: those of a branch, of tags, or of pull requests and merge queues. A run that
 * another run triggered counts with that one. Pages: https://docs.github.com/actions/reference/workflows-and-actions/variables,
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 *
 * @returns an empty string if that's unknown
 */
function scopeOf(given: (name: string) => string): string {
  const isPullRequest = (event: string) => /^(pull_request|merge_group)/.test(event)
  const [event, ref] = [given('EVENT_NAME'), given('REF')]
  if (event === 'workflow_run') {
    const { event: origin = '', head_branch: branch = '' } = readPayload().workflow_run ?? {}
    if (isPullRequest(origin)) return PULL_REQUESTS
    if (origin === 'release') return TAGS
    // What has triggered the run before that one, or on what the comment is, the payload doesn't say.
    return /^$|^workflow_run$|^issue_comment$/.test(origin) || branch === '' ? '' : `branch ${branch}`
  }
  const isComment = event === 'issue_comment' && readPayload().issue?.pull_request !== undefined
  if (isPullRequest(event) || isComment || /^refs\/(pull|heads\/gh-readonly-queue)\//.test(ref))
    return PULL_REQUESTS
  if (ref.startsWith('refs/tags/')) return TAGS
  return ref.startsWith('refs/heads/') ? `branch ${ref.slice('refs/heads/'.length)}` : ''
}

/** The path in `GITHUB_WORKFLOW_REF`. The name of a file may contain "@", but no slash. */
function withoutRef(workflowRef: string): string {
  return workflowRef.replace(/@refs\/.*$|@[^@]*$/s, '')
}

/** The hash of words: 16 hex digits. */
export function digest(...words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16)
}
