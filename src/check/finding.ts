import type { DeletedFile } from '../domain.ts'
import type { Text } from '../http/text.ts'
import type { Hint } from '../report/advice.ts'
import { causeOf, detailsOf, failureMarkdown, linked, type Told, withCodes } from '../report/failures.ts'
import { permissionHint } from '../report/hints.ts'
import { outdatedHeading } from '../report/log.ts'
import { fold, heading, label, runFiles } from '../report/summary.ts'
import { inFull, type Language } from '../text/language.ts'
import { markdownText } from '../text/plain-text.ts'
import { counted } from '../text/quantities.ts'

/** What a check found out about one requirement. */
export interface Finding {
  /** What is required, as the user knows it. */
  readonly requirement: Text
  /**
   * - `holds`: seen to be so
   * - `fails`: seen not to be so, and what the inputs ask for needs it
   * - `open`: could not be known, or is only recommended
   * - `unneeded`: is not so, and nothing that the inputs ask for needs it
   * - `unchecked`: not looked at, because something else fails; told as a number
   */
  readonly verdict: 'holds' | 'fails' | 'open' | 'unneeded' | 'unchecked'
  /** What was seen, in a sentence. */
  readonly seen: Text
  /** What to do about it. */
  readonly hint?: Hint | undefined
  /** What the platform answered, if that is what was seen. */
  readonly error?: unknown
  /** The permission that is missing, if that is what fails. */
  readonly scope?: string | undefined
}

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  holds: '✅',
  fails: '❌',
  open: '⚠️',
  unneeded: '➖',
  unchecked: '⚪',
}

/** The line for what is all right. */
export function foldedLine({ requirement, verdict, seen }: Finding): Text {
  const mark = MARKS[verdict]
  return { en: `${mark} ${requirement.en}: ${seen.en}`, zh: `${mark} ${requirement.zh}：${seen.zh}` }
}

/** The title above those lines. */
export function foldedTitle(findings: readonly Finding[]): Text {
  const count = counts(findings).holds
  return { en: `${counted(count, 'check')} passed`, zh: `${count} 项通过` }
}

/** The lines of the log for what could not be known or is only recommended; none for the others. */
export function openLines(finding: Finding): Text[] {
  if (finding.verdict !== 'open') return []
  const { hint, error } = finding
  const { en, zh } = foldedLine(finding)
  const link = hint?.link === undefined ? '' : ` ${hint.link}`
  const line = withCodes({ en, zh }, detailsOf(error, hint))
  return [line, ...(hint ? [{ en: `   → ${hint.fix.en}${link}`, zh: `   → ${hint.fix.zh}${link}` }] : [])]
}

/** What fails, as an upload would tell it. Permissions that are missing are told together. */
export function tellFindings(findings: readonly Finding[], appKey: string): Told[] {
  const failing = findings.filter(({ verdict }) => verdict === 'fails')
  const scopes = failing.flatMap(({ scope }) => scope ?? [])
  const permissions = failing.find(({ scope }) => scope !== undefined)
  const told = failing.filter(({ scope }) => scope === undefined).map(tellFinding)
  if (!permissions) return told
  const hint = permissionHint(scopes, appKey)
  const { codes } = detailsOf(permissions.error, hint)
  const cause = causeOf(undefined, hint)
  return [
    {
      cause: hint.cause ?? cause,
      problems: [],
      consequences: [],
      fix: hint.fix,
      details: { link: hint.link, codes },
    },
    ...told,
  ]
}

function tellFinding({ requirement, seen, hint, error }: Finding): Told {
  return {
    cause: { en: `${requirement.en}: ${seen.en}`, zh: `${requirement.zh}：${seen.zh}` },
    problems: [],
    consequences: [],
    fix: hint?.fix,
    details: detailsOf(error, hint),
  }
}

/** What all findings come to, in one line. */
export function checkTotal(findings: readonly Finding[]): Text {
  const { en, zh } = checkTitle(findings)
  return { en: `${en}. Nothing was uploaded or sent.`, zh: `${zh}。未上传文件，未发送消息。` }
}

function checkTitle(findings: readonly Finding[]): Text {
  const { holds, fails, open, unchecked } = counts(findings)
  const en = [
    fails > 0 && `${fails} failed`,
    `${holds} passed`,
    open > 0 && `${open} to review`,
    unchecked > 0 && `${unchecked} not checked`,
  ]
  const zh = [
    fails > 0 && `${fails} 项未通过`,
    `${holds} 项通过`,
    open > 0 && `${open} 项待确认`,
    unchecked > 0 && `其余 ${unchecked} 项未检查`,
  ]
  return {
    en: `DingTalk check: ${en.filter(Boolean).join(', ')}`,
    zh: `钉钉检查：${zh.filter(Boolean).join('，')}`,
  }
}

function counts(findings: readonly Finding[]): Record<Finding['verdict'], number> {
  const count = (wanted: Finding['verdict']) => findings.filter(({ verdict }) => verdict === wanted).length
  return {
    holds: count('holds'),
    fails: count('fails'),
    open: count('open'),
    unneeded: count('unneeded'),
    unchecked: count('unchecked'),
  }
}

/** How much of the job summary (bytes) the files that would be deleted may take. */
const MAX_OUTDATED = 512 * 1024

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
  const told = tellFindings(findings, appKey)
  const open = findings.filter(({ verdict }) => verdict === 'open')
  const folded = findings.filter(({ verdict }) => verdict === 'holds' || verdict === 'unneeded')
  const heads = `| ${label({ en: 'Check', zh: '检查项' }, language)} | ${label({ en: 'Result', zh: '结果' }, language)} |`
  const rows = folded.map(({ requirement, verdict, seen }) => {
    const cells = [requirement, seen].map((text) => inFull(text, language).map(markdownText).join('<br>'))
    return `| ${MARKS[verdict]} ${cells.join(' | ')} |`
  })
  const parts = [
    heading(told.length > 0 ? '❌' : '✅', checkTitle(findings), language),
    ...told.map((failure) => failureMarkdown(failure, language)),
    ...open.map((finding) => openMarkdown(finding, language)),
    ...(rows.length > 0
      ? [fold(foldedTitle(findings), [[heads, '| :-- | :-- |', ...rows].join('\n')], language)]
      : []),
    ...(outdated.length > 0 ? [runFiles(outdatedHeading(outdated), outdated, MAX_OUTDATED, language)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

function openMarkdown(finding: Finding, language: Language): string {
  const { hint, error } = finding
  const { codes } = detailsOf(error, hint)
  const line = foldedLine(finding)
  const en = [markdownText(line.en), hint ? linked(hint.fix.en) : ''].filter(Boolean).join(' ')
  const zh = [markdownText(line.zh), hint ? linked(hint.fix.zh) : ''].join('')
  const details = [hint?.link ? linked(hint.link) : '', ...codes.map(markdownText)]
    .filter(Boolean)
    .join(' · ')
  return [...inFull({ en, zh }, language), details].filter(Boolean).join('  \n')
}
