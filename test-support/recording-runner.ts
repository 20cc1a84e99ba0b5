import type { Job } from '../src/domain.ts'
import { actionsRunner } from '../src/github/actions-runner.ts'
import type { Runner } from '../src/github/runner.ts'
import { inFull, languageOf, routine } from '../src/text/language.ts'

/** A runner that records what a job writes: for tests in this process, where time can be simulated. */
export interface RecordingRunner extends Runner {
  readonly log: string[]
  readonly errors: string[]
  readonly warnings: string[]
  readonly secrets: string[]
  readonly outputs: Record<string, string>
  readonly summaries: string[]
}

/** @param job default: outside any workflow */
export function recordingRunner(
  inputs: Readonly<Record<string, string>>,
  job: Job = { source: undefined, attempt: 1 },
): RecordingRunner {
  const github = actionsRunner()
  const language = languageOf(inputs['language'] ?? '')
  const runner: RecordingRunner = {
    log: [],
    errors: [],
    warnings: [],
    secrets: [],
    outputs: {},
    summaries: [],
    language,
    input: (name) => inputs[name] ?? '',
    secret: (value) => void runner.secrets.push(value),
    group: (title, lines) =>
      void runner.log.push(...[title, ...lines].map((line) => routine(line, language))),
    info: (line) => void runner.log.push(routine(line, language)),
    debug: (line) => void runner.log.push(line),
    warning: (message, details = '') =>
      void runner.warnings.push([...inFull(message, language), details].filter(Boolean).join('\n\n')),
    error: (message, details = '') =>
      void runner.errors.push([...inFull(message, language), details].filter(Boolean).join('\n\n')),
    notice: (message) => void runner.log.push(...inFull(message, language)),
    redacted: (value) => value,
    output: (name, value) =>
      void (runner.outputs[name] = typeof value === 'string' ? value : JSON.stringify(value)),
    summary: (markdown) => {
      runner.summaries.push(markdown)
      return Promise.resolve()
    },
    temp: () => github.temp(),
    job: () => job,
    workflowRun: () => ({
      repository: 'o/r',
      workflow: 'w',
      number: 1,
      url: 'https://github.com/o/r/actions/runs/1',
      commit: 'c',
      commitUrl: 'https://github.com/o/r/commit/c',
      actor: 'octocat',
      ref: 'main',
      title: 'Fix it',
      changes: ['Fix it'],
    }),
  }
  return runner
}
