import { DingTalkError, UUID_REFUSAL } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import { LocalFileError } from '../errors.ts'
import { ACCESS_TOKEN, OPEN_CONVERSATION_ID, SEND, SEND_TO_USER, UNION_ID } from './advice/chats.ts'
import {
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
  BANNED_HINT,
  CLIENT_ADVICE,
  FOREIGN_RESPONSE_HINT,
  GATEWAY_ADVICE,
  IN_DOUBT,
  NETWORK_HINT,
  QUOTA_SPENT_HINT,
  STORAGE_HINT,
  THROTTLED_HINT,
  TOKEN_HINT,
  UNKNOWN_CODE_HINT,
  type Advice,
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
  send: SEND,
  sendToUser: SEND_TO_USER,
  post: POST,
  postByWebhook: POST_BY_WEBHOOK,
}

/**
 * What to do about an error, if anything is known.
 *
 * @param appKey for links that lead to each permission's own page
 */
export function hintFor(error: unknown, appKey?: string): Hint | undefined {
  if (error instanceof LocalFileError) return localFileHint(error)
  if (!(error instanceof DingTalkError)) return undefined
  const scopes = missingScopes(error)
  if (scopes.length > 0) return permissionHint(scopes, appKey)
  // What was refused certainly did not happen; whatever else went wrong, doubt comes first.
  if (error.isInDoubt) return IN_DOUBT[error.operation]
  return hintByCode(error) ?? hintByKind(error)
}

/** Whether the platform refused the folder itself. */
export function isFolderRefusal(error: unknown): boolean {
  return error instanceof DingTalkError && error.operation !== 'send' && FOLDER_CODES.has(codeOf(error))
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
  const { kind, operation, status, code } = error
  if (operation === 'postByWebhook' && kind !== 'banned') return WRONG_WEBHOOK
  if (operation === 'post' && code.includes('robotCode')) return ADVICE.post['resource.not.found']
  if (kind === 'quota-spent') return QUOTA_SPENT_HINT
  if (kind === 'banned') return BANNED_HINT
  if (kind === 'access-token') return TOKEN_HINT
  if (kind === 'throttled') return THROTTLED_HINT
  if (kind === 'signature-expired') return PUT['RequestTimeTooSkewed']
  if (code.endsWith('QuotaInsufficient')) return UPLOAD_INFO['orgQuotaInsufficient']
  if (status === undefined) return operation === 'put' || operation === 'probe' ? STORAGE_HINT : NETWORK_HINT
  if (/^HTTP\d/.test(code)) return FOREIGN_RESPONSE_HINT
  return error.requestId === undefined ? undefined : UNKNOWN_CODE_HINT
}
