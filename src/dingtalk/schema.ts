import * as v from 'valibot'

const Text = v.pipe(v.string(), v.nonEmpty())

/** IDs are strings of digits because they can exceed a safe integer. A smaller number is accepted too. */
const Id = v.union([
  v.pipe(v.string(), v.regex(/^\d+$/, 'an id is a string of digits')),
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.transform(String)),
])

/** A number of seconds, which may be a string. Anything else counts as missing. */
const Seconds = (missing: number) =>
  v.fallback(
    v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.finite(), v.minValue(1)),
    missing,
  )

const HttpUrl = v.pipe(v.string(), v.url(), v.regex(/^https?:/i, 'not an http(s) URL'))

const SignatureInfo = v.object({
  /** In order of preference. */
  resourceUrls: v.pipe(v.array(HttpUrl), v.minLength(1)),
  /** Empty if the URL itself is signed. */
  headers: v.nullish(v.record(v.string(), v.string()), {}),
  /** How long a PUT can start with it. */
  expirationSeconds: Seconds(900),
  /** Where the platform stores the file, such as `ZHANGJIAKOU`. */
  region: v.nullish(v.string()),
})

const UploadInfo = v.object({ uploadKey: Text, headerSignatureInfo: SignatureInfo })

const status = v.nullish(v.literal('NORMAL'))

const File = v.object({
  id: Id,
  spaceId: v.nullish(Id),
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
})

/** An entry of a list. Other types, such as shortcuts, and deleted files are read without a name. */
const Listed = v.union([
  v.object({ ...File.entries, type: v.literal('FILE'), status }),
  v.object({ id: Id, name: v.string(), type: v.literal('FOLDER'), status }),
  v.object({ type: v.literal('FILE'), status: v.picklist(['DELETED', 'EXPIRED']) }),
  v.object({ type: v.pipe(v.string(), v.notValue('FILE')) }),
])

/** The keys that a response without a list may have. */
const NO_LIST: ReadonlySet<string> = new Set(['nextToken', 'requestId', 'requestid'])

/** The list of a folder. An entry that can't be read is null: it may be any file. An empty folder may have no list. */
const List = v.pipe(
  v.looseObject({}),
  v.check(
    (body) => 'dentries' in body || Object.keys(body).every((key) => NO_LIST.has(key)),
    'no list of entries',
  ),
  v.object({
    dentries: v.nullish(v.array(v.fallback(v.nullable(Listed), null)), []),
    nextToken: v.nullish(v.string()),
  }),
)

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

/** The ID of the copy, if the response has one. */
const Sent = v.object({ file: v.nullish(v.object({ id: v.nullish(Id) })) })

const UserIds = v.nullish(v.array(v.string()), [])

/** The responses, as far as the client reads them. Only what is used is required. */
export const RESPONSES = {
  /** `expireIn` is in seconds. */
  accessToken: v.object({ accessToken: Text, expireIn: Seconds(7200) }),
  unionId: v.object({
    result: v.object({ unionid: Text, active: v.nullish(v.boolean()), name: v.nullish(v.string()) }),
  }),
  openConversationId: v.object({ openConversationId: v.pipe(v.string(), v.startsWith('cid')) }),
  uploadInfo: UploadInfo,
  multipartInit: v.object({ uploadKey: Text }),
  partInfo: v.object({
    multipartHeaderSignatureInfos: v.array(
      v.object({ partNumber: v.number(), headerSignatureInfo: SignatureInfo }),
    ),
  }),
  space: v.object({ spaceId: Id, dentryId: Id }),
  commit: v.object({ dentry: v.object({ ...File.entries, type: v.nullish(v.literal('FILE')), status }) }),
  appProperties: v.object({ success: v.nullish(v.literal(true)) }),
  dentry: v.object({ dentry: Entry }),
  /** The new folder, or the entry that has its name. */
  subfolder: v.object({
    dentry: v.object({ id: Id, uuid: v.nullish(v.string()), type: v.nullish(v.string()) }),
  }),
  list: List,
  /** `success` is absent while the file is being deleted in the background. */
  batchRemove: v.object({
    resultItems: v.nullish(
      v.array(
        v.object({
          dentryId: v.string(),
          success: v.nullish(v.boolean()),
          errorCode: v.nullish(v.string()),
        }),
      ),
      [],
    ),
  }),
  groupSpace: v.object({ space: v.object({ spaceId: Id }) }),
  send: Sent,
  sendLink: Sent,
  sendToUser: Sent,
  post: v.object({}),
  uploadMedia: v.object({ media_id: Text }),
  /** The users who did not get a message: unknown, throttled, or (not on the page, but in the SDK) not accepting it. */
  postToUsers: v.object({
    invalidStaffIdList: UserIds,
    flowControlledStaffIdList: UserIds,
    filteredStaffIdList: UserIds,
  }),
  postByWebhook: v.object({ errcode: v.union([v.literal(0), v.literal('0')]) }),
}

export type ResponseOf<Name extends keyof typeof RESPONSES> = v.InferOutput<(typeof RESPONSES)[Name]>
export type SignatureInfo = v.InferOutput<typeof SignatureInfo>
export type UploadInfo = v.InferOutput<typeof UploadInfo>
export type Entry = v.InferOutput<typeof Entry>
/** A file in the drive. A response without a space means the space of the request. */
export type Dentry = v.InferOutput<typeof File> & { readonly spaceId: string }
