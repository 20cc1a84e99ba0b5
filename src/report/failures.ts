import { DingTalkError } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { Failure } from '../domain.ts'
import { InputError, type Problem, TextError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { type Link, linkLines, shortened } from '../text/links.ts'
import { logLine, markdownText } from '../text/plain-text.ts'
import type { Hint } from './advice.ts'
import { hintFor, hintText } from './hints.ts'

/** How many consequences of one cause are listed. The others are counted. */
const MAX_CONSEQUENCES = 3

/** Failures with the same cause as they are shown: the cause is the headline, and the consequences come under it. */
export interface Diagnosis {
  readonly cause: Text
  /** What is wrong with each input, where that is the cause. */
  readonly problems: readonly Problem[]
  readonly consequences: readonly Text[]
  readonly fix: Text | undefined
  readonly details: Details
}

/** What is the same in both languages, and shown once. */
export interface Details {
  /** Where to do something about it. */
  readonly links: readonly Link[]
  /** Code, HTTP status, request ID. */
  readonly codes: readonly string[]
  /** The words of others, with who said them: `DingTalk: …`, `OSS: …`, or `HTTP 502: …` where something else responded. */
  readonly quote?: string | undefined
}

/** Everything that failed, by cause. @param appKey for links to the app's own pages */
export function diagnose(failures: readonly Failure[], appKey?: string): Diagnosis[] {
  const causes = Map.groupBy(failures, ({ error, about }) => {
    if (!(error instanceof DingTalkError)) return error
    const hint = hintFor(error, { about })
    return [causeOf(error, hint).en, hint?.fix.en, error.code].join('\n')
  })
  return [...causes.values()].map((failures) => {
    const [first] = failures
    const error = first?.error
    const hint = hintFor(error, { appKey, about: first?.about })
    const consequences = new Map(failures.map(({ consequence }) => [consequence.en, consequence]))
    return {
      cause: causeOf(error, hint),
      problems: error instanceof InputError && error.problems.length > 1 ? error.problems : [],
      consequences: [...consequences.values()],
      fix: hint?.fix,
      details: detailsOf(error, hint),
    }
  })
}

/** What is wrong, in a sentence or two. */
export function causeOf(error: unknown, hint: Hint | undefined): Text {
  if (error instanceof InputError) {
    const [first, ...others] = error.problems
    if (!first || others.length > 0) return { en: 'Invalid inputs.', zh: '输入有误。' }
    return { en: `${first.input}: ${first.text.en}`, zh: `${first.input}：${first.text.zh}` }
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

/** What is the same in both languages. */
export function detailsOf(error: unknown, hint: Hint | undefined): Details {
  const links =
    error instanceof InputError ? error.problems.flatMap(({ links = [] }) => links) : (hint?.links ?? [])
  if (!(error instanceof DingTalkError)) return { links, codes: [] }
  const { code, status, requestId } = error
  const http = status === undefined || code === `HTTP${status}` ? '' : `HTTP ${status}`
  const codes = [code, http, requestId ? `request id ${requestId}` : ''].filter(Boolean)
  return { links, codes, quote: quoteOf(error) }
}

/** The words of others that an error has, or had before sentences of ours took their place, with who said them. */
function quoteOf({ text, code, isQuoted, cause, operation, status }: DingTalkError): string | undefined {
  if (!isQuoted) return cause instanceof DingTalkError ? quoteOf(cause) : undefined
  if (text.en === '' || text.en === code) return undefined
  const isStorage = operation === 'put' || operation === 'probe'
  // Without a code of the platform's or the storage's, all that is known of who responded is the HTTP status.
  const speaker = code.startsWith('HTTP') ? `HTTP ${status ?? ''}` : isStorage ? 'OSS' : 'DingTalk'
  return `${speaker}: ${text.en}`
}

/** In one language: the headline with the only consequence, and what is listed below it: problems, or several consequences. */
function linesOf({ cause, problems, consequences }: Diagnosis, half: keyof Text) {
  const left = consequences.length - MAX_CONSEQUENCES
  const more: Text = {
    en: `Similar problems not listed here: ${left}.`,
    zh: `另有 ${left} 项类似问题未列出。`,
  }
  const shown = [...consequences.slice(0, MAX_CONSEQUENCES), ...(left > 0 ? [more] : [])].map(
    (text) => text[half],
  )
  const colon = half === 'en' ? ': ' : '：'
  const listed = problems.map(({ input, text }) => ({ input, text: `${colon}${text[half]}` }))
  const isOne = shown.length === 1
  return {
    headline: cause[half],
    only: isOne ? shown[0] : undefined,
    items: isOne ? listed : [...listed, ...shown.map((text) => ({ input: '', text }))],
  }
}

/** The message of an annotation: whole sentences in both languages. */
export function failureMessage(diagnosis: Diagnosis): Text {
  const inOne = (half: keyof Text): string => {
    const { headline, only, items } = linesOf(diagnosis, half)
    const first = only === undefined ? headline : `${headline}${half === 'en' ? ' ' : ''}${only}`
    // A name with a line break in it must not look like a line of ours.
    return [first, ...items.map(({ input, text }) => `- ${input}${text}`), diagnosis.fix?.[half] ?? '']
      .filter(Boolean)
      .map(logLine)
      .join('\n')
  }
  return { en: inOne('en'), zh: inOne('zh') }
}

/** The last lines of an annotation, which are the same in both languages: links, each on its own line, and codes. */
export function failureDetails({ links, codes, quote = '' }: Details, language: Language): string {
  const lines = linkLines(links, language, (url, name) => (name === undefined ? url : `${name}: ${url}`))
  return [...lines, codes.join(' · '), quote].filter(Boolean).map(logLine).join('\n')
}

/** A failure in the job summary, as a quotation. */
export function failureMarkdown(diagnosis: Diagnosis, language: Language): string {
  const { fix, details } = diagnosis
  const inOne = (half: keyof Text): string => {
    const { headline, only, items } = linesOf(diagnosis, half)
    const [, first = headline, rest = ''] = /^(.+?(?:\.(?= [A-Z])|。)) ?(.+)$/s.exec(headline) ?? []
    const lines = [`**${markdownText(first)}**`, markdownText(rest), markdownText(only ?? '')]
    const list = items.map(
      ({ input, text }) => `- ${input && `**${markdownText(input)}**`}${markdownText(text)}`,
    )
    const last = markdownText(fix?.[half] ?? '')
    if (list.length === 0) return [...lines, last].filter(Boolean).join('  \n')
    return [lines.filter(Boolean).join('  \n'), list.join('\n'), last].filter(Boolean).join('\n\n')
  }
  const paragraphs = [
    ...inFull({ en: inOne('en'), zh: inOne('zh') }, language),
    detailsMarkdown(details, language),
  ]
  return paragraphs.filter(Boolean).join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')
}

/** The details as {@link failureDetails} has them, in Markdown, each link with a name that fits on a phone. */
export function detailsMarkdown({ links, codes, quote = '' }: Details, language: Language): string {
  const lines = linkLines(
    links,
    language,
    (url, name) => `[${markdownText(name ?? shortened(url))}](<${url}>)`,
  )
  return [...lines, codes.map(markdownText).join(' · '), markdownText(quote)].filter(Boolean).join('  \n')
}

/** What `return-existing`, `if-changed`, and re-runs can't do if the folder can't be listed. @param error the rejection */
export function notSkipped(
  error: unknown,
  appKey: string,
  language: Language,
): [message: Text, details: string] {
  const hint = hintFor(error, { appKey })
  const consequence: Text = {
    en: 'Every file is uploaded, because the folder could not be searched for existing files (conflict-strategy, re-runs).',
    zh: '无法在文件夹中查找已有文件，因此会上传所有文件（conflict-strategy、重新运行）。',
  }
  const message = joined(consequence, hint ? hintText(hint) : causeOf(error, hint))
  return [message, failureDetails({ links: hint?.links ?? [], codes: [] }, language)]
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
