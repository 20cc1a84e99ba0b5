import type { Operation } from '../http/operation.ts'

/** The contract's names of the operations that its pages describe. */
export const CONTRACT_NAMES = {
  accessToken: 'accessToken',
  userGet: 'unionId',
  convertChat: 'openConversationId',
  uploadInfoV1: 'uploadInfo.v1',
  uploadInfoV2: 'uploadInfo.v2',
  multipartInit: 'multipartInit',
  multipartQuery: 'partInfo',
  put: 'put',
  putPart: 'put',
  commitV1: 'commit.v1',
  commitV2: 'commit.v2',
  addFolder: 'subfolder',
  queryDentry: 'dentry',
  listDentries: 'list',
  queryDentryId: 'space',
  sendToChat: 'send',
  sendLinkToChat: 'sendLink',
  sendToUser: 'sendToUser',
  robotGroupSend: 'post',
  robotWebhook: 'postByWebhook',
} as const satisfies Partial<Record<Operation, string>>
