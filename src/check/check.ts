import { OPERATIONS } from '../dingtalk/operations.ts'
import type { DeletedFile, StepCall } from '../domain.ts'
import type { Runner } from '../github/runner.ts'
import { type Text, verbatim } from '../http/text.ts'
import type { Inputs } from '../inputs/inputs.ts'
import {
  type Diagnosis,
  detailsOf,
  failureDetails,
  failureMarkdown,
  failureMessage,
  withCodes,
} from '../report/failures.ts'
import { permissionHint } from '../report/hints.ts'
import { deletedLine, outdatedHeading } from '../report/log.ts'
import { outputs, writeSummary } from '../report/report.ts'
import { fold, heading, label, runFiles } from '../report/summary.ts'
import { asDeleted, NOT_ALL_SEEN, retentionCalls } from '../retention/keep-last.ts'
import { chatCalls, sendCalls } from '../send/announcer.ts'
import { messageCalls } from '../send/message.ts'
import type { Language } from '../text/language.ts'
import { counted } from '../text/quantities.ts'
import { uploadCalls } from '../upload/uploader.ts'
import { type CheckTools, gatherEvidence } from './evidence.ts'
import { type Finding, judge } from './findings.ts'

/** How much of the job summary (bytes) the files that would be deleted may take. */
const MAX_OUTDATED = 512 * 1024

/**
 * Checks the credentials, permissions, IDs, and hosts that a job with these inputs needs. Uploads and sends nothing.
 *
 * @returns whether every check passed that the job depends on
 * @throws the signal's reason if the job is canceled
 */
export async function runCheck(inputs: Inputs, tools: CheckTools, runner: Runner): Promise<boolean> {
  const { language } = runner
  const evidence = await gatherEvidence(inputs, callsOf(inputs), tools)
  const findings = runner.redacted(judge(inputs, evidence))
  const outdated = runner.redacted(evidence.outdated?.value)
  const passed = findings.filter(({ verdict }) => verdict === 'passed')
  if (passed.length > 0)
    runner.group(
      passedTitle(passed),
      passed.map((finding) => diagnosisOf(finding, '✅ ').cause),
    )
  const deleted = outdated?.files.map(asDeleted) ?? []
  if (deleted.length > 0) runner.group(outdatedHeading(deleted), deleted.map(deletedLine))
  if (outdated?.isComplete === false) runner.info(NOT_ALL_SEEN)
  for (const line of openIn(findings).flatMap((open) => openLines(open, language))) runner.info(line)
  const { en, zh } = checkTitle(findings)
  runner.info({ en: `${en}. Nothing was uploaded or sent.`, zh: `${zh}。未上传文件，未发送消息。` })
  for (const [name, value] of Object.entries(outputs([], language))) runner.output(name, value)
  const failures = failuresIn(findings, inputs.appKey)
  for (const failure of failures)
    runner.error(failureMessage(failure), failureDetails(failure.details, language))
  await writeSummary(runner, checkSummary(findings, inputs.appKey, language, deleted))
  return failures.length === 0
}

/** The calls of every step that a job with these inputs has. */
export function callsOf(inputs: Inputs): StepCall[] {
  const { robot, chats, folder, folderPath, keepDirectories, keepLast } = inputs
  const calls = folder
    ? [
        ...uploadCalls(inputs, folderPath !== '' || keepDirectories),
        ...sendCalls(inputs),
        ...messageCalls(inputs),
        ...retentionCalls(folder, keepLast),
      ]
    : [...(robot?.kind === 'app' ? chatCalls(chats) : []), ...messageCalls(inputs)]
  // What needs a permission needs a token.
  const needsToken = calls.some(({ operation }) => OPERATIONS[operation].scope !== '')
  return needsToken ? [{ operation: 'accessToken', kind: 'required' }, ...calls] : calls
}

function passedTitle({ length }: readonly Finding[]): Text {
  return { en: `${counted(length, 'check')} passed`, zh: `${length} 项通过` }
}

function diagnosisOf({ requirement, seen, hint, error }: Finding, mark = ''): Diagnosis {
  return {
    cause: {
      en: `${mark}${requirement.en}: ${seen.en}`,
      zh: `${mark}${requirement.zh}：${seen.zh}`,
    },
    items: [],
    fix: hint?.fix,
    details: detailsOf(error, hint),
  }
}

function openIn(findings: readonly Finding[]): Diagnosis[] {
  return findings.filter(({ verdict }) => verdict === 'open').map((finding) => diagnosisOf(finding, '⚠️ '))
}

/** The lines of the log for a requirement that could not be checked or is only recommended. */
function openLines({ cause, fix, details }: Diagnosis, language: Language): Text[] {
  const links = failureDetails({ links: details.links, codes: [] }, language).split('\n').filter(Boolean)
  return [
    withCodes(cause, details),
    ...(fix ? [{ en: `   → ${fix.en}`, zh: `   → ${fix.zh}` }] : []),
    ...links.map((link) => verbatim(`     ${link}`)),
  ]
}

/** What failed, as a job would report it: all missing permissions as one failure, then the others. */
export function failuresIn(findings: readonly Finding[], appKey: string): Diagnosis[] {
  const failed = findings.filter(({ verdict }) => verdict === 'failed')
  const failures = failed.filter(({ scope }) => scope === undefined).map((finding) => diagnosisOf(finding))
  const scopes = failed.flatMap(({ scope }) => scope ?? [])
  if (scopes.length === 0) return failures
  const hint = permissionHint(scopes, appKey)
  const { links, codes } = detailsOf(failed.find(({ scope }) => scope)?.error, hint)
  // The links name the permissions.
  const cause = {
    en: `The app is missing ${counted(scopes.length, 'permission')}.`,
    zh: `应用缺少 ${scopes.length} 项权限。`,
  }
  return [{ cause, items: [], fix: hint.fix, details: { links, codes } }, ...failures]
}

/** How many findings there are with each verdict. */
function checkTitle(findings: readonly Finding[]): Text {
  const counts = (
    [
      ['failed', 'failed', '项未通过'],
      ['passed', 'passed', '项通过'],
      ['open', 'to review', '项待确认'],
      ['unchecked', 'not checked', '项未检查'],
    ] as const
  ).flatMap(([wanted, en, zh]) => {
    const count = findings.filter(({ verdict }) => verdict === wanted).length
    return count > 0 ? { en: `${count} ${en}`, zh: `${count} ${zh}` } : []
  })
  return {
    en: `DingTalk check: ${counts.map(({ en }) => en).join(', ')}`,
    zh: `钉钉检查：${counts.map(({ zh }) => zh).join('，')}`,
  }
}

/**
 * The job summary of a check, in Markdown: what needs attention, then the rest in a collapsed section.
 *
 * @param outdated what `keep-last` would delete
 */
export function checkSummary(
  findings: readonly Finding[],
  appKey: string,
  language: Language,
  outdated: readonly DeletedFile[] = [],
): string {
  const failures = failuresIn(findings, appKey)
  const passed = findings.filter(({ verdict }) => verdict === 'passed')
  const items = passed.map(
    ({ requirement, seen }) => `- ✅ ${label(requirement, language)}<br>${label(seen, language)}`,
  )
  const parts = [
    heading(failures.length > 0 ? '❌' : '✅', checkTitle(findings), language),
    ...[...failures, ...openIn(findings)].map((diagnosis) => failureMarkdown(diagnosis, language)),
    ...(items.length > 0 ? [fold(passedTitle(passed), [items.join('\n')], language)] : []),
    ...(outdated.length > 0 ? [runFiles(outdatedHeading(outdated), outdated, MAX_OUTDATED, language)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}
