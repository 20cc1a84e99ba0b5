import type { Readable, Writable } from 'node:stream'
import * as clack from '@clack/prompts'
import { wrapped } from '../command/help.ts'
import { TextError } from '../errors.ts'
import { type Text, verbatim } from '../http/text.ts'
import { diagnose, type Diagnosis, failureDetails, failureMessage } from '../report/failures.ts'
import { unquoted } from '../text/plain-text.ts'
import type { Redaction } from '../text/redaction.ts'
import { type Answers, isSecretAnswer, isSecretName, type Name, type Values, valuesOf } from './answers.ts'
import type { Dws } from './dws.ts'
import type { Place } from './program.ts'

/** What every step of the setup works with. */
export interface Setup extends Place {
  readonly talk: Conversation
  /** Undefined unless the user has chosen to use dws. */
  dws?: Dws | undefined
}

/** The user presses Esc. */
export class Back extends Error {}

/** The user exits. */
export class Quit extends Error {}

/** DingTalk rejects an answer. */
export class Refused extends Error {
  readonly diagnoses: readonly Diagnosis[]

  constructor(diagnoses: readonly Diagnosis[]) {
    super(diagnoses.map(({ cause }) => cause.en).join(' '))
    this.diagnoses = diagnoses
  }
}

/** A terminal, if both are `isTTY`. */
export interface Screen {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown }
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number }
}

/** What a conversation needs from its process. */
export interface Session {
  readonly screen: Screen
  /** Gets every secret. */
  readonly redaction: Redaction
  /** Aborted when the user exits. */
  readonly signal: AbortSignal
  /** Aborts the signal. */
  readonly leave: () => void
  /** Saves the answers for a later run. Called whenever they change. */
  readonly save: (answers: Answers) => void
}

export type Choice<T extends string> = readonly [value: T, label: Text]

const CTRL_C = 3

const WAIT: Text = { en: 'Please wait …', zh: '请稍候……' }

const YES: Text = { en: 'Yes', zh: '是' }

export const MANUALLY: Text = { en: 'Continue manually', zh: '改为手动操作' }

const EMPTY: Text = { en: 'Enter a value.', zh: '请输入内容。' }

/** How each kind of text is shown in a terminal. */
const SHOW = {
  message: clack.log.message,
  success: clack.log.success,
  warning: clack.log.warn,
  error: clack.log.error,
  intro: clack.intro,
  outro: clack.outro,
}

/**
 * Asks the user. Options, environment variables, and an earlier run can also answer questions. These questions are asked only if
 * the answer is wrong, or if the user goes back to them.
 */
export class Conversation {
  readonly language: keyof Text
  readonly isTerminal: boolean
  /** The number of the current step. */
  step = 0
  readonly #session: Session
  #answers: Map<Name, string>
  /** The step in which each question was answered. */
  readonly #steps = new Map<Name, number>()
  /** Answers that were taken back, and that are suggested when the question is asked again. */
  readonly #earlier = new Map<Name, string>()
  /** The instructions that were shown. */
  readonly #shown = new Set<Text>()

  constructor(language: keyof Text, answers: Answers, session: Session) {
    const { input, output } = session.screen
    this.language = language
    this.isTerminal = input.isTTY === true && output.isTTY === true
    this.#session = session
    this.#answers = new Map(Object.entries(answers) as [Name, string][])
  }

  /** The answers so far, including secrets. */
  get answers(): Answers {
    return Object.fromEntries(this.#answers)
  }

  /** The answers that are inputs of a job. */
  get values(): Values {
    return valuesOf(this.answers)
  }

  /** Adds the answers of an earlier run. Those that are already given take precedence. */
  resume(earlier: Answers): void {
    this.#answers = new Map(Object.entries({ ...earlier, ...this.answers }) as [Name, string][])
  }

  /** Answers a question, until the user goes back to this step. */
  set(name: Name, value: string): void {
    this.remember(name, value)
    this.#steps.set(name, this.step)
  }

  /** Remembers something that going back does not undo. */
  remember(name: Name, value: string): void {
    if (isSecretAnswer(name, value)) this.mask(value)
    this.#answers.set(name, value)
    this.#session.save(this.answers)
  }

  /** Never shows a secret from now on. */
  mask(secret: string): void {
    this.#session.redaction.add(secret)
  }

  /** Takes answers back. */
  forget(names: readonly Name[]): void {
    for (const name of names) {
      const value = this.#answers.get(name)
      if (value !== undefined && !isSecretAnswer(name, value)) this.#earlier.set(name, value)
      this.#answers.delete(name)
      this.#steps.delete(name)
    }
    this.#session.save(this.answers)
  }

  /** Takes back the answers of the last step that has any, which becomes the current step. */
  goBack(): void {
    this.step = Math.max(0, ...this.#steps.values())
    this.forget([...this.#steps.keys()].filter((name) => this.#steps.get(name) === this.step))
  }

  /** Shows a text, without secrets. */
  say(text: Text, kind: keyof typeof SHOW = 'message'): void {
    const { redaction, screen } = this.#session
    const lines = redaction.redacted(text[this.language]).split('\n')
    if (!this.isTerminal) {
      this.write(`${lines.join('\n')}\n`)
      return
    }
    const shown = lines.flatMap((line) => {
      const [indent = ''] = /^ */.exec(line) ?? []
      const columns = (screen.output.columns ?? 80) - 4 - indent.length
      return wrapped(line.trim(), columns).map((part) => indent + part)
    })
    SHOW[kind](shown.join('\n'), { output: screen.output })
  }

  /** Writes a text as it is, but without secrets. */
  write(text: string): void {
    const { redaction, screen } = this.#session
    screen.output.write(redaction.redacted(text))
  }

  /** Shows an error in the same way as a job reports it: cause, fix, codes. */
  problem(error: unknown): void {
    const failure = { stage: 'inputs', consequence: verbatim(''), error } as const
    const diagnoses =
      error instanceof Refused ? error.diagnoses : diagnose([failure], this.answers['app-key'])
    for (const diagnosis of diagnoses) {
      const { en, zh } = failureMessage(diagnosis)
      const details = failureDetails(diagnosis.details, this.language)
      this.say({ en: `${en}\n${details}`.trim(), zh: `${zh}\n${details}`.trim() }, 'error')
    }
  }

  /** Asks for a text, or for a secret, which is not shown. @param help is shown before the question is asked for the first time */
  async ask(
    name: Name,
    question: Text,
    { help, suggestion = '', isOptional = false }: { help?: Text; suggestion?: string; isOptional?: boolean },
  ): Promise<string> {
    return this.#answer(name, question, (streams) => {
      if (help && !this.#shown.has(help)) this.say(help)
      if (help) this.#shown.add(help)
      const options = {
        ...streams,
        message: question[this.language],
        validate: (value = '') => (isOptional || value.trim() ? undefined : EMPTY[this.language]),
      }
      if (isSecretName(name)) return clack.password(options)
      return clack.text({ ...options, initialValue: this.#earlier.get(name) ?? suggestion })
    })
  }

  /** Lets the user choose. @param name undefined: the answer is not remembered, and no option can give it */
  async choose<T extends string>(
    name: Name | undefined,
    question: Text,
    choices: readonly Choice<T>[],
    preferred?: T,
  ): Promise<T> {
    const options = choices.map(([value, label]) => ({ value: value, label: label[this.language] }))
    const initialValue = (name && this.#earlier.get(name)) ?? preferred
    return this.#answer(name, question, (streams) =>
      clack.select({
        ...streams,
        message: question[this.language],
        options,
        showInstructions: false,
        ...(initialValue !== undefined && { initialValue }),
      }),
    ) as Promise<T>
  }

  /** Asks for consent. Without a terminal, only an option can give it. */
  async agree(name: Name | undefined, question: Text): Promise<boolean> {
    const given = name && this.answers[name]
    if (given !== undefined || !this.isTerminal) return given === 'true'
    const choices = [
      ['yes', YES],
      ['no', { en: 'No', zh: '否' }],
    ] as const
    return (await this.choose(undefined, question, choices)) === 'yes'
  }

  /** Shows what the user has to do, and waits until it is done. @throws Quit if the user continues later */
  async wait(instructions: Text, question: Text): Promise<void> {
    if (!this.isTerminal) throw new TextError(instructions)
    this.say(instructions)
    const later = { en: 'Not yet: exit, and continue later', zh: '还没有，先退出，以后继续' }
    const next = await this.choose(undefined, question, [
      ['done', YES],
      ['later', later],
    ])
    if (next === 'later') throw new Quit()
  }

  /**
   * Asks for answers until DingTalk accepts them.
   *
   * @param names the answers that the attempt asks for
   * @throws what the attempt throws if there is no terminal
   */
  async accepted<T>(names: readonly Name[], attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (error instanceof Back || error instanceof Quit || !this.isTerminal) throw error
        this.#session.signal.throwIfAborted()
        this.problem(error)
        this.forget(names)
      }
    }
  }

  /** Runs a task that uses another program. @returns what the task returns, or false if it fails and the user continues manually */
  async orManually(task: () => Promise<boolean>): Promise<boolean> {
    for (;;) {
      try {
        return await task()
      } catch (error) {
        if (!(error instanceof TextError) || !this.isTerminal) throw error
        this.#session.signal.throwIfAborted()
        this.problem(error)
        const next = await this.choose(undefined, { en: 'What next?', zh: '接下来怎么做？' }, [
          ['again', { en: 'Try again', zh: '重试' }],
          ['manually', MANUALLY],
        ])
        if (next === 'manually') return false
      }
    }
  }

  /**
   * Shows that a task takes a while, and ignores all keys except Ctrl-C, which would otherwise answer the next question.
   *
   * @param title ends with a line break if the task itself writes
   */
  async working<T>(task: () => Promise<T>, title = WAIT): Promise<T> {
    if (!this.isTerminal) return task()
    const { screen, signal, leave } = this.#session
    const { input } = screen
    const onKeys = (keys: Buffer) => {
      if (keys.includes(CTRL_C)) leave()
    }
    this.write(`  ${title[this.language]}`)
    input.setRawMode?.(true)
    // The last question has paused the input.
    input.on('data', onKeys).resume()
    try {
      return await task()
    } finally {
      input.off('data', onKeys).pause()
      input.setRawMode?.(false)
      this.write('\r\u001b[K')
      signal.throwIfAborted()
    }
  }

  /** @throws Back if the user presses Esc; Quit for Ctrl-C and Ctrl-D; TextError without a terminal */
  async #answer(
    name: Name | undefined,
    question: Text,
    ask: (streams: Screen & { readonly signal: AbortSignal }) => Promise<string | symbol>,
  ): Promise<string> {
    let answer: string | symbol | undefined = name && this.#answers.get(name)
    if (answer === undefined) {
      if (!this.isTerminal) {
        const option = name ? { en: `Missing: --${name}. `, zh: `缺少 --${name}。` } : verbatim('')
        throw new TextError({
          en: `${option.en}Without a terminal, an option must answer this question: ${question.en}`,
          zh: `${option.zh}当前没有终端，必须用选项回答此问题：${question.zh}`,
        })
      }
      const { input, output } = this.#session.screen
      const leaving = new AbortController()
      let last: string | undefined
      const onKey = (_: unknown, key: { name?: string; ctrl?: boolean }) => {
        last = key.name
        // Ctrl-D closes the input, and the prompt would never end.
        if (key.ctrl && key.name === 'd') leaving.abort()
      }
      input.on('keypress', onKey)
      answer = await ask({ input, output, signal: leaving.signal }).finally(() =>
        input.off('keypress', onKey),
      )
      if (typeof answer !== 'string') throw last === 'escape' ? new Back() : new Quit()
      answer = unquoted(answer)
    }
    if (name) this.set(name, answer)
    return answer
  }
}
