import { readFileSync, statSync } from 'node:fs'
import * as v from 'valibot'

/** The largest payload that is read, in bytes: more than GitHub sends. */
const MAX_PAYLOAD = 32 * 1024 ** 2
/** The most commits that GitHub lists of a push. */
const MAX_COMMITS = 2048

/** What the payload of an event tells about a run. */
export interface EventFacts {
  /** The message of the head commit, or the title of the pull request or release; empty if the event has none. */
  readonly title: string
  /** The messages of the commits that were pushed, oldest first. */
  readonly changes: readonly string[]
  /** The commit that the event is about, where `GITHUB_SHA` is another one. */
  readonly commit?: string | undefined
  /** Its branch, where `GITHUB_REF` is another one. */
  readonly ref?: string | undefined
}

/** What has another form counts as missing: no payload fails the step. */
const Missing = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined)
const Words = Missing(v.string())
const Sha = Missing(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)))
const Commit = v.object({ message: v.string() })

/** The payloads of GitHub's events, as far as they are read. Page: https://docs.github.com/webhooks/webhook-events-and-payloads */
const Payload = v.object({
  /** push */
  head_commit: Missing(Commit),
  commits: Missing(v.array(v.fallback(Commit, { message: '' }))),
  /** pull_request, pull_request_target, pull_request_review, … */
  pull_request: Missing(v.object({ title: Words, head: Missing(v.object({ sha: Sha })) })),
  merge_group: Missing(v.object({ head_commit: Missing(Commit) })),
  workflow_run: Missing(
    v.object({ head_commit: Missing(Commit), display_title: Words, head_sha: Sha, head_branch: Words }),
  ),
  release: Missing(v.object({ name: Words, tag_name: Words })),
})

/** What an event's payload tells; of one that is missing, unreadable, or none of GitHub's: nothing. */
export function readEvent(path: string | undefined): EventFacts {
  const parsed = v.safeParse(Payload, payloadAt(path))
  const payload: Partial<v.InferOutput<typeof Payload>> = parsed.success ? parsed.output : {}
  const { head_commit, commits = [], pull_request, merge_group, workflow_run, release } = payload
  const title =
    pull_request?.title ??
    (head_commit ?? merge_group?.head_commit ?? workflow_run?.head_commit)?.message ??
    workflow_run?.display_title ??
    (release?.name || release?.tag_name) ??
    ''
  const messages = commits.slice(0, MAX_COMMITS).flatMap(({ message }) => message || [])
  return {
    title,
    changes: messages.length > 0 || !title ? messages : [title],
    // On these events, GITHUB_SHA is a merge commit, or the default branch's.
    commit: pull_request?.head?.sha ?? workflow_run?.head_sha,
    ref: workflow_run?.head_branch,
  }
}

function payloadAt(path: string | undefined): unknown {
  try {
    if (!path || statSync(path).size > MAX_PAYLOAD || !statSync(path).isFile()) return {}
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
