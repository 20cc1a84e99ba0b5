// A stand-in for DingTalk's CLI: the commands, flags, exit codes, and both forms of responses of dws 1.0.60-beta.1, as far as the
// setup uses them. Unlike dws, it rejects unknown flags, which dws would take for other flags. A test sets its state, and the
// errors that it plays.
import { text } from 'node:stream/consumers'
import { DWS_STATE, type Play, readState, recordCall, writeState } from './state.ts'

/** The flags of each command, besides the global ones, and whether it changes something. */
const COMMANDS: Readonly<Record<string, { flags: readonly string[]; writes?: true }>> = {
  version: { flags: [] },
  'auth status': { flags: [] },
  'profile list': { flags: [] },
  'dev app list': { flags: ['name', 'page-size', 'cursor'] },
  'dev app create': { flags: ['name', 'desc'], writes: true },
  'dev app credentials get': { flags: ['unified-app-id'] },
  'dev app permission list': { flags: ['unified-app-id', 'scope-value'] },
  'dev app permission add': { flags: ['unified-app-id', 'scope-values'], writes: true },
  'dev app robot get': { flags: ['unified-app-id'] },
  'dev app robot config': { flags: ['unified-app-id', 'name', 'mode', 'add-scope'], writes: true },
  'dev app version create': { flags: ['unified-app-id', 'desc'], writes: true },
  'dev app version check-approval': { flags: ['unified-app-id', 'version-id'] },
  'dev app version publish': {
    flags: ['unified-app-id', 'version-id', 'approver-user-id', 'confirmed-sensitive'],
    writes: true,
  },
  'dev app version status': { flags: ['unified-app-id', 'version-id'] },
  'contact user get-self': { flags: [] },
  'chat +chat-search': { flags: ['query'] },
  'chat group members add-bot': { flags: ['id', 'robot-code'] },
}

const SWITCHES = ['yes', 'add-scope', 'confirmed-sensitive']

class Failure extends Error {
  readonly exitCode: number
  readonly fields: Record<string, unknown>

  constructor(exitCode: number, fields: Record<string, unknown>) {
    super()
    this.exitCode = exitCode
    this.fields = fields
  }
}

const args = process.argv.slice(2)
recordCall('dws', args)
const words = args.slice(0, args.findIndex((arg) => arg.startsWith('--')) >>> 0)
const command = words.join(' ')
const isDev = words[0] === 'dev'
const state = readState('dws', DWS_STATE)

try {
  if (process.stdin.isTTY || (await text(process.stdin)) !== '')
    throw new Error('standard input has to be closed')
  const flags = flagsOf(args.slice(words.length))
  const play = state.plays[command]?.shift()
  writeState('dws', state)
  const data = await perform(flags, play)
  writeState('dws', state)
  console.log(JSON.stringify(data, undefined, 2))
} catch (error) {
  if (!(error instanceof Failure)) throw error
  fail(error)
}

/** @throws Failure like dws, except for unknown flags */
function flagsOf(rest: string[]): Record<string, string> {
  const known = COMMANDS[command]
  if (!known)
    throw new Failure(3, {
      category: 'validation',
      code: 3,
      reason: 'unknown_subcommand',
      message: `unknown subcommand for "dws ${command}"`,
    })
  const flags: Record<string, string> = {}
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    const name = flag.replace(/^--/, '')
    if (![...known.flags, 'format', 'profile', 'yes'].includes(name))
      throw new Error(`${command} has no flag ${flag}`)
    flags[name] = SWITCHES.includes(name) ? 'true' : (rest.shift() ?? '')
  }
  if (flags['format'] !== 'json') throw new Error('--format json is missing')
  if (known.writes && flags['yes'] === undefined)
    throw new Failure(3, {
      type: 'validation',
      subtype: 'confirmation_required',
      exit_code: 3,
      message: `dws ${command} 需要用户确认，当前环境无法交互`,
    })
  const { profile } = flags
  if (profile !== undefined && !state.accounts.some((account) => account.profile === profile))
    throw new Failure(3, { type: 'validation', exit_code: 3, message: `organization "${profile}" not found` })
  if (!state.loggedIn && !['version', 'auth', 'profile'].includes(words[0] ?? ''))
    throw new Failure(5, {
      [isDev ? 'type' : 'category']: 'internal',
      message: 'resolve access token: open .data: no such file or directory',
    })
  return flags
}

/** Executes a command, or plays an error. */
async function perform(flags: Record<string, string>, play: Play | undefined): Promise<unknown> {
  switch (play) {
    case undefined:
    case 'ignored':
      break
    case 'http_503 done':
      await answer(flags)
      writeState('dws', state)
      throw api('http_503', {
        http_status: 503,
        retryable: true,
        message: 'request to https://mcp.example returned HTTP 503',
      })
    case 'http_503':
      throw api('http_503', {
        http_status: 503,
        retryable: true,
        message: 'request to https://mcp.example returned HTTP 503',
      })
    case 'http_429':
      throw api('http_429', {
        http_status: 429,
        retryable: true,
        message: 'request to https://mcp.example returned HTTP 429',
      })
    case 'network':
      throw api('connection_refused', { retryable: true, message: 'dial tcp: connect: connection refused' })
    case 'nothing':
      await answer(flags)
      return isDev ? { ok: true, outcome: 'success', data: null } : {}
    case 'html':
      return stop(0, '<html>')
    case 'no-developer':
      throw api('business_error', { upstream_code: '40035', message: '当前用户没有开发者身份' })
    case 'quoting':
      throw api('business_error', { upstream_code: '1', message: JSON.stringify(state.credentials) })
    case 'not-creator':
      throw api('business_error', { server_error_code: '1', message: 'no app creator, no permission' })
    case 'token':
      throw new Failure(2, {
        [isDev ? 'type' : 'category']: 'auth',
        [isDev ? 'subtype' : 'reason']: 'http_401',
        http_status: 401,
        message: `HTTP 401 ${JSON.stringify(state.credentials)}`,
      })
    case 'unknown-tool':
      throw new Failure(3, {
        type: 'validation',
        subtype: 'tools_call_jsonrpc_invalid_params',
        exit_code: 3,
        rpc_code: -32602,
        message: 'JSON-RPC tools/call failed with code -32602: 未找到指定工具',
      })
    case 'unknown-command':
      return stop(
        3,
        '',
        JSON.stringify({
          error: {
            category: 'validation',
            code: 3,
            reason: 'unknown_subcommand',
            message: `unknown subcommand "${words.at(-1) ?? ''}"`,
          },
        }),
      )
    case 'consent':
      return stop(
        4,
        '',
        JSON.stringify({
          success: false,
          code: 'PAT_MEDIUM_RISK_NO_PERMISSION',
          data: { uri: 'https://open-dev.dingtalk.com/consent?code=1' },
        }),
      )
    case 'consent-denied':
      return stop(4, '', JSON.stringify({ success: false, code: 'PAT_ORG_POLICY_DENIED', data: {} }))
  }
  const data = play === 'ignored' ? { message: 'ok', success: true } : await answer(flags)
  if (!isDev) return data
  const { pending = false, ...rest } = data as { pending?: boolean }
  return { ok: true, outcome: pending ? 'pending' : 'success', data: rest }
}

/** Ends with an irregular response. */
function stop(exitCode: number, stdout: string, stderr = ''): never {
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  process.exit(exitCode)
}

function api(kind: string, fields: Record<string, unknown>): Failure {
  return new Failure(1, {
    [isDev ? 'type' : 'category']: 'api',
    [isDev ? 'subtype' : 'reason']: kind,
    [isDev ? 'exit_code' : 'code']: 1,
    ...fields,
  })
}

function fail({ exitCode, fields }: Failure): never {
  if (isDev && exitCode !== 4 && fields['reason'] !== 'unknown_subcommand')
    console.log(JSON.stringify({ ok: false, outcome: 'failure', error: fields }, undefined, 2))
  else console.error(JSON.stringify({ error: fields }, undefined, 2))
  process.exit(exitCode)
}

/** Executes a command without an error. */
async function answer(flags: Record<string, string>): Promise<object> {
  const version = flags['version-id'] ?? ''
  switch (command) {
    case 'version':
      return { architecture: 'MCP Static Endpoint Mode', edition: 'open', version: state.version }
    case 'auth status': {
      const [first] = state.accounts
      if (!state.loggedIn) return { success: true, authenticated: false, message: '未登录' }
      return {
        success: true,
        authenticated: true,
        token_valid: true,
        corp_name: first?.corpName,
        user_name: first?.userName,
      }
    }
    case 'profile list':
      return { success: true, profiles: state.loggedIn ? state.accounts : [] }
    case 'dev app list':
      return { items: state.apps.filter(({ name }) => name.includes(flags['name'] ?? '')) }
    case 'dev app create': {
      const app = {
        unifiedAppId: `ua-${state.apps.length + 1}`,
        name: flags['name'] ?? '',
        appKey: state.credentials.clientId,
      }
      state.apps.push(app)
      return { unifiedAppId: app.unifiedAppId, name: app.name }
    }
    case 'dev app credentials get': {
      const { clientId, clientSecret } = state.credentials
      return {
        ...state.credentials,
        appKey: clientId,
        appSecret: clientSecret,
        currentSecretStatus: 'NORMAL',
      }
    }
    case 'dev app permission list': {
      const scopeValue = flags['scope-value'] ?? ''
      const authed = state.authed.includes(scopeValue)
      const isAddable = !authed && !state.notAddable.includes(scopeValue)
      return {
        items: [
          {
            scopeValue,
            authed,
            allowedActions: ['view', 'detail', ...(isAddable ? ['apply'] : [])],
            authedStatusDesc: authed ? '已开通' : '未开通',
            requiredApproval: state.needsApproval.includes(scopeValue),
            ...(state.notAddable.includes(scopeValue) ? { displayMessage: '请联系管理员' } : {}),
          },
        ],
      }
    }
    case 'dev app permission add': {
      const scopes = (flags['scope-values'] ?? '').split(',')
      await authorize(scopes.filter((scope) => !state.needsApproval.includes(scope)))
      return { message: 'ok', success: true }
    }
    case 'dev app robot get':
      return state.hasRobot
        ? { configured: true, robotStatus: 'ONLINE', robotCode: state.robotCode, mode: 'STREAM' }
        : { configured: false, robotStatus: 'UNCONFIGURED' }
    case 'dev app robot config':
      state.hasRobot = true
      await authorize(['qyapi_robot_sendmsg'])
      return { success: true }
    case 'dev app version create': {
      const versionId = `v-${Object.keys(state.versions).length + 1}`
      state.versions[versionId] = 'INIT'
      return { versionId, unifiedAppId: flags['unified-app-id'], status: 'INIT' }
    }
    case 'dev app version check-approval':
      return approval(version)
    case 'dev app version publish': {
      if (state.approvers.length > 0 && flags['approver-user-id'] === undefined)
        return { ...approval(version), pending: true }
      const isReviewed = state.approvers.length > 0 || state.reviews > 0
      state.versions[version] = isReviewed ? 'AUDIT' : 'RELEASE'
      if (!isReviewed) await authorize(state.needsApproval)
      return isReviewed ? { approvalSubmitted: true, processId: 'p-1', pending: true } : { published: true }
    }
    case 'dev app version status': {
      if (state.versions[version] === 'AUDIT' && state.reviews-- <= 0) {
        state.versions[version] = 'RELEASE'
        await authorize(state.needsApproval)
      }
      const versionStatus = state.versions[version]
      const isReviewed = versionStatus === 'AUDIT'
      return {
        versionId: version,
        versionStatus,
        ...(isReviewed ? { processStatus: 'UNDER_REVIEW', pending: true } : {}),
      }
    }
    case 'contact user get-self':
      return {
        success: true,
        result: [
          { orgEmployeeModel: { userId: state.self.userId, orgUserName: state.self.name, orgName: 'ACME' } },
        ],
      }
    case 'chat +chat-search': {
      const chats = state.groups.filter(({ title }) => title.includes(flags['query'] ?? ''))
      return {
        chats: chats.map((chat) => ({ name: chat.title, memberCount: 5, ...chat })),
        hasMore: false,
        complete: true,
      }
    }
    case 'chat group members add-bot':
      state.robots.push(`${flags['robot-code'] ?? ''} ${flags['id'] ?? ''}`)
      return { success: true }
    default:
      throw new Error(`no such command: ${command}`)
  }
}

function approval(version: string): object {
  const { approvers } = state
  if (approvers.length === 0) return { requiresApproval: false, publishable: true, versionId: version }
  return {
    requiresApproval: true,
    publishable: false,
    approvalMode: 'SELECT_APPROVER',
    approvalCandidates: approvers,
    approvalOptions: approvers.map(({ userId, name }) => ({
      userId,
      name,
      label: `${name}（userId: ${userId}）`,
    })),
    versionId: version,
  }
}

/** Grants the app scopes, also in the emulator. */
async function authorize(scopes: readonly string[]): Promise<void> {
  state.authed = [...new Set([...state.authed, ...scopes])]
  if (state.emulator === undefined) return
  await fetch(`${state.emulator}/_emulator/scopes`, {
    method: 'POST',
    body: JSON.stringify({ grant: scopes }),
  })
}
