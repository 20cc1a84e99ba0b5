import { parseArgs } from 'node:util'
import { optionHelp, wrapped } from '../command/help.ts'
import { isSecret, variableOf } from '../command/names.ts'
import type { Text } from '../http/text.ts'
import { INPUT_NAMES, type InputName } from '../inputs/inputs.ts'

/** What the action is to do. */
export const USES = ['folder', 'group', 'robot', 'webhook'] as const
export type Use = (typeof USES)[number]

/** Where the values can go. */
export const TARGETS = ['github', 'gitlab', 'env', 'list'] as const
export type Target = (typeof TARGETS)[number]

interface Option {
  readonly text: Text
  /** Of its value, in the help. Absent: it takes none, and agrees to something. */
  readonly value?: string
}

/** Every question that an option can answer, in the order in which they are asked. */
export const OPTIONS = {
  use: {
    value: 'USE',
    text: {
      en: "What the action does: `folder` (only upload), `group` (also send the files to a group), `robot` or `webhook` (also post a message with the app's own robot or a custom robot)",
      zh: '用途：`folder`（仅上传）、`group`（同时发送到群）、`robot` 或 `webhook`（同时由应用机器人或自定义机器人发送消息）',
    },
  },
  dws: {
    value: 'BOOLEAN',
    text: {
      en: 'Whether dws, the DingTalk CLI, finds or creates the app and sets it up: `true` or `false`',
      zh: '是否由钉钉 CLI（dws）查找或创建应用并完成配置：`true` 或 `false`',
    },
  },
  profile: {
    value: 'CORP:USER',
    text: { en: 'The account of dws, as in dws profile list', zh: 'dws 使用的账号，见 dws profile list' },
  },
  app: { value: 'NAME', text: { en: 'Name of the app, with dws', zh: '应用名称（使用 dws 时）' } },
  'create-app': {
    text: { en: 'Creates the app, unless an app with this name exists', zh: '没有同名应用时创建应用' },
  },
  publish: {
    text: {
      en: 'Adds the permissions to the app, and publishes a version, with dws',
      zh: '为应用开通权限并发布新版本（使用 dws 时）',
    },
  },
  approver: {
    value: 'ID',
    text: {
      en: 'UserID of the approver, if the version requires approval',
      zh: '需要审批时，审批人的 UserID',
    },
  },
  'app-key': {
    value: 'ID',
    text: { en: 'Client ID (AppKey) of an existing app', zh: '已有应用的 Client ID（AppKey）' },
  },
  'user-id': { value: 'ID', text: { en: 'UserID of the operator', zh: '操作者的 UserID' } },
  'folder-url': { value: 'LINK', text: { en: 'Link of the target folder', zh: '目标文件夹的链接' } },
  'chat-id': {
    value: 'ID',
    text: { en: 'openConversationId of the group', zh: '群的 openConversationId' },
  },
  'robot-code': { value: 'CODE', text: { en: 'RobotCode of the robot', zh: '机器人的 RobotCode' } },
  'add-robot': {
    text: { en: 'Adds the robot to the group, with dws', zh: '将机器人添加到群（使用 dws 时）' },
  },
  'save-to': {
    value: 'TARGETS',
    text: {
      en: 'Where to save the values, separated by commas: `github`, `gitlab`, `env` (the file .env), `list` (only print what to set)',
      zh: '保存位置，用逗号分隔：`github`、`gitlab`、`env`（.env 文件）、`list`（仅显示需要设置的变量）',
    },
  },
  repo: { value: 'OWNER/REPO', text: { en: 'The GitHub repository', zh: 'GitHub 仓库' } },
  project: { value: 'GROUP/PROJECT', text: { en: 'The GitLab project', zh: 'GitLab 项目' } },
  workflow: {
    text: { en: 'Creates a workflow file, unless it exists', zh: '创建工作流文件（已存在时不覆盖）' },
  },
  'first-file': {
    text: {
      en: 'Uploads a small file to prove that the setup works, and sends it to the group',
      zh: '上传一个小文件作为验证，并发送到群',
    },
  },
  'api-base-url': {
    value: 'URL',
    text: { en: 'Base URL of the API, if it is not the public one', zh: 'API 地址（非公共服务时填写）' },
  },
  'oapi-base-url': {
    value: 'URL',
    text: {
      en: 'Base URL of the legacy API, if it is not the public one',
      zh: '旧版 API 地址（非公共服务时填写）',
    },
  },
  language: { value: 'LANGUAGE', text: { en: '`en` or `zh`', zh: '`zh` 或 `en`' } },
  help: { text: { en: 'Shows this help', zh: '显示本帮助' } },
} as const satisfies Record<string, Option>

type OptionName = keyof typeof OPTIONS

/** What is remembered between two runs, besides the options: IDs and names that the platform gave. */
type Fact = 'unified-app-id' | 'version-id' | 'visibility' | 'group'

/** The secrets that are asked for. No option takes them, and they are never saved, except in `.env`. */
type SecretName = 'app-secret' | 'robot-webhook' | 'robot-secret'

export type Name = OptionName | Fact | SecretName

/** Values of answers, by their names. */
export type Answers = Readonly<Partial<Record<Name, string>>>

/** The values that a job needs, by the names of its inputs. */
export type Values = Readonly<Partial<Record<InputName, string>>>

/** The answers that are inputs of a job. */
export function valuesOf(answers: Answers): Values {
  return Object.fromEntries(
    Object.entries(answers).filter(
      ([name]) => (INPUT_NAMES as readonly string[]).includes(name) && name !== 'language',
    ),
  )
}

/** An option that does not exist, or that lacks its value. */
export class OptionError extends Error {
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

/** Reads the arguments after `setup`. An option without a value is `true`. @throws OptionError */
export function readOptions(argv: readonly string[]): Answers {
  const options = Object.fromEntries(
    Object.entries<Option>(OPTIONS).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  let values: Record<string, string | boolean | undefined>
  try {
    values = parseArgs({ args: [...argv], options }).values
  } catch (error) {
    // The message names the option, and never quotes a value.
    const [, option = ''] = /'(-[^' ]*)/.exec(String(error)) ?? []
    throw new OptionError({
      en: `The option ${option} is unknown, or its value is missing or not expected. See setup --help.`,
      zh: `选项 ${option} 不存在，或缺少取值，或不需要取值。请查看 setup --help。`,
    })
  }
  const answers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
  for (const [name, allowed] of [
    ['use', USES],
    ['save-to', TARGETS],
    ['dws', ['true', 'false']],
    ['language', ['en', 'zh']],
  ] as const)
    for (const value of answers[name]?.split(',') ?? [])
      if (!(allowed as readonly string[]).includes(value))
        throw new OptionError({
          en: `--${name}: "${value}" is not valid. Use one of: ${allowed.join(', ')}.`,
          zh: `--${name}：「${value}」不是有效值。可选值：${allowed.join('、')}。`,
        })
  return answers
}

/** What is missing for a conversation in which nobody can answer: options, and environment variables for secrets. */
export function missing(answers: Answers): string[] {
  const { use } = answers
  const targets = answers['save-to']?.split(',') ?? []
  const app: Name[] = answers.dws === 'true' ? ['app'] : ['app-key', 'app-secret']
  const needed: Name[] = ['use', ...app, 'user-id', 'folder-url', 'save-to']
  if (use !== undefined && use !== 'folder') needed.push('chat-id')
  if (use === 'robot' && answers.dws !== 'true') needed.push('robot-code')
  if (use === 'webhook') needed.push('robot-webhook')
  if (targets.includes('github')) needed.push('repo')
  if (targets.includes('gitlab')) needed.push('project')
  return needed.filter((name) => !answers[name]).map(optionOf)
}

/** How an answer is given without a terminal. */
export function optionOf(name: Name): string {
  return (INPUT_NAMES as readonly string[]).includes(name) && isSecret(name as InputName)
    ? variableOf(name as InputName)
    : `--${name}`
}

/** What `setup --help` shows. @param width in columns */
export function helpText(language: keyof Text, width: number): string {
  const secrets = (['app-secret', 'robot-webhook', 'robot-secret'] as const).map(variableOf)
  const paragraphs: Record<keyof Text, string[]> = {
    en: [
      'Guides you from nothing to the first file in a group, and checks every answer with DingTalk.',
      'Usage: upload-to-dingtalk setup [OPTION]...',
      `You can answer each question with an option. Without a terminal, all of them need one. Secrets are read from environment variables: ${secrets.join(', ')}.`,
    ],
    zh: [
      '引导你从零开始完成配置，直到群里收到第一个文件。每个回答都会立即向钉钉验证。',
      '用法：upload-to-dingtalk setup [选项]...',
      `每个问题都可以用选项回答。没有终端时，必须全部用选项回答。密钥通过环境变量提供：${secrets.join('、')}。`,
    ],
  }
  const options = Object.entries<Option>(OPTIONS).map(([name, { value, text }]) =>
    optionHelp(`--${name}${value === undefined ? '' : ` ${value}`}`, text[language], width),
  )
  const shown = paragraphs[language].map((paragraph) => wrapped(paragraph, width).join('\n'))
  return `${[...shown, options.join('\n')].join('\n\n')}\n`
}
