import type { Folder } from '../dingtalk/drive.ts'
import type { DingTalkError } from '../dingtalk/errors.ts'
import type { Uploaded } from '../domain.ts'
import type { LocalFile } from '../files/local-file.ts'
import type { UploadContext } from './context.ts'
import type { Destination } from './destination.ts'
import { ExistingFiles, Listing, looksFirst } from './existing-files.ts'
import { Subfolders } from './subfolders.ts'
import { upload } from './upload.ts'

/** A folder that is there, and what it is known to hold. */
interface Prepared {
  readonly to: Destination
  /** Absent if it need not be known. */
  readonly existing?: ExistingFiles
}

/** Uploads files to their own folders below a destination. */
export class FolderUploads {
  readonly #destination: Destination
  readonly #context: UploadContext
  readonly #folders: Subfolders
  readonly #listing: Listing
  readonly #byDirectory: ReadonlyMap<string, readonly LocalFile[]>
  readonly #prepared = new Map<string, Promise<Prepared>>()
  /** The folders that are there, by directory. */
  readonly #found = new Map<string, Folder>()

  /**
   * @param files all that there are to upload
   * @param unlisted told why existing files cannot be skipped, if a folder may not be listed
   */
  constructor(
    files: readonly LocalFile[],
    destination: Destination,
    context: UploadContext,
    unlisted: (error: DingTalkError) => void,
  ) {
    this.#byDirectory = Map.groupBy(files, ({ directory = '' }) => directory)
    this.#destination = destination
    this.#context = context
    this.#folders = new Subfolders(destination.folder, destination.unionId, context.dingtalk)
    this.#listing = new Listing(unlisted)
  }

  /** Looks into the destination itself, if files go there. @throws DingTalkError if that fails, but for a refusal */
  async start(): Promise<void> {
    if (this.#byDirectory.has('')) await this.#prepare('')
  }

  /** The folder of a file, once it is there. */
  folderOf({ directory = '' }: LocalFile): Folder | undefined {
    return this.#found.get(directory)
  }

  /** Uploads a file to its folder, which is created if it is missing. @throws as {@link upload} */
  async upload(file: LocalFile): Promise<Uploaded> {
    const { to, existing } = await this.#prepare(file.directory ?? '')
    return (existing ?? { upload }).upload(file, to, this.#context)
  }

  /** Once for each directory, however many files of it ask at once. What has failed stays so, for all its files. */
  #prepare(directory: string): Promise<Prepared> {
    const prepared = this.#prepared.get(directory) ?? this.#lookInto(directory)
    this.#prepared.set(directory, prepared)
    return prepared
  }

  async #lookInto(directory: string): Promise<Prepared> {
    const to = { ...this.#destination, folder: await this.#folders.at(directory) }
    this.#found.set(directory, to.folder)
    if (!looksFirst(to.conflictStrategy, this.#context.job)) return { to }
    const files = this.#byDirectory.get(directory) ?? []
    return { to, existing: await ExistingFiles.among(files, to, this.#context, this.#listing) }
  }
}
