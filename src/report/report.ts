import type { Runner } from '../github/runner.ts'
import type { JobResult } from '../result.ts'
import { failureDetails, failureMessage, tellFailures } from './failures.ts'
import { totalLine } from './log-lines.ts'
import { outputs } from './outputs.ts'
import { summary } from './summary.ts'

/** Sets the outputs, logs the total and every failure, and writes the job summary. */
export async function reportResult(result: JobResult, runner: Runner): Promise<void> {
  const { files, failures } = result
  const told = tellFailures(failures, runner.input('app-key').trim())
  for (const [name, value] of Object.entries(outputs(files, runner.language))) runner.output(name, value)
  if (files.length > 0) runner.info(totalLine(result))
  for (const failure of told) runner.error(failureMessage(failure), failureDetails(failure.details))
  await writeSummary(runner, summary(result, told, runner.workflowRun(), runner.language))
}

/** Writes the job summary. Outputs and log report what happened, so a missing summary does not fail the step. */
export async function writeSummary(runner: Runner, markdown: string): Promise<void> {
  try {
    await runner.summary(markdown)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    runner.warning({
      en: `Could not write the job summary: ${reason}`,
      zh: `无法写入任务摘要：${reason}`,
    })
  }
}
