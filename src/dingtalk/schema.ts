import * as v from 'valibot'

/** The responses that this client reads, as far as it reads them. Ids are strings: they exceed a safe integer. */

const Id = v.pipe(v.string(), v.regex(/^\d+$/, 'an id is a string of digits'))

export const AccessTokenResponse = v.object({
  accessToken: v.pipe(v.string(), v.nonEmpty()),
  /** seconds */
  expireIn: v.pipe(v.number(), v.minValue(1)),
})

export const UserResponse = v.object({
  result: v.object({ unionid: v.pipe(v.string(), v.nonEmpty()), active: v.nullish(v.boolean()) }),
})

export const ConversationResponse = v.object({ openConversationId: v.pipe(v.string(), v.startsWith('cid')) })

const HttpUrl = v.pipe(v.string(), v.url(), v.regex(/^https?:/i, 'not an http(s) URL'))

const SignatureInfo = v.object({
  /** Earlier ones first. */
  resourceUrls: v.pipe(v.array(HttpUrl), v.minLength(1)),
  /** Empty when the URL itself is signed. */
  headers: v.nullish(v.record(v.string(), v.string()), {}),
  /** For how long it lets a PUT begin. */
  expirationSeconds: v.nullish(v.pipe(v.number(), v.minValue(1)), 900),
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
  spaceId: Id,
  parentId: Id,
  /** The name it really got. */
  name: v.string(),
  uuid: v.pipe(v.string(), v.nonEmpty()),
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

export const DentryResponse = v.object({ dentry: Dentry })

/** A folder that was made, or what had its name. */
export const FolderResponse = v.object({
  dentry: v.object({ ...Dentry.entries, type: v.nullish(v.string()) }),
})

/** What is neither a file nor a folder (shortcuts) is left out. */
export const DentriesResponse = v.object({
  dentries: v.pipe(
    v.array(
      v.variant('type', [
        v.object({ ...Dentry.entries, type: v.literal('FILE') }),
        v.object({ id: Id, name: v.string(), type: v.literal('FOLDER') }),
        v.object({ type: v.string() }),
      ]),
    ),
    v.transform((dentries) => ({
      files: dentries.filter((dentry) => 'spaceId' in dentry),
      folders: dentries.filter((dentry) => 'id' in dentry && dentry.type === 'FOLDER'),
    })),
  ),
  nextToken: v.nullish(v.string()),
})

/** Any entry: the space's root has no parent, so less is asked of it. */
const Entry = v.object({
  uuid: v.pipe(v.string(), v.nonEmpty()),
  /** `FILE`, `FOLDER` … */
  type: v.nullish(v.string()),
  name: v.nullish(v.string()),
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

export const SentResponse = v.object({ file: v.object({ id: v.string() }) })

export const PostedResponse = v.object({ processQueryKey: v.string() })

export const WebhookResponse = v.object({ errcode: v.literal(0) })

export type SignatureInfo = v.InferOutput<typeof SignatureInfo>
export type UploadInfo = v.InferOutput<typeof UploadInfoResponse>
export type Entry = v.InferOutput<typeof Entry>
export type Dentry = v.InferOutput<typeof Dentry>
