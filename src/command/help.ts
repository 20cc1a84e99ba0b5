import type { Text } from '../http/text.ts'
import { defaultOf, GROUPS, INPUTS } from '../inputs/inputs.ts'
import { OTHER_OPTIONS } from './arguments.ts'
import { DESCRIPTIONS } from './descriptions.ts'
import { COMMAND_INPUTS, isBoolean, isSecret, variableOf } from './names.ts'

const USAGE: Text = {
  en: `Uploads files to a DingTalk drive folder and sends them to group chats.

Usage: upload-to-dingtalk [OPTION]... [FILE]...

Secrets are read from environment variables only:`,
  zh: `将文件上传到钉钉云盘的文件夹，并发送到群聊。

用法：upload-to-dingtalk [选项]... [文件]...

密钥只能通过环境变量提供：`,
}

const OPTIONS: Text = {
  en: `Options. Each one can also be set as an environment variable, such as ${variableOf('chat-id')}; an option takes precedence. If an option takes several lines, you can also repeat it:`,
  zh: `选项。每个选项也可以用环境变量设置，例如 ${variableOf('chat-id')}；同时设置时以选项为准。可填写多行的选项也可以重复使用：`,
}

const OTHERS: Readonly<Record<keyof typeof OTHER_OPTIONS, Text>> = {
  env: {
    en: 'Reads environment variables that are not set from a file, one per line: `DINGTALK_APP_KEY=…`',
    zh: '从文件中读取尚未设置的环境变量，每行一个：`DINGTALK_APP_KEY=…`',
  },
  json: {
    en: 'Prints the outputs as one JSON object on standard output, even if the command fails. The log goes to standard error',
    zh: '在标准输出上以一个 JSON 对象打印全部输出，失败时也会打印；日志改为写到标准错误',
  },
  help: { en: 'Shows this help', zh: '显示本帮助' },
  version: { en: 'Shows the version', zh: '显示版本' },
}

const EXIT_CODES: Text = {
  en: 'Exit codes: 0 if everything succeeded, 1 if something failed, 2 if the command was used incorrectly and nothing was attempted.',
  zh: '退出码：0 表示全部成功；1 表示有失败；2 表示用法有误，未执行任何操作。',
}

/** What `--help` shows. */
export function helpText(): Text {
  return { en: helpIn('en'), zh: helpIn('zh') }
}

function helpIn(language: keyof Text): string {
  const entry = (name: string, description: string) => `  ${name}\n      ${description}`
  const secrets = COMMAND_INPUTS.filter(isSecret).map((name) =>
    entry(variableOf(name), DESCRIPTIONS[name][language]),
  )
  const groups = Map.groupBy(
    COMMAND_INPUTS.filter((name) => !isSecret(name)),
    (name) => INPUTS[name].group,
  )
  const options = [...groups].map(([group, names]) => {
    const entries = names.map((name) => {
      const value = defaultOf(name)
      const preset = { en: ` (default: \`${value}\`)`, zh: `（默认值：\`${value}\`）` }[language]
      return entry(
        `--${name}${isBoolean(name) ? '' : ' VALUE'}`,
        DESCRIPTIONS[name][language] + (value && preset),
      )
    })
    return [GROUPS[group][language], ...entries].join('\n')
  })
  const others = Object.entries(OTHER_OPTIONS).map(([name, takesValue]) =>
    entry(`--${name}${takesValue ? ' FILE' : ''}`, OTHERS[name as keyof typeof OTHERS][language]),
  )
  return [
    ...[USAGE[language], secrets.join('\n'), OPTIONS[language], ...options],
    ...[others.join('\n'), EXIT_CODES[language]],
  ].join('\n\n')
}
