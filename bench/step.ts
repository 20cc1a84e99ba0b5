import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ACTION } from '../scripts/act.ts'
import { environment, run } from './child.ts'
import { RIVALS } from './rivals.ts'

/** The committed bundle. */
export const BUNDLE = join(dirname(import.meta.dirname), ACTION.runs.main)

export interface StepMeasured {
  /** s from just before the start of the process to its exit */
  process: number
  /** s of CPU, all threads */
  cpu: number
  /** The most memory it ever held, in bytes. */
  maxRss: number
  output: string
}

/** Runs the committed bundle as GitHub's runner would run a step. @throws Error if the step fails */
export async function runStep(
  inputs: Readonly<Record<string, string>>,
  directory: string,
): Promise<StepMeasured> {
  const own = mkdtempSync(join(directory, 'step-'))
  try {
    const usage = join(own, 'usage')
    const { process: wall, output } = await run(process.execPath, [BUNDLE], {
      ...stepEnvironment(inputs, own),
      NODE_OPTIONS: `--require=${RIVALS.usage}`,
      BENCH_USAGE: usage,
    })
    const used = JSON.parse(readFileSync(usage, 'utf8')) as { cpu: number; maxRss: number }
    return { process: wall, output, ...used }
  } finally {
    rmSync(own, { recursive: true })
  }
}

/** What a step finds in its environment. Of the inputs, those that `action.yml` does not have are left out. */
export function stepEnvironment(
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
    inputs[name] ?? input.default ?? '',
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

/** The inputs that every step against the bench's own gateway has. */
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
