import { isSystemFault } from './codes.ts'
import { DingTalkError } from './errors.ts'
import type { Gateway } from './gateway.ts'
import { type AppProperty, carriesAnother, markOf, modifierKey } from './mark.ts'
import type { Dentry, Entry, SignatureInfo, UploadInfo } from './schema.ts'

/** The maximum number of parts in one call of {@link Drive.partInfos}. */
export const PART_INFOS = 30
/** The maximum number of files in one call of {@link Drive.remove}. */
export const MAX_REMOVED = 50

export interface FileSpec {
  name: string
  /** bytes */
  size: number
}

/** Where the platform can be asked to store new files. */
export type Region = 'ZHANGJIAKOU' | 'SHENZHEN' | 'SHANGHAI' | 'SINGAPORE'

/** Identifies an upload until it is committed. */
export interface UploadTicket {
  uploadKey: string
}

/** A page of a folder's list. */
export interface Page {
  readonly files: readonly Dentry[]
  readonly folders: readonly { readonly id: string; readonly name: string }[]
  /** The number of entries that could not be read. Each may be any file. */
  readonly unreadable: number
  /** Whether this is the last page of the list. */
  readonly isLast: boolean
}

/** What {@link Drive.updateMark} changes: the number of versions it adds, and the key of a modifier who is not the operator. */
interface UpdateEffect {
  readonly versions: number
  readonly modifier: string | undefined
}

/** How the v1 API addresses a folder. The root of a space has the parent ID `0`. */
export interface FolderIds {
  readonly spaceId: string
  readonly parentId: string
}

/**
 * A folder in the drive. The v1 API addresses it by its IDs, v2 by its uuid:
 *
 * - `ids`: files are committed by v1
 * - `uuid`: files are committed by v2. Looking up the IDs costs a call, but the user may have set the space
 * - `both`: files are committed by v2, and the IDs are known
 */
export type Folder =
  | ({ readonly kind: 'ids' } & FolderIds)
  | { readonly kind: 'uuid'; readonly uuid: string; readonly spaceId?: string }
  | ({ readonly kind: 'both'; readonly uuid: string } & FolderIds)

/** What happens if the name of a file is taken, as the platform spells it. */
export type ConflictStrategy =
  'AUTO_RENAME' | 'OVERWRITE' | 'RETURN_DENTRY_IF_EXISTS' | 'RETURN_ERROR_IF_EXISTS'

/**
 * DingTalk's drive: folders, upload info, parts, and files.
 *
 * Each method makes one call on behalf of the operator (`unionId`) and throws a DingTalkError if it fails.
 */
export class Drive {
  readonly #gateway: Gateway
  readonly #preferRegion: Region | undefined
  /** The uuids of folders to which v1 can't commit, by space and parent. */
  readonly #uuids = new Map<string, Promise<string>>()
  /** The IDs of folders, by uuid. */
  readonly #ids = new Map<string, Promise<FolderIds>>()
  #updateEffect: UpdateEffect | undefined
  /** Finds the effect, while it is not yet known. */
  #effectSearch: Promise<UpdateEffect | undefined> | undefined

  /** @param preferRegion where new files should be stored. The platform may choose another region. */
  constructor(gateway: Gateway, preferRegion?: Region) {
    this.#gateway = gateway
    this.#preferRegion = preferRegion
  }

  /** How far the platform's clock is ahead of this machine's monotonic clock, in ms, if known. */
  get monotonicAhead(): number | undefined {
    return this.#gateway.monotonicAhead
  }

  /**
   * Gets the URL and headers to PUT a file into OSS. Pages: `obtain-storage-upload-information` (v1),
   * `obtain-file-upload-informations` (v2).
   */
  uploadInfo(folder: Folder, unionId: string, { size }: { size: number }): Promise<UploadInfo> {
    const isV1 = folder.kind === 'ids'
    const preCheckParam = isV1 ? { size, parentId: folder.parentId } : { size }
    return this.#gateway.call({
      operation: 'uploadInfo',
      path: isV1
        ? `${pathOf(folder.spaceId)}/files/uploadInfos/query`
        : `/v2.0/storage/spaces/files/${encodeURIComponent(folder.uuid)}/uploadInfos/query`,
      query: { unionId },
      body: {
        protocol: 'HEADER_SIGNATURE',
        ...(isV1 ? { multipart: false } : {}),
        // The default is true, which works only inside the service's own network.
        option: { ...this.#uploadOption(preCheckParam), preferIntranet: false },
      },
    })
  }

  /**
   * Starts a multipart upload. If this fails with `isApiClosed`, a single PUT may still work. Page:
   * `initialize-a-multipart-upload-object`.
   */
  async startParts(folder: Folder, unionId: string, { size }: { size: number }): Promise<UploadTicket> {
    const { spaceId, parentId }: { spaceId: string; parentId?: string } =
      folder.kind === 'uuid' && folder.spaceId !== undefined
        ? { spaceId: folder.spaceId }
        : await this.folderIds(folder, unionId)
    return this.#gateway.call({
      operation: 'multipartInit',
      path: `${pathOf(spaceId)}/files/multiPartUploadInfos/init`,
      query: { unionId },
      body: { option: this.#uploadOption({ size, parentId }) },
    })
  }

  /** The pre-check doesn't include the name: it would reject a new version of an existing file. */
  #uploadOption(preCheckParam: object): object {
    return { storageDriver: 'DINGTALK', preCheckParam, preferRegion: this.#preferRegion }
  }

  /**
   * Gets the URLs and headers to PUT parts into OSS. Page: `obtains-the-information-about-multipart-uploads-of-an-object`.
   *
   * @param partNumbers at most {@link PART_INFOS}
   * @param signal ends the call and its waits
   */
  async partInfos(
    uploadKey: string,
    unionId: string,
    partNumbers: readonly number[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, SignatureInfo>> {
    const { multipartHeaderSignatureInfos } = await this.#gateway.call({
      operation: 'partInfo',
      path: '/v1.0/storage/spaces/files/multiPartUploadInfos/query',
      query: { unionId },
      body: { uploadKey, partNumbers, option: { preferIntranet: false } },
      signal,
    })
    return new Map(
      multipartHeaderSignatureInfos.map((info) => [info.partNumber, info.headerSignatureInfo] as const),
    )
  }

  /** Whether files of the folder are committed by v1, so that {@link switchToV2} is possible. */
  isV1(folder: Folder): boolean {
    return folder.kind === 'ids' && !this.#uuids.has(keyOf(folder))
  }

  /** Commits files of the folder by v2 from now on. Looks up the folder's uuid once. */
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
   * Turns stored bytes into a file of the folder. If the error has `mayHaveHappened`, the file may exist: see `Committer`.
   * Pages: `submit-documents` (v1), `submittal-file` (v2).
   *
   * @param appProperties at most three. The platform may not keep them.
   */
  async commit(
    folder: Folder,
    unionId: string,
    uploadKey: string,
    { name, size }: FileSpec,
    conflictStrategy: ConflictStrategy,
    appProperties?: readonly AppProperty[],
  ): Promise<Dentry> {
    const uuid = folder.kind === 'ids' ? await this.#uuids.get(keyOf(folder)) : folder.uuid
    const isV1 = folder.kind === 'ids' && uuid === undefined
    const { dentry } = await this.#gateway.call({
      operation: 'commit',
      path: isV1
        ? `${pathOf(folder.spaceId)}/files/commit`
        : `/v2.0/storage/spaces/files/${encodeURIComponent(String(uuid))}/commit`,
      query: { unionId },
      body: {
        uploadKey,
        name,
        parentId: isV1 ? folder.parentId : undefined,
        option: { size, conflictStrategy, appProperties },
      },
    })
    const spaceId = dentry.spaceId ?? folder.spaceId
    if (spaceId !== undefined) return { ...dentry, spaceId }
    const message = {
      en: 'The response does not contain the space of the file.',
      zh: '响应中没有文件所在空间的 ID。',
    }
    const error = { code: 'UnreadableAnswer', kind: 'unavailable', mayHaveHappened: true } as const
    throw new DingTalkError({ operation: 'commit', ...error, message })
  }

  /** The IDs of a folder. They are looked up once if only the uuid is known. Page: `queryDentryId`. */
  async folderIds(folder: Folder, unionId: string): Promise<FolderIds> {
    if (folder.kind !== 'uuid') return folder
    return remembered(this.#ids, folder.uuid, async () => {
      const { spaceId, dentryId } = await this.#gateway.call({
        operation: 'space',
        method: 'GET',
        path: `/v2.0/doc/dentries/${encodeURIComponent(folder.uuid)}/queryDentryId`,
        query: { operatorId: unionId },
      })
      return { spaceId, parentId: dentryId }
    })
  }

  /** A file or folder. Page: `obtain-file-or-folder-information`. */
  async entry(spaceId: string, dentryId: string, unionId: string, signal?: AbortSignal): Promise<Entry> {
    const { dentry } = await this.#gateway.call({
      operation: 'dentry',
      path: `${pathOf(spaceId, dentryId)}/query`,
      query: { unionId },
      signal,
    })
    return dentry
  }

  /**
   * Lists a folder, last modified first, in pages of 50 entries. Each page costs a call, so the caller decides when to
   * stop. Page: `get-a-list-of-files-or-folders`.
   */
  async *list(folder: Folder, unionId: string): AsyncGenerator<Page> {
    const { spaceId, parentId } = await this.folderIds(folder, unionId)
    const order = { maxResults: '50', orderBy: 'MODIFIED_TIME', order: 'DESC' }
    const tokens = new Set<string>()
    let token: string | undefined
    do {
      if (token !== undefined) tokens.add(token)
      const { dentries, nextToken } = await this.#gateway.call({
        operation: 'list',
        method: 'GET',
        path: `${pathOf(spaceId)}/dentries`,
        query: { unionId, parentId, ...order, ...(token === undefined ? {} : { nextToken: token }) },
      })
      token = nextToken || undefined
      const named = dentries.filter((dentry) => dentry !== null && 'name' in dentry)
      yield {
        files: named
          .filter((dentry) => dentry.type === 'FILE')
          .map((file) => ({ ...file, spaceId: file.spaceId ?? spaceId })),
        folders: named.filter((dentry) => dentry.type === 'FOLDER'),
        unreadable: dentries.filter((dentry) => dentry === null).length,
        isLast: token === undefined,
      }
      // A repeated token would lead to an endless loop.
    } while (token !== undefined && !tokens.has(token))
  }

  /**
   * Adds or replaces properties that this app sets on a file. Page: `update-file-application-properties`.
   *
   * @param signal ends the call and its waits. Default: the job's signal.
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
      path: `${pathOf(spaceId, id)}/appProperties`,
      query: { unionId },
      body: { appProperties },
      signal,
    })
  }

  /**
   * Updates the mark of a file so that it can still be trusted. It is not documented whether that changes the version or the
   * modifier of the file. The first update of a job shows it. If it does, a second update names them as they are afterwards.
   *
   * @param version of the file
   * @param property creates the property that names a version, and the key of a modifier who is not the operator
   * @throws DingTalkError if the mark was not updated
   */
  async updateMark(
    dentry: Dentry,
    unionId: string,
    version: number,
    property: (version: number, modifier: string | undefined) => AppProperty,
    signal: AbortSignal,
  ): Promise<void> {
    const write = (version: number, modifier: string | undefined) =>
      this.updateProperties(dentry, unionId, [property(version, modifier)], signal)
    const read = async () => {
      const entry = await this.entry(dentry.spaceId, dentry.id, unionId, signal)
      return { ...entry, modifier: modifierOf(entry) }
    }
    const modifierOf = ({ modifierId }: Pick<Entry, 'modifierId'>) =>
      modifierId && modifierId !== unionId ? modifierKey(unionId, modifierId) : undefined
    const modifier = modifierOf(dentry)
    const findEffect = async (): Promise<UpdateEffect | undefined> => {
      const seen = await read()
      const [nonce = ''] = markOf(dentry)?.nonces ?? []
      if (carriesAnother(seen, nonce)) return undefined
      if (seen.version === version) return { versions: 0, modifier: seen.modifier }
      if (seen.version !== version + 1 || seen.modifier !== modifier) return undefined
      // Either the update has created this version, as a second one will, or a person has.
      await write(version + 2, modifier)
      if ((await read()).version === version + 2) return { versions: 1, modifier }
      await write(version, modifier)
      return undefined
    }
    const known = this.#updateEffect
    await write(version + (known?.versions ?? 0), known?.modifier ?? modifier)
    if (known) return
    const isFirst = !this.#updateEffect && !this.#effectSearch
    try {
      const effect = this.#updateEffect ?? (await (this.#effectSearch ??= findEffect()))
      this.#updateEffect = effect ?? { versions: 0, modifier: undefined }
      if (effect?.versions === 1 && !isFirst) await write(version + 2, modifier)
      const isOther = effect?.modifier !== undefined && effect.modifier !== modifier
      if (effect?.versions === 0 && isOther) await write(version, effect.modifier)
    } catch (error) {
      // The mark is up to date, and can be trusted unless the update has changed the file.
      if (!(error instanceof DingTalkError) && !signal.aborted) throw error
      this.#updateEffect ??= { versions: 0, modifier: undefined }
    } finally {
      this.#effectSearch = undefined
    }
  }

  /**
   * Deletes files permanently: the recycle bin is available only in spaces that an app created. Page:
   * `delete-files-or-folders-in-bulk`.
   *
   * @param ids at most {@link MAX_REMOVED}
   * @param onError called with the error of each attempt
   * @returns the IDs of the files that no longer exist, and the platform's error codes for files that it did not delete, by
   *   ID. The outcome of any other file is unknown.
   */
  async remove(
    spaceId: string,
    ids: readonly string[],
    unionId: string,
    onError?: (error: DingTalkError) => void,
  ): Promise<{ removed: ReadonlySet<string>; refused: ReadonlyMap<string, string> }> {
    const { resultItems } = await this.#gateway.call({
      operation: 'batchRemove',
      path: `${pathOf(spaceId)}/dentries/batchRemove`,
      query: { unionId },
      body: { dentryIds: ids },
      onError,
    })
    const removed = new Set<string>()
    const refused = new Map<string, string>()
    for (const { dentryId: id, success, errorCode } of resultItems) {
      if (!ids.includes(id) || (errorCode && isSystemFault(errorCode))) continue
      // A missing file was deleted by another job, or by an earlier attempt whose response was lost.
      if (errorCode === 'dentryNotExist' || (success !== false && !errorCode)) removed.add(id)
      else refused.set(id, errorCode ?? 'unknownError')
    }
    return { removed, refused }
  }

  /** A subfolder, created if it is missing. Its files are committed by the same API as the folder's. Page: `add-folder`. */
  async subfolder(folder: Folder, unionId: string, name: string): Promise<Folder> {
    const { spaceId, parentId } = await this.folderIds(folder, unionId)
    const { dentry } = await this.#gateway.call({
      operation: 'subfolder',
      path: `${pathOf(spaceId, parentId)}/folders`,
      query: { unionId },
      body: { name, option: { conflictStrategy: 'RETURN_DENTRY_IF_EXISTS' } },
    })
    const { id, uuid, type } = dentry
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

/** The path of a space, or of an entry in it. */
function pathOf(spaceId: string, dentryId?: string): string {
  const space = `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}`
  return dentryId === undefined ? space : `${space}/dentries/${encodeURIComponent(dentryId)}`
}

function keyOf({ spaceId, parentId }: FolderIds): string {
  return `${spaceId}/${parentId}`
}

/** The result of a lookup, which is made once for each key. A failure is forgotten. */
function remembered<T>(memory: Map<string, Promise<T>>, key: string, lookUp: () => Promise<T>): Promise<T> {
  const known = memory.get(key)
  if (known) return known
  const found = lookUp()
  memory.set(key, found)
  found.catch(() => memory.delete(key))
  return found
}

/** The link that opens a file in the client or on the web. */
export function previewUrl({ spaceId, id }: { spaceId: string; id: string }): string {
  const query = new URLSearchParams({ route: 'previewDentry', spaceId, fileId: id, type: 'file' })
  return `https://qr.dingtalk.com/page/yunpan?${query.toString()}`
}
