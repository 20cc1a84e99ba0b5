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
 * The files of a folder that earlier runs uploaded, except those of the newest runs. Every file of the result satisfies all
 * of this:
 *
 * - It has this action's mark, complete, and no other upload's. The mark's source has the same `workflow` as this run.
 * - Its run is earlier than this one, and at least `keep` runs are newer: this one, and those that the list shows. A newer
 *   run than this one does not count: it may still fail. A file that the list does not show can only make a run newer.
 * - This run did not upload it, and did not find it there instead of uploading it.
 * - The operator created it, and nobody has changed it since: it has the version that its mark was written on. If the mark
 *   doesn't say which, it must be the first version, or certainly older than everything that is kept.
 * - No other file has the same mark, as a copy that somebody made has.
 *
 * @param listed files of the folder; need not be all of them
 * @param keep how many runs to keep, this one included: 1 or more
 * @param own what this run uploaded, or found to be there
 * @param unionId the operator's
 */
export function outdatedFiles(
  listed: readonly Dentry[],
  { workflow, run }: Source,
  keep: number,
  own: readonly Dentry[],
  unionId: string,
): RunFile[] {
  const current = BigInt(run)
  const ownIds = new Set(own.map(({ id }) => id))
  const byId = Map.groupBy(listed, ({ id }) => id)
  const marked = [...byId.values()].flatMap((same): RunFile | [] => {
    const [dentry] = same
    const source = dentry && sourceOf(dentry)
    if (source?.workflow !== workflow) return []
    // The list has it more than once if it was changed meanwhile: then all of them must say the same.
    const isSame = (other: Dentry) => other.version === dentry?.version && sourceOf(other)?.run === source.run
    return dentry && same.every(isSame) ? { dentry, run: BigInt(source.run) } : []
  })
  const runs = [...new Set([current, ...marked.map((file) => file.run)])]
    .filter((other) => other <= current)
    .sort((a, b) => (a < b ? 1 : -1))
  const oldestKept = runs[keep - 1]
  if (oldestKept === undefined) return []
  const isKept = ({ dentry, run }: RunFile) => run >= oldestKept || ownIds.has(dentry.id)
  const kept = [...own, ...marked.filter(isKept).map(({ dentry }) => dentry)]
  const owners = new Map<string, Set<string>>()
  for (const dentry of [...listed, ...own])
    for (const nonce of markOf(dentry)?.nonces ?? [])
      owners.set(nonce, (owners.get(nonce) ?? new Set()).add(dentry.id))
  const isOnlyOne = ({ dentry }: RunFile) =>
    markOf(dentry)?.nonces.every((nonce) => owners.get(nonce)?.size === 1)
  return marked.filter((file) => !isKept(file) && isOnlyOne(file) && isUnchanged(file.dentry, kept, unionId))
}

/** Which run uploaded a file, if its mark is complete. */
function sourceOf(dentry: Dentry): Source | undefined {
  const mark = markOf(dentry)
  return mark?.nonces.length === 1 && mark.md5 !== undefined ? parseSource(mark.source) : undefined
}

/** Whether a file is certainly what the operator's upload made, or older than everything that is kept. */
function isUnchanged(dentry: Dentry, kept: readonly Dentry[], unionId: string): boolean {
  const { version, creatorId, modifierId, modifiedTime } = dentry
  // Somebody else may have put work of their own there.
  if ((creatorId || unionId) !== unionId || (modifierId || unionId) !== unionId) return false
  if (trustedMark(dentry, unionId)) return true
  // Without a version, or with another one than the mark says, nothing is certain.
  if (typeof version !== 'number' || markOf(dentry)?.version !== undefined) return false
  const time = platformTime(modifiedTime)
  return kept.every((other) => isBefore(time, cameAt(other)))
}

/** When a file got the content that it has: ms since the epoch, by the storage's clock. */
function cameAt({ version, createTime, modifiedTime }: Dentry): number | undefined {
  return platformTime((version ?? 1) > 1 ? modifiedTime : createTime)?.at
}
