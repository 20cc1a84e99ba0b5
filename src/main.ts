import { run as runAction } from './action.ts'
import { Cancelled } from './errors.ts'
import { actionsRunner } from './github/actions-runner.ts'
import type { Runner } from './github/runner.ts'
import { environmentOf } from './http/environment.ts'
import type { Text } from './http/text.ts'

/** How long (ms) what is still under way may keep a cancelled job, so that the log can be written out. */
const EXIT_AFTER = 200

/** The step in this process: what `@github/local-action` calls, and `index.ts` where the bundle is run. */
export async function run(): Promise<void> {
  ignoreLostReaders()
  await runProcess(actionsRunner())
}

/** What is reported of a bug of the action's own, or of a machine that lacks what every program needs. */
export function unexpected(error: unknown): Text {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    en: `upload-to-dingtalk failed unexpectedly: ${reason}`,
    zh: `upload-to-dingtalk 发生意外错误：${reason}`,
  }
}

/** The reader of the log may go away (EPIPE). The job goes on: what it has begun must come to an end. */
export function ignoreLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/**
 * Runs the action as this process: signals cancel it, and its result is the exit code.
 *
 * @param end called once after the last line of the log, whatever happened
 */
export async function runProcess(runner: Runner, end: () => void = () => undefined): Promise<void> {
  // With NODE_DEBUG, Node and packages write there what they send, with the query that has the access token.
  const write = process.stderr.write.bind(process.stderr) as (text: unknown, ...more: unknown[]) => boolean
  process.stderr.write = (text: unknown, ...more: unknown[]) => write(runner.redacted(text), ...more)

  // A CI cancels a job with SIGINT, then SIGTERM (on Windows: SIGBREAK), and kills it some seconds later. A terminal sends SIGINT.
  const cancelling = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
    process.once(name, () => {
      cancelling.abort(new Cancelled())
    })
  }

  // A bug of the action's own. Reported like other errors, because a stack trace could show secrets.
  process.on('uncaughtException', (error) => {
    runner.error(unexpected(error))
    end()
    process.exit(1)
  })

  const environment = environmentOf({ signal: cancelling.signal })
  process.exitCode = (await runAction(runner, environment)) ? 0 : 1
  end()
  // What cannot be ended (a search through a large tree) must not keep a cancelled job.
  if (cancelling.signal.aborted) setTimeout(() => process.exit(), EXIT_AFTER).unref()
}
