/** What is asked of the platform: one entry for each kind of call. */
export interface Operation {
  /** How a message names it: "could not <title>". */
  readonly title: string
  /**
   * Whether doing it twice does no more than doing it once. Of the others, a try that may have worked is never
   * repeated blindly: a second commit may make a second file, a second send is a second message in the group.
   */
  readonly idempotent: boolean
  /** The permission scope that the app needs for it. */
  readonly scope?: string
}

/** Every call this client makes. */
export const OPERATIONS = {
  accessToken: { title: 'get an access token', idempotent: true, scope: 'qyapi_base' },
  unionId: { title: 'look up the union id of the user', idempotent: true, scope: 'qyapi_get_member' },
  openConversationId: {
    title: 'look up the open conversation id of the chat',
    idempotent: true,
    scope: 'qyapi_chat_read',
  },
  uploadInfo: { title: 'ask for upload info', idempotent: true, scope: 'Storage.UploadInfo.Read' },
  multipartInit: { title: 'start an upload in parts', idempotent: true, scope: 'Storage.UploadInfo.Read' },
  partInfo: { title: 'ask for upload info of parts', idempotent: true, scope: 'Storage.UploadInfo.Read' },
  space: {
    title: 'look up the space of the folder',
    idempotent: true,
    scope: 'Document.WorkspaceDocument.Read',
  },
  put: { title: 'store the bytes in OSS', idempotent: true },
  commit: { title: 'commit the file', idempotent: false, scope: 'Storage.File.Write' },
  dentry: { title: 'look up the folder', idempotent: true, scope: 'Storage.File.Read' },
  list: { title: 'list the folder', idempotent: true, scope: 'Storage.File.Read' },
  send: { title: 'send the file to the chat', idempotent: false, scope: 'ConvFile.File.Send' },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof OPERATIONS
