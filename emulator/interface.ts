import type { DeletedEntry, StoredFile } from './drive/stored-file.ts'
import type { Fault } from './faults/fault.ts'
import type { Server } from './http/operation.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import type { Modes, NUMBERS } from './modes.ts'
import type { Message } from './organization/chats.ts'
import type { Others, Values } from './organization/organization.ts'

/** See {@link MODES} and {@link NUMBERS}. */
export type EmulatorOptions = { -readonly [Name in keyof Modes]?: Modes[Name] } & {
  [Name in keyof typeof NUMBERS]?: number
} & {
  /** ms since the epoch: used for expiry, clock skew and times of creation. Default `Date.now`. */
  clock?: () => number
  /** A directory for the bytes. Default: a new one, which `close()` removes. */
  storage?: string
}

export interface Emulator {
  readonly values: Values
  readonly others: Others
  /** Every request, in order of arrival. */
  readonly requests: RecordedRequest[]
  readonly faults: { add(fault: Fault): void; clear(): void; readonly played: readonly Fault[] }
  readonly scopes: {
    withdraw(...scopes: string[]): void
    grant(...scopes: string[]): void
    readonly granted: ReadonlySet<string>
  }
  /** Messages delivered to groups and users, in order. */
  readonly messages: readonly Message[]
  /** Files and folders that were deleted, in order. */
  deleted(): DeletedEntry[]
  /** Every file in every folder of the drive, in order of creation. */
  files(): StoredFile[]
  contents(dentryId: string): Buffer
  /** The path of a local file with the contents. */
  contentsPath(dentryId: string): string
  /** Every secret that it has issued so far: the app's, the robots', access tokens, signatures. */
  secrets(): string[]
  expireAccessTokens(): void
  /**
   * Stops listening, so that connections to the server are refused. Requests under way still get their response; idle
   * connections are closed. Not a fault: a refused connection never reaches the emulator.
   */
  refuseConnections(server: Server): void
  /** Listens again, at the same addresses. */
  acceptConnections(server: Server): Promise<void>
  /** Calls the listener when a fault starts; for `hang`, when the request hangs. */
  onFault(listener: (fault: Fault, request: RecordedRequest) => void): void
  /** The largest number of PUTs under way at once. */
  readonly peakParallelPuts: number
  /** Closes all servers and connections, and removes the stored bytes unless `storage` was given. */
  close(): Promise<void>
}
