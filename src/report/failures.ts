import { DingTalkError } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { Failure } from '../domain.ts'
import { InputError, type Problem, TextError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { type Link, linkLines, shortened } from '../text/links.ts'
import { logLine, markdownText } from '../text/plain-text.ts'
import type { Hint } from './advice.ts'
import { hintFor } from './hints.ts'

/** How many consequences of one cause are listed. The others are counted. */
const MAX_CONSEQUENCES = 3

/** Failures with the same cause, as they are reported. */
export interface Diagnosis {
  /** The headline: the cause, and what it led to. */
  readonly cause: Text
  /** What is wrong with each input, or what else the cause led to. */
  readonly items: readonly Text[]
  readonly fix?: Text | undefined
  readonly details: Details
}

/** The language-independent part of a report, which is shown once. */
export interface Details {
  readonly links: readonly Link[]
  /** Code, HTTP status, request ID. */
  readonly codes: readonly string[]
  /** The original message with its source: `DingTalk: …`, `OSS: …`, or `HTTP 502: …` for any other server. */
  readonly quote?: string | undefined
}

/** Groups failures by cause. @param appKey for links to the app's own pages */
export function diagnose(failures: readonly Failure[], appKey?: string): Diagnosis[] {
  const causes = Map.groupBy(failures, ({ error, about }) => {
    if (!(error instanceof DingTalkError)) return error
    const hint = hintFor(error, { about })
    return [causeOf(error, hint).en, hint?.fix.en, error.code].join('\n')
  })
  return [...causes.values()].map((failures) => {
    const { error, about } = failures[0] ?? {}
    const hint = hintFor(error, { appKey, about })
    const problems = error instanceof InputError && error.problems.length > 1 ? error.problems : []
    const consequences = [
      ...new Map(failures.map(({ consequence }) => [consequence.en, consequence])).values(),
    ]
    const [only, ...others] = consequences
    const isOne = only && only.en !== '' && others.length === 0
    const cause = causeOf(error, hint)
    const left = consequences.length - MAX_CONSEQUENCES
    const more: Text = {
      en: `Similar problems not listed here: ${left}.`,
      zh: `另有 ${left} 项类似问题未列出。`,
    }
    return {
      cause: isOne ? joined(cause, only) : cause,
      items: [
        ...problems.map(named),
        ...(others.length > 0 ? consequences.slice(0, MAX_CONSEQUENCES) : []),
        ...(left > 0 ? [more] : []),
      ],
      fix: hint?.fix,
      details: detailsOf(error, hint),
    }
  })
}

function named({ input, text }: Problem): Text {
  return { en: `${input}: ${text.en}`, zh: `${input}：${text.zh}` }
}

/** What went wrong, in one or two sentences. */
export function causeOf(error: unknown, hint: Hint | undefined): Text {
  if (error instanceof InputError) {
    const [first, ...others] = error.problems
    return first && others.length === 0 ? named(first) : { en: 'Invalid inputs.', zh: '输入有误。' }
  }
  if (error instanceof TextError) return error.text
  if (!(error instanceof DingTalkError)) {
    const reason = error instanceof Error ? error.message : String(error)
    return { en: `An unexpected error occurred (${reason}).`, zh: `发生意外错误（${reason}）。` }
  }
  const { title } = OPERATIONS[error.operation]
  const failed = { en: `Could not ${title.en}.`, zh: `无法${title.zh}。` }
  if (error.isQuoted) return hint?.cause ?? failed
  return hint?.cause ? joined(hint.cause, error.text) : joined(error.text, failed)
}

export function detailsOf(error: unknown, hint: Hint | undefined): Details {
  const links =
    error instanceof InputError ? error.problems.flatMap(({ links = [] }) => links) : (hint?.links ?? [])
  if (!(error instanceof DingTalkError)) return { links, codes: [] }
  const { code, status, requestId } = error
  const http = status === undefined || code === `HTTP${status}` ? '' : `HTTP ${status}`
  const codes = [code, http, requestId ? `request id ${requestId}` : ''].filter(Boolean)
  return { links, codes, quote: quoteOf(error) }
}

/** The original message, which may be in the cause of an error, with its source. */
function quoteOf({ text, code, isQuoted, cause, operation, status }: DingTalkError): string | undefined {
  if (!isQuoted) return cause instanceof DingTalkError ? quoteOf(cause) : undefined
  if (text.en === '' || text.en === code) return undefined
  const isStorage = operation === 'put' || operation === 'probe'
  // A response without an error code may come from any server.
  const speaker = code.startsWith('HTTP') ? `HTTP ${status ?? ''}` : isStorage ? 'OSS' : 'DingTalk'
  return `${speaker}: ${text.en}`
}

/** The message of an annotation, in whole sentences. */
export function failureMessage({ cause, items, fix }: Diagnosis): Text {
  const inOne = (half: keyof Text): string => {
    const lines = [cause[half], ...items.map((item) => `- ${item[half]}`), fix?.[half] ?? '']
    // Line breaks in names are escaped.
    return lines.filter(Boolean).map(logLine).join('\n')
  }
  return { en: inOne('en'), zh: inOne('zh') }
}

/** The last lines of an annotation: links, each on a line of its own, and codes. */
export function failureDetails({ links, codes, quote = '' }: Details, language: Language): string {
  const lines = linkLines(links, language, (url, name) => (name === undefined ? url : `${name}: ${url}`))
  return [...lines, codes.join(' · '), quote].filter(Boolean).map(logLine).join('\n')
}

/** A failure in the job summary, as a blockquote. Only the first sentence is bold. */
export function failureMarkdown({ cause, items, fix, details }: Diagnosis, language: Language): string {
  const inOne = (half: keyof Text): string => {
    const [, first = cause[half], rest = ''] = /^(.+?(?:\.(?= )|。)) ?(.+)$/s.exec(cause[half]) ?? []
    const headline = [`**${markdownText(first)}**`, markdownText(rest)]
    const list = items.map((item) => `- ${markdownText(item[half])}`).join('\n')
    const last = markdownText(fix?.[half] ?? '')
    if (!list) return [...headline, last].filter(Boolean).join('  \n')
    return [headline.filter(Boolean).join('  \n'), list, last].filter(Boolean).join('\n\n')
  }
  const paragraphs = [
    ...inFull({ en: inOne('en'), zh: inOne('zh') }, language),
    detailsMarkdown(details, language),
  ]
  return paragraphs.filter(Boolean).join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')
}

function detailsMarkdown({ links, codes, quote = '' }: Details, language: Language): string {
  const lines = linkLines(
    links,
    language,
    (url, name) => `[${markdownText(name ?? shortened(url))}](<${url}>)`,
  )
  return [...lines, codes.map(markdownText).join(' · '), markdownText(quote)].filter(Boolean).join('  \n')
}

/** A failure in one line, for the outputs. */
export function failureLine({ consequence, error, about }: Failure): Text {
  const hint = hintFor(error, { about })
  return joined(consequence, withCodes(causeOf(error, hint), detailsOf(error, hint)))
}

/** A sentence with its codes. */
export function withCodes(text: Text, { codes }: Details): Text {
  if (codes.length === 0) return text
  return { en: `${text.en} (${codes.join(', ')})`, zh: `${text.zh}（${codes.join('，')}）` }
}
