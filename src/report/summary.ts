import { type DeletedFile, failuresOf, type FileResult, type Report, shownName } from '../domain.ts'
import type { WorkflowRun } from '../github/runner.ts'
import { seconds, type Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { markdownText } from '../text/plain-text.ts'
import { formatSize } from '../text/size.ts'
import { type Diagnosis, failureMarkdown } from './failures.ts'
import { deletedHeading, headline, uploadedSize } from './log.ts'

/** The maximum size of a summary, in bytes. GitHub drops summaries of more than 1 MiB. */
const MAX_SIZE = 1024 ** 2 - 4096
/** The maximum size of failures in a summary, in bytes. Leaves room for files. */
const MAX_FAILURES = MAX_SIZE / 2

/** The word joiner prevents a line break between the characters. */
const SIZE: Text = { en: 'Size', zh: '大\u2060小' }
const SENT_TO: Text = { en: 'Sent to', zh: '已发送到' }
const RUN: Text = { en: 'Run', zh: '运行' }
const FAILURES: Text = { en: 'failures, see the log', zh: '项失败，详见日志' }
const FILES: Text = { en: 'files', zh: '个文件' }

/**
 * The job summary, in Markdown, for narrow screens: the result, failures, and the names and sizes of files. Everything else is in
 * a collapsed section. Entries that don't fit are counted.
 */
export function summary(
  report: Report,
  diagnoses: readonly Diagnosis[],
  run: WorkflowRun | undefined,
  language: Language,
): string {
  const { files, message, deleted } = report
  const parts = [heading(failuresOf(report).length > 0 ? '❌' : '✅', headline(report), language)]
  const quotes = fitting(diagnoses, (failure) => failureMarkdown(failure, language), MAX_FAILURES)
  parts.push(...quotes, ...more(diagnoses.length - quotes.length, FAILURES, language))
  if (message && files.length === 0) {
    const groups = message.to.map(({ name }) => label(name, language)).join(', ')
    const lines = [markdownText(message.title), groups && `${label(SENT_TO, language)}: ${groups}`]
    parts.push(lines.filter(Boolean).join('<br>'))
  }
  const left = () => MAX_SIZE - Buffer.byteLength(parts.join('\n\n'))
  const rows = fitting(files, (file) => row(file, language), left())
  if (rows.length > 0) {
    const file = label({ en: 'File', zh: '文件' }, language)
    const size = label(SIZE, language).replaceAll(' ', '&nbsp;')
    parts.push([`| ${file} | ${size} |`, '| :-- | --: |', ...rows].join('\n'))
  }
  parts.push(...more(files.length - rows.length, FILES, language))
  const uploaded = files.filter(({ uploaded }) => uploaded)
  const items = fitting(uploaded, (file) => item(file, language), left() - 4096)
  const folded = [items.join('\n'), about(report, run, language)].filter(Boolean)
  if (folded.length > 0) parts.push(fold({ en: 'Details', zh: '详情' }, folded, language))
  if (deleted.length > 0) parts.push(runFiles(deletedHeading(deleted), deleted, left() - 4096, language))
  return `${parts.join('\n\n')}\n`
}

export function heading(sign: string, text: Text, language: Language): string {
  return `## ${sign} ${label(text, language)}`
}

/** A title, with both languages on one line. */
export function label(text: Text, language: Language): string {
  return inFull(text, language).map(markdownText).join(' / ')
}

/** A collapsed section. */
export function fold(title: Text, paragraphs: readonly string[], language: Language): string {
  return [`<details><summary>${label(title, language)}</summary>`, ...paragraphs, '</details>'].join('\n\n')
}

function more(count: number, { en, zh }: Text, language: Language): string[] {
  return count > 0 ? [label({ en: `… and ${count} more ${en}`, zh: `…… 另有 ${count} ${zh}` }, language)] : []
}

/** Files of earlier runs, in a collapsed section. @param size in bytes */
export function runFiles(
  title: Text,
  files: readonly Pick<DeletedFile, 'name' | 'run'>[],
  size: number,
  language: Language,
): string {
  const item = ({ name, run }: Pick<DeletedFile, 'name' | 'run'>) =>
    `- ${markdownText(name)} · ${label(RUN, language)} ${run}`
  const items = fitting(files, item, size)
  const others = more(files.length - items.length, FILES, language)
  return fold(title, [items.join('\n'), ...others].filter(Boolean), language)
}

/** The texts of as many items as fit. @param size in bytes */
function fitting<T>(items: readonly T[], write: (item: T) => string, size: number): string[] {
  const texts: string[] = []
  let left = size
  for (const item of items) {
    const text = write(item)
    left -= Buffer.byteLength(text) + 2
    if (left < 0) break
    texts.push(text)
  }
  return texts
}

function row(result: FileResult, language: Language): string {
  const { file, uploaded, failures, warnings = [] } = result
  const size = formatSize(uploaded?.dentry.size ?? file.size).replace(' ', '&nbsp;')
  const name = markdownText(shownName(result))
  if (!uploaded) return `| ❌ ${name} | ${size} |`
  const exists = uploaded.existing ? ` (${label({ en: 'already exists', zh: '已存在' }, language)})` : ''
  const sign = failures.length + warnings.length > 0 ? '⚠️ ' : ''
  return `| ${sign}[${name}](${uploaded.url})${exists} | ${size} |`
}

function item(result: FileResult, language: Language): string {
  const { file, uploaded, sentTo, duration } = result
  const to = sentTo.map(({ given }) => markdownText(given)).join(', ')
  const facts = [
    `${seconds(duration)} s`,
    uploaded?.existing ? '' : `${formatSize(file.size / Math.max(duration / 1000, 0.001))}/s`,
    markdownText(uploaded?.region ?? ''),
    uploaded?.md5 === undefined ? '' : `MD5 <code>${uploaded.md5}</code>`,
    to && `${label(SENT_TO, language)} ${to}`,
  ]
  return `- ${markdownText(shownName(result))}<br>${facts.filter(Boolean).join(' · ')}`
}

function about(report: Report, run: WorkflowRun | undefined, language: Language): string {
  if (report.files.length === 0 && !report.message) return ''
  const size = uploadedSize(report)
  const total = label({ en: 'Total', zh: '合计' }, language)
  const facts = size === undefined ? [] : [`${total}: ${formatSize(size)}, ${seconds(report.elapsed)} s`]
  if (run) {
    const name = markdownText(`${run.workflow} ${run.number}`)
    facts.push(`${label(RUN, language)}: ${run.url ? `[${name}](${encodeURI(run.url)})` : name}`)
    const commit = label({ en: 'Commit', zh: '提交' }, language)
    if (run.commit) facts.push(`${commit}: ${markdownText(run.commit.slice(0, 7))}`)
  }
  return facts.join(' · ')
}
