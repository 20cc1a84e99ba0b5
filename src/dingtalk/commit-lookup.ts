import type { Clock } from '../http/environment.ts'
import type { ConflictStrategy, Drive, FileSpec, Folder, UploadTicket } from './drive.ts'
import { carries, carriesAnother } from './mark.ts'
import { comparable, isRenamed, storedName } from './names.ts'
import type { Dentry } from './schema.ts'
import { isBefore, platformTime } from './times.ts'

/** The maximum number of calls to look up one commit. */
const MAX_CALLS = 9
/** The maximum number of pages per look. New entries are on the first page. */
const MAX_PAGES = 3
/** How far apart (ms) the clocks of the storage's own machines may be. */
const SLACK = 5000
/** How far apart (ms) the clocks of the gateway and the storage may be, including a wrong time zone. */
const DAY = 24 * 3600_000

/** An upload whose bytes are stored. */
export interface Upload {
  ticket: UploadTicket
  folder: Folder
  unionId: string
  file: FileSpec
  /** MD5 of the whole file, lower-case hex. */
  md5: string
  conflictStrategy: ConflictStrategy
  /** The version that the file will get, if known. */
  version?: number | undefined
}

/** The result of a look at the folder. */
export interface Look {
  /** The entry with the upload's nonce, which the upload certainly created. */
  readonly own?: Dentry
  /** The entries that the commit may have created or changed. */
  readonly candidates: readonly Dentry[]
  /** Whether the look covered every entry that the commit may have created or changed. */
  readonly isComplete: boolean
}

export type CommitLookup = ReturnType<typeof commitLookup>

/**
 * Looks for the entry of an upload whose commit is in doubt. Call this before the first commit is sent.
 *
 * @param made the entries that other uploads of this run created, by ID, with the version from their last commit
 */
export function commitLookup(
  drive: Drive,
  upload: Upload & { readonly nonce: string },
  made: ReadonlyMap<string, number | undefined>,
  clock: Clock,
) {
  const { folder, unionId, file, conflictStrategy, nonce } = upload
  const began = { monotonic: clock.monotonic(), wall: clock.now() }
  const earliestByGateway = (drive.monotonicAhead ?? -Infinity) + began.monotonic - DAY
  let calls = 0

  /** Whether the commit may have created or changed the entry, regardless of its time. */
  const mayBeOwn = (dentry: Dentry) => {
    const { id, size, version, modifiedTime } = dentry
    const [name, wanted] = [comparable(dentry.name), comparable(storedName(file.name))]
    // The commit returns any entry with this name.
    if (conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return name === wanted
    if (name !== wanted && !(conflictStrategy === 'AUTO_RENAME' && isRenamed(name, wanted))) return false
    const isSameSize = (size ?? file.size) === file.size
    if (conflictStrategy === 'OVERWRITE') {
      if (typeof version === 'number' && version === made.get(id)) return false
      // An entry of another size may have been overwritten by someone else after this commit.
      return isSameSize || platformTime(modifiedTime) !== undefined
    }
    // An overwritten entry may have kept its old mark, so another upload's mark counts only on a first version.
    const isAnothers = made.has(id) || ((version ?? 1) <= 1 && carriesAnother(dentry, nonce))
    return isSameSize && !isAnothers
  }

  /** When the commit must have created or changed the entry. An existing entry can have any time. */
  const timeOf = ({ createTime, modifiedTime }: Dentry) => {
    if (conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return undefined
    return platformTime(conflictStrategy === 'OVERWRITE' ? modifiedTime : createTime)
  }

  /** Looks at the folder once. @throws DingTalkError */
  const look = async (): Promise<Look> => {
    const named: Dentry[] = []
    let [newest, earliest, pages] = [-Infinity, -Infinity, 0]
    let [isAll, isReadable] = [false, true]
    for await (const { files, unreadable, isLast } of drive.list(folder, unionId)) {
      calls++
      const own = files.find((dentry) => carries(dentry, nonce))
      if (own) return { own, candidates: [], isComplete: true }
      named.push(...files.filter(mayBeOwn))
      newest = Math.max(newest, ...files.flatMap(({ createTime }) => platformTime(createTime)?.at ?? []))
      // The commit took effect after the time of the newest entry minus the time since the commit was sent. This uses only
      // the storage's clock and a measured duration. The gateway's clock is only accurate to a day.
      // The monotonic clock stops while the machine is suspended. If the wall clock jumps ahead, less is ruled out.
      const elapsed = Math.max(clock.monotonic() - began.monotonic, clock.now() - began.wall)
      earliest = Math.max(newest - elapsed - SLACK, earliestByGateway)
      // An entry that can't be read may be the upload's own.
      isReadable &&= unreadable === 0
      // The list is sorted by modification time, so all further entries are too old.
      isAll = isLast || files.some(({ modifiedTime }) => isBefore(platformTime(modifiedTime), earliest))
      if (isAll || ++pages === MAX_PAGES || calls >= MAX_CALLS) break
    }
    const candidates = named.filter((dentry) => !isBefore(timeOf(dentry), earliest))
    return { candidates, isComplete: isAll && isReadable }
  }

  return {
    look,
    hasCallsLeft: () => calls < MAX_CALLS,
    /** Counts a call other than a look. */
    countCall: () => calls++,
  }
}
