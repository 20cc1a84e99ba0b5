import type { Readable, Writable } from 'node:stream'
import * as clack from '@clack/prompts'
import { wrapped } from '../command/help.ts'
import { isSecret } from '../command/names.ts'
import { TextError } from '../errors.ts'
import { joined, type Text, verbatim } from '../http/text.ts'
import { INPUT_NAMES, type InputName } from '../inputs/inputs.ts'
import { diagnose, type Diagnosis, failureDetails, failureMessage } from '../report/failures.ts'
import { unquoted } from '../text/plain-text.ts'
import type { Redaction } from '../text/redaction.ts'
import { type Answers, type Name, optionOf } from './answers.ts'

/** The person goes back to the question before. */
export class Back extends Error {}

/** The person leaves. What has been answered is saved. */
export class Quit extends Error {}

/** Nobody can answer: there is no terminal, and no option has the answer. */
export class Unanswered extends TextError {}

/** The platform does not accept an answer. */
export class Refused extends Error {
  readonly diagnoses: readonly Diagnosis[]

  constructor(diagnoses: readonly Diagnosis[]) {
    super(diagnoses.map(({ cause }) => cause.en).join(' '))
    this.diagnoses = diagnoses
  }
}

/** Where a conversation takes place. */
export interface Screen {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown }
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number }
}

export interface Choice<T extends string> {
  readonly value: T
  readonly label: Text
  readonly hint?: Text
}

const CTRL_C = 3

const CHECKING: Text = { en: 'Checking with DingTalk …', zh: '正在向钉钉验证……' }

const EMPTY: Text = { en: 'Enter a value.', zh: '请输入内容。' }

/**
 * Asks a person, or takes the answers that options, the environment, or an earlier run have given. An answer that is given is
 * not asked for again, unless it turns out to be wrong, or the person goes back to it.
 */
export class Conversation {
  readonly language: keyof Text
  readonly isTerminal: boolean
  readonly #screen: Screen
  readonly #redaction: Redaction
  readonly #signal: AbortSignal
  readonly #leave: () => void
  readonly #answers: Map<Name, string>
  /** What questions that are asked again start with. */
  readonly #earlier = new Map<Name, string>()
  /** The answers of the current step, which going back takes back. */
  #ofStep: Name[] = []

  constructor(
    language: keyof Text,
    answers: Answers,
    screen: Screen,
    {
      redaction,
      signal,
      leave,
    }: { readonly redaction: Redaction; readonly signal: AbortSignal; readonly leave: () => void },
  ) {
    this.language = language
    this.isTerminal = screen.input.isTTY === true && screen.output.isTTY === true
    this.#screen = screen
    this.#redaction = redaction
    this.#signal = signal
    this.#leave = leave
    this.#answers = new Map(Object.entries(answers) as [Name, string][])
  }

  /** Everything that is answered so far, secrets included. */
  get answers(): Answers {
    return Object.fromEntries(this.#answers)
  }

  /** Begins a step. @returns the answers of the step so far, which grows while the step lasts */
  beginStep(): readonly Name[] {
    return (this.#ofStep = [])
  }

  /** Takes answers back. @param isSuggested whether they are suggested when they are asked for again; secrets never are */
  forget(names: readonly Name[], isSuggested = true): void {
    for (const name of names) {
      const value = this.#answers.get(name)
      if (isSuggested && value !== undefined && !isSecretName(name)) this.#earlier.set(name, value)
      this.#answers.delete(name)
    }
  }

  /** Answers in place of the person. Going back takes it back. */
  set(name: Name, value: string): void {
    this.remember(name, value)
    this.#ofStep.push(name)
  }

  /** Remembers what has happened, and what going back does not undo. */
  remember(name: Name, value: string): void {
    if (isSecretName(name)) this.#redaction.add(value)
    this.#answers.set(name, value)
  }

  say(text: Text): void {
    this.#write(text[this.language], (line, options) => {
      clack.log.message(line, options)
    })
  }

  done(text: Text): void {
    this.#write(text[this.language], (line, options) => {
      clack.log.success(line, options)
    })
  }

  warn(text: Text): void {
    this.#write(text[this.language], (line, options) => {
      clack.log.warn(line, options)
    })
  }

  /** The first line of the conversation, or the last one. */
  frame(text: Text, kind: 'intro' | 'outro'): void {
    this.#write(text[this.language], (line, options) => {
      clack[kind](line, options)
    })
  }

  /** Writes what is a text already, such as the log of a job. */
  write(text: string): void {
    this.#screen.output.write(text)
  }

  /** Shows what is wrong, as a job would report it: cause, fix, codes. */
  problem(error: unknown): void {
    const { 'app-key': appKey } = this.answers
    const failure = { stage: 'inputs', consequence: verbatim(''), error } as const
    const diagnoses = error instanceof Refused ? error.diagnoses : diagnose([failure], appKey)
    for (const diagnosis of diagnoses) {
      const details = failureDetails(diagnosis.details, this.language)
      const text = [failureMessage(diagnosis)[this.language], details].filter(Boolean).join('\n')
      this.#write(text, (line, options) => {
        clack.log.error(line, options)
      })
    }
  }

  /**
   * Asks and checks until the check accepts: an answer that it refuses is asked for again, with what is wrong with it.
   *
   * @param names the answers that the attempt asks for
   * @throws what the attempt throws if nobody can be asked
   */
  async accepted<T>(names: readonly Name[], attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        this.#signal.throwIfAborted()
        if (error instanceof Back || error instanceof Quit || !this.isTerminal) throw error
        this.problem(error)
        this.forget(names)
      }
    }
  }

  /** Shows that something takes its time. */
  async working<T>(task: () => Promise<T>, title: Text = CHECKING): Promise<T> {
    if (!this.isTerminal) return task()
    this.write(`  ${title[this.language]}`)
    try {
      return await this.ignoringKeys(task)
    } finally {
      this.write('\r\u001b[K')
    }
  }

  /** Ignores keys during a task, except for Ctrl-C: they would answer the next question. */
  async ignoringKeys<T>(task: () => Promise<T>): Promise<T> {
    const { input } = this.#screen
    const onKeys = (keys: Buffer) => {
      if (keys.includes(CTRL_C)) this.#leave()
    }
    input.setRawMode?.(true)
    // The last question has paused it.
    input.on('data', onKeys).resume()
    try {
      return await task()
    } finally {
      input.off('data', onKeys)
      input.setRawMode?.(false)
      input.pause()
    }
  }

  /** Asks for a text, without blanks and quotation marks around it. @param suggestion what is there to be confirmed or changed */
  async text(name: Name, question: Text, { suggestion = '', isOptional = false } = {}): Promise<string> {
    return this.#given(name, () =>
      this.#prompt((streams) =>
        clack.text({
          ...streams,
          message: question[this.language],
          initialValue: this.#earlier.get(name) ?? suggestion,
          validate: (value) => (isOptional || value?.trim() ? undefined : EMPTY[this.language]),
        }),
      ),
    )
  }

  /** Asks for a secret: what is typed is not shown, and masked from then on. */
  async secret(name: Name, question: Text, { isOptional = false } = {}): Promise<string> {
    return this.#given(name, () =>
      this.#prompt((streams) =>
        clack.password({
          ...streams,
          message: question[this.language],
          validate: (value) => (isOptional || value?.trim() ? undefined : EMPTY[this.language]),
        }),
      ),
    )
  }

  /** Lets the person choose. @param name absent: the answer is not remembered, and no option can give it */
  async choose<T extends string>(
    name: Name | undefined,
    question: Text,
    choices: readonly Choice<T>[],
    preferred?: T,
  ): Promise<T> {
    const ask = () =>
      this.#prompt((streams) =>
        clack.select<string>({
          ...streams,
          message: question[this.language],
          initialValue: (name && this.#earlier.get(name)) ?? preferred ?? choices[0]?.value ?? '',
          options: this.#options(choices),
          showInstructions: false,
        }),
      )
    return (name === undefined ? await this.#asked(question, ask) : await this.#given(name, ask)) as T
  }

  /** Lets the person choose one or more. */
  async chooseSome<T extends string>(
    name: Name,
    question: Text,
    choices: readonly Choice<T>[],
    preferred: readonly T[],
  ): Promise<T[]> {
    const keys = { en: '(Space selects, Enter confirms)', zh: '（空格键选择，回车键确认）' }
    const chosen = await this.#given(name, async () => {
      for (;;) {
        const values = await this.#prompt((streams) =>
          clack.multiselect<string>({
            ...streams,
            message: joined(question, keys)[this.language],
            initialValues: this.#earlier.get(name)?.split(',') ?? [...preferred],
            options: this.#options(choices),
            required: false,
            showInstructions: false,
          }),
        )
        if (values.length > 0) return values.join(',')
        this.warn({ en: 'Select at least one.', zh: '请至少选择一项。' })
      }
    })
    return chosen.split(',') as T[]
  }

  /** Asks for consent. Where nobody can answer, there is none unless an option gives it. */
  async agree(name: Name | undefined, question: Text, preferred = true): Promise<boolean> {
    if (name !== undefined && this.#answers.has(name)) return this.#answers.get(name) === 'true'
    if (!this.isTerminal) return false
    return this.#prompt((streams) =>
      clack.confirm({
        ...streams,
        message: question[this.language],
        initialValue: preferred,
        active: { en: 'Yes', zh: '是' }[this.language],
        inactive: { en: 'No', zh: '否' }[this.language],
      }),
    )
  }

  #options(choices: readonly Choice<string>[]) {
    return choices.map(({ value, label, hint }) => ({
      value,
      label: label[this.language],
      ...(hint && { hint: hint[this.language] }),
    }))
  }

  /** The answer that is given, or the person's. */
  async #given(name: Name, ask: () => Promise<string>): Promise<string> {
    let value = this.#answers.get(name)
    if (value === undefined) {
      if (!this.isTerminal)
        throw new Unanswered({ en: `Missing: ${optionOf(name)}.`, zh: `缺少 ${optionOf(name)}。` })
      value = unquoted(await ask())
    }
    this.set(name, value)
    return value
  }

  async #asked(question: Text, ask: () => Promise<string>): Promise<string> {
    if (this.isTerminal) return ask()
    throw new Unanswered(
      joined(question, {
        en: 'The setup needs a terminal to ask.',
        zh: '当前没有终端，无法回答。',
      }),
    )
  }

  /** @throws Back if the person presses Esc; Quit for Ctrl-C and Ctrl-D */
  async #prompt<T>(
    ask: (streams: Screen & { signal: AbortSignal }) => Promise<T | typeof clack.CANCEL_SYMBOL>,
  ): Promise<T> {
    const { input, output } = this.#screen
    const leaving = new AbortController()
    let last: string | undefined
    const listen = (_: unknown, key: { name?: string; ctrl?: boolean }) => {
      last = key.name
      // It would close the input, and the question would never be answered.
      if (key.ctrl && key.name === 'd') leaving.abort()
    }
    input.on('keypress', listen)
    try {
      const answer = await ask({ input, output, signal: leaving.signal })
      if (!clack.isCancel(answer)) return answer
      throw last === 'escape' ? new Back() : new Quit()
    } finally {
      input.off('keypress', listen)
    }
  }

  #write(text: string, show: (text: string, options: { output: Writable }) => void): void {
    const { output } = this.#screen
    if (!this.isTerminal) {
      output.write(`${text}\n`)
      return
    }
    const lines = this.#redaction
      .redacted(text)
      .split('\n')
      .flatMap((line) => {
        const [indent = ''] = /^ */.exec(line) ?? []
        // Links stay whole, so that terminals recognize them.
        const columns = (output.columns || 80) - 4 - indent.length
        return wrapped(line.trim(), columns).map((part) => indent + part)
      })
    show(lines.join('\n'), { output })
  }
}

function isSecretName(name: Name): boolean {
  return (INPUT_NAMES as readonly string[]).includes(name) && isSecret(name as InputName)
}
