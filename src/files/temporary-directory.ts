import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory for this run alone. It is created when it is first needed, and removed with all its content. */
export class TemporaryDirectory {
  readonly #within: string
  #made: Promise<string> | undefined

  /** @param within where it is created; if that's not possible, in the system's directory for temporary files */
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
    const made = await this.#made?.catch(() => undefined) // the caller of path() reported it
    if (made !== undefined) await rm(made, { recursive: true, force: true, maxRetries: 3 })
  }
}
