import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import type { Link } from '../text/links.ts'

/** What is wrong with a value, and how to fix it. It is logged, so it must not quote a secret. */
export interface Refusal extends Text {
  readonly links?: readonly Link[]
}

/** Returns what is wrong with a value, or undefined if it is valid. */
export type Check = (value: string) => Refusal | undefined

/** How to set an input of the command. */
export interface Setting {
  readonly variable: string
  /** Absent if only the variable can set it. */
  readonly option?: string
}

/** Where the inputs come from. */
export interface InputSource<Name extends string> {
  /** The value that is given to an input, or an empty string. */
  readonly input: (name: Name) => string
  /** Absolute paths of more files and directories to upload. */
  readonly literalPaths?: readonly string[]
  /** Absent if a workflow sets the inputs. */
  readonly settingOf?: (name: Name) => Setting
}

function howToSet({ variable, option }: Setting): Text {
  return {
    en: `Use the environment variable ${variable}${option ? ` or the option ${option}` : ''}.`,
    zh: `请使用环境变量 ${variable}${option ? `或选项 ${option}` : ''}。`,
  }
}

/** Why a value may be missing in a workflow. */
const UNREADABLE: Text = {
  en: "If the value comes from a secret or a variable, check its name, and whether this job can read it. Pull requests from forks don't get secrets.",
  zh: '如果取自 secret 或变量，请检查名称是否正确，以及当前任务能否读取：来自 fork 的 pull request 无法读取 secret。',
}
/** Why a value may be missing on another CI. */
const PROTECTED: Text = {
  en: 'If the value comes from a variable of the CI, check whether this job can read it. GitLab, for example, passes protected variables only to protected branches and tags.',
  zh: '如果是 CI 中的变量，请确认当前任务可以读取：例如 GitLab 的受保护变量仅在受保护的分支和标签中可用。',
}

/**
 * Reads inputs and collects their problems, so that one run reports all of them. The returned values are valid only if
 * `throwProblems`, called after the last input, doesn't throw.
 *
 * Don't use the methods `choice`, `boolean`, `integer`, and `digits` for secrets: their problems quote the value.
 */
export class InputReader<Name extends string> {
  readonly literalPaths: readonly string[]
  readonly #source: InputSource<Name>
  readonly #defaultOf: (name: Name) => string
  readonly #problems: Problem[] = []
  readonly #rejected = new Set<string>()
  #hasExplained = false

  /** @param defaultOf returns the default of an input, or an empty string */
  constructor(source: InputSource<Name>, defaultOf: (name: Name) => string) {
    this.literalPaths = source.literalPaths ?? []
    this.#source = source
    this.#defaultOf = defaultOf
  }

  /** The trimmed value that was set, or an empty string; never the default. */
  given(name: Name): string {
    return this.#source.input(name).trim()
  }

  /** The value, or the default if it's empty, as an unset variable of a workflow is. @param check not called for an empty value */
  text(name: Name, check?: Check): string {
    const value = this.given(name) || this.#defaultOf(name)
    const refusal = value ? check?.(value) : undefined
    if (refusal) this.problem(name, refusal)
    return value
  }

  /**
   * Records that a value is missing. The first such problem explains why a secret or variable may be empty.
   *
   * @param inWorkflow is added if a workflow sets the inputs
   */
  missing(name: Name, text: Text, inWorkflow?: Text): void {
    const setting = this.#source.settingOf?.(name)
    const texts = [text, setting ? howToSet(setting) : inWorkflow].filter((part) => part !== undefined)
    if (!this.#hasExplained) texts.push(setting ? PROTECTED : UNREADABLE)
    this.#hasExplained = true
    this.problem(name, texts.reduce(joined))
  }

  /**
   * One of several values, ignoring case.
   *
   * @param choices the result for each value, in lower case
   * @param aliases more values, which problems don't suggest
   */
  choice<T>(name: Name, choices: Readonly<Record<string, T>>, aliases: Readonly<Record<string, T>> = {}): T {
    const value = this.text(name)
    // Unlike an object, a map has no inherited keys.
    const meaning = new Map(Object.entries({ ...choices, ...aliases })).get(value.toLowerCase())
    if (meaning === undefined) {
      const names = Object.keys(choices)
      this.problem(name, {
        en: `"${value}" is not valid. Use one of: ${names.join(', ')}.`,
        zh: `「${value}」不是有效值。可选值：${names.join('、')}。`,
      })
    }
    return meaning as T
  }

  boolean(name: Name): boolean {
    return this.choice(name, { true: true, false: false })
  }

  /** A whole number in decimal digits. @param form describes valid values */
  integer(name: Name, min: number, max: number, form = wholeNumber(min, max)): number {
    const value = this.text(name)
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < min || number > max)
      this.problem(name, {
        en: `"${value}" is not valid. Enter ${form.en}.`,
        zh: `「${value}」不是有效值。请填写${form.zh}。`,
      })
    return number
  }

  /** An ID that consists of digits. It may be too large for a number. */
  digits(name: Name, check?: Check): string {
    const value = this.text(name)
    if (!/^\d*$/.test(value))
      this.problem(
        name,
        check?.(value) ?? {
          en: `"${value}" is not a valid ID. It must be a number.`,
          zh: `「${value}」不是有效的 ID，应为数字。`,
        },
      )
    return value
  }

  /**
   * Unique items, separated by line breaks, blanks, commas, or semicolons. A line with a link is one item, and so is a part
   * with blanks if a word of it is not valid, because the blank may belong to the value.
   */
  list(name: Name, check?: Check): string[] {
    const words = (part: string) => part.split(/\s+/).filter(Boolean)
    const items = this.lines(name)
      .flatMap((line) => (line.includes('://') ? line : line.split(/[,;，、；]/)))
      .flatMap((part) => (words(part).some((word) => check?.(word)) ? part.trim() : words(part)))
    const unique = [...new Set(items.filter(Boolean))]
    for (const refusal of unique.map((item) => check?.(item))) if (refusal) this.problem(name, refusal)
    return unique
  }

  /** See {@link linesOf}. */
  lines(name: Name): string[] {
    return linesOf(this.text(name))
  }

  /** Records a problem, in whole sentences. */
  problem(input: Name, { links, ...text }: Refusal): void {
    if (!this.#rejected.has(input)) this.#problems.push({ input, text, links })
  }

  /** Records a problem with one line of an input. @param index from 0 */
  lineProblem(input: Name, index: number, { en, zh }: Text): void {
    this.problem(input, { en: `Line ${index + 1}: ${en}`, zh: `第 ${index + 1} 行：${zh}` })
  }

  /** Records a problem that hides all later problems with the same input. */
  reject(input: Name, text: Text): void {
    this.problem(input, text)
    this.#rejected.add(input)
  }

  /** @throws InputError with all problems, in order @param others problems outside the inputs */
  throwProblems(others: readonly Problem[] = []): void {
    const problems = [...this.#problems, ...others]
    if (problems.length > 0) throw new InputError(problems)
  }
}

/** Rejects a secret that is so short that masking it would hide other texts, too. DingTalk's have 64 characters. */
export function refusalOfSecret(secret: string): Text | undefined {
  if (secret.length >= 8) return undefined
  return {
    en: 'The value is too short. Check that it is complete.',
    zh: '内容过短，请检查是否完整。',
  }
}

function wholeNumber(min: number, max: number): Text {
  return { en: `a whole number from ${min} to ${max}`, zh: ` ${min} 至 ${max} 之间的整数` }
}

/** The non-empty lines of a value, trimmed, without the `- ` of YAML lists. */
export function linesOf(value: string): string[] {
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/^-\s+/, ''))
    .filter(Boolean)
}
