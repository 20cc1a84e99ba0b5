import { isInDoubt } from '../dingtalk/errors.ts'
import type { Failure, FileResult, JobResult, SentTo } from '../domain.ts'
import { InputError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { counted } from '../text/quantities.ts'

/** What happened, in one line that is true for partial failure too: the title of the job summary. */
export function headline(result: JobResult): Text {
  const { files, failures, message } = result
  if (message) return posts(message.to.length, failures)
  if (files.length === 0 || files.every(({ uploaded, failures }) => !uploaded && failures.length === 0)) {
    if (failures.length === 0) return { en: 'There were no files to upload', zh: '没有需要上传的文件' }
    return failures.every(({ error }) => error instanceof InputError)
      ? { en: 'Invalid inputs: nothing was uploaded or posted', zh: '输入有误：未上传文件，也未发送消息' }
      : { en: 'Nothing was uploaded', zh: '未上传任何文件' }
  }
  const [base, problems] = [uploads(files), unsent(result)]
  if (problems)
    return { en: `${base.en}, but ${problems.en}`, zh: `${base.zh}，但${problems.zh.replace(/^\d/, ' $&')}` }
  const to = recipients(files.flatMap(({ sentTo }) => sentTo))
  return to ? { en: `${base.en} and sent to ${to.en}`, zh: `${base.zh}，已发送到 ${to.zh}` } : base
}

/** The result of a message without files. @param posted how many groups have it */
function posts(posted: number, failures: readonly Failure[]): Text {
  const open = failures.filter(({ error }) => isInDoubt(error)).length
  const lost = failures.length - open
  const parts: Text[] = [
    ...(posted > 0 ? [{ en: `posted to ${counted(posted, 'group')}`, zh: `已发送到 ${posted} 个群` }] : []),
    ...(lost > 0 ? [{ en: `not posted to ${counted(lost, 'group')}`, zh: `未发送到 ${lost} 个群` }] : []),
    ...(open > 0
      ? [{ en: `not confirmed in ${counted(open, 'group')}`, zh: `无法确认是否已发送到 ${open} 个群` }]
      : []),
  ]
  return {
    en: `Message ${parts.map(({ en }) => en).join(', ')}`,
    zh: `消息${parts.map(({ zh }) => zh).join('，')}`,
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
function unsent({ files, failures }: JobResult): Text | undefined {
  const uploaded = files.filter(({ uploaded }) => uploaded)
  if (uploaded.length === 0) return undefined
  const ofFiles = new Set(files.flatMap(({ failures }) => failures))
  const others = failures.filter((failure) => !ofFiles.has(failure))
  // A recipient that was not found misses every file; the others are messages of a robot.
  const messages = [
    ...uploaded.flatMap(({ failures }) => failures),
    ...others.flatMap((failure) => (failure.about ? uploaded.map(() => failure) : [failure])),
  ]
  const open = messages.filter(({ error }) => isInDoubt(error)).length
  const lost = messages.length - open
  const parts: Text[] = [
    ...(lost > 0 ? [{ en: `${counted(lost, 'message')} not sent`, zh: `${lost} 条消息发送失败` }] : []),
    ...(open > 0 ? [{ en: `${counted(open, 'message')} not confirmed`, zh: `${open} 条消息未确认` }] : []),
  ]
  if (parts.length === 0) return undefined
  return { en: parts.map(({ en }) => en).join(', '), zh: parts.map(({ zh }) => zh).join('，') }
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
