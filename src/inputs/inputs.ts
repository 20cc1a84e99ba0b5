import type { Region } from '../dingtalk/drive.ts'
import type { Operator, SendAs, UploadStrategy } from '../domain.ts'
import { MAX_CONCURRENCY } from '../http/concurrency.ts'
import type { Variables } from '../http/proxies.ts'
import { joined, type Text } from '../http/text.ts'
import { LANGUAGE_ALIASES, LANGUAGES } from '../text/language.ts'
import { CHAT_EXPLORER, GUIDE } from '../text/links.ts'
import { unquoted } from '../text/plain-text.ts'
import { readFolder, refusalOfFileName, refusalOfFolderPath } from './folder.ts'
import { readImages } from './images.ts'
import { mobilesIn, readMembers, readMention } from './mentions.ts'
import { type Alone, isMessageAlone, readButtons, readMessage, readStatus } from './message.ts'
import { type Check, InputReader, type InputSource, type Refusal, refusalOfSecret } from './reader.ts'
import { readRobot, signingSecrets, webhookSecrets } from './robot.ts'
import { proxyProblems, readBaseUrl } from './urls.ts'

const IF_NO_FILES_FOUND = { error: 'error', warn: 'warn', ignore: 'ignore' } as const

const REGIONS: Readonly<Record<string, Region>> = {
  zhangjiakou: 'ZHANGJIAKOU',
  shenzhen: 'SHENZHEN',
  shanghai: 'SHANGHAI',
  singapore: 'SINGAPORE',
}

const MODES = { upload: 'upload', check: 'check' } as const

const CONFLICT_STRATEGIES: Readonly<Record<string, UploadStrategy>> = {
  'auto-rename': 'AUTO_RENAME',
  overwrite: 'OVERWRITE',
  'return-existing': 'RETURN_DENTRY_IF_EXISTS',
  fail: 'RETURN_ERROR_IF_EXISTS',
  'if-changed': 'IF_CHANGED',
}

/** The groups of inputs, in order. */
export const GROUPS = {
  connect: { en: 'Connect', zh: '连接' },
  where: { en: 'Where', zh: '上传到哪里' },
  what: { en: 'What', zh: '上传什么' },
  who: { en: 'Who gets it', zh: '发送给谁' },
  message: { en: 'Message', zh: '消息' },
  advanced: { en: 'Advanced', zh: '高级' },
} as const satisfies Readonly<Record<string, Text>>

interface Input<Name, Reader> {
  readonly group: keyof typeof GROUPS
  /** Default: empty. */
  readonly default?: string
  /** Text or paths, which keep the quotation marks around a line. Other values don't. */
  readonly isText?: true
  /** May contain `${{`, because a commit title may. */
  readonly isMessage?: true
  /** The command reads it only from the environment, because other processes can read its arguments. */
  readonly secret?: true
  /** Returns the secrets in its value. Default: all of a secret, nothing of other inputs. */
  readonly masks?: (value: string) => string[]
  /** Whether it's `rejected` or `skipped` if the job only posts a message. Default: it's read. */
  readonly withoutFiles?: 'rejected' | 'skipped'
  /** Set only by GitHub's runner, and read by `Runner.job`. */
  readonly byRunner?: true
  /** The property of {@link Inputs} for the result of `read`. Absent if another row reads this input, too. */
  readonly as?: string
  /** Reads and checks the input, and others that belong to it. */
  readonly read?: (reader: Reader, name: Name) => unknown
}

type Read<Value> = <Name extends string>(reader: InputReader<Name>, name: Name) => Value

const text =
  (check?: Check): Read<string> =>
  (reader, name) =>
    reader.text(name, check)

const boolean: Read<boolean> = (reader, name) => reader.boolean(name)

const choice =
  <T>(choices: Readonly<Record<string, T>>, aliases?: Readonly<Record<string, T>>): Read<T> =>
  (reader, name) =>
    reader.choice(name, choices, aliases)

const integer =
  (min: number, max: number): Read<number> =>
  (reader, name) =>
    reader.integer(name, min, max)

const list =
  (check?: Check): Read<readonly string[]> =>
  (reader, name) =>
    reader.list(name, check)

/** Returns undefined if the input is not set and has no default. */
const optional =
  <T>(read: Read<T>): Read<T | undefined> =>
  (reader, name) =>
    reader.text(name) ? read(reader, name) : undefined

/** Every input, in the order of `action.yml`. */
const TABLE = {
  'app-key': { group: 'connect', as: 'appKey', read: readApp },
  'app-secret': { group: 'connect', secret: true, as: 'appSecret', read: readApp },
  'user-id': { group: 'connect', withoutFiles: 'skipped', as: 'operator', read: readOperator },

  'folder-url': { group: 'where', withoutFiles: 'skipped', as: 'folder', read: readFolder },
  'space-id': { group: 'where' },
  'parent-id': { group: 'where', default: '0' },
  'folder-path': { group: 'where', isText: true, as: 'folderPath', read: text(refusalOfFolderPath) },
  'keep-directories': {
    group: 'where',
    default: 'false',
    withoutFiles: 'rejected',
    as: 'keepDirectories',
    read: readKeepDirectories,
  },
  'conflict-strategy': {
    group: 'where',
    default: 'auto-rename',
    as: 'conflictStrategy',
    read: choice(CONFLICT_STRATEGIES),
  },
  'keep-last': {
    group: 'where',
    withoutFiles: 'rejected',
    as: 'keepLast',
    read: optional(integer(1, 1000)),
  },

  path: { group: 'what', isText: true, as: 'path', read: readPath },
  'include-hidden-files': { group: 'what', default: 'false', as: 'includeHiddenFiles', read: boolean },
  'if-no-files-found': {
    group: 'what',
    default: 'error',
    as: 'ifNoFilesFound',
    read: choice(IF_NO_FILES_FOUND),
  },
  name: {
    group: 'what',
    isText: true,
    withoutFiles: 'rejected',
    as: 'name',
    read: text(refusalOfFileName),
  },
  archive: { group: 'what', default: 'false', withoutFiles: 'rejected', as: 'archive', read: boolean },
  'release-tag': { group: 'what', as: 'releaseTag', read: text() },
  'github-token': {
    group: 'what',
    default: '${{ github.token }}',
    secret: true,
    as: 'githubToken',
    read: readGithubToken,
  },

  'chat-id': { group: 'who', as: 'chats', read: list(refusalOfChat) },
  'to-user-ids': { group: 'who', as: 'users', read: readUsers },
  'send-as': { group: 'who', default: 'file', as: 'sendAs', read: readSendAs },

  message: { group: 'message', isText: true, isMessage: true, as: 'message', read: readMessage },
  images: { group: 'message', isText: true, as: 'images', read: readImages },
  buttons: { group: 'message', isText: true, isMessage: true, as: 'buttons', read: readButtons },
  mention: { group: 'message', masks: mobilesIn, as: 'mention', read: readMention },
  members: { group: 'message', masks: mobilesIn, as: 'members', read: readMembers },
  'robot-code': { group: 'message', as: 'robot', read: readRobot },
  'robot-webhook': { group: 'message', secret: true, masks: webhookSecrets },
  'robot-secret': { group: 'message', secret: true, masks: signingSecrets },

  mode: { group: 'advanced', default: 'upload', as: 'mode', read: choice(MODES) },
  language: { group: 'advanced', default: 'both', as: 'language', read: choice(LANGUAGES, LANGUAGE_ALIASES) },
  status: { group: 'advanced', default: '${{ job.status }}', as: 'status', read: readStatus },
  'union-id': { group: 'advanced' },
  concurrency: { group: 'advanced', default: 'auto', as: 'concurrency', read: readConcurrency },
  'prefer-region': { group: 'advanced', as: 'preferRegion', read: optional(choice(REGIONS)) },
  'request-timeout': { group: 'advanced', default: '30', as: 'requestTimeout', read: readRequestTimeout },
  retries: { group: 'advanced', default: '5', as: 'retries', read: integer(0, 20) },
  'api-base-url': {
    group: 'advanced',
    default: 'https://api.dingtalk.com',
    as: 'apiBaseUrl',
    read: readBaseUrl,
  },
  'oapi-base-url': {
    group: 'advanced',
    default: 'https://oapi.dingtalk.com',
    as: 'oapiBaseUrl',
    read: readBaseUrl,
  },
  'job-identity': {
    group: 'advanced',
    default: '${{ job.workflow_ref }} ${{ toJSON(matrix) }}',
    byRunner: true,
  },
} as const satisfies Readonly<Record<string, Input<never, never>>>

export type InputName = keyof typeof TABLE

export const INPUTS: { readonly [Name in InputName]: Input<Name, InputReader<InputName>> } = TABLE

export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[]

/** The results of the table's `read` functions, by `as`. */
type Values = {
  readonly [
    Name in InputName as (typeof TABLE)[Name] extends { as: infer As extends string } ? As : never
  ]: (typeof TABLE)[Name] extends { read: (...given: never) => infer Value } ? Value : never
}

export type Inputs = UploadInputs | MessageInputs

/** The inputs of a job that uploads files, or checks whether it could. */
export interface UploadInputs extends Values {
  /** Absolute paths of more files and directories to upload. */
  readonly literalPaths: readonly string[]
}

/** The inputs of a job that posts a message without files. */
export interface MessageInputs extends Omit<UploadInputs, 'operator' | 'folder'> {
  readonly operator?: undefined
  readonly folder?: undefined
}

const NEEDS_FILES: Text = {
  en: 'This input requires path or release-tag. Neither is set, so there are no files: only the message is posted. Set one of them, or remove this input.',
  zh: '该输入需要配合 path 或 release-tag 使用，但两者都没有填写，因此没有要上传的文件，只会发送消息。请填写其中一个，或删除该输入。',
}

/**
 * Reads and checks all inputs, the files of `members` and `images`, and the proxies of the environment. Doesn't use the network.
 *
 * @throws InputError with all problems
 */
export function readInputs(source: InputSource<InputName>, environment: Variables = {}): Inputs {
  const inputs = new InputReader({ ...source, input: (name) => valueOf(source.input, name) }, defaultOf)
  for (const name of INPUT_NAMES)
    if (!INPUTS[name].isMessage && inputs.given(name).includes(EXPRESSION)) inputs.reject(name, NOT_EVALUATED)
  const alone = isMessageAlone(inputs)
  const values: Record<string, unknown> = { literalPaths: inputs.literalPaths }
  for (const name of INPUT_NAMES) {
    const { as, read, withoutFiles }: Input<never, typeof inputs> = INPUTS[name]
    if (alone && withoutFiles === 'skipped') continue
    if (as && read) values[as] = read(inputs, name as never)
    if (alone && withoutFiles === 'rejected' && inputs.text(name).toLowerCase() !== defaultOf(name))
      inputs.problem(name, NEEDS_FILES)
  }
  inputs.throwProblems(proxyProblems(environment))
  return values as unknown as Inputs
}

/** The beginning of an expression. A value that contains it was not evaluated. */
const EXPRESSION = '${{'

const NOT_EVALUATED: Text = {
  en: 'The value contains an expression (${{ … }}) that was not evaluated. Only workflow files of GitHub Actions and compatible runners can contain expressions. Elsewhere, enter the value itself, or use a variable of your CI.',
  zh: '值中的表达式（${{ … }}）没有被解析。只有 GitHub Actions 及其兼容 runner 的工作流文件支持表达式；其他环境请直接填写值，或使用 CI 的变量。',
}

/** The value that was set. A default that the runner didn't evaluate counts as empty. */
function valueOf(given: (name: InputName) => string, name: InputName): string {
  const value = INPUTS[name].isText ? given(name) : unquoted(given(name))
  return value.includes(EXPRESSION) && value.trim() === INPUTS[name].default ? '' : value
}

/** The default of an input; empty if it's an expression, which only a runner can evaluate. */
export function defaultOf(name: InputName): string {
  const value = INPUTS[name].default ?? ''
  return value.includes(EXPRESSION) ? '' : value
}

/** All secrets and mobile numbers (personal data) in the inputs, by line. Mask them before anything can fail. */
export function secretInputs(given: (name: InputName) => string): string[] {
  return INPUT_NAMES.flatMap((name) => {
    const value = valueOf(given, name)
    const { secret, masks = (value: string) => (secret ? value.split('\n') : []) } = INPUTS[name]
    // Secrets of robots may be in the wrong input.
    const misplaced = value.match(/(?<=\baccess_token=)[^&#\s]+|\bSEC[0-9a-f]{64}\b/g) ?? []
    return [...new Set([...masks(value), ...misplaced])].filter(Boolean)
  })
}

const CREDENTIALS = {
  'app-key': {
    other: { pattern: /^[\w-]{40,}$/, en: 'the AppSecret of an app', zh: '应用的 AppSecret' },
    hint: {
      en: 'Set it to the AppKey (Client ID) of the app.',
      zh: '请填写应用的 AppKey（Client ID）。',
    },
  },
  'app-secret': {
    other: { pattern: /^ding[0-9a-z]{16}$/, en: 'the AppKey of an app', zh: '应用的 AppKey' },
    hint: {
      en: 'Set it to the AppSecret (Client Secret) of the app.',
      zh: '请填写应用的 AppSecret（Client Secret）。',
    },
  },
} as const

const REQUIRED: Text = { en: 'Required, but not set.', zh: '必填，但没有填写。' }

/** What people enter instead of either credential. */
const NO_CREDENTIALS = [
  { pattern: /^[•●*＊·.…]+$/, en: 'the dots that hide a secret', zh: '隐藏密钥的圆点' },
  { pattern: /^ding[0-9a-f]{32}$/i, en: 'the CorpId of the organization', zh: '组织的 CorpId' },
  { pattern: /^\d+$/, en: 'the AgentId of the app', zh: '应用的 AgentId' },
  {
    pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    en: 'the App ID of the app',
    zh: '应用的 App ID',
  },
] as const

/** A credential of the app. A message by a custom robot, without files, needs none. */
function readApp(
  inputs: InputReader<'app-key' | 'app-secret' | 'robot-webhook' | Alone>,
  name: 'app-key' | 'app-secret',
): string {
  const { other, hint } = CREDENTIALS[name]
  // Quotes nothing, because the value may be the secret.
  const value = inputs.text(name, (value) => {
    const what = [...NO_CREDENTIALS, other].find(({ pattern }) => pattern.test(value))
    if (what) return joined({ en: `The value looks like ${what.en}.`, zh: `填写的值像是${what.zh}。` }, hint)
    return name === 'app-secret' ? refusalOfSecret(value) : undefined
  })
  if (!value && !(isMessageAlone(inputs) && inputs.text('robot-webhook')))
    inputs.missing(name, joined(REQUIRED, hint))
  return value
}

/** Prefers the union ID, which needs no lookup. */
function readOperator(inputs: InputReader<'user-id' | 'union-id'>): Operator {
  const refusal = (id: string): Text | undefined =>
    /[\s,，、；;]/.test(id)
      ? {
          en: `"${id}" contains a space or a comma. Enter a single ID.`,
          zh: `「${id}」含有空格或逗号，只能填写一个 ID。`,
        }
      : undefined
  const unionId = inputs.text('union-id', refusal)
  const userId = inputs.text('user-id', refusal)
  if (!unionId && !userId)
    inputs.missing('user-id', {
      en: 'One of user-id and union-id is required: files are uploaded and sent on behalf of this user.',
      zh: 'user-id 与 union-id 必填其一：文件以该成员的身份上传和发送。',
    })
  return unionId ? { kind: 'union-id', unionId } : { kind: 'user-id', userId }
}

function readKeepDirectories(inputs: InputReader<'keep-directories' | 'archive' | 'keep-last'>): boolean {
  const keepDirectories = inputs.boolean('keep-directories')
  if (keepDirectories && inputs.text('archive').toLowerCase() === 'true') {
    inputs.problem('keep-directories', {
      en: 'Set either keep-directories or archive to true, not both: a zip contains the directories anyway.',
      zh: 'keep-directories 与 archive 只能有一项为 true：zip 中本来就保留目录。',
    })
  }
  if (keepDirectories && inputs.text('keep-last')) {
    inputs.problem('keep-directories', {
      en: 'Use either keep-directories or keep-last, not both: keep-last deletes files only from the target folder, not from the folders below it.',
      zh: 'keep-directories 与 keep-last 不能同时使用：keep-last 只删除目标文件夹中的文件，不会删除下级文件夹中的文件。',
    })
  }
  return keepDirectories
}

/** Patterns, one per line. Optional if the files come from a release, or if the job needs no files. */
function readPath(inputs: InputReader<Alone>): string {
  const isUpload = inputs.text('mode').toLowerCase() === 'upload'
  const hasFiles = inputs.literalPaths.length > 0 || inputs.text('release-tag')
  const path = inputs.text('path')
  if (!path && isUpload && !isMessageAlone(inputs) && !hasFiles)
    inputs.problem('path', {
      en: 'Required, but not set. Enter files, directories, or glob patterns, one per line, such as app/build/outputs/**/*.apk.',
      zh: '必填，但没有填写。请填写文件、目录或通配符，每行一个，例如 app/build/outputs/**/*.apk。',
    })
  return path
}

function readGithubToken(inputs: InputReader<'github-token' | 'release-tag'>): string {
  const token = inputs.text('github-token')
  if (inputs.text('release-tag') && !token)
    inputs.missing(
      'github-token',
      { en: 'Required to read the release.', zh: '读取 Release 时必填。' },
      {
        en: 'Remove the input to use the token of the job; with act, pass it as the secret GITHUB_TOKEN.',
        zh: '删除该输入即可使用任务自带的 token；使用 act 时请通过名为 GITHUB_TOKEN 的 secret 传入。',
      },
    )
  return token
}

function refusalOfChat(id: string): Refusal | undefined {
  if (/^(chat[0-9A-Za-z]+|cid[0-9A-Za-z+/=_-]+)$/.test(id)) return undefined
  if (id.includes('/robot/send?'))
    return {
      en: 'This is the webhook of a custom robot. Set it as robot-webhook, and remove it from chat-id.',
      zh: '这是自定义机器人的 Webhook 地址。请填入 robot-webhook，并从 chat-id 中删除。',
    }
  return {
    en: `"${id}" is neither an openConversationId (cid…) nor a chatId (chat…). The name of a group or a link to it is not its ID. An ID has no spaces. Look up the ID.`,
    zh: `「${id}」既不是 openConversationId（cid…），也不是 chatId（chat…）。群名称和群链接不是 ID，ID 中没有空格。请获取群的 ID。`,
    links: [CHAT_EXPLORER, GUIDE.group],
  }
}

function refusalOfUser(id: string): Text | undefined {
  if (!/^(chat[0-9a-f]{32}|cid[\w+/=-]{16,})$|:\/\//i.test(id)) return undefined
  return {
    en: `"${id}" is not a userId. Enter one userId per line. The IDs of groups belong in chat-id.`,
    zh: `「${id}」不是 userId。请每行填写一个 userId；群的 ID 请填入 chat-id。`,
  }
}

function readUsers(inputs: InputReader<'to-user-ids' | 'robot-code' | Alone>): readonly string[] {
  const users = inputs.list('to-user-ids', refusalOfUser)
  if (users.length > 0 && isMessageAlone(inputs) && !inputs.text('robot-code'))
    inputs.problem('to-user-ids', {
      en: 'Neither path nor release-tag is set, so there are no files to send. To post only a message to users, set robot-code. Otherwise, remove this input.',
      zh: 'path 和 release-tag 都没有填写，没有可发送的文件。如需只向成员发送消息，请填写 robot-code；否则请删除该输入。',
    })
  return users
}

/** DingTalk has no API that sends links to people. */
function readSendAs(inputs: InputReader<'send-as' | 'chat-id' | 'to-user-ids'>): SendAs {
  const sendAs = inputs.choice<SendAs>('send-as', { file: 'file', link: 'link' })
  if (sendAs === 'link' && inputs.text('to-user-ids') && !inputs.text('chat-id')) {
    inputs.problem('send-as', {
      en: 'DingTalk can send links only to groups, and chat-id is not set. The users in to-user-ids always get the file: remove send-as, or set chat-id.',
      zh: '钉钉只能向群发送文件链接，而 chat-id 没有填写。to-user-ids 中的成员收到的始终是文件：请删除 send-as，或填写 chat-id。',
    })
  }
  return sendAs
}

function readConcurrency(inputs: InputReader<'concurrency'>): number | 'auto' {
  if (inputs.text('concurrency').toLowerCase() === 'auto') return 'auto'
  return inputs.integer('concurrency', 1, MAX_CONCURRENCY, {
    en: `auto, or a whole number from 1 to ${MAX_CONCURRENCY}`,
    zh: ` auto，或 1 至 ${MAX_CONCURRENCY} 之间的整数`,
  })
}

/** @returns ms */
function readRequestTimeout(inputs: InputReader<'request-timeout'>): number {
  const form = { en: 'a whole number of seconds from 1 to 3600', zh: ' 1 至 3600 之间的整数（单位：秒）' }
  return inputs.integer('request-timeout', 1, 3600, form) * 1000
}
