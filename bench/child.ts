import pLimit from 'p-limit'
import { fork, spawn, type ChildProcess } from 'node:child_process'

const live = new Set<ChildProcess>()

/** Ends every process that was started here and still runs. */
export function stopChildren(): void {
  for (const child of live) child.kill('SIGKILL')
}

export interface Finished {
  /** s from just before the start to the exit */
  process: number
  output: string
}

/** A child's whole environment: proxies or extra certificates of this shell would cost it time. */
export function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ...more }
}

/**
 * Runs a program to its end.
 *
 * @param limit s after which it is ended
 * @throws Error with the end of its output, if it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  env = environment(),
  limit = 900,
): Promise<Finished> {
  const started = performance.now()
  const child = kept(spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  let ended = 0
  child.once('exit', () => (ended = performance.now()))
  const timeout = setTimeout(() => child.kill('SIGKILL'), limit * 1000)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  clearTimeout(timeout)
  if (code !== 0) {
    const why =
      code === null ? `was ended after ${((ended - started) / 1000).toFixed(1)} s` : `exited with ${code}`
    throw new Error(`${command} ${args[0] ?? ''} ${why}:\n${output.slice(-2000)}`)
  }
  return { process: (ended - started) / 1000, output }
}

/** A server in a process of its own. It ends with this one, however this one ends. */
export interface Service {
  origin: string
  ask<T>(question: unknown): Promise<T>
  stop: () => void
}

/** Starts a module that sends its port as its first message, and then an answer to each question. */
export async function startService(module: string, ...args: (string | number)[]): Promise<Service> {
  const child = kept(fork(module, args.map(String), { env: environment(), execArgv: [] }))
  const answer = () =>
    new Promise<unknown>((resolve, reject) => {
      const gone = () => {
        reject(new Error(`${module} has ended`))
      }
      child.once('exit', gone)
      child.once('message', (message) => {
        child.off('exit', gone)
        resolve(message)
      })
    })
  const port = (await answer()) as number
  // One question at a time: an answer does not say which one it is to.
  const turn = pLimit(1)
  return {
    origin: `http://127.0.0.1:${port}`,
    ask: <T>(question: unknown) =>
      turn(async () => {
        const answered = answer()
        child.send(question as object)
        return (await answered) as T
      }),
    stop: () => {
      child.kill()
    },
  }
}

function kept<T extends ChildProcess>(child: T): T {
  live.add(child)
  child.once('exit', () => live.delete(child))
  return child
}
