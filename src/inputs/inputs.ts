import { refusalOfName } from '../dingtalk/dentry-name.ts'
import type { Folder } from '../dingtalk/folder.ts'
import { MAX_PUT } from '../dingtalk/oss.ts'
import type { Robot } from '../send/post-message.ts'
import { MAX_PART_SIZE, MIN_PART_SIZE } from '../upload/parts.ts'
import type { UploadStrategy } from '../upload/upload.ts'
import { refusalOfBaseUrl } from './base-url.ts'
import { refusalOfFolderPath } from './folder-path.ts'
import { readFolder } from './folder.ts'
import { readOperator, type Operator } from './operator.ts'
import { InputReader } from './reader.ts'
import { readMessage, readRobot } from './robot.ts'

/** The inputs, checked, in the order of `action.yml`. */
export interface Inputs {
  appKey: string
  appSecret: string
  operator: Operator
  folder: Folder
  /** Below that folder, such as `releases/v1.2.0`; empty: the folder itself. */
  folderPath: string
  /** Patterns for `@actions/glob`, one per line; can be empty with a release, or in a check. */
  path: string
  includeHiddenFiles: boolean
  /** What to do when no file is found. */
  ifNoFilesFound: 'error' | 'warn' | 'ignore'
  /** The name in DingTalk; empty: the name of the file. */
  name: string
  /** Whether all files are packed into one zip. */
  archive: boolean
  conflictStrategy: UploadStrategy
  /** Chat IDs (`chat…`) and open conversation IDs (`cid…`), each once. */
  chats: readonly string[]
  /** User IDs, each once. */
  users: readonly string[]
  /** Markdown with placeholders; empty: none. */
  message: string
  robot: Robot | undefined
  /** Tag of a release, or `latest`; empty: none. */
  releaseTag: string
  githubToken: string
  /** `check`: reports whether an upload would work; uploads and sends nothing. */
  mode: 'upload' | 'check'
  concurrency: number
  /** bytes; a file above it is uploaded in parts; 0: only what is too large for one request */
  multipartThreshold: number
  /** bytes; `auto`: by the size of the file */
  partSize: number | 'auto'
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
  archive: 'false',
  'conflict-strategy': 'auto-rename',
  'chat-id': '',
  'to-user-ids': '',
  message: '',
  'robot-code': '',
  'robot-webhook': '',
  'robot-secret': '',
  'release-tag': '',
  'github-token': '${{ github.token }}',
  mode: 'upload',
  concurrency: '4',
  'multipart-threshold': '32MiB',
  'part-size': 'auto',
  'request-timeout': '30',
  retries: '5',
  'api-base-url': 'https://api.dingtalk.com',
  'oapi-base-url': 'https://oapi.dingtalk.com',
  // Read by the runner: see `Runner.job`.
  'job-identity': '${{ job.workflow_ref }} ${{ toJSON(matrix) }}',
} as const

export type InputName = keyof typeof INPUTS

const IF_NO_FILES_FOUND = { error: 'error', warn: 'warn', ignore: 'ignore' } as const

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

/**
 * Reads and checks all inputs. Uses neither the network nor the disk.
 *
 * @param read returns the value of an input, or an empty string if it is not given
 * @throws InputError with every problem, not only the first
 */
export function readInputs(read: (name: InputName) => string): Inputs {
  const reader = new InputReader(read, INPUTS)
  // Read first: it decides whether a path is required.
  const mode = reader.choice('mode', MODES)
  const inputs: Inputs = {
    appKey: reader.required('app-key', 'the AppKey (Client ID) of the internal app'),
    appSecret: reader.required(
      'app-secret',
      'the AppSecret (Client Secret), from a secret of the repository',
    ),
    operator: readOperator(reader),
    folder: readFolder(reader),
    folderPath: reader.text('folder-path', refusalOfFolderPath),
    path: readPath(reader, mode),
    includeHiddenFiles: reader.boolean('include-hidden-files'),
    ifNoFilesFound: reader.choice('if-no-files-found', IF_NO_FILES_FOUND),
    name: reader.text('name', refusalOfFileName),
    archive: reader.boolean('archive'),
    conflictStrategy: reader.choice('conflict-strategy', CONFLICT_STRATEGIES, CONFLICT_STRATEGY_ALIASES),
    chats: reader.list('chat-id', refusalOfChat),
    users: reader.list('to-user-ids'),
    message: readMessage(reader),
    robot: readRobot(reader),
    releaseTag: reader.text('release-tag'),
    githubToken: readGithubToken(reader),
    mode,
    concurrency: reader.integer('concurrency', 1, 32),
    multipartThreshold: reader.size('multipart-threshold', 0, MAX_PUT),
    partSize: readPartSize(reader),
    requestTimeout: reader.integer('request-timeout', 1, 3600) * 1000,
    retries: reader.integer('retries', 0, 20),
    apiBaseUrl: readBaseUrl(reader, 'api-base-url'),
    oapiBaseUrl: readBaseUrl(reader, 'oapi-base-url'),
  }
  reader.throwProblems()
  return inputs
}

/** Patterns may be missing if a release has the files, and in a check, which looks for no files. */
function readPath(reader: InputReader<'path' | 'release-tag'>, mode: Inputs['mode']): string {
  if (mode === 'check' || reader.text('release-tag')) return reader.text('path')
  return reader.required('path', 'files, directories or glob patterns, one a line')
}

function refusalOfFileName(name: string): string | undefined {
  const refusal = refusalOfName(name)
  return refusal && `DingTalk does not allow the name ${JSON.stringify(name)}: ${refusal}`
}

function refusalOfChat(id: string): string | undefined {
  if (/^(chat[0-9A-Za-z]+|cid[0-9A-Za-z+/=_-]+)$/.test(id)) return undefined
  return `"${id}" is neither a chat id (chat…) nor an open conversation id (cid…) / 不是 chatId（chat…）或 openConversationId（cid…）`
}

function readGithubToken(reader: InputReader<'github-token' | 'release-tag'>): string {
  // Not the default: that is an expression, which only the runner can evaluate.
  const token = reader.given('github-token')
  if (reader.text('release-tag') && !token) {
    reader.problem('github-token', 'is required to read the release / 读取 Release 时必填')
  }
  return token
}

function readPartSize(reader: InputReader<'part-size'>): Inputs['partSize'] {
  if (reader.text('part-size').toLowerCase() === 'auto') return 'auto'
  return reader.size('part-size', MIN_PART_SIZE, MAX_PART_SIZE)
}

function readBaseUrl<Name extends string>(reader: InputReader<Name>, name: Name): string {
  return reader.text(name, refusalOfBaseUrl).replace(/\/+$/, '')
}
