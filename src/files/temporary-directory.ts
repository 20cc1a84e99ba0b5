import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A directory of this run's own, made when it is first needed and gone with all that is in it when the run is over. */
export class TemporaryDirectory {
  readonly #within: string
  #made: Promise<string> | undefined

  /** @param within an existing directory */
  constructor(within: string) {
    this.#within = within
  }

  path(): Promise<string> {
    return (this.#made ??= mkdtemp(join(this.#within, 'upload-to-dingtalk-')))
  }

  async remove(): Promise<void> {
    const made = await this.#made?.catch(() => undefined) // its user has been told
    if (made !== undefined) await rm(made, { recursive: true, force: true, maxRetries: 3 })
  }
}
