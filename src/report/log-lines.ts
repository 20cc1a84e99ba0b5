import { type DeletedFile, type FileResult, type JobResult, sizeOf, type Uploaded } from '../domain.ts'
import type { LocalFile } from '../files/local-file.ts'
import { seconds, type Text } from '../http/text.ts'
import { counted } from '../text/quantities.ts'
import { formatSize } from '../text/size.ts'
import { headline, recipients } from './headline.ts'

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
  return { en: `${name} (run ${run}), dentry ${id}`, zh: `${name}（运行 ${run}），dentry ${id}` }
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
    en: `${mark} ${file.path}${size.en}: ${how.en}${to ? `, sent to ${to.en}` : ''}, ${time}${region.en}, dentry ${id}`,
    zh: `${mark} ${file.path}${size.zh}：${how.zh}${to ? `，已发送到 ${to.zh}` : ''}，${time}${region.zh}，dentry ${id}`,
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
export function totalLine(result: JobResult): Text {
  const { files, failures, elapsed } = result
  const told = headline(result)
  const size = files.reduce(
    (sum, { file, uploaded }) => sum + (uploaded && !uploaded.existing ? file.size : 0),
    0,
  )
  const mark = failures.length > 0 ? '✗' : '✓'
  if (size === 0) return { en: `${mark} ${told.en}`, zh: `${mark} ${told.zh}` }
  const speed = `${formatSize(size)}, ${seconds(elapsed)} s`
  return { en: `${mark} ${told.en} (${speed})`, zh: `${mark} ${told.zh}（${speed}）` }
}
