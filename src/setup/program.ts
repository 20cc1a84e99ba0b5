import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Environment } from '../http/environment.ts'

/** Where the setup runs. */
export interface Place {
  /** Absolute. Files are written here, and programs run here. */
  readonly directory: string
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly environment: Environment
}

/** What a program did. */
export interface Finished {
  /** Undefined if the program could not be started. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program of `PATH` without a terminal, and waits until it ends.
 *
 * @param input for standard input
 * @throws the signal's reason if it is aborted; the program is ended
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { directory, variables, environment: { signal } }: Place,
  input = '',
): Promise<Finished> {
  const file = process.platform === 'win32' ? windowsProgram(name, variables) : name
  // npm installs command files on Windows. Only a shell starts them, and it would interpret some characters.
  const shell = file?.endsWith('.cmd') ?? false
  if (!file || (shell && args.some((arg) => /["%!^&|<>\r\n]/.test(arg))))
    return { exitCode: undefined, stdout: '', stderr: '' }
  const options = { cwd: directory, env: { ...variables }, shell, windowsHide: true }
  const child = shell
    ? spawn([file, ...args].map((arg) => `"${arg}"`).join(' '), options)
    : spawn(file, args, options)
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  // A program may end before it has read everything.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const exit = new Promise<number | undefined>((resolve) => {
    child
      .once('error', () => {
        resolve(undefined)
      })
      .once('close', (code) => {
        resolve(code ?? 1)
      })
  })
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  signal.removeEventListener('abort', end)
  signal.throwIfAborted()
  return { exitCode, stdout, stderr }
}

/**
 * The file that Windows runs as a program of `PATH`. Windows itself would prefer a program in the working directory, and its shell
 * does not report that a program is missing.
 */
function windowsProgram(name: string, variables: Place['variables']): string | undefined {
  const [, path = ''] = Object.entries(variables).find(([name]) => name.toUpperCase() === 'PATH') ?? []
  return path
    .split(delimiter)
    .filter(Boolean)
    .flatMap((directory) => ['exe', 'cmd'].map((extension) => join(directory, `${name}.${extension}`)))
    .find((file) => existsSync(file))
}
