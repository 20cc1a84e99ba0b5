import type { DingTalk } from '../dingtalk/client.ts'
import type { Oss } from '../dingtalk/oss.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import type { Runner } from '../github/runner.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { failureDetails, failureMessage } from '../report/failures.ts'
import { deletedLine, outdatedHeading } from '../report/log-lines.ts'
import { outputs } from '../report/outputs.ts'
import { writeSummary } from '../report/report.ts'
import { asDeleted, NOT_ALL_SEEN } from '../retention/keep-last.ts'
import { gatherEvidence } from './evidence.ts'
import { checkSummary, checkTotal, foldedLine, foldedTitle, openLines, tellFindings } from './finding.ts'
import { judge } from './judge.ts'

/** The client, as a check uses it. */
export interface CheckContext {
  readonly dingtalk: DingTalk
  readonly oss: Oss
  readonly retryOptions: RetryOptions
}

/**
 * Tries out everything that an upload with these inputs needs, and reports it: what is all right is folded away, and
 * nothing is told twice. Uploads nothing and sends nothing.
 *
 * @returns whether nothing that an upload needs is missing
 * @throws the signal's reason if the job is cancelled
 */
export async function runCheck(inputs: Inputs, context: CheckContext, runner: Runner): Promise<boolean> {
  const { dingtalk, oss, retryOptions } = context
  const evidence = await gatherEvidence(inputs, {
    dingtalk,
    oss,
    source: runner.job().source,
    signal: retryOptions.signal,
  })
  const findings = judge(inputs, evidence, dingtalk.clockAhead)
  const folded = findings.filter(({ verdict }) => verdict === 'holds' || verdict === 'unneeded')
  if (folded.length > 0) runner.group(foldedTitle(findings), folded.map(foldedLine))
  const outdated = evidence.outdated?.value?.files.map(asDeleted) ?? []
  if (outdated.length > 0) runner.group(outdatedHeading(outdated), outdated.map(deletedLine))
  if (evidence.outdated?.value?.isComplete === false) runner.info(NOT_ALL_SEEN)
  for (const line of findings.flatMap(openLines)) runner.info(line)
  runner.info(checkTotal(findings))
  for (const [name, value] of Object.entries(outputs([], runner.language))) runner.output(name, value)
  const told = tellFindings(findings, inputs.appKey)
  for (const failure of told) runner.error(failureMessage(failure), failureDetails(failure.details))
  await writeSummary(runner, checkSummary(findings, inputs.appKey, runner.language, outdated))
  return told.length === 0
}
