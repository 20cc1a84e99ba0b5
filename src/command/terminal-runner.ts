import { tmpdir } from 'node:os'
import { actionsRunner } from '../github/actions-runner.ts'
import type { Runner } from '../github/runner.ts'
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'
import { inFull, languageOf, routine } from '../text/language.ts'
import { logLine } from '../text/plain-text.ts'
import { Redaction } from '../text/redaction.ts'
import { ciOf } from './ci.ts'
import type { Given } from './settings.ts'

/** A runner without GitHub's: its log is text for a terminal, or for the log of any CI. */
export interface TerminalRunner extends Runner {
  /** The outputs so far. */
  outputs(): Readonly<Record<string, unknown>>
}

export interface TerminalOptions {
  readonly inputs: Given
  readonly literalPaths: readonly string[]
  /** Of the process. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Writes a text that ends with a line break. */
  readonly write: (text: string) => void
}

const WARNING: Text = { en: 'Warning: ', zh: '警告：' }
const ERROR: Text = { en: 'Error: ', zh: '错误：' }

/** A runner whose log is written as text, without commands, and without secrets. */
export function terminalRunner({ inputs, literalPaths, variables, write }: TerminalOptions): TerminalRunner {
  const github = actionsRunner()
  const ci = ciOf(variables)
  const redaction = new Redaction()
  const outputs: Record<string, unknown> = {}
  const input = (name: InputName) => inputs[name] ?? ''
  const language = languageOf(input('language'))
  const lines = (text: string) => {
    // A line may still be a command where this runs in a step of GitHub's.
    write(`${redaction.redacted(text).split('\n').map(logLine).join('\n')}\n`)
  }
  const info = (line: Text) => {
    write(`${logLine(redaction.redacted(routine(line, language)))}\n`)
  }
  const annotation = (label: Text, message: Text, details = '') => {
    lines(routine(label, language) + [...inFull(message, language), details].filter(Boolean).join('\n\n'))
  }

  return {
    input,
    literalPaths,
    language,
    secret: (value) => void redaction.add(value),
    info,
    group: (title, content) => {
      lines(`▾ ${routine(title, language)}`)
      for (const line of content) info(line)
    },
    debug: (line) => {
      if (variables['RUNNER_DEBUG'] === '1') lines(`Debug: ${line}`)
    },
    warning: (message, details) => {
      annotation(WARNING, message, details)
    },
    error: (message, details) => {
      annotation(ERROR, message, details)
    },
    redacted: (value) => redaction.redacted(value),
    output: (name, value) => void (outputs[name] = redaction.redacted(value)),
    outputs: () => outputs,
    // Only GitHub shows one.
    summary: () => Promise.resolve(),
    glob: (patterns, includeHidden, signal) => github.glob(patterns, includeHidden, signal),
    temp: () => tmpdir(),
    job: () => ci?.job ?? github.job(),
    workflowRun: () => (ci ? ci.run : github.workflowRun()),
  }
}
