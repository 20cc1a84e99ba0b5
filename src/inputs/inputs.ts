import type { Folder, Region } from '../dingtalk/drive.ts'
import { refusalOfName } from '../dingtalk/names.ts'
import { MAX_PUT } from '../dingtalk/oss.ts'
import type { Button, Mentions } from '../dingtalk/robots.ts'
import { MAX_CONCURRENCY } from '../http/concurrency.ts'
import type { Text } from '../http/text.ts'
import type { Status } from '../send/placeholders.ts'
import type { Robot } from '../send/post-message.ts'
import type { SendAs } from '../send/recipients.ts'
import { type Language, LANGUAGES } from '../text/language.ts'
import { CHAT_EXPLORER, GUIDE } from '../text/links.ts'
import type { UploadStrategy } from '../upload/destination.ts'
import { MAX_PART_SIZE, MIN_PART_SIZE } from '../upload/parts.ts'
import { refusalOfBaseUrl } from './base-url.ts'
import { readButtons } from './buttons.ts'
import { refusalOfFolderPath } from './folder-path.ts'
import { readFolder } from './folder.ts'
import { readMentions } from './mentions.ts'
import { isMessageAlone, readMessage, readStatus, refuseFileInputs } from './message.ts'
import { type Operator, readOperator } from './operator.ts'
import { proxyProblems, type ProxyVariables } from './proxies.ts'
import { InputReader } from './reader.ts'
import { readRobot } from './robot.ts'

/** The inputs, checked. */
export type Inputs = UploadInputs | MessageInputs

/** Of a job that uploads files, or checks whether it could. */
export interface UploadInputs extends CommonInputs {
  operator: Operator
  folder: Folder
}

/** Of a job that posts a message without files: it needs neither an operator nor a folder. */
export interface MessageInputs extends CommonInputs {
  operator?: undefined
  folder?: undefined
}

/** What all jobs have, in the order of `action.yml`. */
interface CommonInputs {
  /** Empty if a custom robot posts a message without files. */
  appKey: string
  appSecret: string
  /** Below that folder, such as `releases/v1.2.0`; empty: the folder itself. */
  folderPath: string
  /** Patterns for `@actions/glob`, one per line; can be empty with a release, or in a check. */
  path: string
  includeHiddenFiles: boolean
  /** What to do when no file is found. */
  ifNoFilesFound: 'error' | 'warn' | 'ignore'
  /** The name in DingTalk; empty: the name of the file. */
  name: string
  /** Whether the directories of the files become folders. */
  keepDirectories: boolean
  /** Whether all files are packed into one zip. */
  archive: boolean
  conflictStrategy: UploadStrategy
  /** How many runs' files stay in the folder; undefined: all. */
  keepLast: number | undefined
  /** Chat IDs (`chat…`) and open conversation IDs (`cid…`), each once. */
  chats: readonly string[]
  /** User IDs, each once. */
  users: readonly string[]
  /** What groups get. */
  sendAs: SendAs
  /** Markdown with placeholders; empty: none. */
  message: string
  /** For the placeholder of that name. */
  status: Status | undefined
  /** With placeholders. */
  buttons: readonly Button[]
  /** Whom the message mentions. */
  mentions: Mentions | undefined
  robot: Robot | undefined
  /** Tag of a release, or `latest`; empty: none. */
  releaseTag: string
  githubToken: string
  /** `check`: reports whether an upload would work; uploads and sends nothing. */
  mode: 'upload' | 'check'
  /** Connections at once; `auto`: as many as make it faster. */
  concurrency: number | 'auto'
  /** bytes; a file above it is uploaded in parts; 0: only what is too large for one request; `auto`: by size and distance */
  multipartThreshold: number | 'auto'
  /** bytes; `auto`: by the size of the file */
  partSize: number | 'auto'
  /** Where the platform should store new files. */
  preferRegion: Region | undefined
  /** Of errors, the job summary and the log. */
  language: Language
  /** ms */
  requestTimeout: number
  /** Attempts after the first, per call. */
  retries: number
  apiBaseUrl: string
  oapiBaseUrl: string
}

/** Every input with its default, in the order of `action.yml`, which lists the same; empty: no default. */
export const INPUTS = {
  'app-key': '',
  'app-secret': '',
  'user-id': '',
  'union-id': '',
  'folder-url': '',
  'space-id': '',
  'parent-id': '0',
  'parent-uuid': '',
  'folder-path': '',
  path: '',
  'include-hidden-files': 'false',
  'if-no-files-found': 'error',
  name: '',
  'keep-directories': 'false',
  archive: 'false',
  'conflict-strategy': 'auto-rename',
  'keep-last': '',
  'chat-id': '',
  'to-user-ids': '',
  'send-as': 'file',
  message: '',
  status: '',
  buttons: '',
  'at-user-ids': '',
  'at-mobiles': '',
  'robot-code': '',
  'robot-webhook': '',
  'robot-secret': '',
  'release-tag': '',
  'github-token': '${{ github.token }}',
  mode: 'upload',
  concurrency: 'auto',
  'multipart-threshold': 'auto',
  'part-size': 'auto',
  'prefer-region': '',
  language: 'both',
  'request-timeout': '30',
  retries: '5',
  'api-base-url': 'https://api.dingtalk.com',
  'oapi-base-url': 'https://oapi.dingtalk.com',
  // Read by the runner: see `Runner.job`.
  'job-identity': '${{ job.workflow_ref }} ${{ toJSON(matrix) }}',
} as const

export type InputName = keyof typeof INPUTS

const IF_NO_FILES_FOUND = { error: 'error', warn: 'warn', ignore: 'ignore' } as const

const REGIONS: Readonly<Record<string, Region>> = {
  zhangjiakou: 'ZHANGJIAKOU',
  shenzhen: 'SHENZHEN',
  shanghai: 'SHANGHAI',
  singapore: 'SINGAPORE',
}

const SEND_AS = { file: 'file', link: 'link' } as const

const MODES = { upload: 'upload', check: 'check' } as const

const CONFLICT_STRATEGIES: Readonly<Record<string, UploadStrategy>> = {
  'auto-rename': 'AUTO_RENAME',
  overwrite: 'OVERWRITE',
  'return-existing': 'RETURN_DENTRY_IF_EXISTS',
  fail: 'RETURN_ERROR_IF_EXISTS',
  'if-changed': 'IF_CHANGED',
}

/** The platform's own spelling, where it differs. */
const CONFLICT_STRATEGY_ALIASES: Readonly<Record<string, UploadStrategy>> = {
  auto_rename: 'AUTO_RENAME',
  return_dentry_if_exists: 'RETURN_DENTRY_IF_EXISTS',
  return_error_if_exists: 'RETURN_ERROR_IF_EXISTS',
  if_changed: 'IF_CHANGED',
}

/** Why an input from a secret may be empty. */
const FROM_SECRET: Text = {
  en: 'If it comes from a secret or a CI variable, check its name, and whether this job may read it: pull requests from forks get no secrets.',
  zh: '如果取自 secret 或 CI 变量，请检查名称是否正确，以及当前任务能否读取：来自 fork 的 pull request 无法读取 secret。',
}

/**
 * Reads and checks all inputs. Uses neither the network nor the disk.
 *
 * @param read returns the value of an input, or an empty string if it is not given
 * @param environment of the process, whose proxies are used
 * @throws InputError with every problem, not only the first
 */
export function readInputs(read: (name: InputName) => string, environment: ProxyVariables = {}): Inputs {
  const reader = new InputReader(read, INPUTS)
  // Read first: it decides whether a path is required.
  const mode = reader.choice('mode', MODES)
  const alone = isMessageAlone(reader)
  const inputs: Inputs = {
    ...readApp(reader, alone),
    ...(alone ? {} : { operator: readOperator(reader), folder: readFolder(reader) }),
    folderPath: reader.text('folder-path', refusalOfFolderPath),
    path: readPath(reader, alone || mode === 'check'),
    includeHiddenFiles: reader.boolean('include-hidden-files'),
    ifNoFilesFound: reader.choice('if-no-files-found', IF_NO_FILES_FOUND),
    name: reader.text('name', refusalOfName),
    keepDirectories: readKeepDirectories(reader),
    archive: reader.boolean('archive'),
    conflictStrategy: reader.choice('conflict-strategy', CONFLICT_STRATEGIES, CONFLICT_STRATEGY_ALIASES),
    keepLast: reader.text('keep-last') ? reader.integer('keep-last', 1, 1000) : undefined,
    chats: reader.list('chat-id', refusalOfChat),
    users: reader.list('to-user-ids'),
    sendAs: readSendAs(reader),
    message: readMessage(reader),
    status: readStatus(reader, reader.text('message'), reader.text('buttons')),
    buttons: readButtons(reader),
    mentions: readMentions(reader),
    robot: readRobot(reader),
    releaseTag: reader.text('release-tag'),
    githubToken: readGithubToken(reader),
    mode,
    concurrency: reader.orAuto('concurrency', () => reader.integer('concurrency', 1, MAX_CONCURRENCY)),
    multipartThreshold: reader.orAuto('multipart-threshold', () =>
      reader.size('multipart-threshold', 0, MAX_PUT),
    ),
    partSize: reader.orAuto('part-size', () => reader.size('part-size', MIN_PART_SIZE, MAX_PART_SIZE)),
    preferRegion: reader.text('prefer-region') ? reader.choice('prefer-region', REGIONS) : undefined,
    language: reader.choice('language', LANGUAGES),
    requestTimeout: reader.integer('request-timeout', 1, 3600) * 1000,
    retries: reader.integer('retries', 0, 20),
    apiBaseUrl: readBaseUrl(reader, 'api-base-url'),
    oapiBaseUrl: readBaseUrl(reader, 'oapi-base-url'),
  }
  if (alone) refuseFileInputs(reader)
  for (const problem of proxyProblems(environment)) reader.add(problem)
  reader.throwProblems()
  return inputs
}

/** Reads the app. A custom robot that posts a message without files needs none. */
function readApp(
  reader: InputReader<'app-key' | 'app-secret' | 'robot-webhook'>,
  alone: boolean,
): Pick<Inputs, 'appKey' | 'appSecret'> {
  if (alone && reader.text('robot-webhook'))
    return { appKey: reader.text('app-key'), appSecret: reader.text('app-secret') }
  return {
    appKey: reader.required('app-key', {
      en: `Set it to the AppKey (Client ID) of the app. ${FROM_SECRET.en}`,
      zh: `请填写应用的 AppKey（Client ID）。${FROM_SECRET.zh}`,
    }),
    appSecret: reader.required('app-secret', {
      en: `Set it to the AppSecret (Client Secret) of the app. ${FROM_SECRET.en}`,
      zh: `请填写应用的 AppSecret（Client Secret）。${FROM_SECRET.zh}`,
    }),
  }
}

/** Patterns may be missing if a release has the files, and where no files are looked for: in a check, and for a message alone. */
function readPath(reader: InputReader<'path' | 'release-tag'>, withoutFiles: boolean): string {
  if (withoutFiles || reader.text('release-tag')) return reader.text('path')
  return reader.required('path', {
    en: 'Enter files, directories, or glob patterns, one per line, such as app/build/outputs/**/*.apk.',
    zh: '请填写文件、目录或通配符，每行一个，例如 app/build/outputs/**/*.apk。',
  })
}

function refusalOfChat(id: string): Text | undefined {
  if (/^(chat[0-9A-Za-z]+|cid[0-9A-Za-z+/=_-]+)$/.test(id)) return undefined
  if (/^(chat|cid)[^]*\s/.test(id)) {
    return {
      en: `"${id}" contains a space. Enter one ID per line, without spaces in it.`,
      zh: `「${id}」含有空格。请每行填写一个 ID，ID 中不能有空格。`,
    }
  }
  return {
    en: `"${id}" is neither a chat ID (chat…) nor an open conversation ID (cid…). The name of a group is not its ID: get the ID at ${CHAT_EXPLORER}, as in step 6 of ${GUIDE.en}`,
    zh: `「${id}」既不是 chatId（chat…），也不是 openConversationId（cid…）。群名称不是 ID：请在 ${CHAT_EXPLORER} 获取群的 ID，步骤见指南第 6 步：${GUIDE.zh}`,
  }
}

function readKeepDirectories(reader: InputReader<'keep-directories' | 'archive' | 'keep-last'>): boolean {
  const keepDirectories = reader.boolean('keep-directories')
  if (keepDirectories && reader.text('archive').toLowerCase() === 'true') {
    reader.problem('keep-directories', {
      en: 'Set either keep-directories or archive to true, not both: a zip contains the directories anyway.',
      zh: 'keep-directories 与 archive 只能有一项为 true：zip 中本来就保留目录。',
    })
  }
  if (keepDirectories && reader.text('keep-last')) {
    reader.problem('keep-directories', {
      en: 'Use either keep-directories or keep-last, not both: keep-last deletes files only from the target folder, not from the folders below it.',
      zh: 'keep-directories 与 keep-last 不能同时使用：keep-last 只删除目标文件夹中的文件，不会删除下级文件夹中的文件。',
    })
  }
  return keepDirectories
}

/** People get no links: DingTalk has no call for that. */
function readSendAs(reader: InputReader<'send-as' | 'chat-id' | 'to-user-ids'>): SendAs {
  const sendAs = reader.choice('send-as', SEND_AS)
  if (sendAs === 'link' && reader.text('to-user-ids') && !reader.text('chat-id')) {
    reader.problem('send-as', {
      en: 'DingTalk can send links only to groups, and chat-id is not set. The users in to-user-ids always get the file: remove send-as, or set chat-id.',
      zh: '钉钉只能向群发送文件链接，而 chat-id 没有填写。to-user-ids 中的成员收到的始终是文件：请删除 send-as，或填写 chat-id。',
    })
  }
  return sendAs
}

function readGithubToken(reader: InputReader<'github-token' | 'release-tag'>): string {
  // Not the default: that is an expression, which only the runner can evaluate.
  const token = reader.given('github-token')
  if (reader.text('release-tag') && !token) {
    reader.problem('github-token', {
      en: 'Required to read the release. Remove the input to use the token of the job.',
      zh: '读取 Release 时必填。删除该输入即可使用任务自带的 token。',
    })
  }
  return token
}

function readBaseUrl<Name extends string>(reader: InputReader<Name>, name: Name): string {
  return reader.text(name, refusalOfBaseUrl).replace(/\/+$/, '')
}
