import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, resolve } from 'node:path'
import type { Logger } from '../dingtalk/gateway.ts'
import { logLine } from '../text/plain-text.ts'

/** The workflow run, as the job summary tells of it. */
export interface WorkflowRun {
  workflow: string
  number: number
  url: string
  commit: string
  commitUrl: string
  actor: string
  /** A branch or tag. */
  ref: string
}

export interface Repository {
  owner: string
  repo: string
  octokit: ReturnType<typeof import('@actions/github').getOctokit>
}

/** GitHub's runner, as the action uses it. Every text may hold anything: it is made harmless here. */
export interface Runner extends Logger {
  input(name: string): string
  /** A chapter of the log that is folded away. In no hurry: see {@link Runner.flush}. */
  group(title: string, lines: readonly string[]): void
  warning(message: string): void
  /** Annotates the step; the message may have several lines. */
  error(message: string): void
  output(name: string, value: string): void
  /** Appends Markdown to the job summary. */
  summary(markdown: string): Promise<void>
  /** Finds what patterns match, directories too. Hidden are names that begin with a dot. */
  glob(patterns: string, includeHidden: boolean): Promise<string[]>
  /** An existing directory for what is not to stay. */
  temp(): string
  /** Nothing where there is none: at somebody's desk. */
  workflowRun(): WorkflowRun | undefined
  /** The repository of the workflow, and GitHub's API (`GITHUB_API_URL`) to ask about it. */
  repository(token: string): Promise<Repository>
  /** Resolves when everything that was said has been said. Called as soon as there is time to: see below. */
  flush(): Promise<void>
}

const OUTPUTS_ADVICE =
  'A runner of version 2.327.1 or later, as node24 needs it, sets GITHUB_OUTPUT / 输出无法传递给后续步骤：2.327.1 或更高版本的 runner 会设置 GITHUB_OUTPUT'

type Core = typeof import('@actions/core')

/**
 * The real one. `@actions/*` take longer to load than everything else together, so that they are loaded when something
 * is to be said, or while the first answer is waited for ({@link Runner.flush}); what is said before that waits in line.
 */
export function githubRunner(): Runner {
  const secrets = new Set<string>()
  const early: ((core: Core) => void)[] = []
  let loading: Promise<void> | undefined
  let core: Core | undefined
  let outputsMissed = false

  const load = async () => {
    core = await import('@actions/core')
    for (const say of early.splice(0)) say(core)
  }
  const flush = () => (loading ??= load())
  const say = (words: (core: Core) => void) => {
    if (core) words(core)
    else early.push(words)
  }
  const saySoon = (words: (core: Core) => void) => {
    say(words)
    void flush()
  }
  // The runner masks its log; outputs, the summary and whatever else reads our streams it does not.
  const redacted = (text: string) => {
    for (const secret of secrets) text = text.replaceAll(secret, '***')
    return text
  }
  const lines = (message: string) => redacted(message).split('\n').map(logLine).join('\n')

  return {
    input: (name) => process.env[`INPUT_${name.toUpperCase()}`] ?? '',
    secret: (value) => {
      if (value === '' || secrets.has(value)) return
      secrets.add(value)
      secrets.add(encodeURIComponent(value))
      // In line before everything that could hold it: there is no hurry.
      say(({ setSecret }) => {
        setSecret(value)
      })
    },
    info: (line) => {
      saySoon(({ info }) => {
        info(logLine(redacted(line)))
      })
    },
    group: (title, content) => {
      say(({ startGroup, info, endGroup }) => {
        startGroup(lines(title))
        for (const line of content) info(logLine(redacted(line)))
        endGroup()
      })
    },
    debug: (line) => {
      if (process.env['RUNNER_DEBUG'] !== '1') return
      saySoon(({ debug }) => {
        debug(logLine(redacted(line)))
      })
    },
    warning: (message) => {
      saySoon(({ warning }) => {
        warning(lines(message))
      })
    },
    error: (message) => {
      saySoon(({ error }) => {
        error(lines(message))
      })
    },
    output: (name, value) => {
      saySoon(({ setOutput, warning }) => {
        let trouble = process.env['GITHUB_OUTPUT'] ? '' : 'GITHUB_OUTPUT is not set'
        try {
          // Without the variable too: then it goes to the log, where something may yet read it.
          setOutput(name, redacted(value))
        } catch (error) {
          trouble = (error as Error).message
        }
        if (!trouble || outputsMissed) return
        outputsMissed = true
        warning(lines(`the outputs could not be handed on to later steps: ${trouble}. ${OUTPUTS_ADVICE}`))
      })
    },
    summary: async (markdown) => {
      await flush()
      if (process.env['GITHUB_STEP_SUMMARY']) await core?.summary.addRaw(redacted(markdown), true).write()
    },
    glob: async (patterns, includeHidden) => {
      const plain = plainFiles(patterns, includeHidden)
      if (plain) return plain
      const { create } = await import('@actions/glob')
      return (await create(patterns, { excludeHiddenFiles: !includeHidden })).glob()
    },
    temp: () => process.env['RUNNER_TEMP'] || tmpdir(),
    workflowRun: () => {
      // A run need not have a ref, and whatever is no runner sets none of these: @actions/github takes them for given.
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
    repository: async (token) => {
      const { context, getOctokit } = await import('@actions/github')
      return { ...context.repo, octokit: getOctokit(token) }
    },
    flush,
  }
}

/** The files, if every line simply names one: then the rules of `@actions/glob` need not be loaded to tell. */
function plainFiles(patterns: string, includeHidden: boolean): string[] | undefined {
  const names = patterns
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const plain = names.every(
    (name) =>
      /^[^*?[\]{}()!#~\\]+$/.test(name) && // a backslash escapes, or separates on Windows: theirs to tell
      !/\/\.{1,2}(\/|$)/.test(name) && // refused
      (includeHidden || !basename(name).startsWith('.')) &&
      statSync(name, { throwIfNoEntry: false })?.isFile(),
  )
  return plain ? names.map((name) => resolve(name)) : undefined
}
