/** A server of the platform: the new gateway, the old gateway (oapi) or the object storage. */
export type Server = 'gateway' | 'oapi' | 'oss'

interface OperationInfo {
  readonly server: Server
  /** Whether a call counts towards the organization's monthly quota. */
  readonly onQuota: boolean
  /** The permission scope that the app needs. */
  readonly scope?: string
}

/** All calls that the emulator supports. */
export const OPERATIONS = {
  accessToken: { server: 'gateway', onQuota: false, scope: 'qyapi_base' },
  unionId: { server: 'oapi', onQuota: false, scope: 'qyapi_get_member' },
  openConversationId: { server: 'gateway', onQuota: true, scope: 'qyapi_chat_read' },
  uploadInfoV1: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  uploadInfoV2: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  multipartInit: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  partInfo: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  put: { server: 'oss', onQuota: false },
  putPart: { server: 'oss', onQuota: false },
  commitV1: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  commitV2: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  remove: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  batchRemove: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  subfolder: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  dentry: { server: 'gateway', onQuota: true, scope: 'Storage.File.Read' },
  list: { server: 'gateway', onQuota: true, scope: 'Storage.File.Read' },
  space: { server: 'gateway', onQuota: true, scope: 'Document.WorkspaceDocument.Read' },
  groupSpace: { server: 'gateway', onQuota: true, scope: 'ConvFile.Space.Read' },
  send: { server: 'gateway', onQuota: true, scope: 'ConvFile.File.Send' },
  sendLink: { server: 'gateway', onQuota: true, scope: 'ConvFile.File.Send' },
  sendToUser: { server: 'gateway', onQuota: true, scope: 'ConvFile.File.Send' },
  post: { server: 'gateway', onQuota: true, scope: 'qyapi_robot_sendmsg' },
  postByWebhook: { server: 'oapi', onQuota: false },
  unknown: { server: 'gateway', onQuota: false },
} as const satisfies Record<string, OperationInfo>

export type Operation = keyof typeof OPERATIONS

/** The scope an operation needs, if any. */
export function scopeOf(operation: Operation): string | undefined {
  const facts: OperationInfo = OPERATIONS[operation]
  return facts.scope
}
