import { describe, hintFor } from './diagnosis.ts'
import type { LocalFile } from '../files/local-file.ts'
import { logLine, markdownText } from '../text/plain-text.ts'
import type { WorkflowRun } from '../github/runner.ts'
import { formatSize } from '../text/size.ts'
import type { Uploaded } from '../upload/upload.ts'
import { InputError } from '../errors.ts'

/** GitHub takes a summary of 1 MiB; a row has some 400 bytes. */
const MAX_ROWS = 1000

/** Something that was asked for and did not happen. */
export interface Failure {
  /** As it begins the message: "app.apk was not uploaded". */
  what: string
  error: unknown
}

/** What became of one file. */
export interface FileReport {
  file: LocalFile
  uploaded?: Uploaded
  /** Open conversation ids. */
  sentTo: string[]
  failures: Failure[]
  /** From the upload info to the commit, in ms. */
  duration: number
}

/** What many have met, by one and the same answer, is told once: of the first of them. */
export function merged(failures: readonly Failure[]): Failure[] {
  return [...Map.groupBy(failures, ({ error }) => error).values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ?? []
    const more = `and ${others.length} more for the same reason / 另有 ${others.length} 项原因相同`
    return { what: `${first.what} (${more})`, error: first.error }
  })
}

/** A failure in full: what happened, where, the platform's words, what to do; English, then Chinese. */
export function failureText(failure: Failure, appKey?: string): string {
  // Line by line only where the lines are ours: a name with a line break in it must not look like our advice.
  const said = failure.error instanceof InputError ? failureLine(failure) : logLine(failureLine(failure))
  return [said, ...advice(failure, appKey)].join('\n')
}

/** The same for the job summary. */
function failureMarkdown(failure: Failure, appKey?: string): string {
  const { what, error } = failure
  const said =
    error instanceof InputError
      ? [what, ...error.problems].map((text) => `> ${markdownText(text)}`)
      : [`> **${markdownText(failureLine(failure))}**`]
  return [...said, ...advice(failure, appKey).map((line) => `> ${linked(line)}`)].join('  \n')
}

function advice({ error }: Failure, appKey?: string): string[] {
  const hint = hintFor(error, appKey)
  return hint ? [`→ ${hint.en}`, `→ ${hint.zh}`] : []
}

/** The title over the files that were found. */
export function found(files: readonly LocalFile[]): string {
  const size = files.reduce((sum, file) => sum + file.size, 0)
  return `${counted(files.length, 'file')} to upload, ${formatSize(size)}`
}

export function foundLine({ path, name, size }: LocalFile): string {
  const renamed = path.endsWith(name) ? '' : ` as ${name}`
  return `${path} (${formatSize(size)})${renamed}`
}

/** The line of the log for a file that is done. */
export function fileLine({ file, uploaded, sentTo, failures, duration }: FileReport): string {
  if (!uploaded) return `✗ ${file.path}: failed`
  const chats = sentTo.filter((id) => id.startsWith('cid')).length
  const told = [
    chats && counted(chats, 'chat'),
    chats < sentTo.length && counted(sentTo.length - chats, 'user'),
  ]
  const sent = sentTo.length > 0 ? `, sent to ${told.filter(Boolean).join(' and ')}` : ''
  const name = uploaded.dentry.name === file.name ? '' : ` as ${uploaded.dentry.name}`
  const how = uploaded.existing ? 'was there already' : `uploaded${name}`
  const mark = failures.length > 0 ? '!' : '✓'
  return `${mark} ${file.path} (${formatSize(file.size)}): ${how}${sent}, ${seconds(duration)}, dentry ${uploaded.dentry.id}`
}

/** The outputs of the step, by name. They tell what got there, also when the step fails. */
export function outputs(reports: readonly FileReport[]): Readonly<Record<string, string>> {
  const there = reports.flatMap(({ uploaded }) => uploaded ?? [])
  return {
    'dentry-id': there[0]?.dentry.id ?? '',
    'dentry-ids': there.map(({ dentry }) => dentry.id).join('\n'),
    url: there[0]?.url ?? '',
    files: JSON.stringify(reports.map(fileOutput)),
    'uploaded-count': String(there.length),
  }
}

function fileOutput({ file, uploaded, sentTo, failures }: FileReport) {
  return {
    path: file.path,
    name: uploaded?.dentry.name ?? file.name,
    size: file.size,
    md5: uploaded?.md5,
    dentryId: uploaded?.dentry.id,
    dentryUuid: uploaded?.dentry.uuid,
    spaceId: uploaded?.dentry.spaceId,
    parentId: uploaded?.dentry.parentId,
    url: uploaded?.url,
    sentTo,
    status: uploaded ? (uploaded.existing ? 'existing' : 'uploaded') : 'failed',
    ...(uploaded && failures.length === 0
      ? {}
      : { error: failures.map(failureLine).join('; ') || 'not tried' }),
  }
}

function failureLine({ what, error }: Failure): string {
  return `${what}: ${describe(error)}`
}

/** The job summary, in Markdown: failures first, then a row a file, then totals. */
export function summary(
  reports: readonly FileReport[],
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

function row({ file, uploaded, sentTo, failures, duration }: FileReport): string {
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

/**
 * What became of them all, in one line: for the log and the summary.
 *
 * @param elapsed ms
 */
export function total(reports: readonly FileReport[], elapsed: number): string {
  const there = reports.filter(({ uploaded }) => uploaded)
  const size = there.reduce((sum, { file }) => sum + file.size, 0)
  const messages = reports.reduce((sum, { sentTo }) => sum + sentTo.length, 0)
  const uploaded = `${there.length} of ${counted(reports.length, 'file')} uploaded`
  const speed = `${formatSize(size)} in ${seconds(elapsed)}`
  return [uploaded, there.length > 0 && speed, messages > 0 && `${counted(messages, 'message')} sent`]
    .filter(Boolean)
    .join(', ')
}

/** A hint of ours, whose links stay links. */
export function linked(hint: string): string {
  return hint
    .split(/(https:\/\/[\w./#?=%-]+)/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : markdownText(part)))
    .join('')
}

/** A number that stays with its unit. */
function unbroken(quantity: string): string {
  return quantity.replace(' ', '&nbsp;')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
