import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import { create } from '@actions/glob'
import { logLine } from '../text/plain-text.ts'
import { jobOf } from './job.ts'
import type { Runner } from './runner.ts'

const OUTPUTS_ADVICE =
  'A runner of version 2.327.1 or later, as node24 needs it, sets GITHUB_OUTPUT / 输出无法传递给后续步骤：2.327.1 或更高版本的 runner 会设置 GITHUB_OUTPUT'

/** The runner that this process runs on, by `@actions/core` and `@actions/glob`. */
export function actionsRunner(): Runner {
  const secrets = new Set<string>()
  let warnedOfOutputs = false

  // The runner masks secrets in its log only: not in outputs, nor in the summary.
  const redacted = (text: string) => {
    for (const secret of secrets) text = text.replaceAll(secret, '***')
    return text
  }
  const lines = (message: string) => redacted(message).split('\n').map(logLine).join('\n')
  const info = (line: string) => {
    core.info(logLine(redacted(line)))
  }
  const warning = (message: string) => {
    core.warning(lines(message))
  }

  const input = (name: string) => process.env[`INPUT_${name.toUpperCase()}`] ?? ''

  return {
    input,
    secret: (value) => {
      if (value === '' || secrets.has(value)) return
      secrets.add(value)
      secrets.add(encodeURIComponent(value))
      core.setSecret(value)
    },
    info,
    group: (title, content) => {
      core.startGroup(lines(title))
      for (const line of content) info(line)
      core.endGroup()
    },
    debug: (line) => {
      if (core.isDebug()) core.debug(logLine(redacted(line)))
    },
    warning,
    error: (message) => {
      core.error(lines(message))
    },
    output: (name, value) => {
      let problem = process.env['GITHUB_OUTPUT'] ? '' : 'GITHUB_OUTPUT is not set'
      try {
        // Without the variable, this writes a command to the log: something may read it there.
        core.setOutput(name, redacted(value))
      } catch (error) {
        problem = (error as Error).message
      }
      if (!problem || warnedOfOutputs) return
      warnedOfOutputs = true
      warning(`the outputs could not be handed on to later steps: ${problem}. ${OUTPUTS_ADVICE}`)
    },
    summary: async (markdown) => {
      if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(redacted(markdown), true).write()
    },
    glob: async (patterns, includeHidden, signal) => {
      const globber = await create(patterns, { excludeHiddenFiles: !includeHidden })
      const paths = globber.globGenerator()
      const cancelled = aborted(signal)
      const found: string[] = []
      // Raced, for a large tree may hold nothing that matches: then no path would come in between.
      for (let next; !(next = await Promise.race([paths.next(), cancelled])).done;) found.push(next.value)
      return found
    },
    temp: () => process.env['RUNNER_TEMP'] || tmpdir(),
    job: () => jobOf(process.env, input('job-identity')),
    workflowRun: () => {
      // @actions/github fails without these variables: outside a workflow none is set, and not every run has a ref.
      const given = (name: string) => process.env[`GITHUB_${name}`] ?? ''
      if (!given('RUN_ID')) return undefined
      const repository = `${given('SERVER_URL') || 'https://github.com'}/${given('REPOSITORY')}`
      return {
        workflow: given('WORKFLOW'),
        number: Number(given('RUN_NUMBER')),
        url: `${repository}/actions/runs/${given('RUN_ID')}`,
        commit: given('SHA'),
        commitUrl: `${repository}/commit/${given('SHA')}`,
        actor: given('ACTOR'),
        ref: given('REF').replace(/^refs\/(heads\/|tags\/)?/, ''),
      }
    },
  }
}

/** Rejects with the signal's reason once it is aborted, and never resolves. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => {
    reject(signal?.reason as Error)
  }
  promise.catch(() => undefined) // the search may be over before
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  return promise
}
