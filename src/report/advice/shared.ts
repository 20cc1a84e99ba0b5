import type { OperationName } from '../../dingtalk/operations.ts'
import type { Hint } from '../hint.ts'
import { permissionName } from '../permissions.ts'
import { GUIDE, INTERNATIONAL, STORAGE_HOSTS, SUPPORT } from './links.ts'

/** Advice by the platform's code. */
export type Advice = Readonly<Record<string, Hint>>

/** What to do where the storage cannot be reached. */
export const STORAGE_HINT: Hint = {
  en: `Allow the storage hosts in the firewall or proxy: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
  zh: `请在防火墙或代理中放行存储域名：${STORAGE_HOSTS}。详见 ${GUIDE.zh}`,
}

/** What to do where a gateway cannot be reached. */
export const NETWORK_HINT: Hint = {
  en: `Check the network, HTTPS_PROXY and NO_PROXY: the runner must reach the hosts of api-base-url and oapi-base-url. The international edition of DingTalk has its own: ${INTERNATIONAL}`,
  zh: `请检查网络以及 HTTPS_PROXY、NO_PROXY：runner 需要能访问 api-base-url 和 oapi-base-url 的域名。钉钉国际版请改用 ${INTERNATIONAL}`,
}

/** What to do about a response that is not DingTalk's. */
export const FOREIGN_RESPONSE_HINT: Hint = {
  en: "This response isn't one of this API; it usually comes from a proxy. Check HTTPS_PROXY and NO_PROXY, and that api-base-url and oapi-base-url are right and not swapped.",
  zh: '该响应不是此接口返回的，很可能来自代理。请检查 HTTPS_PROXY、NO_PROXY，并确认 api-base-url 和 oapi-base-url 填写正确、没有互换。',
}

/** What to do about a code that is not known here. */
export const UNKNOWN_CODE_HINT: Hint = {
  en: `Look the code up in DingTalk's documentation, or ask its support with the request id: ${SUPPORT}`,
  zh: `请在钉钉开放平台文档中查询该错误码，或凭 request id 咨询其技术支持：${SUPPORT}`,
}

/** What to do when too many calls were made. */
export const THROTTLED_HINT: Hint = {
  en: 'Other jobs of this app or organization call DingTalk at the same time: run them one after the other, or increase retries.',
  zh: '同一应用或组织内有其他任务在同时调用接口：请错开运行，或增大 retries。',
}

export const QUOTA_SPENT_HINT: Hint = {
  en: `The organization's API calls for this month are used up (5,000 on the standard edition). They start again next month. To use fewer, set archive: true and give chat-id as a cid… ID. See ${GUIDE.en}`,
  zh: `本组织当月的 API 调用次数已用完（标准版每月 5000 次），下月恢复。如需减少调用，可设置 archive: true，并在 chat-id 中填写 cid… 形式的 ID。详见 ${GUIDE.zh}`,
}

export const BANNED_HINT: Hint = {
  en: `DingTalk has banned this address for some minutes: too many calls came from it, often through a shared proxy. Wait, then run the job again: every call made now prolongs the ban. See ${GUIDE.en}`,
  zh: `该 IP 因调用过于频繁被钉钉暂时封禁，通常是多人共用同一代理所致。请等待几分钟后再运行：期间的调用会延长封禁。详见 ${GUIDE.zh}`,
}

export const TOKEN_HINT: Hint = {
  en: 'DingTalk refused a new access token as well. Check that api-base-url and oapi-base-url belong to the same edition, and that the app of app-key is neither stopped nor deleted.',
  zh: '重新获取的 access token 仍被拒绝。请确认 api-base-url 与 oapi-base-url 属于同一版本的钉钉，并且 app-key 对应的应用没有停用或删除。',
}

const ADDRESS_HINT: Hint = {
  en: "This runner's IP is not on the app's allowlist (服务器出口IP): add it at https://open-dev.dingtalk.com/ or use a runner with a static IP.",
  zh: 'runner 的 IP 不在应用的「服务器出口IP」白名单中：请在 https://open-dev.dingtalk.com/ 添加该 IP，或改用固定 IP 的 runner。',
}

const PER_SECOND_HINT: Hint = {
  en: 'This app calls this API more than 20 times a second, together with its other jobs: run them one after the other, or increase retries.',
  zh: '该应用（包括其他任务）每秒调用此接口超过 20 次：请错开运行，或增大 retries。',
}

const BUSY_API_HINT: Hint = {
  en: 'DingTalk limits this API for all its customers at the moment: increase retries, or run the job again later.',
  zh: '钉钉正在对该接口做全局限流：请增大 retries，或稍后重新运行。',
}

const BUSY_HINT: Hint = {
  en: 'DingTalk is busy: increase retries, or run the job again later.',
  zh: '钉钉系统繁忙：请增大 retries，或稍后重新运行。',
}

const NO_SUCH_API_HINT: Hint = {
  en: 'There is no such API at this address: check that api-base-url and oapi-base-url are right and not swapped.',
  zh: '该地址没有此接口：请确认 api-base-url 和 oapi-base-url 填写正确、没有互换。',
}

/** The operator that DingTalk does not know. */
export const OPERATOR_HINT: Hint = {
  en: 'Check union-id: it must be the unionId of a member of this organization. Or give user-id; the action then looks up the unionId.',
  zh: '请检查 union-id：必须是本组织成员的 unionId。也可以改填 user-id，由本 action 查询 unionId。',
}

/** Codes of the gateways themselves, which any call may meet. */
export const GATEWAY_ADVICE: Advice = {
  InvalidAuthentication: TOKEN_HINT,
  'Forbidden.AccessDenied.IpNotInWhiteList': ADDRESS_HINT,
  'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi': PER_SECOND_HINT,
  'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi': {
    en: 'This app calls this API too often in a minute, together with its other jobs: run them one after the other, or increase retries.',
    zh: '该应用（包括其他任务）每分钟调用此接口过于频繁：请错开运行，或增大 retries。',
  },
  'Forbidden.AccessDenied.QpsLimitForApi': BUSY_API_HINT,
  'Forbidden.AccessDenied.ApiCountLimitForOrg': QUOTA_SPENT_HINT,
  'InvalidAction.NotFound': NO_SUCH_API_HINT,
  InvalidVersion: NO_SUCH_API_HINT,
  'paramError.unionId': OPERATOR_HINT,
  'system.busy': BUSY_HINT,
  systemBusy: BUSY_HINT,
  '1111': BANNED_HINT,
  '40014': TOKEN_HINT,
  '42001': TOKEN_HINT,
  '60020': ADDRESS_HINT,
  '90002': BUSY_API_HINT,
  '90018': PER_SECOND_HINT,
  '90020': QUOTA_SPENT_HINT,
}

/** Codes of the client's own, for what no gateway said. */
export const CLIENT_ADVICE: Advice = {
  AnswerTooLarge: FOREIGN_RESPONSE_HINT,
  UnreadableAnswer: FOREIGN_RESPONSE_HINT,
  InsecureResourceUrl: {
    en: 'DingTalk named a storage address without encryption, so nothing was sent there. Check api-base-url: it should lead to DingTalk itself and use https.',
    zh: '钉钉返回的存储地址未加密，因此没有发送任何内容。请检查 api-base-url：应指向钉钉本身，并使用 https。',
  },
  ContentMismatch: {
    en: `The storage received other bytes than were sent. Something on the way, usually a proxy, changes them: let the storage hosts pass untouched (${STORAGE_HOSTS}). See ${GUIDE.en}`,
    zh: `存储收到的内容与发送的不一致，通常是代理修改了内容：请让代理直接放行存储域名（${STORAGE_HOSTS}）。详见 ${GUIDE.zh}`,
  },
}

const SENT_IN_DOUBT: Hint = {
  en: 'The message may or may not be in the group: look there (chat-id) before you run the job again. The file itself is uploaded.',
  zh: '消息可能已经发出：重新运行前，请先到 chat-id 对应的群里确认。文件本身已上传。',
}

/** Advice for calls that may have had their effect: look before they are made again. */
export const IN_DOUBT: Readonly<Partial<Record<OperationName, Hint>>> = {
  commit: {
    en:
      'The file may or may not be in the folder: look there before you run the job again. With the permission ' +
      `${permissionName('Storage.File.Read')} the action looks for itself.`,
    zh: `文件可能已经在文件夹中：重新运行前请先确认。开通 ${permissionName('Storage.File.Read')} 后，本 action 会自行查找。`,
  },
  send: SENT_IN_DOUBT,
  sendToUser: {
    en: 'The file may or may not have reached this person: ask them (to-user-ids) before you run the job again. The file itself is uploaded.',
    zh: '文件可能已经发给该成员：重新运行前，请先向 to-user-ids 中的成员确认。文件本身已上传。',
  },
  post: {
    en: 'The message may or may not be in the group: look there (chat-id) before you run the job again. The files are uploaded.',
    zh: '消息可能已经发出：重新运行前，请先到 chat-id 对应的群里确认。文件已上传。',
  },
  postByWebhook: {
    en: 'The message may or may not be in the group of robot-webhook: look there before you run the job again. The files are uploaded.',
    zh: '消息可能已经发出：重新运行前，请先到 robot-webhook 机器人所在的群里确认。文件已上传。',
  },
}

/** What DingTalk answers to any call when it is broken or slow. @param en, zh what it was doing */
export function outages(en: string, zh: string): Advice {
  return {
    systemError: {
      en: `DingTalk failed internally while ${en}. Run the job again later; if it fails again, ask DingTalk support with the request id: ${SUPPORT}`,
      zh: `钉钉在${zh}时发生内部错误。请稍后重新运行；如果仍然失败，请凭 request id 咨询钉钉技术支持：${SUPPORT}`,
    },
    unknownError: {
      en: `DingTalk failed for an unknown reason while ${en}. Run the job again later; if it fails again, ask DingTalk support with the request id: ${SUPPORT}`,
      zh: `钉钉在${zh}时发生未知错误。请稍后重新运行；如果仍然失败，请凭 request id 咨询钉钉技术支持：${SUPPORT}`,
    },
    operationTimeout: {
      en: `DingTalk took too long while ${en}. Run the job again later, or increase retries.`,
      zh: `钉钉在${zh}时处理超时。请稍后重新运行，或增大 retries。`,
    },
  }
}
