import { TIME_FORMATS } from './drive/time-format.ts'

/** What DingTalk's pages leave open: the possibilities of each option. The first one is the default. */
export const MODES = {
  /**
   * `two`: the hosts are named `localhost`, which most machines resolve to an IPv6 and an IPv4 address. Only the latter accepts
   * connections.
   */
  addresses: ['one', 'two'],
  /**
   * The effect of a second commit with the same upload key, which DingTalk does not document: `paramError.uploadKey`,
   * plain `paramError`, or a second file.
   */
  usedUploadKey: ['refuse', 'refuse-plain', 'second-file'],
  /** `closed`: the v1 commit is no longer available to this app. `forbidden`: the same, but the refusal is a bare `Forbidden.AccessDenied`. */
  v1Commit: ['open', 'closed', 'forbidden'],
  /**
   * What becomes of the app's properties of a file. `list`: kept, but shown as a list. `first-kept`: kept, but a new version
   * does not replace them. `unlisted`: kept, but not shown by lists.
   */
  appProperties: ['kept', 'list', 'first-kept', 'unlisted', 'dropped', 'refused'],
  /**
   * What else changes when an app sets the properties of a file, which the page doesn't say: nothing, the time and the modifier
   * (the operator), the modifier (the app), or the version.
   */
  updatedProperties: ['nothing', 'modified', 'modified-by-app', 'new-version'],
  /** Whether upload info for a name that is taken is refused. The page says it is checked, with no code. */
  takenName: ['accepted', 'refused'],
  /** `toRecycleBin` in a space that has no recycle bin: the entry is deleted for good, or the call refused. */
  recycleBin: ['ignored', 'refused'],
  /** When a list of a group's own space shows a file that was sent there: at once, 5 s later, or never. */
  groupSpace: ['shown', 'late', 'hidden'],
  /** Whether the copy of a file that was sent has the file's `appProperties`. */
  copiedProperties: ['dropped', 'kept'],
  /** Whether names that differ in case only are the same name. The pages don't say. */
  nameCase: ['exact', 'ignored'],
  /**
   * A new folder whose name a file of the same folder has: it is created all the same, refused with `dentryAlreadyExist`, or, with
   * `RETURN_DENTRY_IF_EXISTS`, the file is returned. The page doesn't say.
   */
  folderOverFile: ['created', 'refused', 'returned'],
  /** `plain`: storage that is not OSS, which answers with neither ETag nor request ID. */
  storageAnswers: ['oss', 'plain'],
  /** Whether a PUT is signed by headers or by its URL, as for OSS, or has a token in a header of another name, as for dedicated storage. */
  signing: ['headers', 'url', 'token'],
  /** How the gateway spells the codes of parameters: `paramError.name`, `paramError-name`, or `InvalidName`. All occur. */
  codeSpelling: ['dotted', 'dashed', 'prefixed'],
  /** When a permission takes effect that is enabled: at once, or for access tokens that are issued later. */
  newPermissions: ['at-once', 'new-token'],
  /** `opaque`: an ETag that is not 32 hex digits. */
  etag: ['md5', 'opaque'],
  /** The form of all times in the gateways' responses. `iso`: to the second. */
  timeFormat: TIME_FORMATS,
} as const

export type Modes = { readonly [Name in keyof typeof MODES]: (typeof MODES)[Name][number] }

/** The options that are numbers: the least and the most that the command accepts, which are the same as the emulator's. */
export const NUMBERS = {
  /** Port of the new gateway; 0 is any. All servers listen on 127.0.0.1 only. Default 0. */
  port: [0, 65_535],
  /** How long OSS accepts the signature of a PUT: seconds; default 900 */
  signatureLifetime: [1, 900],
  /** How far (ms) the storage's clock, which dates the files, is ahead of the gateways' `Date`; may be negative. Default 0. */
  storageClockSkew: [-86_400_000, 86_400_000],
  /** seconds; default 7200 */
  accessTokenLifetime: [1, 86_400],
  /** How many resource URLs refuse connections; they come before the working ones. Default 0. */
  deadResourceHosts: [0, 10],
  /** ms before every response of the gateways; default 0 */
  latency: [0, 600_000],
  /** How many PUTs OSS receives at once; it answers any further one with `SlowDown`. Default: any number. */
  maxPuts: [1, 1000],
} as const

/** All modes, those that are not given by their defaults. */
export function modesOf(given: Partial<Modes>): Modes {
  const all = Object.entries(MODES).map(([name, [first]]) => [name, given[name as keyof Modes] ?? first])
  return Object.fromEntries(all) as Modes
}
