import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type EmulatorOptions } from '../emulator/emulator.ts'
import { prepareRunner, writtenBy, type Step, type StepResult } from '../scripts/act.ts'
import { run } from '../src/action.ts'
import { Cancelled } from '../src/errors.ts'
import { actionsRunner } from '../src/github/actions-runner.ts'
import { environmentOf } from '../src/http/environment.ts'
import { jobThatRuns, type BundleJob } from './bundle-job.ts'
import { endHangs } from './hangs.ts'
import { simulatedClock, type SimulatedClock } from './simulated-clock.ts'

/** A job that runs the sources in this process with `@actions/core`, on simulated time. */
export interface SourceJob extends Omit<BundleJob, 'run'> {
  readonly clock: SimulatedClock
  /** Runs the step as {@link BundleJob.run} does; any signal cancels it. */
  run(
    given?: Record<string, string>,
    step?: Partial<Omit<Step, 'cwd' | 'main' | 'logGoneAfter'>>,
  ): Promise<StepResult>
}

/** Prepares a job. Its steps run one at a time: environment, working directory, and standard output are the process's. */
export async function sourceJob(options: EmulatorOptions = {}): Promise<SourceJob> {
  const before = process.cwd()
  const clock = simulatedClock()
  const start = async (given: EmulatorOptions) => {
    const emulator = await startEmulator({ clock: () => clock.now(), ...given })
    endHangs(emulator, clock)
    return emulator
  }
  const job = await jobThatRuns((step) => runHere(step, clock), options, start)
  process.chdir(job.directory)
  return {
    ...job,
    get emulator() {
      return job.emulator
    },
    clock,
    end: async () => {
      process.chdir(before)
      await job.end()
    },
  }
}

/** One for all steps of a test file: `@actions/core` keeps the path of the first summary that it writes. */
const runnerDirectory = join(tmpdir(), `runner-${crypto.randomUUID()}`)

async function runHere(step: Step, clock: SimulatedClock): Promise<StepResult> {
  mkdirSync(runnerDirectory)
  const environment = { ...process.env }
  const write = process.stdout.write.bind(process.stdout)
  const cancelling = new AbortController()
  const lines: string[] = []
  setEnvironment(prepareRunner(runnerDirectory, step))
  process.stdout.write = (text: string | Uint8Array) => {
    const written = String(text)
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
    lines.push(...written)
    written.forEach((line) => step.onLine?.(line))
    return true
  }
  step.onStart?.(() => {
    cancelling.abort(new Cancelled())
  })
  try {
    const ok = await run(
      actionsRunner(),
      environmentOf({ clock, random: () => 1, signal: cancelling.signal }),
    )
    const stdout = lines.map((line) => `${line}\n`).join('')
    return { exitCode: ok ? 0 : 1, stdout, stderr: '', ...writtenBy(runnerDirectory) }
  } finally {
    process.stdout.write = write
    setEnvironment(environment)
    rmSync(runnerDirectory, { recursive: true })
  }
}

/** Replaces the variables of this process. */
function setEnvironment(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name)
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value
}
