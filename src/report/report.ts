import { DingTalkError } from '../dingtalk/errors.ts'
import { type DeletedFile, failuresOf, type FileResult, type Report, sizeOf } from '../domain.ts'
import { InputError } from '../errors.ts'
import type { Runner } from '../github/runner.ts'
import { type Language, routine } from '../text/language.ts'
import { diagnose, failureDetails, failureLine, failureMessage } from './failures.ts'
import { deletedHeading, deletedLine, totalLine } from './log.ts'
import { summary } from './summary.ts'

/**
 * Sets the outputs, logs the result and every failure, and writes the job summary. The stack traces of unexpected errors go to
 * the debug log.
 *
 * @param appKey for links to the app's own pages
 */
export async function writeReport(
  unmasked: Report,
  appKey: string | undefined,
  runner: Runner,
): Promise<void> {
  const report = runner.redacted(unmasked)
  const { files, message, deleted, warnings } = report
  const failures = failuresOf(report)
  const diagnoses = diagnose(failures, appKey)
  const values = outputs(files, runner.language, deleted)
  for (const [name, value] of Object.entries(values)) runner.output(name, value)
  if (deleted.length > 0) runner.group(deletedHeading(deleted), deleted.map(deletedLine))
  for (const warning of diagnose(warnings, appKey))
    runner.warning(failureMessage(warning), failureDetails(warning.details, runner.language))
  if (files.length > 0 || message) runner.info(totalLine(report))
  for (const failure of diagnoses)
    runner.error(failureMessage(failure), failureDetails(failure.details, runner.language))
  for (const error of new Set(failures.map(({ error }) => error)))
    if (error instanceof Error && !(error instanceof InputError || error instanceof DingTalkError))
      runner.debug(error.stack ?? '')
  await writeSummary(
    runner,
    summary(report, diagnoses, runner.redacted(runner.workflowRun()), runner.language),
  )
}

/** Writes the job summary. If that fails, the job only gets a warning. */
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

/** The outputs of the step, by name, also if it fails. */
export function outputs(
  results: readonly FileResult[],
  language: Language,
  deleted: readonly DeletedFile[] = [],
): Readonly<Record<string, unknown>> {
  const there = results.flatMap(({ uploaded }) => uploaded ?? [])
  const existing = there.filter(({ existing }) => existing).length
  const files = results.map((result) => {
    const { file, uploaded, sentTo, failures } = result
    const { id, uuid, spaceId, parentId, name = file.name } = uploaded?.dentry ?? {}
    const lines = failures.map((failure) => routine(failureLine(failure), language))
    if (!uploaded && lines.length === 0)
      lines.push(routine({ en: 'Not attempted.', zh: '未执行。' }, language))
    return {
      path: file.path,
      name,
      size: sizeOf(result),
      md5: uploaded?.md5,
      dentryId: id,
      dentryUuid: uuid,
      spaceId,
      parentId,
      url: uploaded?.url,
      sentTo: sentTo.flatMap(({ kind, id }) => (kind === 'chat' ? id : [])),
      sentToUsers: sentTo.flatMap(({ kind, id }) => (kind === 'user' ? id : [])),
      region: uploaded?.region,
      status: uploaded ? (uploaded.existing ? 'existing' : 'uploaded') : 'failed',
      error: lines.length > 0 ? lines.join(' ') : undefined,
    }
  })
  return {
    'dentry-id': there[0]?.dentry.id ?? '',
    'dentry-ids': there.map(({ dentry }) => dentry.id).join('\n'),
    url: there[0]?.url ?? '',
    files,
    'uploaded-count': there.length - existing,
    'existing-count': existing,
    'failed-count': results.length - there.length,
    deleted: deleted.map(({ id, name, size, run, inDoubt }) => ({
      name,
      size,
      dentryId: id,
      runId: run,
      inDoubt,
    })),
  }
}
