import { run as runAction } from './action.ts'
import { Cancelled } from './errors.ts'
import { actionsRunner } from './github/actions-runner.ts'
import type { Runner } from './github/runner.ts'
import { environmentOf } from './http/environment.ts'
import type { Text } from './http/text.ts'

/** How long a canceled job waits before it exits, in ms, so that the log can be written. */
const EXIT_AFTER = 200

/** Runs the action in this process. `@github/local-action` calls this. */
export async function run(): Promise<void> {
  ignoreLostReaders()
  await runProcess(actionsRunner())
}

/** The message for an unexpected error: a bug, or a problem of the machine. */
export function unexpected(error: unknown): Text {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    en: `upload-to-dingtalk failed unexpectedly: ${reason}`,
    zh: `upload-to-dingtalk 发生意外错误：${reason}`,
  }
}

/** Lets the job finish even if nothing reads its log any more (EPIPE). */
export function ignoreLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** Runs the action: signals cancel it, and it sets the exit code. @param end called after the last line of the log */
export async function runProcess(runner: Runner, end: () => void = () => undefined): Promise<void> {
  // With NODE_DEBUG, Node and packages write requests to stderr, with the access token in the query.
  const write = process.stderr.write.bind(process.stderr) as (text: unknown, ...more: unknown[]) => boolean
  process.stderr.write = (text: unknown, ...more: unknown[]) => write(runner.redacted(text), ...more)

  // A CI sends SIGINT, then SIGTERM (on Windows: SIGBREAK), and kills the job some seconds later. A terminal sends SIGINT.
  const cancelling = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
    process.once(name, () => {
      cancelling.abort(new Cancelled())
    })
  }

  // A stack trace could show secrets.
  process.on('uncaughtException', (error) => {
    runner.error(unexpected(error))
    end()
    process.exit(1)
  })

  const environment = environmentOf({ signal: cancelling.signal })
  process.exitCode = (await runAction(runner, environment)) ? 0 : 1
  end()
  // Some work can't be interrupted, such as the search through a large directory.
  if (cancelling.signal.aborted) setTimeout(() => process.exit(), EXIT_AFTER).unref()
}
