import type { DeletedEntry, StoredFile } from './drive/stored-file.ts'
import type { TimeFormat } from './drive/time-format.ts'
import type { Fault } from './faults/fault.ts'
import type { Server } from './http/operation.ts'
import type { RecordedRequest } from './http/recorded-request.ts'
import type { Message } from './organization/chats.ts'
import type { Others, Values } from './organization/organization.ts'

export interface EmulatorOptions {
  /** Port of the new gateway; 0 is any. All servers listen on 127.0.0.1 only. */
  port?: number
  /**
   * `two`: the hosts are named `localhost`, which most machines resolve to an IPv6 and an IPv4 address. Only the latter accepts
   * connections. Default `one`.
   */
  addresses?: 'one' | 'two'
  /** ms since the epoch: used for expiry, clock skew and times of creation. Default `Date.now`. */
  clock?: () => number
  /**
   * The effect of a second commit with the same upload key, which DingTalk does not document: `paramError.uploadKey`,
   * plain `paramError`, or a second file. Default `refuse`.
   */
  usedUploadKey?: 'refuse' | 'refuse-plain' | 'second-file'
  /**
   * `closed`: the v1 commit is no longer available to this app. `forbidden`: the same, but the refusal is a bare
   * `Forbidden.AccessDenied`. Default `open`.
   */
  v1Commit?: 'open' | 'closed' | 'forbidden'
  /**
   * What becomes of the app's properties of a file. `list`: kept, but shown as a list. `first-kept`: kept, but a new version
   * does not replace them. `unlisted`: kept, but not shown by lists. Default `kept`.
   */
  appProperties?: 'kept' | 'list' | 'first-kept' | 'unlisted' | 'dropped' | 'refused'
  /**
   * What else changes when an app sets the properties of a file, which the page doesn't say: nothing, the time and the modifier
   * (the operator), the modifier (the app), or the version. Default `nothing`.
   */
  updatedProperties?: 'nothing' | 'modified' | 'modified-by-app' | 'new-version'
  /** `plain`: storage that is not OSS, which answers with neither ETag nor request ID. Default `oss`. */
  storageAnswers?: 'oss' | 'plain'
  /** Whether upload info for a name that is taken is refused. The page says it is checked, with no code. Default `accepted`. */
  takenName?: 'accepted' | 'refused'
  /** `toRecycleBin` in a space that has no recycle bin: the entry is deleted for good, or the call refused. Default `ignored`. */
  recycleBin?: 'ignored' | 'refused'
  /** When a list of a group's own space shows a file that was sent there: at once, 5 s later, or never. Default `shown`. */
  groupSpace?: 'shown' | 'late' | 'hidden'
  /** Whether the copy of a file that was sent has the file's `appProperties`. Default `dropped`. */
  copiedProperties?: 'dropped' | 'kept'
  /** Whether names that differ in case only are the same name. The pages don't say. Default `exact`. */
  nameCase?: 'exact' | 'ignored'
  /**
   * A new folder whose name a file of the same folder has: it is created all the same, refused with `dentryAlreadyExist`, or, with
   * `RETURN_DENTRY_IF_EXISTS`, the file is returned. The page doesn't say. Default `created`.
   */
  folderOverFile?: 'created' | 'refused' | 'returned'
  /**
   * Whether a PUT is signed by headers or by its URL, as for OSS, or has a token in a header of another name, as for dedicated
   * storage. Default `headers`.
   */
  signing?: 'headers' | 'url' | 'token'
  /** How long OSS accepts the signature of a PUT: seconds; default 900 */
  signatureLifetime?: number
  /** `opaque`: an ETag that is not 32 hex digits. Default `md5`. */
  etag?: 'md5' | 'opaque'
  /** The form of all times in the gateways' responses. Default `iso`, to the second. */
  timeFormat?: TimeFormat
  /**
   * How the gateway spells the codes of parameters: `paramError.name`, `paramError-name`, or `InvalidName`. All occur.
   * Default `dotted`.
   */
  codeSpelling?: 'dotted' | 'dashed' | 'prefixed'
  /** When a permission takes effect that is enabled: at once, or for access tokens that are issued later. Default `at-once`. */
  newPermissions?: 'at-once' | 'new-token'
  /** How far (ms) the storage's clock, which dates the files, is ahead of the gateways' `Date`; may be negative. Default 0. */
  storageClockSkew?: number
  /** seconds; default 7200 */
  accessTokenLifetime?: number
  /** How many resource URLs refuse connections; they come before the working ones. Default 0. */
  deadResourceHosts?: number
  /** ms before every response of the gateways; default 0 */
  latency?: number
  /** How many PUTs OSS receives at once; it answers any further one with `SlowDown`. Default: any number. */
  maxPuts?: number
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
