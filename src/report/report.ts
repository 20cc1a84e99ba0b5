import type { JobResult } from '../domain.ts'
import type { Runner } from '../github/runner.ts'
import { failureDetails, failureMessage, tellFailures } from './failures.ts'
import { deletedHeading, deletedLine, totalLine } from './log-lines.ts'
import { outputs } from './outputs.ts'
import { summary } from './summary.ts'

/** Sets the outputs, logs the total and every failure, and writes the job summary. */
export async function reportResult(result: JobResult, runner: Runner): Promise<void> {
  const { files, failures, warnings, deleted, message } = result
  const appKey = runner.input('app-key').trim()
  const told = tellFailures(failures, appKey)
  const values = outputs(files, runner.language, deleted)
  for (const [name, value] of Object.entries(values)) runner.output(name, value)
  if (files.length > 0 || message) runner.info(totalLine(result))
  if (deleted.length > 0) runner.group(deletedHeading(deleted), deleted.map(deletedLine))
  for (const warning of tellFailures(warnings, appKey))
    runner.warning(failureMessage(warning), failureDetails(warning.details))
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
