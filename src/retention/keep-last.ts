import type { DingTalk } from '../dingtalk/client.ts'
import { type Folder, MAX_REMOVED } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import type { DeletedFile, JobResult, Source } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { MAX_PAGES } from './find-folder.ts'
import { outdatedFiles, type RunFile } from './outdated.ts'

const NOT_DELETED: Text = {
  en: 'No files of earlier runs were deleted.',
  zh: '没有删除更早的运行上传的文件。',
}

const NOT_ALL_DELETED: Text = {
  en: 'Some files of earlier runs were not deleted.',
  zh: '更早的运行上传的部分文件未删除。',
}

/** Told where a folder has more pages than are looked at. */
export const NOT_ALL_SEEN: Text = {
  en: `keep-last: the folder has too many files. Only the first ${MAX_PAGES * 50} were checked; the others stay.`,
  zh: `keep-last：文件夹中的文件过多，只检查了前 ${MAX_PAGES * 50} 个，其余保留。`,
}

/** Which runs' files stay in a folder. */
export interface Retention {
  readonly folder: Folder
  /** The operator's union id. */
  readonly unionId: string
  /** How many runs, this one among them. */
  readonly keep: number
  readonly source: Source
}

/** The files of earlier runs that the newest ones make superfluous. */
export interface Outdated {
  readonly files: readonly RunFile[]
  /** Whether the folder was seen to its end. If not, there may be more of them. */
  readonly isComplete: boolean
}

/**
 * Finds what `keep-last` deletes. Makes at most twenty calls.
 *
 * @param own what this run uploaded, or found to be there
 * @throws DingTalkError
 */
export async function findOutdated(
  { folder, unionId, keep, source }: Retention,
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
  return { files: outdatedFiles(listed, source, keep, own), isComplete }
}

/**
 * Deletes the files of earlier runs, if everything that was asked for happened. Fills in the result: what is gone, and what
 * could not be deleted, which does not fail the step.
 *
 * @param source undefined outside a workflow: then nothing is deleted
 * @throws the signal's reason if the job is cancelled
 */
export async function keepLast(
  result: JobResult,
  { source, ...retention }: Omit<Retention, 'source'> & { readonly source: Source | undefined },
  { dingtalk, log }: { readonly dingtalk: DingTalk; readonly log: (line: Text) => void },
): Promise<void> {
  if (result.failures.length > 0) {
    log({
      en: 'keep-last: deleted nothing, because not everything succeeded.',
      zh: 'keep-last：由于并非全部成功，没有删除任何文件。',
    })
    return
  }
  if (!source) {
    const error = new TextError({
      en: 'keep-last works only in a workflow run.',
      zh: 'keep-last 只能在工作流运行中使用。',
    })
    result.warnings.push({ consequence: NOT_DELETED, error })
    return
  }
  try {
    const own = result.files.flatMap(({ uploaded }) => uploaded?.dentry ?? [])
    const { files, isComplete } = await findOutdated({ ...retention, source }, own, dingtalk)
    if (!isComplete) log(NOT_ALL_SEEN)
    for (let start = 0; start < files.length; start += MAX_REMOVED)
      await remove(files.slice(start, start + MAX_REMOVED), retention.unionId, dingtalk, result)
  } catch (error) {
    if (!(error instanceof DingTalkError)) throw error
    const consequence = result.deleted.length > 0 ? NOT_ALL_DELETED : NOT_DELETED
    result.warnings.push({ consequence, error })
  }
}

/** Deletes files of one space. @throws DingTalkError if none of them was deleted */
async function remove(
  files: readonly RunFile[],
  unionId: string,
  dingtalk: DingTalk,
  result: JobResult,
): Promise<void> {
  const [first] = files
  if (!first) return
  const ids = files.map(({ dentry }) => dentry.id)
  const { removed, refused } = await dingtalk.drive.remove(first.dentry.spaceId, ids, unionId)
  for (const file of files) {
    const { id, name } = file.dentry
    const code = refused.get(id)
    if (removed.has(id)) result.deleted.push(asDeleted(file))
    else if (code !== undefined)
      result.warnings.push({
        consequence: { en: `${name} was not deleted.`, zh: `${name} 未删除。` },
        error: refusalOf(code),
      })
  }
}

/** A file of an earlier run, as it is told. */
export function asDeleted({ dentry: { id, name, size }, run }: RunFile): DeletedFile {
  return { id, name, size: size ?? undefined, run: String(run) }
}

/** What the platform says of a single file. */
function refusalOf(code: string): DingTalkError {
  return new DingTalkError({
    operation: 'batchRemove',
    code,
    kind: 'refused',
    mayHaveHappened: false,
    message: code,
  })
}
