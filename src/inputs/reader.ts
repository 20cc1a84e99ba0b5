import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'

/** Returns what is wrong with a value, or undefined if it is valid. The text ends up in the log: it quotes no secret. */
export type Check = (value: string) => Text | undefined

/** Where the inputs come from. */
export interface InputSource<Name extends string> {
  /** The value that is given to an input, or an empty string. */
  readonly input: (name: Name) => string
  /** Absolute paths of files and directories to upload, besides those that the inputs name. */
  readonly literalPaths?: readonly string[]
  /** The environment variable of an input that nothing else can set. */
  readonly variableOf?: (name: Name) => string | undefined
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
    if (!value) this.problem(name, joined({ en: 'Required, but not set.', zh: '必填，但没有填写。' }, hint))
    return value
  }

  /** How to set a secret that is missing: for a command, by its environment variable. Otherwise: as in `inWorkflow`. */
  howToSet(name: Name, inWorkflow: Text): Text {
    const variable = this.#source.variableOf?.(name)
    if (variable === undefined) return inWorkflow
    return {
      en: `Set the environment variable ${variable}. No option can replace it.`,
      zh: `请设置环境变量 ${variable}，没有可替代它的选项。`,
    }
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

  /** A whole number in decimal digits. */
  integer(name: Name, min: number, max: number): number {
    const value = this.text(name)
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < min || number > max)
      this.problem(name, {
        en: `"${value}" is not a whole number from ${min} to ${max}.`,
        zh: `「${value}」不是 ${min} 至 ${max} 之间的整数。`,
      })
    return number
  }

  /** An ID that consists of digits. It stays text: it can be larger than any exact number. */
  digits(name: Name): string {
    const value = this.text(name)
    if (!/^\d*$/.test(value))
      this.problem(name, {
        en: `"${value}" is not a valid ID. It must be a number.`,
        zh: `「${value}」不是有效的 ID，应为数字。`,
      })
    return value
  }

  /**
   * Items separated by line breaks, commas, semicolons (those of Chinese keyboards too), or blanks. Each item once.
   *
   * @param check called for each item; a line or part with blanks in it is checked as a whole once one of its items is
   *   refused, because a blank may have got into an ID
   */
  list(name: Name, check?: Check): string[] {
    const items = new Set<string>()
    for (const part of this.lines(name).flatMap((line) => line.split(/[,;，、；]/))) {
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
  problem(input: Name, text: Text): void {
    this.#problems.push({ input, text })
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

/** The lines of a value that are not empty, without the `- ` of a list of YAML. */
export function linesOf(value: string): string[] {
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/^-\s+/, ''))
    .filter(Boolean)
}
