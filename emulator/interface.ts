import type { DeletedEntry, StoredFile } from './drive/stored-file.ts'
import type { Fault } from './faults/fault.ts'
import type { Server } from './http/operation.ts'
import type { RecordedRequest } from './http/request.ts'
import type { Message } from './organization/chats.ts'
import type { Others, Values } from './organization/organization.ts'

export interface Emulator {
  readonly values: Values
  readonly others: Others
  /** All requests, in order of arrival. */
  readonly requests: RecordedRequest[]
  readonly faults: { add(fault: Fault): void; clear(): void; readonly played: readonly Fault[] }
  readonly scopes: {
    withdraw(...scopes: string[]): void
    grant(...scopes: string[]): void
    readonly granted: ReadonlySet<string>
  }
  /** Messages delivered to groups and users, in order. */
  readonly messages: readonly Message[]
  /** Deleted files and folders, in order. */
  deleted(): DeletedEntry[]
  /** All files of the drive, in order of creation. */
  files(): StoredFile[]
  contents(dentryId: string): Buffer
  /** The path of a local file with the contents. */
  contentsPath(dentryId: string): string
  /** Every secret issued so far: of the app and the robots, access tokens, and signatures. */
  secrets(): string[]
  expireAccessTokens(): void
  /**
   * Stops listening. Pending requests still get their response, and idle connections are closed. This isn't a fault, because a
   * refused connection never reaches the emulator.
   */
  refuseConnections(server: Server): void
  /** Listens again, at the same addresses. */
  acceptConnections(server: Server): Promise<void>
  /** Calls the listener when a fault starts; for `hang`, when the request hangs. */
  onFault(listener: (fault: Fault, request: RecordedRequest) => void): void
  /** The largest number of PUTs at the same time. */
  readonly peakParallelPuts: number
  /** Closes all servers and connections, and removes the stored files unless `storage` was given. */
  close(): Promise<void>
}
