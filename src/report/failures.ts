import { DingTalkError } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import { InputError } from '../errors.ts'
import type { Failure } from '../result.ts'
import { logLine, markdownText } from '../text/plain-text.ts'
import type { Hint } from './hint.ts'
import { hintFor } from './hints.ts'

/** What many have met, by one and the same answer, is told once: of the first of them. */
export function mergeFailures(failures: readonly Failure[]): Failure[] {
  return [...Map.groupBy(failures, ({ error }) => error).values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ?? []
    const more = `and ${others.length} more for the same reason / 另有 ${others.length} 项原因相同`
    return { what: `${first.what} (${more})`, error: first.error }
  })
}

/** A failure in full: what happened, where, the platform's words, what to do; English, then Chinese. */
export function failureText(failure: Failure, appKey?: string): string {
  // Line by line only where the lines are ours: a name with a line break in it must not look like our advice.
  const said = failure.error instanceof InputError ? failureLine(failure) : logLine(failureLine(failure))
  return [said, ...hintLines(hintFor(failure.error, appKey))].join('\n')
}

/** The same for the job summary. */
export function failureMarkdown(failure: Failure, appKey?: string): string {
  const { what, error } = failure
  const said =
    error instanceof InputError
      ? [what, ...error.problems].map((text) => `> ${markdownText(text)}`)
      : [`> **${markdownText(failureLine(failure))}**`]
  return [...said, ...hintLines(hintFor(failure.error, appKey)).map((line) => `> ${linked(line)}`)].join(
    '  \n',
  )
}

/** A failure in one line. */
export function failureLine({ what, error }: Failure): string {
  return `${what}: ${describe(error)}`
}

/** What happened, as the user reads it: one sentence, with the platform's code and request id. */
export function describe(error: unknown): string {
  if (!(error instanceof DingTalkError)) return error instanceof Error ? error.message : String(error)
  const where = [
    error.code,
    error.status && `HTTP ${error.status}`,
    error.requestId && `request id ${error.requestId}`,
  ]
  return `could not ${OPERATIONS[error.operation].title}: ${error.message} (${where.filter(Boolean).join(', ')})`
}

/** The lines of a hint, one for each language. */
export function hintLines(hint: Hint | undefined): string[] {
  return hint ? [`→ ${hint.en}`, `→ ${hint.zh}`] : []
}

/** A hint of ours, whose links stay links. */
export function linked(hint: string): string {
  return hint
    .split(/(https:\/\/[\w./#?=%-]+)/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : markdownText(part)))
    .join('')
}
