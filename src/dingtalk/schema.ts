import * as v from 'valibot'

// The responses, as far as the client reads them. Only what is used is required.

const Text = v.pipe(v.string(), v.nonEmpty())

/** IDs are strings of digits because they can exceed a safe integer. A smaller number is accepted too. */
const Id = v.union([
  v.pipe(v.string(), v.regex(/^\d+$/, 'an id is a string of digits')),
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.transform(String)),
])

/** A number of seconds, which may be a string. Anything else counts as missing. */
const Seconds = (missing: number) =>
  v.pipe(
    v.unknown(),
    v.transform((given) => {
      const seconds = typeof given === 'string' ? Number(given) : given
      return typeof seconds === 'number' && seconds >= 1 && Number.isFinite(seconds) ? seconds : missing
    }),
  )

/** `expireIn` is in seconds. */
export const AccessTokenResponse = v.object({ accessToken: Text, expireIn: v.optional(Seconds(7200), 7200) })

export const UserResponse = v.object({
  result: v.object({ unionid: Text, active: v.nullish(v.boolean()), name: v.nullish(v.string()) }),
})

export const ConversationResponse = v.object({ openConversationId: v.pipe(v.string(), v.startsWith('cid')) })

const HttpUrl = v.pipe(v.string(), v.url(), v.regex(/^https?:/i, 'not an http(s) URL'))

const SignatureInfo = v.object({
  /** In order of preference. */
  resourceUrls: v.pipe(v.array(HttpUrl), v.minLength(1)),
  /** Empty if the URL itself is signed. */
  headers: v.nullish(v.record(v.string(), v.string()), {}),
  /** How long a PUT can start with it. */
  expirationSeconds: v.optional(Seconds(900), 900),
  /** Where the platform stores the file, such as `ZHANGJIAKOU`. */
  region: v.nullish(v.string()),
})

export const UploadInfoResponse = v.object({ uploadKey: Text, headerSignatureInfo: SignatureInfo })

export const MultipartResponse = v.object({ uploadKey: Text })

export const PartInfosResponse = v.object({
  multipartHeaderSignatureInfos: v.array(
    v.object({ partNumber: v.number(), headerSignatureInfo: SignatureInfo }),
  ),
})

export const SpaceResponse = v.object({ spaceId: Id, dentryId: Id })

/** @param spaceId the space of the request, for a response that doesn't name the space */
const fileFields = (spaceId: string | undefined) => ({
  id: Id,
  spaceId: spaceId === undefined ? Id : v.nullish(Id, spaceId),
  parentId: v.nullish(Id),
  /** The name that the platform gave the file. */
  name: v.string(),
  uuid: v.nullish(v.string()),
  /** bytes */
  size: v.nullish(v.number()),
  /** In one of several formats: see `platformTime`. */
  createTime: v.nullish(v.string()),
  modifiedTime: v.nullish(v.string()),
  version: v.nullish(v.number()),
  /** Union IDs. */
  creatorId: v.nullish(v.string()),
  modifierId: v.nullish(v.string()),
  /** Read by `markOf`. An unknown format must not make the response unreadable. */
  appProperties: v.optional(v.unknown()),
  status: v.nullish(v.literal('NORMAL')),
})

export const DentryResponse = (spaceId?: string) =>
  v.object({ dentry: v.object({ ...fileFields(spaceId), type: v.nullish(v.literal('FILE')) }) })

/** The new folder, or the entry that has its name. */
export const FolderResponse = v.object({
  dentry: v.object({ id: Id, uuid: v.nullish(v.string()), type: v.nullish(v.string()) }),
})

/** The keys that a response without a list may have. */
const NO_LIST: ReadonlySet<string> = new Set(['nextToken', 'requestId', 'requestid'])

/**
 * The files and folders of a list. Other types (shortcuts) and deleted files are left out. An entry that can't be read
 * may be any file, so it is counted. An empty folder may have no list at all.
 */
export const DentriesResponse = (spaceId?: string) => {
  const status = v.nullish(v.literal('NORMAL'))
  const Listed = v.union([
    v.object({ ...fileFields(spaceId), type: v.literal('FILE') }),
    v.object({ id: Id, name: v.string(), type: v.literal('FOLDER'), status }),
    v.object({ type: v.literal('FILE'), status: v.picklist(['DELETED', 'EXPIRED']) }),
    v.object({ type: v.pipe(v.string(), v.notValue('FILE')) }),
  ])
  return v.pipe(
    v.looseObject({}),
    v.check(
      (body) => 'dentries' in body || Object.keys(body).every((key) => NO_LIST.has(key)),
      'no list of entries',
    ),
    v.object({
      dentries: v.nullish(v.array(v.fallback(v.nullable(Listed), null)), []),
      nextToken: v.nullish(v.string()),
    }),
    v.transform(({ dentries, nextToken }) => {
      const named = dentries.filter((dentry) => dentry !== null && 'name' in dentry)
      return {
        files: named.filter((dentry) => dentry.type === 'FILE'),
        folders: named.filter((dentry) => dentry.type === 'FOLDER'),
        unreadable: dentries.filter((dentry) => dentry === null).length,
        nextToken: nextToken || undefined,
      }
    }),
  )
}

/** A file or a folder, including the root of a space, which has few fields. */
const Entry = v.object({
  uuid: Text,
  version: v.nullish(v.number()),
  modifierId: v.nullish(v.string()),
  appProperties: v.optional(v.unknown()),
  /** `FILE`, `FOLDER` … */
  type: v.nullish(v.string()),
  name: v.nullish(v.string()),
  /** From the root of the space, such as `/builds/android`. */
  path: v.nullish(v.string()),
})

export const EntryResponse = v.object({ dentry: Entry })

export const UpdatedResponse = v.object({ success: v.nullish(v.literal(true)) })

export const RemovedResponse = v.object({
  resultItems: v.nullish(
    v.array(
      v.object({
        dentryId: v.string(),
        /** Absent while the file is being deleted in the background. */
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

export const MediaResponse = v.object({ media_id: Text })

const UserIds = v.nullish(v.array(v.string()), [])
/** The users who did not get a message, by reason. */
export const PostedToUsersResponse = v.object({
  invalidStaffIdList: UserIds,
  /** Throttled. */
  flowControlledStaffIdList: UserIds,
  /** Users who don't accept messages from the robot. Not on the page, but in the SDK. */
  filteredStaffIdList: UserIds,
})

export const WebhookResponse = v.object({ errcode: v.union([v.literal(0), v.literal('0')]) })

export type SignatureInfo = v.InferOutput<typeof SignatureInfo>
export type UploadInfo = v.InferOutput<typeof UploadInfoResponse>
export type Entry = v.InferOutput<typeof Entry>
/** A file in the drive. */
export type Dentry = Omit<v.InferOutput<ReturnType<typeof DentryResponse>>['dentry'], 'type' | 'status'>
