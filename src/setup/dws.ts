import * as v from 'valibot'
import { TextError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { CONSOLE } from '../text/links.ts'
import { type Finished, type Place, runProgram } from './program.ts'

/** The first version whose `dev` commands respond in the format that is read here. */
const MINIMUM = '1.0.58'

const INSTALL: Text = {
  en: `dws is not installed, or older than version ${MINIMUM}. Run this in another terminal (Node.js 16.7 or later):
  npm install -g dingtalk-workspace-cli
It also writes files for AI agents to your home directory. Other ways to install it: https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
  zh: `未安装 dws，或版本低于 ${MINIMUM}。请在另一个终端中运行（需要 Node.js 16.7 或更高版本）：
  npm install -g dingtalk-workspace-cli
它还会在主目录下写入供 AI 智能体使用的文件。其他安装方式：https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
}

const NOT_ALLOWED: Text = {
  en: 'If the organization does not allow dws, an administrator can allow it: https://open-dev.dingtalk.com/fe/old#/developerSettings',
  zh: '如果组织不允许使用 dws，管理员可以在此开启：https://open-dev.dingtalk.com/fe/old#/developerSettings',
}

const LOG_IN: Text = {
  en: `dws is not logged in, or its login has expired. Run this in another terminal (without a browser, add --device):
  dws auth login
${NOT_ALLOWED.en}`,
  zh: `dws 尚未登录，或登录已失效。请在另一个终端中运行（没有浏览器时加上 --device）：
  dws auth login
${NOT_ALLOWED.zh}`,
}

const NOT_DEVELOPER: Text = {
  en: `You don't have developer permission in this organization. An administrator can add you in the developer console, under Permissions (权限管理): ${CONSOLE}`,
  zh: `你在该组织中没有开发者权限。请管理员在开发者后台的「权限管理」中添加你：${CONSOLE}`,
}

const UNEXPECTED: Text = {
  en: 'dws returned an unexpected response. If it is not the latest version, run dws upgrade.',
  zh: 'dws 返回了无法识别的响应。如果不是最新版本，请运行 dws upgrade。',
}

const FAILED: Text = { en: 'dws could not complete the operation.', zh: 'dws 未能完成操作。' }

const MAY_EXIST: Text = {
  en: 'The app may have been created anyway. Wait a minute before you try again: the setup then searches for it first.',
  zh: '应用可能已经创建成功。请等待一分钟再重试，重试时会先查找该应用。',
}

/** `dev` commands and the other commands have different names for the same fields. */
const ErrorFields = v.object({
  subtype: v.nullish(v.string()),
  reason: v.nullish(v.string()),
  upstream_code: v.nullish(v.union([v.string(), v.number()])),
  server_error_code: v.nullish(v.union([v.string(), v.number()])),
  message: v.nullish(v.string(), ''),
})

const Consent = v.object({ data: v.object({ uri: v.pipe(v.string(), v.url()) }) })

const ANYTHING = v.nullish(v.unknown())

const App = v.object({ unifiedAppId: v.string(), name: v.string(), appKey: v.nullish(v.string(), '') })
export type App = v.InferOutput<typeof App>

const Permission = v.object({
  scopeValue: v.string(),
  authed: v.boolean(),
  allowedActions: v.nullish(v.array(v.string()), []),
})

const VersionStatus = v.object({
  versionStatus: v.string(),
  processStatus: v.nullish(v.string(), ''),
  processComment: v.nullish(v.string(), ''),
})

const Account = v.object({
  profile: v.string(),
  corpName: v.nullish(v.string()),
  userName: v.nullish(v.string()),
})

/** DingTalk's CLI, run without a terminal. Each method throws a {@link TextError}, which contains no secret. */
export class Dws {
  readonly #place: Place
  /** The account for all commands, as `corpId:userId`. */
  profile: string | undefined

  constructor(place: Place) {
    this.#place = { ...place, variables: { DO_NOT_TRACK: '1', ...place.variables } }
  }

  /** @throws TextError if dws is missing or too old */
  async checkVersion(): Promise<void> {
    const { stdout } = await this.#finished(['version'])
    const output = v.safeParse(v.object({ version: v.string() }), parsed(stdout))
    // A build from source has the version "dev", which compares as later.
    const version = output.success ? output.output.version.replace(/^v/, '') : ''
    if (version.localeCompare(MINIMUM, 'en', { numeric: true }) < 0) throw new TextError(INSTALL)
  }

  /** The accounts that are logged in: at least one. @throws TextError also if dws is missing or too old */
  async accounts(): Promise<{ profile: string; label: string }[]> {
    await this.checkVersion()
    const Status = v.object({ authenticated: v.boolean(), token_valid: v.nullish(v.boolean(), false) })
    const { authenticated, token_valid } = await this.#run(['auth', 'status'], Status)
    if (!authenticated || !token_valid) throw new TextError(LOG_IN)
    const { profiles } = await this.#run(['profile', 'list'], v.object({ profiles: v.array(Account) }))
    if (profiles.length === 0) throw new TextError(LOG_IN)
    return profiles.map(({ profile, userName, corpName }) => ({
      profile,
      label: [userName, corpName].filter(Boolean).join(', ') || profile,
    }))
  }

  /** The apps whose names contain a text. */
  async apps(name: string): Promise<App[]> {
    const Pagination = v.object({ pagination: v.nullish(v.object({ next_token: v.nullish(v.string()) })) })
    const Page = v.object({ data: v.object({ items: v.array(App) }), meta: v.nullish(Pagination) })
    const apps: App[] = []
    let cursor: string | null | undefined
    const cursors = new Set<string | null | undefined>()
    do {
      cursors.add(cursor)
      const page = ['--page-size', '50', ...(cursor ? ['--cursor', cursor] : [])]
      const { data, meta } = await this.#run(['dev', 'app', 'list', '--name', name, ...page], Page)
      apps.push(...data.items)
      cursor = meta?.pagination?.next_token
    } while (cursor && !cursors.has(cursor))
    return apps
  }

  /** Creates an app. After any error, the app may exist: dws itself retries the call. @returns its ID */
  async createApp(name: string): Promise<string> {
    try {
      const App = v.object({ unifiedAppId: v.string() })
      return (await this.#dev(['app', 'create', '--name', name], App)).unifiedAppId
    } catch (error) {
      throw error instanceof TextError ? new TextError(joined(error.text, MAY_EXIST)) : error
    }
  }

  /** The caller must mask the secret. Errors never quote the output of dws. */
  async credentials(app: string): Promise<{ clientId: string; clientSecret: string }> {
    const Credentials = v.object({ clientId: v.string(), clientSecret: v.pipe(v.string(), v.nonEmpty()) })
    return this.#dev(['app', 'credentials', 'get', '--unified-app-id', app], Credentials)
  }

  /** The permissions that the app does not have, and whether dws can add each. */
  async missingPermissions(
    app: string,
    scopes: readonly string[],
  ): Promise<{ scope: string; isAddable: boolean }[]> {
    const missing = []
    for (const scope of scopes) {
      const args = ['app', 'permission', 'list', '--unified-app-id', app, '--scope-value', scope]
      const { items } = await this.#dev(args, v.object({ items: v.array(Permission) }))
      const found = items.find(({ scopeValue }) => scopeValue === scope)
      const isAddable = found?.allowedActions.includes('apply') === true
      if (!found?.authed) missing.push({ scope, isAddable })
    }
    return missing
  }

  /** Its response proves nothing: call {@link missingPermissions} afterwards. */
  async addPermissions(app: string, scopes: readonly string[]): Promise<void> {
    const args = ['app', 'permission', 'add', '--unified-app-id', app, '--scope-values', scopes.join(',')]
    await this.#dev(args, ANYTHING)
  }

  /** The code of the app's robot; undefined if the app has none. */
  async robotCode(app: string): Promise<string | undefined> {
    const Robot = v.object({ robotStatus: v.string(), robotCode: v.nullish(v.string()) })
    const args = ['app', 'robot', 'get', '--unified-app-id', app]
    const { robotStatus, robotCode } = await this.#dev(args, Robot)
    return robotStatus === 'UNCONFIGURED' ? undefined : (robotCode ?? undefined)
  }

  async configureRobot(app: string, name: string): Promise<void> {
    const args = ['app', 'robot', 'config', '--unified-app-id', app, '--name', name]
    await this.#dev([...args, '--mode', 'STREAM', '--add-scope'], ANYTHING)
  }

  /** @returns the ID of the version */
  async createVersion(app: string, description: string): Promise<string> {
    const args = ['app', 'version', 'create', '--unified-app-id', app, '--desc', description]
    return (await this.#dev(args, v.object({ versionId: v.pipe(v.string(), v.nonEmpty()) }))).versionId
  }

  /** Who can approve a version, if the user has to choose an approver; otherwise empty. */
  async approvers(app: string, version: string): Promise<{ label: string; userId: string }[]> {
    const Approval = v.object({
      approvalMode: v.nullish(v.string()),
      approvalOptions: v.nullish(v.array(v.object({ label: v.string(), userId: v.string() })), []),
    })
    const args = ['app', 'version', 'check-approval', '--unified-app-id', app, '--version-id', version]
    const { approvalMode, approvalOptions } = await this.#dev(args, Approval)
    return approvalMode === 'SELECT_APPROVER' ? approvalOptions : []
  }

  /** Publishes a version, or submits it for approval: {@link versionStatus} shows which. */
  async publish(app: string, version: string, approver: string | undefined): Promise<void> {
    const args = ['app', 'version', 'publish', '--unified-app-id', app, '--version-id', version]
    const chosen = approver === undefined ? [] : ['--approver-user-id', approver]
    // The user has agreed to the permissions, including sensitive ones.
    await this.#dev([...args, '--confirmed-sensitive', ...chosen], ANYTHING)
  }

  async versionStatus(app: string, version: string): Promise<v.InferOutput<typeof VersionStatus>> {
    const args = ['app', 'version', 'status', '--unified-app-id', app, '--version-id', version]
    return this.#dev(args, VersionStatus)
  }

  /** The user ID of the account. */
  async userId(): Promise<string> {
    const Employee = v.object({ orgEmployeeModel: v.object({ userId: v.string() }) })
    const Self = v.object({ result: v.tupleWithRest([Employee], v.unknown()) })
    const { result } = await this.#run(['contact', 'user', 'get-self'], Self)
    return result[0].orgEmployeeModel.userId
  }

  /** The groups of the account whose names contain a text. */
  async groups(name: string): Promise<{ title: string; openConversationId: string }[]> {
    const Group = v.object({ title: v.string(), openConversationId: v.pipe(v.string(), v.startsWith('cid')) })
    const Groups = v.object({ chats: v.array(Group) })
    return (await this.#run(['chat', '+chat-search', '--query', name], Groups)).chats
  }

  /** dws doesn't ask for confirmation, so the user must have agreed. */
  async addRobot(group: string, robotCode: string): Promise<void> {
    const args = ['chat', 'group', 'members', 'add-bot', '--id', group, '--robot-code', robotCode]
    await this.#run(args, ANYTHING)
  }

  /** Runs a `dev` command, whose data is part of an object. */
  async #dev<T extends v.GenericSchema>(args: readonly string[], schema: T): Promise<v.InferOutput<T>> {
    const Response = v.object({ ok: v.literal(true), data: schema })
    return (await this.#run(['dev', ...args], Response)).data
  }

  async #run<T extends v.GenericSchema>(args: readonly string[], schema: T): Promise<v.InferOutput<T>> {
    const finished = await this.#finished(args)
    const output = v.safeParse(schema, parsed(finished.stdout))
    if (finished.exitCode === 0 && output.success) return output.output
    throw new TextError(problemOf(finished, args.includes('credentials')))
  }

  #finished(args: readonly string[]): Promise<Finished> {
    const profile = this.profile === undefined ? [] : ['--profile', this.profile]
    return runProgram('dws', [...args, ...profile, '--yes', '--format', 'json'], this.#place)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Why a command failed. @param isSecret whether its output may contain a secret, and must not be quoted */
function problemOf({ exitCode, stdout, stderr }: Finished, isSecret: boolean): Text {
  if (exitCode === 4) {
    const [uri] = stderr.split('\n').flatMap((line) => {
      const consent = v.safeParse(Consent, parsed(line))
      return consent.success ? consent.output.data.uri : []
    })
    // Without a link, only an administrator can help.
    if (uri === undefined) return joined(FAILED, NOT_ALLOWED)
    return { en: `dws needs your consent. Open ${uri}`, zh: `dws 需要你的授权，请打开 ${uri}` }
  }
  const [error] = [stdout, stderr].flatMap((text) => {
    const output = v.safeParse(v.object({ error: ErrorFields }), parsed(text))
    return output.success ? output.output.error : []
  })
  const { message, subtype, reason, upstream_code, server_error_code } = error ?? { message: '' }
  const kind = subtype ?? reason ?? ''
  if (message.includes('没有开发者身份')) return NOT_DEVELOPER
  if (kind !== 'http_403' && (exitCode === 2 || exitCode === 5)) return LOG_IN
  if (!error || /jsonrpc_invalid_params|unknown_(sub)?command/.test(kind)) return UNEXPECTED
  if (isSecret) return FAILED
  const code = upstream_code ?? server_error_code ?? kind
  return joined(FAILED, {
    en: `${message.slice(0, 300)} (${code})`,
    zh: `${message.slice(0, 300)}（${code}）`,
  })
}
