import type { OperationName } from '../../dingtalk/operations.ts'
import { joined, type Text } from '../../http/text.ts'
import { GUIDE, INTERNATIONAL, STORAGE_HOSTS, SUPPORT } from '../../text/links.ts'
import type { Hint } from '../hint.ts'
import { CONSOLE, permissionName } from '../permissions.ts'

/** Advice by the platform's code. */
export type Advice = Readonly<Record<string, Hint>>

/** The same advice for several codes. */
export function all(hint: Hint, ...codes: string[]): Advice {
  return Object.fromEntries(codes.map((code) => [code, hint]))
}

/** What to do where the storage cannot be reached. */
export const STORAGE_HINT: Hint = {
  fix: {
    en: `Allow these storage hosts in your firewall or proxy: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
    zh: `请在防火墙或代理中放行存储域名：${STORAGE_HOSTS}。详见 ${GUIDE.zh}`,
  },
}

/** What to do where a gateway cannot be reached. @param input the base URL that leads to it */
export function networkHint(input: 'api-base-url' | 'oapi-base-url'): Hint {
  return {
    fix: {
      en: `Check ${input}, and make sure that the runner can reach this host. If it needs a proxy, set HTTPS_PROXY. For the international edition of DingTalk, set api-base-url and oapi-base-url to ${INTERNATIONAL}`,
      zh: `请检查 ${input}，并确认 runner 可以访问该地址；如需通过代理访问，请设置 HTTPS_PROXY。如果是钉钉国际版，请把 api-base-url、oapi-base-url 改为 ${INTERNATIONAL}`,
    },
  }
}

/** What to do where a proxy does not pass a request on. @param variable the proxy's environment variable */
export function proxyHint(variable: string): Hint {
  return {
    fix: {
      en: `Check ${variable}: the proxy must be running and must allow connections to this host. If the host needs no proxy, add it to NO_PROXY.`,
      zh: `请检查 ${variable}：代理需要正常运行，并允许访问该地址。如果无需代理，请将该地址加入 NO_PROXY。`,
    },
  }
}

/** What to do about a response that is not DingTalk's. */
export const FOREIGN_RESPONSE_HINT: Hint = {
  cause: { en: "The response isn't from DingTalk.", zh: '该响应不是钉钉返回的。' },
  fix: {
    en: 'It probably comes from a proxy or gateway. Check HTTPS_PROXY and NO_PROXY, and that api-base-url and oapi-base-url are correct and not swapped.',
    zh: '响应很可能来自代理或网关。请检查 HTTPS_PROXY、NO_PROXY，并确认 api-base-url 和 oapi-base-url 填写正确、没有填反。',
  },
}

/** What to do about a code that is not known here. */
export const UNKNOWN_CODE_HINT: Hint = {
  fix: {
    en: "Look up the error code in DingTalk's documentation, or contact DingTalk support with the request id.",
    zh: '请在钉钉开放平台文档中查询该错误码，或凭 request id 联系钉钉技术支持。',
  },
  link: SUPPORT,
}

/** What to do when too many calls were made. */
export const THROTTLED_HINT: Hint = {
  cause: { en: 'DingTalk received too many calls.', zh: '接口调用过于频繁，被钉钉限流。' },
  fix: {
    en: 'Other jobs of this app or organization are calling DingTalk at the same time. Run them one at a time, or increase retries.',
    zh: '同一应用或组织还有其他任务在调用接口。请错开运行，或调大 retries。',
  },
}

export const QUOTA_SPENT_HINT: Hint = {
  cause: {
    en: "The organization's API calls for this month are used up.",
    zh: '本组织当月的 API 调用次数已用完。',
  },
  fix: {
    en: `The quota resets next month (5,000 calls on the standard edition). To use fewer calls, set archive: true and use a cid… ID as chat-id. See ${GUIDE.en}`,
    zh: `额度下月恢复（标准版每月 5000 次）。如需减少调用，可设置 archive: true，并在 chat-id 中填写 cid… 形式的 ID。详见 ${GUIDE.zh}`,
  },
}

export const BANNED_HINT: Hint = {
  cause: {
    en: 'DingTalk has temporarily banned the IP address of this runner.',
    zh: 'runner 的 IP 已被钉钉暂时封禁。',
  },
  fix: {
    en: `Too many calls came from this address, often through a shared proxy. Wait before you re-run the job: every call prolongs the ban. See ${GUIDE.en}`,
    zh: `原因是该 IP 调用过于频繁，通常是多人共用同一代理。请等待封禁结束后再运行：期间的每次调用都会延长封禁。详见 ${GUIDE.zh}`,
  },
}

export const TOKEN_HINT: Hint = {
  cause: { en: 'DingTalk rejected a new access token.', zh: '钉钉拒绝了新获取的 access token。' },
  fix: {
    en: 'Check that api-base-url and oapi-base-url belong to the same environment, and that the app of app-key is active.',
    zh: '请确认 api-base-url 与 oapi-base-url 属于同一环境，并且 app-key 对应的应用未停用、未删除。',
  },
}

const ADDRESS_HINT: Hint = {
  cause: {
    en: "The IP address of this runner isn't in the app's IP allowlist (服务器出口IP).",
    zh: 'runner 的 IP 不在应用的「服务器出口IP」白名单中。',
  },
  fix: {
    en: 'Add the IP address, or use a runner with a static IP.',
    zh: '请添加该 IP，或改用固定 IP 的 runner。',
  },
  link: CONSOLE,
}

const PER_SECOND_HINT: Hint = {
  cause: {
    en: 'This app calls this API more than 20 times per second.',
    zh: '该应用每秒调用此接口超过 20 次。',
  },
  fix: {
    en: 'The limit covers all jobs of the app. Run them one at a time, or increase retries.',
    zh: '该限制由应用的所有任务共享。请错开运行，或调大 retries。',
  },
}

const BUSY_API_HINT: Hint = {
  cause: {
    en: 'DingTalk is limiting this API for all customers.',
    zh: '钉钉正在对该接口做全局限流。',
  },
  fix: { en: 'Increase retries, or re-run the job later.', zh: '请调大 retries，或稍后重新运行。' },
}

const BUSY_HINT: Hint = {
  cause: { en: 'DingTalk is busy.', zh: '钉钉系统繁忙。' },
  fix: { en: 'Increase retries, or re-run the job later.', zh: '请调大 retries，或稍后重新运行。' },
}

const NO_SUCH_API_HINT: Hint = {
  cause: {
    en: 'api-base-url or oapi-base-url is wrong: DingTalk has no such API at this address.',
    zh: 'api-base-url 或 oapi-base-url 有误：钉钉在该地址没有此接口。',
  },
  fix: {
    en: 'Check that the two are not swapped. Remove both to use the defaults.',
    zh: '请确认两者没有填反；删除这两项即可使用默认值。',
  },
}

/** The operator that DingTalk does not know. */
export const OPERATOR_HINT: Hint = {
  cause: {
    en: 'No member of this organization has the unionId of the operator.',
    zh: '本组织没有该操作者的 unionId 对应的成员。',
  },
  fix: {
    en: 'Check union-id. Or remove it and set user-id; the action then looks up the unionId.',
    zh: '请检查 union-id；也可以改填 user-id，由本 action 查询 unionId。',
  },
}

/** Codes of the gateways themselves, which any call may meet. */
export const GATEWAY_ADVICE: Advice = {
  InvalidAuthentication: TOKEN_HINT,
  'Forbidden.AccessDenied.IpNotInWhiteList': ADDRESS_HINT,
  'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi': PER_SECOND_HINT,
  'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi': {
    cause: { en: 'This app calls this API too often per minute.', zh: '该应用每分钟调用此接口过于频繁。' },
    fix: PER_SECOND_HINT.fix,
  },
  'Forbidden.AccessDenied.QpsLimitForApi': BUSY_API_HINT,
  'Forbidden.AccessDenied.ApiCountLimitForOrg': QUOTA_SPENT_HINT,
  'InvalidAction.NotFound': NO_SUCH_API_HINT,
  InvalidVersion: NO_SUCH_API_HINT,
  '404': NO_SUCH_API_HINT,
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
    fix: {
      en: 'Check api-base-url: it must use HTTPS and lead to DingTalk itself.',
      zh: '请检查 api-base-url：应使用 HTTPS，并指向钉钉本身。',
    },
  },
  ContentMismatch: {
    cause: {
      en: 'The storage received different data than was sent.',
      zh: '存储收到的内容与发送的不一致。',
    },
    fix: {
      en: `A proxy probably modified the data. Add the storage hosts to NO_PROXY, or let the proxy pass them unchanged: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
      zh: `很可能是代理修改了数据。请将存储域名加入 NO_PROXY，或让代理透传：${STORAGE_HOSTS}。详见 ${GUIDE.zh}`,
    },
  },
}

const NOT_CONFIRMED: Text = {
  en: 'DingTalk did not confirm that the message was sent.',
  zh: '钉钉未确认消息是否发送成功。',
}

/** Not whether files are uploaded: a message can be posted without any. */
const LOOK_IN_GROUP: Text = {
  en: 'The message may have been posted. Check the group (chat-id) before you re-run the job.',
  zh: '消息可能已经发出。重新运行前，请先到 chat-id 对应的群里确认。',
}

const FILES_UPLOADED: Text = { en: 'The files are uploaded.', zh: '文件已上传。' }

/** Advice for calls that may have had their effect: look before they are made again. */
export const IN_DOUBT: Readonly<Partial<Record<OperationName, Hint>>> = {
  commit: {
    cause: {
      en: 'DingTalk did not confirm that the file was committed.',
      zh: '钉钉未确认文件是否提交成功。',
    },
    fix: {
      en: `The file may be in the folder already. Check the folder before you re-run the job. With the permission ${permissionName('Storage.File.Read')}, the action checks by itself.`,
      zh: `文件可能已经在文件夹中。重新运行前请先确认。开通权限 ${permissionName('Storage.File.Read')} 后，本 action 会自行确认。`,
    },
  },
  send: { cause: NOT_CONFIRMED, fix: joined(LOOK_IN_GROUP, FILES_UPLOADED) },
  sendLink: { cause: NOT_CONFIRMED, fix: joined(LOOK_IN_GROUP, FILES_UPLOADED) },
  sendToUser: {
    cause: NOT_CONFIRMED,
    fix: {
      en: 'The file may have reached this user. Ask them (to-user-ids) before you re-run the job. The file is uploaded.',
      zh: '文件可能已经发给该成员。重新运行前，请先向 to-user-ids 中的成员确认。文件已上传。',
    },
  },
  post: { cause: NOT_CONFIRMED, fix: LOOK_IN_GROUP },
  postByWebhook: {
    cause: NOT_CONFIRMED,
    fix: {
      en: 'The message may have been posted. Check the group of robot-webhook before you re-run the job.',
      zh: '消息可能已经发出。重新运行前，请先到 robot-webhook 机器人所在的群里确认。',
    },
  },
}

const RETRY_LATER: Hint = {
  fix: {
    en: 'Re-run the job later. If it fails again, contact DingTalk support with the request id.',
    zh: '请稍后重新运行；如果仍然失败，请凭 request id 联系钉钉技术支持。',
  },
  link: SUPPORT,
}

/** What DingTalk answers to any call when it is broken or slow. @param en, zh what it was doing */
export function outages(en: string, zh: string): Advice {
  return {
    systemError: {
      ...RETRY_LATER,
      cause: { en: `DingTalk had an internal error while ${en}.`, zh: `钉钉在${zh}时发生内部错误。` },
    },
    unknownError: {
      ...RETRY_LATER,
      cause: { en: `DingTalk had an unknown error while ${en}.`, zh: `钉钉在${zh}时发生未知错误。` },
    },
    operationTimeout: {
      cause: { en: `DingTalk timed out while ${en}.`, zh: `钉钉在${zh}时处理超时。` },
      fix: { en: 'Re-run the job later, or increase retries.', zh: '请稍后重新运行，或调大 retries。' },
    },
  }
}
