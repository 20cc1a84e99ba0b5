import type { Environment } from '../http/environment.ts'
import type { Redaction } from '../text/redaction.ts'
import type { Values } from './answers.ts'
import type { Conversation } from './conversation.ts'
import type { Platform } from './platform.ts'

/** What every step of the setup works with. */
export interface Setup {
  readonly talk: Conversation
  readonly platform: Platform
  readonly environment: Environment
  readonly redaction: Redaction
  /** Of the process. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Where the setup was started, and where it writes files: absolute. */
  readonly directory: string
  /** The values of a job, as far as they are known. */
  values(): Values
}
