import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import type { Link } from '../text/links.ts'

/** What is wrong with a value, and where to do something about it. It ends up in the log, so it quotes no secret. */
export interface Refusal extends Text {
  readonly links?: readonly Link[]
}

/** Returns what is wrong with a value, or undefined if it is valid. */
export type Check = (value: string) => Refusal | undefined

/** How the command sets an input. */
export interface Setting {
  readonly variable: string
  /** Absent: only the variable can set it. */
  readonly option?: string
}

/** Where the inputs come from. */
export interface InputSource<Name extends string> {
  /** The value that is given to an input, or an empty string. */
  readonly input: (name: Name) => string
  /** Absolute paths of files and directories to upload, besides those that the inputs name. */
  readonly literalPaths?: readonly string[]
  /** Absent: a workflow sets them. */
  readonly settingOf?: (name: Name) => Setting
}

function howToSet({ variable, option }: Setting): Text {
  return {
    en: `Use the environment variable ${variable}${option ? ` or the option ${option}` : ''}.`,
    zh: `请使用环境变量 ${variable}${option ? `或选项 ${option}` : ''}。`,
  }
}

export const REQUIRED: Text = { en: 'Required, but not set.', zh: '必填，但没有填写。' }

/** Why a value may be missing in a workflow, and elsewhere. */
const UNREADABLE: Text = {
  en: 'If it comes from a secret or a variable, check its name, and whether this job can read it: pull requests from forks get no secrets.',
  zh: '如果取自 secret 或变量，请检查名称是否正确，以及当前任务能否读取：来自 fork 的 pull request 无法读取 secret。',
}
const PROTECTED: Text = {
  en: 'If it is a variable of the CI, check whether this job can read it: GitLab, for example, passes protected variables only to protected branches and tags.',
  zh: '如果是 CI 中的变量，请确认当前任务可以读取：例如 GitLab 的受保护变量仅在受保护的分支和标签中可用。',
}

/**
 * Reads the inputs of an action, and collects what is wrong with them.
 *
 * A method that finds a wrong value records a problem and returns something all the same, so that one run reports every
 * problem. `throwProblems` comes after the last input: only then are the returned values known to be valid.
 *
 * Every method except `text`, `required` and `list` quotes a wrong value in its problem. Do not use them for secrets.
 *
 * A function that reads some of the inputs names them in its parameter, `InputReader<'user' | 'password'>`, and takes a
 * reader of more inputs too.
 */
export class InputReader<Name extends string> {
  readonly literalPaths: readonly string[]
  readonly #source: InputSource<Name>
  readonly #defaultOf: (name: Name) => string
  readonly #problems: Problem[] = []
  readonly #rejected = new Set<string>()
  #hasExplained = false

  /** @param defaultOf returns the value of an input that is not given, or an empty string */
  constructor(source: InputSource<Name>, defaultOf: (name: Name) => string) {
    this.literalPaths = source.literalPaths ?? []
    this.#source = source
    this.#defaultOf = defaultOf
  }

  /** What is given, without blanks at the ends; never the default. */
  given(name: Name): string {
    return this.#source.input(name).trim()
  }

  /**
   * What is given, or the default. An input that is given but empty gets its default too: an unset variable of a workflow is
   * an empty string.
   *
   * @param check called unless the value is empty
   */
  text(name: Name, check?: Check): string {
    const value = this.given(name) || this.#defaultOf(name)
    const refusal = value ? check?.(value) : undefined
    if (refusal) this.problem(name, refusal)
    return value
  }

  /** A value that must not be empty. @param hint what to set it to, in whole sentences */
  required(name: Name, hint: Text): string {
    const value = this.text(name)
    if (!value) this.problem(name, joined(REQUIRED, hint))
    return value
  }

  /**
   * Records that a value is missing, and how to set it.
   *
   * @param text what is missing, in whole sentences
   * @param inWorkflow how to set it in a workflow. Default: why a value from a secret or variable may be missing, in the first such problem
   */
  missing(name: Name, text: Text, inWorkflow?: Text): void {
    const setting = this.#source.settingOf?.(name)
    const set = setting ? [howToSet(setting)] : inWorkflow ? [inWorkflow] : []
    const why = inWorkflow || this.#hasExplained ? [] : [setting ? PROTECTED : UNREADABLE]
    this.#hasExplained ||= why.length > 0
    this.problem(name, [text, ...set, ...why].reduce(joined))
  }

  /**
   * One of several values, in upper or lower case.
   *
   * @param choices what each value means; in lower case
   * @param aliases more values that are accepted, but that a problem does not suggest; in lower case
   */
  choice<T>(name: Name, choices: Readonly<Record<string, T>>, aliases: Readonly<Record<string, T>> = {}): T {
    const value = this.text(name)
    // A map has no inherited keys such as `constructor`.
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

  /** A whole number in decimal digits. @param form what to enter instead of something else */
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

  /** An ID that consists of digits. It stays text: it can be larger than any exact number. */
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
   * Items separated by line breaks, commas, semicolons (those of Chinese keyboards too), or blanks. Each item once. A link, which may
   * contain commas, is one item.
   *
   * @param check called for each item; a line or part with blanks in it is checked as a whole once one of its items is
   *   refused, because a blank may have got into an ID
   */
  list(name: Name, check?: Check): string[] {
    const items = new Set<string>()
    const partsOf = (line: string) => (line.includes('://') ? line : line.split(/[,;，、；]/))
    for (const part of this.lines(name).flatMap(partsOf)) {
      const words = part.split(/\s+/).filter(Boolean)
      for (const item of words.some((word) => check?.(word)) ? [part.trim()] : words) {
        const refusal = items.has(item) ? undefined : check?.(item)
        if (refusal) this.problem(name, refusal)
        items.add(item)
      }
    }
    return [...items]
  }

  /** The lines of a value, as {@link linesOf} has them. */
  lines(name: Name): string[] {
    return linesOf(this.text(name))
  }

  /** Records what is wrong with an input, in whole sentences. */
  problem(input: Name, { links, ...text }: Refusal): void {
    if (!this.#rejected.has(input)) this.#problems.push({ input, text, links })
  }

  /** Records the only problem with an input: nothing else that is wrong with it matters. */
  reject(input: Name, text: Text): void {
    this.problem(input, text)
    this.#rejected.add(input)
  }

  /**
   * @param others problems with something that is no input
   * @throws InputError with every problem, in the order in which they were found
   */
  throwProblems(others: readonly Problem[] = []): void {
    const problems = [...this.#problems, ...others]
    if (problems.length > 0) throw new InputError(problems)
  }
}

function wholeNumber(min: number, max: number): Text {
  return { en: `a whole number from ${min} to ${max}`, zh: ` ${min} 至 ${max} 之间的整数` }
}

/** The lines of a value that are not empty, without the `- ` of a list of YAML. */
export function linesOf(value: string): string[] {
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/^-\s+/, ''))
    .filter(Boolean)
}
