import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Values } from '../emulator/emulator.ts'
import { BUNDLE_NODE, COMPILE_CACHE, inputsFor } from '../scripts/act.ts'
import { npmPackage } from '../scripts/repository.ts'

const ROOT = dirname(import.meta.dirname)

/** The committed command. */
export const CLI = join(ROOT, 'dist/cli.js')

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
/** The package that the documentation runs with npx. */
export const PACKAGE = `${npmPackage()}@${version.split('.')[0]}`

/** Writes a program `npx` that runs the committed command for that package. */
export function writeNpx(directory: string): void {
  const check = `[ "$1 $2" = "--yes ${PACKAGE}" ] || exit 99`
  const script = `#!/bin/sh\n${check}\nshift 2\nexec "${BUNDLE_NODE}" "${CLI}" "$@"\n`
  writeFileSync(join(directory, 'npx'), script, { mode: 0o755 })
}

export interface Started {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartOptions {
  readonly cwd: string
  /** More variables; `undefined` unsets one. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Whether a shell starts the program, which command files of Windows need. */
  readonly shell?: boolean
  /** Receives a function that sends a signal to the process, after it has written this to any stream. */
  readonly onceWritten?: readonly [text: string, then: (kill: (signal: NodeJS.Signals) => void) => void]
}

/** The environment of an English machine with this Node, and without a CI. */
export function plainEnvironment(): Record<string, string> {
  const kept = [
    'HOME',
    'TMPDIR',
    'TEMP',
    'TMP',
    'SystemRoot',
    'APPDATA',
    'LOCALAPPDATA',
    'USERPROFILE',
    'COMSPEC',
  ]
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    PATH: [dirname(BUNDLE_NODE), process.env['PATH']].join(delimiter),
    LANG: 'en_US.UTF-8',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  }
}

/** The variables for an emulator's folder and, by default, its group. */
export function variablesFor(values: Values): Record<string, string> {
  const inputs = Object.entries(inputsFor(values))
  return Object.fromEntries(
    inputs.map(([name, value]) => [`DINGTALK_${name.replaceAll('-', '_').toUpperCase()}`, value]),
  )
}

/** Runs the committed command. */
export function command(args: readonly string[], options: StartOptions): Promise<Started> {
  return start(BUNDLE_NODE, [CLI, ...args], options)
}

/** Runs a program to its end, in {@link plainEnvironment}. */
export async function start(
  program: string,
  args: readonly string[],
  { cwd, env, onceWritten, shell = false }: StartOptions,
): Promise<Started> {
  // Node passes the arguments to a shell unquoted.
  const child = spawn(program, shell ? args.map((arg) => `"${arg}"`) : args, {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell,
  })
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  let [written, isWaiting] = ['', onceWritten !== undefined]
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      written += data.toString()
      if (!isWaiting || !written.includes(onceWritten![0])) return
      isWaiting = false
      onceWritten![1]((signal) => child.kill(signal))
    })
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { exitCode, stdout, stderr }
}
