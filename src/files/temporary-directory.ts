import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory for this run only. It is created when it is first used. */
export class TemporaryDirectory {
  readonly #within: string
  #made: Promise<string> | undefined

  /** @param within the parent. If it can't be used, the system's temporary directory is used instead */
  constructor(within: string) {
    this.#within = within
  }

  path(): Promise<string> {
    const make = async (within: string) => {
      await mkdir(within, { recursive: true })
      return mkdtemp(join(within, 'upload-to-dingtalk-'))
    }
    return (this.#made ??= make(this.#within).catch(() => make(tmpdir())))
  }

  async remove(): Promise<void> {
    const made = await this.#made?.catch(() => undefined) // path() has thrown the error.
    if (made !== undefined) await rm(made, { recursive: true, force: true, maxRetries: 3 })
  }
}
