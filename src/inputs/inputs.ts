import { refusalOfName } from '../dingtalk/dentry-name.ts'
import type { CustomRobot } from '../dingtalk/custom-robot.ts'
import type { ConflictStrategy, Folder } from '../dingtalk/folder.ts'
import { MAX_PUT } from '../dingtalk/oss.ts'
import { isLoopback } from '../dingtalk/transport/loopback.ts'
import { refusalOfBaseUrl } from './base-url.ts'
import { FolderLinkError, parseFolderLink } from './folder-link.ts'
import { refusalOfFolderPath } from './folder-path.ts'
import { MAX_MESSAGE, messageSize } from '../send/message.ts'
import { MAX_PART_SIZE, MIN_PART_SIZE } from '../upload/parts.ts'
import { formatSize, parseSize } from '../text/size.ts'
import { InputError } from '../errors.ts'

/** What to do when no file is found. */
export type IfNoFilesFound = 'error' | 'warn' | 'ignore'

/** Who the files are uploaded and sent as: a union id, or a user id that is still to be looked up. */
export type Operator = { readonly unionId: string } | { readonly userId: string }

/** The inputs, checked. One line each, in the order of `action.yml`. */
export interface Inputs {
  appKey: string
  appSecret: string
  operator: Operator
  folder: Folder
  /** Below that folder, `releases/v1.2.0`; empty: the folder itself. */
  folderPath: string
  /** Patterns as `@actions/glob` takes them, one a line; may be empty beside a release. */
  path: string
  includeHiddenFiles: boolean
  ifNoFilesFound: IfNoFilesFound
  /** In DingTalk; empty: the file's own. */
  name: string
  /** Whether everything is packed into one zip. */
  archive: boolean
  conflictStrategy: ConflictStrategy
  /** Chat ids (`chat…`) and open conversation ids (`cid…`), each once. */
  chats: readonly string[]
  /** User ids, each once. */
  users: readonly string[]
  /** Markdown with placeholders; empty: none. */
  message: string
  /** Who posts it: the app's own robot, by its code, or a custom one. */
  robot: { readonly code: string } | CustomRobot | undefined
  /** Tag of a release, or `latest`; empty: none. */
  releaseTag: string
  githubToken: string
  /** `check`: nothing is uploaded or sent; what it would take is tried out. */
  mode: 'upload' | 'check'
  concurrency: number
  /** bytes; 0: never */
  multipartThreshold: number
  /** bytes */
  partSize: number | 'auto'
  /** ms */
  requestTimeout: number
  retries: number
  apiBaseUrl: string
  oapiBaseUrl: string
}

/**
 * Every input with its default, in the order of `action.yml`, which holds the same ones. An input that is given but
 * empty counts as not given: that is what an unset variable of a workflow comes to.
 */
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
} as const

export type InputName = keyof typeof INPUTS

const BOOLEANS = { true: true, false: false } as const

const CONFLICT_STRATEGIES: Readonly<Record<string, ConflictStrategy>> = {
  'auto-rename': 'AUTO_RENAME',
  overwrite: 'OVERWRITE',
  'return-existing': 'RETURN_DENTRY_IF_EXISTS',
  fail: 'RETURN_ERROR_IF_EXISTS',
  auto_rename: 'AUTO_RENAME',
  return_dentry_if_exists: 'RETURN_DENTRY_IF_EXISTS',
  return_error_if_exists: 'RETURN_ERROR_IF_EXISTS',
}

/**
 * Reads and checks all inputs. Asks neither the network nor the disk.
 *
 * @param read the value of an input, an empty string if it was not given
 * @throws InputError with every problem, not only the first
 */
export function readInputs(read: (name: InputName) => string): Inputs {
  const problems: string[] = []
  const problem = (name: InputName, text: string) => void problems.push(`${name}: ${text}`)
  const value = (name: InputName) => read(name).trim() || INPUTS[name]

  const required = (name: InputName, hint: string) => {
    const given = value(name)
    if (!given) problem(name, `is required / 必填：${hint}`)
    return given
  }

  const choice = <T>(name: InputName, choices: Readonly<Record<string, T>>, shown: readonly string[]): T => {
    const given = value(name)
    const chosen = Object.hasOwn(choices, given.toLowerCase()) ? choices[given.toLowerCase()] : undefined
    if (chosen === undefined) problem(name, `"${given}" is none of ${shown.join(', ')} / 取值须为其中之一`)
    return chosen as T
  }

  const whole = (name: InputName, min: number, max: number) => {
    const given = value(name)
    const number = Number(given)
    if (!/^\d+$/.test(given) || number < min || number > max) {
      problem(name, `"${given}" is not a whole number from ${min} to ${max} / 须为 ${min} 至 ${max} 的整数`)
    }
    return number
  }

  const size = (name: InputName, min: number, max: number) => {
    const bytes = parseSize(value(name))
    if (bytes === undefined || bytes < min || bytes > max) {
      const range = `${formatSize(min)} to ${formatSize(max)}`
      problem(
        name,
        `"${value(name)}" is not a size such as 16MiB, from ${range} / 须为该范围内的大小，如 16MiB`,
      )
    }
    return bytes ?? 0
  }

  const digits = (name: InputName) => {
    const given = value(name)
    if (given && !/^\d+$/.test(given))
      problem(name, `"${given}" is not an id: ids consist of digits / ID 由数字组成`)
    return given
  }

  const baseUrl = (name: InputName) => {
    const given = value(name)
    const refusal = refusalOfBaseUrl(given)
    if (refusal) problem(name, refusal)
    return given.replace(/\/+$/, '')
  }

  const operator = (): Operator => {
    const unionId = value('union-id')
    const userId = value('user-id')
    for (const name of ['union-id', 'user-id'] as const) {
      if (/\s/.test(value(name))) problem(name, 'holds a blank: give one id / 含有空格：只能填写一个 ID')
    }
    if (!unionId && !userId)
      problem('user-id', 'user-id or union-id is required / user-id 与 union-id 必填其一')
    return unionId ? { unionId } : { userId }
  }

  const folder = (): Folder => {
    const spaceId = digits('space-id')
    const parentId = digits('parent-id')
    const parentUuid = value('parent-uuid')
    if (parentUuid && !/^[A-Za-z0-9_-]+$/.test(parentUuid)) {
      problem(
        'parent-uuid',
        `"${parentUuid}" is not a dentryUuid: letters, digits, "-" and "_" only / dentryUuid 只含字母、数字、- 与 _`,
      )
    }
    const link = value('folder-url')
    if (link) return linkedFolder(link, { spaceId, parentId, parentUuid })
    if (parentUuid) {
      if (parentId !== '0')
        problem(
          'parent-id',
          'names a folder, and so does parent-uuid: keep one of them / 与 parent-uuid 重复：请保留其一',
        )
      return spaceId ? { kind: 'uuid', uuid: parentUuid, spaceId } : { kind: 'uuid', uuid: parentUuid }
    }
    if (!spaceId) {
      problem(
        'folder-url',
        'folder-url, space-id or parent-uuid is required / folder-url、space-id、parent-uuid 必填其一',
      )
    }
    return { kind: 'ids', spaceId, parentId }
  }

  const linkedFolder = (
    link: string,
    beside: { spaceId: string; parentId: string; parentUuid: string },
  ): Folder => {
    let linked: ReturnType<typeof parseFolderLink>
    try {
      linked = parseFolderLink(link)
    } catch (error) {
      if (!(error instanceof FolderLinkError)) throw error
      problem('folder-url', error.message)
      return { kind: 'ids', spaceId: '', parentId: '0' }
    }
    const contradicts = (name: InputName, given: string, meant: string | undefined) => {
      if (given && given !== meant)
        problem(
          name,
          `"${given}" contradicts folder-url: remove one of them / 与 folder-url 矛盾：请删除其一`,
        )
    }
    // "0" is the default, so it does not contradict the link.
    const parentId = beside.parentId === '0' ? '' : beside.parentId
    if (linked.kind === 'ids') {
      contradicts('space-id', beside.spaceId, linked.spaceId)
      contradicts('parent-id', parentId, linked.parentId)
      contradicts('parent-uuid', beside.parentUuid, undefined)
    } else {
      contradicts('parent-id', parentId, undefined)
      contradicts('parent-uuid', beside.parentUuid, linked.uuid)
    }
    return linked
  }

  const folderPath = () => {
    const given = value('folder-path')
    const refusal = given && refusalOfFolderPath(given)
    if (refusal) problem('folder-path', refusal)
    return given
  }

  const dentryName = (name: InputName) => {
    const given = value(name)
    const refusal = given && refusalOfName(given)
    if (refusal) problem(name, `DingTalk does not allow the name ${JSON.stringify(given)}: ${refusal}`)
    return given
  }

  const chats = () => {
    const ids = list(value('chat-id'))
    for (const id of ids) {
      if (!/^(chat[0-9A-Za-z]+|cid[0-9A-Za-z+/=_-]+)$/.test(id)) {
        problem(
          'chat-id',
          `"${id}" is neither a chat id (chat…) nor an open conversation id (cid…) / 不是 chatId（chat…）或 openConversationId（cid…）`,
        )
      }
    }
    return ids
  }

  const message = () => {
    const text = value('message')
    const size = messageSize({ title: '', text })
    if (size > MAX_MESSAGE)
      problem(
        'message',
        `is too long: ${size} of at most ${MAX_MESSAGE} bytes / 过长：最多 ${MAX_MESSAGE} 字节`,
      )
    if (text && !value('robot-code') && !value('robot-webhook')) {
      problem(
        'message',
        'robot-code or robot-webhook is required to post it / 需要 robot-code 或 robot-webhook',
      )
    }
    if (text && value('robot-code') && !value('chat-id')) {
      problem(
        'chat-id',
        'is required for message: robot-code posts it in these groups / 必填：robot-code 在这些群中发送 message',
      )
    }
    return text
  }

  const githubToken = () => {
    // Its default is the runner's to fill in.
    const given = read('github-token').trim()
    if (value('release-tag') && !given)
      problem('github-token', 'is required to read the release / 读取 Release 时必填')
    return given
  }

  const robot = (): Inputs['robot'] => {
    const code = value('robot-code')
    const webhook = value('robot-webhook')
    const secret = value('robot-secret')
    if (code && webhook)
      problem('robot-webhook', 'robot-code is given too: keep one of them / 与 robot-code 重复：请保留其一')
    if (webhook && !isWebhook(webhook)) {
      // Not shown: it may be a secret all the same.
      problem(
        'robot-webhook',
        'is not the address of a robot: https://oapi.dingtalk.com/robot/send?access_token=… / 不是机器人的 Webhook 地址',
      )
    }
    if (secret && !webhook)
      problem(
        'robot-secret',
        'signs what robot-webhook posts, and that is not given / 用于 robot-webhook 加签，但未填写 robot-webhook',
      )
    if (webhook) return secret ? { webhook, secret } : { webhook }
    return code ? { code } : undefined
  }

  const mode = choice('mode', { upload: 'upload', check: 'check' } as const, ['upload', 'check'])
  const inputs: Inputs = {
    appKey: required('app-key', 'the AppKey (Client ID) of the internal app'),
    appSecret: required('app-secret', 'the AppSecret (Client Secret), from a secret of the repository'),
    operator: operator(),
    folder: folder(),
    folderPath: folderPath(),
    // A check looks for no files: there need be none yet.
    path:
      value('release-tag') || mode === 'check'
        ? value('path')
        : required('path', 'files, directories or glob patterns, one a line'),
    includeHiddenFiles: choice('include-hidden-files', BOOLEANS, ['true', 'false']),
    ifNoFilesFound: choice('if-no-files-found', { error: 'error', warn: 'warn', ignore: 'ignore' } as const, [
      'error',
      'warn',
      'ignore',
    ]),
    name: dentryName('name'),
    archive: choice('archive', BOOLEANS, ['true', 'false']),
    conflictStrategy: choice('conflict-strategy', CONFLICT_STRATEGIES, [
      'auto-rename',
      'overwrite',
      'return-existing',
      'fail',
    ]),
    chats: chats(),
    users: list(value('to-user-ids')),
    message: message(),
    robot: robot(),
    releaseTag: value('release-tag'),
    githubToken: githubToken(),
    mode,
    concurrency: whole('concurrency', 1, 32),
    multipartThreshold: size('multipart-threshold', 0, MAX_PUT),
    partSize:
      value('part-size').toLowerCase() === 'auto' ? 'auto' : size('part-size', MIN_PART_SIZE, MAX_PART_SIZE),
    requestTimeout: whole('request-timeout', 1, 3600) * 1000,
    retries: whole('retries', 0, 20),
    apiBaseUrl: baseUrl('api-base-url'),
    oapiBaseUrl: baseUrl('oapi-base-url'),
  }
  if (problems.length > 0) throw new InputError(problems)
  return inputs
}

function isWebhook(given: string): boolean {
  const url = URL.parse(given)
  if (!url?.pathname.endsWith('/robot/send') || !url.searchParams.get('access_token')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(given))
}

/** A list of ids: newlines, and commas and blanks too, for an id holds neither. Each once. */
function list(value: string): string[] {
  return [...new Set(value.split(/[\s,]+/).filter(Boolean))]
}
