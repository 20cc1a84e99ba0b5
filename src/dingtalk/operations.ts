import type { Text } from '../http/text.ts'

/** What the client knows about one of the platform's calls. */
export interface Operation {
  /** Completes "Could not …" and「无法…」. */
  readonly title: Text
  /**
   * What to do if the call may have taken effect:
   *
   * - `repeat`: retry, because a second call does no harm
   * - `repeat-with-key`: retry with the same idempotency key
   * - `look-up`: look for the file first, because a second call might create a second file
   * - `report`: never retry, because a second call would send a second message
   */
  readonly inDoubt: 'repeat' | 'repeat-with-key' | 'look-up' | 'report'
  /** The permission scope that the app needs; empty if none. */
  readonly scope: string
}

function operation(en: string, zh: string, scope = '', inDoubt: Operation['inDoubt'] = 'repeat'): Operation {
  return { title: { en, zh }, inDoubt, scope }
}

/** Every call that the client makes. */
export const OPERATIONS = {
  accessToken: operation('get an access token', '获取 access token', 'qyapi_base'),
  unionId: operation('look up the unionId of the user', '查询成员的 unionId', 'qyapi_get_member'),
  openConversationId: operation(
    'look up the openConversationId of the group',
    '查询群的 openConversationId',
    'qyapi_chat_read',
  ),
  uploadInfo: operation('prepare the upload', '准备上传', 'Storage.UploadInfo.Read'),
  multipartInit: operation('prepare the multipart upload', '准备分片上传', 'Storage.UploadInfo.Read'),
  partInfo: operation('prepare the parts of the upload', '准备分片', 'Storage.UploadInfo.Read'),
  space: operation(
    'look up the space of the folder',
    '查询文件夹所在的空间',
    'Document.WorkspaceDocument.Read',
  ),
  put: operation('upload the file to the storage', '将文件上传到存储'),
  probe: operation('reach the storage', '访问存储'),
  commit: operation('save the file', '保存文件', 'Storage.File.Write', 'look-up'),
  appProperties: operation('record the delivery of the file', '记录文件的发送结果', 'Storage.File.Write'),
  dentry: operation('look up the folder', '查询文件夹', 'Storage.File.Read'),
  subfolder: operation('create the folder', '创建文件夹', 'Storage.File.Write'),
  list: operation('list the folder', '列出文件夹内容', 'Storage.File.Read'),
  batchRemove: operation('delete files of earlier runs', '删除以往运行上传的文件', 'Storage.File.Write'),
  groupSpace: operation("look up the group's own space", '查询群文件空间', 'ConvFile.Space.Read'),
  send: operation('send the file to the group', '将文件发送到群', 'ConvFile.File.Send', 'report'),
  sendLink: operation(
    'send a link to the file to the group',
    '将文件链接发送到群',
    'ConvFile.File.Send',
    'report',
  ),
  sendToUser: operation('send the file to the user', '将文件发送给成员', 'ConvFile.File.Send', 'report'),
  post: operation('post the message to the group', '在群中发送消息', 'qyapi_robot_sendmsg', 'report'),
  uploadMedia: operation('upload the picture', '上传图片', 'qyapi_base'),
  postToUsers: operation('post the message to the users', '向成员发送消息', 'qyapi_robot_sendmsg', 'report'),
  postByWebhook: operation(
    "post the message through the robot's webhook",
    '通过机器人 Webhook 发送消息',
    '',
    'repeat-with-key',
  ),
} as const

export type OperationName = keyof typeof OPERATIONS

const SECRET_RESPONSES: ReadonlySet<OperationName> = new Set([
  'accessToken',
  'uploadInfo',
  'multipartInit',
  'partInfo',
])

/** Whether the response contains a secret (a token, a signature, or an upload key), so that it must not be quoted. */
export function hasSecretResponse(operation: OperationName): boolean {
  return SECRET_RESPONSES.has(operation)
}
