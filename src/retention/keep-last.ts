import type { DingTalk } from '../dingtalk/client.ts'
import { type Folder, MAX_REMOVED } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import type { DeletedFile, Failure, Retained, Source, StepCall } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { outdatedFiles, type RunFile } from './outdated.ts'

/** The most pages of a folder's list that are looked at. Each has fifty entries and costs a call. */
const MAX_PAGES = 20

const NOT_DELETED: Text = {
  en: 'No files of earlier runs were deleted.',
  zh: '没有删除更早的运行上传的文件。',
}

const NOT_ALL_DELETED: Text = {
  en: 'Some files of earlier runs were not deleted.',
  zh: '更早的运行上传的部分文件未删除。',
}

const MAYBE_DELETED: Text = {
  en: 'Some files of earlier runs may or may not have been deleted.',
  zh: '无法确认更早的运行上传的部分文件是否已删除。',
}

/** For a folder that has more pages than are looked at. */
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

/** The calls of {@link keepLast}. @param keep undefined if nothing is to be deleted */
export function retentionCalls(folder: Folder, keep: number | undefined): StepCall[] {
  if (keep === undefined) return []
  const operations = ['list', 'batchRemove', ...(folder.kind === 'uuid' ? (['space'] as const) : [])] as const
  return operations.map((operation) => ({ operation, kind: 'required' }))
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
 * Deletes the files of earlier runs. What could not be deleted is a warning. Only what ends the job is a failure: its being
 * canceled, or a bug.
 *
 * @param own what this run uploaded, or found to be there
 * @param source undefined outside a workflow: then nothing is deleted
 */
export async function keepLast(
  own: readonly Dentry[],
  { source, ...retention }: Omit<Retention, 'source'> & { readonly source: Source | undefined },
  { dingtalk, log }: { readonly dingtalk: DingTalk; readonly log: (line: Text) => void },
): Promise<Retained> {
  const stage = 'retention'
  if (!source) {
    const error = new TextError({
      en: 'keep-last works only in a workflow run.',
      zh: 'keep-last 只能在工作流运行中使用。',
    })
    return { deleted: [], warnings: [{ stage, consequence: NOT_DELETED, error }], failures: [] }
  }
  const deleted: DeletedFile[] = []
  const warnings: Failure[] = []
  let isDeleting = false
  try {
    const { files, isComplete } = await findOutdated({ ...retention, source }, own, dingtalk)
    if (!isComplete) log(NOT_ALL_SEEN)
    const { spaceId } = await dingtalk.drive.folderIds(retention.folder, retention.unionId)
    for (let start = 0; start < files.length; start += MAX_REMOVED) {
      const batch = files.slice(start, start + MAX_REMOVED)
      const ids = batch.map(({ dentry }) => dentry.id)
      isDeleting = true
      const { removed, refused } = await dingtalk.drive.remove(spaceId, ids, retention.unionId)
      isDeleting = false
      for (const file of batch) {
        const { id, name } = file.dentry
        const code = refused.get(id)
        if (removed.has(id)) deleted.push(asDeleted(file))
        else if (code !== undefined) {
          const consequence = { en: `${name} was not deleted.`, zh: `${name} 未删除。` }
          warnings.push({ stage, consequence, error: refusalOf(code) })
        }
      }
    }
    return { deleted, warnings, failures: [] }
  } catch (error) {
    const isRefusal = error instanceof DingTalkError
    const isOpen = isDeleting && !(isRefusal && !error.mayHaveHappened)
    const notDeleted = deleted.length > 0 ? NOT_ALL_DELETED : NOT_DELETED
    const failure: Failure = { stage, consequence: isOpen ? MAYBE_DELETED : notDeleted, error }
    if (isRefusal) return { deleted, warnings: [...warnings, failure], failures: [] }
    return { deleted, warnings, failures: [failure] }
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

/**
 * The folder at a path below another folder, looked up without creating anything. Makes at most twenty calls per level.
 *
 * @param path names separated by slashes; empty for the folder itself
 * @returns undefined if there is none, or none among the thousand entries that were modified last
 * @throws DingTalkError
 */
export async function findFolder(
  folder: Folder,
  path: string,
  unionId: string,
  dingtalk: DingTalk,
): Promise<Folder | undefined> {
  let below: Folder | undefined = folder
  for (const name of path.split('/').filter(Boolean))
    below = below && (await findSubfolder(below, name, unionId, dingtalk))
  return below
}

async function findSubfolder(
  folder: Folder,
  name: string,
  unionId: string,
  dingtalk: DingTalk,
): Promise<Folder | undefined> {
  const { spaceId } = await dingtalk.drive.folderIds(folder, unionId)
  let pages = 0
  for await (const { folders } of dingtalk.drive.list(folder, unionId)) {
    const found = folders.find((other) => other.name === name)
    if (found) return { kind: 'ids', spaceId, parentId: found.id }
    if (++pages === MAX_PAGES) break
  }
  return undefined
}
