import type { DingTalk } from '../dingtalk/client.ts'
import type { Oss } from '../dingtalk/oss.ts'
import type { Runner } from '../github/runner.ts'
import type { Environment } from '../http/environment.ts'
import type { Inputs, MessageInputs, UploadInputs } from '../inputs/inputs.ts'
import { failureDetails, failureMessage } from '../report/failures.ts'
import { deletedLine, outdatedHeading } from '../report/log.ts'
import { outputs, writeSummary } from '../report/report.ts'
import { asDeleted, NOT_ALL_SEEN, type Outdated } from '../retention/keep-last.ts'
import { gatherEvidence, gatherMessageEvidence } from './evidence.ts'
import {
  checkSummary,
  checkTotal,
  type Finding,
  foldedLine,
  foldedTitle,
  openLines,
  tellFindings,
} from './finding.ts'
import { judge, judgeMessage } from './judge.ts'

/** The client, as a check uses it. */
export interface CheckContext {
  readonly dingtalk: DingTalk
  readonly oss: Oss
  readonly environment: Environment
}

/**
 * Tries out everything that an upload with these inputs needs, or a message without files, and reports it: what is all right is folded away, and
 * nothing is told twice. Uploads nothing and sends nothing.
 *
 * @returns whether nothing that an upload needs is missing
 * @throws the signal's reason if the job is cancelled
 */
export async function runCheck(inputs: Inputs, context: CheckContext, runner: Runner): Promise<boolean> {
  const { findings, outdated } = inputs.folder
    ? await checkUpload(inputs, context, runner)
    : { findings: await checkMessage(inputs, context), outdated: undefined }
  const folded = findings.filter(({ verdict }) => verdict === 'holds' || verdict === 'unneeded')
  if (folded.length > 0) runner.group(foldedTitle(findings), folded.map(foldedLine))
  const deleted = outdated?.files.map(asDeleted) ?? []
  if (deleted.length > 0) runner.group(outdatedHeading(deleted), deleted.map(deletedLine))
  if (outdated?.isComplete === false) runner.info(NOT_ALL_SEEN)
  for (const line of findings.flatMap(openLines)) runner.info(line)
  runner.info(checkTotal(findings))
  for (const [name, value] of Object.entries(outputs([], runner.language))) runner.output(name, value)
  const told = tellFindings(findings, inputs.appKey)
  for (const failure of told) runner.error(failureMessage(failure), failureDetails(failure.details))
  await writeSummary(runner, checkSummary(findings, inputs.appKey, runner.language, deleted))
  return told.length === 0
}

async function checkUpload(
  inputs: UploadInputs,
  { dingtalk, oss, environment: { signal } }: CheckContext,
  runner: Runner,
): Promise<{ findings: Finding[]; outdated: Outdated | undefined }> {
  const evidence = await gatherEvidence(inputs, { dingtalk, oss, source: runner.job().source, signal })
  return { findings: judge(inputs, evidence, dingtalk.clockAhead), outdated: evidence.outdated?.value }
}

async function checkMessage(
  inputs: MessageInputs,
  { dingtalk, environment: { signal } }: CheckContext,
): Promise<Finding[]> {
  const isByApp = inputs.robot?.kind === 'app'
  const evidence = isByApp ? await gatherMessageEvidence(inputs, { dingtalk, signal }) : undefined
  return judgeMessage(inputs, evidence, dingtalk.clockAhead)
}
