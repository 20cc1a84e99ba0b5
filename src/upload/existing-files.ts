import { storedName } from '../dingtalk/dentry-name.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { previewUrl } from '../dingtalk/folder.ts'
import type { Dentry } from '../dingtalk/responses/schema.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { Uploaded } from '../result.ts'
import { upload, type Destination, type UploadContext } from './upload.ts'

/** The most pages of a folder's list that are looked at. Each has fifty entries and costs a call. */
const MAX_PAGES = 20

/** The files that the folder is known to hold and that need no upload: for `return-existing`. */
export class ExistingFiles {
  /** By the name that the platform stores. Those being uploaded resolve when they are there, or to undefined if they fail. */
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
    const missing = new Set(files.map(({ name }) => storedName(name)))
    const found = new Map<string, Dentry>()
    let pages = 0
    try {
      for await (const page of dingtalk.drive.list(folder, unionId)) {
        for (const dentry of page.files) if (missing.delete(dentry.name)) found.set(dentry.name, dentry)
        if (missing.size === 0 || ++pages === MAX_PAGES) break
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
    const name = storedName(file.name)
    const known = this.#byName.get(name)
    const uploaded = known
      ? known.then((dentry) => (dentry ? alreadyThere(dentry) : upload(file, to, context)))
      : upload(file, to, context)
    this.#byName.set(
      name,
      uploaded.then(
        ({ dentry }) => dentry,
        () => undefined,
      ),
    )
    return uploaded
  }
}

/** A file that is there, of whatever bytes: the local ones are not compared, so their MD5 would say nothing about it. */
function alreadyThere(dentry: Dentry): Uploaded {
  return { dentry, existing: true, md5: undefined, url: previewUrl(dentry) }
}
