import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'
import { COMMAND_INPUTS, isBoolean, isSecret, nearest, variableOf } from './names.ts'

/** The command was used incorrectly, and nothing was attempted. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly problems: readonly Text[]
  /** The value of the option `language`. */
  readonly language: string | undefined

  constructor(problems: readonly Text[], language?: string) {
    super(problems.map(({ en }) => en).join('\n'))
    this.problems = problems
    this.language = language
  }
}

export interface Arguments {
  readonly inputs: Readonly<Partial<Record<InputName, string>>>
  /** Arguments that aren't options: files to upload. */
  readonly paths: readonly string[]
  /** The path of a file of environment variables. */
  readonly env: string | undefined
  readonly json: boolean
  readonly help: boolean
  readonly version: boolean
}

/** Options that are not inputs, and whether each takes a value. */
export const OTHER_OPTIONS = { env: true, json: false, help: false, version: false } as const

/** Every option, without its dashes. */
export const OPTIONS: readonly string[] = [
  ...COMMAND_INPUTS.filter((name) => !isSecret(name)),
  ...Object.keys(OTHER_OPTIONS),
]

/**
 * Reads the arguments: `--option value`, `--option=value`, or `--archive` for `--archive=true`. A repeated option has several lines.
 * All other arguments, and those after `--`, are paths.
 *
 * @throws UsageError with every problem. It quotes no value
 */
export function readArguments(argv: readonly string[]): Arguments {
  const given = new Map<string, string[]>()
  const paths: string[] = []
  const problems: Text[] = []
  const rest = [...argv]
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '--') paths.push(...rest.splice(0))
    else if (!/^-./.test(argument)) paths.push(argument)
    else {
      const [, shown = '', inline] = /^([^=]*)(?:=([^]*))?$/.exec(argument) ?? []
      const option = shown === '-h' ? 'help' : shown.replace(/^--/, '')
      const value = OPTIONS.includes(option) ? valueOf(option, inline, rest) : refusal(shown)
      if (typeof value === 'string') given.set(option, [...(given.get(option) ?? []), value])
      else problems.push(value)
    }
  }
  if (problems.length > 0) throw new UsageError(problems, given.get('language')?.at(-1))
  const values = Object.fromEntries([...given].map(([name, lines]) => [name, lines.join('\n')]))
  const { env, json, help, version, ...inputs } = values
  const flag = (value: string | undefined) => value !== undefined
  return { inputs, paths, env, json: flag(json), help: flag(help), version: flag(version) }
}

/** The value of an option, or the problem with it. @param rest the arguments after the option, from which the value is removed */
function valueOf(option: string, inline: string | undefined, rest: string[]): string | Text {
  const takesValue = new Map<string, boolean>(Object.entries(OTHER_OPTIONS)).get(option)
  if (takesValue === false)
    return inline === undefined ? '' : { en: `--${option} takes no value.`, zh: `--${option} 不需要取值。` }
  if (inline !== undefined) return inline
  const [next] = rest
  if (takesValue === undefined && isBoolean(option as InputName))
    return /^(?:true|false)$/i.test(next ?? '') ? (rest.shift() ?? '') : 'true'
  if (next !== undefined && !next.startsWith('--')) return rest.shift() ?? ''
  return {
    en: `--${option} needs a value. If the value starts with two dashes, use --${option}=VALUE.`,
    zh: `--${option} 缺少取值。如果取值以两个短横线开头，请使用 --${option}=取值。`,
  }
}

/** The problem with an unknown option. */
function refusal(shown: string): Text {
  const name = shown
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^-+(dingtalk-)?/, '')
  const meant = nearest(name, [...COMMAND_INPUTS, ...Object.keys(OTHER_OPTIONS)])
  const secret = COMMAND_INPUTS.find((name) => name === meant && isSecret(name))
  if (secret)
    return {
      en: `${shown} is not accepted: every process on the machine can read the arguments of a command. Set the environment variable ${variableOf(secret)} instead.`,
      zh: `不接受 ${shown}：本机的任何进程都能看到命令的参数。请改用环境变量 ${variableOf(secret)}。`,
    }
  if (meant !== undefined)
    return {
      en: `Unknown option ${shown}. Did you mean --${meant}?`,
      zh: `未知选项 ${shown}。是否应为 --${meant}？`,
    }
  return {
    en: `Unknown option ${shown}. See --help for all options. If it is a file, enter ./${shown}, or put -- before it.`,
    zh: `未知选项 ${shown}。使用 --help 查看全部选项。如果是文件，请写作 ./${shown}，或在前面加上 --。`,
  }
}
