import type { Logger } from '../dingtalk/gateway.ts'
import type { Job } from '../domain.ts'
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'
import type { InputSource } from '../inputs/reader.ts'
import type { Language } from '../text/language.ts'

/** A workflow run. Unknown texts are empty. */
export interface WorkflowRun {
  /** `owner/name` */
  repository: string
  workflow: string
  number: number
  /** Empty if runs have no page. */
  url: string
  commit: string
  commitUrl: string
  actor: string
  /** A branch, a tag, or a pull request such as `#12`. */
  ref: string
  /** The message of the head commit, or the title of the pull request. */
  title: string
  /** The messages of the pushed commits, oldest first, or the title if there are none. */
  changes: readonly string[]
  /** How many more commits were pushed. */
  moreChanges?: number
  /** The release of the event. */
  release?: Release | undefined
  /** The author of the head commit or the pull request. */
  author?: Author | undefined
}

/** A release. Unknown texts are empty. */
export interface Release {
  readonly name: string
  readonly tag: string
  /** GitHub's Markdown. */
  readonly body: string
  /** Its page. */
  readonly url: string
}

/** The author of a commit or a pull request. Unknown texts are empty. */
export interface Author {
  readonly login: string
  readonly email: string
  readonly isBot?: boolean
}

/** Where a job runs, and where its log and results go. Texts that the runner would read as commands are escaped. */
export interface Runner extends Logger, InputSource<InputName> {
  /** The language of the log, the annotations, and the job summary. */
  readonly language: Language
  /** Masks a secret. */
  readonly secret: (value: string) => void
  readonly info: (line: Text) => void
  /** Writes lines that are collapsed below a title. */
  group(title: Text, lines: readonly Text[]): void
  readonly warning: (message: Text, details?: string) => void
  notice(message: Text): void
  /**
   * Adds an annotation in each language.
   *
   * @param message may have several lines
   * @param details codes, request ID, and links, which are shown once
   */
  error(message: Text, details?: string): void
  /** Sets an output: a string as it is, any other value as JSON. */
  output(name: string, value: unknown): void
  /** A copy without secrets. Redact before you encode as Markdown or JSON: an encoded secret is not recognized. */
  redacted<T>(value: T): T
  /** Appends Markdown to the job summary. */
  summary(markdown: string): Promise<void>
  /** The directory for temporary files. */
  temp(): string
  /** Undefined outside a workflow. */
  workflowRun(): WorkflowRun | undefined
  /** Identifies the job and its run. */
  job(): Job
}
