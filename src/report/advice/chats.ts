import { ADMIN, CHAT_EXPLORER, INTERNATIONAL } from '../../text/links.ts'
import type { Hint } from '../hint.ts'
import { CONSOLE } from '../permissions.ts'
import { outages, type Advice } from './shared.ts'

export const ACCESS_TOKEN: Advice = {
  ...outages('issuing an access token', '签发 access token'),
  invalidClientIdOrSecret: {
    cause: { en: 'app-key or app-secret is wrong.', zh: 'app-key 或 app-secret 有误。' },
    fix: {
      en: `Copy the Client ID and Client Secret again from the app's credentials page (凭证与基础信息). For an app of the international edition, set api-base-url and oapi-base-url to ${INTERNATIONAL}`,
      zh: `请在应用的「基础信息 → 凭证与基础信息」中重新复制 Client ID 和 Client Secret。如果是钉钉国际版的应用，请把 api-base-url、oapi-base-url 改为 ${INTERNATIONAL}`,
    },
    link: CONSOLE,
  },
}

/** Stand for the input that names the user, and for the value that was given: {@link withAbout} fills them in. */
const WRONG_USER: Hint = {
  cause: {
    en: 'No member of this organization has {id}.',
    zh: '本组织没有{id}对应的成员。',
  },
  fix: {
    en: 'Check {input}: enter the UserID from the contacts of the admin console, not a phone number or a name. Users who have left or have not joined yet cannot be found.',
    zh: '请检查 {input}：应填写管理后台「通讯录」中的 UserID，而不是手机号或姓名。已离职或尚未加入的成员无法查到。',
  },
  link: ADMIN,
}

/** The call looks up both the operator and the recipients. */
export const UNION_ID: Advice = {
  '-1': {
    cause: {
      en: 'DingTalk is too busy to look up {id}.',
      zh: '钉钉系统繁忙，无法查询{id}。',
    },
    fix: {
      en: 'Increase retries, or re-run the job later. The operator needs no lookup if you set union-id.',
      zh: '请调大 retries，或稍后重新运行。操作者改填 union-id 可省去查询。',
    },
  },
  '33012': WRONG_USER,
  '60121': WRONG_USER,
  '400002': {
    cause: { en: 'DingTalk does not accept {id}.', zh: '钉钉不接受{id}。' },
    fix: {
      en: 'Check {input}: enter the UserID from the contacts of the admin console, without spaces or commas.',
      zh: '请检查 {input}：应填写管理后台「通讯录」中的 UserID，不含空格和逗号。',
    },
    link: ADMIN,
  },
  '50002': {
    cause: {
      en: "The member with {id} isn't in the app's visibility (应用可见范围).",
      zh: '{id}对应的成员不在应用的「可见范围」内。',
    },
    fix: {
      en: 'Add the member, then publish a new version of the app. Or check {input}.',
      zh: '请添加该成员并发布新版本，或检查 {input}。',
    },
    link: CONSOLE,
  },
}

const WRONG_CHAT: Hint = {
  cause: { en: 'DingTalk does not know this group (chat-id).', zh: '钉钉找不到 chat-id 对应的群。' },
  fix: {
    en: 'Set chat-id to the openConversationId (cid…, including the trailing ==) or chatId (chat…) of a group of this organization.',
    zh: '请在 chat-id 中填写本组织群的 openConversationId（cid…，包括末尾的 ==）或 chatId（chat…）。',
  },
  link: CHAT_EXPLORER,
}

export const OPEN_CONVERSATION_ID: Advice = {
  ...outages('looking up the group', '查询群会话'),
  invalideChatId: {
    cause: {
      en: 'No group of this organization has {id}.',
      zh: '本组织没有{id}对应的群。',
    },
    fix: {
      en: "Look up the group's ID again and set it as chat-id.",
      zh: '请重新获取群 ID，填入 chat-id。',
    },
    link: CHAT_EXPLORER,
  },
  'permession.checkFailed': {
    cause: {
      en: "The owner of the group with {id} isn't in the app's visibility (应用可见范围).",
      zh: '{id}对应群的群主不在应用的「可见范围」内。',
    },
    fix: {
      en: 'Add the owner, then publish a new version of the app.',
      zh: '请将群主加入可见范围，并发布新版本。',
    },
    link: CONSOLE,
  },
}

const FILE_GONE: Hint = {
  cause: { en: 'DingTalk cannot find the uploaded file to send it.', zh: '钉钉找不到要发送的文件。' },
  fix: {
    en: 'Check that nobody moved or deleted the file in the folder (folder-url), then re-run the job.',
    zh: '请确认目标文件夹（folder-url）中的该文件没有被移动或删除，然后重新运行。',
  },
}

const SPACE_GONE: Hint = {
  cause: { en: 'DingTalk cannot send files from this space.', zh: '钉钉无法发送该空间中的文件。' },
  fix: {
    en: "Set folder-url to a folder in the organization's team files (团队文件).",
    zh: '请把 folder-url 换成本组织「团队文件」中的文件夹。',
  },
}

export const SEND: Advice = {
  paramError: {
    cause: { en: 'DingTalk does not accept a value in the request.', zh: '钉钉不接受请求中的某个参数。' },
    fix: { en: 'Check chat-id and union-id.', zh: '请检查 chat-id 和 union-id。' },
  },
  'paramError.spaceId': SPACE_GONE,
  'paramError.dentryId': FILE_GONE,
  'paramError.conversationId': WRONG_CHAT,
  'invalid.openConversationId': WRONG_CHAT,
  conversationNotExist: {
    cause: { en: 'The group (chat-id) does not exist.', zh: 'chat-id 对应的群不存在。' },
    fix: {
      en: 'It was dissolved, or chat-id is wrong or incomplete: a cid… ID ends with ==. Look up the ID again.',
      zh: '群可能已解散，或 chat-id 有误、不完整：cid… 形式的 ID 以 == 结尾。请重新获取群 ID。',
    },
    link: CHAT_EXPLORER,
  },
  spaceNotExist: SPACE_GONE,
  dentryNotExist: FILE_GONE,
  folderNotSupport: {
    cause: {
      en: 'DingTalk can send only files, and this is a folder.',
      zh: '只能发送文件，而这是一个文件夹。',
    },
    fix: {
      en: 'Check whether the target folder (folder-url) contains a folder with the same name as the file, or set name.',
      zh: '请检查目标文件夹（folder-url）中是否有与文件同名的文件夹，或设置 name。',
    },
  },
  permissionDenied: {
    cause: {
      en: 'The operator (user-id or union-id) cannot send this file to the group (chat-id).',
      zh: '操作者（user-id 或 union-id）无法将该文件发送到 chat-id 对应的群。',
    },
    fix: {
      en: 'The operator must be a member of the group, and be allowed to post there and to copy the file.',
      zh: '操作者必须是群成员，并且可以在群内发言、复制该文件。',
    },
  },
}

/** A link leaves no copy in the group, and needs other rights. */
export const SEND_LINK: Advice = {
  ...SEND,
  permissionDenied: {
    cause: {
      en: 'The operator (user-id or union-id) cannot send a link to this file to the group (chat-id).',
      zh: '操作者（user-id 或 union-id）无法将该文件的链接发送到 chat-id 对应的群。',
    },
    fix: {
      en: 'The operator must be a member of the group, and be allowed to post and to add files there.',
      zh: '操作者必须是群成员，并且可以在群内发言、添加文件。',
    },
  },
}

/** Looking whether a file arrived whose answer was lost. */
export const GROUP_SPACE: Advice = {
  ...outages("looking up the group's own space", '查询群文件空间'),
  paramError: {
    cause: { en: 'DingTalk does not accept a value in the request.', zh: '钉钉不接受请求中的某个参数。' },
    fix: { en: 'Check chat-id and union-id.', zh: '请检查 chat-id 和 union-id。' },
  },
  'paramError.conversationId': WRONG_CHAT,
  conversationNotExist: WRONG_CHAT,
  permissionDenied: {
    cause: {
      en: "The operator (user-id or union-id) can't view the files of the group (chat-id).",
      zh: '操作者（user-id 或 union-id）无权查看 chat-id 对应群的群文件。',
    },
    fix: { en: 'Use an operator who is a member of the group.', zh: '请改用群成员作为操作者。' },
  },
  acrossOrgAccessForbidden: {
    cause: {
      en: 'The group (chat-id) belongs to another organization.',
      zh: 'chat-id 对应的群属于其他组织。',
    },
    fix: { en: "Use a group of the app's organization.", zh: '请改用应用所在组织的群。' },
  },
}

export const SEND_TO_USER: Advice = {
  paramError: {
    cause: { en: 'DingTalk does not accept a value in the request.', zh: '钉钉不接受请求中的某个参数。' },
    fix: { en: 'Check to-user-ids.', zh: '请检查 to-user-ids。' },
  },
  'paramError.spaceId': SPACE_GONE,
  'paramError.dentryId': FILE_GONE,
  'paramError.unionId': {
    cause: {
      en: 'The recipient is not a member of this organization.',
      zh: '接收人不是本组织成员。',
    },
    fix: { en: 'Check to-user-ids.', zh: '请检查 to-user-ids。' },
  },
  spaceNotExist: SPACE_GONE,
  dentryNotExist: FILE_GONE,
  permissionDenied: {
    cause: { en: 'The app cannot send this file to this user.', zh: '应用无权向该成员发送此文件。' },
    fix: {
      en: "Check that all users in to-user-ids are in the app's visibility (应用可见范围).",
      zh: '请确认 to-user-ids 中的成员都在应用的「可见范围」内。',
    },
    link: CONSOLE,
  },
}
