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
  type Link,
  STORAGE_HOSTS,
  SUPPORT,
} from '../text/links.ts'

export interface Hint {
  /** A sentence, used as the headline. Absent if only the failed call is known. */
  readonly cause?: Text
  readonly fix: Text
  /** Pages that help, shown once after both languages. */
  readonly links?: readonly Link[]
}

/**
 * A hint, and the errors that it applies to. hints.ts fills in the placeholders: `{id}` is the ID that was looked up, `{input}`
 * the input that it comes from, `{folder}` the target folder, `{baseUrl}` the input that sets the gateway's URL, and `{proxy}` the
 * environment variable of the proxy.
 */
export interface Advice extends Hint {
  /** Default: all calls. `file` is a problem with a file on the runner, `unexpected` any other error. */
  readonly calls?: readonly (OperationName | 'file' | 'unexpected')[]
  /** Codes of the platform, the client, or the operating system. `*` at the beginning or end matches any text. */
  readonly codes?: readonly string[]
  /** Kinds of errors that match with any code. */
  readonly kinds?: readonly ErrorKind[]
  /** For calls that may have taken effect. Such errors match no other rows. */
  readonly inDoubt?: true
  /** For requests through a proxy. */
  readonly throughProxy?: true
  /** Whether the error means that DingTalk can't find the folder. */
  readonly isFolder?: true
}

/** The names of the permissions in DingTalk's console, by scope. */
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
const FOLDER = [...WRITE, ...READ, 'subfolder', 'batchRemove', 'appProperties'] as const
const STORAGE = ['put', 'probe'] as const
const TO_GROUP = ['send', 'sendLink', 'groupSpace'] as const
const BY_APP = ['post', 'postToUsers'] as const
const POST = [...BY_APP, 'postByWebhook'] as const

/** The client's codes for requests without a response. */
const UNANSWERED = ['ConnectionFailed', 'Timeout'] as const

const PASS_STORAGE: Text = {
  en: `Add the storage hosts to NO_PROXY, or let the proxy pass their requests unchanged: ${STORAGE_HOSTS}.`,
  zh: `请将存储域名加入 NO_PROXY，或让代理透传：${STORAGE_HOSTS}。`,
}

const CHECK_RUNNER: Text = {
  en: "Check the runner's disk and temporary directory, and the permissions of its user; exclude files in path that it can't read with !. If too many files are open, raise the limit (ulimit -n) or decrease concurrency.",
  zh: '请检查 runner 的磁盘、临时目录，以及运行 runner 的用户的权限；path 中无法读取的文件可用 ! 排除。如果打开的文件过多，请调大限制（ulimit -n），或调小 concurrency。',
}

/** For a storage host that can't be reached. */
export const STORAGE_HINT: Hint = {
  links: [GUIDE.network],
  fix: {
    en: `Allow these storage hosts in your firewall or proxy: ${STORAGE_HOSTS}.`,
    zh: `请在防火墙或代理中放行存储域名：${STORAGE_HOSTS}。`,
  },
}

/** What the user can do about each error. The first row that matches is used, so rows for any call are at the end. */
// prettier-ignore
export const ADVICE: readonly Advice[] = [
  // In doubt: the call may have taken effect.
  { inDoubt: true, calls: ['commit'], codes: ['Cancelled'],
    cause: { en: "DingTalk didn't confirm that the file was saved.",
             zh: '钉钉未确认文件是否保存成功。' },
    fix: { en: 'The file may be in the folder (folder-url) already. Check the folder before you re-run the job.',
           zh: '文件可能已经在文件夹（folder-url）中，重新运行前请先确认。' } },
  { inDoubt: true, calls: ['commit'],
    cause: { en: "DingTalk didn't confirm that the file was saved.",
             zh: '钉钉未确认文件是否保存成功。' },
    fix: { en: `The file may be in the folder (folder-url) already. Check the folder before you re-run the job. If the app has the permission ${permissionName('Storage.File.Read')}, the action checks the folder by itself.`,
           zh: `文件可能已经在文件夹（folder-url）中，重新运行前请先确认。如果应用已开通权限 ${permissionName('Storage.File.Read')}，本 action 会自行确认。` } },
  { inDoubt: true,
    cause: { en: "DingTalk didn't confirm the delivery.",
             zh: '钉钉未确认是否发送成功。' },
    fix: { en: 'It may have arrived. Check the group (chat-id or robot-webhook), or ask the users (to-user-ids), before you re-run the job.',
           zh: '可能已经发送成功。重新运行前，请先到群里（chat-id 或 robot-webhook）查看，或向 to-user-ids 中的成员确认。' } },

  // The app and the members
  { calls: ['accessToken'], codes: ['invalidClientIdOrSecret'], links: [CONSOLE, ...INTERNATIONAL],
    cause: { en: 'app-key or app-secret is wrong.',
             zh: 'app-key 或 app-secret 有误。' },
    fix: { en: "Copy the Client ID and Client Secret again from the app's credentials page (凭证与基础信息). For an app of the international edition, set api-base-url and oapi-base-url to the addresses of that edition.",
           zh: '请在应用的「基础信息 → 凭证与基础信息」中重新复制 Client ID 和 Client Secret。如果是钉钉国际版的应用，请将 api-base-url 和 oapi-base-url 设为国际版的地址。' } },
  { calls: ['unionId'], codes: ['33012', '60121', '400002'], links: [ADMIN],
    cause: { en: 'No member of this organization has {id}.',
             zh: '本组织没有{id}对应的成员。' },
    fix: { en: 'Check {input}: enter the UserID from the contacts of the admin console, not a phone number or a name. Users who have left or have not joined yet cannot be found.',
           zh: '请检查 {input}：应填写管理后台「通讯录」中的 UserID，而不是手机号或姓名。已离职或尚未加入的成员无法查到。' } },
  { calls: ['unionId'], codes: ['50002'], links: [CONSOLE],
    cause: { en: "The app's visibility scope (应用可见范围) doesn't include the member with {id}.",
             zh: '{id}对应的成员不在应用的「可见范围」内。' },
    fix: { en: 'Add the member, then publish a new version of the app. Or check {input}.',
           zh: '请添加该成员并发布应用的新版本，或检查 {input}。' } },
  { calls: ['openConversationId'], codes: ['permession.checkFailed'], links: [CONSOLE],
    cause: { en: "The app's visibility scope (应用可见范围) doesn't include the owner of the group with {id}.",
             zh: '{id}对应群的群主不在应用的「可见范围」内。' },
    fix: { en: 'Add the owner, then publish a new version of the app. Or use another group as chat-id.',
           zh: '请将群主加入可见范围并发布应用的新版本，或在 chat-id 中改填其他群。' } },
  { calls: ['sendToUser', 'postToUsers'], codes: ['paramError', 'paramError.unionId', 'permissionDenied', 'invalidStaffIdList', 'filteredStaffIdList', 'staffId.notExisted', 'illegal.receivers'], links: [CONSOLE],
    cause: { en: "The app or its robot (robot-code) can't send to these users (to-user-ids).",
             zh: '应用或其机器人（robot-code）无法向这些成员（to-user-ids）发送。' },
    fix: { en: "Check to-user-ids: all users must be members of this organization, the app's visibility scope (应用可见范围) must include them, and they must not have blocked the robot.",
           zh: '请检查 to-user-ids：接收人必须是本组织的成员，在应用的「可见范围」内，并且没有屏蔽该机器人。' } },
  { codes: ['paramError.unionId'],
    cause: { en: 'No member of this organization has this unionId (union-id).',
             zh: '本组织没有该 unionId（union-id）对应的成员。' },
    fix: { en: 'Check union-id. Or remove it and set user-id; the action then looks up the unionId.',
           zh: '请检查 union-id；也可以改填 user-id，由本 action 查询 unionId。' } },

  // The folder
  { calls: ['batchRemove', 'appProperties'], codes: ['dentryNotExist'],
    cause: { en: 'Someone else moved or deleted a file, or its folder (folder-url), at the same time.',
             zh: '文件或其所在文件夹（folder-url）正好被其他人移动或删除。' },
    fix: { en: "You don't have to do anything. The next run takes care of the files.",
           zh: '无需处理，文件由下一次运行处理。' } },
  { isFolder: true, calls: FOLDER, codes: ['spaceNotExist', 'dentryNotExist', 'documentNotExist', 'paramError.spaceId', 'paramError.parentId', 'paramError.parentDentryUuid', 'paramError.dentryUuid', 'paramError.dentryId', 'Index: 0'],
    cause: { en: "DingTalk can't find the folder ({folder}) in this organization.",
             zh: '钉钉在本组织中找不到该文件夹（{folder}）。' },
    fix: { en: "The folder may have been moved or deleted, may be a file, or may belong to a different organization than the app. Copy the folder's link again in DingTalk and set it as folder-url.",
           zh: '该文件夹可能已被移动或删除，也可能是一个文件，或不属于应用所在的组织。请在钉钉中重新复制文件夹链接，填入 folder-url。' } },
  { calls: [...WRITE, 'subfolder', 'batchRemove', 'appProperties'], codes: ['permissionDenied'],
    cause: { en: "The operator (user-id or union-id) can't edit this folder, so the app can't either.",
             zh: '操作者（user-id 或 union-id）没有该文件夹的编辑权限，因此应用也无法编辑。' },
    fix: { en: 'Give the operator edit access to the folder (folder-url), or use a folder in the team files (团队文件). Only the owner can write to My files (我的文件).',
           zh: '请为操作者授予该文件夹（folder-url）的编辑权限，或改用「团队文件」中的文件夹。「我的文件」只有本人可以操作。' } },
  { calls: READ, codes: ['permissionDenied'],
    cause: { en: "The operator (user-id or union-id) can't view this folder (folder-url).",
             zh: '操作者（user-id 或 union-id）没有查看该文件夹（folder-url）的权限。' },
    fix: { en: 'Give the operator view access to the folder, or set user-id to someone who has it.',
           zh: '请为操作者授予查看权限，或在 user-id 中改填有权限的成员。' } },
  { calls: ['batchRemove'], codes: ['recycleBinNotSupportForSpace', 'operationNotSupported'],
    cause: { en: "Files in this folder (folder-url) can't be deleted through DingTalk's API.",
             zh: '该文件夹（folder-url）中的文件无法通过钉钉接口删除。' },
    fix: { en: 'Use a folder in another space, or remove keep-last.',
           zh: '请换用其他空间中的文件夹，或删除 keep-last。' } },
  { calls: [...INIT, ...READ, 'commit', 'subfolder', 'batchRemove', ...TO_GROUP], codes: ['paramError'],
    cause: { en: "DingTalk doesn't accept a value in the request.",
             zh: '钉钉不接受请求中的某个参数。' },
    fix: { en: 'Check folder-url (or space-id, parent-id), folder-path, name, chat-id, and union-id.',
           zh: '请检查 folder-url（或 space-id、parent-id）、folder-path、name、chat-id 和 union-id。' } },

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
  { calls: [...INIT, 'commit'], codes: ['dentryUploadForbidden', 'dentryUploadProtocolNotSupport', 'dentryUploadError', 'dentryFormatNotSupport', 'paramError.conflictStrategy'],
    cause: { en: "DingTalk doesn't allow this upload in the folder (folder-url), because of the folder's settings or dedicated storage.",
             zh: '该文件夹（folder-url）的设置或专属存储不允许本次上传。' },
    fix: { en: 'Use a folder in another space, or ask the administrator. If only this file type is rejected, set archive: true. If it is the conflict-strategy, set it to auto-rename.',
           zh: '请换用其他空间中的文件夹，或联系管理员。如果只是不支持该文件类型，请设置 archive: true；如果是不支持 conflict-strategy，请设为 auto-rename。' } },
  { codes: ['operationConcurrentControl'],
    cause: { en: 'Another job is changing this folder (folder-url) at the same time.',
             zh: '有其他任务正在同时修改该文件夹（folder-url）。' },
    fix: { en: 'Run the jobs that upload to this folder one at a time, or increase retries.',
           zh: '请错开上传到同一文件夹的任务，或调大 retries。' } },
  { codes: ['*QuotaInsufficient'], links: [ADMIN],
    cause: { en: 'There is no storage left in the space of the folder (folder-url), for the app (app-key), or in the organization.',
             zh: '目标文件夹（folder-url）所在的空间、应用（app-key）或本组织的存储空间不足。' },
    fix: { en: 'Delete old files, or ask an administrator to raise the limit or buy more storage.',
           zh: '请清理旧文件，或请管理员调整容量、扩容。' } },

  // The storage
  { codes: ['paramError.uploadKey', 'NoSuchUpload'],
    cause: { en: 'This upload is no longer valid in DingTalk.',
             zh: '本次上传在钉钉中已失效。' },
    fix: { en: 'It may have taken too long, or the file may have been saved already. Check the folder (folder-url), then re-run the job. On a slow network, increase concurrency.',
           zh: '可能是耗时过长，或文件已经保存。请先在目标文件夹（folder-url）中确认，再重新运行。如果网络较慢，可调大 concurrency。' } },
  { calls: STORAGE, codes: ['RequestTimeTooSkewed'], kinds: ['signature-expired'], links: [GUIDE.network],
    cause: { en: 'A new signature was rejected as expired.',
             zh: '新生成的签名被判定为已过期。' },
    fix: { en: "Check the runner's clock and sync it with NTP.",
           zh: '请检查 runner 的系统时间，并开启 NTP 时间同步。' } },
  { calls: STORAGE, codes: ['AccessDenied'], links: [GUIDE.network],
    cause: { en: 'The storage denied access to this upload.',
             zh: '存储拒绝了本次上传。' },
    fix: { en: `If the organization uses dedicated storage, ask its administrator to allow the IP address of this runner. If requests go through a proxy that removes headers, add the storage hosts to NO_PROXY: ${STORAGE_HOSTS}.`,
           zh: `如果本组织使用专属存储，请联系管理员放行 runner 的 IP。如果通过代理访问，请求头可能被代理删除，请将存储域名加入 NO_PROXY：${STORAGE_HOSTS}。` } },
  { calls: [...STORAGE, 'commit'], codes: ['SignatureDoesNotMatch', 'MissingContentLength', 'ContentMismatch', 'dentryStoreError'], links: [GUIDE.network], fix: PASS_STORAGE,
    cause: { en: 'The upload was modified in transit, probably by a proxy.',
             zh: '上传的请求头或内容在传输过程中被修改，通常由代理引起。' } },
  { calls: STORAGE, codes: ['EntityTooLarge', 'HTTP413'], links: [GUIDE.network],
    cause: { en: 'The upload is too large for the storage, or for a proxy.',
             zh: '上传内容超过存储或代理的大小上限。' },
    fix: { en: `Raise the proxy's limit for request bodies, or add the storage hosts to NO_PROXY: ${STORAGE_HOSTS}.`,
           zh: `请调大代理的请求体上限，或将存储域名加入 NO_PROXY：${STORAGE_HOSTS}。` } },
  { calls: STORAGE, codes: ['HTTP*', 'UnreadableAnswer', 'AnswerTooLarge'], links: [GUIDE.network], fix: PASS_STORAGE,
    cause: { en: "The response isn't from DingTalk's storage (OSS), but probably from a proxy.",
             zh: '该响应不是钉钉的存储（OSS）返回的，很可能来自代理。' } },

  // Groups
  { calls: ['openConversationId', ...TO_GROUP], codes: ['invalideChatId', 'invalid.openConversationId', 'paramError.conversationId', 'conversationNotExist', 'acrossOrgAccessForbidden'], links: [CHAT_EXPLORER],
    cause: { en: 'No group of this organization has {id}.',
             zh: '本组织没有{id}对应的群。' },
    fix: { en: 'The group may have been dissolved, or chat-id may be wrong or incomplete: a cid… ID ends with ==. Look up the ID again.',
           zh: '群可能已解散，或 chat-id 有误、不完整：cid… 形式的 ID 以 == 结尾。请重新获取群 ID。' } },
  { calls: [...TO_GROUP, 'sendToUser'], codes: ['paramError.spaceId', 'spaceNotExist', 'paramError.dentryId', 'dentryNotExist', 'folderNotSupport'],
    cause: { en: "DingTalk can't send this file from its folder.",
             zh: '钉钉无法发送目标文件夹中的该文件。' },
    fix: { en: "Check that nobody moved or deleted the file, and that folder-url is a folder in the organization's team files (团队文件).",
           zh: '请确认文件没有被移动或删除，并且 folder-url 是本组织「团队文件」中的文件夹。' } },
  { calls: TO_GROUP, codes: ['permissionDenied'],
    cause: { en: "The operator (user-id or union-id) can't send files to the group (chat-id), or can't view its files.",
             zh: '操作者（user-id 或 union-id）无法将文件发送到 chat-id 对应的群，或无权查看群文件。' },
    fix: { en: 'The operator must be a member of the group, be allowed to post and add files there, and be able to copy the file.',
           zh: '操作者必须是群成员，有权在群内发言和添加文件，并且可以复制该文件。' } },

  // Robots
  { calls: ['post'], codes: ['invalidParameter.robotCode.empty', 'miss.openConversationId', 'invalid.openConversationId', 'session.*', 'group.disbanded', 'conversation.org.notMatch'], links: [CHAT_EXPLORER],
    cause: { en: "The robot isn't in the group (chat-id), or the group was dissolved.",
             zh: '机器人不在 chat-id 对应的群中，或群已解散。' },
    fix: { en: 'Add the robot (robot-code) to the group, or set chat-id to a group that has it. If the group already has the robot, remove it and add it again.',
           zh: '请将机器人（robot-code）添加到该群，或在 chat-id 中改填已添加该机器人的群。如果群中已有该机器人，请移出后重新添加。' } },
  { calls: ['post'], codes: ['send.forbidden', 'bot.forbidden.sendMessage', 'only.groupAdmin.canAtAll'],
    cause: { en: "The robot (robot-code) isn't allowed to post in the group (chat-id).",
             zh: '该机器人（robot-code）不能在 chat-id 对应的群中发言。' },
    fix: { en: 'Ask the owner of the group to unmute the robot and to allow robots to post.',
           zh: '请群主或管理员解除禁言，并允许机器人发消息。' } },
  { calls: BY_APP, codes: ['invalidParameter.robotCode.*', 'resource.*', 'bot.*', 'template.*', 'sign.not.match', 'auth.error', 'unauthorized', 'invalidParameter.token.invalid', 'token.notExisted', 'chatbotId.notAllow.sendOTO', 'robot.oto.notExist', 'send.forbidden', 'session.*'], links: [CONSOLE],
    cause: { en: "The app can't post through this robot (robot-code).",
             zh: '应用无法使用该机器人（robot-code）发消息。' },
    fix: { en: `Copy the RobotCode again from the robot page (机器人) of the app that app-key belongs to. Enable the robot there, and publish a new version of the app with the permission ${permissionName('qyapi_robot_sendmsg')}. For a custom robot, use robot-webhook instead.`,
           zh: `请在 app-key 所属应用的「机器人」页重新复制 RobotCode 并启用机器人，开通权限 ${permissionName('qyapi_robot_sendmsg')}，然后发布应用的新版本。如果是自定义机器人，请改用 robot-webhook。` } },
  { calls: POST, codes: ['send.byToken.tooFast', 'send.too.fast', 'too.many.*', 'flowControlledStaffIdList', '90018', '130101', '410100'],
    cause: { en: 'The robot (robot-code or robot-webhook) posts too often, or to too many groups or users. A custom robot can post 20 messages per minute.',
             zh: '机器人（robot-code 或 robot-webhook）发消息过于频繁，或发送的群、成员过多。自定义机器人每分钟最多发送 20 条。' },
    fix: { en: 'The limit applies to all jobs together. Post from fewer jobs, increase retries, or re-run the job after 10 minutes.',
           zh: '该限制由所有任务共享。请减少发消息的任务，调大 retries，或在 10 分钟后重新运行。' } },
  { calls: [...POST, 'uploadMedia'], codes: ['contain.*', '43010*', '40004', '40005', '40006', '44001', '45001'],
    cause: { en: "DingTalk doesn't accept a text, a link, or a picture in message, buttons, or images.",
             zh: '钉钉不接受 message、buttons 或 images 中的文字、链接或图片。' },
    fix: { en: "It doesn't pass DingTalk's moderation, or the format or size of the picture isn't supported. Change it, and check the names of the files that {files} lists.",
           zh: '内容未通过钉钉的审核，或图片的格式、大小不符合要求。请修改，并检查 {files} 列出的文件名。' } },
  { calls: POST, codes: ['310000 keyword', 'keywords.not.match'],
    cause: { en: 'The robot only accepts messages that contain one of its keywords.',
             zh: '该机器人设置了「自定义关键词」，而消息不包含关键词。' },
    fix: { en: "Add a keyword to message, or change the robot's security settings in the group.",
           zh: '请在 message 中包含关键词，或在群里修改机器人的安全设置。' } },
  { calls: ['postByWebhook'], codes: ['310000 signature'],
    cause: { en: 'The robot requires a signature (加签), and robot-secret is wrong or not set.',
             zh: '该机器人开启了「加签」，而 robot-secret 有误或未填写。' },
    fix: { en: "Set robot-secret to the SEC… value under 加签 in the robot's security settings. If it is correct, check the runner's clock.",
           zh: '请在 robot-secret 中填写机器人安全设置「加签」下以 SEC 开头的密钥。如果确认无误，请检查 runner 的系统时间。' } },
  { calls: ['postByWebhook'], codes: ['310000 clock'],
    cause: { en: 'The robot (robot-webhook) rejected the signature as expired: the clock of the runner is wrong.',
             zh: '机器人（robot-webhook）认为签名已过期：runner 的系统时间不准确。' },
    fix: { en: "Check the runner's clock and sync it with NTP.",
           zh: '请检查 runner 的系统时间，并开启 NTP 时间同步。' } },
  { calls: ['postByWebhook'], codes: ['310000 address'],
    cause: { en: "The IP address of this runner isn't in the IP ranges of the robot (robot-webhook).",
             zh: 'runner 的 IP 不在机器人（robot-webhook）的 IP 地址段内。' },
    fix: { en: "Add the IP address in the robot's security settings in the group, or use a keyword or a signature (加签) instead.",
           zh: '请在群的机器人安全设置中添加该 IP，或改用「自定义关键词」或「加签」。' } },
  { calls: ['postByWebhook'], codes: ['310000'],
    cause: { en: "The robot's security settings (keyword, signature, or IP range) rejected the message.",
             zh: '消息未通过机器人的安全设置（自定义关键词、加签或 IP 地址段）。' },
    fix: { en: "Check the robot's security settings in the group: message must contain one of the keywords, robot-secret must be the SEC… value under 加签 (which also requires that the runner's clock is in sync), and the IP ranges must include the runner.",
           zh: '请检查群中机器人的安全设置：message 必须包含任一关键词；robot-secret 必须是「加签」下以 SEC 开头的密钥，且 runner 的系统时间准确；IP 地址段必须包含 runner 的 IP。' } },

  // Any call
  { codes: ['1111'], kinds: ['banned'], links: [GUIDE.quotas],
    cause: { en: 'DingTalk has temporarily banned the IP address of this runner.',
             zh: 'runner 的 IP 已被钉钉暂时封禁。' },
    fix: { en: 'Too many calls came from this address, often through a shared proxy. Wait before you re-run the job: every call prolongs the ban.',
           zh: '原因是该 IP 调用过于频繁，通常是多人共用同一代理。请等待封禁结束后再运行：期间的每次调用都会延长封禁。' } },
  { throughProxy: true, codes: UNANSWERED,
    fix: { en: 'Check {proxy}: the proxy must be running and must allow connections to this host. If the host needs no proxy, add it to NO_PROXY.',
           zh: '请检查 {proxy}：代理需要正常运行，并允许访问该地址。如果无需代理，请将该地址加入 NO_PROXY。' } },
  { calls: STORAGE, codes: UNANSWERED, ...STORAGE_HINT },
  { calls: ['postByWebhook'], codes: ['*'],
    cause: { en: "The address in robot-webhook doesn't accept the message. It may be wrong, or the robot was disabled or removed, or its group was dissolved.",
             zh: 'robot-webhook 的地址不接受该消息：地址可能有误，或机器人已停用、删除，或群已解散。' },
    fix: { en: "Copy robot-webhook again from the settings of a custom robot (自定义机器人) in the group, and make sure that the runner can reach its host. If the address is correct, check message, buttons, and mention.",
           zh: '请在群中自定义机器人的设置里重新复制 robot-webhook，并确认 runner 可以访问该地址。如果地址无误，请检查 message、buttons 和 mention。' } },
  { codes: UNANSWERED, links: INTERNATIONAL,
    fix: { en: 'Check {baseUrl}, and make sure that the runner can reach this host. If it needs a proxy, set HTTPS_PROXY. For the international edition of DingTalk, set api-base-url and oapi-base-url to its addresses.',
           zh: '请检查 {baseUrl}，并确认 runner 可以访问该地址；如需通过代理访问，请设置 HTTPS_PROXY。如果是钉钉国际版，请将 api-base-url 和 oapi-base-url 设为国际版的地址。' } },
  { codes: ['InvalidAuthentication', '40014', '42001'], kinds: ['access-token'],
    cause: { en: 'DingTalk rejected a new access token.',
             zh: '钉钉拒绝了新获取的 access token。' },
    fix: { en: 'Check that api-base-url and oapi-base-url belong to the same environment, and that the app (app-key) is active.',
           zh: '请确认 api-base-url 与 oapi-base-url 属于同一环境，并且应用（app-key）没有停用或删除。' } },
  { codes: ['Forbidden.AccessDenied.IpNotInWhiteList', '60020', 'ip.not.match'], links: [CONSOLE],
    cause: { en: "The IP address of this runner isn't in the app's IP allowlist (服务器出口IP).",
             zh: 'runner 的 IP 不在应用的「服务器出口IP」白名单中。' },
    fix: { en: 'Add the IP address, or use a runner with a static IP.',
           zh: '请添加该 IP，或改用固定 IP 的 runner。' } },
  { codes: ['Forbidden.AccessDenied.ApiCountLimitForOrg', '90020'], kinds: ['quota-spent'], links: [GUIDE.quotas],
    cause: { en: "The organization's API calls for this month are used up.",
             zh: '本组织当月的 API 调用次数已用完。' },
    fix: { en: 'The quota resets next month (5,000 calls on the standard edition). To use fewer calls, set archive: true and use a cid… ID as chat-id.',
           zh: '额度下月恢复（标准版每月 5,000 次）。如需减少调用，可设置 archive: true，并在 chat-id 中填写 cid… 形式的 ID。' } },
  { codes: ['HTTP*', 'UnreadableAnswer', 'AnswerTooLarge'],
    cause: { en: "The response isn't from DingTalk, or it is incomplete.",
             zh: '该响应不是钉钉返回的，或不完整。' },
    fix: { en: 'It probably comes from a proxy or gateway. Check HTTPS_PROXY and NO_PROXY, and that api-base-url and oapi-base-url are correct and not swapped.',
           zh: '响应很可能来自代理或网关。请检查 HTTPS_PROXY、NO_PROXY，并确认 api-base-url 和 oapi-base-url 填写正确、没有填反。' } },
  { kinds: ['unavailable'], codes: ['-1', 'system.busy', 'systemBusy', 'Forbidden.AccessDenied.QpsLimitForApi', '90002'], links: [SUPPORT],
    cause: { en: 'DingTalk or its storage (OSS) is busy or had an internal error.',
             zh: '钉钉或其存储（OSS）繁忙，或发生内部错误。' },
    fix: { en: 'Increase retries, or re-run the job later. If it fails again, contact DingTalk support with the request ID.',
           zh: '请调大 retries，或稍后重新运行；如果仍然失败，请凭 request ID 联系钉钉技术支持。' } },
  { codes: ['Forbidden.AccessDenied.Q*', '90018'], kinds: ['throttled'],
    cause: { en: 'The app calls this API too often.',
             zh: '该应用调用此接口过于频繁。' },
    fix: { en: 'The limit (20 calls per second on the standard edition) applies to all jobs of the app together. Run them one at a time, or increase retries.',
           zh: '该限制（标准版每秒 20 次）由应用的所有任务共享。请错开运行，或调大 retries。' } },
  { codes: ['InsecureResourceUrl'],
    fix: { en: 'Check api-base-url: it must use HTTPS and lead to DingTalk itself.',
           zh: '请检查 api-base-url：应使用 HTTPS，并指向钉钉本身。' } },
  { codes: ['InvalidAction.NotFound', 'InvalidVersion', '404'],
    cause: { en: 'api-base-url or oapi-base-url is wrong.',
             zh: 'api-base-url 或 oapi-base-url 有误。' },
    fix: { en: 'Both must use HTTPS and lead to DingTalk. Check that they are not swapped, or remove both to use the defaults.',
           zh: '两者都应使用 HTTPS 并指向钉钉。请确认没有填反；删除这两项即可使用默认值。' } },
  // Values that the action sets by itself, and kinds of messages that it never sends.
  { codes: ['paramError*', 'miss.param.*', 'invalid*', 'illegal.*', 'receivers.exceed', 'staffId.notExisted', 'chatbotId.notAllow.sendOTO', 'robot.oto.notExist', 'sendMessage.model.notMatch', '41001', '41005', '43008'], links: [ISSUES],
    cause: { en: 'DingTalk rejected a value that the action sets by itself.',
             zh: '钉钉拒绝了由本 action 自动填写的参数。' },
    fix: { en: 'This is not caused by your inputs; the API may have changed. Report it with the request ID.',
           zh: '该问题与填写的输入无关，可能是接口有变化。请附上 request ID 反馈。' } },
  { links: [SUPPORT], codes: ['*'],
    fix: { en: "Look up the error code in DingTalk's documentation, or contact DingTalk support with the request ID.",
           zh: '请在钉钉开放平台文档中查询该错误码，或凭 request ID 联系钉钉技术支持。' } },

  // The runner
  { calls: ['file', 'unexpected'], codes: ['ENOSPC', 'EDQUOT'],
    fix: { en: 'The disk of the runner is full. Free some space before this step. With archive: true, the temporary directory needs space for the whole zip.',
           zh: 'runner 的磁盘已满。请在本步骤之前清理空间。设置 archive: true 时，临时目录需要能放下整个 zip。' } },
  { calls: ['file', 'unexpected'], codes: ['EACCES', 'EPERM', 'EROFS', 'EIO', 'EMFILE', 'ENFILE'], fix: CHECK_RUNNER },
  { calls: ['file'], codes: ['*'],
    fix: { en: 'Make sure that the files in path are complete before this step starts, and that nothing changes them after that.',
           zh: '请确保 path 中的文件在本步骤开始前已写入完毕，且不再改动。' } },
  { calls: ['unexpected'], codes: ['ENOENT', 'ENOTDIR', 'EEXIST', 'EISDIR'], fix: CHECK_RUNNER },
  { calls: ['unexpected'], codes: ['*'], links: [ISSUES],
    fix: { en: 'This is not caused by your inputs. Re-run the job with debug logging enabled, and report the error with the log.',
           zh: '该问题与填写的输入无关。请开启调试日志后重新运行，并附上日志反馈该错误。' } },
]

/** A permission as the console and DingTalk's responses name it: `企业存储文件写权限 (Storage.File.Write)`. */
export function permissionName(scope: string): string {
  const name = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined
  return name ? `${name} (${scope})` : scope
}
