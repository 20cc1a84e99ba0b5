import type { Text } from './http/text.ts'
import type { Link } from './text/links.ts'

/** An error with a message in both languages. */
export class TextError extends Error {
  readonly text: Text

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options)
    this.text = text
  }
}

/** What is wrong with an input. */
export interface Problem {
  /** The input's name. */
  readonly input: string
  /** Whole sentences that follow the name and a colon. */
  readonly text: Text
  /** Where to do something about it. */
  readonly links?: readonly Link[] | undefined
}

/** What is wrong with the inputs: every problem. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ input, text }) => `${input}: ${text.en}`).join('\n'))
    this.problems = problems
  }
}

/** A file on disk can no longer be read, or is no longer the file that was found. */
export class LocalFileError extends TextError {
  override readonly name = 'LocalFileError'
}

/** The job was canceled. What has not happened by then does not happen. */
export class Cancelled extends TextError {
  override readonly name = 'Cancelled'

  constructor() {
    super({ en: 'The job was canceled.', zh: '任务已取消。' })
  }
}
