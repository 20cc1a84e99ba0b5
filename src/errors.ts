/** What is wrong with the inputs: every problem, each beginning with the input's name. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? problems[0] : problems.map((problem) => `\n- ${problem}`).join(''))
    this.problems = problems
  }
}

/** A file on disk can no longer be read, or is no longer the file that was found. */
export class LocalFileError extends Error {
  override readonly name = 'LocalFileError'
}

/** The job was cancelled. What has not happened by then does not happen. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}
