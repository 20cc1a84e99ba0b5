import { isSystemFault } from './codes.ts'
import { DingTalkError } from './errors.ts'
import type { Gateway } from './gateway.ts'
import type { AppProperty } from './mark.ts'
import type { OperationName } from './operations.ts'
import {
  DentriesResponse,
  type Dentry,
  DentryResponse,
  type Entry,
  EntryResponse,
  FolderResponse,
  MultipartResponse,
  PartInfosResponse,
  RemovedResponse,
  type SignatureInfo,
  SpaceResponse,
  type UploadInfo,
  UpdatedResponse,
  UploadInfoResponse,
} from './schema.ts'

/** How many parts' upload infos one call gives. */
export const PART_INFOS = 30

/** A file to upload, as the platform checks it beforehand. */
export interface FileSpec {
  name: string
  /** bytes */
  size: number
}

/** Where the platform can be asked to store new files. */
export type Region = 'ZHANGJIAKOU' | 'SHENZHEN' | 'SHANGHAI' | 'SINGAPORE'

/** What an upload is committed with. */
export interface UploadTicket {
  uploadKey: string
  /** When it was issued, by the platform's clock: ms since the epoch, in whole seconds. */
  at: number | undefined
}

/** A page of a folder's list. */
export interface Page {
  readonly files: readonly Dentry[]
  readonly folders: readonly { readonly id: string; readonly name: string }[]
  /** How many entries could not be read: each may be any file. */
  readonly unreadable: number
  /** Whether the platform says that the list ends here. */
  readonly isLast: boolean
}

/** DingTalk's drive: folders, upload info, parts, commits. One method a call. */
export class Drive {
  readonly #gateway: Gateway
  readonly #preferRegion: Region | undefined
  /** Of folders whose v1 commit turned out to be closed to this app: the uuid, for v2. By space and parent. */
  readonly #uuids = new Map<string, Promise<string>>()
  /** The ids of folders that were given by their uuid, by that. */
  readonly #ids = new Map<string, Promise<FolderIds>>()

  /** @param preferRegion where new files should be stored; the platform may store them elsewhere */
  constructor(gateway: Gateway, preferRegion?: Region) {
    this.#gateway = gateway
    this.#preferRegion = preferRegion
  }

  /**
   * Gets what a PUT of a file's bytes into OSS needs. Pages: `obtain-storage-upload-information` (v1),
   * `obtain-file-upload-informations` (v2).
   *
   * @throws DingTalkError
   */
  async uploadInfo(
    folder: Folder,
    unionId: string,
    { size }: Pick<FileSpec, 'size'>,
  ): Promise<UploadTicket & UploadInfo> {
    const isV1 = folder.kind === 'ids'
    const preCheckParam = isV1 ? { size, parentId: folder.parentId } : { size }
    const { value, at } = await this.#gateway.call({
      operation: 'uploadInfo',
      path: isV1
        ? `/v1.0/storage/spaces/${encodeURIComponent(folder.spaceId)}/files/uploadInfos/query`
        : `/v2.0/storage/spaces/files/${encodeURIComponent(folder.uuid)}/uploadInfos/query`,
      query: { unionId },
      body: {
        protocol: 'HEADER_SIGNATURE',
        ...(isV1 ? { multipart: false } : {}),
        // The service's default is true, which only a machine in its own network can use.
        option: { ...this.#uploadOption(preCheckParam), preferIntranet: false },
      },
      response: UploadInfoResponse,
    })
    return { ...value, at }
  }

  /**
   * Starts an upload in parts. Page: `initialize-a-multipart-upload-object`.
   *
   * @throws DingTalkError; where `isApiClosed`, a single PUT may still work
   */
  async startParts(folder: Folder, unionId: string, { size }: Pick<FileSpec, 'size'>): Promise<UploadTicket> {
    const { spaceId, parentId }: { spaceId: string; parentId?: string } =
      folder.kind === 'uuid' && folder.spaceId !== undefined
        ? { spaceId: folder.spaceId }
        : await this.folderIds(folder, unionId)
    const preCheckParam = { size, ...(parentId === undefined ? {} : { parentId }) }
    const { value, at } = await this.#gateway.call({
      operation: 'multipartInit',
      path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/files/multiPartUploadInfos/init`,
      query: { unionId },
      body: { option: this.#uploadOption(preCheckParam) },
      response: MultipartResponse,
    })
    return { ...value, at }
  }

  /** Without the name, which may be taken already: the check would refuse a new version of the file. */
  #uploadOption(preCheckParam: object): object {
    const preferRegion = this.#preferRegion
    return { storageDriver: 'DINGTALK', preCheckParam, ...(preferRegion ? { preferRegion } : {}) }
  }

  /**
   * Upload info for parts. Page: `obtains-the-information-about-multipart-uploads-of-an-object`.
   *
   * @param partNumbers at most {@link PART_INFOS} of them
   * @param signal ends the call and its waits
   * @throws DingTalkError
   */
  async partInfos(
    uploadKey: string,
    unionId: string,
    partNumbers: readonly number[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, SignatureInfo>> {
    const { value } = await this.#gateway.call({
      operation: 'partInfo',
      path: '/v1.0/storage/spaces/files/multiPartUploadInfos/query',
      query: { unionId },
      body: { uploadKey, partNumbers, option: { preferIntranet: false } },
      response: PartInfosResponse,
      signal,
    })
    return new Map(
      value.multipartHeaderSignatureInfos.map((info) => [info.partNumber, info.headerSignatureInfo] as const),
    )
  }

  /** Whether files of the folder are still committed by v1, and could be by v2: see {@link switchToV2}. */
  hasV2(folder: Folder): boolean {
    return folder.kind === 'ids' && !this.#uuids.has(keyOf(folder))
  }

  /** Commits files of the folder by v2 from now on. Looks up the folder's uuid, once. @throws DingTalkError */
  async switchToV2(folder: Folder, unionId: string): Promise<void> {
    if (folder.kind !== 'ids') return
    const { spaceId, parentId } = folder
    await remembered(
      this.#uuids,
      keyOf(folder),
      async () => (await this.entry(spaceId, parentId, unionId)).uuid,
    )
  }

  /**
   * Turns stored bytes into a file of the folder: by v1 where its ids are given, unless that turned out to be closed.
   *
   * @param appProperties what this app writes on the file: at most three; it is not documented which ones the platform keeps
   * @throws DingTalkError; with `mayHaveHappened`, the file may be there all the same: see `Committer`
   */
  async commit(
    folder: Folder,
    unionId: string,
    uploadKey: string,
    file: FileSpec,
    conflictStrategy: ConflictStrategy,
    appProperties?: readonly AppProperty[],
  ): Promise<Dentry> {
    const uuid = folder.kind === 'ids' ? await this.#uuids.get(keyOf(folder)) : undefined
    const target: Folder =
      folder.kind !== 'ids' || uuid === undefined ? folder : { kind: 'uuid', uuid, spaceId: folder.spaceId }
    return this.commitAsNamed(target, unionId, uploadKey, file, conflictStrategy, appProperties)
  }

  /**
   * The same, by the API that names the folder as it is named here, and by no other. Pages: `submit-documents` (v1),
   * `submittal-file` (v2).
   *
   * @throws DingTalkError
   */
  async commitAsNamed(
    folder: Folder,
    unionId: string,
    uploadKey: string,
    file: FileSpec,
    conflictStrategy: ConflictStrategy,
    appProperties?: readonly AppProperty[],
  ): Promise<Dentry> {
    const isV1 = folder.kind === 'ids'
    const { value } = await this.#gateway.call({
      operation: 'commit',
      path: isV1
        ? `/v1.0/storage/spaces/${encodeURIComponent(folder.spaceId)}/files/commit`
        : `/v2.0/storage/spaces/files/${encodeURIComponent(folder.uuid)}/commit`,
      query: { unionId },
      body: {
        uploadKey,
        name: file.name,
        ...(isV1 ? { parentId: folder.parentId } : {}),
        option: { size: file.size, conflictStrategy, ...(appProperties ? { appProperties } : {}) },
      },
      response: DentryResponse,
    })
    return inSpace(value.dentry, folder.spaceId, 'commit')
  }

  /** The ids of a folder; if only its uuid is known, they are looked up once. Page: `queryDentryId`. @throws DingTalkError */
  async folderIds(folder: Folder, unionId: string): Promise<FolderIds> {
    if (folder.kind !== 'uuid') return folder
    return remembered(this.#ids, folder.uuid, async () => {
      const { value } = await this.#gateway.call({
        operation: 'space',
        method: 'GET',
        path: `/v2.0/doc/dentries/${encodeURIComponent(folder.uuid)}/queryDentryId`,
        query: { operatorId: unionId },
        response: SpaceResponse,
      })
      return { spaceId: value.spaceId, parentId: value.dentryId }
    })
  }

  /** An entry of the drive, a folder among them. Page: `obtain-file-or-folder-information`. @throws DingTalkError */
  async entry(spaceId: string, dentryId: string, unionId: string): Promise<Entry> {
    const { value } = await this.#gateway.call({
      operation: 'dentry',
      path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/dentries/${encodeURIComponent(dentryId)}/query`,
      query: { unionId },
      response: EntryResponse,
    })
    return value.dentry
  }

  /**
   * The files of a folder, the one modified last first, in pages of fifty entries. Each page costs a call, made when the
   * page is asked for: the caller limits them. Page: `get-a-list-of-files-or-folders`.
   *
   * @throws DingTalkError
   */
  async *list(folder: Folder, unionId: string): AsyncGenerator<Page> {
    const { spaceId, parentId } = await this.folderIds(folder, unionId)
    const tokens = new Set<string>()
    let nextToken: string | undefined
    do {
      const { value } = await this.#gateway.call({
        operation: 'list',
        method: 'GET',
        path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/dentries`,
        query: {
          unionId,
          parentId,
          maxResults: '50',
          orderBy: 'MODIFIED_TIME',
          order: 'DESC',
          ...(nextToken ? { nextToken } : {}),
        },
        response: DentriesResponse,
      })
      nextToken = value.nextToken || undefined
      const { files, folders, unreadable } = value.dentries
      const isLast = nextToken === undefined
      yield { files: files.map((file) => inSpace(file, spaceId, 'list')), folders, unreadable, isLast }
      // A token that comes again would lead round in a circle.
      if (nextToken === undefined || tokens.has(nextToken)) return
      tokens.add(nextToken)
    } while (nextToken)
  }

  /**
   * Replaces properties that this app has put on a file, or adds them. Page: `update-file-application-properties`.
   *
   * @param signal ends the call and its waits; default: the job's
   * @throws DingTalkError
   */
  async updateProperties(
    { spaceId, id }: Pick<Dentry, 'spaceId' | 'id'>,
    unionId: string,
    appProperties: readonly AppProperty[],
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#gateway.call({
      operation: 'appProperties',
      method: 'PUT',
      path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/dentries/${encodeURIComponent(id)}/appProperties`,
      query: { unionId },
      body: { appProperties },
      response: UpdatedResponse,
      signal,
    })
  }

  /**
   * Deletes files: for good, but in spaces that the add-space call has made, whose recycle bin is not asked for. Page:
   * `delete-files-or-folders-in-bulk`.
   *
   * @param ids at most {@link MAX_REMOVED} of them
   * @param onError called with the error of each attempt
   * @throws DingTalkError if none was deleted by the last attempt
   */
  async remove(
    spaceId: string,
    ids: readonly string[],
    unionId: string,
    onError?: (error: DingTalkError) => void,
  ): Promise<Removal> {
    const { value } = await this.#gateway.call({
      operation: 'batchRemove',
      path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/dentries/batchRemove`,
      query: { unionId },
      body: { dentryIds: ids },
      response: RemovedResponse,
      onError,
    })
    const items = new Map(value.resultItems.map((item) => [item.dentryId, item]))
    const removed = new Set<string>()
    const refused = new Map<string, string>()
    for (const id of ids) {
      const item = items.get(id)
      if (!item || (item.errorCode && isSystemFault(item.errorCode))) continue
      const { success, errorCode } = item
      // One that is not there has been deleted by an earlier attempt, whose response was lost, or by another job.
      if (errorCode === 'dentryNotExist' || (success !== false && !errorCode)) removed.add(id)
      else refused.set(id, errorCode ?? 'unknownError')
    }
    return { removed, refused }
  }

  /**
   * A folder below another, made if it is missing; its files are committed by the same API as the other's. Page: `add-folder`.
   *
   * @throws DingTalkError
   */
  async subfolder(folder: Folder, unionId: string, name: string): Promise<Folder> {
    const { spaceId, parentId } = await this.folderIds(folder, unionId)
    const { value } = await this.#gateway.call({
      operation: 'subfolder',
      path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/dentries/${encodeURIComponent(parentId)}/folders`,
      query: { unionId },
      body: { name, option: { conflictStrategy: 'RETURN_DENTRY_IF_EXISTS' } },
      response: FolderResponse,
    })
    const { id, uuid, type } = value.dentry
    if (type === 'FILE')
      throw new DingTalkError({
        operation: 'subfolder',
        code: 'NotAFolder',
        kind: 'refused',
        mayHaveHappened: false,
        message: { en: 'DingTalk returned a file with this name.', zh: '钉钉返回了一个同名文件。' },
      })
    const ids = { spaceId, parentId: id }
    return folder.kind === 'ids' || !uuid ? { kind: 'ids', ...ids } : { kind: 'both', uuid, ...ids }
  }
}

/** A file with its space: that of the call, if the response does not say. @throws DingTalkError if neither is known */
function inSpace(
  { spaceId, ...file }: Omit<Dentry, 'spaceId'> & { readonly spaceId?: string | null | undefined },
  known: string | undefined,
  operation: OperationName,
): Dentry {
  const space = spaceId ?? known
  if (space !== undefined) return { ...file, spaceId: space }
  throw new DingTalkError({
    operation,
    code: 'UnreadableAnswer',
    kind: 'unavailable',
    mayHaveHappened: true,
    message: {
      en: 'The response does not say which space the file is in.',
      zh: '响应中没有文件所在空间的 ID。',
    },
  })
}

/** Names a folder among those of all spaces. */
function keyOf({ spaceId, parentId }: FolderIds): string {
  return `${spaceId}/${parentId}`
}

/** What `look` finds, looked up once for each key, by all that ask meanwhile. A failure is forgotten. */
function remembered<T>(memory: Map<string, Promise<T>>, key: string, look: () => Promise<T>): Promise<T> {
  const known = memory.get(key)
  if (known) return known
  const found = look()
  memory.set(key, found)
  found.catch(() => memory.delete(key))
  return found
}

/** How many files one call deletes. */
export const MAX_REMOVED = 50

/** The result of deleting files. For one that is in neither, it is unknown. */
export interface Removal {
  /** The ids of those that are not there any more. */
  readonly removed: ReadonlySet<string>
  /** The platform's code for each that it did not delete, by id. */
  readonly refused: ReadonlyMap<string, string>
}

/** How the v1 API addresses a folder; the root of a space has the parent id `0`. */
export interface FolderIds {
  readonly spaceId: string
  readonly parentId: string
}

/**
 * A folder in the drive, by what is known of it. The v1 API addresses it by its ids, v2 by its uuid:
 *
 * - `ids`: files are committed by v1
 * - `uuid`: files are committed by v2; the ids cost a call, but the user may have given the space
 * - `both`: files are committed by v2, and the ids are known
 */
export type Folder =
  | ({ readonly kind: 'ids' } & FolderIds)
  | { readonly kind: 'uuid'; readonly uuid: string; readonly spaceId?: string }
  | ({ readonly kind: 'both'; readonly uuid: string } & FolderIds)

/** What happens to a file whose name is taken; the platform's own spelling. */
export type ConflictStrategy =
  'AUTO_RENAME' | 'OVERWRITE' | 'RETURN_DENTRY_IF_EXISTS' | 'RETURN_ERROR_IF_EXISTS'

/** The link that opens a file in the client or on the web. */
export function previewUrl(file: { spaceId: string; id: string }): string {
  const query = new URLSearchParams({
    route: 'previewDentry',
    spaceId: file.spaceId,
    fileId: file.id,
    type: 'file',
  })
  return `https://qr.dingtalk.com/page/yunpan?${query.toString()}`
}
