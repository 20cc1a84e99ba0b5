/** Where DingTalk's pages are unclear, an option selects one of the possible behaviors. The first is the default. */
export const MODES = {
  addresses: ['one', 'two'],
  usedUploadKey: ['refuse', 'refuse-plain', 'second-file'],
  v1Commit: ['open', 'closed', 'forbidden'],
  appProperties: ['kept', 'list', 'first-kept', 'unlisted', 'dropped', 'refused'],
  updatedProperties: ['nothing', 'modified', 'modified-by-app', 'new-version'],
  takenName: ['accepted', 'refused'],
  recycleBin: ['ignored', 'refused'],
  groupSpace: ['shown', 'late', 'hidden'],
  copiedProperties: ['dropped', 'kept'],
  nameCase: ['exact', 'ignored'],
  folderOverFile: ['created', 'refused', 'returned'],
  storageAnswers: ['oss', 'plain'],
  signing: ['headers', 'url', 'token'],
  codeSpelling: ['dotted', 'dashed', 'prefixed'],
  newPermissions: ['at-once', 'new-token'],
  etag: ['md5', 'opaque'],
  timeFormat: ['iso', 'iso-minutes', 'cst'],
} as const

/** The options that are numbers, with their range and default. */
export const NUMBERS = {
  port: { unit: 'N', least: 0, most: 65_535, default: 0 },
  signatureLifetime: { unit: 'SECONDS', least: 1, most: 900, default: 900 },
  storageClockSkew: { unit: 'MS', least: -86_400_000, most: 86_400_000, default: 0 },
  accessTokenLifetime: { unit: 'SECONDS', least: 1, most: 86_400, default: 7200 },
  deadResourceHosts: { unit: 'N', least: 0, most: 10, default: 0 },
  latency: { unit: 'MS', least: 0, most: 600_000, default: 0 },
  maxPuts: { unit: 'N', least: 1, most: 1000, default: Infinity },
} as const

/** What the help of the command says about each option. */
export const HELP: Readonly<Record<keyof Settings, string>> = {
  addresses: 'the host is 127.0.0.1, or localhost, which also has an IPv6 address that refuses connections',
  usedUploadKey:
    'a second commit with the same upload key: paramError.uploadKey, paramError, or a second file',
  v1Commit: 'the v1 commit is available, no longer available, or rejected with only Forbidden.AccessDenied',
  appProperties:
    "a file's appProperties are kept, returned as a list, not updated by a new version, missing in lists, dropped, or rejected",
  updatedProperties: 'what else changes if an app sets the appProperties of a file',
  takenName: 'upload info for a name that is taken',
  recycleBin: 'toRecycleBin in a space without a recycle bin',
  groupSpace: "a sent file appears in the group's own space immediately, after 5 seconds, or never",
  copiedProperties: 'the appProperties of the copy of a sent file',
  nameCase: 'names that differ only in case are different, or the same',
  folderOverFile: 'a new folder with the name of a file: it is created or rejected, or the file is returned',
  storageAnswers: 'the storage is OSS, or responds to a PUT with neither an ETag nor an x-oss-request-id',
  signing: 'a PUT is signed in its headers or its URL, or has the token of dedicated storage',
  codeSpelling: 'a rejected parameter is paramError.name, paramError-name, or InvalidName',
  newPermissions: 'a newly enabled permission takes effect immediately, or only for new access tokens',
  etag: 'the ETag of OSS is the MD5, or an opaque value',
  timeFormat: 'times to the second, to the minute, or as Thu May 28 09:37:16 CST 2026',
  port: 'port of the new gateway; 0 is any',
  signatureLifetime: 'how long OSS accepts the signature of a PUT',
  storageClockSkew:
    "how far the storage's clock is ahead of the gateways' Date; --storage-clock-skew=-1500: behind",
  accessTokenLifetime: 'how long an access token is valid',
  deadResourceHosts: 'number of storage addresses that refuse connections; the first ones',
  latency: 'delay before each API response',
  maxPuts: 'number of PUTs that the storage accepts at the same time; others are rejected with SlowDown',
}

export type Settings = {
  readonly [Name in keyof typeof MODES]: (typeof MODES)[Name][number]
} & { readonly [Name in keyof typeof NUMBERS]: number }

export interface EmulatorOptions extends Partial<Settings> {
  /** ms since the epoch: used for expiry, clock skew, and times of creation. Default `Date.now`. */
  clock?: () => number
  /** A directory for the stored files. Default: a new one, which `close()` removes. */
  storage?: string
}

/** The options, with the default of each that isn't given. */
export function settingsOf(options: EmulatorOptions): Settings {
  const modes = Object.entries(MODES).map(([name, [first]]) => [name, first])
  const numbers = Object.entries(NUMBERS).map(([name, row]) => [name, row.default])
  return { ...(Object.fromEntries([...modes, ...numbers]) as Settings), ...options }
}

/** The name of an option on the command line: `used-upload-key` for `usedUploadKey`. */
export function flagOf(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
