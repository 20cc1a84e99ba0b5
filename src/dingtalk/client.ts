import { Drive, type Region } from './drive.ts'
import { DingTalkError } from './errors.ts'
import { Gateway, type GatewayOptions } from './gateway.ts'
import { pictureFormat } from './pictures.ts'
import { type Picture, type RobotMessage, templateOf } from './robots.ts'
import {
  ConversationResponse,
  type Dentry,
  GroupSpaceResponse,
  MediaResponse,
  PostedResponse,
  PostedToUsersResponse,
  SentResponse,
  UserResponse,
} from './schema.ts'

/** A member of the organisation. */
export interface Member {
  unionId: string
  /** Whether they have activated their account, if the platform says so. */
  active: boolean | undefined
  name: string | undefined
}

/** The client: DingTalk's drive, members, chats and robots, one method a call. Knows nothing of GitHub Actions. */
export class DingTalk {
  readonly #gateway: Gateway
  /** Folders, upload info, parts, commits. */
  readonly drive: Drive

  constructor(options: GatewayOptions & { preferRegion?: Region | undefined }) {
    this.#gateway = new Gateway(options)
    this.drive = new Drive(this.#gateway, options.preferRegion)
  }

  /** How far the platform's clock is ahead of this machine's, in ms, if it is known yet. */
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
    return { unionId: result.unionid, active: result.active ?? undefined, name: result.name ?? undefined }
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
   * Sends a file of the drive to a group, as the operator: a new message each time. Page:
   * `send-file-to-specified-session`.
   *
   * @returns the id of the copy that the group gets, if DingTalk says so
   * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
   */
  async send(
    dentry: Pick<Dentry, 'spaceId' | 'id'>,
    unionId: string,
    openConversationId: string,
  ): Promise<string | undefined> {
    const { value } = await this.#gateway.call({
      operation: 'send',
      path: '/v1.0/convFile/conversations/files/send',
      query: { unionId },
      body: { spaceId: dentry.spaceId, dentryId: dentry.id, openConversationId },
      response: SentResponse,
    })
    return value.file?.id ?? undefined
  }

  /**
   * Sends a group a link to a file of the drive, as the operator: a new message each time, and no copy of the file. Page:
   * `send-a-file-link-to-the-specified-session`.
   *
   * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
   */
  async sendLink(
    dentry: Pick<Dentry, 'spaceId' | 'id'>,
    unionId: string,
    openConversationId: string,
  ): Promise<void> {
    await this.#gateway.call({
      operation: 'sendLink',
      path: '/v1.0/convFile/conversations/files/links/send',
      query: { unionId },
      body: { spaceId: dentry.spaceId, dentryId: dentry.id, openConversationId },
      response: SentResponse,
    })
  }

  /**
   * The id of a group's own space, which has the copies of the files that were sent there. Page:
   * `obtain-group-storage-space-information`.
   *
   * @param unionId of a member of the group
   * @throws DingTalkError
   */
  async groupSpace(openConversationId: string, unionId: string): Promise<string> {
    const { value } = await this.#gateway.call({
      operation: 'groupSpace',
      path: '/v1.0/convFile/conversations/spaces/query',
      query: { unionId },
      body: { openConversationId },
      response: GroupSpaceResponse,
    })
    return value.space.spaceId
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
   * Posts in a group, by the app's own robot: a new message each time. Page: `the-robot-sends-a-group-message`.
   *
   * @param content at most 15,000 bytes of JSON, the buttons of a message included
   * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
   */
  async post(content: RobotMessage | Picture, robotCode: string, openConversationId: string): Promise<void> {
    await this.#gateway.call({
      operation: 'post',
      path: '/v1.0/robot/groupMessages/send',
      body: { robotCode, openConversationId, ...templateOf(content) },
      response: PostedResponse,
    })
  }

  /**
   * Posts to people, by the app's own robot: a new message each time. Page:
   * `chatbots-send-one-on-one-chat-messages-in-batches`.
   *
   * @param content as for {@link post}
   * @param userIds at most 20
   * @returns who certainly did not get it, by the reason
   * @throws DingTalkError if nobody got it; with `mayHaveHappened`, they may have it all the same
   */
  async postToUsers(
    content: RobotMessage | Picture,
    robotCode: string,
    userIds: readonly string[],
  ): Promise<{ userIds: string[]; error: DingTalkError }[]> {
    const operation = 'postToUsers'
    const { value } = await this.#gateway.call({
      operation,
      path: '/v1.0/robot/oToMessages/batchSend',
      body: { robotCode, userIds, ...templateOf(content) },
      response: PostedToUsersResponse,
    })
    return Object.entries(value).flatMap(([code, listed]) => {
      const missed = userIds.filter((userId) => listed.includes(userId))
      const error = { operation, code, kind: 'refused', mayHaveHappened: false, message: '' } as const
      return missed.length > 0 ? { userIds: missed, error: new DingTalkError(error) } : []
    })
  }

  /**
   * Uploads a picture for {@link post} and {@link postToUsers}. Page: `upload-media-files`.
   *
   * @param bytes as `refusalOfPicture` allows them
   * @returns its media ID
   * @throws DingTalkError
   */
  async uploadMedia(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const form = new FormData()
    form.set('type', 'image')
    // Without a file name, it would count as missing. The picture's own may be anything.
    form.set('media', new Blob([bytes]), `picture.${pictureFormat(bytes) ?? ''}`)
    const { media_id } = await this.#gateway.callOapi({
      operation: 'uploadMedia',
      path: '/media/upload',
      body: form,
      response: MediaResponse,
    })
    return media_id
  }
}
