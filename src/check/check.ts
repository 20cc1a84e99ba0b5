import type { DingTalk } from '../dingtalk/client.ts'
import type { Oss } from '../dingtalk/oss.ts'
import type { RetryOptions } from '../dingtalk/transport/retry.ts'
import type { Runner } from '../github/runner.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { outputs } from '../report/outputs.ts'
import { writeSummary } from '../report/report.ts'
import { gatherEvidence } from './evidence.ts'
import { checkFailure, checkSummary, checkTotal, findingLines } from './finding.ts'
import { judge } from './judge.ts'

/** The client, as a check uses it. */
export interface CheckContext {
  readonly dingtalk: DingTalk
  readonly oss: Oss
  readonly retryOptions: RetryOptions
}

/**
 * Tries out everything that an upload with these inputs needs, and reports it. Uploads nothing and sends nothing.
 *
 * @returns whether nothing that an upload needs is missing
 * @throws the signal's reason if the job is cancelled
 */
export async function runCheck(inputs: Inputs, context: CheckContext, runner: Runner): Promise<boolean> {
  const { dingtalk, oss, retryOptions } = context
  const evidence = await gatherEvidence(inputs, { dingtalk, oss, signal: retryOptions.signal })
  const findings = judge(inputs, evidence, dingtalk.clockAhead)
  for (const line of findings.flatMap(findingLines)) runner.info(line)
  runner.info(checkTotal(findings))
  for (const [name, value] of Object.entries(outputs([]))) runner.output(name, value)
  await writeSummary(runner, checkSummary(findings))
  const passed = findings.every(({ verdict }) => verdict !== 'fails')
  if (!passed) runner.error(checkFailure(findings))
  return passed
}
