import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'
import { type Arguments, UsageError } from './arguments.ts'
import { COMMAND_INPUTS, nearest, PREFIX, variableOf } from './names.ts'

type Variables = Readonly<Record<string, string | undefined>>

export interface Settings {
  readonly inputs: Readonly<Partial<Record<InputName, string>>>
  /** Absolute paths of files and directories, which are not patterns. */
  readonly literalPaths: readonly string[]
}

/** The language of this machine. */
export function localeLanguage(variables: Variables): 'en' | 'zh' {
  // In the order of POSIX. Windows has none of these variables.
  const locale =
    variables['LC_ALL'] ||
    variables['LC_MESSAGES'] ||
    variables['LANG'] ||
    Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh/i.test(locale) ? 'zh' : 'en'
}

/**
 * Reads the settings. Options take precedence over environment variables, and these over the file. Empty values are ignored.
 *
 * @throws UsageError for a file that can't be read or has unknown variables, and for paths that must not be uploaded
 */
export function readSettings({ inputs, paths, env }: Arguments, variables: Variables): Settings {
  if (env === '' || paths.some((path) => path.trim() === '' && !existsSync(path)))
    throw new UsageError([
      {
        en: 'An argument is empty: the variable or the command that it comes from has no value. Check the step that sets it.',
        zh: '有一个参数为空：提供该参数的变量或命令没有值。请检查设置该值的步骤。',
      },
    ])
  const secretFiles = paths.filter((path) => /(^|[/\\])([^/\\]*\.env|\.env\.[^/\\]*)$/i.test(path))
  if (secretFiles.length > 0)
    throw new UsageError(
      secretFiles.map((path) => ({
        en: `${path} looks like a file of secrets, so it is not uploaded. To read the inputs from it, use --env ${path}.`,
        zh: `${path} 疑似密钥文件，不会上传。如需从中读取配置，请使用 --env ${path}。`,
      })),
    )
  const file = env === undefined ? {} : variablesIn(env)
  const given: Partial<Record<InputName, string>> = { language: localeLanguage(variables) }
  for (const input of COMMAND_INPUTS) {
    const variable = variableOf(input)
    const value = [inputs[input], variables[variable], file[variable]].find((value) => value?.trim())
    if (value) given[input] = value.trim()
  }
  if (paths.length === 0) return { inputs: given, literalPaths: [] }
  const patterns = paths.filter((path) => isPattern(path, given['release-tag'] !== undefined))
  const literals = paths.filter((path) => existsSync(path) || !patterns.includes(path))
  // A line of `path` that starts with "#" is a comment.
  const path = [inputs.path ?? '', ...patterns.map((pattern) => pattern.replace(/^#/, './#'))].join('\n')
  return {
    inputs: { ...given, path: path.trim() },
    literalPaths: literals.map((path) => resolve(path)),
  }
}

/** Whether an argument is a pattern, an exclusion, or the name of a release asset, and not the path of an existing file. */
function isPattern(path: string, hasRelease: boolean): boolean {
  // As a line of `path`, it would be another path.
  if (/[\r\n]/.test(path) || path !== path.trim()) return false
  const mayBeAsset = hasRelease && /^[^*?[\]!#/\\]+$/.test(path)
  return mayBeAsset || (!existsSync(path) && /^!|[*?[]/.test(path))
}

/** Reads a file of variables in UTF-8, or in PowerShell's UTF-16 with a byte order mark. @throws UsageError */
function variablesIn(file: string): Variables {
  const place = resolve(file)
  let text: string
  try {
    const bytes = readFileSync(place)
    const encoding = { fffe: 'utf-16le', feff: 'utf-16be' }[bytes.toString('hex', 0, 2)] ?? 'utf-8'
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    // Otherwise, a file in GBK would name other folders than its author sees.
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new UsageError([
        {
          en: `${place} is not UTF-8. Save it as UTF-8.`,
          zh: `${place} 不是 UTF-8 编码。请将其另存为 UTF-8 编码。`,
        },
      ])
    throw new UsageError([
      {
        en: `Cannot read ${place}. Create it with one variable per line, as in .env.example of the repository.`,
        zh: `无法读取 ${place}。请参考仓库中的 .env.example 创建该文件，每行一个变量。`,
      },
    ])
  }
  const variables = parseEnv(text)
  const known = COMMAND_INPUTS.map(variableOf)
  const unknown = Object.keys(variables).filter((name) => name.startsWith(PREFIX) && !known.includes(name))
  if (unknown.length === 0) return variables
  throw new UsageError([
    {
      en: `${place} contains unknown variables: ${unknown.join(', ')}. See .env.example of the repository for the names.`,
      zh: `${place} 中有不支持的变量：${unknown.join('、')}。变量名请参考仓库中的 .env.example。`,
    },
  ])
}

/** Warnings about environment variables with misspelled names. */
export function misspelledVariables(variables: Variables): Text[] {
  const known = COMMAND_INPUTS.map(variableOf)
  return Object.keys(variables).flatMap((name) => {
    if (!name.startsWith(PREFIX) || known.includes(name) || !variables[name]) return []
    const meant = nearest(name, known)
    if (meant === undefined || variables[meant]) return []
    return {
      en: `The environment variable ${name} is not used. Did you mean ${meant}?`,
      zh: `未使用环境变量 ${name}。是否应为 ${meant}？`,
    }
  })
}
