import { DingTalkError } from './errors.ts'
import type { ConflictStrategy, Folder, FolderIds } from './folder.ts'
import { Gateway, type GatewayOptions } from './gateway.ts'
import {
  ConversationResponse,
  DentriesResponse,
  DentryResponse,
  EntryResponse,
  MultipartResponse,
  PartInfosResponse,
  PostedResponse,
  SentResponse,
  SpaceResponse,
  UploadInfoResponse,
  UserResponse,
  type Dentry,
  type Entry,
  type SignatureInfo,
  type UploadInfo,
} from './responses/schema.ts'

/** How many parts' upload infos one call gives. */
export const PART_INFOS = 30

/** A file that is about to be uploaded, as far as the platform needs to know it beforehand. */
export interface FileSpec {
  name: string
  /** bytes */
  size: number
}

/** A member of the organisation. */
export interface Member {
  unionId: string
  /** Whether they have begun to use DingTalk, if the platform tells. */
  active: boolean | undefined
}

/** Leave to upload a file. */
export interface UploadTicket {
  /** The key to commit it by. */
  uploadKey: string
  /** When it was given, by the platform's clock: ms since the epoch, in whole seconds. */
  at: number | undefined
}

/** DingTalk's drive and chats, one method a call. Knows nothing of GitHub Actions. */
export class DingTalk {
  readonly #gateway: Gateway
  /** Set once the v1 commit has turned out to be closed to this app: the folder, as v2 names it. */
  #v2Folder: Promise<string> | undefined
  /** Set once a folder that is known by its uuid had to be named as v1 does. */
  #v1Folder: Promise<FolderIds> | undefined

  constructor(options: GatewayOptions) {
    this.#gateway = new Gateway(options)
  }

  /** How far the platform's clock is ahead of this machine's, in ms, if it has told that yet. */
  get clockAhead(): number | undefined {
    return this.#gateway.clockAhead
  }

  /** Makes sure that app key and app secret are a pair. @throws DingTalkError */
  authenticate(): Promise<void> {
    return this.#gateway.authenticate()
  }

  /** A member of the organisation. Page: `query-user-details`. @throws DingTalkError */
  async member(userId: string): Promise<Member> {
    const { result } = await this.#gateway.callOapi({
      operation: 'unionId',
      path: '/topapi/v2/user/get',
      body: { userid: userId, language: 'zh_CN' },
      response: UserResponse,
    })
    return { unionId: result.unionid, active: result.active ?? undefined }
  }

  /** The union id of a member. @throws DingTalkError */
  async unionId(userId: string): Promise<string> {
    return (await this.member(userId)).unionId
  }

  /** The open conversation id of a chat id (`chat…`). Page: `obtain-group-openconversationid`. @throws DingTalkError */
  async openConversationId(chatId: string): Promise<string> {
    const { value } = await this.#gateway.call({
      operation: 'openConversationId',
      path: `/v1.0/im/chat/${encodeURIComponent(chatId)}/convertToOpenConversationId`,
      response: ConversationResponse,
    })
    return value.openConversationId
  }

  /**
   * Leave to put a file's bytes into OSS. Pages: `obtain-storage-upload-information` (v1),
   * `obtain-file-upload-informations` (v2).
   *
   * @throws DingTalkError
   */
  async uploadInfo(
    folder: Folder,
    unionId: string,
    { name, size }: FileSpec,
  ): Promise<UploadTicket & UploadInfo> {
    const isV1 = folder.kind === 'ids'
    const preCheckParam = isV1 ? { size, name, parentId: folder.parentId } : { size, name }
    const { value, at } = await this.#gateway.call({
      operation: 'uploadInfo',
      path: isV1
        ? `/v1.0/storage/spaces/${encodeURIComponent(folder.spaceId)}/files/uploadInfos/query`
        : `/v2.0/storage/spaces/files/${encodeURIComponent(folder.uuid)}/uploadInfos/query`,
      query: { unionId },
      body: {
        protocol: 'HEADER_SIGNATURE',
        ...(isV1 ? { multipart: false } : {}),
        option: { storageDriver: 'DINGTALK', preCheckParam },
      },
      response: UploadInfoResponse,
    })
    return { ...value, at }
  }

  /**
   * Leave to put a file's bytes into OSS in parts. Page: `initialize-a-multipart-upload-object`.
   *
   * @throws DingTalkError; where `isApiClosed`, a single PUT may still work
   */
  async startParts(folder: Folder, unionId: string, { name, size }: FileSpec): Promise<UploadTicket> {
    const { spaceId, parentId }: { spaceId: string; parentId?: string } =
      folder.kind === 'uuid' && folder.spaceId !== undefined
        ? { spaceId: folder.spaceId }
        : await this.folderIds(folder, unionId)
    const preCheckParam = { size, name, ...(parentId === undefined ? {} : { parentId }) }
    const { value, at } = await this.#gateway.call({
      operation: 'multipartInit',
      path: `/v1.0/storage/spaces/${encodeURIComponent(spaceId)}/files/multiPartUploadInfos/init`,
      query: { unionId },
      body: { option: { storageDriver: 'DINGTALK', preCheckParam } },
      response: MultipartResponse,
    })
    return { ...value, at }
  }

  /**
   * Upload info for parts. Page: `obtains-the-information-about-multipart-uploads-of-an-object`.
   *
   * @param partNumbers at most {@link PART_INFOS} of them
   * @throws DingTalkError
   */
  async partInfos(
    uploadKey: string,
    unionId: string,
    partNumbers: readonly number[],
  ): Promise<ReadonlyMap<number, SignatureInfo>> {
    const { value } = await this.#gateway.call({
      operation: 'partInfo',
      path: '/v1.0/storage/spaces/files/multiPartUploadInfos/query',
      query: { unionId },
      body: { uploadKey, partNumbers },
      response: PartInfosResponse,
    })
    return new Map(
      value.multipartHeaderSignatureInfos.map((info) => [info.partNumber, info.headerSignatureInfo] as const),
    )
  }

  /**
   * Turns stored bytes into a file of the folder. If v1 is closed to this app, the folder's uuid is looked up, once, and v2
   * used from then on.
   *
   * @throws DingTalkError; with `mayHaveHappened`, the file may be there all the same: see `Committer`
   */
  async commit(
    folder: Folder,
    unionId: string,
    uploadKey: string,
    file: FileSpec,
    conflictStrategy: ConflictStrategy,
  ): Promise<Dentry> {
    const commitTo = (target: Folder) =>
      this.commitAsNamed(target, unionId, uploadKey, file, conflictStrategy)
    if (folder.kind !== 'ids') return commitTo(folder)
    if (!this.#v2Folder) {
      try {
        return await commitTo(folder)
      } catch (error) {
        const isV1Closed = error instanceof DingTalkError && error.operation === 'commit' && error.isApiClosed
        if (!isV1Closed) throw error
        const { spaceId, parentId } = folder
        this.#v2Folder ??= this.entry(spaceId, parentId, unionId).then(({ uuid }) => uuid)
      }
    }
    return commitTo({ kind: 'uuid', uuid: await this.#v2Folder })
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
        option: { size: file.size, conflictStrategy },
      },
      response: DentryResponse,
    })
    return value.dentry
  }

  /** The ids of a folder; if only its uuid is known, they are looked up once. Page: `queryDentryId`. @throws DingTalkError */
  async folderIds(folder: Folder, unionId: string): Promise<FolderIds> {
    if (folder.kind !== 'uuid') return folder
    this.#v1Folder ??= this.#gateway
      .call({
        operation: 'space',
        method: 'GET',
        path: `/v2.0/doc/dentries/${encodeURIComponent(folder.uuid)}/queryDentryId`,
        query: { operatorId: unionId },
        response: SpaceResponse,
      })
      .then(({ value }) => ({ spaceId: value.spaceId, parentId: value.dentryId }))
    return this.#v1Folder
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
   * The files of a folder, the one modified last first. Page: `get-a-list-of-files-or-folders`.
   *
   * @throws DingTalkError
   */
  async *list(folder: Folder, unionId: string): AsyncGenerator<Dentry> {
    const { spaceId, parentId } = await this.folderIds(folder, unionId)
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
      yield* value.dentries
      nextToken = value.nextToken || undefined
    } while (nextToken)
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
      response: DentryResponse,
    })
    const { id, uuid } = value.dentry
    const ids = { spaceId, parentId: id }
    return folder.kind === 'ids' ? { kind: 'ids', ...ids } : { kind: 'both', uuid, ...ids }
  }

  /**
   * Sends a file of the drive to a group, as the operator: a new message each time. Page:
   * `send-file-to-specified-session`.
   *
   * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
   */
  async send(
    dentry: Pick<Dentry, 'spaceId' | 'id'>,
    unionId: string,
    openConversationId: string,
  ): Promise<void> {
    await this.#gateway.call({
      operation: 'send',
      path: '/v1.0/convFile/conversations/files/send',
      query: { unionId },
      body: { spaceId: dentry.spaceId, dentryId: dentry.id, openConversationId },
      response: SentResponse,
    })
  }

  /**
   * Sends a file of the drive to a person, as the app: a new message each time. Page:
   * `sends-a-storage-file-to-a-specified-user`.
   *
   * @param unionId the recipient's
   * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
   */
  async sendToUser(dentry: Dentry, unionId: string): Promise<void> {
    await this.#gateway.call({
      operation: 'sendToUser',
      path: '/v1.0/convFile/apps/conversations/files/send',
      query: { unionId },
      body: { spaceId: dentry.spaceId, dentryId: dentry.id },
      response: SentResponse,
    })
  }

  /**
   * Posts Markdown in a group, by the app's own robot: a new message each time. Page: `the-robot-sends-a-group-message`.
   *
   * @param markdown at most 15,000 bytes of JSON
   * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
   */
  async post(
    markdown: { title: string; text: string },
    robotCode: string,
    openConversationId: string,
  ): Promise<void> {
    await this.#gateway.call({
      operation: 'post',
      path: '/v1.0/robot/groupMessages/send',
      body: { robotCode, openConversationId, msgKey: 'sampleMarkdown', msgParam: JSON.stringify(markdown) },
      response: PostedResponse,
    })
  }
}
