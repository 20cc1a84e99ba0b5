import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'
import { inFull, languageOf, routine } from '../text/language.ts'
import { logLine } from '../text/plain-text.ts'
import { Redaction } from '../text/redaction.ts'
import { jobOf, serverOf, workflowRunOf } from './run.ts'
import type { Runner, WorkflowRun } from './runner.ts'

/** The runner of this process, through `@actions/core`. */
export function actionsRunner(): Runner {
  // GitHub masks secrets only in the log, not in outputs and the summary.
  const redaction = new Redaction()
  const redacted = <T>(value: T): T => redaction.redacted(value)
  let warnedOfOutputs = false
  let run: WorkflowRun | undefined

  const lines = (message: string) => redacted(message).split('\n').map(logLine).join('\n')
  const input = (name: InputName) => process.env[`INPUT_${name.toUpperCase()}`] ?? ''
  const language = languageOf(input('language'))
  const info = (line: Text) => {
    core.info(logLine(redacted(routine(line, language))))
  }
  const annotate = (level: 'error' | 'warning' | 'notice', message: Text, details = '') => {
    const text = lines([...inFull(message, language), details].filter(Boolean).join('\n\n'))
    // Other servers show %0A in place of a line break.
    const end = serverOf(process.env) === 'github' ? -1 : text.indexOf('\n')
    core[level](end < 0 ? text : text.slice(0, end))
    if (end >= 0) core.info(text.slice(end + 1))
  }
  const warning: Runner['warning'] = (message, details) => {
    annotate('warning', message, details)
  }

  return {
    input,
    language,
    secret: (value) => {
      if (redaction.add(value)) core.setSecret(value)
    },
    info,
    group: (title, content) => {
      core.startGroup(lines(routine(title, language)))
      for (const line of content) info(line)
      core.endGroup()
    },
    debug: (line) => {
      if (core.isDebug()) core.debug(logLine(redacted(line)))
    },
    warning,
    notice: (message) => {
      annotate('notice', message)
    },
    error: (message, details) => {
      annotate('error', message, details)
    },
    redacted,
    output: (name, value) => {
      let problem = process.env['GITHUB_OUTPUT'] ? undefined : NO_OUTPUT_FILE
      try {
        // Without GITHUB_OUTPUT, this writes a command to the log, which an old runner reads.
        core.setOutput(name, redacted(value))
      } catch (error) {
        const reason = (error as Error).message
        problem = {
          en: `Could not set the step outputs (${reason}). Check the disk of the runner.`,
          zh: `无法设置步骤输出（${reason}）。请检查 runner 的磁盘。`,
        }
      }
      if (!problem || warnedOfOutputs) return
      warnedOfOutputs = true
      warning(problem)
    },
    summary: async (markdown) => {
      if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(redacted(markdown), true).write()
    },
    temp: () => process.env['RUNNER_TEMP'] || tmpdir(),
    job: () => jobOf(process.env, input('job-identity')),
    workflowRun: () => (run ??= workflowRunOf(process.env)),
  }
}

const NO_OUTPUT_FILE: Text = {
  en: 'Could not set the step outputs (GITHUB_OUTPUT is not set). Update the runner to version 2.327.1 or later.',
  zh: '无法设置步骤输出（GITHUB_OUTPUT 未设置）。请将 runner 升级到 2.327.1 或更高版本。',
}
