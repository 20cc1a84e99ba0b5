import type { WorkflowRun } from '../github/runner.ts'
import type { Failure, FileResult } from '../result.ts'
import { markdownText } from '../text/plain-text.ts'
import { formatSize } from '../text/size.ts'
import { failureMarkdown } from './failures.ts'
import { total } from './log-lines.ts'
import { counted, seconds } from './quantities.ts'

/** GitHub takes a summary of 1 MiB; a row has some 400 bytes. */
const MAX_ROWS = 1000

/** The job summary, in Markdown: failures first, then a row a file, then totals. */
export function summary(
  reports: readonly FileResult[],
  failures: readonly Failure[],
  elapsed: number,
  run: WorkflowRun | undefined,
  appKey?: string,
): string {
  const parts = [`## ${failures.length > 0 ? '❌' : '✅'} DingTalk: ${total(reports, elapsed)}`]
  parts.push(...failures.map((failure) => failureMarkdown(failure, appKey)))
  if (reports.length > 0) {
    parts.push(
      [
        '| File | Size | Duration | Speed | Sent to | MD5 |',
        '| :-- | --: | --: | --: | :-- | :-- |',
        ...reports.slice(0, MAX_ROWS).map(row),
      ].join('\n'),
    )
    if (reports.length > MAX_ROWS) parts.push(`… and ${counted(reports.length - MAX_ROWS, 'more file')}`)
  }
  if (run) {
    const commit = run.commit ? `, commit ${markdownText(run.commit.slice(0, 7))}` : ''
    parts.push(`[${markdownText(run.workflow)} run ${run.number}](${encodeURI(run.url)})${commit}`)
  }
  return `${parts.join('\n\n')}\n`
}

function row({ file, uploaded, sentTo, failures, duration }: FileResult): string {
  const name = markdownText(uploaded?.dentry.name ?? file.name)
  const cells = uploaded
    ? [
        `${failures.length > 0 ? '⚠️ ' : ''}[${name}](${uploaded.url})${uploaded.existing ? ' (was there)' : ''}`,
        unbroken(formatSize(file.size)),
        unbroken(seconds(duration)),
        uploaded.existing ? '' : unbroken(`${formatSize(file.size / Math.max(duration / 1000, 0.001))}/s`),
        sentTo.map(markdownText).join('<br>'),
        `<code>${uploaded.md5}</code>`,
      ]
    : [`❌ ${name}`, unbroken(formatSize(file.size)), '', '', '', '']
  return `| ${cells.join(' | ')} |`
}

/** A number that stays with its unit. */
function unbroken(quantity: string): string {
  return quantity.replace(' ', '&nbsp;')
}
