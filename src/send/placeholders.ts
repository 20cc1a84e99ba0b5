import type { Status } from '../domain.ts'
import type { WorkflowRun } from '../github/runner.ts'
import type { Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { counted } from '../text/quantities.ts'
import { formatSize } from '../text/size.ts'
import { escaped, firstLine, link, oneLine, shortened } from './markdown.ts'
import { notesText, type ReleaseNotes } from './release-notes.ts'

/** The most graphemes of a title, a branch, or a name. */
const MAX_LINE = 120

// prettier-ignore
const PLACEHOLDERS = [
  'files', 'count', 'size', 'status', 'title', 'changes', 'run', 'commit', 'actor', 'ref', 'repository', 'workflow', 'notes',
] as const

type Placeholder = (typeof PLACEHOLDERS)[number]

/** A file that a message links to. */
export interface Linked {
  name: string
  url: string
  /** bytes; undefined for an existing file of unknown size */
  size?: number | undefined
}

/** What placeholders are replaced with. */
export interface Facts {
  readonly files: readonly Linked[]
  readonly status: Status | undefined
  /** Undefined outside a workflow. */
  readonly run: WorkflowRun | undefined
  readonly language: Language
  /** Undefined without a release. */
  readonly notes?: ReleaseNotes | undefined
}

/** How much is shown of what can be long. */
export interface Limits {
  /** How many files and changes are listed. The others are counted. */
  readonly files: number
  readonly changes: number
  /** How many blocks of the release notes are shown. A link leads to the rest. */
  readonly notes: number
  /** How many graphemes of any other value are shown. */
  readonly graphemes: number
}

/** The value of a placeholder. */
interface Value {
  /** In Markdown, with everything from outside escaped. */
  readonly markdown: string
  /** In a line of plain text, such as a title or a button. It mentions nobody. */
  readonly plain: string
  /** In the target of a link: its own address, or its text, percent-encoded. */
  readonly url: string
}

export type Values = Readonly<Record<Placeholder, Value>>

/** The warnings for placeholders and expressions that an input misspells. */
export function placeholderWarnings(template: string, input: string): Text[] {
  const warnings: Text[] = []
  const warn = (en: string, zh: string) => warnings.push({ en: `${input}: ${en}`, zh: `${input}：${zh}` })
  const expressions = /\$\{\{.*?\}\}/gs
  const [expression] = template.match(expressions) ?? []
  if (expression !== undefined)
    warn(
      `the expression ${expression} was not evaluated, and is posted unchanged.`,
      `表达式 ${expression} 没有被解析，将原样发送。`,
    )
  const unknown = new Set<string>()
  const corrections = new Map<string, string>()
  for (const [text, name = ''] of template
    .replaceAll(expressions, '')
    .matchAll(/\$?(?:\{\{|[{｛])\s*([a-z][\w.-]*)\s*(?:\}\}|[}｝])/gi)) {
    const correct = `{${name}}`
    const isKnown = (PLACEHOLDERS as readonly string[]).includes(name)
    if (isKnown && text !== correct) corrections.set(text, correct)
    else if (!isKnown && text.includes(correct)) unknown.add(correct)
  }
  for (const [text, correct] of corrections)
    warn(`write ${text} as ${correct}.`, `${text} 应写作 ${correct}。`)
  const known = PLACEHOLDERS.map((name) => `{${name}}`)
  if (unknown.size > 0)
    warn(
      `unknown placeholder ${[...unknown].join(', ')}, posted unchanged. Supported placeholders: ${known.join(', ')}.`,
      `占位符 ${[...unknown].join('、')} 不受支持，将原样发送。支持的占位符：${known.join('、')}。`,
    )
  return warnings
}

/** The warning for placeholders about files in a message without files. */
export function filePlaceholders(template: string): Text | undefined {
  const found = ['{files}', '{count}', '{size}'].filter((placeholder) => template.includes(placeholder))
  if (found.length === 0) return undefined
  return {
    en: `message: contains ${found.join(', ')}, but neither path nor release-tag is set, so there are no files.`,
    zh: `message：使用了 ${found.join('、')}，但 path 和 release-tag 都没有填写，没有要上传的文件。`,
  }
}

/** Replaces the placeholders of a template, in one pass. Those in the target of a link (`](…)`) are replaced with addresses. */
export function filled(template: string, values: Values, as: 'markdown' | 'plain' | 'url'): string {
  return template.replace(
    /\]\(([^()\s]*)\)|\{([a-z]+)\}/g,
    (found, target: string | undefined, name: string) => {
      if (target !== undefined) return `](${filled(target, values, 'url')})`
      return Object.hasOwn(values, name) ? values[name as Placeholder][as] : found
    },
  )
}

/** The limits that show everything. */
export function noLimits({ files, run, notes }: Facts): Limits {
  return {
    files: files.length,
    changes: run?.changes.length ?? 0,
    notes: notes?.blocks.length ?? 0,
    graphemes: MAX_LINE,
  }
}

/** Returns the value of each placeholder. */
export function valuesOf({ files, status, run, language, notes }: Facts, limits: Limits): Values {
  const line = (text = '') => shortened(oneLine(text), limits.graphemes)
  const first = (text = '') => shortened(firstLine(text), limits.graphemes)
  const linked = (text: string, url = '') => {
    const shown = line(text)
    return { ...valueOf(shown), markdown: shown && link(shown, url), url }
  }
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0)
  const { sign, en, zh } = status ? STATUSES[status] : { sign: '', en: '', zh: '' }
  // Chinese first: most groups read Chinese.
  const words = { both: `${zh} ${en}`, en, zh }[language]
  const items = files.slice(0, limits.files).map(({ name, url }) => link(oneLine(name), url))
  const { changes = [], moreChanges = 0 } = run ?? {}
  const changed = changes.slice(0, limits.changes).map((change) => escaped(first(change)))
  return {
    files: { ...listValue(items, files.length, FILE, language), url: files[0]?.url ?? '' },
    count: valueOf(String(files.length)),
    size: valueOf(formatSize(size)),
    status: valueOf(status ? `${sign} ${words}` : ''),
    title: valueOf(first(run?.title)),
    changes: listValue(changed, changes.length + moreChanges, CHANGE, language),
    run: linked(run ? `${run.workflow} ${run.number}` : '', run?.url),
    commit: linked(run?.commit.slice(0, 7) ?? '', run?.commitUrl),
    actor: valueOf(line(run?.actor)),
    ref: valueOf(line(run?.ref)),
    repository: valueOf(line(run?.repository)),
    workflow: valueOf(line(run?.workflow)),
    notes: {
      markdown: notes ? notesText(notes, limits.notes, language) : '',
      plain: valueOf(line(notes?.title)).plain,
      url: notes?.url ?? '',
    },
  }
}

/** @param line one line, from outside */
function valueOf(line: string): Value {
  // A parenthesis would end the link.
  const url = encodeURIComponent(line).replaceAll('(', '%28').replaceAll(')', '%29')
  return { markdown: escaped(line), plain: line.replaceAll('@', '＠'), url }
}

const STATUSES: Readonly<Record<Status, Text & { readonly sign: string }>> = {
  success: { sign: '✅', en: 'success', zh: '成功' },
  failure: { sign: '❌', en: 'failure', zh: '失败' },
  cancelled: { sign: '⚪', en: 'cancelled', zh: '已取消' },
  skipped: { sign: '⚪', en: 'skipped', zh: '已跳过' },
}

const FILE: Text = { en: 'file', zh: '个文件' }
const CHANGE: Text = { en: 'commit', zh: '个提交' }

/** A list of the first items, and how many more there are. In plain text, it is their number: in Chinese, unless the language is English. */
function listValue(items: readonly string[], count: number, noun: Text, language: Language): Value {
  const left = count - items.length
  const andMore = { en: `… and ${counted(left, `more ${noun.en}`)}`, zh: `… 另有 ${left} ${noun.zh}` }
  const more = left > 0 ? inFull(andMore, language) : []
  const number = language === 'en' ? counted(count, noun.en) : `${count} ${noun.zh}`
  // "0 files" says something, and "0 commits" doesn't.
  const plain = count > 0 || noun === FILE ? number : ''
  return { markdown: [...items, ...more].map((item) => `- ${item}`).join('\n'), plain, url: '' }
}
