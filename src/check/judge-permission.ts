import { DingTalkError } from '../dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../dingtalk/operations.ts'
import type { Text } from '../http/text.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { permissionName } from '../report/advice.ts'
import { missingScopes, permissionHint } from '../report/hints.ts'
import { endsCheck, type Evidence, type MessageEvidence, NOT_ASKED } from './evidence.ts'
import type { Finding } from './finding.ts'
import { cameThrough, holds, unknown } from './verdicts.ts'

/** What a permission is for, where not every upload needs it. */
const USES: Readonly<Record<string, Text>> = {
  qyapi_get_member: { en: 'if you use user-id or to-user-ids', zh: '填写 user-id 或 to-user-ids 时' },
  qyapi_chat_read: { en: 'if chat-id starts with chat', zh: 'chat-id 以 chat 开头时' },
  'Document.WorkspaceDocument.Read': {
    en: 'if folder-url is the link of a folder in DingTalk Docs',
    zh: 'folder-url 为钉钉文档的文件夹链接时',
  },
  'ConvFile.File.Send': { en: 'if you use chat-id or to-user-ids', zh: '填写 chat-id 或 to-user-ids 时' },
  'ConvFile.Space.Read': {
    en: 'if you use chat-id with send-as: file',
    zh: '填写 chat-id 且 send-as 为 file 时',
  },
  qyapi_robot_sendmsg: { en: 'if you use robot-code', zh: '填写 robot-code 时' },
}

/** Whether a permission is enabled, and what it is for. */
export function permission(scope: string, inputs: Inputs, { calls }: MessageEvidence): Finding {
  const name = permissionName(scope)
  const requirement = { en: `Permission ${name}`, zh: `权限 ${name}` }
  const hint = permissionHint([scope], inputs.appKey)
  const needed = operationsOf(inputs, calls)
  const isFor = (operation: OperationName) => scopeOf(operation) === scope
  const refused = calls.filter(({ result }) => missingScopes(result.error).includes(scope))
  const own = calls.filter(({ operation }) => isFor(operation))
  if (refused.length === 0 && own.some(({ operation, result: { error } }) => cameThrough(operation, error)))
    return holds(requirement, { en: 'enabled', zh: '已开通' })

  // Some calls are made only where the inputs need them.
  const isCutShort = calls.some(({ result }) => endsCheck(result.error))
  const asked = [...refused, ...own][0]?.result ?? (isCutShort ? NOT_ASKED : undefined)
  const error = asked?.error
  const isNeeded = needed.some(isFor) || refused.some(({ operation }) => needed.includes(operation))
  if (refused.length > 0 && isNeeded)
    return { requirement, verdict: 'fails', seen: NOT_ENABLED, hint, error, scope }
  if (isNeeded || error === NOT_ASKED.error) return unknown(requirement, error)
  const state = refused.length > 0 ? NOT_ENABLED : { en: 'Unknown.', zh: '未知。' }
  const loss = lossWithout(scope, inputs)
  if (loss) {
    const seen = { en: `${state.en} Recommended: ${loss.en}`, zh: `${state.zh}建议开通：${loss.zh}` }
    return { requirement, verdict: 'open', seen, hint }
  }
  const use = USES[scope] ?? { en: 'elsewhere', zh: '其他情况下' }
  const seen = { en: `${state.en} Only needed ${use.en}.`, zh: `${state.zh}仅${use.zh}需要。` }
  return { requirement, verdict: 'unneeded', seen }
}

const NOT_ENABLED: Text = { en: 'Not enabled.', zh: '未开通。' }

/** The permission that an operation needs, if there is one of its own. */
export function scopeOf(operation: OperationName): string | undefined {
  return { scope: undefined, ...OPERATIONS[operation] }.scope
}

/** The kinds of calls that an upload with these inputs makes, as far as these calls tell. */
export function operationsOf(inputs: Inputs, calls: Evidence['calls']): OperationName[] {
  const { users, chats, sendAs, robot, folder, conflictStrategy, keepLast } = inputs
  const looks =
    conflictStrategy === 'RETURN_DENTRY_IF_EXISTS' ||
    conflictStrategy === 'IF_CHANGED' ||
    keepLast !== undefined
  const makesFolders = inputs.folderPath !== '' || inputs.keepDirectories
  const when = (condition: boolean, operation: OperationName) => (condition ? [operation] : [])
  const hasChatIds = chats.some((id) => id.startsWith('chat'))
  const posts = robot?.kind === 'app'
  if (!folder) return ['accessToken', ...when(hasChatIds, 'openConversationId'), ...when(posts, 'post')]
  return [
    'accessToken',
    'uploadInfo',
    'commit',
    ...when(inputs.operator.kind === 'user-id' || users.length > 0, 'unionId'),
    ...when(folder.kind === 'uuid' && (looks || makesFolders), 'space'),
    ...when(looks, 'list'),
    // Where the v1 commit is closed, the folder is looked up for the v2 one.
    ...when(
      calls.some(({ operation, result: { error } }) => operation === 'commit' && isApiClosed(error)),
      'dentry',
    ),
    ...when(hasChatIds, 'openConversationId'),
    // One permission for both kinds of recipients.
    ...when(chats.length + users.length > 0, sendAs === 'link' ? 'sendLink' : 'send'),
    ...when(posts, 'post'),
  ]
}

function isApiClosed(error: unknown): boolean {
  return error instanceof DingTalkError && error.isApiClosed
}

/** What an upload is the worse for if it has to do without a permission. */
function lossWithout(scope: string, { folder, chats, sendAs }: Inputs): Text | undefined {
  if (scope === 'Storage.File.Read' && folder) return NO_LOOK_UP
  if (scope === 'ConvFile.Space.Read' && chats.length > 0 && sendAs === 'file') {
    return {
      en: "without it, the action can't confirm whether a file was sent to the group if the response is lost.",
      zh: '未开通时，如果响应丢失，就无法确认文件是否已发送到群。',
    }
  }
  if (scope === 'Document.WorkspaceDocument.Read' && folder?.kind === 'uuid') {
    return {
      en: "without it, multipart upload is unavailable, and the action can't confirm an upload if the response is lost.",
      zh: '未开通时无法使用分片上传；如果响应丢失，也无法确认文件是否已上传。',
    }
  }
  return undefined
}

const NO_LOOK_UP: Text = {
  en: "without it, the action can't confirm an upload if the response is lost.",
  zh: '未开通时，如果响应丢失，就无法确认文件是否已上传。',
}
