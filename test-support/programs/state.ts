import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface DwsState {
  version: string
  loggedIn: boolean
  accounts: { profile: string; corpName: string; userName: string }[]
  apps: { unifiedAppId: string; name: string; appKey: string }[]
  credentials: { clientId: string; clientSecret: string }
  self: { userId: string; name: string }
  groups: { title: string; openConversationId: string }[]
  /** The scopes that the app has. */
  authed: string[]
  /** Scopes that only a published version brings, and that dws can't add. */
  needsApproval: string[]
  notAddable: string[]
  robotCode: string
  hasRobot: boolean
  robots: string[]
  versions: Record<string, 'INIT' | 'AUDIT' | 'RELEASE'>
  approvers: { userId: string; name: string }[]
  /** How many status queries report a version as under review. */
  reviews: number
  /** The results of the next calls of a command, in order. */
  plays: Record<string, Play[]>
  /** The emulator whose app gets the scopes. */
  emulator?: string
}

/**
 * - `http_503`, `http_429`, `network`: not executed, and can be retried; `http_503 done`: executed
 * - `nothing`: executed, and reported without content; `html`: responds with HTML
 * - `no-developer`, `token`, `consent`, `consent-denied`, `not-creator`, `unknown-tool`, `unknown-command`: rejected
 * - `quoting`: rejected, with the credentials in the message
 * - `ignored`: reports success, and does nothing
 */
export type Play =
  | 'http_503'
  | 'http_503 done'
  | 'http_429'
  | 'network'
  | 'nothing'
  | 'html'
  | 'no-developer'
  | 'token'
  | 'consent'
  | 'consent-denied'
  | 'not-creator'
  | 'unknown-tool'
  | 'unknown-command'
  | 'quoting'
  | 'ignored'

export const DWS_STATE: DwsState = {
  version: 'v1.0.60',
  loggedIn: true,
  accounts: [{ profile: 'dingcorp:manager01', corpName: 'ACME', userName: '李四' }],
  apps: [],
  credentials: { clientId: 'dingabc123', clientSecret: 'S3CRET' },
  self: { userId: 'manager01', name: '李四' },
  groups: [],
  authed: ['qyapi_base'],
  needsApproval: [],
  notAddable: [],
  robotCode: 'dingabc123',
  hasRobot: false,
  robots: [],
  versions: {},
  approvers: [],
  reviews: 0,
  plays: {},
}

export interface GhState {
  loggedIn: boolean
  hasVariableCommand: boolean
  repositories: string[]
  secrets: Record<string, string>
  variables: Record<string, string>
}

export const GH_STATE: GhState = {
  loggedIn: true,
  hasVariableCommand: true,
  repositories: [],
  secrets: {},
  variables: {},
}

export interface GlabState {
  loggedIn: boolean
  variables: Record<string, { value: string; masked: boolean }>
}

export const GLAB_STATE: GlabState = { loggedIn: true, variables: {} }

/** The directory for the state and the calls of a test's stand-ins. */
const DIRECTORY = process.env['STAND_INS'] ?? '.'

/** The state of a stand-in after the last call. */
export function readState<T extends object>(name: string, initial: T): T {
  const path = join(DIRECTORY, `${name}.json`)
  return existsSync(path) ? { ...initial, ...(JSON.parse(readFileSync(path, 'utf8')) as T) } : initial
}

export function writeState(name: string, state: object): void {
  writeFileSync(join(DIRECTORY, `${name}.json`), JSON.stringify(state))
}

/** Records a call: secrets must never be among the arguments. */
export function recordCall(name: string, args: readonly string[], input?: string): void {
  appendFileSync(join(DIRECTORY, 'calls.jsonl'), `${JSON.stringify({ name, args, input })}\n`)
}
