import {
  type DeletedFile,
  failuresOf,
  type FileResult,
  type PostedMessage,
  type Report,
  shownName,
} from '../domain.ts'
import type { WorkflowRun } from '../github/runner.ts'
import { seconds, type Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { markdownText } from '../text/plain-text.ts'
import { formatSize } from '../text/size.ts'
import { failureMarkdown, type Told } from './failures.ts'
import { deletedHeading, headline, uploadedSize } from './log.ts'

/** The largest summary that is written, in bytes: GitHub takes 1 MiB, and drops a larger one whole. */
const MAX_SIZE = 1024 ** 2 - 4096
/** Of that, the most that failures may take, so that there is room for files. */
const MAX_FAILURES = MAX_SIZE / 2

/**
 * The job summary, in Markdown: what happened, what failed, File and Size. Everything else is folded away, so that it
 * reads on a phone. What does not fit is counted.
 *
 * @param told what failed, by cause
 */
export function summary(
  report: Report,
  told: readonly Told[],
  run: WorkflowRun | undefined,
  language: Language,
): string {
  const { files, message, deleted } = report
  const parts = [heading(failuresOf(report).length > 0 ? '❌' : '✅', headline(report), language)]
  const quotes = fitting(told, (failure) => failureMarkdown(failure, language), MAX_FAILURES)
  parts.push(...quotes, ...leftOut(told.length - quotes.length, MORE_FAILURES, language))
  if (message && files.length === 0) parts.push(messageMarkdown(message, language))
  const left = () => MAX_SIZE - Buffer.byteLength(parts.join('\n\n'))
  const rows = fitting(files, (file) => row(file, language), left())
  if (rows.length > 0)
    parts.push(
      [`| ${label(FILE, language)} | ${label(SIZE, language)} |`, '| :-- | --: |', ...rows].join('\n'),
    )
  parts.push(...leftOut(files.length - rows.length, MORE_FILES, language))
  const uploaded = files.filter(({ uploaded }) => uploaded)
  const items = fitting(uploaded, (file) => item(file, language), left() - 4096)
  const folded = [items.join('\n'), about(report, run, language)].filter(Boolean)
  if (folded.length > 0) parts.push(fold(DETAILS, folded, language))
  if (deleted.length > 0) parts.push(runFiles(deletedHeading(deleted), deleted, left() - 4096, language))
  return `${parts.join('\n\n')}\n`
}

const FILE: Text = { en: 'File', zh: '文件' }
const SIZE: Text = { en: 'Size', zh: '大小' }
const DETAILS: Text = { en: 'Details', zh: '详情' }
const SENT_TO: Text = { en: 'Sent to', zh: '已发送到' }
const RUN: Text = { en: 'Run', zh: '运行' }
const COMMIT: Text = { en: 'Commit', zh: '提交' }
const TOTAL: Text = { en: 'Total', zh: '合计' }
const EXISTS: Text = { en: 'already exists', zh: '已存在' }
const MORE_FILES = (count: number): Text => ({
  en: `… and ${count} more files`,
  zh: `…… 另有 ${count} 个文件`,
})
const MORE_FAILURES = (count: number): Text => ({
  en: `… and ${count} more failures, see the log`,
  zh: `…… 另有 ${count} 项失败，详见日志`,
})

/** The title of a summary. */
export function heading(mark: string, text: Text, language: Language): string {
  return `## ${mark} ${label(text, language)}`
}

/** A title or the head of a column: the one place where both languages stand on one line. */
export function label(text: Text, language: Language): string {
  return inFull(text, language).map(markdownText).join(' / ')
}

/** Paragraphs that are folded away below their title. */
export function fold(title: Text, paragraphs: readonly string[], language: Language): string {
  return [`<details><summary>${label(title, language)}</summary>`, ...paragraphs, '</details>'].join('\n\n')
}

function leftOut(count: number, text: (count: number) => Text, language: Language): string[] {
  return count > 0 ? [label(text(count), language)] : []
}

/** Files of earlier runs, folded away. @param size bytes */
export function runFiles(
  title: Text,
  files: readonly Pick<DeletedFile, 'name' | 'run'>[],
  size: number,
  language: Language,
): string {
  const item = ({ name, run }: Pick<DeletedFile, 'name' | 'run'>) =>
    `- ${markdownText(name)} · ${label(RUN, language)} ${run}`
  const items = fitting(files, item, size)
  const more = leftOut(files.length - items.length, MORE_FILES, language)
  return fold(title, [items.join('\n'), ...more].filter(Boolean), language)
}

/** The texts of the first items that fit together, each whole. @param size bytes */
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
  const { file, uploaded, failures } = result
  const size = formatSize(uploaded?.dentry.size ?? file.size).replace(' ', '&nbsp;')
  const name = markdownText(shownName(result))
  if (!uploaded) return `| ❌ ${name} | ${size} |`
  const exists = uploaded.existing ? ` (${label(EXISTS, language)})` : ''
  return `| ${failures.length > 0 ? '⚠️ ' : ''}[${name}](${uploaded.url})${exists} | ${size} |`
}

/** What else is known of a file. */
function item(result: FileResult, language: Language): string {
  const { file, uploaded, sentTo, duration } = result
  const speed = `${formatSize(file.size / Math.max(duration / 1000, 0.001))}/s`
  const facts = [
    `${seconds(duration)} s`,
    uploaded?.existing ? '' : speed,
    uploaded?.region ? markdownText(uploaded.region) : '',
    uploaded?.md5 === undefined ? '' : `MD5 <code>${uploaded.md5}</code>`,
    sentTo.length === 0
      ? ''
      : `${label(SENT_TO, language)} ${sentTo.map(({ given }) => markdownText(given)).join(', ')}`,
  ]
  return `- ${markdownText(shownName(result))}<br>${facts.filter(Boolean).join(' · ')}`
}

/** What was posted, and where. */
function messageMarkdown({ title, to }: PostedMessage, language: Language): string {
  const groups = to.map((where) => label(where, language)).join(', ')
  return [markdownText(title), groups && `${label(SENT_TO, language)}: ${groups}`]
    .filter(Boolean)
    .join('<br>')
}

/** The job as a whole, and its run. */
function about(report: Report, run: WorkflowRun | undefined, language: Language): string {
  if (report.files.length === 0 && !report.message) return ''
  const size = uploadedSize(report)
  const total = `${label(TOTAL, language)}: ${formatSize(size)}, ${seconds(report.elapsed)} s`
  const facts = size === 0 ? [] : [total]
  if (run) {
    facts.push(
      `${label(RUN, language)}: [${markdownText(`${run.workflow} ${run.number}`)}](${encodeURI(run.url)})`,
    )
    if (run.commit) facts.push(`${label(COMMIT, language)}: ${markdownText(run.commit.slice(0, 7))}`)
  }
  return facts.join(' · ')
}
