import { run as runAction } from './action.ts'
import { systemClock } from './dingtalk/transport/environment.ts'
import { Cancelled } from './errors.ts'
import { actionsRunner } from './github/actions-runner.ts'

/** How long (ms) what is still under way may keep a cancelled job, so that the log can be written out. */
const EXIT_AFTER = 200

/** The step in this process: what `@github/local-action` calls, and `index.ts` where the bundle is run. */
export async function run(): Promise<void> {
  // The runner cancels a job with SIGINT, then SIGTERM, and kills it some seconds later.
  const cancelling = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      cancelling.abort(new Cancelled())
    })
  }

  // The reader of the log may go away (EPIPE). The job goes on: its outputs and summary are files.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

  const runner = actionsRunner()
  // A mistake of the action's own: told like everything else, for a stack trace knows nothing of secrets.
  process.on('uncaughtException', (error) => {
    runner.error({
      en: `upload-to-dingtalk failed unexpectedly: ${error.message}`,
      zh: `upload-to-dingtalk 发生意外错误：${error.message}`,
    })
    process.exit(1)
  })

  const environment = { clock: systemClock, random: Math.random, signal: cancelling.signal }
  process.exitCode = (await runAction(runner, environment)) ? 0 : 1
  // What cannot be ended (a search through a large tree) must not keep a cancelled job.
  if (cancelling.signal.aborted) setTimeout(() => process.exit(), EXIT_AFTER).unref()
}
