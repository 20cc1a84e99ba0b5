import type { Drive, Folder } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'

/**
 * The folders below a folder. Each is found, or created if it is missing, when it is first needed: its parents before it, by
 * one call for each, however many files need it at once. Jobs that do this at the same time get the same folders.
 */
export class Subfolders {
  readonly #drive: Drive
  readonly #unionId: string
  /** By path. One that cannot be created is not tried again: the response would be the same, and every call costs quota. */
  readonly #known: Map<string, Promise<Folder>>

  /** @param unionId the operator's */
  constructor(folder: Folder, unionId: string, { drive }: { readonly drive: Drive }) {
    this.#drive = drive
    this.#unionId = unionId
    this.#known = new Map([['', Promise.resolve(folder)]])
  }

  /**
   * The folder at a path below the folder.
   *
   * @param path names separated by slashes; empty for the folder itself
   * @throws DingTalkError, the same for everything below a folder that cannot be created
   */
  at(path: string): Promise<Folder> {
    const known = this.#known.get(path) ?? this.#create(path)
    this.#known.set(path, known)
    return known
  }

  async #create(path: string): Promise<Folder> {
    const end = path.lastIndexOf('/')
    const parent = await this.at(path.slice(0, Math.max(end, 0)))
    try {
      return await this.#drive.subfolder(parent, this.#unionId, path.slice(end + 1))
    } catch (error) {
      if (!(error instanceof DingTalkError) || error.operation !== 'subfolder') throw error
      const shown = JSON.stringify(path)
      throw error.withSentence({
        en: `The folder ${shown} is not available.`,
        zh: `文件夹 ${shown} 不可用。`,
      })
    }
  }
}
