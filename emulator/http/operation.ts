/** Which of the platform's servers a request came to: the new gateway, the old one, or the object storage. */
export type Server = 'gateway' | 'oapi' | 'oss'

interface OperationFacts {
  readonly server: Server
  /** Whether it counts towards the organisation's monthly calls. */
  readonly onQuota: boolean
  /** The permission scope that the app needs for it. */
  readonly scope?: string
}

/** Every call the emulator knows. */
export const OPERATIONS = {
  accessToken: { server: 'gateway', onQuota: false, scope: 'qyapi_base' },
  userGet: { server: 'oapi', onQuota: false, scope: 'qyapi_get_member' },
  convertChat: { server: 'gateway', onQuota: true, scope: 'qyapi_chat_read' },
  uploadInfoV1: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  uploadInfoV2: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  multipartInit: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  multipartQuery: { server: 'gateway', onQuota: true, scope: 'Storage.UploadInfo.Read' },
  put: { server: 'oss', onQuota: false },
  putPart: { server: 'oss', onQuota: false },
  commitV1: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  commitV2: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  addFolder: { server: 'gateway', onQuota: true, scope: 'Storage.File.Write' },
  queryDentry: { server: 'gateway', onQuota: true, scope: 'Storage.File.Read' },
  listDentries: { server: 'gateway', onQuota: true, scope: 'Storage.File.Read' },
  queryDentryId: { server: 'gateway', onQuota: true, scope: 'Document.WorkspaceDocument.Read' },
  sendToChat: { server: 'gateway', onQuota: true, scope: 'ConvFile.File.Send' },
  sendLinkToChat: { server: 'gateway', onQuota: true, scope: 'ConvFile.File.Send' },
  sendToUser: { server: 'gateway', onQuota: true, scope: 'ConvFile.File.Send' },
  robotGroupSend: { server: 'gateway', onQuota: true, scope: 'qyapi_robot_sendmsg' },
  robotWebhook: { server: 'oapi', onQuota: false },
  unknown: { server: 'gateway', onQuota: false },
} as const satisfies Record<string, OperationFacts>

export type Operation = keyof typeof OPERATIONS

/** The scope an operation needs, if any. */
export function scopeOf(operation: Operation): string | undefined {
  const facts: OperationFacts = OPERATIONS[operation]
  return facts.scope
}
