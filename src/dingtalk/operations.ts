import type { Text } from '../http/text.ts'

/** What the client knows about one of the platform's calls. */
export interface Operation {
  /** How a message names it: "Could not <title>", 「无法<title>」. */
  readonly title: Text
  /**
   * What to do if the call may have had its effect. `repeat`: a second call does no harm. `repeat-with-key`: a second call
   * with the same idempotency key does none, but what never gets an answer stays in doubt. `look-up`: a second call might
   * make a second file, but the first one's file can be found. `report`: a second call would send a second message, and
   * nothing shows whether the first one did.
   */
  readonly inDoubt: 'repeat' | 'repeat-with-key' | 'look-up' | 'report'
  /** The permission scope that the app needs for it. */
  readonly scope?: string
  /** Whether its answer holds a secret (a token, a signature, an upload key): such an answer is never quoted. */
  readonly answersSecret?: boolean
}

/** Every call that the client makes. */
export const OPERATIONS = {
  accessToken: {
    title: { en: 'get an access token', zh: '获取 access token' },
    inDoubt: 'repeat',
    scope: 'qyapi_base',
    answersSecret: true,
  },
  unionId: {
    title: { en: 'look up the unionId of the user', zh: '查询用户的 unionId' },
    inDoubt: 'repeat',
    scope: 'qyapi_get_member',
  },
  openConversationId: {
    title: { en: 'look up the openConversationId of the group', zh: '查询群的 openConversationId' },
    inDoubt: 'repeat',
    scope: 'qyapi_chat_read',
  },
  uploadInfo: {
    title: { en: 'prepare the upload', zh: '准备上传' },
    inDoubt: 'repeat',
    scope: 'Storage.UploadInfo.Read',
    answersSecret: true,
  },
  multipartInit: {
    title: { en: 'prepare the multipart upload', zh: '准备分片上传' },
    inDoubt: 'repeat',
    scope: 'Storage.UploadInfo.Read',
    answersSecret: true,
  },
  partInfo: {
    title: { en: 'prepare the parts of the upload', zh: '准备分片' },
    inDoubt: 'repeat',
    scope: 'Storage.UploadInfo.Read',
    answersSecret: true,
  },
  space: {
    title: { en: 'look up the space of the folder', zh: '查询文件夹所在的空间' },
    inDoubt: 'repeat',
    scope: 'Document.WorkspaceDocument.Read',
  },
  put: { title: { en: 'upload the file to the storage', zh: '将文件上传到存储' }, inDoubt: 'repeat' },
  probe: { title: { en: 'reach the storage', zh: '访问存储' }, inDoubt: 'repeat' },
  commit: {
    title: { en: 'save the file', zh: '保存文件' },
    inDoubt: 'look-up',
    scope: 'Storage.File.Write',
  },
  appProperties: {
    title: { en: 'record the delivery of the file', zh: '记录文件的发送结果' },
    inDoubt: 'repeat',
    scope: 'Storage.File.Write',
  },
  dentry: {
    title: { en: 'look up the folder', zh: '查询文件夹' },
    inDoubt: 'repeat',
    scope: 'Storage.File.Read',
  },
  subfolder: {
    title: { en: 'create the folder', zh: '创建文件夹' },
    inDoubt: 'repeat',
    scope: 'Storage.File.Write',
  },
  list: {
    title: { en: 'list the folder', zh: '列出文件夹内容' },
    inDoubt: 'repeat',
    scope: 'Storage.File.Read',
  },
  batchRemove: {
    title: { en: 'delete files of earlier runs', zh: '删除以往运行上传的文件' },
    inDoubt: 'repeat',
    scope: 'Storage.File.Write',
  },
  groupSpace: {
    title: { en: "look up the group's own space", zh: '查询群文件空间' },
    inDoubt: 'repeat',
    scope: 'ConvFile.Space.Read',
  },
  send: {
    title: { en: 'send the file to the group', zh: '将文件发送到群' },
    inDoubt: 'report',
    scope: 'ConvFile.File.Send',
  },
  sendLink: {
    title: { en: 'send a link to the file to the group', zh: '将文件链接发送到群' },
    inDoubt: 'report',
    scope: 'ConvFile.File.Send',
  },
  sendToUser: {
    title: { en: 'send the file to the user', zh: '将文件发送给用户' },
    inDoubt: 'report',
    scope: 'ConvFile.File.Send',
  },
  post: {
    title: { en: 'post the message to the group', zh: '在群中发送消息' },
    inDoubt: 'report',
    scope: 'qyapi_robot_sendmsg',
  },
  uploadMedia: {
    title: { en: 'upload the picture', zh: '上传图片' },
    inDoubt: 'repeat',
    scope: 'qyapi_base',
  },
  postToUsers: {
    title: { en: 'post the message to the users', zh: '向用户发送消息' },
    inDoubt: 'report',
    scope: 'qyapi_robot_sendmsg',
  },
  postByWebhook: {
    title: { en: "post the message through the robot's webhook", zh: '通过机器人 Webhook 发送消息' },
    inDoubt: 'repeat-with-key',
  },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof OPERATIONS

/** Whether the answer to a call holds a secret. */
export function answersSecret(operation: OperationName): boolean {
  const known: Operation = OPERATIONS[operation]
  return known.answersSecret ?? false
}
