import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What a program did. */
export interface Finished {
  /** Undefined if it could not be started. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly directory: string
  readonly signal: AbortSignal
  /** For standard input, which is closed after it. */
  readonly input?: string
  /** Called with what it writes to standard error, as it comes. */
  readonly onStderr?: (text: string) => void
}

/**
 * The file that Windows runs as a program of `PATH`. Windows itself would start one of the working directory first, and its
 * shell reports a missing program like one that failed.
 */
function windowsProgram(name: string, variables: ProgramOptions['variables']): string | undefined {
  const [, path = ''] =
    Object.entries(variables).find(([variable]) => variable.toUpperCase() === 'PATH') ?? []
  const directories = path.split(delimiter).filter(Boolean)
  return directories
    .flatMap((directory) => ['exe', 'cmd'].map((extension) => join(directory, `${name}.${extension}`)))
    .find((file) => existsSync(file))
}

/**
 * Runs a program of `PATH` without a terminal, and waits until it ends.
 *
 * @throws the signal's reason if it is aborted; the program is ended
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { variables, directory, signal, input = '', onStderr }: ProgramOptions,
): Promise<Finished> {
  const file = process.platform === 'win32' ? windowsProgram(name, variables) : name
  // npm installs command files on Windows. Only a shell starts them, and it would interpret some characters.
  const shell = file?.endsWith('.cmd') ?? false
  if (!file || (shell && args.some((arg) => /["%!^&|<>\r\n]/.test(arg))))
    return { exitCode: undefined, stdout: '', stderr: '' }
  const [command, ...rest] = shell ? [[file, ...args].map((arg) => `"${arg}"`).join(' ')] : [file, ...args]
  const child = spawn(command!, rest, {
    cwd: directory,
    env: { ...variables },
    stdio: 'pipe',
    shell,
    windowsHide: true,
  })
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  if (onStderr)
    child.stderr.on('data', (chunk: Buffer) => {
      onStderr(chunk.toString())
    })
  // A program that ends before it has read everything is no failure of its own.
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
