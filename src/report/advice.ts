import type { ErrorKind } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import type { Text } from '../http/text.ts'
import {
  ADMIN,
  CHAT_EXPLORER,
  CONSOLE,
  GUIDE,
  INTERNATIONAL,
  ISSUES,
  STORAGE_HOSTS,
  SUPPORT,
} from '../text/links.ts'

/** What is wrong, and what the user can do about it. */
export interface Hint {
  /** What is wrong, in a sentence: the headline. Absent where only what failed is known. */
  readonly cause?: Text
  readonly fix: Text
  /** The page where it is done, shown once after both languages. Several are separated by blanks. */
  readonly link?: string
}

/**
 * A hint, and the errors that it is for. Its texts may contain placeholders, which hints.ts fills in: `{task}` is what
 * failed, as in "could not {task}"; `{id}` is the ID that was looked up, and `{input}` the input that it comes from;
 * `{baseUrl}` is the input that leads to the gateway, and `{proxy}` the environment variable of the proxy.
 */
export interface Advice extends Hint {
  /** Default: all calls. `file` stands for a file on the runner that can't be used, `unexpected` for any other error. */
  readonly calls?: readonly (OperationName | 'file' | 'unexpected')[]
  /** The codes of the platform, of this client, or of the runner's system. `*` at the beginning or end is any text. */
  readonly codes?: readonly string[]
  /** Kinds of errors that the hint is for too, whatever their code. */
  readonly kinds?: readonly ErrorKind[]
  /** Whether the hint is for a call that may have had its effect. Such errors have no other. */
  readonly inDoubt?: true
  /** Whether the hint is for requests that were sent through a proxy. */
  readonly throughProxy?: true
  /** Whether DingTalk has rejected the folder itself. */
  readonly isFolder?: true
}

/** The permissions' names in DingTalk's console, by scope. */
export const SCOPES: Readonly<Record<string, string>> = {
  qyapi_base: '调用企业API基础权限',
  qyapi_get_member: '成员信息读权限',
  'Storage.UploadInfo.Read': '企业存储文件上传信息读权限',
  'Storage.File.Write': '企业存储文件写权限',
  'Storage.File.Read': '企业存储文件读权限',
  'Document.WorkspaceDocument.Read': '知识库文档读权限',
  qyapi_chat_read: '钉钉群基础信息读权限',
  'ConvFile.File.Send': '群文件发送权限',
  'ConvFile.Space.Read': '群文件空间读权限',
  qyapi_robot_sendmsg: '企业内机器人发送消息权限',
}

const INIT = ['uploadInfo', 'multipartInit'] as const
const WRITE = [...INIT, 'partInfo', 'commit'] as const
const READ = ['space', 'dentry', 'list'] as const
const FOLDER = [...WRITE, ...READ, 'subfolder', 'batchRemove'] as const
const STORAGE = ['put', 'probe'] as const
const SEND = ['send', 'sendLink'] as const
const POST = ['post', 'postByWebhook'] as const

/** Codes of this client for requests that got no response. */
const UNANSWERED = ['ConnectionFailed', 'Timeout'] as const

const PASS_STORAGE: Text = {
  en: `Add the storage hosts to NO_PROXY, or let the proxy pass their requests unchanged: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
  zh: `请将存储域名加入 NO_PROXY，或让代理透传：${STORAGE_HOSTS}。详见 ${GUIDE.zh}`,
}

/** For a storage host that can't be reached. */
export const STORAGE_HINT: Hint = {
  fix: {
    en: `Allow these storage hosts in your firewall or proxy: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
    zh: `请在防火墙或代理中放行存储域名：${STORAGE_HOSTS}。详见 ${GUIDE.zh}`,
  },
}

/** What the user can do about each error. The first row that matches is used, so the rows for any call are at the end. */
// prettier-ignore
export const ADVICE: readonly Advice[] = [
  // In doubt: the call may have had its effect. Look before you make it again.
  { inDoubt: true, calls: ['commit'],
    cause: { en: "DingTalk didn't confirm that the file was saved.",
             zh: '钉钉未确认文件是否保存成功。' },
    fix: { en: `The file may be in the folder already. Check the folder before you re-run the job. With the permission ${permissionName('Storage.File.Read')}, the action checks by itself.`,
           zh: `文件可能已经在文件夹中，重新运行前请先确认。开通权限 ${permissionName('Storage.File.Read')} 后，本 action 会自行确认。` } },
  { inDoubt: true, calls: ['sendToUser'],
    cause: { en: "DingTalk didn't confirm that the file was sent to the user.",
             zh: '钉钉未确认文件是否已发送给该成员。' },
    fix: { en: 'The file may have reached this user. Ask them (to-user-ids) before you re-run the job.',
           zh: '文件可能已经发给该成员。重新运行前，请先向 to-user-ids 中的成员确认。' } },
  { inDoubt: true, calls: [...SEND, 'post'],
    cause: { en: "DingTalk didn't confirm that the message was sent.",
             zh: '钉钉未确认消息是否发送成功。' },
    fix: { en: 'The message may have been posted. Check the group (chat-id) before you re-run the job.',
           zh: '消息可能已经发出。重新运行前，请先到 chat-id 对应的群里确认。' } },
  { inDoubt: true, calls: ['postByWebhook'],
    cause: { en: "DingTalk didn't confirm that the message was sent.",
             zh: '钉钉未确认消息是否发送成功。' },
    fix: { en: 'The message may have been posted. Check the group of robot-webhook before you re-run the job.',
           zh: '消息可能已经发出。重新运行前，请先到 robot-webhook 机器人所在的群里确认。' } },

  // The app and the members
  { calls: ['accessToken'], codes: ['invalidClientIdOrSecret'], link: CONSOLE,
    cause: { en: 'app-key or app-secret is wrong.',
             zh: 'app-key 或 app-secret 有误。' },
    fix: { en: `Copy the Client ID and Client Secret again from the app's credentials page (凭证与基础信息). For an app of the international edition, set api-base-url and oapi-base-url to ${INTERNATIONAL}`,
           zh: `请在应用的「基础信息 → 凭证与基础信息」中重新复制 Client ID 和 Client Secret。如果是钉钉国际版的应用，请把 api-base-url、oapi-base-url 改为 ${INTERNATIONAL}` } },
  { calls: ['unionId'], codes: ['33012', '60121', '400002'], link: ADMIN,
    cause: { en: 'No member of this organization has {id}.',
             zh: '本组织没有{id}对应的成员。' },
    fix: { en: 'Check {input}: enter the UserID from the contacts of the admin console, not a phone number or a name. Users who have left or have not joined yet cannot be found.',
           zh: '请检查 {input}：应填写管理后台「通讯录」中的 UserID，而不是手机号或姓名。已离职或尚未加入的成员无法查到。' } },
  { calls: ['unionId'], codes: ['50002'], link: CONSOLE,
    cause: { en: "The member with {id} isn't in the app's visibility (应用可见范围).",
             zh: '{id}对应的成员不在应用的「可见范围」内。' },
    fix: { en: 'Add the member, then publish a new version of the app. Or check {input}.',
           zh: '请添加该成员并发布应用的新版本，或检查 {input}。' } },
  { calls: ['sendToUser'], codes: ['paramError', 'paramError.unionId', 'permissionDenied'], link: CONSOLE,
    cause: { en: "The app can't send this file to this user.",
             zh: '应用无法向该成员发送此文件。' },
    fix: { en: "Check to-user-ids: all users must be members of this organization and in the app's visibility (应用可见范围).",
           zh: '请检查 to-user-ids：接收人必须是本组织的成员，并且在应用的「可见范围」内。' } },
  { codes: ['paramError.unionId'],
    cause: { en: 'No member of this organization has the unionId of the operator.',
             zh: '本组织没有该操作者的 unionId 对应的成员。' },
    fix: { en: 'Check union-id. Or remove it and set user-id; the action then looks up the unionId.',
           zh: '请检查 union-id；也可以改填 user-id，由本 action 查询 unionId。' } },

  // The folder
  { calls: ['batchRemove'], codes: ['dentryNotExist'],
    cause: { en: 'Someone else deleted a file of an earlier run at the same time.',
             zh: '更早的运行上传的某个文件同时被其他人删除。' },
    fix: { en: 'You do not need to do anything: the next run with keep-last deletes the other files.',
           zh: '无需处理：下一次设置了 keep-last 的运行会删除其余文件。' } },
  { isFolder: true, calls: FOLDER, codes: ['spaceNotExist', 'dentryNotExist', 'documentNotExist', 'paramError.spaceId', 'paramError.parentId', 'paramError.parentDentryUuid', 'paramError.dentryUuid', 'paramError.dentryId', 'Index: 0'],
    cause: { en: "DingTalk can't find the folder (folder-url, or space-id and parent-id) in this organization.",
             zh: '钉钉在本组织中找不到该文件夹（folder-url，或 space-id 和 parent-id）。' },
    fix: { en: "It may have been moved or deleted, or belong to another organization than the app. Copy the folder's link again in DingTalk and set it as folder-url.",
           zh: '文件夹可能已被移动或删除，或不属于应用所在的组织。请在钉钉中重新复制文件夹链接，填入 folder-url。' } },
  { calls: [...WRITE, 'subfolder', 'batchRemove'], codes: ['permissionDenied'],
    cause: { en: "The operator (user-id or union-id) can't edit this folder, so the app can't either.",
             zh: '操作者（user-id 或 union-id）没有该文件夹的编辑权限，应用也就没有。' },
    fix: { en: 'Give the operator edit access to the folder (folder-url), or use a folder in the team files (团队文件). Only the owner can write to My files (我的文件).',
           zh: '请为操作者授予该文件夹（folder-url）的编辑权限，或改用「团队文件」中的文件夹。「我的文件」只有本人可以操作。' } },
  { calls: READ, codes: ['permissionDenied'],
    cause: { en: "The operator (user-id or union-id) can't view this folder (folder-url).",
             zh: '操作者（user-id 或 union-id）没有查看该文件夹（folder-url）的权限。' },
    fix: { en: 'Give the operator view access to the folder, or use an operator who has it.',
           zh: '请为操作者授予查看权限，或改用有权限的操作者。' } },
  { calls: ['batchRemove'], codes: ['recycleBinNotSupportForSpace', 'operationNotSupported'],
    cause: { en: "Files in this folder (folder-url) can't be deleted through DingTalk's API.",
             zh: '该文件夹（folder-url）中的文件无法通过钉钉接口删除。' },
    fix: { en: 'Use a folder in another space, or remove keep-last.',
           zh: '请换用其他空间中的文件夹，或删除 keep-last。' } },
  { calls: [...INIT, ...READ, 'commit', 'subfolder', 'batchRemove'], codes: ['paramError'],
    cause: { en: "DingTalk doesn't accept a value in the request.",
             zh: '钉钉不接受请求中的某个参数。' },
    fix: { en: 'Check folder-url (or space-id, parent-id), folder-path, union-id, and name.',
           zh: '请检查 folder-url（或 space-id、parent-id）、folder-path、union-id 和 name。' } },

  // The file and its place in the folder
  { calls: [...INIT, 'commit', 'subfolder'], codes: ['paramError.name', 'dentryNameIllegal'],
    cause: { en: "DingTalk doesn't allow the name of a file or folder.",
             zh: '钉钉不允许使用该文件名或文件夹名。' },
    fix: { en: 'Rename the file, or set name or folder-path. Names can\'t contain tabs or * " < > | /, or end with a dot.',
           zh: '请修改文件名，或设置 name、folder-path。名称不能包含制表符和 * " < > | /，也不能以「.」结尾。' } },
  { calls: ['subfolder'], codes: ['dentryAlreadyExist', 'NotAFolder'],
    cause: { en: 'The name of a folder (folder-path, keep-directories) is already taken, perhaps by a file.',
             zh: '文件夹（folder-path、keep-directories）的名称已被占用，可能是同名文件。' },
    fix: { en: 'Use another name, or rename the existing file.',
           zh: '请换一个名称，或给已有的文件改名。' } },
  { calls: ['commit'], codes: ['dentryNameConflict'],
    cause: { en: 'A file with this name already exists, and conflict-strategy is fail.',
             zh: '同名文件已存在，且 conflict-strategy 为 fail。' },
    fix: { en: 'To rename the new file or replace the existing one, set conflict-strategy to auto-rename or overwrite.',
           zh: '如需自动改名或覆盖，请把 conflict-strategy 设为 auto-rename 或 overwrite。' } },
  { calls: ['commit'], codes: ['paramError.conflictStrategy'],
    cause: { en: "This folder doesn't support the given conflict-strategy.",
             zh: '该文件夹不支持当前的 conflict-strategy。' },
    fix: { en: 'Set conflict-strategy: auto-rename.',
           zh: '请设置 conflict-strategy: auto-rename。' } },
  { calls: ['commit'], codes: ['dentryFormatNotSupport'],
    cause: { en: "DingTalk doesn't accept this file type here.",
             zh: '该文件夹不支持此类文件。' },
    fix: { en: 'Upload the file as a zip: set archive: true.',
           zh: '请设置 archive: true，打包成 zip 上传。' } },
  { codes: ['operationConcurrentControl'],
    cause: { en: 'Another job is changing this folder (folder-url) at the same time.',
             zh: '有其他任务正在同时修改该文件夹（folder-url）。' },
    fix: { en: 'Run the jobs that upload to this folder one at a time, or increase retries.',
           zh: '请错开上传到同一文件夹的任务，或调大 retries。' } },
  { codes: ['*QuotaInsufficient'], link: ADMIN,
    cause: { en: 'There is no storage left in the space of the folder (folder-url), for the app (app-key), or in the organization.',
             zh: '目标文件夹（folder-url）所在的空间、应用（app-key）或本组织的存储空间不足。' },
    fix: { en: 'Delete old files, or ask an administrator to raise the limit or buy more storage.',
           zh: '请清理旧文件，或请管理员调整容量、扩容。' } },
  { codes: ['dentryUploadForbidden', 'dentryUploadProtocolNotSupport', 'dentryUploadError'],
    cause: { en: "DingTalk doesn't allow uploads to this folder (folder-url), because of its settings or its dedicated storage.",
             zh: '该文件夹（folder-url）的设置或专属存储不允许上传。' },
    fix: { en: 'Use a folder in another space, or ask the administrator.',
           zh: '请换用其他空间中的文件夹，或联系管理员。' } },

  // The storage
  { codes: ['paramError.uploadKey', 'NoSuchUpload'],
    cause: { en: 'DingTalk no longer has this upload.',
             zh: '钉钉已找不到本次上传。' },
    fix: { en: 'It may have taken too long, or the file may have been saved already. Check the folder (folder-url), then re-run the job. On a slow network, increase concurrency.',
           zh: '可能是耗时过长，或文件已经保存。请先到目标文件夹（folder-url）中确认，再重新运行。如果网络较慢，可调大 concurrency。' } },
  { calls: STORAGE, codes: ['RequestTimeTooSkewed'], kinds: ['signature-expired'],
    cause: { en: 'The storage rejected a new signature as expired.',
             zh: '存储认为新获取的签名已过期。' },
    fix: { en: `Check the runner's clock and sync it with NTP. See ${GUIDE.en}`,
           zh: `请检查 runner 的系统时间，并开启 NTP 时间同步。详见 ${GUIDE.zh}` } },
  { calls: STORAGE, codes: ['AccessDenied'],
    cause: { en: 'The storage denied access to this upload.',
             zh: '存储拒绝了本次上传的访问请求。' },
    fix: { en: `If the organization uses dedicated storage, ask its administrator to allow the IP address of this runner. If requests go through a proxy, it may be removing headers: add the storage hosts to NO_PROXY: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
           zh: `如果本组织使用专属存储，请联系管理员放行 runner 的 IP。如果通过代理访问，请求头可能被代理删除，请将存储域名加入 NO_PROXY：${STORAGE_HOSTS}。详见 ${GUIDE.zh}` } },
  { calls: [...STORAGE, 'commit'], codes: ['SignatureDoesNotMatch', 'MissingContentLength', 'ContentMismatch', 'dentryStoreError'], fix: PASS_STORAGE,
    cause: { en: 'The upload was modified on its way to the storage, probably by a proxy.',
             zh: '上传的请求头或内容在传输过程中被修改，通常由代理引起。' } },
  { calls: STORAGE, codes: ['EntityTooLarge', 'HTTP413'],
    cause: { en: 'The file is too large for the storage, or for a proxy on the way to it.',
             zh: '文件大小超过存储或代理的上限。' },
    fix: { en: `Raise the proxy's limit for request bodies, or add the storage hosts to NO_PROXY: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
           zh: `请调大代理的请求体上限，或将存储域名加入 NO_PROXY：${STORAGE_HOSTS}。详见 ${GUIDE.zh}` } },
  { calls: STORAGE, codes: ['HTTP*', 'UnreadableAnswer', 'AnswerTooLarge'], fix: PASS_STORAGE,
    cause: { en: "The response isn't from DingTalk's storage (OSS), but probably from a proxy.",
             zh: '该响应不是钉钉的存储（OSS）返回的，很可能来自代理。' } },
  { codes: ['InsecureResourceUrl'],
    fix: { en: 'Check api-base-url: it must use HTTPS and lead to DingTalk itself.',
           zh: '请检查 api-base-url：应使用 HTTPS，并指向钉钉本身。' } },

  // Groups and recipients
  { calls: ['openConversationId'], codes: ['permession.checkFailed'], link: CONSOLE,
    cause: { en: "The owner of the group with {id} isn't in the app's visibility (应用可见范围).",
             zh: '{id}对应群的群主不在应用的「可见范围」内。' },
    fix: { en: 'Add the owner, then publish a new version of the app. Or use another group as chat-id.',
           zh: '请将群主加入可见范围并发布应用的新版本，或在 chat-id 中改填其他群。' } },
  { calls: ['openConversationId', ...SEND, 'groupSpace'], codes: ['invalideChatId', 'invalid.openConversationId', 'paramError.conversationId', 'conversationNotExist', 'acrossOrgAccessForbidden'], link: CHAT_EXPLORER,
    cause: { en: 'No group of this organization has {id}.',
             zh: '本组织没有{id}对应的群。' },
    fix: { en: 'The group was dissolved, or chat-id is wrong or incomplete: a cid… ID ends with ==. Look up the ID again.',
           zh: '群可能已解散，或 chat-id 有误、不完整：cid… 形式的 ID 以 == 结尾。请重新获取群 ID。' } },
  { calls: [...SEND, 'sendToUser'], codes: ['paramError.spaceId', 'spaceNotExist', 'paramError.dentryId', 'dentryNotExist', 'folderNotSupport'],
    cause: { en: "DingTalk can't send this file from its folder.",
             zh: '钉钉无法发送目标文件夹中的该文件。' },
    fix: { en: "Check that nobody moved or deleted the file, and that folder-url is a folder in the organization's team files (团队文件).",
           zh: '请确认文件没有被移动或删除，并且 folder-url 是本组织「团队文件」中的文件夹。' } },
  { calls: [...SEND, 'groupSpace'], codes: ['permissionDenied'],
    cause: { en: "The operator (user-id or union-id) can't send files to the group (chat-id), or can't view its files.",
             zh: '操作者（user-id 或 union-id）无法将文件发送到 chat-id 对应的群，或无权查看群文件。' },
    fix: { en: 'The operator must be a member of the group, and be allowed to post and to add files there, and to copy the file.',
           zh: '操作者必须是群成员，并且可以在群内发言、添加文件，以及复制该文件。' } },
  { calls: [...SEND, 'groupSpace'], codes: ['paramError'],
    cause: { en: "DingTalk doesn't accept a value in the request.",
             zh: '钉钉不接受请求中的某个参数。' },
    fix: { en: 'Check chat-id and union-id.',
           zh: '请检查 chat-id 和 union-id。' } },

  // Messages of the app's robot
  { calls: POST, codes: ['bot.stopped', 'resource.unavailable', '400102'],
    cause: { en: 'The robot (robot-code or robot-webhook) is disabled.',
             zh: '机器人（robot-code 或 robot-webhook）已停用。' },
    fix: { en: "Enable the app's robot on its page (机器人) and publish a new version of the app. Enable a custom robot in the group's settings.",
           zh: '应用机器人：请在应用的「机器人」页启用，并发布应用的新版本。自定义机器人：请在群设置中启用。' } },
  { calls: ['post'], codes: ['invalidParameter.robotCode.auth', 'auth.error', 'unauthorized', 'invalidParameter.token.invalid', 'token.notExisted'], link: CONSOLE,
    cause: { en: "The app can't post through the robot (robot-code).",
             zh: '应用无权使用机器人（robot-code）发消息。' },
    fix: { en: `Check that robot-code belongs to the app of app-key, that the app is published, and that it has the permission ${permissionName('qyapi_robot_sendmsg')}.`,
           zh: `请确认 robot-code 属于 app-key 对应的应用，应用已发布，并已开通权限 ${permissionName('qyapi_robot_sendmsg')}。` } },
  { calls: ['post'], codes: ['invalidParameter.robotCode.coolApp', 'template.not.existed', 'template.stopped', 'sign.not.match'],
    cause: { en: "The robot (robot-code) isn't the app's own robot, or only a cool app (酷应用) can use it.",
             zh: '机器人（robot-code）不是应用自己的机器人，或只能由酷应用使用。' },
    fix: { en: "Set robot-code to the app's own robot. For a custom robot, set robot-webhook and robot-secret instead.",
           zh: '请把 robot-code 改为应用自己的机器人。如果是自定义机器人，请改用 robot-webhook 和 robot-secret。' } },
  { calls: ['post'], codes: ['invalidParameter.robotCode.*', 'resource.not.found'], link: CONSOLE,
    cause: { en: "DingTalk can't find the robot (robot-code).",
             zh: '钉钉找不到机器人（robot-code）。' },
    fix: { en: "Copy the RobotCode again from the app's robot page (机器人), and add the robot to the group (chat-id).",
           zh: '请在应用的「机器人」页重新复制 RobotCode，并将该机器人添加到 chat-id 对应的群中。' } },
  { calls: ['post'], codes: ['miss.openConversationId', 'invalid.openConversationId', 'session.*', 'group.disbanded', 'conversation.org.notMatch'], link: CHAT_EXPLORER,
    cause: { en: "The robot isn't in the group (chat-id), or the group was dissolved.",
             zh: '机器人不在 chat-id 对应的群中，或群已解散。' },
    fix: { en: 'Set chat-id to the openConversationId (cid…, including the trailing ==) of a group that has the robot. If the group has it, remove the robot and add it again.',
           zh: '请在 chat-id 中填写已添加该机器人的群的 openConversationId（cid…，包括末尾的 ==）。如果群中已有该机器人，请移出后重新添加。' } },
  { calls: ['post'], codes: ['send.forbidden', 'bot.forbidden.sendMessage', 'only.groupAdmin.canAtAll'],
    cause: { en: "The robot isn't allowed to post in the group (chat-id), or to mention everyone.",
             zh: '该机器人在 chat-id 对应的群中不能发言，或不能 @所有人。' },
    fix: { en: 'Ask the owner of the group to unmute the robot and to allow robots to post, or remove @all from message.',
           zh: '请群主或管理员解除禁言、允许机器人发消息，或从 message 中删除 @all。' } },
  { calls: ['post'], codes: ['send.byToken.tooFast', 'send.too.fast', 'too.many.group', 'too.many.people'],
    cause: { en: 'The robot (robot-code) posts too often, or in too many groups.',
             zh: '机器人（robot-code）发消息过于频繁，或发送的群过多。' },
    fix: { en: 'The limit covers all jobs. Post from fewer jobs, use fewer groups in chat-id, or increase retries.',
           zh: '该限制由所有任务共享。请减少发消息的任务或 chat-id 中的群，或调大 retries。' } },
  { calls: ['post'], codes: ['miss.param.markdown*', 'miss.param.actionCardTotitle', 'miss.param.actionCardTotext', 'miss.param.text', 'miss.param.contentOfText'],
    cause: { en: 'message has no title or no text.',
             zh: 'message 缺少标题或正文。' },
    fix: { en: 'Check message: it must not be empty after its placeholders are filled in.',
           zh: '请检查 message：占位符替换后，内容不能为空。' } },

  // Messages of any robot, and of custom robots
  { calls: POST, codes: ['contain.*', '43010*'],
    cause: { en: "DingTalk's moderation rejected a text, a link, or a picture in message or buttons.",
             zh: 'message 或 buttons 中的文字、链接或图片未通过钉钉的内容审核。' },
    fix: { en: 'Change it, and check the names of the files that {files} lists.',
           zh: '请修改，并检查 {files} 列出的文件名。' } },
  { calls: POST, codes: ['keywords.not.match', '310000 keyword'],
    cause: { en: 'The robot only accepts messages that contain one of its keywords.',
             zh: '该机器人设置了「自定义关键词」，而消息不包含关键词。' },
    fix: { en: "Add a keyword to message, or change the robot's security settings in the group.",
           zh: '请在 message 中包含关键词，或在群里修改机器人的安全设置。' } },
  { calls: ['postByWebhook'], codes: ['310000 signature'],
    cause: { en: 'The robot requires a signature (加签), and robot-secret is wrong or not set.',
             zh: '该机器人开启了「加签」，而 robot-secret 有误或未填写。' },
    fix: { en: "Set robot-secret to the SEC… value under 加签 in the robot's security settings. If it is correct, check the runner's clock.",
           zh: '请在 robot-secret 中填写机器人安全设置「加签」下以 SEC 开头的密钥。如果确认无误，请检查 runner 的系统时间。' } },
  { calls: ['postByWebhook'], codes: ['310000'],
    cause: { en: "The robot's security settings (keyword, signature, or IP range) rejected the message.",
             zh: '消息未通过机器人的安全设置（关键词、加签或 IP 地址段）。' },
    fix: { en: "Check robot-secret, the keywords in message, and whether the settings allow this runner's IP address.",
           zh: '请检查 robot-secret 和 message 中的关键词，并确认安全设置允许 runner 的 IP。' } },
  { calls: ['postByWebhook'], codes: ['40035'],
    cause: { en: "DingTalk doesn't accept robot-webhook, message, buttons, or the members that are mentioned.",
             zh: '钉钉不接受 robot-webhook、message、buttons 或 @ 的成员。' },
    fix: { en: "Copy the complete address again from the robot's settings in the group. Check that message isn't empty, and check at-user-ids and at-mobiles.",
           zh: '请在群的机器人设置中重新复制完整的地址，确认 message 不为空，并检查 at-user-ids 和 at-mobiles。' } },
  { calls: ['postByWebhook'], codes: ['43004'],
    cause: { en: 'The Content-Type of the message was modified on the way, probably by a proxy.',
             zh: '消息的 Content-Type 在传输过程中被修改，通常由代理引起。' },
    fix: { en: 'Add the host of robot-webhook to NO_PROXY, or let the proxy pass its requests unchanged.',
           zh: '请将 robot-webhook 的域名加入 NO_PROXY，或让代理透传。' } },
  { calls: ['postByWebhook'], codes: ['400105'],
    cause: { en: "The robot (robot-webhook) doesn't support Markdown messages or action cards.",
             zh: '机器人（robot-webhook）不支持 Markdown 消息或 ActionCard 消息。' },
    fix: { en: 'Use the robot-webhook of a custom robot (自定义机器人).',
           zh: '请改用「自定义」机器人的 robot-webhook。' } },
  { calls: ['postByWebhook'], codes: ['90018', '130101', '410100'],
    cause: { en: 'The robot (robot-webhook) posts more than 20 messages per minute. DingTalk may block it for 10 minutes.',
             zh: '机器人（robot-webhook）每分钟发送的消息超过 20 条，可能被钉钉限制 10 分钟。' },
    fix: { en: 'The limit covers all jobs. Post from fewer jobs, increase retries, or re-run the job later.',
           zh: '该限制由所有任务共享。请减少发消息的任务，调大 retries，或稍后重新运行。' } },

  // Any call
  { codes: ['1111'], kinds: ['banned'],
    cause: { en: 'DingTalk has temporarily banned the IP address of this runner.',
             zh: 'runner 的 IP 已被钉钉暂时封禁。' },
    fix: { en: `Too many calls came from this address, often through a shared proxy. Wait before you re-run the job: every call prolongs the ban. See ${GUIDE.en}`,
           zh: `原因是该 IP 调用过于频繁，通常是多人共用同一代理。请等待封禁结束后再运行：期间的每次调用都会延长封禁。详见 ${GUIDE.zh}` } },
  { throughProxy: true, codes: UNANSWERED,
    fix: { en: 'Check {proxy}: the proxy must be running and must allow connections to this host. If the host needs no proxy, add it to NO_PROXY.',
           zh: '请检查 {proxy}：代理需要正常运行，并允许访问该地址。如果无需代理，请将该地址加入 NO_PROXY。' } },
  { calls: STORAGE, codes: UNANSWERED, ...STORAGE_HINT },
  { calls: ['postByWebhook'], codes: ['*'],
    cause: { en: "robot-webhook doesn't lead to a robot. The address is wrong, or the robot or its group no longer exists.",
             zh: 'robot-webhook 没有对应的机器人：地址有误，或机器人、所在的群已不存在。' },
    fix: { en: "Copy robot-webhook again from the robot's settings in the group, and make sure that the runner can reach its host.",
           zh: '请在群的机器人设置中重新复制 robot-webhook，并确认 runner 可以访问该地址。' } },
  { codes: UNANSWERED,
    fix: { en: `Check {baseUrl}, and make sure that the runner can reach this host. If it needs a proxy, set HTTPS_PROXY. For the international edition of DingTalk, set api-base-url and oapi-base-url to ${INTERNATIONAL}`,
           zh: `请检查 {baseUrl}，并确认 runner 可以访问该地址；如需通过代理访问，请设置 HTTPS_PROXY。如果是钉钉国际版，请把 api-base-url、oapi-base-url 改为 ${INTERNATIONAL}` } },
  { codes: ['InvalidAuthentication', '40014', '42001'], kinds: ['access-token'],
    cause: { en: 'DingTalk rejected a new access token.',
             zh: '钉钉拒绝了新获取的 access token。' },
    fix: { en: 'Check that api-base-url and oapi-base-url belong to the same environment, and that the app of app-key is active.',
           zh: '请确认 api-base-url 与 oapi-base-url 属于同一环境，并且 app-key 对应的应用未停用、未删除。' } },
  { codes: ['Forbidden.AccessDenied.IpNotInWhiteList', '60020', 'ip.not.match'], link: CONSOLE,
    cause: { en: "The IP address of this runner isn't in the app's IP allowlist (服务器出口IP).",
             zh: 'runner 的 IP 不在应用的「服务器出口IP」白名单中。' },
    fix: { en: 'Add the IP address, or use a runner with a static IP.',
           zh: '请添加该 IP，或改用固定 IP 的 runner。' } },
  { codes: ['Forbidden.AccessDenied.ApiCountLimitForOrg', '90020'], kinds: ['quota-spent'],
    cause: { en: "The organization's API calls for this month are used up.",
             zh: '本组织当月的 API 调用次数已用完。' },
    fix: { en: `The quota resets next month (5,000 calls on the standard edition). To use fewer calls, set archive: true and use a cid… ID as chat-id. See ${GUIDE.en}`,
           zh: `额度下月恢复（标准版每月 5000 次）。如需减少调用，可设置 archive: true，并在 chat-id 中填写 cid… 形式的 ID。详见 ${GUIDE.zh}` } },
  { codes: ['HTTP*', 'UnreadableAnswer', 'AnswerTooLarge'],
    cause: { en: "The response isn't from DingTalk, or it is incomplete.",
             zh: '该响应不是钉钉返回的，或不完整。' },
    fix: { en: 'It probably comes from a proxy or gateway. Check HTTPS_PROXY and NO_PROXY, and that api-base-url and oapi-base-url are correct and not swapped.',
           zh: '响应很可能来自代理或网关。请检查 HTTPS_PROXY、NO_PROXY，并确认 api-base-url 和 oapi-base-url 填写正确、没有填反。' } },
  { calls: STORAGE, kinds: ['unavailable', 'throttled'],
    cause: { en: "DingTalk's storage (OSS) is busy or has an internal error.",
             zh: '钉钉的存储（OSS）繁忙，或发生内部错误。' },
    fix: { en: 'Re-run the job later, or increase retries.',
           zh: '请稍后重新运行，或调大 retries。' } },
  { kinds: ['unavailable'], codes: ['-1', 'system.busy', 'systemBusy', 'Forbidden.AccessDenied.QpsLimitForApi', '90002'], link: SUPPORT,
    cause: { en: 'DingTalk is busy or had an internal error, and could not {task}.',
             zh: '钉钉系统繁忙或发生内部错误，无法{task}。' },
    fix: { en: 'Increase retries, or re-run the job later. If it fails again, contact DingTalk support with the request ID.',
           zh: '请调大 retries，或稍后重新运行；如果仍然失败，请凭 request ID 联系钉钉技术支持。' } },
  { codes: ['Forbidden.AccessDenied.Q*', '90018'], kinds: ['throttled'],
    cause: { en: 'The app calls this API too often.',
             zh: '该应用调用此接口过于频繁。' },
    fix: { en: 'The limit (20 calls per second on the standard edition) covers all jobs of the app. Run them one at a time, or increase retries.',
           zh: '该限制（标准版每秒 20 次）由应用的所有任务共享。请错开运行，或调大 retries。' } },
  { codes: ['InvalidAction.NotFound', 'InvalidVersion', '404'],
    cause: { en: 'api-base-url or oapi-base-url is wrong: DingTalk has no such API at this address.',
             zh: 'api-base-url 或 oapi-base-url 有误：钉钉在该地址没有此接口。' },
    fix: { en: 'Check that the two are not swapped. Remove both to use the defaults.',
           zh: '请确认两者没有填反；删除这两项即可使用默认值。' } },
  // Values that the action sets by itself, and messages of kinds that it never sends.
  { codes: ['paramError*', 'miss.param.*', 'invalid*', 'illegal.*', 'receivers.exceed', 'staffId.notExisted', 'chatbotId.notAllow.sendOTO', 'robot.oto.notExist', 'sendMessage.model.notMatch'], link: ISSUES,
    cause: { en: 'DingTalk rejected a value that the action sets by itself.',
             zh: '钉钉拒绝了由本 action 自动填写的参数。' },
    fix: { en: 'This is not caused by your inputs; the API may have changed. Report it with the request ID.',
           zh: '这不是由输入引起的，可能是接口有变化。请附上 request ID 反馈。' } },
  { link: SUPPORT, codes: ['*'],
    fix: { en: "Look up the error code in DingTalk's documentation, or contact DingTalk support with the request ID.",
           zh: '请在钉钉开放平台文档中查询该错误码，或凭 request ID 联系钉钉技术支持。' } },

  // The runner
  { calls: ['file', 'unexpected'], codes: ['ENOSPC', 'EDQUOT'],
    fix: { en: 'The disk of the runner is full. Free some space before this step. With archive: true, the temporary directory must have room for the whole zip.',
           zh: 'runner 的磁盘已满。请在本步骤之前清理空间。设置 archive: true 时，临时目录需要能放下整个 zip。' } },
  { calls: ['file', 'unexpected'], codes: ['EMFILE', 'ENFILE'],
    fix: { en: 'Too many files are open. Decrease concurrency, or raise the limit of open files (ulimit -n) on the runner.',
           zh: '同时打开的文件过多。请调小 concurrency，或调大 runner 的打开文件数限制（ulimit -n）。' } },
  { calls: ['file'], codes: ['EACCES', 'EPERM'],
    fix: { en: "The runner's user can't read this file. Change its permissions before this step, or exclude it in path with !.",
           zh: '运行 runner 的用户没有该文件的读取权限。请在本步骤之前修改权限，或在 path 中用 ! 排除该文件。' } },
  { calls: ['file'], codes: ['*'],
    fix: { en: 'Make sure that whatever writes the files in path has finished before this step starts.',
           zh: '请确保 path 中的文件在本步骤开始前已写入完毕，且不再改动。' } },
  { calls: ['unexpected'], codes: ['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'EISDIR', 'EIO'],
    fix: { en: "Check the disk of the runner and the permissions of the runner's user, also for the temporary directory. Then re-run the job.",
           zh: '请检查 runner 的磁盘，以及运行 runner 的用户（包括对临时目录）的权限，然后重新运行。' } },
  { calls: ['unexpected'], codes: ['*'], link: ISSUES,
    fix: { en: 'This is not caused by your inputs. Re-run the job with debug logging enabled, and report the error with the log.',
           zh: '这不是由输入引起的。请开启调试日志后重新运行，并附上日志反馈该错误。' } },
]

/** A permission as the console and DingTalk's responses name it: `企业存储文件写权限 (Storage.File.Write)`. */
export function permissionName(scope: string): string {
  const name = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined
  return name ? `${name} (${scope})` : scope
}
