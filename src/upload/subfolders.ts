import type { Drive, Folder } from '../dingtalk/drive.ts'
import { DingTalkError } from '../dingtalk/errors.ts'

/**
 * The folders below a folder. Each is found, or created if it is missing, by one call when it is first needed. Jobs that create
 * a folder at the same time get the same one.
 */
export class Subfolders {
  readonly #drive: Drive
  readonly #unionId: string
  /** By path. A failed call isn't repeated: the result would be the same. */
  readonly #known: Map<string, Promise<Folder>>

  /** @param unionId the operator's */
  constructor(folder: Folder, unionId: string, drive: Drive) {
    this.#drive = drive
    this.#unionId = unionId
    this.#known = new Map([['', Promise.resolve(folder)]])
  }

  /**
   * Returns the folder at a path.
   *
   * @param path names separated by slashes; empty for the folder itself
   * @throws DingTalkError, the same for everything below a folder that can't be created
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
      const sentence = { en: `The folder ${shown} is not available.`, zh: `文件夹 ${shown} 不可用。` }
      throw error.withSentence(sentence)
    }
  }
}
