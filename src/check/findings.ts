import type { Member } from '../dingtalk/client.ts'
import { DingTalkError, isInDoubt } from '../dingtalk/errors.ts'
import { type OperationName, OPERATIONS } from '../dingtalk/operations.ts'
import type { About, StepCall } from '../domain.ts'
import { type Text, verbatim } from '../http/text.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Hint, permissionName, STORAGE_HINT } from '../report/advice.ts'
import { causeOf } from '../report/failures.ts'
import { hintFor, isFolderRefusal, missingScopes, permissionHint } from '../report/hints.ts'
import { outdatedHeading } from '../report/log.ts'
import { asDeleted } from '../retention/keep-last.ts'
import { type CallResult, endsCheck, type Evidence, NOT_MADE } from './evidence.ts'

/** What a check found out about one requirement. */
export interface Finding {
  /** What is required, as the user knows it. */
  readonly requirement: Text
  /**
   * - `passed`: it is met
   * - `failed`: it is not met, and a job with these inputs needs it
   * - `open`: nobody knows, or it is not met and only recommended
   * - `unneeded`: it is not met, and a job with these inputs does not need it
   * - `unchecked`: another finding that failed is the cause; these are only counted
   */
  readonly verdict: 'passed' | 'failed' | 'open' | 'unneeded' | 'unchecked'
  /** What was seen, in a sentence. */
  readonly seen: Text
  /** What to do about it. */
  readonly hint?: Hint | undefined
  /** The platform's error, if that is what was seen. */
  readonly error?: unknown
  /** The permission that is missing, if that is what failed. */
  readonly scope?: string | undefined
}

/** The platform's code for an operator whom it does not know. */
const NO_SUCH_OPERATOR = 'paramError.unionId'

/** How far OSS lets clocks be apart, in ms. */
const MAX_SKEW = 15 * 60_000

const NOT_ENABLED: Text = { en: 'Not enabled.', zh: '未开通。' }

const FORM_ONLY: Text = {
  en: "The format is valid. The rest can't be verified without sending.",
  zh: '格式正确。其余内容只有实际发送后才能确认。',
}

/**
 * Judges what the calls showed: one finding per requirement, whatever became of the others. If a finding has no news
 * because of another one that failed, it is `unchecked`.
 *
 * @param clockAhead how far the platform's clock is ahead of this machine's, in ms, if it is known
 */
export function judge(
  inputs: Inputs,
  stepCalls: readonly StepCall[],
  evidence: Evidence,
  clockAhead: number | undefined,
): Finding[] {
  const { results } = evidence
  // A custom robot takes no app.
  if (!results.accessToken) return robotFindings(inputs, evidence)
  const place = results.uploadInfo && folderFinding(evidence)
  const findings = [
    credentialsFinding(results.accessToken),
    connectionFinding(results.accessToken, evidence),
    ...permissionFindings(inputs.appKey, stepCalls, evidence),
    ...operatorFindings(inputs, evidence),
    ...(place ? [place, writingFinding(evidence)] : []),
    ...inputs.chats.map((id) => chatFinding(id, results.openConversationId?.get(id))),
    ...[...(results.unionId?.users ?? [])].map(([id, result]) => recipientFinding(id, result)),
    ...retentionFindings(inputs, evidence),
    ...robotFindings(inputs, evidence),
    clockFinding(clockAhead),
    ...storageFindings(evidence),
  ]
  const { error: noToken } = results.accessToken
  const noOperator = results.unionId?.operator?.error
  /** Whether a finding only repeats another one, which failed. */
  const isUnchecked = ({ verdict, error }: Finding): boolean => {
    if (verdict === 'failed') return false
    if (noToken !== undefined || error === NOT_MADE.error) return true
    // If the operator was not found, a placeholder took their place.
    if (noOperator !== undefined && hasCode(error, NO_SUCH_OPERATOR)) return true
    if (verdict !== 'open' || error === undefined) return false
    // Other calls reject a file in place of a folder with errors that say less.
    if (place?.verdict === 'failed' && isFolderRefusal(error)) return true
    return findings.some((other) => other.verdict === 'failed' && other.error === error)
  }
  return findings.map((finding) => (isUnchecked(finding) ? { ...finding, verdict: 'unchecked' } : finding))
}

function passed(requirement: Text, seen: Text): Finding {
  return { requirement, verdict: 'passed', seen }
}

/** A requirement that is not met, in the words in which a job would report it. */
function failed(requirement: Text, error: unknown, about?: About): Finding {
  const hint = hintFor(error, { about })
  return { requirement, verdict: 'failed', seen: causeOf(error, hint), hint, error }
}

/**
 * A requirement that could not be checked. The fix is not shown: it might not be for what is wrong. Nor is any doubt: a
 * check saves and sends nothing.
 */
function notChecked(requirement: Text, error: unknown): Finding {
  const { en, zh } = causeOf(error, isInDoubt(error) ? undefined : hintFor(error))
  return { requirement, verdict: 'open', seen: { en: `Not checked: ${en}`, zh: `未检查：${zh}` }, error }
}

/** Failed if the error is the platform's own response to what was asked; otherwise the call says nothing about it. */
function refused(operation: OperationName, requirement: Text, error: unknown, about?: About): Finding {
  return cameThrough(operation, error) ? failed(requirement, error, about) : notChecked(requirement, error)
}

/** Whether the platform let the app make a call, whatever came of it. */
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

function hasCode(error: unknown, code: string): boolean {
  return error instanceof DingTalkError && error.code === code
}

function credentialsFinding({ error }: CallResult<void>): Finding {
  const requirement = { en: 'Credentials (app-key, app-secret)', zh: '凭证（app-key、app-secret）' }
  if (error === undefined) return passed(requirement, { en: 'valid', zh: '有效' })
  return refused('accessToken', requirement, error)
}

/** Whether the platform lets the app's calls in at all: quotas, bans, lists of addresses, and whether it responds. */
function connectionFinding(token: CallResult<void>, { calls }: Evidence): Finding {
  const requirement = { en: 'Connection to DingTalk', zh: '与钉钉的连接' }
  const lost = calls.find(({ operation, result: { error }, isReal }) => {
    if (error === undefined || missingScopes(error).length > 0) return false
    if (operation === 'accessToken') return !cameThrough(operation, error)
    if (error instanceof DingTalkError && (error.kind === 'quota-spent' || endsCheck(error))) return true
    // A call about nothing may well get an error of the platform's own.
    return isReal && !cameThrough(operation, error)
  })
  if (lost) return failed(requirement, lost.result.error)
  if (token.error !== undefined) return notChecked(requirement, NOT_MADE.error)
  return passed(requirement, { en: 'the API is reachable', zh: '可以正常调用接口' })
}

/** Whether each permission that the steps name, or that the platform says is missing, is enabled, and what it is for. */
function permissionFindings(appKey: string, stepCalls: readonly StepCall[], { calls }: Evidence): Finding[] {
  const isClosed = (operation: OperationName) =>
    calls.some(
      ({ operation: other, result: { error } }) =>
        other === operation && error instanceof DingTalkError && error.isApiClosed,
    )
  const required = stepCalls.filter(
    (call) => call.kind === 'required' || (call.kind === 'if-closed' && isClosed(call.other)),
  )
  const requiredScopes = new Set(required.map(({ operation }) => scopeOf(operation)))
  const isCutShort = calls.some(({ result }) => endsCheck(result.error))

  const finding = (scope: string): Finding => {
    const name = permissionName(scope)
    const requirement = { en: `Permission ${name}`, zh: `权限 ${name}` }
    const refusals = calls.filter(({ result }) => missingScopes(result.error).includes(scope))
    const own = calls.filter(({ operation }) => scopeOf(operation) === scope)
    const isGranted = own.some(({ operation, result: { error } }) => cameThrough(operation, error))
    if (refusals.length === 0 && isGranted) return passed(requirement, { en: 'enabled', zh: '已开通' })

    const error = [...refusals, ...own, ...(isCutShort ? [{ result: NOT_MADE }] : [])][0]?.result.error
    const hint = permissionHint([scope], appKey)
    const isRequired = [scope, ...refusals.map(({ operation }) => scopeOf(operation))].some(
      (needed) => needed !== undefined && requiredScopes.has(needed),
    )
    if (refusals.length > 0 && isRequired)
      return { requirement, verdict: 'failed', seen: NOT_ENABLED, hint, error, scope }
    if (isRequired || error === NOT_MADE.error) return notChecked(requirement, error)
    const state = refusals.length > 0 ? NOT_ENABLED : { en: 'Unknown.', zh: '未知。' }
    const uses = stepCalls.filter(({ operation }) => scopeOf(operation) === scope)
    const [loss] = uses.flatMap((call) => (call.kind === 'optional' ? [call.loss] : []))
    // Only a permission that is missing for certain can be enabled.
    if (loss && refusals.length === 0 && error !== undefined) return notChecked(requirement, error)
    if (loss) {
      const seen = { en: `${state.en} Recommended: ${loss.en}`, zh: `${state.zh}建议开通：${loss.zh}` }
      return { requirement, verdict: 'open', seen, hint }
    }
    const [use = { en: 'elsewhere', zh: '其他情况下' }] = uses.flatMap((call) =>
      call.kind === 'unused' ? [call.use] : [],
    )
    const seen = { en: `${state.en} Only needed ${use.en}.`, zh: `${state.zh}仅${use.zh}需要。` }
    return { requirement, verdict: 'unneeded', seen }
  }

  const known = Object.keys(OPERATIONS).filter((name) =>
    stepCalls.some(({ operation }) => operation === name),
  )
  // The platform may have other names for them.
  const named = calls.flatMap(({ result }) => missingScopes(result.error))
  return [...new Set([...known.flatMap((name) => scopeOf(name as OperationName) ?? []), ...named])].map(
    finding,
  )
}

/** The permission that a call needs, if there is one of its own. */
function scopeOf(operation: OperationName): string | undefined {
  return { scope: undefined, ...OPERATIONS[operation] }.scope
}

function operatorFindings({ operator }: Inputs, { results }: Evidence): Finding[] {
  if (!operator) return []
  if (operator.kind === 'user-id') {
    const requirement = { en: 'Operator (user-id)', zh: '操作者（user-id）' }
    const about = { input: 'user-id', value: operator.userId }
    return [memberFinding(requirement, results.unionId?.operator ?? NOT_MADE, about)]
  }
  const requirement = { en: 'Operator (union-id)', zh: '操作者（union-id）' }
  if (results.uploadInfo?.value ?? results.list?.value)
    return [passed(requirement, { en: 'can access the drive', zh: '可以访问云盘' })]
  const error = results.uploadInfo?.error
  return [hasCode(error, NO_SUCH_OPERATOR) ? failed(requirement, error) : notChecked(requirement, error)]
}

function recipientFinding(id: string, result: CallResult<Member>): Finding {
  const requirement = { en: `Recipient ${id}`, zh: `接收人 ${id}` }
  return memberFinding(requirement, result, { input: 'to-user-ids', value: id })
}

function memberFinding(requirement: Text, { value, error }: CallResult<Member>, about: About): Finding {
  if (!value) return refused('unionId', requirement, error, about)
  const { active } = value
  if (active)
    return passed(requirement, { en: 'active member of the organization', zh: '本组织的已激活成员' })
  if (active === undefined) {
    const seen = {
      en: 'Member of the organization (activation status unknown).',
      zh: '是本组织成员（激活状态未知）。',
    }
    return { requirement, verdict: 'open', seen }
  }
  const hint = {
    fix: {
      en: `Ask the user to sign in to DingTalk and join the organization, or use another user (${about.input}).`,
      zh: `请该成员登录钉钉并加入组织，或改用其他成员（${about.input}）。`,
    },
  }
  const seen = { en: 'The user is not active.', zh: '该成员尚未激活。' }
  return { requirement, verdict: 'failed', seen, hint }
}

function folderFinding({ results: { list: folder, uploadInfo } }: Evidence): Finding {
  const requirement = { en: 'Folder', zh: '目标文件夹' }
  const { name, type } = folder?.value ?? {}
  if (type && type !== 'FOLDER') {
    const hint = {
      fix: {
        en: 'Copy the link of its parent folder and set it as folder-url.',
        zh: '请复制其所在文件夹的链接，填入 folder-url。',
      },
    }
    const shown = name ? { en: `"${name}"`, zh: `「${name}」` } : { en: 'This', zh: '这' }
    const seen = { en: `${shown.en} is a file, not a folder.`, zh: `${shown.zh}是文件，不是文件夹。` }
    return { requirement, verdict: 'failed', seen, hint }
  }
  const error = [folder?.error, uploadInfo?.error].find(isFolderRefusal)
  if (error !== undefined) return failed(requirement, error)
  const called: Text = name ? { en: `"${name}" `, zh: `「${name}」` } : { en: '', zh: '' }
  if (type) return passed(requirement, { en: `${called.en}exists`, zh: `${called.zh}存在` })
  if (uploadInfo?.value)
    return passed(requirement, {
      en: `${called.en}exists and accepts uploads`,
      zh: `${called.zh}存在，可以上传`,
    })
  return notChecked(requirement, folder?.error ?? uploadInfo?.error)
}

function writingFinding({ results: { unionId, uploadInfo } }: Evidence): Finding {
  const requirement = { en: 'Operator can write to the folder', zh: '操作者可以写入目标文件夹' }
  if (uploadInfo?.value) return passed(requirement, { en: 'yes', zh: '是' })
  const error = uploadInfo?.error
  // The folder and the operator have findings of their own.
  const isTheirs =
    unionId?.operator?.error !== undefined || isFolderRefusal(error) || hasCode(error, NO_SUCH_OPERATOR)
  return isTheirs ? notChecked(requirement, error) : refused('uploadInfo', requirement, error)
}

function chatFinding(id: string, result: CallResult<string> | undefined): Finding {
  const requirement = { en: `Group ${id}`, zh: `群 ${id}` }
  if (!result) return { requirement, verdict: 'open', seen: FORM_ONLY }
  const { value, error } = result
  if (value === undefined) return refused('openConversationId', requirement, error)
  return passed(requirement, {
    en: `exists. To save one permission and one API call per run, use ${value} as chat-id`,
    zh: `存在。将 chat-id 改填为 ${value}，可少开通一项权限，每次运行少调用一次接口`,
  })
}

function retentionFindings(
  { keepLast }: Inputs,
  { results: { batchRemove: outdated } }: Evidence,
): Finding[] {
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

function robotFindings({ robot }: Inputs, { results: { post, postToUsers } }: Evidence): Finding[] {
  if (!robot) return []
  if (robot.kind === 'webhooks') return robot.webhooks.map(webhookFinding)
  const requirement = { en: 'Robot (robot-code)', zh: '机器人（robot-code）' }
  const error = post?.error ?? postToUsers?.error
  if (error === NOT_MADE.error) return [notChecked(requirement, error)]
  // That the robot is not in a group that does not exist says nothing.
  const isAboutRobot =
    error instanceof DingTalkError &&
    /^(invalidParameter\.robotCode\.|resource\.not\.found$)/.test(error.code) &&
    !error.code.endsWith('.empty')
  return [isAboutRobot ? failed(requirement, error) : passed(requirement, FORM_ONLY)]
}

/** A webhook is looked at, never called: each call would post. */
function webhookFinding({ secret, position }: { secret?: string; position?: number }): Finding {
  const number =
    position === undefined ? verbatim('') : { en: `, line ${position}`, zh: ` 第 ${position} 行` }
  const requirement = { en: `Robot (robot-webhook${number.en})`, zh: `机器人（robot-webhook${number.zh}）` }
  if (secret === undefined || secret.startsWith('SEC')) return passed(requirement, FORM_ONLY)
  const hint = {
    fix: {
      en: "Set robot-secret to the SEC… value under 加签 in the robot's security settings.",
      zh: '请在 robot-secret 中填写机器人安全设置「加签」下以 SEC 开头的密钥。',
    },
  }
  const seen = { en: 'robot-secret does not start with SEC.', zh: 'robot-secret 不以 SEC 开头。' }
  return { requirement, verdict: 'open', seen, hint }
}

function clockFinding(ahead: number | undefined): Finding {
  const requirement = { en: 'Clock', zh: '系统时间' }
  if (ahead === undefined) {
    const seen = { en: "DingTalk's response had no date.", zh: '钉钉的响应中没有时间。' }
    return { requirement, verdict: 'open', seen }
  }
  const apart = Math.abs(ahead)
  // The platform's dates have whole seconds, and a response takes its time.
  if (apart < 5000) return passed(requirement, { en: 'in sync with DingTalk', zh: '与钉钉一致' })
  const [count, unit] = apart < 60_000 ? [Math.round(apart / 1000), 's'] : [Math.round(apart / 60_000), 'min']
  const seen = {
    en: `${count} ${unit} ${ahead > 0 ? 'behind' : 'ahead of'} DingTalk`,
    zh: `比钉钉${ahead > 0 ? '慢' : '快'} ${count} ${unit === 's' ? '秒' : '分钟'}`,
  }
  if (apart <= MAX_SKEW) return passed(requirement, seen)
  const hint = {
    fix: {
      en: 'OSS allows a 15-minute difference; TLS and robot signatures also depend on the clock. Sync it with NTP.',
      zh: 'OSS 允许的偏差为 15 分钟，TLS 证书和机器人加签也依赖系统时间。请开启 NTP 时间同步。',
    },
  }
  return { requirement, verdict: 'failed', seen, hint }
}

function storageFindings({ results: { uploadInfo, put: origins } }: Evidence): Finding[] {
  if (!origins) return []
  if (!uploadInfo?.value) return [notChecked({ en: 'Storage', zh: '存储' }, uploadInfo?.error)]
  const isAnyReachable = [...origins.values()].some(({ value }) => value?.isOss)
  return [...origins].map(([origin, { value, error }]) => {
    const { host } = new URL(origin)
    const requirement = { en: `Storage ${host}`, zh: `存储 ${host}` }
    if (value?.isOss) return passed(requirement, { en: 'reachable', zh: '可以访问' })
    if (value) {
      const seen = {
        en: `A server other than OSS responded (HTTP ${value.status}).`,
        zh: `响应的服务器不是 OSS（HTTP ${value.status}）。`,
      }
      return { requirement, verdict: isAnyReachable ? 'open' : 'failed', seen, hint: STORAGE_HINT }
    }
    return isAnyReachable || error === NOT_MADE.error
      ? notChecked(requirement, error)
      : failed(requirement, error)
  })
}
