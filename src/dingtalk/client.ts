import { Drive, type Region } from './drive.ts'
import { DingTalkError } from './errors.ts'
import { Gateway, type GatewayOptions } from './gateway.ts'
import { pictureFormat } from './pictures.ts'
import { type Picture, type RobotMessage, templateOf } from './robots.ts'
import type { Dentry } from './schema.ts'

/** A member of the organization. */
export interface Member {
  unionId: string
  /** Whether the member has activated the account, if the platform says so. */
  active: boolean | undefined
  name: string | undefined
}

/**
 * The client for DingTalk's drive, members, chats, and robots. It knows nothing about GitHub Actions.
 *
 * Each method makes one call and throws a DingTalkError if it fails. Methods that send or post create a new message each
 * time; if their error has `mayHaveHappened`, the message may have been sent.
 */
export class DingTalk extends Gateway {
  readonly drive: Drive

  constructor(options: GatewayOptions & { preferRegion?: Region | undefined }) {
    super(options)
    this.drive = new Drive(this, options.preferRegion)
  }

  /** Page: `query-user-details` */
  async member(userId: string): Promise<Member> {
    const { result } = await this.call({
      operation: 'unionId',
      server: 'oapi',
      path: '/topapi/v2/user/get',
      body: { userid: userId, language: 'zh_CN' },
    })
    return { unionId: result.unionid, active: result.active ?? undefined, name: result.name ?? undefined }
  }

  async unionId(userId: string): Promise<string> {
    return (await this.member(userId)).unionId
  }

  /** Converts a chat ID (`chat…`). Page: `obtain-group-openconversationid`. */
  async openConversationId(chatId: string): Promise<string> {
    const { openConversationId } = await this.call({
      operation: 'openConversationId',
      path: `/v1.0/im/chat/${encodeURIComponent(chatId)}/convertToOpenConversationId`,
    })
    return openConversationId
  }

  /**
   * Sends a file of the drive to a group, as the operator. Page: `send-file-to-specified-session`.
   *
   * @returns the ID of the group's copy, if the response contains it
   */
  async send(
    { spaceId, id }: Pick<Dentry, 'spaceId' | 'id'>,
    unionId: string,
    openConversationId: string,
  ): Promise<string | undefined> {
    const { file } = await this.call({
      operation: 'send',
      path: '/v1.0/convFile/conversations/files/send',
      query: { unionId },
      body: { spaceId, dentryId: id, openConversationId },
    })
    return file?.id ?? undefined
  }

  /** Sends a link to a file to a group, as the operator, without a copy. Page: `send-a-file-link-to-the-specified-session`. */
  async sendLink(
    { spaceId, id }: Pick<Dentry, 'spaceId' | 'id'>,
    unionId: string,
    openConversationId: string,
  ): Promise<void> {
    await this.call({
      operation: 'sendLink',
      path: '/v1.0/convFile/conversations/files/links/send',
      query: { unionId },
      body: { spaceId, dentryId: id, openConversationId },
    })
  }

  /**
   * The ID of a group's own space, which contains the copies of the files that were sent to the group. Page:
   * `obtain-group-storage-space-information`.
   *
   * @param unionId of a member of the group
   */
  async groupSpace(openConversationId: string, unionId: string): Promise<string> {
    const { space } = await this.call({
      operation: 'groupSpace',
      path: '/v1.0/convFile/conversations/spaces/query',
      query: { unionId },
      body: { openConversationId },
    })
    return space.spaceId
  }

  /**
   * Sends a file of the drive to a user, as the app. Page: `sends-a-storage-file-to-a-specified-user`.
   *
   * @param unionId of the recipient
   */
  async sendToUser({ spaceId, id }: Dentry, unionId: string): Promise<void> {
    await this.call({
      operation: 'sendToUser',
      path: '/v1.0/convFile/apps/conversations/files/send',
      query: { unionId },
      body: { spaceId, dentryId: id },
    })
  }

  /** Posts to a group as the app's robot. Page: `the-robot-sends-a-group-message`. */
  async post(content: RobotMessage | Picture, robotCode: string, openConversationId: string): Promise<void> {
    await this.call({
      operation: 'post',
      path: '/v1.0/robot/groupMessages/send',
      body: { robotCode, openConversationId, ...templateOf(content) },
    })
  }

  /**
   * Posts to users as the app's robot. Page: `chatbots-send-one-on-one-chat-messages-in-batches`.
   *
   * @param userIds at most 20
   * @returns the users who did not get the message, by reason
   */
  async postToUsers(
    content: RobotMessage | Picture,
    robotCode: string,
    userIds: readonly string[],
  ): Promise<{ userIds: string[]; error: DingTalkError }[]> {
    const operation = 'postToUsers'
    const response = await this.call({
      operation,
      path: '/v1.0/robot/oToMessages/batchSend',
      body: { robotCode, userIds, ...templateOf(content) },
    })
    return Object.entries(response).flatMap(([code, listed]) => {
      const missed = userIds.filter((userId) => listed.includes(userId))
      const error = { operation, code, kind: 'refused', mayHaveHappened: false, message: '' } as const
      return missed.length > 0 ? { userIds: missed, error: new DingTalkError(error) } : []
    })
  }

  /**
   * Uploads a picture for {@link post} and {@link postToUsers}. Page: `upload-media-files`.
   *
   * @param bytes a picture that `refusalOfPicture` accepts
   * @returns its media ID
   */
  async uploadMedia(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const form = new FormData()
    form.set('type', 'image')
    // DingTalk ignores a field without a file name. The picture's own name may contain anything, so it isn't used.
    form.set('media', new Blob([bytes]), `picture.${pictureFormat(bytes) ?? ''}`)
    const { media_id } = await this.call({
      operation: 'uploadMedia',
      server: 'oapi',
      path: '/media/upload',
      body: form,
    })
    return media_id
  }
}
