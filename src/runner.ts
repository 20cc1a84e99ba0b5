import * as core from '@actions/core'
import type { Listener } from './dingtalk/gateway.ts'
import { logLine } from './plain-text.ts'

/** The workflow run, as the job summary tells of it. */
export interface WorkflowRun {
  workflow: string
  number: number
  url: string
  commit: string
}

/** GitHub's runner, as the action uses it. Every text may hold anything: it is made harmless here. */
export interface Runner extends Listener {
  input(name: string): string
  warning(message: string): void
  /** Annotates the step; the message may have several lines. */
  error(message: string): void
  output(name: string, value: string): void
  /** Appends Markdown to the job summary. */
  summary(markdown: string): Promise<void>
  /** Finds what patterns match, directories too, hidden files not. */
  glob(patterns: string): Promise<string[]>
  workflowRun(): Promise<WorkflowRun>
}

/** The real one: `@actions/*`, loaded only when needed where it is large. */
export function githubRunner(): Runner {
  const secrets = new Set<string>()
  // The runner masks its log; outputs, the summary and whatever else reads our streams it does not.
  const redacted = (text: string) => {
    for (const secret of secrets) text = text.replaceAll(secret, '***')
    return text
  }
  const lines = (message: string) => redacted(message).split('\n').map(logLine).join('\n')
  return {
    input: (name) => core.getInput(name),
    secret(value) {
      if (value === '') return
      core.setSecret(value)
      secrets.add(value)
      secrets.add(encodeURIComponent(value))
    },
    info: (line) => {
      core.info(logLine(redacted(line)))
    },
    debug: (line) => {
      if (core.isDebug()) core.debug(logLine(redacted(line)))
    },
    warning: (message) => {
      core.warning(lines(message))
    },
    error: (message) => {
      core.error(lines(message))
    },
    output: (name, value) => {
      core.setOutput(name, redacted(value))
    },
    summary: async (markdown) => {
      if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(redacted(markdown), true).write()
    },
    glob: async (patterns) => {
      const { create } = await import('@actions/glob')
      return (await create(patterns, { excludeHiddenFiles: true })).glob()
    },
    workflowRun: async () => {
      const { context } = await import('@actions/github')
      return {
        workflow: context.workflow,
        number: context.runNumber,
        url: `${context.serverUrl}/${process.env['GITHUB_REPOSITORY'] ?? ''}/actions/runs/${context.runId}`,
        commit: context.sha,
      }
    },
  }
}
