import type { Job } from '../domain.ts'
import { digest, NO_SCOPE, PULL_REQUESTS, TAGS } from '../github/run.ts'
import type { WorkflowRun } from '../github/runner.ts'
import type { Text } from '../http/text.ts'

/** Reads a variable. A missing variable is empty. */
type Read = (name: string) => string

/** The running job, as the variables of a CI describe it. */
interface Facts {
  readonly run: WorkflowRun
  /**
   * What identifies the workflow, and the number of the run. The number must increase and never repeat within the workflow, because
   * `keep-last` deletes by it.
   */
  readonly source: readonly [words: readonly string[], run: string]
  /** The branch, tags, or merge requests whose runs `keep-last` counts together; empty if unknown. */
  readonly scope: string
}

/** GitLab CI and Flow have the same variables for the commit. */
function commitOf(read: Read): Pick<WorkflowRun, 'commit' | 'ref' | 'title' | 'changes' | 'author'> {
  const title = read('CI_COMMIT_TITLE')
  const changes = [title].filter(Boolean)
  // On GitLab, `name <address>`.
  const email = /<([^<>]*)>$/.exec(read('CI_COMMIT_AUTHOR'))?.[1]
  const author = email ? { login: '', email } : undefined
  return { commit: read('CI_COMMIT_SHA'), ref: read('CI_COMMIT_REF_NAME'), title, changes, author }
}

function branch(name: string): string {
  return name && `branch ${name}`
}

/** https://docs.gitlab.com/ci/variables/predefined_variables/ */
function gitlab(read: Read): Facts | undefined {
  if (read('GITLAB_CI') !== 'true') return undefined
  const isMergeRequest = read('CI_MERGE_REQUEST_IID') || read('CI_EXTERNAL_PULL_REQUEST_IID')
  return {
    run: {
      ...commitOf(read),
      repository: read('CI_PROJECT_PATH'),
      workflow: read('CI_PIPELINE_NAME') || read('CI_PROJECT_NAME'),
      number: Number(read('CI_PIPELINE_IID')),
      url: read('CI_PIPELINE_URL'),
      commitUrl: read('CI_PROJECT_URL') && `${read('CI_PROJECT_URL')}/-/commit/${read('CI_COMMIT_SHA')}`,
      actor: read('GITLAB_USER_LOGIN'),
    },
    // One file defines the jobs of all pipelines, so only the job name distinguishes a nightly build from a release.
    source: [[read('CI_SERVER_URL'), read('CI_PROJECT_ID'), read('CI_JOB_NAME')], read('CI_PIPELINE_ID')],
    scope: isMergeRequest ? PULL_REQUESTS : read('CI_COMMIT_TAG') ? TAGS : branch(read('CI_COMMIT_BRANCH')),
  }
}

/** https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables */
function jenkins(read: Read): Facts | undefined {
  if (!read('JENKINS_URL') || !read('JOB_NAME')) return undefined
  const name = read('BRANCH_NAME') || read('GIT_BRANCH').replace(/^origin\//, '')
  return {
    run: {
      repository: '',
      title: read('CHANGE_TITLE'),
      changes: [read('CHANGE_TITLE')].filter(Boolean),
      workflow: read('JOB_NAME'),
      number: Number(read('BUILD_NUMBER')),
      url: read('BUILD_URL'),
      commit: read('GIT_COMMIT'),
      commitUrl: '',
      // A plugin sets the first variable. The second is set for change requests.
      actor: read('BUILD_USER_ID') || read('CHANGE_AUTHOR'),
      ref: read('TAG_NAME') || name,
      author: read('CHANGE_ID')
        ? { login: read('CHANGE_AUTHOR'), email: read('CHANGE_AUTHOR_EMAIL') }
        : undefined,
    },
    source: [[read('JENKINS_URL'), read('JOB_NAME')], read('BUILD_NUMBER')],
    // In a multibranch project, each branch, tag, and change request is a job with its own build numbers.
    scope: branch(name),
  }
}

/** https://help.aliyun.com/zh/yunxiao/user-guide/environment-variables */
function flow(read: Read): Facts | undefined {
  if (!['PIPELINE_ID', 'PIPELINE_NAME', 'BUILD_NUMBER', 'PROJECT_DIR'].every(read)) return undefined
  return {
    run: {
      ...commitOf(read),
      repository: read('CI_SOURCE_NAME'),
      workflow: read('PIPELINE_NAME'),
      number: Number(read('BUILD_NUMBER')),
      url: `https://flow.aliyun.com/pipelines/${read('PIPELINE_ID')}/builds/${read('BUILD_NUMBER')}`,
      commitUrl: '',
      actor: read('BUILD_EXECUTOR'),
    },
    source: [['flow.aliyun.com', read('PIPELINE_ID')], read('BUILD_NUMBER')],
    // This may also be a tag.
    scope: branch(read('CI_COMMIT_REF_NAME')),
  }
}

export interface Ci {
  readonly run: WorkflowRun
  /** Has no source if the run can't be identified. The attempt is unknown. */
  readonly job: Job
}

const NO_RUN: Text = {
  en: 'The variables of this CI do not identify the job and its run.',
  zh: '无法从 CI 的变量中识别当前任务及其运行。',
}

/** GitLab CI, Jenkins, or Flow, if this process runs there. */
export function ciOf(variables: Readonly<Record<string, string | undefined>>): Ci | undefined {
  const read = (name: string) => variables[name] ?? ''
  const facts = gitlab(read) ?? jenkins(read) ?? flow(read)
  if (!facts) return undefined
  const [words, run] = facts.source
  const isKnown = words.every(Boolean) && /^\d{1,20}$/.test(run)
  const source = isKnown ? { workflow: digest(...words, facts.scope), run } : undefined
  const notCounted = source ? (facts.scope === '' ? NO_SCOPE : undefined) : NO_RUN
  return { run: facts.run, job: { source, attempt: 1, notCounted } }
}
