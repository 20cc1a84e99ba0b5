import type { Logger } from '../dingtalk/gateway.ts'
import type { Job } from '../domain.ts'
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'
import type { InputSource } from '../inputs/reader.ts'
import type { Language } from '../text/language.ts'

/** The workflow run, as the job summary and messages show it. What GitHub does not say is empty. */
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
  /** What the run is about: the message of the head commit, or the title of the pull request. */
  title: string
  /** The messages of the commits that were pushed, oldest first; where there are none, the title. */
  changes: readonly string[]
  /** How many more commits were pushed. */
  moreChanges?: number
  /** The release that the event is about. */
  release?: Release | undefined
  /** Who made the head commit, or opened the pull request; undefined if no commit is known. */
  author?: Author | undefined
}

/** A release. What is unknown is empty. */
export interface Release {
  readonly name: string
  readonly tag: string
  /** GitHub's Markdown */
  readonly body: string
  /** Its page. */
  readonly url: string
}

/** A person, or a program. What is unknown is empty. */
export interface Author {
  readonly login: string
  readonly email: string
  /** Whether GitHub says that it's a program. */
  readonly isBot?: boolean
}

/** What the action needs of GitHub's runner. Texts may contain anything: what the runner would read as a command is escaped. */
export interface Runner extends Logger, InputSource<InputName> {
  /** The language of the log, the annotations and the job summary. */
  readonly language: Language
  readonly secret: (value: string) => void
  readonly info: (line: Text) => void
  /** Lines of the log that are folded away below their title. */
  group(title: Text, lines: readonly Text[]): void
  /** Annotates the step, as {@link error} does. */
  readonly warning: (message: Text, details?: string) => void
  /** Annotates the step with what needs no action. */
  notice(message: Text): void
  /**
   * Annotates the step, in full in each language. The message may have several lines.
   *
   * @param details codes, request ID, and link, which are shown once
   */
  error(message: Text, details?: string): void
  /** Sets an output: a text as it is, anything else as JSON. */
  output(name: string, value: unknown): void
  /**
   * The same value without secrets: see `Redaction`. What is encoded for Markdown or JSON must come from here, because no mask
   * finds a secret in its encoded form.
   */
  redacted<T>(value: T): T
  /** Appends Markdown to the job summary. */
  summary(markdown: string): Promise<void>
  /** The directory for temporary files. */
  temp(): string
  /** Undefined outside a workflow. */
  workflowRun(): WorkflowRun | undefined
  /** Which job of which run this is. */
  job(): Job
}
