import type { Status } from '../domain.ts'
import type { WorkflowRun } from '../github/runner.ts'
import type { Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { counted } from '../text/quantities.ts'
import { formatSize } from '../text/size.ts'
import { escaped, firstLine, link, oneLine, shortened } from './markdown.ts'
import { notesText, type ReleaseNotes } from './release-notes.ts'

/** How many graphemes of a title, a branch, or a name are shown. */
const MAX_LINE = 120

/** The placeholders of a message. */
// prettier-ignore
const PLACEHOLDERS = [
  'files', 'count', 'size', 'status', 'title', 'changes', 'run', 'commit', 'actor', 'ref', 'repository', 'workflow', 'notes',
] as const

type Placeholder = (typeof PLACEHOLDERS)[number]

/** A file that a message links to. */
export interface Linked {
  name: string
  url: string
  /** bytes; undefined for another upload's of unknown size */
  size?: number | undefined
}

/** What the placeholders stand for. */
export interface Facts {
  readonly files: readonly Linked[]
  readonly status: Status | undefined
  /** Undefined outside a workflow: nothing stands for what is of the run. */
  readonly run: WorkflowRun | undefined
  readonly language: Language
  /** Undefined if there is no release. */
  readonly notes?: ReleaseNotes | undefined
}

/** How much is shown of what can be long. */
export interface Limits {
  /** How many files and changes are listed. The others are counted. */
  readonly files: number
  readonly changes: number
  /** How many blocks of the release notes are shown. A link leads to the rest. */
  readonly notes: number
  /** How many graphemes of anything else are shown. */
  readonly graphemes: number
}

/** What stands for a placeholder. */
interface Value {
  /** In Markdown: anything from outside is escaped. */
  readonly markdown: string
  /** In a line of plain text, such as the title of a notification, or the caption of a button. It mentions no one. */
  readonly plain: string
  /** In the target of a link: its own address, or its text, percent-encoded. */
  readonly url: string
}

export type Values = Readonly<Record<Placeholder, Value>>

/** The warnings for placeholders and expressions of an input that are posted as they are, or with what surrounds them. */
export function placeholderWarnings(template: string, input: string): Text[] {
  const warnings: Text[] = []
  const expressions = /\$\{\{.*?\}\}/gs
  const [expression] = template.match(expressions) ?? []
  if (expression !== undefined)
    warnings.push({
      en: `${input}: the expression ${expression} was not evaluated, and is posted as it is.`,
      zh: `${input}：表达式 ${expression} 没有被解析，将原样发送。`,
    })
  const unknown = new Set<string>()
  const surrounded = new Map<string, string>()
  for (const [text, name = ''] of template
    .replaceAll(expressions, '')
    .matchAll(/\$?(?:\{\{|[{｛])\s*([a-z][\w.-]*)\s*(?:\}\}|[}｝])/gi)) {
    const isKnown = (PLACEHOLDERS as readonly string[]).includes(name)
    if (isKnown && text !== `{${name}}`) surrounded.set(text, name)
    else if (!isKnown && text.includes(`{${name}}`)) unknown.add(name)
  }
  for (const [text, name] of surrounded)
    warnings.push({
      en: `${input}: write ${text} as {${name}}.`,
      zh: `${input}：${text} 应写作 {${name}}。`,
    })
  const listed = (names: Iterable<string>) => [...names].map((name) => `{${name}}`)
  if (unknown.size > 0)
    warnings.push({
      en: `${input}: unknown placeholder ${listed(unknown).join(', ')}, posted as it is. Supported placeholders: ${listed(PLACEHOLDERS).join(', ')}.`,
      zh: `${input}：占位符 ${listed(unknown).join('、')} 不受支持，将原样发送。支持的占位符：${listed(PLACEHOLDERS).join('、')}。`,
    })
  return warnings
}

/** The warning for placeholders that stand for files in a message without files, if there are any. */
export function filePlaceholders(template: string): Text | undefined {
  const found = (['files', 'count', 'size'] as const).filter((name) => template.includes(`{${name}}`))
  if (found.length === 0) return undefined
  const names = found.map((name) => `{${name}}`)
  return {
    en: `message: contains ${names.join(', ')}, but neither path nor release-tag is set, so there are no files.`,
    zh: `message：使用了 ${names.join('、')}，但 path 和 release-tag 都没有填写，没有要上传的文件。`,
  }
}

/**
 * Fills in the placeholders of a template, each by what it is there: the target of a link (`](…)`) gets addresses. In one
 * pass: what is filled in may contain what looks like a placeholder.
 */
export function filled(template: string, values: Values, as: 'markdown' | 'plain' | 'url'): string {
  return template.replace(
    /\]\(([^()\s]*)\)|\{([a-z]+)\}/g,
    (found, target: string | undefined, name: string) => {
      if (target !== undefined) return `](${filled(target, values, 'url')})`
      return Object.hasOwn(values, name) ? values[name as Placeholder][as] : found
    },
  )
}

/** Everything, as far as it is shown without being cut off. */
export function noLimits({ files, run, notes }: Facts): Limits {
  return {
    files: files.length,
    changes: run?.changes.length ?? 0,
    notes: notes?.blocks.length ?? 0,
    graphemes: MAX_LINE,
  }
}

/** What each placeholder stands for. */
export function valuesOf({ files, status, run, language, notes }: Facts, limits: Limits): Values {
  const line = (text = '') => shortened(oneLine(text), limits.graphemes)
  const plain = (text?: string) => valueOf(line(text))
  const linked = (text: string, url = '') => {
    const shown = line(text)
    return { ...valueOf(shown), markdown: shown && link(shown, url), url }
  }
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0)
  const { sign, en, zh } = status ? STATUSES[status] : { sign: '', en: '', zh: '' }
  // In both languages, Chinese first: the group reads Chinese.
  const words = { both: `${zh} ${en}`, en, zh }[language]
  const changes = run?.changes ?? []
  const items = files.slice(0, limits.files).map(({ name, url }) => link(oneLine(name), url))
  const changed = changes
    .slice(0, limits.changes)
    .map((change) => escaped(shortened(firstLine(change), limits.graphemes)))
  return {
    files: { ...listValue(items, files.length, FILE, language), url: files[0]?.url ?? '' },
    count: valueOf(String(files.length)),
    size: valueOf(formatSize(size)),
    status: valueOf(status ? `${sign} ${words}` : ''),
    title: valueOf(shortened(firstLine(run?.title ?? ''), limits.graphemes)),
    changes: listValue(changed, changes.length + (run?.moreChanges ?? 0), CHANGE, language),
    run: linked(run ? `${run.workflow} ${run.number}` : '', run?.url),
    commit: linked(run?.commit.slice(0, 7) ?? '', run?.commitUrl),
    actor: plain(run?.actor),
    ref: plain(run?.ref),
    repository: plain(run?.repository),
    workflow: plain(run?.workflow),
    notes: {
      markdown: notes ? notesText(notes, limits.notes, language) : '',
      // A title has no room for more.
      plain: plain(notes?.title).plain,
      url: notes?.url ?? '',
    },
  }
}

/** @param line from outside, in one line */
function valueOf(line: string): Value {
  // A parenthesis would end the link whose target it is in.
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

/**
 * A list of the first items, and how many more there are, in each language on a line of its own. In plain text, such as a
 * title, it is their number: in Chinese, unless the language is English.
 */
function listValue(items: readonly string[], count: number, noun: Text, language: Language): Value {
  const left = count - items.length
  const andMore = { en: `… and ${counted(left, `more ${noun.en}`)}`, zh: `… 另有 ${left} ${noun.zh}` }
  const more = left > 0 ? inFull(andMore, language) : []
  const number = language === 'en' ? counted(count, noun.en) : `${count} ${noun.zh}`
  // No files are a fact, but no changes are nothing to mention.
  const plain = count > 0 || noun === FILE ? number : ''
  return { markdown: [...items, ...more].map((item) => `- ${item}`).join('\n'), plain, url: '' }
}
