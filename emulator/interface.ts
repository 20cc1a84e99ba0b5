import type { StoredFile } from './drive/stored-file.ts'
import type { Fault } from './faults/fault.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import type { Server } from './http/operation.ts'
import type { Message } from './organization/chats.ts'
import type { Others, Values } from './organization/organization.ts'

export interface EmulatorOptions {
  /** Of the new gateway; 0 is any. Everything listens on 127.0.0.1 alone. */
  port?: number
  /** ms since the epoch: for all that expires, is skewed or was made at some time. */
  clock?: () => number
  /** What a second commit with the same upload key meets; the platform does not say. Default `refuse`. */
  usedUploadKey?: 'refuse' | 'second-file'
  /** `closed`: the v1 commit is no longer open to this app. Default `open`. */
  v1Commit?: 'open' | 'closed'
  /** Whether a PUT is signed by headers, or by its URL with no headers. Default `headers`. */
  signing?: 'headers' | 'url'
  /** `opaque`: an ETag that is not 32 hex digits. Default `md5`. */
  etag?: 'md5' | 'opaque'
  /** seconds; default 7200 */
  accessTokenLifetime?: number
  /** How many resource URLs that refuse connections come before those that work. Default 0. */
  deadResourceHosts?: number
  /** ms before every answer of the gateways; default 0 */
  latency?: number
  /** A directory for the bytes; default a new one, removed by `close()`. */
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
  /** What reached a chat or a user, in order. */
  readonly messages: readonly Message[]
  /** Every file in every folder of the drive, in order of creation. */
  files(): StoredFile[]
  contents(dentryId: string): Buffer
  /** A file that holds the contents. */
  contentsPath(dentryId: string): string
  expireAccessTokens(): void
  /**
   * Nothing listens at a server's addresses any more, so that connections are refused: no play, for a call that is refused
   * never comes here. Requests under way are answered, idle connections dropped.
   */
  refuseConnections(server: Server): void
  /** Listens again, at the same addresses. */
  acceptConnections(server: Server): Promise<void>
  /** Tells when a fault begins to be played: to a request that hangs, when it hangs. */
  onFault(listener: (fault: Fault, request: RecordedRequest) => void): void
  /** The most PUTs that OSS ever had under way at once. */
  readonly peakParallelPuts: number
  /** Closes every server and connection, and removes what was stored. */
  close(): Promise<void>
}
