import type { Runner } from '../github/runner.ts'
import type { JobResult } from '../result.ts'
import { failureText, mergeFailures } from './failures.ts'
import { total } from './log-lines.ts'
import { outputs } from './outputs.ts'
import { summary } from './summary.ts'

/** Sets the outputs, logs the total and every failure, and writes the job summary. */
export async function reportResult({ files, failures, elapsed }: JobResult, runner: Runner): Promise<void> {
  const merged = mergeFailures(failures)
  const appKey = runner.input('app-key').trim()
  for (const [name, value] of Object.entries(outputs(files))) runner.output(name, value)
  if (files.length > 0) runner.info(total(files, elapsed))
  for (const failure of merged) runner.error(failureText(failure, appKey))
  const run = files.length > 0 ? runner.workflowRun() : undefined
  await writeSummary(runner, summary(files, merged, elapsed, run, appKey))
}

/** Writes the job summary. Outputs and log report what happened, so a missing summary does not fail the step. */
export async function writeSummary(runner: Runner, markdown: string): Promise<void> {
  try {
    await runner.summary(markdown)
  } catch (error) {
    runner.warning(
      `the job summary could not be written / 任务摘要无法写入: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
