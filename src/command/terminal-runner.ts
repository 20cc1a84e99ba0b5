import { tmpdir } from 'node:os'
import { actionsRunner } from '../github/actions-runner.ts'
import { withCommit } from '../github/run.ts'
import type { Runner, WorkflowRun } from '../github/runner.ts'
import type { Text } from '../http/text.ts'
import { inFull, languageOf, routine } from '../text/language.ts'
import { logLine } from '../text/plain-text.ts'
import { Redaction } from '../text/redaction.ts'
import { ciOf } from './ci.ts'
import { isSecret, variableOf } from './names.ts'
import { ProgressBar } from './progress-bar.ts'
import type { Settings } from './settings.ts'

/** A runner without GitHub's: its log is text for a terminal, or for the log of any CI. */
export interface TerminalRunner extends Runner {
  /** The outputs so far. */
  outputs(): Readonly<Record<string, unknown>>
}

/**
 * A runner whose log is written as text, without commands, and without secrets.
 *
 * @param variables of the process
 * @param output writes to a stream
 * @param columns of the terminal that shows the stream, on which a bar shows the progress; undefined: it is none
 */
export function terminalRunner(
  { inputs, literalPaths }: Settings,
  variables: Readonly<Record<string, string | undefined>>,
  output: (text: string) => void,
  columns?: number,
): TerminalRunner {
  const bar = columns === undefined ? undefined : new ProgressBar(output, columns)
  const write = (text: string) => {
    bar?.clear()
    output(text)
  }
  const github = actionsRunner()
  const ci = ciOf(variables)
  const redaction = new Redaction()
  let run: WorkflowRun | undefined
  const outputs: Record<string, unknown> = {}
  const language = languageOf(inputs.language ?? '')
  const lines = (text: string) => {
    // A line may still be a command where this runs in a step of GitHub's.
    write(`${redaction.redacted(text).split('\n').map(logLine).join('\n')}\n`)
  }
  const info = (line: Text) => {
    write(`${logLine(redaction.redacted(routine(line, language)))}\n`)
  }
  const annotation =
    (label: Text) =>
    (message: Text, details = '') => {
      lines(routine(label, language) + [...inFull(message, language), details].filter(Boolean).join('\n\n'))
    }

  return {
    input: (name) => inputs[name] ?? '',
    literalPaths,
    settingOf: (name) => ({ variable: variableOf(name), ...(!isSecret(name) && { option: `--${name}` }) }),
    language,
    secret: (value) => void redaction.add(value),
    redacted: (value) => redaction.redacted(value),
    info,
    ...(bar && {
      progress: (sent: number, total: number, elapsed: number) => {
        bar.show(sent, total, elapsed, language === 'zh' ? 'zh' : 'en')
      },
    }),
    group: (title, content) => {
      lines(`▾ ${routine(title, language)}`)
      for (const line of content) info(line)
    },
    debug: (line) => {
      if (variables['RUNNER_DEBUG'] === '1') lines(`Debug: ${line}`)
    },
    warning: annotation({ en: 'Warning: ', zh: '警告：' }),
    notice: annotation({ en: 'Notice: ', zh: '提示：' }),
    error: annotation({ en: 'Error: ', zh: '错误：' }),
    output: (name, value) => void (outputs[name] = redaction.redacted(value)),
    outputs: () => outputs,
    // Only GitHub shows one.
    summary: () => Promise.resolve(),
    temp: tmpdir,
    job: () => ci?.job ?? github.job(),
    workflowRun: () => (run ??= ci ? withCommit(ci.run) : github.workflowRun()),
  }
}
