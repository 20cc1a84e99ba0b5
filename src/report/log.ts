import { isInDoubt } from '../dingtalk/errors.ts'
import {
  type DeletedFile,
  type Failure,
  failuresOf,
  type FileResult,
  type Report,
  type SentTo,
  sizeOf,
  type Uploaded,
} from '../domain.ts'
import { InputError } from '../errors.ts'
import type { LocalFile } from '../files/local-file.ts'
import { seconds, type Text } from '../http/text.ts'
import { counted } from '../text/quantities.ts'
import { formatSize } from '../text/size.ts'

/** The title over the files that were found. */
export function filesHeading(files: readonly LocalFile[]): Text {
  const size = formatSize(files.reduce((sum, file) => sum + file.size, 0))
  return {
    en: `${counted(files.length, 'file')} to upload, ${size}`,
    zh: `待上传 ${files.length} 个文件，共 ${size}`,
  }
}

export function foundLine({ path, name, size }: LocalFile): Text {
  const isRenamed = path.slice(path.lastIndexOf('/') + 1) !== name
  return {
    en: `${path} (${formatSize(size)})${isRenamed ? ` as ${name}` : ''}`,
    zh: `${path}（${formatSize(size)}）${isRenamed ? `，上传为 ${name}` : ''}`,
  }
}

/** The title over the files of earlier runs that were deleted. */
export function deletedHeading(deleted: readonly DeletedFile[]): Text {
  const runs = new Set(deleted.map(({ run }) => run)).size
  return {
    en: `Deleted ${counted(deleted.length, 'file')} from ${counted(runs, 'earlier run')}`,
    zh: `已删除更早的 ${runs} 次运行上传的 ${deleted.length} 个文件`,
  }
}

/** The title over the files that `keep-last` would delete. */
export function outdatedHeading(files: readonly DeletedFile[]): Text {
  const runs = new Set(files.map(({ run }) => run)).size
  return {
    en: `keep-last would delete ${counted(files.length, 'file')} from ${counted(runs, 'earlier run')}`,
    zh: `keep-last 将删除更早的 ${runs} 次运行上传的 ${files.length} 个文件`,
  }
}

export function deletedLine({ name, run, id }: DeletedFile): Text {
  return { en: `${name} (run ${run}), file ID ${id}`, zh: `${name}（运行 ${run}），文件 ID ${id}` }
}

/** The line of the log for a file that is done. */
export function fileLine(result: FileResult): Text {
  const { file, uploaded, sentTo, failures, duration } = result
  if (!uploaded) return { en: `✗ ${file.path}: failed`, zh: `✗ ${file.path}：失败` }
  const mark = failures.length > 0 ? '!' : '✓'
  const how = howUploaded(uploaded, file.name)
  const to = recipients(sentTo)
  const [bytes, time] = [sizeOf(result), `${seconds(duration)} s`]
  const size: Text =
    bytes === undefined
      ? { en: '', zh: '' }
      : { en: ` (${formatSize(bytes)})`, zh: `（${formatSize(bytes)}）` }
  const { id } = uploaded.dentry
  const region: Text = uploaded.region
    ? { en: `, region ${uploaded.region}`, zh: `，地域 ${uploaded.region}` }
    : { en: '', zh: '' }
  return {
    en: `${mark} ${file.path}${size.en}: ${how.en}${to ? `, sent to ${to.en}` : ''}, ${time}${region.en}, file ID ${id}`,
    zh: `${mark} ${file.path}${size.zh}：${how.zh}${to ? `，已发送到 ${to.zh}` : ''}，${time}${region.zh}，文件 ID ${id}`,
  }
}

function howUploaded({ existing, fromEarlierAttempt, dentry: { name } }: Uploaded, wanted: string): Text {
  if (existing) return { en: 'already exists', zh: '已存在' }
  const as = name === wanted ? { en: '', zh: '' } : { en: ` as ${name}`, zh: `，名称为 ${name}` }
  return fromEarlierAttempt
    ? { en: `uploaded by an earlier attempt${as.en}`, zh: `此前的运行尝试已上传${as.zh}` }
    : { en: `uploaded${as.en}`, zh: `已上传${as.zh}` }
}

/** The result of the job, in one line. */
export function totalLine(report: Report): Text {
  const told = headline(report)
  const size = uploadedSize(report)
  const mark = failuresOf(report).length > 0 ? '✗' : '✓'
  if (size === 0) return { en: `${mark} ${told.en}`, zh: `${mark} ${told.zh}` }
  const speed = `${formatSize(size)}, ${seconds(report.elapsed)} s`
  return { en: `${mark} ${told.en} (${speed})`, zh: `${mark} ${told.zh}（${speed}）` }
}

/** How much was uploaded, in bytes. */
export function uploadedSize({ files }: Report): number {
  return files.reduce((sum, { file, uploaded }) => sum + (uploaded && !uploaded.existing ? file.size : 0), 0)
}

/** What happened, in one line that is true for partial failure too: the title of the job summary. */
export function headline(report: Report): Text {
  const { files, message } = report
  const failures = failuresOf(report)
  if (files.length === 0 && (message || failures.some(({ stage }) => stage === 'message')))
    return posted(message?.to.length ?? 0, failures)
  if (files.every(({ uploaded, failures }) => !uploaded && failures.length === 0)) {
    if (failures.length === 0) return { en: 'There were no files to upload', zh: '没有需要上传的文件' }
    return failures.every(({ error }) => error instanceof InputError)
      ? { en: 'Invalid inputs: nothing was uploaded or posted', zh: '输入有误：未上传文件，也未发送消息' }
      : { en: 'Nothing was uploaded', zh: '未上传任何文件' }
  }
  const base = [uploads(files)]
  const problems = unsent(report)
  if (problems.length === 0) {
    const to = recipients(files.flatMap(({ sentTo }) => sentTo))
    if (to) base.push({ en: ` and sent to ${to.en}`, zh: `，已发送到 ${to.zh}` })
  }
  if (failures.some(({ stage }) => stage === 'retention'))
    problems.push({ en: 'keep-last not completed', zh: ' keep-last 未完成' })
  const [en, zh] = [base.map(({ en }) => en).join(''), base.map(({ zh }) => zh).join('')]
  if (problems.length === 0) return { en, zh }
  const but = listed(problems)
  return { en: `${en}, but ${but.en}`, zh: `${zh}，但${but.zh.replace(/^\d/, ' $&')}` }
}

/** The result of a message without files. @param groups how many have it */
function posted(groups: number, failures: readonly Failure[]): Text {
  const open = failures.filter(({ error }) => isInDoubt(error)).length
  const lost = failures.length - open
  const { en, zh } = listed([
    ...(groups > 0 ? [{ en: `posted to ${counted(groups, 'group')}`, zh: `已发送到 ${groups} 个群` }] : []),
    ...(lost > 0 ? [{ en: `not posted to ${counted(lost, 'group')}`, zh: `未发送到 ${lost} 个群` }] : []),
    ...(open > 0
      ? [{ en: `not confirmed in ${counted(open, 'group')}`, zh: `无法确认是否已发送到 ${open} 个群` }]
      : []),
  ])
  return { en: `Message ${en}`, zh: `消息${zh}` }
}

function listed(parts: readonly Text[]): Text {
  return { en: parts.map(({ en }) => en).join(', '), zh: parts.map(({ zh }) => zh).join('，') }
}

/** How many files are in DingTalk. */
function uploads(files: readonly FileResult[]): Text {
  const all = files.length
  const existing = files.filter(({ uploaded }) => uploaded?.existing).length
  const made = files.filter(({ uploaded }) => uploaded).length - existing
  const open = files.filter(
    ({ uploaded, failures }) => !uploaded && failures.some(({ error }) => isInDoubt(error)),
  ).length
  if (existing === all)
    return { en: `${counted(all, 'file')} already in DingTalk`, zh: `${all} 个文件已在钉钉中` }
  const base: Text =
    made + existing === all
      ? { en: `${counted(made, 'file')} uploaded to DingTalk`, zh: `已上传 ${made} 个文件` }
      : { en: `${made} of ${counted(all, 'file')} uploaded`, zh: `${all} 个文件中已上传 ${made} 个` }
  const there: Text =
    existing > 0 ? { en: `, ${existing} already there`, zh: `，${existing} 个已存在` } : NOTHING
  const unknown: Text = open > 0 ? { en: `, ${open} not confirmed`, zh: `，${open} 个未确认` } : NOTHING
  return { en: base.en + there.en + unknown.en, zh: base.zh + there.zh + unknown.zh }
}

const NOTHING: Text = { en: '', zh: '' }

/** How many messages about uploaded files did not get there, or may not have. */
function unsent({ files, message, failures }: Report): Text[] {
  const due = files.filter(({ uploaded }) => uploaded?.isNew)
  const messages = [
    // A recipient that was not found misses every file.
    ...failures.filter(({ stage }) => stage === 'send').flatMap((failure) => due.map(() => failure)),
    ...files.flatMap((file) => file.failures.filter(({ stage }) => stage === 'send')),
    ...failures.filter(({ stage }) => stage === 'message'),
    ...(message?.failures ?? []),
  ]
  const open = messages.filter(({ error }) => isInDoubt(error)).length
  const lost = messages.length - open
  return [
    ...(lost > 0 ? [{ en: `${counted(lost, 'message')} not sent`, zh: `${lost} 条消息发送失败` }] : []),
    ...(open > 0 ? [{ en: `${counted(open, 'message')} not confirmed`, zh: `${open} 条消息未确认` }] : []),
  ]
}

/** How many groups and users there are, each counted once; undefined if there are none. */
export function recipients(sentTo: readonly SentTo[]): Text | undefined {
  const count = (wanted: SentTo['kind']) =>
    new Set(sentTo.flatMap(({ kind, id }) => (kind === wanted ? id : []))).size
  const [chats, users] = [count('chat'), count('user')]
  const parts: Text[] = [
    ...(chats > 0 ? [{ en: counted(chats, 'group'), zh: `${chats} 个群` }] : []),
    ...(users > 0 ? [{ en: counted(users, 'user'), zh: `${users} 个用户` }] : []),
  ]
  if (parts.length === 0) return undefined
  return { en: parts.map(({ en }) => en).join(' and '), zh: parts.map(({ zh }) => zh).join('和') }
}
