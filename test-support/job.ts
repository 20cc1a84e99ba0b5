import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Emulator,
  type EmulatorOptions,
  type Operation,
  startEmulator,
  type StoredFile,
} from '../emulator/emulator.ts'
import { inputsFor } from '../scripts/act.ts'
import { run } from '../src/action.ts'
import type { Job as RunnerJob } from '../src/domain.ts'
import { Cancelled } from '../src/errors.ts'
import { environmentOf } from '../src/http/environment.ts'
import { endHangs } from './hangs.ts'
import { recordingRunner, type RecordingRunner } from './recording-runner.ts'
import { simulatedClock, type SimulatedClock } from './simulated-clock.ts'

/** A job in this process, in a working directory of its own, against an emulator, on simulated time. */
export interface Job {
  readonly emulator: Emulator
  readonly clock: SimulatedClock
  /** Inputs that give the folder only by its UUID. */
  readonly byUuid: Readonly<Record<string, string>>
  /**
   * Runs the step as in the README, with a test's own inputs.
   *
   * @param as the job and its run; default: outside any workflow
   */
  run(given?: Record<string, string>, as?: RunnerJob): Promise<RecordingRunner & { ok: boolean }>
  /** Restarts the emulator with other options. */
  restart(options: EmulatorOptions): Promise<void>
  cancel(): void
  /** The files of the drive with this name. */
  files(name: string): StoredFile[]
  /** How many calls of an operation there were. */
  count(operation: Operation): number
  end(): Promise<void>
}

/** The link of a folder in DingTalk Docs, which contains only its UUID. */
export function docsLink(uuid: string): string {
  return `https://alidocs.dingtalk.com/i/nodes/${uuid}`
}

/** Prepares a job. Its working directory is the process's until it ends. */
export async function job(options: EmulatorOptions = {}): Promise<Job> {
  const before = process.cwd()
  const directory = mkdtempSync(join(tmpdir(), 'job-'))
  process.chdir(directory)
  const clock = simulatedClock()
  const cancelling = new AbortController()
  let emulator = await start(options)

  async function start(given: EmulatorOptions): Promise<Emulator> {
    const started = await startEmulator({ clock: () => clock.now(), ...given })
    endHangs(started, clock)
    return started
  }

  return {
    get emulator() {
      return emulator
    },
    clock,
    get byUuid() {
      return { 'space-id': '', 'parent-id': '', 'folder-url': docsLink(emulator.values.parentUuid) }
    },
    run: async (given = {}, as) => {
      const runner = recordingRunner({ ...inputsFor(emulator.values), path: '*', ...given }, as)
      const ok = await run(runner, environmentOf({ clock, random: () => 1, signal: cancelling.signal }))
      return Object.assign(runner, { ok })
    },
    restart: async (given) => {
      await emulator.close()
      emulator = await start(given)
    },
    cancel: () => {
      cancelling.abort(new Cancelled())
    },
    files: (name) => emulator.files().filter((file) => file.name === name),
    count: (operation) => emulator.requests.filter((request) => request.operation === operation).length,
    end: async () => {
      process.chdir(before)
      await emulator.close()
      rmSync(directory, { recursive: true })
    },
  }
}
