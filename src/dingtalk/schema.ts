import * as v from 'valibot'

// The responses that this client reads, as far as it reads them. Only what is used is required.

/** IDs are strings of digits, because they exceed a safe integer. A smaller number is one as well. */
const Id = v.union([
  v.pipe(v.string(), v.regex(/^\d+$/, 'an id is a string of digits')),
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.transform(String)),
])

/** A number of seconds, or the same as text. What can't be one counts as missing. */
const Seconds = (missing: number) =>
  v.pipe(
    v.unknown(),
    v.transform((given) => {
      const seconds = typeof given === 'string' ? Number(given) : given
      return typeof seconds === 'number' && seconds >= 1 && Number.isFinite(seconds) ? seconds : missing
    }),
  )

export const AccessTokenResponse = v.object({
  accessToken: v.pipe(v.string(), v.nonEmpty()),
  /** seconds */
  expireIn: v.optional(Seconds(7200), 7200),
})

export const UserResponse = v.object({
  result: v.object({
    unionid: v.pipe(v.string(), v.nonEmpty()),
    active: v.nullish(v.boolean()),
    name: v.nullish(v.string()),
  }),
})

export const ConversationResponse = v.object({ openConversationId: v.pipe(v.string(), v.startsWith('cid')) })

const HttpUrl = v.pipe(v.string(), v.url(), v.regex(/^https?:/i, 'not an http(s) URL'))

const SignatureInfo = v.object({
  /** Earlier ones first. */
  resourceUrls: v.pipe(v.array(HttpUrl), v.minLength(1)),
  /** Empty when the URL itself is signed. */
  headers: v.nullish(v.record(v.string(), v.string()), {}),
  /** For how long it lets a PUT begin. */
  expirationSeconds: v.optional(Seconds(900), 900),
  /** Where the platform stores the file, such as `ZHANGJIAKOU`. */
  region: v.nullish(v.string()),
})

export const UploadInfoResponse = v.object({
  uploadKey: v.pipe(v.string(), v.nonEmpty()),
  headerSignatureInfo: SignatureInfo,
})

export const MultipartResponse = v.object({ uploadKey: v.pipe(v.string(), v.nonEmpty()) })

export const PartInfosResponse = v.object({
  multipartHeaderSignatureInfos: v.array(
    v.object({ partNumber: v.number(), headerSignatureInfo: SignatureInfo }),
  ),
})

/** Where a folder of the v2 API lies, as v1 names it. */
export const SpaceResponse = v.object({ spaceId: Id, dentryId: Id })

const Dentry = v.object({
  id: Id,
  /** Absent: that of the call. */
  spaceId: v.nullish(Id),
  parentId: v.nullish(Id),
  /** The name it really got. */
  name: v.string(),
  uuid: v.nullish(v.string()),
  /** bytes */
  size: v.nullish(v.number()),
  /** In one of several forms: see `platformTime`. */
  createTime: v.nullish(v.string()),
  modifiedTime: v.nullish(v.string()),
  version: v.nullish(v.number()),
  /** Union ids. */
  creatorId: v.nullish(v.string()),
  modifierId: v.nullish(v.string()),
  /** Read by `markOf`: an unknown form of it must not make the answer unreadable. */
  appProperties: v.optional(v.unknown()),
})

/** Whether properties were set. */
export const UpdatedResponse = v.object({ success: v.nullish(v.literal(true)) })

/** What is not a file in use: a folder, or a file that was deleted or has expired. */
const FileType = v.nullish(v.literal('FILE'))
const NormalStatus = v.nullish(v.literal('NORMAL'))

export const DentryResponse = v.object({
  dentry: v.object({ ...Dentry.entries, type: FileType, status: NormalStatus }),
})

/** A folder that was made, or what had its name. */
export const FolderResponse = v.object({
  dentry: v.object({ ...Dentry.entries, type: v.nullish(v.string()) }),
})

/** The keys that a response without a list may have. */
const NO_LIST: ReadonlySet<string> = new Set(['nextToken', 'requestId', 'requestid'])

/** An entry of a list. What is neither a file nor a folder (a shortcut), or not in use, is left out. */
const Listed = v.union([
  v.object({ ...Dentry.entries, type: v.literal('FILE'), status: NormalStatus }),
  v.object({ id: Id, name: v.string(), type: v.literal('FOLDER'), status: NormalStatus }),
  v.object({ type: v.literal('FILE'), status: v.picklist(['DELETED', 'EXPIRED']) }),
  v.object({ type: v.pipe(v.string(), v.notValue('FILE')) }),
])

/**
 * The entries of a folder. One that can't be read may be any file, so it is counted. An empty folder may have no list at all;
 * other JSON without a list is none.
 */
const Dentries = v.object({
  dentries: v.pipe(
    v.nullish(v.array(v.fallback(v.nullable(Listed), null)), []),
    v.transform((dentries) => {
      const read = dentries.filter((dentry) => dentry !== null)
      const named = read.filter((dentry) => 'name' in dentry)
      return {
        files: named.filter((dentry) => dentry.type === 'FILE'),
        folders: named.filter((dentry) => dentry.type === 'FOLDER'),
        unreadable: dentries.length - read.length,
      }
    }),
  ),
  nextToken: v.nullish(v.string()),
})
export const DentriesResponse = v.pipe(
  v.looseObject({}),
  v.check(
    (body) => 'dentries' in body || Object.keys(body).every((key) => NO_LIST.has(key)),
    'no list of entries',
  ),
  Dentries,
)

/** Any entry: the space's root has no parent, so less is asked of it. */
const Entry = v.object({
  uuid: v.pipe(v.string(), v.nonEmpty()),
  /** `FILE`, `FOLDER` … */
  type: v.nullish(v.string()),
  name: v.nullish(v.string()),
  /** From the root of the space, such as `/builds/android`. */
  path: v.nullish(v.string()),
})

export const EntryResponse = v.object({ dentry: Entry })

/** The result of deleting each entry. */
export const RemovedResponse = v.object({
  resultItems: v.nullish(
    v.array(
      v.object({
        dentryId: v.string(),
        /** Absent while it is deleted in the background. */
        success: v.nullish(v.boolean()),
        errorCode: v.nullish(v.string()),
      }),
    ),
    [],
  ),
})

export const GroupSpaceResponse = v.object({ space: v.object({ spaceId: Id }) })

/** The ID of the copy, if the response has one. */
export const SentResponse = v.object({ file: v.nullish(v.object({ id: v.nullish(Id) })) })

export const PostedResponse = v.object({})

export const MediaResponse = v.object({ media_id: v.pipe(v.string(), v.nonEmpty()) })

const UserIds = v.nullish(v.array(v.string()), [])
/** The users who did not get a message, by the reason. */
export const PostedToUsersResponse = v.object({
  invalidStaffIdList: UserIds,
  /** Throttled. */
  flowControlledStaffIdList: UserIds,
  /** Those who don't take the robot's messages. Not on the page, but in the SDK. */
  filteredStaffIdList: UserIds,
})

export const WebhookResponse = v.object({ errcode: v.union([v.literal(0), v.literal('0')]) })

export type SignatureInfo = v.InferOutput<typeof SignatureInfo>
export type UploadInfo = v.InferOutput<typeof UploadInfoResponse>
export type Entry = v.InferOutput<typeof Entry>
/** A file as the client knows it: its space is that of the call where the response does not say. */
export type Dentry = v.InferOutput<typeof Dentry> & { readonly spaceId: string }
