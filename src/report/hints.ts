import { DingTalkError, UUID_REFUSAL } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import type { About } from '../domain.ts'
import { LocalFileError } from '../errors.ts'
import { type Text, verbatim } from '../http/text.ts'
import {
  ACCESS_TOKEN,
  GROUP_SPACE,
  OPEN_CONVERSATION_ID,
  SEND,
  SEND_LINK,
  SEND_TO_USER,
  UNION_ID,
} from './advice/chats.ts'
import {
  BATCH_REMOVE,
  COMMIT,
  DENTRY,
  FOLDER_CODES,
  LIST,
  MULTIPART_INIT,
  PART_INFO,
  PUT,
  SPACE,
  SUBFOLDER,
  UPLOAD_INFO,
} from './advice/drive.ts'
import { localFileHint } from './advice/local-files.ts'
import { POST, POST_BY_WEBHOOK, WRONG_WEBHOOK } from './advice/robots.ts'
import {
  type Advice,
  BANNED_HINT,
  CLIENT_ADVICE,
  FOREIGN_RESPONSE_HINT,
  GATEWAY_ADVICE,
  IN_DOUBT,
  networkHint,
  proxyHint,
  QUOTA_SPENT_HINT,
  STORAGE_HINT,
  THROTTLED_HINT,
  TOKEN_HINT,
  UNKNOWN_CODE_HINT,
} from './advice/shared.ts'
import type { Hint } from './hint.ts'
import { missingScopes, permissionHint } from './permissions.ts'

/** What to do about a refusal, by call and code. */
const ADVICE: Readonly<Record<OperationName, Advice>> = {
  accessToken: ACCESS_TOKEN,
  unionId: UNION_ID,
  openConversationId: OPEN_CONVERSATION_ID,
  uploadInfo: UPLOAD_INFO,
  multipartInit: MULTIPART_INIT,
  partInfo: PART_INFO,
  space: SPACE,
  put: PUT,
  probe: {},
  commit: COMMIT,
  dentry: DENTRY,
  subfolder: SUBFOLDER,
  list: LIST,
  batchRemove: BATCH_REMOVE,
  groupSpace: GROUP_SPACE,
  send: SEND,
  sendLink: SEND_LINK,
  sendToUser: SEND_TO_USER,
  post: POST,
  postByWebhook: POST_BY_WEBHOOK,
}

/** What is known besides an error. */
export interface HintContext {
  /** For links that lead to each permission's own page. */
  readonly appKey?: string | undefined
  /** The input that the error is about, where a call is made for several. */
  readonly about?: About | undefined
}

/** What is known about an error, and what to do about it. */
export function hintFor(error: unknown, { appKey, about }: HintContext = {}): Hint | undefined {
  if (error instanceof LocalFileError) return localFileHint(error)
  if (!(error instanceof DingTalkError)) return undefined
  const scopes = missingScopes(error)
  if (scopes.length > 0) return permissionHint(scopes, appKey)
  // What was refused certainly did not happen; whatever else went wrong, doubt comes first.
  if (error.isInDoubt) return IN_DOUBT[error.operation]
  const hint = hintByCode(error) ?? hintByKind(error)
  return hint && withAbout(hint, error.operation, about)
}

/** Fills in which input is meant, and the ID that was given: `{input}`, `{id}`. */
function withAbout(hint: Hint, operation: OperationName, about: About | undefined): Hint {
  const name = operation === 'openConversationId' ? 'chatId' : 'userId'
  const input: Text = about
    ? verbatim(about.input)
    : name === 'chatId'
      ? verbatim('chat-id')
      : { en: 'user-id or to-user-ids', zh: 'user-id 或 to-user-ids' }
  const id: Text = about
    ? {
        en: `the ${name} "${about.value}" (${about.input})`,
        zh: ` ${name}「${about.value}」（${about.input}）`,
      }
    : { en: `the ${name} in ${input.en}`, zh: ` ${input.zh} 中的 ${name} ` }
  const filled = ({ en, zh }: Text): Text => ({
    en: en.replace('{input}', () => input.en).replace('{id}', () => id.en),
    zh: zh
      .replace('{input}', () => input.zh)
      .replace('{id}', () => id.zh)
      .trimStart(),
  })
  return { ...hint, ...(hint.cause && { cause: filled(hint.cause) }), fix: filled(hint.fix) }
}

/** Whether the platform refused the folder itself. */
export function isFolderRefusal(error: unknown): boolean {
  if (!(error instanceof DingTalkError)) return false
  return error.operation !== 'send' && error.operation !== 'sendLink' && FOLDER_CODES.has(codeOf(error))
}

function hintByCode(error: DingTalkError): Hint | undefined {
  const code = codeOf(error)
  // Codes are the platform's text: "constructor" must not find anything.
  const advice = [ADVICE[error.operation], GATEWAY_ADVICE, CLIENT_ADVICE].find((advice) =>
    Object.hasOwn(advice, code),
  )
  return advice?.[code]
}

/** The code, made more precise where one code means several things. */
function codeOf({ code, message, operation, status }: DingTalkError): string {
  if (code === '310000') {
    if (/keyword/i.test(message)) return '310000 keyword'
    if (/sign|timestamp/i.test(message)) return '310000 signature'
    if (/\bip\b/i.test(message)) return '310000 address'
  }
  if (operation === 'uploadInfo' && status === 500 && UUID_REFUSAL.test(message)) return 'Index: 0'
  return code
}

/** Advice for codes that are not known here, by what is known of them. */
function hintByKind(error: DingTalkError): Hint | undefined {
  const { kind, operation, status, code, proxy } = error
  if (operation === 'postByWebhook' && kind !== 'banned') return WRONG_WEBHOOK
  if (operation === 'post' && code.includes('robotCode')) return ADVICE.post['resource.not.found']
  if (kind === 'quota-spent') return QUOTA_SPENT_HINT
  if (kind === 'banned') return BANNED_HINT
  if (kind === 'access-token') return TOKEN_HINT
  if (kind === 'throttled') return THROTTLED_HINT
  if (kind === 'signature-expired') return PUT['RequestTimeTooSkewed']
  if (code.endsWith('QuotaInsufficient')) return UPLOAD_INFO['orgQuotaInsufficient']
  if (status === undefined && proxy !== undefined) return proxyHint(proxy)
  if (status === undefined)
    return operation === 'put' || operation === 'probe' ? STORAGE_HINT : networkHint(baseUrlOf(operation))
  if (/^HTTP\d/.test(code)) return FOREIGN_RESPONSE_HINT
  return error.requestId === undefined ? undefined : UNKNOWN_CODE_HINT
}

/** The input that leads to the gateway of a call. */
function baseUrlOf(operation: OperationName): 'api-base-url' | 'oapi-base-url' {
  return operation === 'unionId' ? 'oapi-base-url' : 'api-base-url'
}
