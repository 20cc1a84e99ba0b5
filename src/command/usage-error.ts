import type { Text } from '../http/text.ts'

/** The command was used incorrectly. Nothing has happened yet. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** Every problem, in whole sentences. */
  readonly problems: readonly Text[]

  constructor(problems: readonly Text[]) {
    super(problems.map(({ en }) => en).join('\n'))
    this.problems = problems
  }
}
