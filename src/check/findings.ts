import type { Member } from '../dingtalk/client.ts'
import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import type { OperationName } from '../dingtalk/operations.ts'
import type { About } from '../domain.ts'
import { TextError } from '../errors.ts'
import { type Text, verbatim } from '../http/text.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Hint, permissionName, STORAGE_HINT } from '../report/advice.ts'
import { causeOf } from '../report/failures.ts'
import { hintFor, isFolderRefusal, missingScopes, permissionHint } from '../report/hints.ts'
import { outdatedHeading } from '../report/log.ts'
import { asDeleted } from '../retention/keep-last.ts'
import { type CallResult, endsCheck, type Evidence, scopeOf, SKIPPED } from './evidence.ts'

/** The result of a check for one requirement. */
export interface Finding {
  /** What is required, such as a permission or a group. */
  readonly requirement: Text
  /**
   * - `passed`: the requirement is met
   * - `failed`: it isn't met, so the job would fail
   * - `open`: it could not be checked, or it isn't met and only recommended
   * - `unchecked`: it could not be checked because of another finding that failed; only counted
   */
  readonly verdict: 'passed' | 'failed' | 'open' | 'unchecked'
  /** What the check found, in a sentence. */
  readonly seen: Text
  readonly hint?: Hint | undefined
  /** The error that `seen` is about, if any. */
  readonly error?: unknown
  /** The missing permission, if that is what failed. */
  readonly scope?: string | undefined
}

const NO_SUCH_OPERATOR = 'paramError.unionId'

/** The largest clock difference that OSS accepts, in ms. */
const MAX_SKEW = 15 * 60_000

/** A proxy probably responded in place of the storage. */
const NOT_OSS = new TextError({
  en: 'A server other than OSS responded.',
  zh: '响应的服务器不是 OSS。',
})

const FORM_ONLY: Text = {
  en: "The format is valid. The rest can't be verified without sending.",
  zh: '格式正确。其余内容只有实际发送后才能确认。',
}

/** Judges the evidence: one finding per requirement. */
export function judge(inputs: Inputs, evidence: Evidence): Finding[] {
  const { accessToken: token, operator, members, openConversationIds, uploadInfo } = evidence
  // Custom robots need no app.
  if (!token) return robotFindings(inputs, evidence)
  const folder = uploadInfo && folderFinding(evidence)
  const findings = [
    credentialsFinding(token),
    connectionFinding(token, evidence),
    ...permissionFindings(inputs.appKey, evidence),
    ...operatorFindings(inputs, evidence),
    ...(folder ? [folder] : []),
    ...inputs.chats.map((id) => chatFinding(id, openConversationIds.get(id))),
    ...(members.size > 0 ? inputs.users : []).map((value) =>
      memberFinding({ en: `Recipient ${value}`, zh: `接收人 ${value}` }, members.get(value), {
        input: 'to-user-ids',
        value,
      }),
    ),
    ...retentionFindings(inputs, evidence),
    ...robotFindings(inputs, evidence),
    ...clockFindings(evidence),
    ...storageFindings(evidence),
  ]
  /** Whether a finding only repeats another one that failed. */
  const isUnchecked = ({ verdict, error }: Finding): boolean => {
    if (verdict === 'failed') return false
    if (token.error !== undefined || error === SKIPPED.error) return true
    // If the operator was not found, a placeholder was used instead.
    if (operator?.error !== undefined && hasCode(error, NO_SUCH_OPERATOR)) return true
    if (verdict !== 'open' || error === undefined) return false
    if (folder?.verdict === 'failed' && isFolderRefusal(error)) return true
    return findings.some((other) => other.verdict === 'failed' && other.error === error)
  }
  return findings.map((finding) => (isUnchecked(finding) ? { ...finding, verdict: 'unchecked' } : finding))
}

function passed(requirement: Text, seen: Text): Finding {
  return { requirement, verdict: 'passed', seen }
}

/** Uses the cause and the fix that a job would report. */
function failed(requirement: Text, error: unknown, about?: About): Finding {
  const hint = hintFor(error, { about })
  return { requirement, verdict: 'failed', seen: causeOf(error, hint), hint, error }
}

/** Has no fix, because the error may have nothing to do with the requirement. */
function notChecked(requirement: Text, error: unknown): Finding {
  // A check saves and sends nothing, so it doesn't matter whether the call took effect.
  const { en, zh } = causeOf(error, isInDoubt(error) ? undefined : hintFor(error))
  return { requirement, verdict: 'open', seen: { en: `Not checked: ${en}`, zh: `未检查：${zh}` }, error }
}

/** Failed if the platform rejected the values of the call; other errors say nothing about the requirement. */
function rejected(operation: OperationName, requirement: Text, error: unknown, about?: About): Finding {
  return isPermitted(operation, error) ? failed(requirement, error, about) : notChecked(requirement, error)
}

/** Whether the app has the permission for a call, no matter whether the call succeeded. */
function isPermitted(operation: OperationName, error: unknown): boolean {
  if (error === undefined) return true
  if (!(error instanceof DingTalkError) || error.operation !== operation || error.kind !== 'refused')
    return false
  // Proxies, IP allowlists, and wrong base URLs reject a call before its permission is checked.
  return (
    missingScopes(error).length === 0 &&
    !/^(HTTP\d+|Forbidden\.AccessDenied.*|Invalid(Action|Version).*|60020)$/.test(error.code)
  )
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof DingTalkError && error.code === code
}

function credentialsFinding({ error }: CallResult<void>): Finding {
  const requirement = { en: 'Credentials (app-key, app-secret)', zh: '凭证（app-key、app-secret）' }
  if (error === undefined) return passed(requirement, { en: 'valid', zh: '有效' })
  return rejected('accessToken', requirement, error)
}

/** Fails if the platform doesn't respond or accepts no calls from the app: network errors, quotas, bans, IP allowlists. */
function connectionFinding(token: CallResult<void>, { calls }: Evidence): Finding {
  const requirement = { en: 'Connection to DingTalk', zh: '与钉钉的连接' }
  const lost = calls.find(({ operation, result: { error }, isReal }) => {
    if (error === undefined || missingScopes(error).length > 0) return false
    if (operation === 'accessToken') return !isPermitted(operation, error)
    if (error instanceof DingTalkError && (error.kind === 'quota-spent' || endsCheck(error))) return true
    // A call with placeholder IDs may fail for other reasons.
    return isReal && !isPermitted(operation, error)
  })
  if (lost) return failed(requirement, lost.result.error)
  if (token.error !== undefined) return notChecked(requirement, SKIPPED.error)
  return passed(requirement, { en: 'the API is reachable', zh: '可以正常调用接口' })
}

/** A finding for each permission that the steps need, or that DingTalk reports as missing under another name. */
function permissionFindings(appKey: string, { stepCalls, calls }: Evidence): Finding[] {
  const closed = calls.flatMap(({ operation, result: { error } }) =>
    error instanceof DingTalkError && error.isApiClosed ? operation : [],
  )
  const requiredScopes = stepCalls.flatMap((call) => {
    const isRequired = call.kind === 'required' || (call.kind === 'if-closed' && closed.includes(call.other))
    return isRequired ? scopeOf(call.operation) : []
  })
  const scopes = new Set([
    ...stepCalls.flatMap(({ operation }) => scopeOf(operation) ?? []),
    ...calls.flatMap(({ result }) => missingScopes(result.error)),
  ])
  return [...scopes].map((scope): Finding => {
    const requirement = verbatim(permissionName(scope))
    const denied = calls.find(({ result }) => missingScopes(result.error).includes(scope))
    if (!denied) {
      const own = calls.filter(({ operation }) => scopeOf(operation) === scope)
      return own.some(({ operation, result }) => isPermitted(operation, result.error))
        ? passed(requirement, { en: 'enabled', zh: '已开通' })
        : notChecked(requirement, own[0]?.result.error ?? SKIPPED.error)
    }
    const { error } = denied.result
    const hint = permissionHint([scope], appKey)
    const names = [scope, scopeOf(denied.operation)]
    if (names.some((name) => requiredScopes.includes(name))) {
      const seen = { en: 'Not enabled.', zh: '未开通。' }
      return { requirement, verdict: 'failed', seen, hint, error, scope }
    }
    const [loss = verbatim('')] = stepCalls.flatMap((call) =>
      call.kind === 'optional' && names.includes(scopeOf(call.operation)) ? call.loss : [],
    )
    const seen = { en: `Not enabled. Recommended: ${loss.en}`, zh: `未开通。建议开通：${loss.zh}` }
    return { requirement, verdict: 'open', seen, hint }
  })
}

function operatorFindings(
  { operator }: Inputs,
  { operator: result, uploadInfo, entry }: Evidence,
): Finding[] {
  if (!operator) return []
  if (operator.kind === 'user-id') {
    const requirement = { en: 'Operator (user-id)', zh: '操作者（user-id）' }
    return [memberFinding(requirement, result, { input: 'user-id', value: operator.userId })]
  }
  const requirement = { en: 'Operator (union-id)', zh: '操作者（union-id）' }
  const error = uploadInfo?.error
  if (uploadInfo?.value ?? entry?.value)
    return [passed(requirement, { en: 'can access the drive', zh: '可以访问云盘' })]
  return [hasCode(error, NO_SUCH_OPERATOR) ? failed(requirement, error) : notChecked(requirement, error)]
}

function memberFinding(
  requirement: Text,
  { value, error }: CallResult<Member> = SKIPPED,
  about: About,
): Finding {
  if (!value) return rejected('unionId', requirement, error, about)
  if (value.active !== false)
    return passed(
      requirement,
      value.active
        ? { en: 'active member of the organization', zh: '本组织的已激活成员' }
        : { en: 'member of the organization', zh: '是本组织成员' },
    )
  const hint = {
    fix: {
      en: `Ask the user to sign in to DingTalk and join the organization, or use another user (${about.input}).`,
      zh: `请该成员登录钉钉并加入组织，或改用其他成员（${about.input}）。`,
    },
  }
  const seen = { en: 'The user is not active.', zh: '该成员尚未激活。' }
  return { requirement, verdict: 'failed', seen, hint }
}

function folderFinding({ entry, uploadInfo, operator }: Evidence): Finding {
  const requirement = { en: 'Folder', zh: '目标文件夹' }
  const { name, type } = entry?.value ?? {}
  const shown = name ? { en: `"${name}" `, zh: `「${name}」` } : verbatim('')
  if (type && type !== 'FOLDER') {
    const hint = {
      fix: {
        en: 'Copy the link of its parent folder and set it as folder-url.',
        zh: '请复制其所在文件夹的链接，填入 folder-url。',
      },
    }
    const seen = { en: `${shown.en}is a file, not a folder.`, zh: `${shown.zh}是文件，不是文件夹。` }
    return { requirement, verdict: 'failed', seen, hint }
  }
  const error = uploadInfo?.error
  const notFound = [entry?.error, error].find(isFolderRefusal)
  if (notFound !== undefined) return failed(requirement, notFound)
  if (uploadInfo?.value)
    return passed(requirement, {
      en: `${shown.en}exists, and the operator can upload to it`,
      zh: `${shown.zh}存在，操作者可以上传`,
    })
  // An unknown operator has a finding of its own.
  return operator?.error !== undefined || hasCode(error, NO_SUCH_OPERATOR)
    ? notChecked(requirement, error)
    : rejected('uploadInfo', requirement, error)
}

function chatFinding(id: string, result: CallResult<string> | undefined): Finding {
  const requirement = { en: `Group ${id}`, zh: `群 ${id}` }
  if (!result) return { requirement, verdict: 'open', seen: FORM_ONLY }
  const { value, error } = result
  if (value === undefined) return rejected('openConversationId', requirement, error)
  return passed(requirement, {
    en: `exists. To save one permission and one API call per run, use ${value} as chat-id`,
    zh: `存在。将 chat-id 改填为 ${value}，可少开通一项权限，每次运行少调用一次接口`,
  })
}

function retentionFindings({ keepLast }: Inputs, { outdated }: Evidence): Finding[] {
  if (keepLast === undefined) return []
  const requirement = { en: 'Old files (keep-last)', zh: '旧文件（keep-last）' }
  if (!outdated) {
    const seen = {
      en: 'Not checked: keep-last works only in a workflow run.',
      zh: '未检查：keep-last 只能在工作流运行中使用。',
    }
    return [{ requirement, verdict: 'open', seen }]
  }
  if (!outdated.value) return [notChecked(requirement, outdated.error)]
  const files = outdated.value.files.map(asDeleted)
  return [
    passed(requirement, files.length > 0 ? outdatedHeading(files) : { en: 'none to delete', zh: '无需删除' }),
  ]
}

function robotFindings({ robot }: Inputs, { post }: Evidence): Finding[] {
  if (!robot) return []
  // A webhook is never called, because each call would post.
  if (robot.kind === 'webhooks')
    return [passed({ en: 'Robot (robot-webhook)', zh: '机器人（robot-webhook）' }, FORM_ONLY)]
  const requirement = { en: 'Robot (robot-code)', zh: '机器人（robot-code）' }
  const error = post?.error
  if (error === SKIPPED.error) return [notChecked(requirement, error)]
  // The code that ends with .empty is about the placeholder for the group.
  const isAboutRobot =
    error instanceof DingTalkError &&
    /^(invalidParameter\.robotCode\.(?!empty$)|resource\.not\.found$)/.test(error.code)
  return [isAboutRobot ? failed(requirement, error) : passed(requirement, FORM_ONLY)]
}

function clockFindings({ clockAhead: ahead }: Evidence): Finding[] {
  if (ahead === undefined) return []
  const requirement = { en: 'Clock', zh: '系统时间' }
  const apart = Math.abs(ahead)
  // The platform's dates have whole seconds, and a response takes time.
  if (apart < 5000) return [passed(requirement, { en: 'in sync with DingTalk', zh: '与钉钉一致' })]
  const count = Math.round(apart / 1000)
  const seen = {
    en: `${count} s ${ahead > 0 ? 'behind' : 'ahead of'} DingTalk`,
    zh: `比钉钉${ahead > 0 ? '慢' : '快'} ${count} 秒`,
  }
  if (apart <= MAX_SKEW) return [passed(requirement, seen)]
  const hint = {
    fix: {
      en: 'OSS allows a 15-minute difference; TLS and robot signatures also depend on the clock. Sync it with NTP.',
      zh: 'OSS 允许的偏差为 15 分钟，TLS 证书和机器人加签也依赖系统时间。请开启 NTP 时间同步。',
    },
  }
  return [{ requirement, verdict: 'failed', seen, hint }]
}

/** Each storage host; one that can be reached is enough. */
function storageFindings({ storage }: Evidence): Finding[] {
  const isAnyReachable = storage.some(({ result }) => result.value?.isOss)
  return storage.map(({ origin, result: { value, error } }) => {
    const { host } = new URL(origin)
    const requirement = { en: `Storage ${host}`, zh: `存储 ${host}` }
    if (value?.isOss) return passed(requirement, { en: 'reachable', zh: '可以访问' })
    if (isAnyReachable || error === SKIPPED.error) return notChecked(requirement, error ?? NOT_OSS)
    return error === undefined
      ? { ...failed(requirement, NOT_OSS), hint: STORAGE_HINT }
      : failed(requirement, error)
  })
}
