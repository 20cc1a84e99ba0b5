// Rules for this repository's workflows that zizmor, actionlint, and check-jsonschema (.ci/lint) don't check.
import { parse } from 'yaml'

type Permissions = string | Readonly<Record<string, string>>

export interface Step {
  id?: string
  uses?: string
  with?: Readonly<Record<string, string | number | boolean>>
  run?: string
  env?: Readonly<Record<string, string>>
}

interface Job {
  permissions?: Permissions
  outputs?: Readonly<Record<string, string>>
  steps?: readonly Step[]
}

export interface Workflow {
  on: string | readonly string[] | Readonly<Record<string, unknown>>
  permissions?: Permissions
  jobs: Readonly<Record<string, Job>>
}

export const stepsOf = (workflow: Workflow): Step[] =>
  Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps)

/** A sentence for each broken rule. */
export function problemsOf(text: string): string[] {
  const workflow = parse(text) as Workflow
  return [
    // Dependabot updates the comment with the commit, and people read it.
    ...[...text.matchAll(/\buses: *(\S+@[0-9a-f]{40})(?! # v\d)/g)].map(
      ([, uses = '']) => `${uses}: no version`,
    ),
    ...stepsOf(workflow).flatMap(({ run = '' }) => carelessScript(run)),
    ...cached(workflow),
    ...Object.entries(workflow.jobs)
      .filter(([, { permissions, steps = [] }]) => steps.some(installs) && writesOf(permissions).length > 0)
      .map(([name]) => `${name}: can write, and runs packages`),
  ]
}

const carelessScript = (run: string): string[] => [
  ...(/GITHUB_(?:ENV|PATH)\b/.test(run) ? ['GITHUB_ENV and GITHUB_PATH change the steps that follow'] : []),
  ...(/\bnp(?:x|m exec) /.test(run) ? ['a package that no lock file pins'] : []),
]

/** The npm commands that run nothing from a package. */
const installs = ({ run = '' }: Step): boolean => /\bnpm (?!stage\b)|\.ci\//.test(run)

/** A release must not use another run's cache. zizmor checks the release workflow, but not the workflows that it calls. */
function cached(workflow: Workflow): string[] {
  if (!JSON.stringify(workflow.on).includes('workflow_call')) return []
  return stepsOf(workflow)
    .filter(({ uses = '' }) => uses.startsWith('actions/setup-node@'))
    .filter(({ with: { cache } = {} }) => !String(cache).includes("!startsWith(github.ref, 'refs/tags/') &&"))
    .map(() => 'a cache in a workflow that releases')
}

const writesOf = (permissions: Permissions = {}): string[] =>
  typeof permissions === 'string'
    ? [permissions].filter((word) => word.includes('write'))
    : Object.keys(permissions)
        .filter((name) => permissions[name] === 'write')
        .sort()

/** The write permissions of each job. */
export function writes({ permissions, jobs }: Workflow): string[] {
  const all: [string, Permissions | undefined][] = [
    ['every job', permissions],
    ...Object.entries(jobs).map(([name, job]): [string, Permissions | undefined] => [name, job.permissions]),
  ]
  return all.flatMap(([who, given]) => writesOf(given).map((what) => `${who}: ${what}`))
}
