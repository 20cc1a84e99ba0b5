import { InputError, type Problem } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'

/** Returns what is wrong with a value, or undefined if it is valid. The text ends up in the log: it quotes no secret. */
export type Check = (value: string) => Text | undefined

/** What separates items within a line, half-width and full-width. */
const SEPARATORS = /[,;，、；]/

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
  /** Files that are named besides the inputs. */
  readonly literalPaths: readonly string[]
  readonly #read: (name: Name) => string
  readonly #defaultOf: (name: Name) => string
  readonly #problems: Problem[] = []

  /**
   * @param read returns the value that the workflow gives to an input, or an empty string
   * @param defaultOf returns the value of an input that is not given, or an empty string
   */
  constructor(
    read: (name: Name) => string,
    defaultOf: (name: Name) => string,
    literalPaths: readonly string[] = [],
  ) {
    this.literalPaths = literalPaths
    this.#read = read
    this.#defaultOf = defaultOf
  }

  /** What the workflow gives, without blanks at the ends; never the default. */
  given(name: Name): string {
    return this.#read(name).trim()
  }

  /**
   * What the workflow gives, or the default. An input that is given but empty gets its default too: an unset variable of
   * a workflow is an empty string.
   *
   * @param check called unless the value is empty
   */
  text(name: Name, check?: Check): string {
    const value = this.given(name) || this.#defaultOf(name)
    if (value) this.#verify(name, value, check)
    return value
  }

  /** A value that must not be empty. @param hint what to set it to, in whole sentences */
  required(name: Name, hint: Text): string {
    const value = this.text(name)
    if (!value) this.problem(name, joined({ en: 'Required, but not set.', zh: '必填，但没有填写。' }, hint))
    return value
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

  /** `true` or `false`. */
  boolean(name: Name): boolean {
    return this.choice(name, { true: true, false: false })
  }

  /** A whole number in decimal digits. */
  integer(name: Name, min: number, max: number): number {
    const value = this.text(name)
    const number = Number(value)
    if (!isDigits(value) || number < min || number > max) {
      this.problem(name, {
        en: `"${value}" is not a whole number from ${min} to ${max}.`,
        zh: `「${value}」不是 ${min} 至 ${max} 之间的整数。`,
      })
    }
    return number
  }

  /** An id that consists of digits. It stays text: it can be larger than any exact number. */
  digits(name: Name): string {
    return this.text(name, (value) =>
      isDigits(value)
        ? undefined
        : {
            en: `"${value}" is not a valid ID. It must be a number.`,
            zh: `「${value}」不是有效的 ID，应为数字。`,
          },
    )
  }

  /**
   * Items separated by line breaks, commas, semicolons (those of Chinese keyboards too) or blanks; none contains one of
   * these. A line may begin with `- `, as in a list of YAML. Each item once.
   *
   * @param check called for each item; a line or part with blanks in it is checked as a whole once one of its items is
   *   refused, because a blank may have got into an ID
   */
  list(name: Name, check?: Check): string[] {
    const items = new Set<string>()
    for (const line of this.text(name).split(/[\r\n]+/)) {
      for (const part of line.replace(/^\s*-\s+/, '').split(SEPARATORS)) {
        const words = part.split(/\s+/).filter(Boolean)
        const refused = words.some((word) => check?.(word) !== undefined)
        for (const item of refused ? [part.trim()] : words) {
          if (!items.has(item)) this.#verify(name, item, check)
          items.add(item)
        }
      }
    }
    return [...items]
  }

  /** The lines that are not empty. A line may begin with `- `, as in a list of YAML. */
  lines(name: Name): string[] {
    return linesOf(this.text(name))
  }

  /** Records what is wrong with an input, in whole sentences. */
  problem(name: Name, text: Text): void {
    this.add({ input: name, text })
  }

  /** Records a problem with something that is no input, such as a variable of the environment. */
  add(problem: Problem): void {
    this.#problems.push(problem)
  }

  /** @throws InputError with every problem, in the order in which they were found */
  throwProblems(): void {
    if (this.#problems.length > 0) throw new InputError(this.#problems)
  }

  #verify(name: Name, value: string, check: Check | undefined): void {
    const refusal = check?.(value)
    if (refusal !== undefined) this.problem(name, refusal)
  }
}

/** Reads an input by its name: what the rows of a table have. Each function below makes one, or is one. */
type Read<Value> = <Name extends string>(reader: InputReader<Name>, name: Name) => Value

/** Reads any text. @param check called unless the value is empty */
export function text(check?: Check): Read<string> {
  return (reader, name) => reader.text(name, check)
}

/** Reads `true` or `false`. */
export const boolean: Read<boolean> = (reader, name) => reader.boolean(name)

/** Reads one of several values, as {@link InputReader.choice} does. */
export function choice<T>(
  choices: Readonly<Record<string, T>>,
  aliases?: Readonly<Record<string, T>>,
): Read<T> {
  return (reader, name) => reader.choice(name, choices, aliases)
}

/** Reads a whole number in decimal digits. */
export function integer(min: number, max: number): Read<number> {
  return (reader, name) => reader.integer(name, min, max)
}

/** Reads items, as {@link InputReader.list} does. */
export function list(check?: Check): Read<readonly string[]> {
  return (reader, name) => reader.list(name, check)
}

/** Reads nothing if the input is not set and has no default. */
export function optional<T>(read: Read<T>): Read<T | undefined> {
  return (reader, name) => (reader.text(name) ? read(reader, name) : undefined)
}

/** The lines of a value that are not empty, without the `- ` of a list of YAML. */
export function linesOf(value: string): string[] {
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/^-\s+/, ''))
    .filter(Boolean)
}

function isDigits(value: string): boolean {
  return /^\d+$/.test(value)
}
