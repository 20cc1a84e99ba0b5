import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'
import type { Language } from '../text/language.ts'
import { type Arguments, UsageError } from './arguments.ts'
import { COMMAND_INPUTS, inputOf, isOurs, nearest, variableOf } from './names.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** The inputs, by name. */
export type Given = Readonly<Partial<Record<InputName, string>>>

/** What the command is given. */
export interface Settings {
  readonly inputs: Given
  /** Absolute: arguments that name a file or directory. */
  readonly literalPaths: readonly string[]
}

/** The language of this machine: Chinese if the locale is Chinese, English otherwise. */
export function localeLanguage(variables: Variables): Language {
  // The first that is not empty counts, as POSIX defines.
  const locale = variables['LC_ALL'] || variables['LC_MESSAGES'] || variables['LANG'] || ''
  return /^zh/i.test(locale) ? 'zh' : 'en'
}

/**
 * The inputs that the command is given: an option takes precedence over an environment variable, and that over the
 * file. A value that is empty counts as not given.
 *
 * @throws UsageError for a file that can't be read or names no input, and for paths that must not be uploaded
 */
export function readSettings({ inputs, paths, env }: Arguments, variables: Variables): Settings {
  refuseSecretFiles(paths)
  const files = env === undefined ? {} : fileInputs(env)
  const fromEnvironment = named((input) => variables[variableOf(input)])
  const fromOptions = named((input) => inputs[input])
  const given = { language: localeLanguage(variables), ...files, ...fromEnvironment, ...fromOptions }
  const patterns = paths.filter((path) => isPattern(path, given['release-tag'] !== undefined))
  const path = [fromOptions.path ?? [], patterns.map((pattern) => pattern.replace(/^#/, './#'))]
    .flat()
    .join('\n')
  return {
    // Arguments take precedence over the environment, as options do.
    inputs: paths.length > 0 ? { ...given, path } : given,
    literalPaths: paths.filter((path) => !patterns.includes(path)).map((path) => resolve(path)),
  }
}

/**
 * Whether an argument is a pattern, or the name of an asset of a release. A file that exists is meant literally, whatever its
 * name looks like, and what the input `path` would read as another line or without its blanks can't be a pattern.
 */
function isPattern(path: string, hasRelease: boolean): boolean {
  if (existsSync(path) || /[\r\n]/.test(path) || path !== path.trim()) return false
  return hasRelease || /[*?[]/.test(path)
}

/** What is probably wrong with the variables of the environment: names that are near to others, and what is missing. */
export function doubts({ inputs: given, literalPaths }: Settings, variables: Variables): Text[] {
  const names = COMMAND_INPUTS.map(variableOf)
  const misspelled = Object.keys(variables).flatMap((name) => {
    if (!isOurs(name) || inputOf(name) || !variables[name]) return []
    const meant = nearest(name, names)
    return meant === undefined || variables[meant] ? [] : { name, meant }
  })
  // A custom robot posts a message without files: that takes no app.
  const takesNoApp =
    Boolean(given['robot-webhook']) && !given.path && !given['release-tag'] && literalPaths.length === 0
  const missing = [
    ...(given['app-secret'] || takesNoApp ? [] : [variableOf('app-secret')]),
    ...(given['release-tag'] && !given['github-token'] ? [variableOf('github-token')] : []),
    ...(given['release-tag'] && !variables['GITHUB_REPOSITORY'] ? ['GITHUB_REPOSITORY'] : []),
  ]
  return [
    ...misspelled.map(({ name, meant }) => ({
      en: `The environment variable ${name} is not used. Did you mean ${meant}?`,
      zh: `未使用环境变量 ${name}。是否应为 ${meant}？`,
    })),
    ...missing.map((name) => ({
      en: `The environment variable ${name} is not set. No option can replace it.`,
      zh: `未设置环境变量 ${name}，也没有可替代它的选项。`,
    })),
  ]
}

/** The inputs that a function knows a value of. */
function named(read: (input: InputName) => string | undefined): Given {
  const given: Partial<Record<InputName, string>> = {}
  for (const input of COMMAND_INPUTS) {
    const value = read(input)?.trim()
    if (value) given[input] = value
  }
  return given
}

/** The inputs that a file of variables stands for. */
function fileInputs(file: string): Given {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UsageError([
      {
        en: `Cannot read ${file}. Create it with a variable per line, as in .env.example of the repository.`,
        zh: `无法读取 ${file}。请参考仓库中的 .env.example 创建该文件，每行一个变量。`,
      },
    ])
  }
  const variables = parseEnv(text.replace(/^\uFEFF/, ''))
  const unknown = Object.keys(variables).filter((name) => isOurs(name) && !inputOf(name))
  if (unknown.length > 0)
    throw new UsageError([
      {
        en: `${file} contains unknown variables: ${unknown.join(', ')}. See .env.example of the repository for the names.`,
        zh: `${file} 中有不支持的变量：${unknown.join('、')}。变量名请参考仓库中的 .env.example。`,
      },
    ])
  return named((input) => variables[variableOf(input)])
}

/** A file of variables may be given as a path by mistake. */
function refuseSecretFiles(paths: readonly string[]): void {
  const problems = paths
    .filter((path) => /(^|[/\\.])env$/i.test(path))
    .map((path) => ({
      en: `${path} looks like a file of secrets, so it is not uploaded. To read the inputs from it, use --env ${path}.`,
      zh: `${path} 疑似密钥文件，不会上传。如需从中读取配置，请使用 --env ${path}。`,
    }))
  if (problems.length > 0) throw new UsageError(problems)
}
