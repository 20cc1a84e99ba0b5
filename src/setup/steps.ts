import type { Environment } from '../http/environment.ts'
import type { Redaction } from '../text/redaction.ts'
import type { Values } from './answers.ts'
import type { Conversation } from './conversation.ts'
import type { Dws } from './dws.ts'
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
  /** DingTalk's CLI, once the person has chosen to use it, and as long as it works. */
  dws?: Dws | undefined
  /** The values of a job, as far as they are known. */
  readonly values: () => Values
}
