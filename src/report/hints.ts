import { DingTalkError } from '../dingtalk/errors.ts'
import { LocalFileError } from '../errors.ts'
import type { Hint } from './hint.ts'
import { CONSOLE, missingScopes, permissionHint, SCOPES } from './permissions.ts'

const CHAT_EXPLORER =
  'https://open-dev.dingtalk.com/apiExplorer#/jsapi?api=biz.chat.chooseConversationByCorpId'
const STORAGE_HOSTS =
  '{sz,sh,zjk}.trans.dingtalk.com, cdn-{sz,sh,zjk}-trans.dingtalk.com, lippi-space-{zjk,sh,sz}.oss-cn-{zhangjiakou,shanghai,shenzhen}.aliyuncs.com'

/** What to do where the storage cannot be reached. */
export const STORAGE_HINT: Hint = {
  en: `Let the firewall or proxy pass the storage hosts: ${STORAGE_HOSTS}.`,
  zh: `请在防火墙或代理中放行存储域名：${STORAGE_HOSTS}。`,
}

const FOREIGN_ANSWER: Hint = {
  en: "This is no answer of DingTalk's own, but of something on the way, usually a proxy: check HTTPS_PROXY, NO_PROXY and the base URLs.",
  zh: '这不是钉钉的应答，多来自途中的代理：请检查 HTTPS_PROXY、NO_PROXY 以及 api-base-url、oapi-base-url。',
}

/** What to do about it, if there is something. */
export function hintFor(error: unknown, appKey?: string): Hint | undefined {
  if (error instanceof LocalFileError) {
    return {
      en: 'Let whatever writes this file finish before this step begins.',
      zh: '请确保在本步骤开始前，文件已写入完毕且不再改动。',
    }
  }
  if (!(error instanceof DingTalkError)) return undefined
  return HINTS.find(({ when }) => when(error))?.hint(error, appKey)
}

/** A hint, and the errors that it helps with. */
interface HintRule {
  when: (error: DingTalkError) => boolean
  hint: (error: DingTalkError, appKey?: string) => Hint
}

const code =
  (...codes: string[]) =>
  (error: DingTalkError) =>
    codes.includes(error.code)

/** Codes of refusals of the folder itself. */
export const FOLDER_REFUSALS: ReadonlySet<string> = new Set([
  'spaceNotExist',
  'paramError.spaceId',
  'paramError.parentDentryUuid',
  'paramError.parentId',
  'paramError.dentryUuid',
  'dentryNotExist',
])

/** The first rule that fits an error gives its hint. */
const HINTS: readonly HintRule[] = [
  {
    when: (error) => missingScopes(error).length > 0,
    hint: (error, appKey) => permissionHint(missingScopes(error), appKey),
  },
  {
    when: code('invalidClientIdOrSecret'),
    hint: () => ({
      en: `Check app-key and app-secret: they are the Client ID and Client Secret of the app, at ${CONSOLE} under 凭证与基础信息.`,
      zh: `请检查 app-key 与 app-secret：即应用「凭证与基础信息」（${CONSOLE}）中的 Client ID 与 Client Secret。`,
    }),
  },
  {
    when: (error) => error.code === 'permissionDenied' && error.operation === 'send',
    hint: () => ({
      en: 'The operator (user-id / union-id) must be a member of the group, allowed to post there and to copy the file.',
      zh: '操作者须为群成员，且有权在群内发言并拷贝该文件。',
    }),
  },
  {
    when: code('permissionDenied'),
    hint: () => ({
      en:
        'The operator (user-id / union-id) may not write to this folder, so neither may the app in their name. ' +
        'Give them the right to edit it; "My files" can be written to by its owner alone, a team space is the better target.',
      zh: '操作者没有该文件夹的编辑权限，应用也就无权代其操作；「我的文件」只有本人可以操作，建议使用团队空间。',
    }),
  },
  {
    when: code('permession.checkFailed'),
    hint: () => ({
      en: "The owner of the group is outside the app's visible range: widen it and publish a new version of the app, at https://open-dev.dingtalk.com/",
      zh: '群主不在应用的可见范围内：请扩大可见范围并重新发布应用：https://open-dev.dingtalk.com/',
    }),
  },
  {
    when: code('50002'),
    hint: () => ({
      en: "The user is outside the app's visible range: widen it and publish a new version of the app, at https://open-dev.dingtalk.com/",
      zh: '该用户不在应用的可见范围内：请扩大可见范围并重新发布应用：https://open-dev.dingtalk.com/',
    }),
  },
  {
    when: code('paramError.unionId'),
    hint: () => ({
      en: 'Check union-id: it is the unionId of a member of this organisation; with user-id the action looks it up itself.',
      zh: '请检查 union-id：须为本组织成员的 unionId；也可改填 user-id，由本 action 自行查询。',
    }),
  },
  {
    when: code('60121'),
    hint: () => ({
      en: 'Check user-id: it is the UserID in the contacts at https://oa.dingtalk.com/, not a phone number or name.',
      zh: '请检查 user-id：即管理后台（https://oa.dingtalk.com/）通讯录中的 UserID，而不是手机号或姓名。',
    }),
  },
  {
    when: (error) => error.code === '310000' && /keyword/i.test(error.message),
    hint: () => ({
      en: 'The robot takes only messages that hold one of its keywords: put one into message, or change its security settings.',
      zh: '该机器人设置了「自定义关键词」：请在 message 中包含关键词，或修改机器人的安全设置。',
    }),
  },
  {
    when: (error) => error.code === '310000' && /sign|timestamp/i.test(error.message),
    hint: () => ({
      en: "Check robot-secret: it is the SEC… shown in the robot's security settings under 加签; and this machine's clock.",
      zh: '请检查 robot-secret：即机器人安全设置「加签」下以 SEC 开头的密钥；并校准本机时钟。',
    }),
  },
  {
    when: code('310000'),
    hint: () => ({
      en: "The robot's security settings (keyword, signature or IP range) refuse the message: adjust them, robot-secret or message.",
      zh: '机器人的安全设置（关键词、加签或 IP 段）拒绝了该消息：请调整安全设置、robot-secret 或 message。',
    }),
  },
  {
    when: code('130101'),
    hint: () => ({
      en: 'A custom robot may post 20 messages a minute: wait, or let fewer jobs post.',
      zh: '自定义机器人每分钟最多发送 20 条消息：请稍候，或减少发消息的任务。',
    }),
  },
  {
    when: (error) => error.mayHaveHappened && error.remedy === 'report' && error.operation !== 'send',
    hint: () => ({
      en: 'The message may or may not have arrived: look there before you run the job again. The files are uploaded.',
      zh: '消息可能已经发出：重新运行前请先确认。文件已上传。',
    }),
  },
  {
    when: (error) => error.operation === 'postByWebhook',
    hint: () => ({
      en: "Check robot-webhook: copy it again from the robot's settings in the group, and let its host pass the firewall.",
      zh: '请检查 robot-webhook：在群的机器人设置中重新复制，并确保网络可以访问该地址。',
    }),
  },
  {
    when: (error) => error.operation === 'post' && /robotCode/.test(error.code),
    hint: () => ({
      en: "Check robot-code (the app's page, under 机器人), and that this robot has been added to the group.",
      zh: '请检查 robot-code（应用的「机器人」页），并确认该机器人已添加到群中。',
    }),
  },
  {
    when: (error) => error.code.endsWith('IpNotInWhiteList') || error.code === '60020',
    hint: () => ({
      en: "The app's IP allow-list refuses this runner: add its address, or use a runner with a fixed one.",
      zh: '应用的服务器出口 IP 白名单拒绝了本 runner：请加入其 IP，或改用固定 IP 的 runner。',
    }),
  },
  {
    when: (error) => error.kind === 'quota-spent',
    hint: () => ({
      en: "The organisation's API calls for this month are used up (5,000 on the standard edition); they start anew next month.",
      zh: '本组织当月的 API 调用次数已用完（标准版每月 5000 次），下月恢复；升级版本可提高额度。',
    }),
  },
  {
    when: (error) => error.kind === 'banned',
    hint: () => ({
      en: 'Nothing on this address should call DingTalk until then: wait, then run the job again.',
      zh: '本机 IP 因调用过于频繁被暂时封禁：请等待后再重新运行。',
    }),
  },
  {
    when: (error) => FOLDER_REFUSALS.has(error.code) && error.operation !== 'send',
    hint: () => ({
      en: "Check the folder: copy its link again in DingTalk's drive and give it as folder-url.",
      zh: '请检查目标文件夹：在云盘中重新「复制链接」，并填入 folder-url。',
    }),
  },
  {
    when: code(
      'invalideChatId',
      'paramError.conversationId',
      'conversationNotExist',
      'invalid.openConversationId',
    ),
    hint: () => ({
      en: `Check chat-id: a chat id (chat…) or open conversation id (cid…) of a group of this organisation, from ${CHAT_EXPLORER}`,
      zh: `请检查 chat-id：须为本组织群的 chatId（chat…）或 openConversationId（cid…），获取方法：${CHAT_EXPLORER}`,
    }),
  },
  {
    when: code('paramError.name', 'dentryNameIllegal'),
    hint: () => ({
      en: 'Rename the file: DingTalk forbids tab * " < > | / in a name, and a dot at its end.',
      zh: '请修改文件名：不能含制表符、* " < > | /，且不能以「.」结尾。',
    }),
  },
  {
    when: code('dentryFormatNotSupport'),
    hint: () => ({
      en: 'DingTalk does not take files of this kind here: put it into a zip archive.',
      zh: '此处不支持该文件格式：请打包为 zip 后上传。',
    }),
  },
  {
    when: (error) => error.kind === 'access-token',
    hint: () => ({
      en: 'A fresh access token was refused as well: check that api-base-url and oapi-base-url belong together, and that the app is neither stopped nor deleted.',
      zh: '刷新后的 access token 仍被拒绝：请检查 api-base-url 与 oapi-base-url 是否对应，以及应用是否已停用或删除。',
    }),
  },
  {
    when: (error) => error.kind === 'throttled',
    hint: () => ({
      en: 'Other jobs of this app, or of the organisation, call DingTalk at the same time: let them run one after the other, or raise retries.',
      zh: '同一应用或组织内有其他任务在同时调用：请错开运行，或增大 retries。',
    }),
  },
  {
    when: (error) => error.code.endsWith('QuotaInsufficient'),
    hint: () => ({
      en: 'There is no room left: delete old files, or have the quota of the space raised.',
      zh: '存储空间不足：请清理旧文件或扩容。',
    }),
  },
  {
    when: code('dentryNameConflict'),
    hint: () => ({
      en: 'A file of this name is there already and conflict-strategy is "fail".',
      zh: '同名文件已存在，而 conflict-strategy 为 fail。',
    }),
  },
  {
    when: code('SignatureDoesNotMatch'),
    hint: () => ({
      en: 'Something between this machine and OSS changes the request, usually a proxy that adds headers: let the storage hosts pass untouched.',
      zh: '请求在途中被改动，多为代理添加了请求头：请让代理原样放行存储域名。',
    }),
  },
  {
    when: (error) => error.kind === 'signature-expired',
    hint: () => ({
      en: "OSS takes the signature for too old although it is fresh: check this machine's clock.",
      zh: '签名刚刚取得即被 OSS 判为过期：请校准本机时钟。',
    }),
  },
  {
    when: (error) => error.mayHaveHappened && error.operation === 'send',
    hint: () => ({
      en: 'The message may or may not be in the group: look there before you run the job again. The file itself is uploaded.',
      zh: '消息可能已经发出：重新运行前请先到群里确认。文件本身已上传。',
    }),
  },
  {
    when: (error) => error.mayHaveHappened && error.operation === 'commit',
    hint: () => ({
      en:
        'The file may or may not be in the folder: look there before you run the job again. With the permission ' +
        `${SCOPES['Storage.File.Read'] ?? ''} (Storage.File.Read) the action looks for itself.`,
      zh: `文件可能已经在文件夹中：重新运行前请先确认。开通 ${SCOPES['Storage.File.Read'] ?? ''}（Storage.File.Read）后，本 action 会自行查找。`,
    }),
  },
  {
    when: (error) => error.status === undefined && (error.operation === 'put' || error.operation === 'probe'),
    hint: () => STORAGE_HINT,
  },
  {
    when: (error) => error.status === undefined,
    hint: () => ({
      en: 'Check the network, HTTPS_PROXY and NO_PROXY: api.dingtalk.com and oapi.dingtalk.com must be reachable.',
      zh: '请检查网络及 HTTPS_PROXY、NO_PROXY：须能访问 api.dingtalk.com 与 oapi.dingtalk.com。',
    }),
  },
  {
    when: code('UnreadableAnswer', 'AnswerTooLarge'),
    hint: () => FOREIGN_ANSWER,
  },
  {
    when: (error) => /^HTTP\d/.test(error.code),
    hint: () => FOREIGN_ANSWER,
  },
  {
    // A code that is not known here.
    when: (error) => error.requestId !== undefined,
    hint: () => ({
      en: "DingTalk's documentation explains its codes, and its support finds the call by the request id: https://open.dingtalk.com/",
      zh: '错误码的含义可在钉钉开放平台文档中查询，或凭 request id 咨询其技术支持：https://open.dingtalk.com/',
    }),
  },
]
