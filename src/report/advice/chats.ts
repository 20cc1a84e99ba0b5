import type { Hint } from '../hint.ts'
import { CONSOLE } from '../permissions.ts'
import { ADMIN, CHAT_EXPLORER, INTERNATIONAL } from './links.ts'
import { outages, type Advice } from './shared.ts'

export const ACCESS_TOKEN: Advice = {
  ...outages('issuing an access token', '签发 access token'),
  invalidClientIdOrSecret: {
    en: `Check app-key and app-secret: copy the Client ID and Client Secret of the app again, at ${CONSOLE} under 凭证与基础信息. For an app of the international edition, set api-base-url and oapi-base-url to ${INTERNATIONAL}`,
    zh: `请检查 app-key 和 app-secret：在 ${CONSOLE} 的「凭证与基础信息」页重新复制 Client ID 和 Client Secret。如果是钉钉国际版的应用，请把 api-base-url、oapi-base-url 改为 ${INTERNATIONAL}`,
  },
}

const WRONG_USER: Hint = {
  en: `Check the ID in user-id or to-user-ids: it must be the UserID shown in the contacts at ${ADMIN} and not a phone number or name.`,
  zh: `请检查 user-id 或 to-user-ids 中的这个 ID：应填写管理后台（${ADMIN}）通讯录中的 UserID，而不是手机号或姓名。`,
}

/** The call looks up both the operator and the recipients. */
export const UNION_ID: Advice = {
  '-1': {
    en: 'DingTalk is too busy to look up the user: increase retries, or run the job again later. union-id needs no look-up.',
    zh: '钉钉系统繁忙，无法查询该成员：请增大 retries，或稍后重新运行。改填 union-id 可省去这次查询。',
  },
  '33012': WRONG_USER,
  '60121': {
    en: `There is no such member in this organization. Check the ID in user-id or to-user-ids: it must be the UserID shown in the contacts at ${ADMIN} and not a phone number or name. Somebody who has left or not yet joined cannot be found.`,
    zh: `本组织没有该成员。请检查 user-id 或 to-user-ids 中的这个 ID：应填写管理后台（${ADMIN}）通讯录中的 UserID，而不是手机号或姓名。已离职或尚未加入的成员无法查到。`,
  },
  '400002': {
    en: 'DingTalk does not accept this as a user ID. Check user-id or to-user-ids: one ID per line, without blanks or commas.',
    zh: '钉钉不接受该用户 ID。请检查 user-id 或 to-user-ids：每行一个 ID，不含空格和逗号。',
  },
  '50002': {
    en: `This user (user-id or to-user-ids) is outside the app's visible range (应用可见范围): add them, then publish a new version of the app, at ${CONSOLE}`,
    zh: `该成员（user-id 或 to-user-ids）不在应用的「可见范围」内：请添加该成员并发布新版本：${CONSOLE}`,
  },
}

const WRONG_CHAT: Hint = {
  en: `Check chat-id: it must be the chat ID (chat…) or open conversation ID (cid…, with its ==) of a group of this organization, from ${CHAT_EXPLORER}`,
  zh: `请检查 chat-id：应填写本组织群的 chatId（chat…）或 openConversationId（cid…，包括末尾的 ==），获取方法：${CHAT_EXPLORER}`,
}

export const OPEN_CONVERSATION_ID: Advice = {
  ...outages('looking up the group', '查询群会话'),
  invalideChatId: {
    en: `Check chat-id: this is not the chat ID of a group of this organization. Look it up again at ${CHAT_EXPLORER}`,
    zh: `请检查 chat-id：该 chatId 不是本组织的群。请重新获取：${CHAT_EXPLORER}`,
  },
  'permession.checkFailed': {
    en: `The owner of the group (chat-id) is outside the app's visible range (应用可见范围): add them, then publish a new version of the app, at ${CONSOLE}`,
    zh: `群主（chat-id 对应的群）不在应用的「可见范围」内：请添加群主并发布新版本：${CONSOLE}`,
  },
}

const FILE_GONE: Hint = {
  en: 'DingTalk cannot find the uploaded file to send it. Check in the folder (folder-url) that nobody has moved or deleted it, then run the job again.',
  zh: '钉钉找不到要发送的文件。请确认目标文件夹（folder-url）中的该文件没有被移动或删除，然后重新运行。',
}

const SPACE_GONE: Hint = {
  en: 'DingTalk cannot send files from this space: choose a folder (folder-url) in a team space (团队文件) of this organization.',
  zh: '钉钉无法发送该空间中的文件：请把 folder-url 换成本组织「团队文件」中的文件夹。',
}

export const SEND: Advice = {
  paramError: {
    en: 'DingTalk does not accept a value of this call; its answer above says which. Check chat-id and union-id.',
    zh: '钉钉不接受发送文件的某个参数，具体见上面的报错。请检查 chat-id 和 union-id。',
  },
  'paramError.spaceId': SPACE_GONE,
  'paramError.dentryId': FILE_GONE,
  'paramError.conversationId': WRONG_CHAT,
  'invalid.openConversationId': WRONG_CHAT,
  conversationNotExist: {
    en: `There is no such group: it was dissolved, or chat-id is wrong or cut off (a cid… ID ends with ==). Look it up again at ${CHAT_EXPLORER}`,
    zh: `该群不存在：可能已解散，或 chat-id 有误、不完整（cid… 形式的 ID 以 == 结尾）。请重新获取：${CHAT_EXPLORER}`,
  },
  spaceNotExist: SPACE_GONE,
  dentryNotExist: FILE_GONE,
  folderNotSupport: {
    en: 'Only files can be sent, and there is a folder under this ID: check whether the target folder (folder-url) has a folder of the name of the file, or set name.',
    zh: '只能发送文件，而该 ID 是文件夹：请检查目标文件夹（folder-url）中是否有与文件同名的文件夹，或设置 name。',
  },
  permissionDenied: {
    en: 'The operator (user-id / union-id) must be a member of the group (chat-id), may post there, and may copy the file.',
    zh: '操作者（user-id / union-id）必须是 chat-id 对应群的成员，并且可以在群内发言、复制文件。',
  },
}

export const SEND_TO_USER: Advice = {
  paramError: {
    en: 'DingTalk does not accept a value of this call; its answer above says which. Check to-user-ids.',
    zh: '钉钉不接受发送文件的某个参数，具体见上面的报错。请检查 to-user-ids。',
  },
  'paramError.spaceId': SPACE_GONE,
  'paramError.dentryId': FILE_GONE,
  'paramError.unionId': {
    en: 'Check to-user-ids: the recipient must be a member of this organization.',
    zh: '请检查 to-user-ids：接收人必须是本组织成员。',
  },
  spaceNotExist: SPACE_GONE,
  dentryNotExist: FILE_GONE,
  permissionDenied: {
    en: `The app may not send this file to this person. Check that everybody in to-user-ids is in the app's visible range (应用可见范围), at ${CONSOLE}`,
    zh: `应用无权向该成员发送此文件。请确认 to-user-ids 中的成员都在应用的「可见范围」内：${CONSOLE}`,
  },
}
