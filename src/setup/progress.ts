import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { isSecret } from '../command/names.ts'
import { INPUT_NAMES, type InputName } from '../inputs/inputs.ts'
import type { Answers } from './answers.ts'

/** What is remembered of a setup that is not finished: its answers, without secrets, in a file that only its owner can read. */
export class Progress {
  readonly #path: string

  /** @param directory where the setup was started: each has a progress of its own */
  constructor(directory: string, variables: Readonly<Record<string, string | undefined>>) {
    const base =
      process.platform === 'win32'
        ? (variables['LOCALAPPDATA'] ?? join(homedir(), 'AppData/Local'))
        : variables['XDG_STATE_HOME'] || join(variables['HOME'] ?? homedir(), '.local/state')
    const id = createHash('sha256').update(directory).digest('hex').slice(0, 16)
    this.#path = join(base, 'upload-to-dingtalk', `setup-${id}.json`)
  }

  /** The answers of the last run; none if there is no such file, or it can't be read. */
  read(): Answers {
    try {
      const answers: unknown = JSON.parse(readFileSync(this.#path, 'utf8'))
      return Object.fromEntries(
        Object.entries(Object(answers) as object).filter(([, value]) => typeof value === 'string'),
      )
    } catch {
      return {}
    }
  }

  write(answers: Answers): void {
    const saved = Object.fromEntries(
      Object.entries(answers).filter(
        ([name]) => !((INPUT_NAMES as readonly string[]).includes(name) && isSecret(name as InputName)),
      ),
    )
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
    writeFileSync(this.#path, `${JSON.stringify(saved, undefined, 1)}\n`, { mode: 0o600 })
  }

  remove(): void {
    rmSync(this.#path, { force: true })
  }
}
