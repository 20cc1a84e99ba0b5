import type { LocalFile } from '../files/local-file.ts'
import { sizeOf, type FileResult } from '../result.ts'
import { formatSize } from '../text/size.ts'
import { counted, seconds } from './quantities.ts'

/** The title over the files that were found. */
export function filesHeading(files: readonly LocalFile[]): string {
  const size = files.reduce((sum, file) => sum + file.size, 0)
  return `${counted(files.length, 'file')} to upload, ${formatSize(size)}`
}

export function foundLine({ path, name, size }: LocalFile): string {
  const renamed = path.slice(path.lastIndexOf('/') + 1) === name ? '' : ` as ${name}`
  return `${path} (${formatSize(size)})${renamed}`
}

/** The line of the log for a file that is done. */
export function fileLine(result: FileResult): string {
  const { file, uploaded, sentTo, failures, duration } = result
  if (!uploaded) return `✗ ${file.path}: failed`
  const chats = sentTo.filter(({ kind }) => kind === 'chat').length
  const told = [
    chats && counted(chats, 'chat'),
    chats < sentTo.length && counted(sentTo.length - chats, 'user'),
  ]
  const sent = sentTo.length > 0 ? `, sent to ${told.filter(Boolean).join(' and ')}` : ''
  const name = uploaded.dentry.name === file.name ? '' : ` as ${uploaded.dentry.name}`
  const how = uploaded.existing
    ? 'was there already'
    : uploaded.fromEarlierAttempt
      ? `uploaded by an earlier attempt${name}`
      : `uploaded${name}`
  const mark = failures.length > 0 ? '!' : '✓'
  const size = sizeOf(result)
  return `${mark} ${file.path}${size === undefined ? '' : ` (${formatSize(size)})`}: ${how}${sent}, ${seconds(duration)}, dentry ${uploaded.dentry.id}`
}

/**
 * What became of them all, in one line: for the log and the summary.
 *
 * @param elapsed ms
 */
export function total(reports: readonly FileResult[], elapsed: number): string {
  const there = reports.filter(({ uploaded }) => uploaded)
  const messages = reports.reduce((sum, { sentTo }) => sum + sentTo.length, 0)
  const existing = there.filter(({ uploaded }) => uploaded?.existing)
  const size = there
    .filter((report) => !existing.includes(report))
    .reduce((sum, { file }) => sum + file.size, 0)
  const count = there.length - existing.length
  const uploaded = `${count} of ${counted(reports.length, 'file')} uploaded`
  const speed = `${formatSize(size)} in ${seconds(elapsed)}`
  const found = `${existing.length} already there`
  return [
    uploaded,
    existing.length > 0 && found,
    count > 0 && speed,
    messages > 0 && `${counted(messages, 'message')} sent`,
  ]
    .filter(Boolean)
    .join(', ')
}
