import type { Emulator } from '../emulator/emulator.ts'
import type { Operation } from '../emulator/http/operation.ts'

/** A call of the SDK. */
export interface MinimalCall {
  /** A module of the SDK. */
  product: string
  method: string
  /** The parameters in the path, in the SDK's order. */
  path: readonly string[]
  /** The parameters in the query and the body, which the SDK puts together. */
  request: Record<string, unknown>
}

/**
 * The calls of the new gateway with the parameters that their pages require, and no others. The old gateway is not in this
 * SDK. What a call gets from an earlier one is missing: upload keys.
 */
export const MINIMAL_CALLS = {
  // https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app
  accessToken: ({ values: { appKey, appSecret } }) => ({
    product: 'oauth2_1_0',
    method: 'getAccessToken',
    path: [],
    request: { appKey, appSecret },
  }),
  // https://open.dingtalk.com/document/development/obtain-group-openconversationid
  openConversationId: ({ values: { chatId } }) => ({
    product: 'im_1_0',
    method: 'chatIdToOpenConversationId',
    path: [chatId],
    request: {},
  }),
  // https://open.dingtalk.com/document/development/obtain-storage-upload-information
  uploadInfoV1: ({ values: { spaceId, unionId } }) => ({
    product: 'storage_1_0',
    method: 'getFileUploadInfo',
    path: [spaceId],
    request: { unionId, protocol: 'HEADER_SIGNATURE', multipart: false },
  }),
  // https://open.dingtalk.com/document/development/obtain-file-upload-informations
  uploadInfoV2: ({ values: { parentUuid, unionId } }) => ({
    product: 'storage_2_0',
    method: 'getFileUploadInfo',
    path: [parentUuid],
    request: { unionId, protocol: 'HEADER_SIGNATURE' },
  }),
  // https://open.dingtalk.com/document/development/initialize-a-multipart-upload-object
  multipartInit: ({ values: { spaceId, unionId } }) => ({
    product: 'storage_1_0',
    method: 'initMultipartFileUpload',
    path: [spaceId],
    request: { unionId },
  }),
  // https://open.dingtalk.com/document/development/obtains-the-information-about-multipart-uploads-of-an-object
  partInfo: ({ values: { unionId } }) => ({
    product: 'storage_1_0',
    method: 'getMultipartFileUploadInfos',
    path: [],
    request: { unionId, partNumbers: [1] },
  }),
  // https://open.dingtalk.com/document/development/submit-documents
  commitV1: ({ values: { spaceId, parentId, unionId } }) => ({
    product: 'storage_1_0',
    method: 'commitFile',
    path: [spaceId],
    request: { unionId, name: '构建.apk', parentId },
  }),
  // https://open.dingtalk.com/document/development/submittal-file
  commitV2: ({ values: { parentUuid, unionId } }) => ({
    product: 'storage_2_0',
    method: 'commitFile',
    path: [parentUuid],
    request: { unionId, name: '构建.apk' },
  }),
  // https://open.dingtalk.com/document/development/delete-a-file-or-folder
  remove: ({ values: { spaceId, unionId }, others: { file } }) => ({
    product: 'storage_1_0',
    method: 'deleteDentry',
    path: [spaceId, file.dentryId],
    request: { unionId },
  }),
  // https://open.dingtalk.com/document/development/delete-files-or-folders-in-bulk
  batchRemove: ({ values: { spaceId, unionId }, others: { file } }) => ({
    product: 'storage_1_0',
    method: 'deleteDentries',
    path: [spaceId],
    request: { unionId, dentryIds: [file.dentryId] },
  }),
  // https://open.dingtalk.com/document/development/add-folder
  subfolder: ({ values: { spaceId, parentId, unionId } }) => ({
    product: 'storage_1_0',
    method: 'addFolder',
    path: [spaceId, parentId],
    request: { unionId, name: 'v1' },
  }),
  // https://open.dingtalk.com/document/development/obtain-file-or-folder-information
  dentry: ({ values: { spaceId, parentId, unionId } }) => ({
    product: 'storage_1_0',
    method: 'getDentry',
    path: [spaceId, parentId],
    request: { unionId },
  }),
  // https://open.dingtalk.com/document/development/get-a-list-of-files-or-folders
  list: ({ values: { spaceId, unionId } }) => ({
    product: 'storage_1_0',
    method: 'listDentries',
    path: [spaceId],
    request: { unionId, parentId: '0' },
  }),
  // https://open.dingtalk.com/document/development/api-getdentryidbyuuid
  space: ({ values: { parentUuid, unionId } }) => ({
    product: 'doc_2_0',
    method: 'getDentryIdByUuid',
    path: [parentUuid],
    request: { operatorId: unionId },
  }),
  // https://open.dingtalk.com/document/development/obtain-group-storage-space-information
  groupSpace: ({ values: { unionId, openConversationId } }) => ({
    product: 'conv_file_1_0',
    method: 'getSpace',
    path: [],
    request: { unionId, openConversationId },
  }),
  // https://open.dingtalk.com/document/development/send-file-to-specified-session
  send: (emulator) => ({
    product: 'conv_file_1_0',
    method: 'send',
    path: [],
    request: toGroup(emulator),
  }),
  // https://open.dingtalk.com/document/development/send-a-file-link-to-the-specified-session
  sendLink: (emulator) => ({
    product: 'conv_file_1_0',
    method: 'sendLink',
    path: [],
    request: toGroup(emulator),
  }),
  // https://open.dingtalk.com/document/development/sends-a-storage-file-to-a-specified-user
  sendToUser: ({ values: { spaceId }, others: { secondUser, file } }) => ({
    product: 'conv_file_1_0',
    method: 'sendByApp',
    path: [],
    request: { unionId: secondUser.unionId, spaceId, dentryId: file.dentryId },
  }),
  // https://open.dingtalk.com/document/development/the-robot-sends-a-group-message
  post: ({ values: { openConversationId }, others: { robotCode } }) => ({
    product: 'robot_1_0',
    method: 'orgGroupSend',
    path: [],
    request: {
      robotCode,
      openConversationId,
      msgKey: 'sampleMarkdown',
      msgParam: JSON.stringify({ title: '构建', text: '**完成**' }),
    },
  }),
} satisfies Partial<Record<Operation, (emulator: Emulator) => MinimalCall>>

export type CallName = keyof typeof MINIMAL_CALLS

function toGroup({ values: { unionId, spaceId, openConversationId }, others: { file } }: Emulator) {
  return { unionId, spaceId, dentryId: file.dentryId, openConversationId }
}
