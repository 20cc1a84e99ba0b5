import { OPERATIONS } from '../dingtalk/operations.ts'
import type { DeletedFile, StepCall } from '../domain.ts'
import type { Runner } from '../github/runner.ts'
import { joined, type Text, verbatim } from '../http/text.ts'
import type { Inputs } from '../inputs/inputs.ts'
import {
  detailsMarkdown,
  detailsOf,
  failureDetails,
  failureMarkdown,
  failureMessage,
  type Diagnosis,
  withCodes,
} from '../report/failures.ts'
import { permissionHint } from '../report/hints.ts'
import { deletedLine, outdatedHeading } from '../report/log.ts'
import { outputs, writeSummary } from '../report/report.ts'
import { fold, heading, label, runFiles } from '../report/summary.ts'
import { asDeleted, NOT_ALL_SEEN, retentionCalls } from '../retention/keep-last.ts'
import { chatCalls, sendCalls } from '../send/announcer.ts'
import { messageCalls } from '../send/message.ts'
import { inFull, type Language } from '../text/language.ts'
import { markdownText } from '../text/plain-text.ts'
import { counted } from '../text/quantities.ts'
import { uploadCalls } from '../upload/uploader.ts'
import { type CheckTools, gatherEvidence } from './evidence.ts'
import { type Finding, judge } from './findings.ts'

/** How much of the job summary (bytes) the files that would be deleted may take. */
const MAX_OUTDATED = 512 * 1024

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  passed: '✅',
  failed: '❌',
  open: '⚠️',
  unneeded: '➖',
  unchecked: '⚪',
}

/**
 * Checks everything that a job with these inputs needs, and reports each problem once; what passed is folded away. Uploads
 * nothing and sends nothing.
 *
 * @returns whether nothing that the job needs is missing
 * @throws the signal's reason if the job is canceled
 */
export async function runCheck(inputs: Inputs, tools: CheckTools, runner: Runner): Promise<boolean> {
  const stepCalls = callsOf(inputs)
  const evidence = await gatherEvidence(inputs, stepCalls, tools)
  const findings = runner.redacted(judge(inputs, stepCalls, evidence, tools.dingtalk.clockAhead))
  const outdated = runner.redacted(evidence.results.batchRemove?.value)
  const folded = findings.filter(isFolded)
  if (folded.length > 0) runner.group(foldedTitle(findings), folded.map(findingLine))
  const deleted = outdated?.files.map(asDeleted) ?? []
  if (deleted.length > 0) runner.group(outdatedHeading(deleted), deleted.map(deletedLine))
  if (outdated?.isComplete === false) runner.info(NOT_ALL_SEEN)
  for (const line of findings.flatMap((finding) => openLines(finding, runner.language))) runner.info(line)
  const { en, zh } = checkTitle(findings)
  runner.info({ en: `${en}. Nothing was uploaded or sent.`, zh: `${zh}。未上传文件，未发送消息。` })
  for (const [name, value] of Object.entries(outputs([], runner.language))) runner.output(name, value)
  const failures = failuresIn(findings, inputs.appKey)
  for (const failure of failures)
    runner.error(failureMessage(failure), failureDetails(failure.details, runner.language))
  await writeSummary(runner, checkSummary(findings, inputs.appKey, runner.language, deleted))
  return failures.length === 0
}

/** The calls of every step that a job with these inputs has. For a message without files, only those that it makes. */
export function callsOf(inputs: Inputs): StepCall[] {
  const { robot, chats, folder, folderPath, keepDirectories, keepLast } = inputs
  const calls = folder
    ? [
        ...uploadCalls(inputs, folderPath !== '' || keepDirectories),
        ...sendCalls(inputs),
        ...messageCalls(inputs),
        ...retentionCalls(folder, keepLast),
      ]
    : [...(robot?.kind === 'app' ? chatCalls(chats) : []), ...messageCalls(inputs)].filter(
        ({ kind }) => kind !== 'unused',
      )
  // What needs a permission needs a token.
  const needsToken = calls.some(({ operation }) => 'scope' in OPERATIONS[operation])
  return needsToken ? [{ operation: 'accessToken', kind: 'required' }, ...calls] : calls
}

function isFolded({ verdict }: Finding): boolean {
  return verdict === 'passed' || verdict === 'unneeded'
}

function findingLine({ requirement, verdict, seen }: Finding): Text {
  const mark = MARKS[verdict]
  return { en: `${mark} ${requirement.en}: ${seen.en}`, zh: `${mark} ${requirement.zh}：${seen.zh}` }
}

/** The title above what is folded away. */
function foldedTitle(findings: readonly Finding[]): Text {
  const count = findings.filter(({ verdict }) => verdict === 'passed').length
  return { en: `${counted(count, 'check')} passed`, zh: `${count} 项通过` }
}

/** The lines of the log for what is unknown or only recommended; none for the others. */
function openLines(finding: Finding, language: Language): Text[] {
  if (finding.verdict !== 'open') return []
  const { hint, error } = finding
  const line = withCodes(findingLine(finding), detailsOf(error, hint))
  if (!hint) return [line]
  const details = failureDetails({ links: hint.links ?? [], codes: [] }, language)
    .split('\n')
    .filter(Boolean)
  return [
    line,
    { en: `   → ${hint.fix.en}`, zh: `   → ${hint.fix.zh}` },
    ...details.map((link) => verbatim(`     ${link}`)),
  ]
}

/** What failed, as a job would report it: all missing permissions as one failure, then the rest. */
export function failuresIn(findings: readonly Finding[], appKey: string): Diagnosis[] {
  const failed = findings.filter(({ verdict }) => verdict === 'failed')
  const failures = failed
    .filter(({ scope }) => scope === undefined)
    .map(({ requirement, seen, hint, error }) => ({
      cause: { en: `${requirement.en}: ${seen.en}`, zh: `${requirement.zh}：${seen.zh}` },
      problems: [],
      consequences: [],
      fix: hint?.fix,
      details: detailsOf(error, hint),
    }))
  const first = failed.find(({ scope }) => scope !== undefined)
  if (!first) return failures
  const scopes = failed.flatMap(({ scope }) => scope ?? [])
  const hint = permissionHint(scopes, appKey)
  const { links, codes } = detailsOf(first.error, hint)
  // The links name them.
  const cause = {
    en: `The app is missing ${counted(scopes.length, 'permission')}.`,
    zh: `应用缺少 ${scopes.length} 项权限。`,
  }
  return [{ cause, problems: [], consequences: [], fix: hint.fix, details: { links, codes } }, ...failures]
}

/** What all findings come to, in one line. */
function checkTitle(findings: readonly Finding[]): Text {
  const count = (wanted: Finding['verdict']) => findings.filter(({ verdict }) => verdict === wanted).length
  const [failed, passed, open, unchecked] = [
    count('failed'),
    count('passed'),
    count('open'),
    count('unchecked'),
  ]
  const en = [
    failed > 0 && `${failed} failed`,
    `${passed} passed`,
    open > 0 && `${open} to review`,
    unchecked > 0 && `${unchecked} not checked`,
  ]
  const zh = [
    failed > 0 && `${failed} 项未通过`,
    `${passed} 项通过`,
    open > 0 && `${open} 项待确认`,
    unchecked > 0 && `其余 ${unchecked} 项未检查`,
  ]
  return {
    en: `DingTalk check: ${en.filter(Boolean).join(', ')}`,
    zh: `钉钉检查：${zh.filter(Boolean).join('，')}`,
  }
}

/**
 * The job summary of a check, in Markdown: what is not right, then the rest, folded away.
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
  const open = findings.filter(({ verdict }) => verdict === 'open')
  const items = findings
    .filter(isFolded)
    .map(
      ({ requirement, verdict, seen }) =>
        `- ${MARKS[verdict]} ${requirementLabel(requirement, language)}<br>${label(seen, language)}`,
    )
  const parts = [
    heading(failures.length > 0 ? '❌' : '✅', checkTitle(findings), language),
    ...failures.map((failure) => failureMarkdown(failure, language)),
    ...open.map((finding) => openMarkdown(finding, language)),
    ...(items.length > 0 ? [fold(foldedTitle(findings), [items.join('\n')], language)] : []),
    ...(outdated.length > 0 ? [runFiles(outdatedHeading(outdated), outdated, MAX_OUTDATED, language)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** A requirement. What is the same in both languages, such as the name of a permission, is shown once. */
function requirementLabel({ en, zh }: Text, language: Language): string {
  const [word = ''] = en.split(' ')
  const isShared = word !== en && zh.endsWith(en.slice(word.length))
  return language === 'both' && isShared ? markdownText(`${word} / ${zh}`) : label({ en, zh }, language)
}

function openMarkdown(finding: Finding, language: Language): string {
  const { requirement, verdict, seen, hint, error } = finding
  const { links, codes } = detailsOf(error, hint)
  const title = `${MARKS[verdict]} **${requirementLabel(requirement, language)}**`
  const text = inFull(hint ? joined(seen, hint.fix) : seen, language).map(markdownText)
  return [title, ...text, detailsMarkdown({ links, codes }, language)].filter(Boolean).join('  \n')
}
