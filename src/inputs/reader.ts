import { InputError } from '../errors.ts'
import { formatSize, parseSize } from '../text/size.ts'

/** Returns what is wrong with a value, or undefined if it is valid. The text ends up in the log: it quotes no secret. */
export type Check = (value: string) => string | undefined

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
  readonly #read: (name: Name) => string
  readonly #defaults: Readonly<Record<Name, string>>
  readonly #problems: string[] = []

  /**
   * @param read returns the value that the workflow gives to an input, or an empty string
   * @param defaults the value of each input that is not given, or an empty string
   */
  constructor(read: (name: Name) => string, defaults: Readonly<Record<Name, string>>) {
    this.#read = read
    this.#defaults = defaults
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
    const value = this.given(name) || this.#defaults[name]
    if (value) this.#verify(name, value, check)
    return value
  }

  /** A value that must not be empty. @param hint tells what to give */
  required(name: Name, hint: string): string {
    const value = this.text(name)
    if (!value) this.problem(name, `is required / 必填：${hint}`)
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
      this.problem(name, `"${value}" is none of ${Object.keys(choices).join(', ')} / 取值须为其中之一`)
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
      this.problem(
        name,
        `"${value}" is not a whole number from ${min} to ${max} / 须为 ${min} 至 ${max} 的整数`,
      )
    }
    return number
  }

  /** A size such as `16MiB`. @param min bytes @param max bytes @returns bytes */
  size(name: Name, min: number, max: number): number {
    const value = this.text(name)
    const bytes = parseSize(value)
    if (bytes === undefined || bytes < min || bytes > max) {
      const range = `${formatSize(min)} to ${formatSize(max)}`
      this.problem(
        name,
        `"${value}" is not a size such as 16MiB, from ${range} / 须为该范围内的大小，如 16MiB`,
      )
    }
    return bytes ?? 0
  }

  /** An id that consists of digits. It stays text: it can be larger than any exact number. */
  digits(name: Name): string {
    return this.text(name, (value) =>
      isDigits(value) ? undefined : `"${value}" is not an id: ids consist of digits / ID 由数字组成`,
    )
  }

  /**
   * Items separated by line breaks, commas or blanks; none contains one of these. Each item once.
   *
   * @param check called for each item
   */
  list(name: Name, check?: Check): string[] {
    const items = new Set(this.text(name).split(/[\s,]+/))
    items.delete('')
    for (const item of items) this.#verify(name, item, check)
    return [...items]
  }

  /** Records what is wrong with an input. */
  problem(name: Name, text: string): void {
    this.#problems.push(`${name}: ${text}`)
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

function isDigits(value: string): boolean {
  return /^\d+$/.test(value)
}
