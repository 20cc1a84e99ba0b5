import type { Clock } from '../http/environment.ts'
import type { ConflictStrategy, Drive, FileSpec, Folder, UploadTicket } from './drive.ts'
import { carries, carriesAnother } from './mark.ts'
import { comparable, isRenamed, storedName } from './names.ts'
import type { Dentry } from './schema.ts'
import { isBefore, platformTime, type PlatformTime } from './times.ts'

/** The most calls that finding out about one upload may take, whatever is lost how often. */
const MAX_CALLS = 9
/** The most pages of one look. What was made just now stands on the first. */
const MAX_PAGES = 3
/** How far (ms) the clocks of the storage's own machines are trusted to agree with one another. */
const SLACK = 5000
/** The clocks of the gateway and the storage are not taken to agree: but no wrong time zone makes up a whole day. */
const DAY = 24 * 3600_000

/** An upload that waits for its commit. */
export interface Upload {
  ticket: UploadTicket
  folder: Folder
  unionId: string
  file: FileSpec
  /** MD5 of the whole file, lower-case hex. */
  md5: string
  conflictStrategy: ConflictStrategy
  /** The version that the file gets, if that is known before. */
  version?: number | undefined
}

/** What a look at the folder has shown. */
export interface Look {
  /** The entry that carries the upload's nonce: its own, whatever else is there. */
  readonly own?: Dentry
  /** The entries that the upload may have made. */
  readonly candidates: readonly Dentry[]
  /** Whether every entry was seen that it may have made. If not, nothing follows from there being none. */
  readonly isComplete: boolean
}

/** Entries that this run has made, and the version that its last commit gave each, by their ids. */
export type Made = ReadonlyMap<string, number | undefined>

/** Looks for the entry of one upload, whose commit is in doubt. */
export class CommitLookup {
  readonly #drive: Drive
  readonly #upload: Upload
  readonly #nonce: string
  readonly #made: Made
  readonly #clock: Clock
  /** When the first commit was about to be sent, by this machine's monotonic clock. */
  readonly #began: number
  #calls = 0

  /**
   * To be made before the first commit is sent.
   *
   * @param nonce of the upload's mark
   */
  constructor(drive: Drive, upload: Upload, nonce: string, made: Made, clock: Clock) {
    this.#drive = drive
    this.#upload = upload
    this.#nonce = nonce
    this.#made = made
    this.#clock = clock
    this.#began = clock.monotonic()
  }

  /** Whether another call may be made to find out what happened. */
  maySpend(): boolean {
    return this.#calls < MAX_CALLS
  }

  /** Counts a call that is made to find out, other than a look. */
  spend(): void {
    this.#calls++
  }

  /** Looks once, as far as the calls reach. @throws DingTalkError */
  async look(): Promise<Look> {
    const { folder, unionId } = this.#upload
    const named: Dentry[] = []
    let newest: number | undefined
    let pages = 0
    let hasUnreadable = false
    if (!this.maySpend()) return { candidates: [], isComplete: false }
    for await (const { files, unreadable, isLast } of this.#drive.list(folder, unionId)) {
      hasUnreadable ||= unreadable > 0
      this.spend()
      const own = files.find((dentry) => carries(dentry, this.#nonce))
      if (own) return { own, candidates: [own], isComplete: true }
      for (const { createTime } of files) newest = later(newest, platformTime(createTime)?.at)
      const earliest = this.#earliest(newest)
      named.push(...files.filter((dentry) => this.#isNamed(dentry)))
      // What was made or changed in time stands before the first that was changed too early.
      const isComplete =
        isLast || files.some(({ modifiedTime }) => isBefore(platformTime(modifiedTime), earliest))
      if (isComplete || ++pages === MAX_PAGES || !this.maySpend()) {
        const candidates = named.filter((dentry) => !isBefore(this.#madeAt(dentry), earliest))
        // An entry that can't be read may be the one.
        return { candidates, isComplete: isComplete && !hasUnreadable }
      }
    }
    // The platform has begun to give the same pages again.
    return { candidates: named, isComplete: false }
  }

  /**
   * The earliest moment, by the storage's clock, at which the commit can have had its effect.
   *
   * That clock has reached the time of the newest entry, and the commit was sent no longer ago than this machine has
   * measured: two times of one clock and a duration, so that nothing hangs on two clocks agreeing.
   *
   * @param newest ms since the epoch, by the storage's clock
   */
  #earliest(newest: number | undefined): number | undefined {
    const { at } = this.#upload.ticket
    const elapsed = this.#clock.monotonic() - this.#began
    const since = newest === undefined ? undefined : newest - elapsed - SLACK
    return later(since, at === undefined ? undefined : at - DAY)
  }

  #isNamed(dentry: Dentry): boolean {
    const { file, conflictStrategy } = this.#upload
    const [name, wanted] = [comparable(dentry.name), comparable(storedName(file.name))]
    // The commit would have returned this entry, no matter who made it.
    if (conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') return name === wanted
    if (name !== wanted && !(conflictStrategy === 'AUTO_RENAME' && isRenamed(name, wanted))) return false
    if (this.#isOfThisRun(dentry) || this.#isAnothers(dentry)) return false
    if ((dentry.size ?? file.size) === file.size) return true
    // Another size, but not known to be older: a later upload may have overwritten what the commit made.
    return conflictStrategy === 'OVERWRITE' && platformTime(dentry.modifiedTime) !== undefined
  }

  /**
   * Whether another upload has made the entry, as its mark says. The mark says so only of an entry that was never
   * overwritten: below a second version there may be what the commit made, and nobody says whether the mark is replaced.
   */
  #isAnothers(dentry: Dentry): boolean {
    if (this.#upload.conflictStrategy === 'OVERWRITE' || (dentry.version ?? 1) > 1) return false
    return carriesAnother(dentry, this.#nonce)
  }

  /** Whether another upload of this run has made the entry, and it has not been overwritten since. */
  #isOfThisRun({ id, version }: Dentry): boolean {
    if (!this.#made.has(id)) return false
    if (this.#upload.conflictStrategy !== 'OVERWRITE') return true
    return version !== undefined && version !== null && version === this.#made.get(id)
  }

  #madeAt({ createTime, modifiedTime }: Dentry): PlatformTime | undefined {
    switch (this.#upload.conflictStrategy) {
      case 'RETURN_DENTRY_IF_EXISTS': // of any age
        return undefined
      case 'OVERWRITE':
        return platformTime(modifiedTime)
      case 'AUTO_RENAME':
      case 'RETURN_ERROR_IF_EXISTS':
        return platformTime(createTime)
    }
  }
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}
