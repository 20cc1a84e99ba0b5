import { hintLines, linked } from '../report/failures.ts'
import type { Hint } from '../report/hint.ts'
import { logLine, markdownText } from '../text/plain-text.ts'

/** What a checkup found out about one requirement. */
export interface Finding {
  /** What is required, as the user knows it: English, with the Chinese beside it. */
  readonly requirement: string
  /**
   * - `holds`: seen to be so
   * - `fails`: seen not to be so, and what the inputs ask for needs it
   * - `open`: could not be known, or is only advisable
   * - `unneeded`: is not so, and nothing that the inputs ask for needs it
   */
  readonly verdict: 'holds' | 'fails' | 'open' | 'unneeded'
  /** What was seen. */
  readonly seen: string
  /** What to do about it. */
  readonly hint?: Hint | undefined
}

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  holds: '✅',
  fails: '❌',
  open: '⚠️',
  unneeded: '➖',
}

/** The lines of the log for a finding; what to do about a failure is told by {@link checkFailure}, below them. */
export function findingLines(finding: Finding): string[] {
  return finding.verdict === 'open' ? withHint(finding) : [line(finding)]
}

function withHint(finding: Finding): string[] {
  return [line(finding), ...hintLines(finding.hint).map((text) => logLine(`   ${text}`))]
}

function line({ requirement, verdict, seen }: Finding): string {
  return logLine(`${MARKS[verdict]} ${requirement}: ${seen}`)
}

/** The job summary of a checkup, in Markdown: what fails, with what to do, then a row a requirement. */
export function checkSummary(findings: readonly Finding[]): string {
  const failing = findings.filter(({ verdict }) => verdict === 'fails')
  const failures = failing.map(({ requirement, seen, hint }) => {
    const lines = [`**${markdownText(requirement)}**: ${markdownText(seen)}`, ...hintLines(hint).map(linked)]
    return lines.map((text) => `> ${text}`).join('  \n')
  })
  const rows = findings.map(({ requirement, verdict, seen, hint }) => {
    const told = verdict === 'fails' ? ['see above'] : [markdownText(seen), ...hintLines(hint).map(linked)]
    return `| ${MARKS[verdict]} | ${markdownText(requirement)} | ${told.join('<br>')} |`
  })
  const title = `## ${failing.length > 0 ? '❌' : '✅'} DingTalk check: ${checkTotal(findings)}`
  const table = ['| | Requirement | Seen |', '| :-: | :-- | :-- |', ...rows].join('\n')
  return `${[title, ...failures, table].join('\n\n')}\n`
}

/** What all findings come to, in one line. */
export function checkTotal(findings: readonly Finding[]): string {
  const count = (...verdicts: Finding['verdict'][]) =>
    findings.filter(({ verdict }) => verdicts.includes(verdict)).length
  const all = count('holds', 'fails', 'open')
  const en = [
    `${count('holds')} of ${all} requirements hold`,
    count('fails') > 0 && `${count('fails')} fail`,
    count('open') > 0 && `${count('open')} to note`,
  ]
  const zh = [
    `共 ${all} 项，满足 ${count('holds')} 项`,
    count('fails') > 0 && `未满足 ${count('fails')} 项`,
    count('open') > 0 && `待确认 ${count('open')} 项`,
  ]
  return `${en.filter(Boolean).join(', ')}; nothing was uploaded or sent / ${zh.filter(Boolean).join('，')}；未上传，未发送`
}

/** The error of a checkup in which something fails: all of it, each with what to do. */
export function checkFailure(findings: readonly Finding[]): string {
  const failing = findings.filter(({ verdict }) => verdict === 'fails')
  const title = `${failing.length} of what this workflow needs is missing or wrong / 缺少或有误：${failing.length} 项`
  const open = findings.filter(({ verdict }) => verdict === 'open').map(({ requirement }) => requirement)
  const rest = open.length > 0 ? [logLine(`⚠️ not known, or advisable / 未知或建议: ${open.join('; ')}`)] : []
  return [title, ...failing.flatMap(withHint), ...rest].join('\n')
}
