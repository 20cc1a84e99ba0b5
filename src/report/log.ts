import { isInDoubt } from '../dingtalk/errors.ts'
import { type DeletedFile, failuresOf, type FileResult, type Report, type SentTo, sizeOf } from '../domain.ts'
import { InputError } from '../errors.ts'
import type { LocalFile } from '../files/local-file.ts'
import { seconds, type Text, verbatim } from '../http/text.ts'
import { counted } from '../text/quantities.ts'
import { formatSize } from '../text/size.ts'

const EMPTY: Text = { en: '', zh: '' }

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

/** The title over the files of earlier runs that were deleted, or may have been. */
export function deletedHeading(files: readonly DeletedFile[]): Text {
  const gone = files.filter(({ inDoubt }) => !inDoubt)
  const [runs, open] = [runsOf(gone), files.length - gone.length]
  return joinedBy([
    ...when(gone.length, {
      en: `Deleted ${counted(gone.length, 'file')} from ${counted(runs, 'earlier run')}`,
      zh: `已删除更早的 ${runs} 次运行上传的 ${gone.length} 个文件`,
    }),
    ...when(open, {
      en: `${counted(open, 'file')} of earlier runs may or may not have been deleted`,
      zh: `无法确认更早的运行上传的 ${open} 个文件是否已删除`,
    }),
  ])
}

/** The title over the files that `keep-last` would delete. */
export function outdatedHeading(files: readonly DeletedFile[]): Text {
  const [count, runs] = [files.length, runsOf(files)]
  return {
    en: `keep-last would delete ${counted(count, 'file')} from ${counted(runs, 'earlier run')}`,
    zh: `keep-last 将删除更早的 ${runs} 次运行上传的 ${count} 个文件`,
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

/** The line of the log for a file that is done. */
export function fileLine(result: FileResult): Text {
  const { file, uploaded, sentTo, failures, warnings = [], duration } = result
  if (!uploaded) return { en: `✗ ${file.path}: failed`, zh: `✗ ${file.path}：失败` }
  const { existing, fromEarlierAttempt, region, dentry } = uploaded
  const sign = failures.length + warnings.length > 0 ? '!' : '✓'
  const size = sizeOf(result)
  const how: Text = existing
    ? { en: 'already exists', zh: '已存在' }
    : fromEarlierAttempt
      ? { en: 'uploaded by an earlier attempt', zh: '此前的运行尝试已上传' }
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
  const speed = `${formatSize(size)}, ${seconds(report.elapsed)} s`
  const facts: Text = size === 0 ? EMPTY : { en: ` (${speed})`, zh: `（${speed}）` }
  const isToNoOne = report.sendTo?.length === 0 && !report.message && size > 0
  const unsent: Text = isToNoOne
    ? { en: ', not sent: chat-id is empty', zh: '，未发送：chat-id 为空' }
    : EMPTY
  return { en: `${sign} ${en}${facts.en}${unsent.en}`, zh: `${sign} ${zh}${facts.zh}${unsent.zh}` }
}

/** How much was uploaded, in bytes. */
export function uploadedSize({ files }: Report): number {
  return files.reduce((sum, { file, uploaded }) => sum + (uploaded && !uploaded.existing ? file.size : 0), 0)
}

/** What happened, in one line that is true for partial failure too: the title of the job summary. */
export function headline(report: Report): Text {
  const { files, message } = report
  const failures = failuresOf(report)
  if (files.length === 0 && (message || failures.some(({ stage }) => stage === 'message'))) {
    const open = failures.filter(({ error }) => isInDoubt(error)).length
    const [groups, lost] = [message?.to.length ?? 0, failures.length - open]
    const { en, zh } = joinedBy([
      ...when(groups, { en: `posted to ${counted(groups, 'group')}`, zh: `已发送到 ${groups} 个群` }),
      ...when(lost, { en: `not posted to ${counted(lost, 'group')}`, zh: `未发送到 ${lost} 个群` }),
      ...when(open, {
        en: `not confirmed in ${counted(open, 'group')}`,
        zh: `无法确认是否已发送到 ${open} 个群`,
      }),
    ])
    return { en: `Message ${en}`, zh: `消息${zh}` }
  }
  if (files.every(({ uploaded, failures }) => !uploaded && failures.length === 0)) {
    if (failures.length === 0) return { en: 'There were no files to upload', zh: '没有需要上传的文件' }
    return failures.every(({ error }) => error instanceof InputError)
      ? { en: 'Invalid inputs: nothing was uploaded or posted', zh: '输入有误：未上传文件，也未发送消息' }
      : { en: 'Nothing was uploaded', zh: '未上传任何文件' }
  }
  const { en, zh } = uploads(files)
  const unsent = missed(report)
  const isEnded = failures.some(({ stage }) => stage === 'retention')
  const but = joinedBy([
    ...unsent,
    ...when(isEnded, { en: 'keep-last not completed', zh: ' keep-last 未完成' }),
  ])
  const to = unsent.length === 0 ? recipients(files.flatMap(({ sentTo }) => sentTo)) : undefined
  return {
    en: `${en}${to ? ` and sent to ${to.en}` : ''}${but.en && `, but ${but.en}`}`,
    zh: `${zh}${to ? `，已发送到 ${to.zh}` : ''}${but.zh && `，但${but.zh.replace(/^\d/, ' $&')}`}`,
  }
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
  return joinedBy([
    made + existing === all
      ? { en: `${counted(made, 'file')} uploaded to DingTalk`, zh: `已上传 ${made} 个文件` }
      : { en: `${made} of ${counted(all, 'file')} uploaded`, zh: `${all} 个文件中已上传 ${made} 个` },
    ...when(existing, { en: `${existing} already there`, zh: `${existing} 个已存在` }),
    ...when(open, { en: `${open} not confirmed`, zh: `${open} 个未确认` }),
  ])
}

/** How many groups and users did not get the files or the message, or may not have, of how many. */
function missed({ files, sendTo = [], message, failures }: Report): Text[] {
  // A recipient that was not found misses every file that had to be sent.
  const isDue = files.some(({ uploaded }) => uploaded?.isNew)
  const all = [...(isDue ? failures : []), ...files.flatMap((file) => file.failures)]
  const sends = all.filter(({ stage }) => stage === 'send')
  const parts = (['chat', 'user'] as const).flatMap((kind) => {
    const idsOf = (recipients: readonly (SentTo | undefined)[]) =>
      new Set(recipients.flatMap((to) => (to?.kind === kind ? to.id : [])))
    const lost = idsOf(sends.flatMap(({ error, to }) => (isInDoubt(error) ? [] : to)))
    const open = idsOf(sends.map(({ to }) => to)).difference(lost)
    // Some files may have arrived before one was rejected.
    const isPartial = files.some(({ sentTo }) => sentTo.some((to) => to.kind === kind && lost.has(to.id)))
    const of = ofTotal(idsOf(sendTo).size, kind)
    const [en, zh] = isPartial ? ['not completely sent', '全部文件'] : ['not sent', '']
    return [
      ...when(lost.size, { en: `${en} to ${of(lost.size).en}`, zh: `${of(lost.size).zh}未收到${zh}` }),
      ...when(open.size, {
        en: `not confirmed for ${of(open.size).en}`,
        zh: `${of(open.size).zh}无法确认是否收到`,
      }),
    ]
  })
  // An error that is not about a single recipient.
  const isEnded = sends.some(({ to }) => !to)
  const posts = [...failures.filter(({ stage }) => stage === 'message'), ...(message?.failures ?? [])]
  const open = posts.filter(({ error }) => isInDoubt(error)).length
  const lost = posts.length - open
  const of = ofTotal(posts.length + (message?.to.length ?? 0), 'chat')
  return [
    ...parts,
    ...when(isEnded, { en: 'not completely sent', zh: '未全部发送' }),
    ...when(lost, { en: `message not posted to ${of(lost).en}`, zh: `${of(lost).zh}未收到消息` }),
    ...when(open, {
      en: `message not confirmed in ${of(open).en}`,
      zh: `${of(open).zh}无法确认是否收到消息`,
    }),
  ]
}

function ofTotal(total: number, kind: SentTo['kind']): (count: number) => Text {
  const all = countOf(total, kind)
  return (count) =>
    count < total ? { en: `${count} of ${all.en}`, zh: `${all.zh}中有 ${count} 个` } : countOf(count, kind)
}

function countOf(count: number, kind: SentTo['kind']): Text {
  return kind === 'chat'
    ? { en: counted(count, 'group'), zh: `${count} 个群` }
    : { en: counted(count, 'user'), zh: `${count} 个用户` }
}

/** How many groups and users there are, each counted once; undefined if there are none. */
function recipients(sentTo: readonly SentTo[]): Text | undefined {
  const count = (wanted: SentTo['kind']) =>
    new Set(sentTo.flatMap(({ kind, id }) => (kind === wanted ? id : []))).size
  const [chats, users] = [count('chat'), count('user')]
  if (chats + users === 0) return undefined
  const parts = [...when(chats, countOf(chats, 'chat')), ...when(users, countOf(users, 'user'))]
  return joinedBy(parts, { en: ' and ', zh: '和' })
}

/** A part of a line, if there is a reason for it. */
function when(reason: unknown, part: Text): Text[] {
  return reason ? [part] : []
}

function joinedBy(parts: readonly Text[], by: Text = { en: ', ', zh: '，' }): Text {
  return { en: parts.map(({ en }) => en).join(by.en), zh: parts.map(({ zh }) => zh).join(by.zh) }
}
