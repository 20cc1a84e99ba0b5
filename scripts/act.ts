import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { parse } from 'yaml'
import type { Values } from '../emulator/emulator.ts'

const ROOT = dirname(import.meta.dirname)

/** The Node that runs the bundle. conformance/ sets an older one, which the tests themselves don't support. */
export const BUNDLE_NODE = process.env['BUNDLE_NODE'] || process.execPath

/** Where Node keeps the compiled bundle, so that a process starts sooner. */
export const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/compile')

interface ActionFile {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>
  outputs: Record<string, { description: string }>
  runs: { using: string; main: string }
}

/** `action.yml`, as the runner reads it. */
export const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as ActionFile

/** Inputs for an emulator: its folder and, by default, its group. */
export function inputsFor({
  appKey,
  appSecret,
  userId,
  spaceId,
  parentId,
  chatId,
  apiBaseUrl,
  oapiBaseUrl,
}: Values): Record<string, string> {
  return {
    'app-key': appKey,
    'app-secret': appSecret,
    'user-id': userId,
    'space-id': spaceId,
    'parent-id': parentId,
    'chat-id': chatId,
    'api-base-url': apiBaseUrl,
    'oapi-base-url': oapiBaseUrl,
  }
}

export interface Step {
  /** The step's `with`. */
  with: Readonly<Record<string, string>>
  /** Variables that take precedence over the runner's own; `undefined` unsets a variable. */
  env?: Readonly<Record<string, string | undefined>>
  /** The runner's own environment. Default: PATH and a cache for Node. */
  inherited?: NodeJS.ProcessEnv
  /** The job's working directory. */
  cwd?: string
  /** The directory of the bundle. Default: the committed one. */
  main?: string
  /** Receives a function that sends a signal to the process, as the runner does to cancel a job. */
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Called with each line of the log as it is written. */
  onLine?: (line: string) => void
  /** Stops reading the log after this line, as if the runner's worker had crashed; `''`: immediately. */
  logGoneAfter?: string
}

export interface StepResult {
  exitCode: number | null
  /** The log, including workflow commands. */
  stdout: string
  stderr: string
  outputs: Record<string, string>
  /** The job summary, in Markdown. */
  summary: string
}

/** Runs the committed bundle as GitHub's runner would run a step: inputs with defaults, output and summary files. */
export async function act(step: Step): Promise<StepResult> {
  const directory = mkdtempSync(join(tmpdir(), 'runner-'))
  const env = prepareRunner(directory, step)
  try {
    const child = spawn(BUNDLE_NODE, [step.main ?? join(ROOT, ACTION.runs.main)], {
      cwd: step.cwd ?? directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    step.onStart?.((signal) => child.kill(signal))
    const lines: string[] = []
    const reading = createInterface({ input: child.stdout, crlfDelay: Infinity })
    const closed = once(reading, 'close')
    const stopReading = () => {
      reading.close()
      child.stdout.destroy()
    }
    reading.on('line', (line) => {
      lines.push(line)
      step.onLine?.(line)
      if (step.logGoneAfter && line.includes(step.logGoneAfter)) stopReading()
    })
    if (step.logGoneAfter === '') stopReading()
    const [stderr, exitCode] = await Promise.all([
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('close', resolve)
      }),
      closed,
    ])
    return {
      exitCode,
      stdout: lines.map((line) => `${line}\n`).join(''),
      stderr,
      ...writtenBy(directory),
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/**
 * Creates the files that a runner provides to a step.
 *
 * @param directory where they are, and where temporary files go
 * @returns the step's environment
 */
export function prepareRunner(
  directory: string,
  { with: inputs, env, inherited = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILE_CACHE } }: Step,
): NodeJS.ProcessEnv {
  for (const name of ['output', 'summary']) writeFileSync(join(directory, name), '')
  return {
    ...inherited,
    ...inputVariables(inputs),
    RUNNER_TEMP: directory,
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: join(directory, 'output'),
    GITHUB_STEP_SUMMARY: join(directory, 'summary'),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo/app',
    GITHUB_RUN_ID: '42',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_WORKFLOW: 'Release',
    GITHUB_ACTOR: 'octocat',
    GITHUB_REF: 'refs/heads/main',
    ...env,
  }
}

/** Reads what a step wrote into the files of {@link prepareRunner}. */
export function writtenBy(directory: string): Pick<StepResult, 'outputs' | 'summary'> {
  return {
    outputs: readOutputs(linesOf(join(directory, 'output'))),
    summary: linesOf(join(directory, 'summary')).join('\n'),
  }
}

function inputVariables(given: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => !(name in ACTION.inputs))
  if (unknown.length > 0) throw new Error(`not in action.yml: ${unknown.join(', ')}`)
  return Object.fromEntries(
    Object.entries(ACTION.inputs).map(([name, input]) => [
      `INPUT_${name.toUpperCase()}`,
      // The step sets other values of the runner if it needs them.
      given[name] ??
        input.default?.replace('${{ job.status }}', 'success').replace(/^\$\{\{.*\}\}$/, '') ??
        '',
    ]),
  )
}

/** A file's lines, with the line ends of the system. */
function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').split(/\r?\n/)
}

/** Parses the lines of `GITHUB_OUTPUT`: `name<<delimiter`, the value's lines, and the delimiter. */
function readOutputs(lines: readonly string[]): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (let at = 0; at < lines.length; at++) {
    const [name, delimiter] = (lines[at] ?? '').split('<<')
    if (!name || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, at + 1)
    outputs[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return outputs
}
