import { markOf, trustedMark } from '../dingtalk/mark.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import { isBefore, platformTime } from '../dingtalk/times.ts'
import { parseSource, type Source } from '../domain.ts'

/** A file that an earlier run uploaded. */
export interface RunFile {
  readonly dentry: Dentry
  /** The number in the run's address. */
  readonly run: bigint
}

/**
 * Returns the files of a folder that earlier runs uploaded, except those of the newest runs. Each of them meets all of these
 * conditions:
 *
 * - It has a complete mark of this action with this workflow, and no other mark.
 * - Its run is earlier than this one, and at least `keep` listed runs are newer, including this one. Runs that are newer than this
 *   one don't count, because they may still fail.
 * - This run neither uploaded it nor found it instead of uploading it.
 * - The operator created it, and nobody has changed it since: it has the version that its mark was written on. If the mark
 *   doesn't contain a version, the file must be the first version, or certainly older than all files that are kept.
 * - No other file has the same mark, as a copy would. It is listed once: a file that is listed twice may have been changed meanwhile.
 *
 * @param listed files of the folder, not necessarily all of them
 * @param keep how many runs to keep, including this one: at least 1
 * @param own the files that this run uploaded or found
 * @param unionId the operator's
 */
export function outdatedFiles(
  listed: readonly Dentry[],
  { workflow, run }: Source,
  keep: number,
  own: readonly Dentry[],
  unionId: string,
): RunFile[] {
  const marked = listed.flatMap((dentry): RunFile | [] => {
    const mark = markOf(dentry)
    const source = parseSource(mark?.source)
    const isComplete = mark?.nonces.length === 1 && mark.md5 !== undefined
    return isComplete && source?.workflow === workflow ? { dentry, run: BigInt(source.run) } : []
  })
  const current = BigInt(run)
  const runs = [...new Set([current, ...marked.map((file) => file.run)])]
    .filter((other) => other <= current)
    .sort((a, b) => (a < b ? 1 : -1))
  const oldestKept = runs[keep - 1]
  if (oldestKept === undefined) return []
  const ownIds = new Set(own.map(({ id }) => id))
  const isKept = ({ dentry, run }: RunFile) => run >= oldestKept || ownIds.has(dentry.id)
  const kept = [...own, ...marked.filter(isKept).map(({ dentry }) => dentry)]
  const timesListed = Map.groupBy(listed, ({ id }) => id)
  const nonces = [...listed, ...own].flatMap(({ id, appProperties }) =>
    (markOf({ appProperties })?.nonces ?? []).map((nonce) => ({ nonce, id })),
  )
  const byNonce = Map.groupBy(nonces, ({ nonce }) => nonce)
  const isUnique = ({ dentry: { id, appProperties } }: RunFile) =>
    timesListed.get(id)?.length === 1 &&
    markOf({ appProperties })?.nonces.every((nonce) => byNonce.get(nonce)?.every((other) => other.id === id))
  return marked.filter((file) => !isKept(file) && isUnique(file) && isUnchanged(file.dentry, kept, unionId))
}

/** Whether a file is certainly what the operator uploaded, or older than all files that are kept. */
function isUnchanged(dentry: Dentry, kept: readonly Dentry[], unionId: string): boolean {
  const { version, creatorId, modifierId, modifiedTime } = dentry
  if ((creatorId || unionId) !== unionId) return false
  if (trustedMark(dentry, unionId)) return true
  if ((modifierId || unionId) !== unionId) return false
  if (typeof version !== 'number' || markOf(dentry)?.version !== undefined) return false
  const time = platformTime(modifiedTime)
  return kept.every((other) => isBefore(time, contentTime(other)))
}

/** When a file got its content, by the storage's clock: ms since the epoch. */
function contentTime({ version, createTime, modifiedTime }: Dentry): number | undefined {
  return platformTime((version ?? 1) > 1 ? modifiedTime : createTime)?.at
}
