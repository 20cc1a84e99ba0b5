import { DingTalkError } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { Failure } from '../domain.ts'
import { InputError, type Problem, TextError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { logLine, markdownText } from '../text/plain-text.ts'
import type { Hint } from './advice.ts'
import { hintFor, hintText } from './hints.ts'

/** How many consequences of one cause are listed. The others are counted. */
const MAX_CONSEQUENCES = 3

/** A failure as it is shown: the cause is the headline, and the consequences come under it. */
export interface Told {
  readonly cause: Text
  /** What is wrong with each input, where that is the cause. */
  readonly problems: readonly Problem[]
  readonly consequences: readonly Text[]
  readonly fix: Text | undefined
  readonly details: Details
}

/** What is the same in every language, and told once. */
export interface Details {
  /** Where to do something about it; several are separated by blanks. */
  readonly link?: string | undefined
  /** Code, HTTP status, request id. */
  readonly codes: readonly string[]
  /** Who said what: `DingTalk: …`, `OSS: …`, or `HTTP 502: …` where something else responded in their place. */
  readonly quote?: string | undefined
}

/** Everything that failed, by cause: what several have met is told once. */
export function tellFailures(failures: readonly Failure[], appKey?: string): Told[] {
  const causes = Map.groupBy(failures, ({ error, about }) =>
    error instanceof DingTalkError ? causeOf(error, hintFor(error, { about })).en + error.code : error,
  )
  return [...causes.values()].map((failures) => tell(failures, appKey))
}

function tell(failures: readonly Failure[], appKey: string | undefined): Told {
  const [first] = failures
  const error = first?.error
  const hint = hintFor(error, { appKey, about: first?.about })
  const problems = error instanceof InputError && error.problems.length > 1 ? error.problems : []
  const consequences = new Map(failures.map(({ consequence }) => [consequence.en, consequence]))
  return {
    cause: causeOf(error, hint),
    problems,
    consequences: [...consequences.values()],
    fix: hint?.fix,
    details: detailsOf(error, hint),
  }
}

/** What is wrong, in a sentence or two. */
export function causeOf(error: unknown, hint: Hint | undefined): Text {
  if (error instanceof InputError) return wrongInputs(error.problems)
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

function wrongInputs(problems: readonly Problem[]): Text {
  const [first, ...others] = problems
  if (!first || others.length > 0) return { en: 'Invalid inputs.', zh: '输入有误。' }
  return { en: `${first.input}: ${first.text.en}`, zh: `${first.input}：${first.text.zh}` }
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

/** What is the same in every language. */
export function detailsOf(error: unknown, hint: Hint | undefined): Details {
  const link = hint?.link
  if (!(error instanceof DingTalkError)) return { link, codes: [] }
  const { code, status, requestId } = error
  const http = status !== undefined && code !== `HTTP${status}` && `HTTP ${status}`
  const codes = [code, http, requestId && `request id ${requestId}`].filter(
    (part) => typeof part === 'string' && part !== '',
  )
  return {
    link,
    codes: codes as string[],
    quote: quoteOf(error),
  }
}

/** The message of an annotation: whole sentences in both languages. */
export function failureMessage(told: Told): Text {
  return { en: linesOf(told, 'en').join('\n'), zh: linesOf(told, 'zh').join('\n') }
}

/** Its last lines, which are the same in both. */
export function failureDetails({ link, codes, quote }: Details): string {
  return [[link ?? '', ...codes].filter(Boolean).join(' · '), quote ?? '']
    .filter(Boolean)
    .map(logLine)
    .join('\n')
}

function linesOf(told: Told, half: keyof Text): string[] {
  const { cause, problems, fix } = told
  const [only, ...others] = consequencesOf(told, half)
  const space = half === 'en' ? ' ' : ''
  const isOne = only !== undefined && others.length === 0
  return [
    `${cause[half]}${isOne ? space + only : ''}`,
    ...problems.map(({ input, text }) => `- ${input}${half === 'en' ? ': ' : '：'}${text[half]}`),
    ...(isOne || only === undefined ? [] : [only, ...others].map((line) => `- ${line}`)),
    ...(fix ? [fix[half]] : []),
    // A name with a line break in it must not look like a line of ours.
  ].map(logLine)
}

/** The first consequences, and how many more there are. */
function consequencesOf({ consequences }: Told, half: keyof Text): string[] {
  const shown = consequences.slice(0, MAX_CONSEQUENCES)
  const left = consequences.length - shown.length
  const more: Text = { en: `And ${left} more like these.`, zh: `另有 ${left} 项情况相同。` }
  return [...shown, ...(left > 0 ? [more] : [])].map((text) => text[half])
}

/** A failure in the job summary, as a quotation. */
export function failureMarkdown(told: Told, language: Language): string {
  const { cause, problems, fix, details } = told
  const inOne = (half: keyof Text): string => {
    const [only = '', ...others] = consequencesOf(told, half)
    const headline = `**${markdownText(cause[half])}**${others.length > 0 || only === '' ? '' : ` ${markdownText(only)}`}`
    const listed = [
      ...problems.map(({ input, text }) => `${input}${half === 'en' ? ': ' : '：'}${text[half]}`),
      ...(others.length > 0 ? [only, ...others] : []),
    ]
    return [
      headline,
      ...listed.map((line) => `• ${markdownText(line)}`),
      ...(fix ? [linked(fix[half])] : []),
    ].join('  \n')
  }
  const paragraphs = [...inEach(language, inOne), detailsMarkdown(details)].filter(Boolean)
  return paragraphs.join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')
}

/** What is to be written in each of the languages. */
function inEach(language: Language, write: (half: keyof Text) => string): string[] {
  return inFull({ en: write('en'), zh: write('zh') }, language)
}

function detailsMarkdown({ link, codes, quote }: Details): string {
  const links = (link ?? '').split(' ').filter(Boolean).map(linked)
  return [
    [links.join(' '), ...codes.map(markdownText)].filter(Boolean).join(' · '),
    quote === undefined ? '' : markdownText(quote),
  ]
    .filter(Boolean)
    .join('  \n')
}

const NOT_SKIPPED: Text = {
  en: 'Every file is uploaded, because the folder could not be searched for existing files (conflict-strategy, re-runs).',
  zh: '无法在文件夹中查找已有文件，因此会上传所有文件（conflict-strategy、重新运行）。',
}

/** What `return-existing`, `if-changed`, and re-runs can't do if the folder can't be listed. @param error the rejection */
export function notSkipped(error: unknown, appKey: string): Text {
  const hint = hintFor(error, { appKey })
  return joined(NOT_SKIPPED, hint ? hintText(hint) : causeOf(error, hint))
}

/** A failure in one line, for the outputs. */
export function failureLine(failure: Failure): Text {
  const { consequence, error, about } = failure
  const hint = hintFor(error, { about })
  return joined(consequence, withCodes(causeOf(error, hint), detailsOf(error, hint)))
}

/** A sentence with its codes. */
export function withCodes(text: Text, { codes }: Details): Text {
  if (codes.length === 0) return text
  return { en: `${text.en} (${codes.join(', ')})`, zh: `${text.zh}（${codes.join('，')}）` }
}

/** Text of ours, whose links stay links. */
export function linked(text: string): string {
  return text
    .split(/(https:\/\/[\w./#?=%-]+)/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : markdownText(part)))
    .join('')
}
