import type { Drive, FileSpec, UploadTicket } from './drive.ts'
import { DingTalkError } from './errors.ts'
import type { ConflictStrategy, Folder } from './folder.ts'
import type { Dentry } from './responses/schema.ts'
import type { RetryOptions } from './transport/retry.ts'

/** How long to wait (ms) before each look at the folder: the platform may still be at work when it has fallen silent. */
const LOOKS = [1000, 3000, 9000]
/** The platform tells times in whole seconds. */
const SECOND = 1000

/** An upload that waits for its commit. */
export interface Upload {
  ticket: UploadTicket
  folder: Folder
  unionId: string
  file: FileSpec
  conflictStrategy: ConflictStrategy
}

/** A place in a queue. */
export interface Turn {
  /** Resolves when all before have ended. */
  before: Promise<undefined>
  end: () => void
}

export interface Committed {
  dentry: Dentry
  /** The entry was there before: `RETURN_DENTRY_IF_EXISTS` found it, and the new bytes were dropped. */
  existing: boolean
}

/**
 * Commits uploads, each exactly once, though an answer may be lost, and though nobody says whether a second commit with
 * the same upload key is refused or makes a second file.
 *
 * A commit in doubt is looked up before it is repeated. An entry of its name and size that was made after the upload
 * began is its own. One from the very second in which it began may be another's: then a commit that cannot make
 * anything (the name is taken, and that is to be an error) tells whether the key has been used, if the platform minds.
 * What is in doubt after that is reported, not guessed.
 */
export class Committer {
  readonly #drive: Drive
  readonly #retryOptions: RetryOptions
  /** Ids of the entries that this run has made: none of them is another upload's. */
  readonly #made = new Set<string>()
  /** The end of the last upload of each name. */
  readonly #last = new Map<string, Promise<undefined>>()

  constructor(drive: Drive, retryOptions: RetryOptions) {
    this.#drive = drive
    this.#retryOptions = retryOptions
  }

  /**
   * Takes a turn among the uploads of one name, in the order of asking: they are committed one after the other, so that
   * the same one always gets the name, and at most one of them is in doubt.
   *
   * @param key the same for all names that the platform may take for one
   */
  turn(key: string): Turn {
    const before = this.#last.get(key) ?? Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#last.set(key, promise)
    return {
      before,
      end: () => {
        resolve(undefined)
      },
    }
  }

  /** @throws DingTalkError; with `mayHaveHappened`, the file may be there and nobody can tell */
  async commit(upload: Upload): Promise<Committed> {
    const dentry = await this.#exactlyOnce(upload)
    const { conflictStrategy, ticket } = upload
    const existing =
      conflictStrategy === 'RETURN_DENTRY_IF_EXISTS' &&
      // Made earlier: by another upload of this run, or before this upload began.
      (this.#made.has(dentry.id) || timeOf(dentry.createTime) < (ticket.at ?? 0))
    this.#made.add(dentry.id)
    return { dentry, existing }
  }

  async #exactlyOnce(upload: Upload): Promise<Dentry> {
    const { file, conflictStrategy } = upload
    let doubt: DingTalkError | undefined
    for (let tries = 1; ; tries++) {
      let refusal: DingTalkError | undefined
      try {
        return await this.#try(upload, file.name, conflictStrategy)
      } catch (error) {
        if (!(error instanceof DingTalkError) || error.operation !== 'commit' || error.code === 'Cancelled')
          throw error
        if (error.remedy === 'look-up') doubt = error
        else refusal = error
        // A refusal may be the doubtful one's doing: it has used the key, or taken the name.
        if (!doubt) throw error
      }
      const keyIsUsed = refusal !== undefined && saysKeyIsUsed(refusal)
      const [own, ...others] = await this.#lookUp(upload, doubt)
      if (!own) {
        if (keyIsUsed || tries > this.#retryOptions.retries) throw doubt
        if (refusal) throw refusal
        this.#retryOptions.log(
          `the answer to the commit of ${file.name} was lost, and it is not in the folder: once more`,
        )
        continue
      }
      const isOwn =
        others.length === 0 && (own.certain || keyIsUsed || (await this.#usesKey(upload, own.dentry)))
      if (isOwn) return own.dentry
      throw doubt.withMessage(
        `${doubt.message}; the folder now has ${own.dentry.name} of the same size, which may be another upload's`,
      )
    }
  }

  #try({ folder, unionId, ticket, file }: Upload, name: string, strategy: ConflictStrategy): Promise<Dentry> {
    return this.#drive.commit(folder, unionId, ticket.uploadKey, { ...file, name }, strategy)
  }

  /** Whether the platform says that the upload key has been used. Makes nothing: the entry's name is taken. */
  async #usesKey(upload: Upload, { name }: Dentry): Promise<boolean> {
    try {
      await this.#try(upload, name, 'RETURN_ERROR_IF_EXISTS')
      return false
    } catch (error) {
      return error instanceof DingTalkError && saysKeyIsUsed(error)
    }
  }

  /** The entries that the upload may have made: those that only it can have made, if there are any. */
  async #lookUp(upload: Upload, doubt: DingTalkError): Promise<{ dentry: Dentry; certain: boolean }[]> {
    const { clock, signal } = this.#retryOptions
    try {
      for (const wait of LOOKS) {
        await clock.sleep(wait, signal)
        const found = await this.#candidates(upload)
        const certain = found.filter((candidate) => candidate.certain)
        if (found.length > 0) return certain.length > 0 ? certain : found
      }
      return []
    } catch (error) {
      // A job that is cancelled meanwhile leaves the doubt as it was.
      if (!(error instanceof DingTalkError) && !signal?.aborted) throw error
      const why = error instanceof DingTalkError ? `${error.code}: ${error.message}` : String(error)
      throw doubt.withMessage(`${doubt.message}; whether it is in the folder could not be looked up (${why})`)
    }
  }

  async #candidates(upload: Upload): Promise<{ dentry: Dentry; certain: boolean }[]> {
    const { folder, unionId, file, conflictStrategy, ticket } = upload
    const began = ticket.at ?? 0
    const found = []
    for await (const dentry of this.#drive.list(folder, unionId)) {
      if (conflictStrategy === 'RETURN_DENTRY_IF_EXISTS') {
        // Whoever made it, it is what the commit would have returned.
        if (dentry.name === file.name) return [{ dentry, certain: true }]
        continue
      }
      if (timeOf(dentry.modifiedTime) < began) break
      const made = timeOf(conflictStrategy === 'OVERWRITE' ? dentry.modifiedTime : dentry.createTime)
      const named =
        dentry.name === file.name || (conflictStrategy === 'AUTO_RENAME' && isRenamed(dentry.name, file.name))
      if (!named || dentry.size !== file.size || made < began || this.#made.has(dentry.id)) continue
      found.push({ dentry, certain: ticket.at !== undefined && made >= began + SECOND })
    }
    return found
  }
}

function saysKeyIsUsed(error: DingTalkError): boolean {
  return error.code === 'paramError.uploadKey'
}

/** Whether a name is what `AUTO_RENAME` makes of another: `app(1).apk`. */
function isRenamed(name: string, from: string): boolean {
  const dot = from.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [from.slice(0, dot), from.slice(dot)] : [from, '']
  return (
    name.startsWith(stem) &&
    name.endsWith(extension) &&
    /^ ?[(（]\d+[)）]$/.test(name.slice(stem.length, name.length - extension.length))
  )
}

/** ms since the epoch; NaN, which is neither before nor after anything, for a time that is not told. */
function timeOf(time: string | null | undefined): number {
  return Date.parse(time ?? '')
}
