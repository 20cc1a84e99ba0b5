import { parseArgs } from 'node:util'
import { optionHelp, wrapped } from '../command/help.ts'
import { variableOf } from '../command/names.ts'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { INPUT_NAMES, type InputName } from '../inputs/inputs.ts'
import type { Place } from './program.ts'

/** The options that take a value, in the order in which the setup asks for them. */
const VALUES = {
  use: {
    en: "What the action does: `folder` (only upload), `group` (also send the files to a group), `robot` or `webhook` (also post a message with the app's own robot or a custom robot)",
    zh: '用途：`folder`（仅上传）、`group`（同时发送到群）、`robot` 或 `webhook`（同时由应用机器人或自定义机器人发送消息）',
  },
  profile: { en: 'The account of dws, as in dws profile list', zh: 'dws 使用的账号，见 dws profile list' },
  app: { en: 'Name of the app, with dws', zh: '应用名称（使用 dws 时）' },
  approver: {
    en: 'UserID of the approver, if the version requires approval',
    zh: '需要审批时，审批人的 UserID',
  },
  'app-key': { en: 'Client ID (AppKey) of an existing app', zh: '已有应用的 Client ID（AppKey）' },
  'user-id': { en: 'UserID of the operator', zh: '操作者的 UserID' },
  'folder-url': { en: 'Link of the target folder', zh: '目标文件夹的链接' },
  'chat-id': { en: 'openConversationId of the group', zh: '群的 openConversationId' },
  'robot-code': { en: 'RobotCode of the robot', zh: '机器人的 RobotCode' },
  'save-to': {
    en: 'Where to save the values: `github`, `gitlab`, `env` (the file .env), or `list` (only print what to set)',
    zh: '保存位置：`github`、`gitlab`、`env`（.env 文件）或 `list`（仅显示需要设置的变量）',
  },
  repo: { en: 'The GitHub repository: OWNER/REPO', zh: 'GitHub 仓库：OWNER/REPO' },
  project: { en: 'The GitLab project: GROUP/PROJECT', zh: 'GitLab 项目：GROUP/PROJECT' },
  'api-base-url': {
    en: 'Base URL of the API, if it is not the public one',
    zh: 'API 地址（非公共服务时填写）',
  },
  'oapi-base-url': {
    en: 'Base URL of the legacy API, if it is not the public one',
    zh: '旧版 API 地址（非公共服务时填写）',
  },
  language: { en: '`en` or `zh`', zh: '`zh` 或 `en`' },
} as const satisfies Record<string, Text>

/** The options that take no value. */
const FLAGS = {
  dws: {
    en: 'Finds or creates the app with dws, the DingTalk CLI, and sets it up',
    zh: '用钉钉 CLI（dws）查找或创建应用并完成配置',
  },
  'create-app': {
    en: 'Creates the app with dws, unless an app with this name exists',
    zh: '没有同名应用时用 dws 创建应用',
  },
  publish: {
    en: 'Adds the permissions to the app with dws, and publishes a version',
    zh: '用 dws 为应用开通权限并发布新版本',
  },
  'add-robot': { en: 'Adds the robot to the group with dws', zh: '用 dws 将机器人添加到群' },
  workflow: { en: 'Creates a workflow file, unless it exists', zh: '创建工作流文件（已存在时不覆盖）' },
  'first-file': {
    en: 'Uploads a small file to prove that the setup works, and sends it to the group',
    zh: '上传一个小文件作为验证，并发送到群',
  },
  help: { en: 'Shows this help', zh: '显示本帮助' },
} as const satisfies Record<string, Text>

/** Options that accept only some values. */
const ALLOWED = {
  use: ['group', 'robot', 'webhook', 'folder'],
  'save-to': ['github', 'gitlab', 'env', 'list'],
  language: ['en', 'zh'],
} as const
export type Use = (typeof ALLOWED.use)[number]
export type Target = (typeof ALLOWED)['save-to'][number]

/** Inputs that no option takes, and that are saved only to `.env`. */
const SECRETS = ['app-secret', 'robot-webhook', 'robot-secret'] as const

/** What is remembered besides the options, so that a later run can continue. */
type Fact = 'unified-app-id' | 'version-id' | 'group'

export type Name = keyof typeof VALUES | keyof typeof FLAGS | (typeof SECRETS)[number] | Fact

export type Answers = Readonly<Partial<Record<Name, string>>>

/** Values of a job, by the names of its inputs. */
export type Values = Readonly<Partial<Record<InputName, string>>>

/** An option is unknown or invalid. */
export class OptionError extends TextError {}

/** The inputs of a job that the setup asks for. */
const INPUTS = INPUT_NAMES.filter(
  (name) => name !== 'language' && (name in VALUES || (SECRETS as readonly string[]).includes(name)),
) as (Name & InputName)[]

/** The answers that are inputs of a job. */
export function valuesOf(answers: Answers): Values {
  return Object.fromEntries(INPUTS.flatMap((name) => (answers[name] ? [[name, answers[name]]] : [])))
}

/** The answers that environment variables contain. */
export function answersIn(variables: Place['variables']): Answers {
  const given = INPUTS.map((name) => [name, variables[variableOf(name)]] as const)
  return Object.fromEntries(given.filter(([, value]) => value))
}

export function isSecretName(name: Name): boolean {
  return (SECRETS as readonly Name[]).includes(name)
}

/** Questions whose right answer can't look like a secret. */
const PLAIN: readonly Name[] = ['app', 'app-key', 'folder-url', 'chat-id', 'robot-code', 'repo', 'project']

/** Whether an answer is a secret, or looks like one that was pasted at the wrong question. */
export function isSecretAnswer(name: Name, value: string): boolean {
  return isSecretName(name) || (PLAIN.includes(name) && looksSecret(value))
}

/** A webhook, a signing secret, or a Client Secret. */
const looksSecret = (value: string) => /access_token=|^SEC\S{40,}$|^[\w-]{40,}$/.test(value)

/** Reads the arguments after `setup`. A flag becomes `true`. @throws OptionError */
export function readOptions(argv: readonly string[]): Answers {
  const typed = (names: object, type: 'string' | 'boolean') =>
    Object.keys(names).map((name) => [name, { type }] as const)
  const options = Object.fromEntries([...typed(VALUES, 'string'), ...typed(FLAGS, 'boolean')])
  let values: Record<string, string | boolean | undefined>
  try {
    values = parseArgs({ args: [...argv], options }).values
  } catch (error) {
    // The first word in quotes is the option, or an argument that belongs to none.
    const [, word = ''] = /'([^' ]*)/.exec(String(error)) ?? []
    const argument = looksSecret(word) ? '***' : word
    throw new OptionError({
      en: `The argument ${argument} is unknown, or its value is missing or not expected. See setup --help.`,
      zh: `参数 ${argument} 不存在，或缺少取值，或不需要取值。请查看 setup --help。`,
    })
  }
  const answers: Answers = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, String(value)]),
  )
  for (const [name, allowed] of Object.entries(ALLOWED) as [keyof typeof ALLOWED, readonly string[]][]) {
    const value = answers[name]
    if (value !== undefined && !allowed.includes(value))
      throw new OptionError({
        en: `--${name} is invalid. Use one of: ${allowed.join(', ')}.`,
        zh: `--${name} 的值无效。可选值：${allowed.join('、')}。`,
      })
  }
  return answers
}

/** The options and environment variables that a setup without a terminal lacks. */
export function missing(answers: Answers): string[] {
  const { use, dws, 'save-to': target } = answers
  const app: Name[] = dws ? ['app'] : ['app-key', 'app-secret']
  const needed: Name[] = ['use', ...app, 'user-id', 'folder-url', 'save-to']
  if (use !== 'folder') needed.push('chat-id')
  if (use === 'robot' && !dws) needed.push('robot-code')
  if (use === 'webhook') needed.push('robot-webhook')
  if (target === 'github') needed.push('repo')
  if (target === 'gitlab') needed.push('project')
  return needed
    .filter((name) => !answers[name])
    .map((name) => (isSecretName(name) ? variableOf(name as InputName) : `--${name}`))
}

/** What `setup --help` shows. @param width in columns */
export function helpText(language: keyof Text, width: number): string {
  const secrets = SECRETS.map(variableOf)
  const paragraphs: Record<keyof Text, string[]> = {
    en: [
      'Guides you from nothing to the first file in a group, and checks every answer with DingTalk.',
      'Usage: upload-to-dingtalk setup [OPTION]...',
      `You can answer each question with an option. Without a terminal, you must. Secrets are read from environment variables: ${secrets.join(', ')}.`,
    ],
    zh: [
      '引导你从零开始完成配置，直到群里收到第一个文件。每个回答都会立即向钉钉验证。',
      '用法：upload-to-dingtalk setup [选项]...',
      `每个问题都可以用选项回答。没有终端时，必须全部用选项回答。密钥通过环境变量提供：${secrets.join('、')}。`,
    ],
  }
  const options = [
    ...Object.entries(VALUES).map(([name, text]) => [`--${name} VALUE`, text] as const),
    ...Object.entries(FLAGS).map(([name, text]) => [`--${name}`, text] as const),
  ].map(([option, text]) => optionHelp(option, text[language], width))
  const shown = paragraphs[language].map((paragraph) => wrapped(paragraph, width).join('\n'))
  return `${[...shown, options.join('\n')].join('\n\n')}\n`
}
