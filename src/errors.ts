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

/** A problem with an input. */
export interface Problem {
  readonly input: string
  /** Complete sentences. */
  readonly text: Text
  /** Where to fix it. */
  readonly links?: readonly Link[] | undefined
}

/** All problems with the inputs. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ input, text }) => `${input}: ${text.en}`).join('\n'))
    this.problems = problems
  }
}

/** A local file can no longer be read, or has changed since it was found. */
export class LocalFileError extends TextError {
  override readonly name = 'LocalFileError'
}

/** The job was canceled. */
export class Cancelled extends TextError {
  override readonly name = 'Cancelled'

  constructor() {
    super({ en: 'The job was canceled.', zh: '任务已取消。' })
  }
}
