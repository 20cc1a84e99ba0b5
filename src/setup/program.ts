import { spawn } from 'node:child_process'
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
  /** Whether it may be a command file of Windows, as npm installs them. */
  readonly isCommandFile?: boolean
}

/**
 * Runs a program without a terminal, and waits until it ends.
 *
 * @throws the signal's reason if it is aborted; the program is ended
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { variables, directory, signal, input = '', onStderr, isCommandFile = false }: ProgramOptions,
): Promise<Finished> {
  // Only a shell of Windows starts a command file, and it would interpret some characters.
  const shell = isCommandFile && process.platform === 'win32'
  if (shell && args.some((arg) => /["%!^&|<>\r\n]/.test(arg)))
    return { exitCode: undefined, stdout: '', stderr: '' }
  const child = spawn(name, shell ? args.map((arg) => `"${arg}"`) : args, {
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
