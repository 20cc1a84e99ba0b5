/** What the client knows about one of the platform's calls. */
export interface Operation {
  /** How a message names it: "could not <title>". */
  readonly title: string
  /**
   * What to do if the call may have had its effect. `repeat`: a second call does no harm. `look-up`: a second call might
   * make a second file, but the first one's file can be found. `report`: a second call would send a second message, and
   * nothing shows whether the first one did.
   */
  readonly inDoubt: 'repeat' | 'look-up' | 'report'
  /** The permission scope that the app needs for it. */
  readonly scope?: string
  /** Whether its answer holds a secret (a token, a signature, an upload key): such an answer is never quoted. */
  readonly answersSecret?: boolean
}

/** Every call that the client makes. */
export const OPERATIONS = {
  accessToken: { title: 'get an access token', inDoubt: 'repeat', scope: 'qyapi_base', answersSecret: true },
  unionId: { title: 'look up the union id of the user', inDoubt: 'repeat', scope: 'qyapi_get_member' },
  openConversationId: {
    title: 'look up the open conversation id of the chat',
    inDoubt: 'repeat',
    scope: 'qyapi_chat_read',
  },
  uploadInfo: {
    title: 'ask for upload info',
    inDoubt: 'repeat',
    scope: 'Storage.UploadInfo.Read',
    answersSecret: true,
  },
  multipartInit: {
    title: 'start an upload in parts',
    inDoubt: 'repeat',
    scope: 'Storage.UploadInfo.Read',
    answersSecret: true,
  },
  partInfo: {
    title: 'ask for upload info of parts',
    inDoubt: 'repeat',
    scope: 'Storage.UploadInfo.Read',
    answersSecret: true,
  },
  space: {
    title: 'look up the space of the folder',
    inDoubt: 'repeat',
    scope: 'Document.WorkspaceDocument.Read',
  },
  put: { title: 'store the bytes in OSS', inDoubt: 'repeat' },
  probe: { title: 'reach the storage', inDoubt: 'repeat' },
  commit: { title: 'commit the file', inDoubt: 'look-up', scope: 'Storage.File.Write' },
  dentry: { title: 'look up the folder', inDoubt: 'repeat', scope: 'Storage.File.Read' },
  subfolder: { title: 'make the folder', inDoubt: 'repeat', scope: 'Storage.File.Write' },
  list: { title: 'list the folder', inDoubt: 'repeat', scope: 'Storage.File.Read' },
  send: { title: 'send the file to the chat', inDoubt: 'report', scope: 'ConvFile.File.Send' },
  sendToUser: { title: 'send the file to the user', inDoubt: 'report', scope: 'ConvFile.File.Send' },
  post: { title: 'post the message in the chat', inDoubt: 'report', scope: 'qyapi_robot_sendmsg' },
  postByWebhook: { title: "post the message by the robot's webhook", inDoubt: 'report' },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof OPERATIONS

/** Whether the answer to a call holds a secret. */
export function answersSecret(operation: OperationName): boolean {
  const known: Operation = OPERATIONS[operation]
  return known.answersSecret ?? false
}
