// What the workflows of this repository keep to. Most are audits of zizmor (https://docs.zizmor.sh/audits), which the workflow
// lint.yml runs: here they hold before a change is pushed.
import { parse } from 'yaml'

type Permissions = string | Readonly<Record<string, string>>

export interface Step {
  uses?: string
  with?: Readonly<Record<string, string | number | boolean>>
  run?: string
  if?: string
}

interface Job {
  permissions?: Permissions
  steps?: readonly Step[]
  uses?: string
  secrets?: unknown
  if?: string
  'timeout-minutes'?: number
}

export interface Workflow {
  on: string | readonly string[] | Readonly<Record<string, unknown>>
  permissions?: Permissions
  concurrency?: unknown
  jobs: Readonly<Record<string, Job>>
}

export const stepsOf = (workflow: Workflow): Step[] =>
  Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps)

const triggersOf = ({ on }: Workflow): string[] => {
  if (typeof on === 'string') return [on]
  return Array.isArray(on) ? on.map(String) : Object.keys(on)
}

/** Rules for every workflow, the examples too. `isOurs` tells the steps that use this action. */
export function problemsOf(text: string, isOurs: (uses: string) => boolean): string[] {
  const workflow = parse(text) as Workflow
  return [
    ...unpinned(text, isOurs),
    ...(workflow.permissions === undefined ? ['permissions are missing'] : []),
    ...triggersOf(workflow)
      .filter((name) => ['pull_request_target', 'workflow_run'].includes(name))
      .map((name) => `${name} runs with the rights of this repository on behalf of strangers`),
    ...stepsOf(workflow).flatMap(carelessStep),
  ]
}

/** Further rules for the workflows of this repository. */
export function strictProblemsOf(text: string): string[] {
  const workflow = parse(text) as Workflow
  return [
    ...(JSON.stringify(workflow.permissions) === '{}' ? [] : ['permissions: {} and what each job needs']),
    ...(workflow.concurrency === undefined ? ['concurrency is missing'] : []),
    ...[...text.matchAll(/^ +[a-z-]+: write$/gm)].map(([line]) => `no comment says why: ${line.trim()}`),
    ...cached(workflow),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) => carelessJob(name, job)),
  ]
}

/** A tag can be moved to other code; a commit cannot, and the comment tells people and Dependabot which it is. */
function unpinned(text: string, isOurs: (uses: string) => boolean): string[] {
  return [...text.matchAll(/\buses: *(.*)/g)]
    .map(([, uses = '']) => uses)
    .filter((uses) => !uses.startsWith('./') && !isOurs(uses) && !/@[0-9a-f]{40} # v\d/.test(uses))
    .map((uses) => `${uses} is not pinned`)
}

function carelessStep(step: Step): string[] {
  const code = [step.run, step.with?.['script']].join('\n')
  return [
    // What is filled in becomes code of the shell: a branch's name can hold any.
    ...(code.includes('${{') ? ['an expression in a script: hand it in by env'] : []),
    ...(/GITHUB_(?:ENV|PATH)\b/.test(code)
      ? ['GITHUB_ENV and GITHUB_PATH change the steps that follow']
      : []),
    ...(/\bnpx |\bnpm (?:i|install|add|exec) /.test(code) ? ['a package that no lock file pins'] : []),
    // The name of who started a run can be that of a bot whose commit somebody else prepared.
    ...(/github\.(?:actor|triggering_actor)\b/.test(step.if ?? '') ? ['a condition on the actor'] : []),
    ...(step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false
      ? ['checkout leaves its token to the steps that follow: persist-credentials: false']
      : []),
  ]
}

/** What another run cached must not get into a release. */
function cached(workflow: Workflow): string[] {
  if (!triggersOf(workflow).includes('workflow_call') && !JSON.stringify(workflow.on).includes('"tags"'))
    return []
  return stepsOf(workflow)
    .filter(({ uses = '' }) => uses.startsWith('actions/setup-node@'))
    .filter(({ with: given = {} }) => {
      const { cache } = given
      const isOffForTags =
        typeof cache === 'string' && cache.includes("!startsWith(github.ref, 'refs/tags/') &&")
      return cache === undefined ? given['package-manager-cache'] !== false : !isOffForTags
    })
    .map(() => 'a cache in a workflow that releases')
}

function carelessJob(name: string, job: Job): string[] {
  const permissions = job.permissions
  const installs = (job.steps ?? []).some(({ run = '' }) => /\bnpm (?!pack\b)/.test(run))
  return [
    ...(permissions === undefined || typeof permissions === 'string'
      ? [`${name}: permissions are missing`]
      : []),
    ...(job.uses === undefined && job['timeout-minutes'] === undefined ? [`${name}: no timeout`] : []),
    ...(job.secrets === 'inherit' ? [`${name}: inherits all secrets`] : []),
    ...(installs && writesOf(permissions).length > 0 ? [`${name}: can write, and runs packages`] : []),
  ]
}

const writesOf = (permissions: Permissions = {}): string[] =>
  typeof permissions === 'string'
    ? [permissions].filter((word) => word.includes('write'))
    : Object.keys(permissions)
        .filter((name) => permissions[name] === 'write')
        .sort()

/** What may be written, and by which job. */
export function writes({ permissions, jobs }: Workflow): string[] {
  const all: [string, Permissions | undefined][] = [
    ['every job', permissions],
    ...Object.entries(jobs).map(([name, job]): [string, Permissions | undefined] => [name, job.permissions]),
  ]
  return all.flatMap(([who, given]) => writesOf(given).map((what) => `${who}: ${what}`))
}
