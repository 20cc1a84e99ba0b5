import { fork, spawn, type ChildProcess } from 'node:child_process'
import { constants, setPriority } from 'node:os'

const live = new Set<ChildProcess>()

/** Kills every child process that is still running. */
export function stopChildren(): void {
  for (const child of live) child.kill('SIGKILL')
}

export interface Finished {
  /** s from just before the start to the exit */
  process: number
  output: string
}

/** A child's environment, without this shell's proxies and extra certificates, which take time. */
export function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ...more }
}

/**
 * Runs a program until it exits.
 *
 * @param limit s after which it is killed
 * @throws Error with the end of its output, if it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  env = environment(),
  limit = 900,
): Promise<Finished> {
  const started = performance.now()
  const child = track(spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }))
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
      code === null ? `was killed after ${((ended - started) / 1000).toFixed(1)} s` : `exited with ${code}`
    throw new Error(`${command} ${args[0] ?? ''} ${why}:\n${output.slice(-2000)}`)
  }
  return { process: (ended - started) / 1000, output }
}

/** Runs a program in a shell, which reports its CPU time: `cpu` is in s, user and system. */
export async function runTimed(
  command: string,
  args: readonly string[],
): Promise<Finished & { cpu: number }> {
  const script = '"$@"; code=$?; times; exit $code'
  const { process, output } = await run('sh', ['-c', script, 'sh', command, ...args])
  return { process, output, cpu: childrenTime(output) }
}

/**
 * The CPU time of a shell's children in s, user and system.
 *
 * @param output ends with that of `times`: a line about the shell, and one about its children, such as `0m0.25s 1m2.50s`
 */
export function childrenTime(output: string): number {
  const match = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(output)
  if (!match) throw new Error(`no times in:\n${output.slice(-200)}`)
  const [, userMinutes, user, systemMinutes, system] = match.map(Number)
  return 60 * (Number(userMinutes) + Number(systemMinutes)) + Number(user) + Number(system)
}

/** A server in its own process, which exits when this process does. */
export interface Service {
  port: number
  ask<T>(question: unknown): Promise<T>
  stop: () => void
}

/** Starts a module that sends its port as its first message, and then one message per question. */
export async function startService(module: string, ...args: (string | number)[]): Promise<Service> {
  const child = track(fork(module, args.map(String), { env: environment(), execArgv: [] }))
  const answer = () =>
    new Promise<unknown>((resolve, reject) => {
      const exited = () => {
        reject(new Error(`${module} has exited`))
      }
      child.once('exit', exited)
      child.once('message', (message) => {
        child.off('exit', exited)
        resolve(message)
      })
    })
  const port = (await answer()) as number
  // One question at a time, because replies don't name their question.
  let last: Promise<unknown> = Promise.resolve()
  return {
    port,
    ask: <T>(question: unknown) => {
      const answered = last.then(() => {
        const response = answer()
        child.send(question as object)
        return response
      })
      last = answered.catch(() => undefined)
      return answered as Promise<T>
    },
    stop: () => {
      child.kill()
    },
  }
}

function track<T extends ChildProcess>(child: T): T {
  live.add(child)
  if (child.pid !== undefined) prefer(child.pid)
  child.once('exit', () => live.delete(child))
  return child
}

/** Raises the priority of a process, because other work disturbs measurements. Only root may do that. */
export function prefer(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGHEST)
  } catch {
    // An idle machine needs no priorities.
  }
}
