import type { WorkflowRun } from '../github/runner.ts'
import type { Failure, FileResult } from '../result.ts'
import { markdownText } from '../text/plain-text.ts'
import { formatSize } from '../text/size.ts'
import { failureMarkdown } from './failures.ts'
import { total } from './log-lines.ts'
import { counted, seconds } from './quantities.ts'

/** The largest summary that is written, in bytes: GitHub takes 1 MiB, and drops a larger one whole. */
const MAX_SIZE = 1024 ** 2 - 4096
/** Of that, the most that failures may take, so that there is room for files. */
const MAX_FAILURES = MAX_SIZE / 2

/** The job summary, in Markdown: failures first, then a row a file, then totals. What does not fit is counted. */
export function summary(
  reports: readonly FileResult[],
  failures: readonly Failure[],
  elapsed: number,
  run: WorkflowRun | undefined,
  appKey?: string,
): string {
  const parts = [`## ${failures.length > 0 ? '❌' : '✅'} DingTalk: ${total(reports, elapsed)}`]
  const told = fitting(failures, (failure) => failureMarkdown(failure, appKey), MAX_FAILURES)
  parts.push(...told)
  if (told.length < failures.length)
    parts.push(`… and ${counted(failures.length - told.length, 'more failure')}, see the log`)
  if (reports.length > 0) {
    const rows = fitting(reports, row, MAX_SIZE - Buffer.byteLength(parts.join('\n\n')))
    if (rows.length > 0)
      parts.push(
        [
          '| File | Size | Duration | Speed | Sent to | MD5 |',
          '| :-- | --: | --: | --: | :-- | :-- |',
          ...rows,
        ].join('\n'),
      )
    if (rows.length < reports.length)
      parts.push(`… and ${counted(reports.length - rows.length, 'more file')}`)
  }
  if (run) {
    const commit = run.commit ? `, commit ${markdownText(run.commit.slice(0, 7))}` : ''
    parts.push(`[${markdownText(run.workflow)} run ${run.number}](${encodeURI(run.url)})${commit}`)
  }
  return `${parts.join('\n\n')}\n`
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

function row({ file, uploaded, sentTo, failures, duration }: FileResult): string {
  const name = markdownText(uploaded?.dentry.name ?? file.name)
  const cells = uploaded
    ? [
        `${failures.length > 0 ? '⚠️ ' : ''}[${name}](${uploaded.url})${uploaded.existing ? ' (was there)' : ''}`,
        unbroken(formatSize(uploaded.dentry.size ?? file.size)),
        unbroken(seconds(duration)),
        uploaded.existing ? '' : unbroken(`${formatSize(file.size / Math.max(duration / 1000, 0.001))}/s`),
        sentTo.map(({ id }) => markdownText(id)).join('<br>'),
        uploaded.md5 === undefined ? '' : `<code>${uploaded.md5}</code>`,
      ]
    : [`❌ ${name}`, unbroken(formatSize(file.size)), '', '', '', '']
  return `| ${cells.join(' | ')} |`
}

/** A number that stays with its unit. */
function unbroken(quantity: string): string {
  return quantity.replace(' ', '&nbsp;')
}
