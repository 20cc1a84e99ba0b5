import type { Text } from '../http/text.ts'
import { defaultOf, GROUPS, INPUTS } from '../inputs/inputs.ts'
import { OTHER_OPTIONS } from './arguments.ts'
import { DESCRIPTIONS } from './descriptions.ts'
import { COMMAND_INPUTS, isBoolean, isSecret, variableOf } from './names.ts'

const EXAMPLE = `  export ${variableOf('app-key')}=dingabc123
  export ${variableOf('app-secret')}=…
  upload-to-dingtalk --user-id manager01 --folder-url 'https://…' \\
    --chat-id cid… app.apk`

const INTRODUCTION: Text = {
  en: 'Uploads files to a DingTalk drive folder and sends them to group chats. Example:',
  zh: '将文件上传到钉钉云盘的文件夹，并发送到群聊。示例：',
}

const USAGE: Text = {
  en: `Usage: upload-to-dingtalk [OPTION]... [FILE]...
       upload-to-dingtalk setup    guides you through the setup`,
  zh: `用法：upload-to-dingtalk [选项]... [文件]...
      upload-to-dingtalk setup    以问答方式完成全部配置`,
}

const OPTIONS: Text = {
  en: `Each option can also be set as an environment variable, such as ${variableOf('chat-id')}. An option takes precedence. If an option takes several lines, you can also repeat it. Secrets are read from environment variables only.`,
  zh: `每个选项也可以用环境变量设置，例如 ${variableOf('chat-id')}；同时设置时以选项为准。可填写多行的选项也可以重复使用。密钥只能通过环境变量提供。`,
}

const OTHERS: Readonly<Record<keyof typeof OTHER_OPTIONS, Text>> = {
  env: {
    en: 'Reads environment variables that are not set from a file, one per line: DINGTALK_APP_KEY=…',
    zh: '从文件中读取尚未设置的环境变量，每行一个：DINGTALK_APP_KEY=…',
  },
  json: {
    en: 'Prints the outputs as one JSON object on standard output, even if the command fails. The log goes to standard error',
    zh: '在标准输出上以一个 JSON 对象打印全部输出，失败时也会打印；日志改为写到标准错误',
  },
  help: { en: 'Shows this help', zh: '显示本帮助' },
  version: { en: 'Shows the version', zh: '显示版本' },
}

const OTHER: Text = { en: 'Other', zh: '其他' }

const EXIT_CODES: Text = {
  en: 'Exit codes: 0 if everything succeeded, 1 if something failed, 2 if the command was used incorrectly and nothing was attempted.',
  zh: '退出码：0 表示全部成功；1 表示有失败；2 表示用法有误，未执行任何操作。',
}

/** What `--help` shows. @param width in columns */
export function helpText(width: number): Text {
  return { en: helpIn('en', width), zh: helpIn('zh', width) }
}

function helpIn(language: keyof Text, width: number): string {
  const lines = (text: Text) => wrapped(text[language], width).join('\n')
  const entry = (name: string, description: string) => optionHelp(name, description, width)
  const groups = [...Map.groupBy(COMMAND_INPUTS, (name) => INPUTS[name].group)].map(([group, names]) => {
    const entries = names.map((name) => {
      const value = defaultOf(name)
      const preset = { en: ` (default: ${value})`, zh: `（默认值：${value}）` }[language]
      const shown = isSecret(name) ? variableOf(name) : `--${name}${isBoolean(name) ? '' : ' VALUE'}`
      return entry(shown, DESCRIPTIONS[name][language] + (value && preset))
    })
    return [GROUPS[group][language], ...entries].join('\n')
  })
  const others = Object.entries(OTHER_OPTIONS).map(([name, takesValue]) =>
    entry(`--${name}${takesValue ? ' FILE' : ''}`, OTHERS[name as keyof typeof OTHERS][language]),
  )
  return [
    `${lines(INTRODUCTION)}\n\n${EXAMPLE}`,
    USAGE[language],
    lines(OPTIONS),
    ...groups,
    [OTHER[language], ...others].join('\n'),
    lines(EXIT_CODES),
  ].join('\n\n')
}

/** An option and its description. @param description may be Markdown @param width in columns */
export function optionHelp(option: string, description: string, width: number): string {
  const lines = wrapped(description.replaceAll('`', ''), width - 6)
  return [`  ${option}`, ...lines.map((line) => `      ${line}`)].join('\n')
}

const WIDE = String.raw`\p{Script=Han}\u3000-\u303f\uff00-\uff60`
/** A word or wide character, with the punctuation that must stay on the same line. */
const UNIT = new RegExp(String.raw`\s*[（「]*(?:[^\s${WIDE}]+|[${WIDE}])[，。、；：）」]*`, 'gu')

/** Wraps a text. @param width in columns; a wide character takes two */
export function wrapped(text: string, width: number): string[] {
  const columns = (words: string) => words.length + (words.match(new RegExp(`[${WIDE}]`, 'gu'))?.length ?? 0)
  const lines = ['']
  for (const [unit] of text.matchAll(UNIT)) {
    const line = (lines.at(-1) ?? '') + unit
    if (columns(line.trimStart()) <= width) lines[lines.length - 1] = line.trimStart()
    else lines.push(unit.trimStart())
  }
  return lines
}
