import type { DingTalk } from '../dingtalk/client.ts'
import { type Folder, MAX_REMOVED } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { Retries } from '../dingtalk/retry.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import type { DeletedFile, Failure, Job, Retained, Source, StepCall } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { outdatedFiles, type RunFile } from './outdated.ts'

/** The most pages of a folder's list that are read. Each has fifty entries and costs a call. */
const MAX_PAGES = 20

/** The consequence of an error that ends `keep-last`. */
export const NOT_DELETED: Text = {
  en: 'Not all files of earlier runs were deleted.',
  zh: '以往运行上传的文件未全部删除。',
}

const MAYBE_DELETED: Text = {
  en: 'Some files of earlier runs may or may not have been deleted.',
  zh: '无法确认以往运行上传的部分文件是否已删除。',
}

const NO_RUN: Text = {
  en: 'keep-last works only in a workflow run or in a job of a supported CI.',
  zh: 'keep-last 只能在工作流运行或受支持的 CI 任务中使用。',
}

/** For a folder that has more pages than are read. */
export const NOT_ALL_SEEN: Text = {
  en: `keep-last: the folder has too many files. Only the first ${MAX_PAGES * 50} were checked; the others are kept.`,
  zh: `keep-last：文件夹中的文件过多，只检查了前 ${MAX_PAGES * 50} 个，其余保留。`,
}

/** Which runs' files stay in a folder. */
export interface Retention {
  readonly folder: Folder
  /** The operator's. */
  readonly unionId: string
  /** How many runs, including this one. */
  readonly keep: number
}

/** The calls of {@link keepLast}. @param keep undefined if nothing is deleted */
export function retentionCalls(folder: Folder, keep: number | undefined): StepCall[] {
  if (keep === undefined) return []
  const operations = ['list', 'batchRemove', ...(folder.kind === 'uuid' ? (['space'] as const) : [])] as const
  return operations.map((operation) => ({ operation, kind: 'required' }))
}

/** The files that `keep-last` deletes. There may be more unless the whole folder was listed. */
export interface Outdated {
  readonly files: readonly RunFile[]
  readonly isComplete: boolean
}

/**
 * Finds the files that `keep-last` deletes, with up to twenty calls.
 *
 * @param own the files that this run uploaded or found
 * @throws DingTalkError
 */
export async function findOutdated(
  { folder, unionId, keep, source }: Retention & { readonly source: Source },
  own: readonly Dentry[],
  dingtalk: DingTalk,
): Promise<Outdated> {
  const { spaceId, parentId } = await dingtalk.drive.folderIds(folder, unionId)
  const isHere = (dentry: Dentry) =>
    dentry.spaceId === spaceId && (parentId === '0' || dentry.parentId === parentId)
  const listed: Dentry[] = []
  let pages = 0
  let isComplete = false
  for await (const { files, isLast } of dingtalk.drive.list(folder, unionId)) {
    listed.push(...files.filter(isHere))
    isComplete = isLast
    if (++pages === MAX_PAGES) break
  }
  return { files: outdatedFiles(listed, source, keep, own, unionId), isComplete }
}

/**
 * Deletes the files of earlier runs. A file that can't be deleted is a warning; only a canceled job or a bug is a failure. A file
 * is in doubt if its deletion was requested and the result is unknown.
 *
 * @param own the files that this run uploaded or found
 */
export async function keepLast(
  own: readonly Dentry[],
  { job, ...retention }: Retention & { readonly job: Job },
  { dingtalk, environment, log }: Pick<Retries, 'environment' | 'log'> & { readonly dingtalk: DingTalk },
): Promise<Retained> {
  const { source, notCounted } = job
  const failureOf = (consequence: Text, error: unknown): Failure => ({
    stage: 'retention',
    consequence,
    error,
  })
  if (!source || notCounted) {
    const error = new TextError(notCounted ?? NO_RUN)
    return { deleted: [], warnings: [failureOf(NOT_DELETED, error)], failures: [] }
  }
  const deleted: DeletedFile[] = []
  const warnings: Failure[] = []
  let asked: readonly RunFile[] = []
  let attempts: DingTalkError[] = []
  try {
    const { folder, unionId } = retention
    const { files, isComplete } = await findOutdated({ ...retention, source }, own, dingtalk)
    if (!isComplete) log(NOT_ALL_SEEN)
    const { spaceId } = await dingtalk.drive.folderIds(folder, unionId)
    for (let start = 0; start < files.length; start += MAX_REMOVED) {
      environment.signal.throwIfAborted()
      asked = files.slice(start, start + MAX_REMOVED)
      const ids = asked.map(({ dentry }) => dentry.id)
      const { removed, refused } = await dingtalk.drive.remove(spaceId, ids, unionId, (error) => {
        attempts.push(error)
      })
      for (const file of asked) {
        const { id, name } = file.dentry
        const code = refused.get(id)
        const isRemoved = removed.has(id)
        if (code === undefined) deleted.push({ ...asDeleted(file), ...(!isRemoved && { inDoubt: true }) })
        const consequence =
          code === undefined
            ? { en: `${name} may or may not have been deleted.`, zh: `无法确认 ${name} 是否已删除。` }
            : { en: `${name} was not deleted.`, zh: `${name} 未删除。` }
        if (!isRemoved) warnings.push(failureOf(consequence, errorOf(code)))
      }
      asked = []
      attempts = []
    }
    return { deleted, warnings, failures: [] }
  } catch (error) {
    const isOfCall = error instanceof DingTalkError
    // If the last attempt was rejected, an earlier one was too, unless it has deleted the missing file.
    const isRejected = isOfCall && error.kind === 'refused' && error.code !== 'dentryNotExist'
    const inDoubt = isOfCall
      ? !isRejected && attempts.some(({ mayHaveHappened }) => mayHaveHappened)
      : asked.length > 0
    if (inDoubt) deleted.push(...asked.map((file) => ({ ...asDeleted(file), inDoubt: true as const })))
    const failure = failureOf(inDoubt ? MAYBE_DELETED : NOT_DELETED, error)
    return isOfCall
      ? { deleted, warnings: [...warnings, failure], failures: [] }
      : { deleted, warnings, failures: [failure] }
  }
}

/** A file of an earlier run, as it is reported. */
export function asDeleted({ dentry: { id, name, size }, run }: RunFile): DeletedFile {
  return { id, name, size: size ?? undefined, run: String(run) }
}

/** The platform's result for a file that was not deleted. @param code undefined if the response doesn't include the file */
function errorOf(code: string | undefined): DingTalkError {
  return new DingTalkError({
    operation: 'batchRemove',
    code: code ?? 'UnreadableAnswer',
    kind: code === undefined ? 'unavailable' : 'refused',
    mayHaveHappened: code === undefined,
    message: code ?? {
      en: 'The response does not contain the result for this file.',
      zh: '响应中没有该文件的删除结果。',
    },
  })
}

/**
 * Looks up the folder at a path below another folder, without creating it. Makes up to twenty calls per level.
 *
 * @param path names separated by slashes; empty for the folder itself
 * @returns undefined if it doesn't exist, or isn't among the thousand entries that were modified last
 * @throws DingTalkError
 */
export async function findFolder(
  folder: Folder,
  path: string,
  unionId: string,
  dingtalk: DingTalk,
): Promise<Folder | undefined> {
  const { spaceId } = await dingtalk.drive.folderIds(folder, unionId)
  let at = folder
  for (const name of path.split('/').filter(Boolean)) {
    let id: string | undefined
    let pages = 0
    for await (const { folders } of dingtalk.drive.list(at, unionId)) {
      id = folders.find((other) => other.name === name)?.id
      if (id !== undefined || ++pages === MAX_PAGES) break
    }
    if (id === undefined) return undefined
    at = { kind: 'ids', spaceId, parentId: id }
  }
  return at
}
