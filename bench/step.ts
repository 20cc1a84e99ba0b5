import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ACTION } from '../scripts/act.ts'
import { environment, run } from './child.ts'
import { USAGE_PRELOAD } from './rivals.ts'

/** What starts the committed bundle. */
export const STEP = join(dirname(import.meta.dirname), ACTION.runs.main)

export interface StepMeasured {
  /** s from just before the start of the process to its exit */
  process: number
  /** s of CPU, all threads */
  cpu: number
  /** peak resident set size in bytes */
  maxRss: number
  output: string
}

/**
 * Runs a script as GitHub's runner would run a step.
 *
 * @param inputs the step's `with`; the defaults of `action.yml` fill in the rest
 * @param directory for the runner's own files
 * @param script default: the committed bundle
 * @param env in addition to what the runner sets
 * @throws Error if the step fails
 */
export async function runStep(
  inputs: Readonly<Record<string, string>>,
  directory: string,
  script = STEP,
  env: Readonly<Record<string, string>> = {},
): Promise<StepMeasured> {
  const own = mkdtempSync(join(directory, 'step-'))
  try {
    const usage = join(own, 'usage')
    const { process: wall, output } = await run(process.execPath, [script], {
      ...stepEnvironment(inputs, own),
      ...env,
      NODE_OPTIONS: `--require=${JSON.stringify(USAGE_PRELOAD)}`,
      BENCH_USAGE: usage,
    })
    const used = JSON.parse(readFileSync(usage, 'utf8')) as { cpu: number; maxRss: number }
    return { process: wall, output, ...used }
  } finally {
    rmSync(own, { recursive: true })
  }
}

/** The environment of a step. Inputs that `action.yml` does not have are left out. */
function stepEnvironment(
  inputs: Readonly<Record<string, string>>,
  directory: string,
): Record<string, string> {
  const file = (name: string) => {
    const path = join(directory, name)
    writeFileSync(path, '')
    return path
  }
  const variables = Object.entries(ACTION.inputs).map(([name, input]) => [
    `INPUT_${name.toUpperCase()}`,
    // The runner evaluates expressions; without a token the expression is empty.
    inputs[name] ?? input.default?.replace(/^\$\{\{.*\}\}$/, '') ?? '',
  ])
  return environment({
    ...(Object.fromEntries(variables) as Record<string, string>),
    RUNNER_TEMP: directory,
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo/app',
    GITHUB_RUN_ID: '42',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_WORKFLOW: 'Release',
    GITHUB_REF: 'refs/heads/main',
  })
}

/** The inputs of every step that calls the stand-in for the gateways. */
export function stepInputs(gateway: string, path: string): Record<string, string> {
  return {
    'app-key': 'dingbench',
    'app-secret': 'bench-app-secret',
    'user-id': 'bench',
    'space-id': '1',
    path,
    'api-base-url': gateway,
    'oapi-base-url': gateway,
  }
}
