import type { Member } from '../dingtalk/client.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { OPERATIONS, type OperationName } from '../dingtalk/operations.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { STORAGE_HINT } from '../report/advice/shared.ts'
import { describe } from '../report/failures.ts'
import { hintFor, isFolderRefusal } from '../report/hints.ts'
import { missingScopes, permissionHint, permissionName } from '../report/permissions.ts'
import { endsCheck, NOT_ASKED, type CallResult, type Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** The platform's code for an operator whom it does not know. */
const NO_SUCH_OPERATOR = 'paramError.unionId'

/** How far OSS lets clocks be apart, in ms. */
const MAX_SKEW = 15 * 60_000

/** What a permission is for, where not every upload needs it. */
const USES: Readonly<Record<string, string>> = {
  qyapi_get_member: 'with user-id or to-user-ids',
  qyapi_chat_read: 'for a chat-id that begins with chat',
  'Document.WorkspaceDocument.Read': 'with parent-uuid, or the link to a folder of DingTalk Docs',
  'ConvFile.File.Send': 'with chat-id or to-user-ids',
  qyapi_robot_sendmsg: 'with robot-code',
}

/**
 * Judges what the calls showed: one finding a requirement, whatever became of the others.
 *
 * @param clockAhead how far the platform's clock is ahead of this machine's, in ms, if it is known
 */
export function judge(inputs: Inputs, evidence: Evidence, clockAhead: number | undefined): Finding[] {
  const known = Object.values(OPERATIONS).flatMap((operation) =>
    'scope' in operation ? operation.scope : [],
  )
  // The platform may have other names for them.
  const named = evidence.calls.flatMap(({ result }) => missingScopes(result.error))
  const scopes = [...known, ...named]
  return [
    credentials(evidence),
    answering(evidence),
    ...[...new Set(scopes)].map((scope) => permission(scope, inputs, evidence)),
    operator(inputs, evidence),
    folder(evidence),
    writing(evidence),
    ...inputs.chats.map((id) => chat(id, evidence.chats.get(id))),
    ...[...evidence.users].map(([id, result]) => member(`Recipient / 接收人 ${id}`, result)),
    ...robots(inputs, evidence),
    clock(clockAhead),
    ...storage(evidence),
  ]
}

function credentials({ token: { error } }: Evidence): Finding {
  const requirement = 'Credentials / 凭证 (app-key, app-secret)'
  if (error === undefined) return { requirement, verdict: 'holds', seen: 'an access token was given' }
  return missingScopes(error).length > 0 ? unknown(requirement, error) : failing(requirement, error)
}

/** Whether the platform lets the app's calls in at all: quotas, bans, lists of addresses, and its being there. */
function answering({ token, calls, real }: Evidence): Finding {
  const requirement = 'Calls are answered / 调用可达'
  if (token.error !== undefined) return unknown(requirement, NOT_ASKED.error)
  // What is asked of nothing may well be answered with an error of the platform's own.
  const lost = calls.find(({ result: { error }, operation }) => {
    if (error === undefined || missingScopes(error).length > 0) return false
    if (error instanceof DingTalkError && (error.kind === 'quota-spent' || endsCheck(error))) return true
    return real.has(operation) && !cameThrough(operation, error)
  })
  if (lost) return failing(requirement, lost.result.error)
  return { requirement, verdict: 'holds', seen: 'by DingTalk, from here, for this app' }
}

function permission(scope: string, inputs: Inputs, { calls }: Evidence): Finding {
  const requirement = `Permission / 权限 ${permissionName(scope)}`
  const hint = permissionHint([scope], inputs.appKey)
  const needed = operationsOf(inputs, calls)
  const isFor = (operation: OperationName) => scopeOf(operation) === scope
  const refused = calls.filter(({ result }) => missingScopes(result.error).includes(scope))
  const own = calls.filter(({ operation }) => isFor(operation))
  if (refused.length === 0 && own.some(({ operation, result: { error } }) => cameThrough(operation, error)))
    return { requirement, verdict: 'holds', seen: 'switched on' }

  const error = [...refused, ...own][0]?.result.error ?? NOT_ASKED.error
  const isNeeded = needed.some(isFor) || refused.some(({ operation }) => needed.includes(operation))
  if (refused.length > 0 && isNeeded) return { requirement, verdict: 'fails', seen: describe(error), hint }
  if (isNeeded) return { requirement, verdict: 'open', seen: `not known: ${describe(error)}` }
  const state = refused.length > 0 ? 'not switched on' : 'not known'
  const advice = advised(scope, inputs)
  if (advice) return { requirement, verdict: 'open', seen: `${state}; advisable: without it ${advice}`, hint }
  return { requirement, verdict: 'unneeded', seen: `${state}; needed only ${USES[scope] ?? 'elsewhere'}` }
}

function scopeOf(operation: OperationName): string | undefined {
  return { scope: undefined, ...OPERATIONS[operation] }.scope
}

/** The kinds of calls that an upload with these inputs makes, as far as these calls tell. */
function operationsOf(inputs: Inputs, calls: Evidence['calls']): OperationName[] {
  const { operator, users, chats, robot, folder, folderPath, conflictStrategy } = inputs
  const looks = conflictStrategy === 'RETURN_DENTRY_IF_EXISTS' || conflictStrategy === 'IF_CHANGED'
  const when = (condition: boolean, operation: OperationName) => (condition ? [operation] : [])
  return [
    'accessToken',
    'uploadInfo',
    'commit',
    ...when('userId' in operator || users.length > 0, 'unionId'),
    ...when(folder.kind === 'uuid' && (looks || folderPath !== ''), 'space'),
    ...when(looks, 'list'),
    // Where the v1 commit is closed, the folder is looked up for the v2 one.
    ...when(
      calls.some(({ operation, result: { error } }) => operation === 'commit' && isApiClosed(error)),
      'dentry',
    ),
    ...when(
      chats.some((id) => id.startsWith('chat')),
      'openConversationId',
    ),
    ...when(chats.length + users.length > 0, 'send'), // one permission for both kinds of recipients
    ...when(robot !== undefined && 'code' in robot, 'post'),
  ]
}

function isApiClosed(error: unknown): boolean {
  return error instanceof DingTalkError && error.isApiClosed
}

/** What an upload is the worse for if it has to do without a permission. */
function advised(scope: string, { folder }: Inputs): string | undefined {
  if (scope === 'Storage.File.Read') return 'a commit whose answer was lost cannot be looked up'
  if (scope === 'Document.WorkspaceDocument.Read' && folder.kind === 'uuid')
    return 'nothing goes up in parts, and a commit whose answer was lost cannot be looked up'
  return undefined
}

/** Whether the app was let through to what it asked for, whatever came of that. */
function cameThrough(operation: OperationName, error: unknown): boolean {
  if (error === undefined) return true
  if (!(error instanceof DingTalkError) || error.operation !== operation || error.kind !== 'refused')
    return false
  // A proxy's page has no code of the platform's; lists of addresses, and what is no API at all, come before permissions.
  return (
    missingScopes(error).length === 0 &&
    !/^(HTTP\d+|Forbidden\.AccessDenied.*|Invalid(Action|Version).*|60020)$/.test(error.code)
  )
}

function operator({ operator }: Inputs, evidence: Evidence): Finding {
  if ('userId' in operator) return member('Operator / 操作者 (user-id)', evidence.operator ?? NOT_ASKED)
  const requirement = 'Operator / 操作者 (union-id)'
  const { uploadInfo, folder } = evidence
  if (uploadInfo.value ?? folder?.value)
    return { requirement, verdict: 'holds', seen: 'may act in the drive' }
  return hasCode(uploadInfo.error, NO_SUCH_OPERATOR)
    ? failing(requirement, uploadInfo.error)
    : unknown(requirement, uploadInfo.error)
}

function member(requirement: string, { value, error }: CallResult<Member>): Finding {
  if (!value) return cameThrough('unionId', error) ? failing(requirement, error) : unknown(requirement, error)
  const { active } = value
  if (active) return { requirement, verdict: 'holds', seen: 'is an active member of the organisation' }
  if (active === undefined)
    return { requirement, verdict: 'open', seen: 'is a member; whether they are active was not told' }
  const hint = {
    en: 'Let them sign in to DingTalk once and join the organisation, or give somebody else.',
    zh: '该成员尚未激活：请其登录钉钉并加入组织，或改用其他成员。',
  }
  return { requirement, verdict: 'fails', seen: 'is a member of the organisation, but not active', hint }
}

function folder({ folder, uploadInfo }: Evidence): Finding {
  const requirement = 'Folder / 目标文件夹'
  const { name, type } = folder?.value ?? {}
  const called = name ? `“${name}” ` : ''
  const hint = {
    en: 'Copy the link of the folder that holds it, and give that as folder-url.',
    zh: '请复制其所在文件夹的链接，并填入 folder-url。',
  }
  if (type && type !== 'FOLDER')
    return { requirement, verdict: 'fails', seen: `${called}is there, but is no folder (${type})`, hint }
  const error = [folder?.error, uploadInfo.error].find(isFolderRefusal)
  if (error !== undefined) return failing(requirement, error)
  if (type) return { requirement, verdict: 'holds', seen: `${called}is there, and is a folder` }
  if (uploadInfo.value) return { requirement, verdict: 'holds', seen: `${called}is there, and takes uploads` }
  return unknown(requirement, folder?.error ?? uploadInfo.error)
}

function writing({ operator, uploadInfo: { value, error } }: Evidence): Finding {
  const requirement = "The operator's right to write there / 操作者的写入权限"
  if (value) return { requirement, verdict: 'holds', seen: 'upload info was given (and left to expire)' }
  // An upload would be refused in the same words. Of the folder and the operator their own rows tell.
  const isOurs =
    operator?.error === undefined &&
    cameThrough('uploadInfo', error) &&
    !isFolderRefusal(error) &&
    !hasCode(error, NO_SUCH_OPERATOR)
  return isOurs ? failing(requirement, error) : unknown(requirement, error)
}

function chat(id: string, result: CallResult<string> | undefined): Finding {
  const requirement = `Chat / 群 ${id}`
  if (!result)
    return {
      requirement,
      verdict: 'open',
      seen: 'the form is right; more could not be known without sending',
    }
  const { value, error } = result
  if (value !== undefined)
    return { requirement, verdict: 'holds', seen: `its open conversation id is ${value}` }
  return cameThrough('openConversationId', error) ? failing(requirement, error) : unknown(requirement, error)
}

function robots({ robot }: Inputs, { post }: Evidence): Finding[] {
  if (!robot) return []
  const seen = 'the form is right; more could not be known without posting'
  if ('webhook' in robot) {
    const requirement = 'Robot / 机器人 (robot-webhook)'
    if (robot.secret === undefined || robot.secret.startsWith('SEC'))
      return [{ requirement, verdict: 'holds', seen }]
    const hint = {
      en: 'robot-secret is what the robot’s security settings show under 加签: it begins with SEC.',
      zh: 'robot-secret 是机器人安全设置「加签」下以 SEC 开头的密钥。',
    }
    return [{ requirement, verdict: 'open', seen: 'robot-secret does not begin with SEC', hint }]
  }
  const requirement = 'Robot / 机器人 (robot-code)'
  const { error } = post
  const isOfTheRobot =
    error instanceof DingTalkError &&
    /^(invalidParameter\.robotCode\.|resource\.not\.found$)/.test(error.code)
  if (!isOfTheRobot) return [{ requirement, verdict: 'holds', seen }]
  // That it is not in a group that there is not says nothing.
  return error.code.endsWith('.empty')
    ? [{ requirement, verdict: 'holds', seen }]
    : [failing(requirement, error)]
}

function clock(ahead: number | undefined): Finding {
  const requirement = 'Clock / 时钟'
  if (ahead === undefined) return { requirement, verdict: 'open', seen: 'DingTalk did not tell the time' }
  const [apart, which] = [Math.abs(ahead), ahead > 0 ? 'behind' : 'ahead of']
  // The platform tells whole seconds, and an answer takes its time.
  if (apart < 5000) return { requirement, verdict: 'holds', seen: "as DingTalk's" }
  const length = apart < 60_000 ? `${Math.round(apart / 1000)} s` : `${Math.round(apart / 60_000)} min`
  const seen = `${length} ${which} DingTalk's`
  if (apart <= MAX_SKEW) return { requirement, verdict: 'holds', seen }
  const hint = {
    en: 'OSS allows 15 minutes, and certificates and the signature of a robot go by this clock: let NTP set it.',
    zh: 'OSS 允许的偏差为 15 分钟，证书与机器人加签也依赖本机时钟：请用 NTP 校准。',
  }
  return { requirement, verdict: 'fails', seen, hint }
}

function storage({ uploadInfo, storage }: Evidence): Finding[] {
  const requirement = 'Storage / 存储'
  if (!uploadInfo.value) return [unknown(requirement, uploadInfo.error)]
  const oneAnswers = [...storage.values()].some(({ value }) => value?.isOss)
  return [...storage].map(([origin, { value, error }]) => {
    const host = `${requirement} ${new URL(origin).host}`
    if (value?.isOss) return { requirement: host, verdict: 'holds', seen: 'answers' }
    if (value) {
      const seen = `something that is not OSS answers in its place (HTTP ${value.status})`
      return { requirement: host, verdict: oneAnswers ? 'open' : 'fails', seen, hint: STORAGE_HINT }
    }
    return oneAnswers || error === NOT_ASKED.error ? unknown(host, error) : failing(host, error)
  })
}

function failing(requirement: string, error: unknown): Finding {
  return { requirement, verdict: 'fails', seen: describe(error), hint: hintFor(error) }
}

function unknown(requirement: string, error: unknown): Finding {
  const scopes = missingScopes(error)
  // What to do about a permission stands beside the permission.
  const seen = scopes.length > 0 ? `without ${scopes.map(permissionName).join(', ')}` : describe(error)
  return { requirement, verdict: 'open', seen: `not known: ${seen}` }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof DingTalkError && codes.includes(error.code)
}
