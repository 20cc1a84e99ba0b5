import type { Member } from '../dingtalk/client.ts'
import { DingTalkError } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { About } from '../domain.ts'
import { type Text, verbatim } from '../http/text.ts'
import type { Inputs, MessageInputs, UploadInputs } from '../inputs/inputs.ts'
import { STORAGE_HINT } from '../report/advice.ts'
import { isFolderRefusal, missingScopes } from '../report/hints.ts'
import { outdatedHeading } from '../report/log.ts'
import { asDeleted } from '../retention/keep-last.ts'
import { type CallResult, endsCheck, type Evidence, type MessageEvidence, NOT_ASKED } from './evidence.ts'
import type { Finding } from './finding.ts'
import { operationsOf, permission, scopeOf } from './judge-permission.ts'
import { cameThrough, failing, hasCode, holds, unknown } from './verdicts.ts'

/** The platform's code for an operator whom it does not know. */
const NO_SUCH_OPERATOR = 'paramError.unionId'

/** How far OSS lets clocks be apart, in ms. */
const MAX_SKEW = 15 * 60_000

/**
 * Judges what the calls showed: one finding a requirement, whatever became of the others. What could not be looked at
 * because of a failure that is told already is `unchecked`.
 *
 * @param clockAhead how far the platform's clock is ahead of this machine's, in ms, if it is known
 */
export function judge(inputs: UploadInputs, evidence: Evidence, clockAhead: number | undefined): Finding[] {
  const known = Object.values(OPERATIONS).flatMap((operation) =>
    'scope' in operation ? operation.scope : [],
  )
  // The platform may have other names for them.
  const named = evidence.calls.flatMap(({ result }) => missingScopes(result.error))
  const scopes = [...known, ...named]
  const findings = [
    credentials(evidence),
    connection(evidence),
    ...[...new Set(scopes)].map((scope) => permission(scope, inputs, evidence)),
    operator(inputs, evidence),
    folder(evidence),
    writing(evidence),
    ...inputs.chats.map((id) => chat(id, evidence.chats.get(id))),
    ...[...evidence.users].map(([id, result]) => recipient(id, result)),
    ...retention(inputs, evidence),
    ...robots(inputs, evidence.post),
    clock(clockAhead),
    ...storage(evidence),
  ]
  return uncheckedMarked(findings, evidence)
}

/** The same for a message without files. @param evidence undefined where a custom robot posts it: that takes no app */
export function judgeMessage(
  inputs: MessageInputs,
  evidence: MessageEvidence | undefined,
  clockAhead: number | undefined,
): Finding[] {
  if (!evidence) return robots(inputs, undefined)
  const named = evidence.calls.flatMap(({ result }) => missingScopes(result.error))
  const needed = operationsOf(inputs, evidence.calls).flatMap((operation) => scopeOf(operation) ?? [])
  const findings = [
    credentials(evidence),
    connection(evidence),
    ...[...new Set([...needed, ...named])].map((scope) => permission(scope, inputs, evidence)),
    ...inputs.chats.map((id) => chat(id, evidence.chats.get(id))),
    ...robots(inputs, evidence.post),
    clock(clockAhead),
  ]
  return uncheckedMarked(findings, evidence)
}

function uncheckedMarked(
  findings: readonly Finding[],
  evidence: Pick<Evidence, 'token'> & Partial<Evidence>,
): Finding[] {
  return findings.map((finding) =>
    isUnchecked(finding, findings, evidence) ? { ...finding, verdict: 'unchecked' } : finding,
  )
}

/** Whether a finding says nothing of its own: without a token nothing does, nor what meets an error that is told already. */
function isUnchecked(
  { verdict, error }: Finding,
  findings: readonly Finding[],
  { token, operator }: Pick<Evidence, 'token'> & Partial<Evidence>,
): boolean {
  if (verdict === 'fails') return false
  if (token.error !== undefined || error === NOT_ASKED.error) return true
  // If the operator was not found, the check asked about a placeholder user instead.
  if (operator?.error !== undefined && hasCode(error, NO_SUCH_OPERATOR)) return true
  return (
    verdict === 'open' &&
    error !== undefined &&
    findings.some((other) => other.verdict === 'fails' && other.error === error)
  )
}

function credentials({ token: { error } }: MessageEvidence): Finding {
  const requirement = { en: 'Credentials (app-key, app-secret)', zh: '凭证（app-key、app-secret）' }
  if (error === undefined) return holds(requirement, { en: 'valid', zh: '有效' })
  return cameThrough('accessToken', error) ? failing(requirement, error) : unknown(requirement, error)
}

/** Whether the platform lets the app's calls in at all: quotas, bans, lists of addresses, and its being there. */
function connection({ token, calls, real }: MessageEvidence): Finding {
  const requirement = { en: 'Connection to DingTalk', zh: '与钉钉的连接' }
  // What is asked of nothing may well be answered with an error of the platform's own.
  const lost = calls.find(({ result: { error }, operation }) => {
    if (error === undefined || missingScopes(error).length > 0) return false
    if (operation === 'accessToken') return !cameThrough(operation, error)
    if (error instanceof DingTalkError && (error.kind === 'quota-spent' || endsCheck(error))) return true
    return real.has(operation) && !cameThrough(operation, error)
  })
  if (lost) return failing(requirement, lost.result.error)
  if (token.error !== undefined) return unknown(requirement, NOT_ASKED.error)
  return holds(requirement, { en: 'the API is reachable', zh: '可以正常调用接口' })
}

function operator({ operator }: UploadInputs, evidence: Evidence): Finding {
  if (operator.kind === 'user-id') {
    const requirement = { en: 'Operator (user-id)', zh: '操作者（user-id）' }
    return member(requirement, evidence.operator ?? NOT_ASKED, { input: 'user-id', value: operator.userId })
  }
  const requirement = { en: 'Operator (union-id)', zh: '操作者（union-id）' }
  const { uploadInfo, folder } = evidence
  if (uploadInfo.value ?? folder?.value)
    return holds(requirement, { en: 'can access the drive', zh: '可以访问云盘' })
  return hasCode(uploadInfo.error, NO_SUCH_OPERATOR)
    ? failing(requirement, uploadInfo.error)
    : unknown(requirement, uploadInfo.error)
}

function recipient(id: string, result: CallResult<Member>): Finding {
  const requirement = { en: `Recipient ${id}`, zh: `接收人 ${id}` }
  return member(requirement, result, { input: 'to-user-ids', value: id })
}

function member(requirement: Text, { value, error }: CallResult<Member>, about: About): Finding {
  if (!value)
    return cameThrough('unionId', error) ? failing(requirement, error, about) : unknown(requirement, error)
  const { active } = value
  if (active) return holds(requirement, { en: 'active member of the organization', zh: '本组织的已激活成员' })
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
  return { requirement, verdict: 'fails', seen, hint }
}

function folder({ folder, uploadInfo }: Evidence): Finding {
  const requirement = { en: 'Folder', zh: '目标文件夹' }
  const { name, type } = folder?.value ?? {}
  if (type && type !== 'FOLDER') {
    const hint = {
      fix: {
        en: 'Copy the link of its parent folder and set it as folder-url.',
        zh: '请复制其所在文件夹的链接，填入 folder-url。',
      },
    }
    const seen = name
      ? { en: `"${name}" is a ${type}, not a folder.`, zh: `「${name}」是 ${type}，不是文件夹。` }
      : { en: `This is a ${type}, not a folder.`, zh: `这是 ${type}，不是文件夹。` }
    return { requirement, verdict: 'fails', seen, hint }
  }
  const error = [folder?.error, uploadInfo.error].find(isFolderRefusal)
  if (error !== undefined) return failing(requirement, error)
  const called: Text = name ? { en: `"${name}" `, zh: `「${name}」` } : { en: '', zh: '' }
  if (type) return holds(requirement, { en: `${called.en}exists`, zh: `${called.zh}存在` })
  if (uploadInfo.value)
    return holds(requirement, {
      en: `${called.en}exists and accepts uploads`,
      zh: `${called.zh}存在，可以上传`,
    })
  return unknown(requirement, folder?.error ?? uploadInfo.error)
}

function writing({ operator, uploadInfo: { value, error } }: Evidence): Finding {
  const requirement = { en: 'Operator can write to the folder', zh: '操作者可以写入目标文件夹' }
  if (value) return holds(requirement, { en: 'yes', zh: '是' })
  // An upload would be refused in the same words. Of the folder and the operator their own rows tell.
  const isOurs =
    operator?.error === undefined &&
    cameThrough('uploadInfo', error) &&
    !isFolderRefusal(error) &&
    !hasCode(error, NO_SUCH_OPERATOR)
  return isOurs ? failing(requirement, error) : unknown(requirement, error)
}

function chat(id: string, result: CallResult<string> | undefined): Finding {
  const requirement = { en: `Group ${id}`, zh: `群 ${id}` }
  if (!result) return { requirement, verdict: 'open', seen: FORM_ONLY }
  const { value, error } = result
  if (value !== undefined) {
    return holds(requirement, {
      en: `exists. To save one permission and one API call per run, use ${value} as chat-id`,
      zh: `存在。将 chat-id 改填为 ${value}，可少开通一项权限，每次运行少调用一次接口`,
    })
  }
  return cameThrough('openConversationId', error) ? failing(requirement, error) : unknown(requirement, error)
}

const FORM_ONLY: Text = {
  en: "The format is valid. The rest can't be verified without sending.",
  zh: '格式正确。不实际发送就无法确认更多。',
}

function retention({ keepLast }: Inputs, { outdated }: Evidence): Finding[] {
  if (keepLast === undefined) return []
  const requirement = { en: 'Old files (keep-last)', zh: '旧文件（keep-last）' }
  if (!outdated) {
    const seen = {
      en: 'Not checked: keep-last works only in a workflow run.',
      zh: '未检查：keep-last 只能在工作流运行中使用。',
    }
    return [{ requirement, verdict: 'open', seen }]
  }
  if (!outdated.value) return [unknown(requirement, outdated.error)]
  const files = outdated.value.files.map(asDeleted)
  return [
    holds(requirement, files.length > 0 ? outdatedHeading(files) : { en: 'none to delete', zh: '无需删除' }),
  ]
}

function robots({ robot }: Inputs, post: Evidence['post'] | undefined): Finding[] {
  if (!robot) return []
  if (robot.kind === 'webhooks') return robot.webhooks.map(customRobot)
  const requirement = { en: 'Robot (robot-code)', zh: '机器人（robot-code）' }
  const error = post?.error
  if (error === NOT_ASKED.error) return [unknown(requirement, error)]
  const isOfTheRobot =
    error instanceof DingTalkError &&
    /^(invalidParameter\.robotCode\.|resource\.not\.found$)/.test(error.code)
  // That it is not in a group that there is not says nothing.
  if (!isOfTheRobot || error.code.endsWith('.empty')) return [holds(requirement, FORM_ONLY)]
  return [failing(requirement, error)]
}

/** A webhook is looked at, never called: each call would post. */
function customRobot({ secret, position }: { secret?: string; position?: number }): Finding {
  const number =
    position === undefined ? verbatim('') : { en: `, line ${position}`, zh: ` 第 ${position} 行` }
  const requirement = { en: `Robot (robot-webhook${number.en})`, zh: `机器人（robot-webhook${number.zh}）` }
  if (secret === undefined || secret.startsWith('SEC')) return holds(requirement, FORM_ONLY)
  const hint = {
    fix: {
      en: "Set robot-secret to the SEC… value under 加签 in the robot's security settings.",
      zh: '请在 robot-secret 中填写机器人安全设置「加签」下以 SEC 开头的密钥。',
    },
  }
  const seen = { en: 'robot-secret does not start with SEC.', zh: 'robot-secret 不以 SEC 开头。' }
  return { requirement, verdict: 'open', seen, hint }
}

function clock(ahead: number | undefined): Finding {
  const requirement = { en: 'Clock', zh: '系统时间' }
  if (ahead === undefined) {
    const seen = { en: "DingTalk's response had no date.", zh: '钉钉的响应中没有时间。' }
    return { requirement, verdict: 'open', seen }
  }
  const apart = Math.abs(ahead)
  // The platform tells whole seconds, and a response takes its time.
  if (apart < 5000) return holds(requirement, { en: 'in sync with DingTalk', zh: '与钉钉一致' })
  const [count, unit] = apart < 60_000 ? [Math.round(apart / 1000), 's'] : [Math.round(apart / 60_000), 'min']
  const seen = {
    en: `${count} ${unit} ${ahead > 0 ? 'behind' : 'ahead of'} DingTalk`,
    zh: `比钉钉${ahead > 0 ? '慢' : '快'} ${count} ${unit === 's' ? '秒' : '分钟'}`,
  }
  if (apart <= MAX_SKEW) return holds(requirement, seen)
  const hint = {
    fix: {
      en: 'OSS allows a 15-minute difference; TLS and robot signatures also depend on the clock. Sync it with NTP.',
      zh: 'OSS 允许的偏差为 15 分钟，TLS 证书和机器人加签也依赖系统时间。请开启 NTP 时间同步。',
    },
  }
  return { requirement, verdict: 'fails', seen, hint }
}

function storage({ uploadInfo, storage }: Evidence): Finding[] {
  if (!uploadInfo.value) return [unknown({ en: 'Storage', zh: '存储' }, uploadInfo.error)]
  const oneAnswers = [...storage.values()].some(({ value }) => value?.isOss)
  return [...storage].map(([origin, { value, error }]) => {
    const { host } = new URL(origin)
    const requirement = { en: `Storage ${host}`, zh: `存储 ${host}` }
    if (value?.isOss) return holds(requirement, { en: 'reachable', zh: '可以访问' })
    if (value) {
      const seen = {
        en: `A server other than OSS responded (HTTP ${value.status}).`,
        zh: `响应的服务器不是 OSS（HTTP ${value.status}）。`,
      }
      return { requirement, verdict: oneAnswers ? 'open' : 'fails', seen, hint: STORAGE_HINT }
    }
    return oneAnswers || error === NOT_ASKED.error ? unknown(requirement, error) : failing(requirement, error)
  })
}
