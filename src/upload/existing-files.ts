import { DingTalkError } from '../dingtalk/errors.ts'
import type { Dentry } from '../dingtalk/responses/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Uploaded } from '../result.ts'
import { alreadyThere, upload, type Destination, type UploadContext } from './upload.ts'

/** The most entries of a folder that are looked at. Fifty of them take one call. */
const MAX_ENTRIES = 1000

/** The files that the folder is known to hold and that need no upload: for `return-existing`. */
export class ExistingFiles {
  /** By name. Those being uploaded resolve when they are there, or to undefined if they fail. */
  readonly #byName: Map<string, Promise<Dentry | undefined>>

  private constructor(found: ReadonlyMap<string, Dentry>) {
    this.#byName = new Map([...found].map(([name, dentry]) => [name, Promise.resolve(dentry)]))
  }

  /**
   * Looks for the files in the folder. One that may not be listed gives none, and of a very large one not all are
   * found: there the platform's own `RETURN_DENTRY_IF_EXISTS` decides after the upload.
   *
   * @throws DingTalkError for what is no refusal
   */
  static async among(
    files: readonly LocalFile[],
    { folder, unionId }: Destination,
    { dingtalk, retryOptions }: UploadContext,
  ): Promise<ExistingFiles> {
    const missing = new Set(files.map(({ name }) => name))
    const found = new Map<string, Dentry>()
    let seen = 0
    try {
      for await (const dentry of dingtalk.drive.list(folder, unionId)) {
        if (missing.delete(dentry.name)) found.set(dentry.name, dentry)
        if (missing.size === 0 || ++seen === MAX_ENTRIES) break
      }
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.kind !== 'refused') throw error
      const why = `(${error.code}: ${error.message})`
      retryOptions.log(
        `the folder cannot be listed ${why}: every file goes up, and DingTalk keeps what is there`,
      )
    }
    return new ExistingFiles(found)
  }

  /** Uploads a file unless it is there, or another of its name is on its way. @throws as {@link upload} */
  upload(file: LocalFile, to: Destination, context: UploadContext): Promise<Uploaded> {
    const known = this.#byName.get(file.name)
    const uploaded = known
      ? known.then((dentry) =>
          dentry ? alreadyThere(file, dentry, context.retryOptions.signal) : upload(file, to, context),
        )
      : upload(file, to, context)
    this.#byName.set(
      file.name,
      uploaded.then(
        ({ dentry }) => dentry,
        () => undefined,
      ),
    )
    return uploaded
  }
}
