import { tmpdir } from 'node:os'
import { actionsRunner } from '../github/actions-runner.ts'
import { withCommit } from '../github/run.ts'
import type { Runner, WorkflowRun } from '../github/runner.ts'
import { seconds, type Text } from '../http/text.ts'
import { inFull, languageOf, routine } from '../text/language.ts'
import { logLine } from '../text/plain-text.ts'
import { Redaction } from '../text/redaction.ts'
import { formatSize } from '../text/size.ts'
import { ciOf } from './ci.ts'
import { isSecret, variableOf } from './names.ts'
import type { Settings } from './settings.ts'

/** The width (columns) of the progress bar. */
const WIDTH = 24
/** Moves to the beginning of the line, and erases it. */
const ERASE = '\r\u001b[K'

/** A runner whose log is text for a terminal, or for the log of any CI. */
export interface TerminalRunner extends Runner {
  /** The outputs so far. */
  outputs(): Readonly<Record<string, unknown>>
}

/**
 * A runner without commands of GitHub Actions.
 *
 * @param variables of the process
 * @param output writes the log
 * @param columns of the terminal, which then has a progress bar; undefined if there is no terminal
 */
export function terminalRunner(
  { inputs, literalPaths }: Settings,
  variables: Readonly<Record<string, string | undefined>>,
  output: (text: string) => void,
  columns?: number,
): TerminalRunner {
  let isBarShown = false
  const write = (text: string) => {
    if (isBarShown) output(ERASE)
    isBarShown = false
    output(text)
  }
  const github = actionsRunner()
  const ci = ciOf(variables)
  const redaction = new Redaction()
  let run: WorkflowRun | undefined
  const outputs: Record<string, unknown> = {}
  const language = languageOf(inputs.language ?? '')
  const lines = (text: string) => {
    // In a step of GitHub Actions, a line may still look like a command.
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
    ...(columns !== undefined && {
      progress: (sent: number, total: number, elapsed: number) => {
        const text = progressText(sent, total, elapsed)[language === 'zh' ? 'zh' : 'en']
        // A wrapped line can't be erased. Chinese characters take two columns.
        output(`${ERASE}${text.slice(0, columns - 8)}`)
        isBarShown = true
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
    summary: () => Promise.resolve(),
    temp: tmpdir,
    job: () => ci?.job ?? github.job(),
    workflowRun: () => (run ??= ci ? withCommit(ci.run) : github.workflowRun()),
  }
}

/** The progress of all files. @param elapsed ms since the first byte */
function progressText(sent: number, total: number, elapsed: number): Text {
  const part = total === 0 ? 1 : Math.min(sent / total, 1)
  const filled = Math.floor(part * WIDTH)
  const speed = elapsed === 0 ? 0 : (sent / elapsed) * 1000
  const left = speed === 0 ? '' : seconds(((total - sent) / speed) * 1000)
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${Math.floor(part * 100)}%`
  const [size, rate] = [formatSize(total), `${formatSize(speed)}/s`]
  return {
    en: `${bar} of ${size}, ${rate}${left && `, ${left} s left`}`,
    zh: `${bar}，共 ${size}，${rate}${left && `，剩余 ${left} 秒`}`,
  }
}
