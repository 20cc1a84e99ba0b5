import { markOf } from '../dingtalk/mark.ts'
import type { Dentry } from '../dingtalk/schema.ts'
import { isBefore, platformTime } from '../dingtalk/times.ts'
import { parseSource, type Source } from '../domain.ts'

/** A file that an earlier run of this workflow uploaded. */
export interface RunFile {
  readonly dentry: Dentry
  /** The number in the run's address. */
  readonly run: bigint
}

/**
 * The files of a folder that earlier runs of this workflow uploaded, except those of the newest runs. Every file of the
 * result satisfies all of this:
 *
 * - It has this action's mark, whole, and no other upload's beside it. The mark is of this workflow of this repository.
 * - Its run is earlier than this one, and at least `keep` runs are newer: this one, and those that the list shows. A newer
 *   run than this one does not count: it may still fail. A file that the list does not show can only make a run newer.
 * - This run did not upload it, and did not find it there instead of uploading it.
 * - Nobody but its creator has changed it. A new version may have kept the mark of the version before: then it must be
 *   certainly older than everything that is kept.
 *
 * @param listed files of the folder; need not be all of them
 * @param keep how many runs to keep, this one among them: 1 or more
 * @param own what this run uploaded, or found to be there
 */
export function outdatedFiles(
  listed: readonly Dentry[],
  { workflow, run }: Source,
  keep: number,
  own: readonly Dentry[],
): RunFile[] {
  const current = BigInt(run)
  const ownIds = new Set(own.map(({ id }) => id))
  const marked = [...Map.groupBy(listed, ({ id }) => id).values()].flatMap(
    (same) => runFile(same, workflow) ?? [],
  )
  const runs = [...new Set([current, ...marked.map((file) => file.run)])]
    .filter((other) => other <= current)
    .sort((a, b) => (a < b ? 1 : -1))
  const oldestKept = runs[keep - 1]
  if (oldestKept === undefined) return []
  const isKept = ({ dentry, run }: RunFile) => run >= oldestKept || ownIds.has(dentry.id)
  const kept = [...own, ...marked.filter(isKept).map(({ dentry }) => dentry)]
  return marked.filter((file) => !isKept(file) && isUnchanged(file.dentry, kept))
}

/** @param same one file, perhaps from several pages: then it changed meanwhile, and all must say the same */
function runFile(same: readonly Dentry[], workflow: string): RunFile | undefined {
  const [dentry] = same
  if (!dentry) return undefined
  const source = sourceOf(dentry)
  if (source?.workflow !== workflow) return undefined
  if (same.some((other) => other.version !== dentry.version || sourceOf(other)?.run !== source.run))
    return undefined
  return { dentry, run: BigInt(source.run) }
}

/** The run that uploaded a file, if its mark is whole. */
function sourceOf(dentry: Dentry): Source | undefined {
  const mark = markOf(dentry)
  return mark?.nonces.length === 1 && mark.md5 !== undefined ? parseSource(mark.source) : undefined
}

/** Whether a file is certainly what its mark was written on, or older than everything that is kept. */
function isUnchanged(
  { version, creatorId, modifierId, modifiedTime }: Dentry,
  kept: readonly Dentry[],
): boolean {
  // Somebody else may have put work of their own there.
  if (creatorId && modifierId && creatorId !== modifierId) return false
  if ((version ?? 1) <= 1) return true
  const time = platformTime(modifiedTime)
  return time !== undefined && kept.every((other) => isBefore(time, cameAt(other)))
}

/** When a file came to be as it is: ms since the epoch, by the storage's clock. */
function cameAt({ version, createTime, modifiedTime }: Dentry): number | undefined {
  return platformTime((version ?? 1) > 1 ? modifiedTime : createTime)?.at
}
