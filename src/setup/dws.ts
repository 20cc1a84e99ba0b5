import * as v from 'valibot'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { CONSOLE } from '../text/links.ts'
import type { Redaction } from '../text/redaction.ts'
import { type Finished, type ProgramOptions, runProgram } from './program.ts'

/** The first version whose `dev` commands respond in the form that is read here. */
const MINIMUM = [1, 0, 58]

/**
 * Why dws did not do what it was asked for.
 *
 * - `missing`: it is not installed; `outdated`: it lacks a command, or responds in an old form
 * - `logged-out`: nobody is logged in, or the login is no longer valid
 * - `consent`: the person has to agree in the browser first
 * - `not-allowed`: only an administrator can help
 * - `unavailable`: DingTalk is busy or can't be reached; what was asked for may have happened
 * - `not-understood`: it reported success without saying what it did
 * - `refused`: everything else
 */
export type DwsProblem =
  | 'missing'
  | 'outdated'
  | 'logged-out'
  | 'consent'
  | 'not-allowed'
  | 'unavailable'
  | 'not-understood'
  | 'refused'

export class DwsError extends TextError {
  override readonly name = 'DwsError'
  readonly kind: DwsProblem

  constructor(kind: DwsProblem, text: Text) {
    super(text)
    this.kind = kind
  }
}

const OUTDATED: Text = {
  en: `dws is too old for this setup, or lacks a command. It needs version ${MINIMUM.join('.')} or later: run dws upgrade.`,
  zh: `dws 版本过低，或缺少所需的命令。需要 ${MINIMUM.join('.')} 或更高版本，请运行 dws upgrade。`,
}

const LOGGED_OUT: Text = {
  en: 'dws is not logged in, or its login is no longer valid.',
  zh: 'dws 尚未登录，或登录已失效。',
}

const NOT_ALLOWED: Text = {
  en: 'The organization does not allow you to use dws. An administrator can allow it: https://open-dev.dingtalk.com/fe/old#/developerSettings',
  zh: '组织不允许你使用 dws。管理员可以在此开启：https://open-dev.dingtalk.com/fe/old#/developerSettings',
}

const NO_DEVELOPER: Text = {
  en: `You have no developer permission in this organization. An administrator can add you in the developer console, under Permissions (权限管理): ${CONSOLE}`,
  zh: `你在该组织中没有开发者权限。请管理员在开发者后台的「权限管理」中添加你：${CONSOLE}`,
}

const UNAVAILABLE: Text = {
  en: 'dws could not reach DingTalk, or DingTalk is busy. Try again in a minute.',
  zh: 'dws 无法连接钉钉，或钉钉繁忙，请稍后重试。',
}

const NOT_UNDERSTOOD: Text = {
  en: 'dws returned a response in an unknown format.',
  zh: '无法识别 dws 的响应。',
}

/** The error of `dev` commands, or of the others, which name the same things differently. */
const ErrorFields = v.object({
  type: v.nullish(v.string()),
  category: v.nullish(v.string()),
  subtype: v.nullish(v.string()),
  reason: v.nullish(v.string()),
  upstream_code: v.nullish(v.union([v.string(), v.number()])),
  server_error_code: v.nullish(v.union([v.string(), v.number()])),
  retryable: v.nullish(v.boolean()),
  message: v.nullish(v.string()),
})

const App = v.object({ unifiedAppId: v.string(), name: v.string(), appKey: v.nullish(v.string()) })
export type App = v.InferOutput<typeof App>

const Permission = v.object({
  scopeValue: v.string(),
  authed: v.boolean(),
  allowedActions: v.nullish(v.array(v.string()), []),
  requiredApproval: v.nullish(v.boolean(), false),
  displayMessage: v.nullish(v.string()),
})

const VersionStatus = v.object({
  versionStatus: v.string(),
  processStatus: v.nullish(v.string()),
  processComment: v.nullish(v.string()),
})
export type VersionStatus = v.InferOutput<typeof VersionStatus>

const Approver = v.object({ label: v.string(), userId: v.string() })

const Account = v.object({
  profile: v.string(),
  corpName: v.nullish(v.string()),
  userName: v.nullish(v.string()),
})

/** Every page of a list has at most so many items, and so many pages are read. */
const PAGE_SIZE = 50
const MAX_PAGES = 20

/**
 * DingTalk's own CLI, one method per command. It runs without a terminal, and for one account. Each method throws a
 * {@link DwsError}, whose text quotes no secret.
 */
export class Dws {
  readonly #options: ProgramOptions
  readonly #redaction: Redaction
  /** `corpId:userId`, for every command from now on. */
  profile: string | undefined

  constructor(options: Omit<ProgramOptions, 'input'>, redaction: Redaction) {
    // Its telemetry is of no use to the person.
    const variables = { DO_NOT_TRACK: '1', ...options.variables }
    this.#options = { ...options, variables }
    this.#redaction = redaction
  }

  /** Makes sure that it is there, and new enough. */
  async checkVersion(): Promise<void> {
    const { version } = await this.#service(['version'], v.object({ version: v.string() }))
    // A build from source has no number.
    if (version === 'dev') return
    const numbers = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number)
    const differing = MINIMUM.findIndex((least, index) => numbers?.[index] !== least)
    if (!numbers || (differing >= 0 && (numbers[differing] ?? 0) < (MINIMUM[differing] ?? 0)))
      throw new DwsError('outdated', OUTDATED)
  }

  /** Whether somebody is logged in. It says so even where other commands only report a missing file. */
  async isLoggedIn(): Promise<boolean> {
    const status = v.object({ authenticated: v.boolean(), token_valid: v.nullish(v.boolean(), false) })
    const { authenticated, token_valid } = await this.#service(['auth', 'status'], status)
    return authenticated && token_valid
  }

  /** Logs in, with the browser or with a code, which takes minutes. @param onOutput gets what the person has to read */
  async logIn(withCode: boolean, onOutput: (text: string) => void): Promise<void> {
    const args = ['auth', 'login', '--yes', ...(withCode ? ['--device'] : []), '--format', 'json']
    const { exitCode, stdout, stderr } = await runProgram('dws', args, {
      ...this.#options,
      onStderr: onOutput,
    })
    if (exitCode === 0) return
    // The reasons are only there as text.
    if (/尚未开启|不在.*授权人员范围内|已禁止|渠道管控/.test(stdout + stderr))
      throw new DwsError('not-allowed', NOT_ALLOWED)
    throw new DwsError('logged-out', LOGGED_OUT)
  }

  async accounts(): Promise<v.InferOutput<typeof Account>[]> {
    const { profiles } = await this.#service(['profile', 'list'], v.object({ profiles: v.array(Account) }))
    return profiles
  }

  /** The apps whose name matches. */
  async apps(name: string): Promise<App[]> {
    const apps: App[] = []
    let cursor: string | undefined
    for (let page = 0; page < MAX_PAGES; page++) {
      const args = ['app', 'list', '--name', name, '--page-size', String(PAGE_SIZE)]
      const { data, next } = await this.#dev(
        [...args, ...(cursor === undefined ? [] : ['--cursor', cursor])],
        v.object({ items: v.array(App) }),
      )
      apps.push(...data.items)
      if (!next || next === cursor) break
      cursor = next
    }
    return apps
  }

  /** Creates an app. Whatever comes of it: dws repeats the call by itself, so look for the app before trying again. */
  async createApp(name: string): Promise<string> {
    const { data } = await this.#write(
      ['app', 'create', '--name', name],
      v.object({ unifiedAppId: v.string() }),
    )
    return data.unifiedAppId
  }

  /** The secret is masked from now on. What dws prints is never quoted, even if it fails. */
  async credentials(app: string): Promise<{ clientId: string; clientSecret: string }> {
    const schema = v.object({ clientId: v.string(), clientSecret: v.pipe(v.string(), v.nonEmpty()) })
    try {
      const { data } = await this.#dev(['app', 'credentials', 'get', '--unified-app-id', app], schema)
      this.#redaction.add(data.clientSecret)
      return data
    } catch (error) {
      if (error instanceof DwsError && error.kind === 'refused') throw new DwsError('refused', REFUSED)
      throw error
    }
  }

  async permission(app: string, scope: string): Promise<v.InferOutput<typeof Permission> | undefined> {
    const args = ['app', 'permission', 'list', '--unified-app-id', app, '--scope-value', scope]
    const { data } = await this.#dev(args, v.object({ items: v.array(Permission) }))
    return data.items.find(({ scopeValue }) => scopeValue === scope)
  }

  /** Says nothing reliable: look at {@link permission} again. */
  async addPermissions(app: string, scopes: readonly string[]): Promise<void> {
    const args = ['app', 'permission', 'add', '--unified-app-id', app, '--scope-values', scopes.join(',')]
    await this.#write(args, v.unknown())
  }

  /** The code of the app's robot; undefined if it has none yet. */
  async robotCode(app: string): Promise<string | undefined> {
    const schema = v.object({ robotStatus: v.string(), robotCode: v.nullish(v.string()) })
    const { data } = await this.#dev(['app', 'robot', 'get', '--unified-app-id', app], schema)
    return data.robotStatus === 'UNCONFIGURED' ? undefined : (data.robotCode ?? undefined)
  }

  async configureRobot(app: string, name: string): Promise<void> {
    const args = ['app', 'robot', 'config', '--unified-app-id', app, '--name', name]
    await this.#write([...args, '--mode', 'STREAM', '--add-scope'], v.unknown())
  }

  async createVersion(app: string, description: string): Promise<string> {
    const args = ['app', 'version', 'create', '--unified-app-id', app, '--desc', description]
    const { data } = await this.#write(args, v.object({ versionId: v.pipe(v.string(), v.nonEmpty()) }))
    return data.versionId
  }

  /** Who can approve a version, if a person has to choose one of them. Empty: it is published, or reviewed, as it is. */
  async approvers(app: string, version: string): Promise<v.InferOutput<typeof Approver>[]> {
    const schema = v.object({
      requiresApproval: v.boolean(),
      approvalMode: v.nullish(v.string()),
      approvalOptions: v.nullish(v.array(Approver), []),
    })
    const args = ['app', 'version', 'check-approval', '--unified-app-id', app, '--version-id', version]
    const { data } = await this.#dev(args, schema)
    return data.requiresApproval && data.approvalMode === 'SELECT_APPROVER' ? data.approvalOptions : []
  }

  /** Publishes a version, or submits it for approval: {@link versionStatus} shows which. */
  async publish(app: string, version: string, approver: string | undefined): Promise<void> {
    const args = ['app', 'version', 'publish', '--unified-app-id', app, '--version-id', version]
    // The person has agreed to the permissions, sensitive ones among them.
    const more = [
      '--confirmed-sensitive',
      ...(approver === undefined ? [] : ['--approver-user-id', approver]),
    ]
    await this.#write([...args, ...more], v.unknown())
  }

  async versionStatus(app: string, version: string): Promise<VersionStatus> {
    const args = ['app', 'version', 'status', '--unified-app-id', app, '--version-id', version]
    return (await this.#dev(args, VersionStatus)).data
  }

  /** The person who is logged in. */
  async self(): Promise<{ userId: string; name: string }> {
    const employee = v.object({ userId: v.string(), orgUserName: v.nullish(v.string()) })
    const schema = v.object({
      result: v.tupleWithRest([v.object({ orgEmployeeModel: employee })], v.unknown()),
    })
    const { userId, orgUserName } = (await this.#service(['contact', 'user', 'get-self'], schema)).result[0]
      .orgEmployeeModel
    return { userId, name: orgUserName ?? userId }
  }

  /** The groups of the person whose name matches. */
  async groups(name: string): Promise<{ title: string; openConversationId: string }[]> {
    const group = v.object({ title: v.string(), openConversationId: v.pipe(v.string(), v.startsWith('cid')) })
    const schema = v.object({ chats: v.array(group) })
    return (await this.#service(['chat', '+chat-search', '--query', name], schema)).chats
  }

  /** Adds a robot to a group. dws asks for no confirmation, so the person must have given it. */
  async addRobot(group: string, robotCode: string): Promise<void> {
    const args = ['chat', 'group', 'members', 'add-bot', '--id', group, '--robot-code', robotCode]
    await this.#service(args, v.unknown())
  }

  /** A `dev` command: one object on standard output, with an outcome. */
  async #dev<T extends v.GenericSchema>(
    args: readonly string[],
    schema: T,
  ): Promise<{ data: v.InferOutput<T>; next?: string }> {
    const finished = await this.#run(['dev', ...args])
    const answer = v.safeParse(
      v.object({
        ok: v.boolean(),
        data: v.nullish(v.unknown()),
        error: v.nullish(ErrorFields),
        meta: v.nullish(v.object({ pagination: v.nullish(v.object({ next_token: v.nullish(v.string()) })) })),
      }),
      parsed(finished.stdout),
    )
    if (!answer.success) throw errorOf(finished)
    const { ok, data, error, meta } = answer.output
    if (!ok) throw errorOf(finished, error ?? {})
    const read = v.safeParse(schema, data)
    if (!read.success) throw new DwsError('not-understood', NOT_UNDERSTOOD)
    return { data: read.output, next: meta?.pagination?.next_token ?? '' }
  }

  /** Without `--yes`, dws would refuse to change anything. */
  #write<T extends v.GenericSchema>(args: readonly string[], schema: T) {
    return this.#dev([...args, '--yes'], schema)
  }

  /** Another command: the service's own object on standard output, errors on standard error. */
  async #service<T extends v.GenericSchema>(args: readonly string[], schema: T): Promise<v.InferOutput<T>> {
    const finished = await this.#run(args)
    if (finished.exitCode !== 0) throw errorOf(finished)
    const read = v.safeParse(schema, parsed(finished.stdout))
    if (!read.success) throw new DwsError('not-understood', NOT_UNDERSTOOD)
    return read.output
  }

  #run(args: readonly string[]): Promise<Finished> {
    const profile = this.profile === undefined ? [] : ['--profile', this.profile]
    return runProgram('dws', [...args, ...profile, '--format', 'json'], this.#options)
  }
}

const REFUSED: Text = { en: 'dws could not complete the operation.', zh: 'dws 未能完成操作。' }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What went wrong, by the exit code and what dws says of the error. */
function errorOf({ exitCode, stderr }: Finished, given?: v.InferOutput<typeof ErrorFields>): DwsError {
  if (exitCode === undefined)
    return new DwsError('missing', { en: 'dws is not installed.', zh: '未安装 dws。' })
  if (exitCode === 4) return consentError(stderr)
  const onStderr = v.safeParse(v.object({ error: ErrorFields }), parsed(stderr))
  const error = given ?? (onStderr.success ? onStderr.output.error : undefined)
  if (!error) {
    if (/unknown (sub)?command|unknown flag/.test(stderr)) return new DwsError('outdated', OUTDATED)
    return new DwsError(
      exitCode === 2 ? 'logged-out' : 'not-understood',
      exitCode === 2 ? LOGGED_OUT : NOT_UNDERSTOOD,
    )
  }
  const kind = error.subtype ?? error.reason ?? ''
  const message = error.message ?? ''
  if (message.includes('没有开发者身份')) return new DwsError('not-allowed', NO_DEVELOPER)
  if (
    /jsonrpc_invalid_params|unknown_(sub)?command/.test(kind) ||
    /unknown (sub)?command|unknown flag/.test(message)
  )
    return new DwsError('outdated', OUTDATED)
  if (error.retryable === true) return new DwsError('unavailable', UNAVAILABLE)
  if (kind !== 'http_403' && (exitCode === 2 || exitCode === 5)) return new DwsError('logged-out', LOGGED_OUT)
  const code = error.upstream_code ?? error.server_error_code ?? kind
  const words = message.slice(0, 300)
  return new DwsError('refused', {
    en: `${REFUSED.en} ${words} (${code})`,
    zh: `${REFUSED.zh}${words}（${code}）`,
  })
}

/** One line of JSON on standard error says where the person can agree. */
function consentError(stderr: string): DwsError {
  const line = stderr
    .split('\n')
    .map(parsed)
    .find((value) => typeof value === 'object' && value !== null)
  const consent = v.safeParse(
    v.object({
      code: v.string(),
      data: v.nullish(v.object({ uri: v.nullish(v.pipe(v.string(), v.url())) })),
    }),
    line,
  )
  const uri = consent.success ? consent.output.data?.uri : undefined
  if (!uri) return new DwsError('not-allowed', NOT_ALLOWED)
  return new DwsError('consent', {
    en: `dws needs your consent. Open ${uri}`,
    zh: `dws 需要你的授权，请打开 ${uri}`,
  })
}

/** How dws is installed. It also writes files that a person may not expect. */
export const INSTALL: Text = {
  en: `Run this in another terminal (Node.js 16.7 or later):
  npm install -g dingtalk-workspace-cli
It also writes files for AI agents to your home directory. Other ways: https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
  zh: `请在另一个终端中运行（Node.js 16.7 或更高版本）：
  npm install -g dingtalk-workspace-cli
它还会在主目录下写入供 AI 智能体使用的文件。其他安装方式：https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
}
