import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type Emulator,
  type EmulatorOptions,
  type Operation,
  startEmulator,
  type StoredFile,
} from '../emulator/emulator.ts'
import { act, inputsFor, type Step, type StepResult } from '../scripts/act.ts'
import type { Text } from '../src/http/text.ts'

/** A job that runs the committed bundle as the runner would, in a directory of its own, against an emulator. */
export interface BundleJob {
  readonly emulator: Emulator
  readonly directory: string
  /** Writes a file below the directory. */
  file(path: string, content?: string | Buffer): Buffer
  /** Runs the step as in the README, with a test's own inputs. */
  run(given?: Record<string, string>, step?: Partial<Step>): Promise<StepResult>
  /** Restarts the emulator with other options. */
  restart(options: EmulatorOptions): Promise<void>
  /** The files of the drive with this name. */
  files(name: string): StoredFile[]
  /** How many calls of an operation there were. */
  count(operation: Operation): number
  end(): Promise<void>
}

export function bundleJob(options: EmulatorOptions = {}): Promise<BundleJob> {
  return jobThatRuns(act, options, startEmulator)
}

/** A job in a new directory. */
export async function jobThatRuns(
  runStep: (step: Step) => Promise<StepResult>,
  options: EmulatorOptions,
  start: (options: EmulatorOptions) => Promise<Emulator>,
): Promise<BundleJob> {
  const directory = mkdtempSync(join(tmpdir(), 'bundle-job-'))
  let emulator = await start(options)
  return {
    get emulator() {
      return emulator
    },
    directory,
    file: (path, content = `content of ${path}`) => {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), content)
      return Buffer.from(content)
    },
    run: (given = {}, step = {}) =>
      runStep({ with: { ...inputsFor(emulator.values), path: '*', ...given }, cwd: directory, ...step }),
    restart: async (given) => {
      await emulator.close()
      emulator = await start(given)
    },
    files: (name) => emulator.files().filter((file) => file.name === name),
    count: (operation) => emulator.requests.filter((request) => request.operation === operation).length,
    end: async () => {
      await emulator.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/** The errors that a step reported, one on each line. */
export function errorsOf({ stdout }: StepResult): string {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('::error'))
    .join('\n')
}

/** An annotation of the step: the text in each language, and the details that both share. */
export interface Annotation extends Text {
  readonly details: string
}

/** The annotations of a step in both languages. */
export function annotationsOf({ stdout }: StepResult, level: 'error' | 'warning'): Annotation[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(`::${level}::`))
    .map((line) => {
      const message = line.slice(`::${level}::`.length).replaceAll('%0A', '\n').replaceAll('%25', '%')
      const [en = '', zh = '', details = ''] = message.split('\n\n')
      return { en, zh, details }
    })
}

/** The command that masks a secret. */
export function maskCommand(secret: string): string {
  return `::add-mask::${secret.replaceAll('%', '%25')}`
}
