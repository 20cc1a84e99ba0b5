import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import {
  type DeletedFile,
  type Failure,
  failuresOf,
  type FileResult,
  type PostedMessage,
  type Report,
  type SentTo,
  sizeOf,
} from '../domain.ts'
import { Cancelled, InputError } from '../errors.ts'
import type { LocalFile } from '../files/local-file.ts'
import { seconds, type Text, verbatim } from '../http/text.ts'
import { counted } from '../text/quantities.ts'
import { formatSize } from '../text/size.ts'

const EMPTY: Text = { en: '', zh: '' }

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

/** The title of the list of deleted files. */
export function deletedHeading(files: readonly DeletedFile[]): Text {
  const gone = files.filter(({ inDoubt }) => !inDoubt)
  const [runs, open] = [runsOf(gone), files.length - gone.length]
  return joinedBy([
    ...when(gone.length, {
      en: `Deleted ${counted(gone.length, 'file')} from ${counted(runs, 'earlier run')}`,
      zh: `已删除之前 ${runs} 次运行上传的 ${gone.length} 个文件`,
    }),
    ...when(open, {
      en: `${counted(open, 'file')} of earlier runs may or may not have been deleted`,
      zh: `无法确认以往运行上传的 ${open} 个文件是否已删除`,
    }),
  ])
}

export function outdatedHeading(files: readonly DeletedFile[]): Text {
  const [count, runs] = [files.length, runsOf(files)]
  return {
    en: `keep-last would delete ${counted(count, 'file')} from ${counted(runs, 'earlier run')}`,
    zh: `keep-last 将删除之前 ${runs} 次运行上传的 ${count} 个文件`,
  }
}

const runsOf = (files: readonly DeletedFile[]) => new Set(files.map(({ run }) => run)).size

export function deletedLine({ name, run, id, inDoubt }: DeletedFile): Text {
  const open: Text = inDoubt ? { en: ', not confirmed', zh: '，未确认' } : EMPTY
  return {
    en: `${name} (run ${run}), file ID ${id}${open.en}`,
    zh: `${name}（运行 ${run}），文件 ID ${id}${open.zh}`,
  }
}

/** The line of the log for a finished file. */
export function fileLine(result: FileResult): Text {
  const { file, uploaded, sentTo, failures, warnings = [], duration } = result
  if (!uploaded)
    return failures.some(({ error }) => isInDoubt(error))
      ? { en: `✗ ${file.path}: may or may not have been uploaded`, zh: `✗ ${file.path}：无法确认是否已上传` }
      : { en: `✗ ${file.path}: failed`, zh: `✗ ${file.path}：失败` }
  const { existing, fromEarlierAttempt, region, dentry } = uploaded
  const sign = failures.length + warnings.length > 0 ? '!' : '✓'
  const size = sizeOf(result)
  const how: Text = existing
    ? { en: 'already exists', zh: '已存在' }
    : fromEarlierAttempt
      ? { en: 'uploaded by an earlier attempt', zh: '重新运行之前已上传' }
      : { en: 'uploaded', zh: '已上传' }
  const isRenamed = !existing && dentry.name !== file.name
  const to = recipients(sentTo)
  return joinedBy([
    {
      en: `${sign} ${file.path}${size === undefined ? '' : ` (${formatSize(size)})`}: ${how.en}${isRenamed ? ` as ${dentry.name}` : ''}`,
      zh: `${sign} ${file.path}${size === undefined ? '' : `（${formatSize(size)}）`}：${how.zh}${isRenamed ? `，名称为 ${dentry.name}` : ''}`,
    },
    ...when(to, { en: `sent to ${to?.en ?? ''}`, zh: `已发送到 ${to?.zh ?? ''}` }),
    verbatim(`${seconds(duration)} s`),
    ...when(region, { en: `region ${region ?? ''}`, zh: `地域 ${region ?? ''}` }),
    { en: `file ID ${dentry.id}`, zh: `文件 ID ${dentry.id}` },
  ])
}

/** The result of the job, in one line. */
export function totalLine(report: Report): Text {
  const { en, zh } = headline(report)
  const sign = failuresOf(report).length > 0 ? '✗' : '✓'
  const size = uploadedSize(report)
  const speed = `${formatSize(size ?? 0)}, ${seconds(report.elapsed)} s`
  const facts: Text = size === undefined ? EMPTY : { en: ` (${speed})`, zh: `（${speed}）` }
  const isToNoOne = report.sendTo?.length === 0 && !report.message && size !== undefined
  const unsent: Text = isToNoOne
    ? {
        en: '. Nothing was sent, because chat-id and to-user-ids are empty',
        zh: '。由于 chat-id 和 to-user-ids 为空，没有发送给任何人',
      }
    : EMPTY
  return { en: `${sign} ${en}${facts.en}${unsent.en}`, zh: `${sign} ${zh}${facts.zh}${unsent.zh}` }
}

/** The uploaded bytes; undefined if no file was uploaded. */
export function uploadedSize({ files }: Report): number | undefined {
  const uploaded = files.filter(({ uploaded }) => uploaded && !uploaded.existing)
  return uploaded.length === 0 ? undefined : uploaded.reduce((sum, { file }) => sum + file.size, 0)
}

/** The result of the job in one line, also of a partial failure: the title of the job summary. */
export function headline(report: Report): Text {
  const { en, zh } = outcome(report)
  if (!failuresOf(report).some(({ error }) => isCancelled(error)))
    return { en: en.charAt(0).toUpperCase() + en.slice(1), zh }
  const done = { en: en.charAt(0).toLowerCase() + en.slice(1), zh }
  return { en: `Canceled: ${done.en}`, zh: `已取消：${done.zh}` }
}

function outcome(report: Report): Text {
  const { files, message } = report
  const failures = failuresOf(report)
  if (files.length === 0 && (message || failures.some(({ stage }) => stage === 'message'))) {
    const unposted = notPosted(report)
    const to = recipients(message?.to ?? [])
    const what = contentsOf(message)
    return unposted.length > 0 || !to
      ? joinedBy(unposted)
      : { en: `${what.en} posted to ${to.en}`, zh: `${what.zh}已发送到 ${to.zh}` }
  }
  if (files.every(({ uploaded, failures }) => !uploaded && failures.length === 0)) {
    if (failures.length === 0) return { en: 'There were no files to upload', zh: '没有需要上传的文件' }
    return failures.every(({ stage, error }) => stage !== 'files' && error instanceof InputError)
      ? { en: 'Invalid inputs: nothing was uploaded or posted', zh: '输入有误：未上传文件，也未发送消息' }
      : { en: 'Nothing was uploaded', zh: '未上传任何文件' }
  }
  const { en, zh } = uploads(files)
  const missed = [...notSent(report), ...notPosted(report)]
  const isEnded = failures.some(({ stage }) => stage === 'retention')
  const but = joinedBy([
    ...missed,
    ...when(isEnded, { en: 'keep-last not completed', zh: ' keep-last 未完成' }),
  ])
  const to = missed.length === 0 ? recipients(files.flatMap(({ sentTo }) => sentTo)) : undefined
  // Existing files were not sent, so "and" must not connect them with the recipients.
  const and: Text = { en: en.includes(',') ? '; sent to ' : ' and sent to ', zh: '，已发送到 ' }
  const sent = to ? { en: and.en + to.en, zh: and.zh + to.zh } : EMPTY
  const except = but.en ? { en: `, but ${but.en}`, zh: `，但${but.zh.replace(/^\d/, ' $&')}` } : EMPTY
  return { en: en + sent.en + except.en, zh: zh + sent.zh + except.zh }
}

function uploads(files: readonly FileResult[]): Text {
  const all = files.length
  const existing = files.filter(({ uploaded }) => uploaded?.existing).length
  const made = files.filter(({ uploaded }) => uploaded).length - existing
  const open = files.filter(
    ({ uploaded, failures }) => !uploaded && failures.some(({ error }) => isInDoubt(error)),
  ).length
  if (existing === all)
    return { en: `${counted(all, 'file')} already in DingTalk`, zh: `${all} 个文件已在钉钉中` }
  return joinedBy([
    made + existing === all
      ? { en: `${counted(made, 'file')} uploaded to DingTalk`, zh: `已上传 ${made} 个文件` }
      : { en: `${made} of ${counted(all, 'file')} uploaded`, zh: `${all} 个文件中已上传 ${made} 个` },
    ...when(existing, { en: `${existing} already there`, zh: `${existing} 个已存在` }),
    ...when(open, { en: `${open} not confirmed`, zh: `${open} 个未确认` }),
  ])
}

/** How many groups and users did not get all files. */
function notSent({ files, sendTo = [], failures }: Report): Text[] {
  // A recipient that was not found misses every file that had to be sent.
  const isDue = files.some(({ uploaded }) => uploaded?.isNew)
  const sends = [...(isDue ? failures : []), ...files.flatMap((file) => file.failures)].filter(
    ({ stage }) => stage === 'send',
  )
  const gotSome = (to: SentTo) => files.some(({ sentTo }) => sentTo.some((other) => isSame(to, other)))
  return missing(
    sends,
    sendTo,
    (of, lost) =>
      lost.some(gotSome)
        ? { en: `not completely sent to ${of.en}`, zh: `${of.zh}未收到全部文件` }
        : { en: `not sent to ${of.en}`, zh: `${of.zh}未收到` },
    (of) => ({ en: `not confirmed for ${of.en}`, zh: `${of.zh}无法确认是否收到` }),
    { en: 'not completely sent', zh: '未全部发送' },
  )
}

/** How many groups and users did not get the message and its pictures. */
function notPosted({ message, failures }: Report): Text[] {
  const posts = [...failures.filter(({ stage }) => stage === 'message'), ...(message?.failures ?? [])]
  const what = contentsOf(message)
  // Some of several posts may have arrived.
  const fully = message?.pictures ? { en: 'completely ', zh: '完整' } : EMPTY
  return missing(
    posts,
    [...(message?.to ?? []), ...posts.flatMap(({ to = [] }) => to)],
    (of) => ({
      en: `${what.en} not ${fully.en}posted to ${of.en}`,
      zh: `${of.zh}未${fully.zh}收到${what.zh}`,
    }),
    (of) => ({ en: `${what.en} not confirmed for ${of.en}`, zh: `${of.zh}无法确认是否收到${what.zh}` }),
    { en: `${what.en} not posted`, zh: `${what.zh}未发送` },
  )
}

function contentsOf(message: PostedMessage | undefined): Text {
  if (message?.title === '') return { en: 'pictures', zh: '图片' }
  return message?.pictures ? { en: 'message and pictures', zh: '消息和图片' } : { en: 'message', zh: '消息' }
}

/**
 * How many of all groups and users missed something, or may have missed it.
 *
 * @param unknown for a failure without recipients
 */
function missing(
  failures: readonly Failure[],
  all: readonly SentTo[],
  lostText: (of: Text, lost: readonly SentTo[]) => Text,
  openText: (of: Text) => Text,
  unknown: Text,
): Text[] {
  const lost = failures.flatMap(({ error, to = [] }) => (isInDoubt(error) ? [] : to))
  const open = failures.flatMap(({ to = [] }) => to).filter((to) => !lost.some((other) => isSame(to, other)))
  const parts = (['chat', 'user'] as const).flatMap((kind) => {
    const [lostCount, openCount, total] = [countOf(lost, kind), countOf(open, kind), countOf(all, kind)]
    const ofKind = lost.filter((to) => to.kind === kind)
    return [
      ...when(lostCount, lostText(share(lostCount, total, kind), ofKind)),
      ...when(openCount, openText(share(openCount, total, kind))),
    ]
  })
  return [
    ...parts,
    ...when(
      failures.some(({ to }) => !to),
      unknown,
    ),
  ]
}

function isSame(one: SentTo, other: SentTo): boolean {
  return one.kind === other.kind && one.id === other.id
}

function share(count: number, total: number, kind: SentTo['kind']): Text {
  const all = quantity(total, kind)
  return count < total
    ? { en: `${count} of ${all.en}`, zh: `${all.zh}中有 ${count} 个` }
    : quantity(count, kind)
}

function quantity(count: number, kind: SentTo['kind']): Text {
  return kind === 'chat'
    ? { en: counted(count, 'group'), zh: `${count} 个群` }
    : { en: counted(count, 'user'), zh: `${count} 个成员` }
}

/** How many different groups and users there are; undefined if there are none. */
function recipients(sentTo: readonly SentTo[]): Text | undefined {
  const [chats, users] = [countOf(sentTo, 'chat'), countOf(sentTo, 'user')]
  if (chats + users === 0) return undefined
  const parts = [...when(chats, quantity(chats, 'chat')), ...when(users, quantity(users, 'user'))]
  return joinedBy(parts, { en: ' and ', zh: '和' })
}

function countOf(sentTo: readonly SentTo[], wanted: SentTo['kind']): number {
  return new Set(sentTo.flatMap(({ kind, id }) => (kind === wanted ? id : []))).size
}

function isCancelled(error: unknown): boolean {
  return error instanceof Cancelled || (error instanceof DingTalkError && error.code === 'Cancelled')
}

/** The part if the condition is truthy, or nothing. */
function when(condition: unknown, part: Text): Text[] {
  return condition ? [part] : []
}

function joinedBy(parts: readonly Text[], by: Text = { en: ', ', zh: '，' }): Text {
  return { en: parts.map(({ en }) => en).join(by.en), zh: parts.map(({ zh }) => zh).join(by.zh) }
}
