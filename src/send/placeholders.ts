import type { Status } from '../domain.ts'
import type { WorkflowRun } from '../github/runner.ts'
import type { Text } from '../http/text.ts'
import { inFull, type Language } from '../text/language.ts'
import { counted } from '../text/quantities.ts'
import { formatSize } from '../text/size.ts'
import { escaped, firstLine, link, oneLine, shortened } from './markdown.ts'

/** How many graphemes of a title, a branch, or a name are shown. */
const MAX_LINE = 120

/** The placeholders of a message. */
const PLACEHOLDERS = [
  'files',
  'count',
  'size',
  'status',
  'title',
  'changes',
  'run',
  'commit',
  'actor',
  'ref',
  'repository',
  'workflow',
] as const

export type Placeholder = (typeof PLACEHOLDERS)[number]

/** A file that a message links to. */
export interface Linked {
  name: string
  url: string
  /** bytes; undefined for another upload's whose size is not told */
  size?: number | undefined
}

/** What the placeholders stand for. */
export interface Facts {
  readonly files: readonly Linked[]
  readonly status: Status | undefined
  /** Undefined outside a workflow: nothing stands for what is of the run. */
  readonly run: WorkflowRun | undefined
  readonly language: Language
}

/** How much is shown of what can be long. */
export interface Limits {
  /** How many files and changes are listed. The others are counted. */
  readonly files: number
  readonly changes: number
  /** How many graphemes of anything else are shown. */
  readonly graphemes: number
}

/** What stands for a placeholder. */
export interface Value {
  /** In Markdown: anything from outside is escaped. */
  readonly markdown: string
  /** In a line of plain text, such as the title of a notification, or the caption of a button. It mentions no one. */
  readonly plain: string
  /** In the target of a link: its own address, or its text, percent-encoded. */
  readonly url: string
}

export type Values = Readonly<Record<Placeholder, Value>>

/** The warning for placeholders of an input that are posted as they are, if there are any. */
export function unknownPlaceholders(template: string, input = 'message'): Text | undefined {
  const found = new Set([...template.matchAll(/\{([a-z][\w.-]*)\}/gi)].map(([, name = '']) => name))
  for (const name of PLACEHOLDERS) found.delete(name)
  if (found.size === 0) return undefined
  const listed = (names: Iterable<string>) => [...names].map((name) => `{${name}}`)
  return {
    en: `${input}: unknown placeholder ${listed(found).join(', ')}, posted as it is. Supported placeholders: ${listed(PLACEHOLDERS).join(', ')}.`,
    zh: `${input}：占位符 ${listed(found).join('、')} 不受支持，将原样发送。支持的占位符：${listed(PLACEHOLDERS).join('、')}。`,
  }
}

/** The warning for placeholders that stand for files in a message without files, if there are any. */
export function filePlaceholders(template: string): Text | undefined {
  const found = (['files', 'count', 'size'] as const).filter((name) => hasPlaceholder(template, name))
  if (found.length === 0) return undefined
  const names = found.map((name) => `{${name}}`)
  return {
    en: `message: contains ${names.join(', ')}, but neither path nor release-tag is set, so there are no files.`,
    zh: `message：使用了 ${names.join('、')}，但 path 和 release-tag 都没有填写，没有要上传的文件。`,
  }
}

/** Whether a template has a placeholder. */
export function hasPlaceholder(template: string, name: Placeholder): boolean {
  return template.includes(`{${name}}`)
}

/**
 * Fills in the placeholders of a template, each by what it is there: the target of a link (`](…)`) gets addresses. In one
 * pass: what is filled in may hold what looks like a placeholder.
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
export function noLimits({ files, run }: Facts): Limits {
  return { files: files.length, changes: run?.changes.length ?? 0, graphemes: MAX_LINE }
}

/** What each placeholder stands for. */
export function valuesOf({ files, status, run, language }: Facts, limits: Limits): Values {
  const line = (text = '') => shortened(oneLine(text), limits.graphemes)
  const plain = (text?: string) => valueOf(line(text))
  const linked = (text: string, url = '') => {
    const shown = line(text)
    return { ...valueOf(shown), markdown: shown && link(shown, url), url }
  }
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0)
  return {
    files: {
      markdown: fileList(files, limits.files, language),
      plain: inOne(quantity(files.length, FILE), language),
      url: files[0]?.url ?? '',
    },
    count: valueOf(String(files.length)),
    size: valueOf(formatSize(size)),
    status: valueOf(status ? statusText(status, language) : ''),
    title: valueOf(shortened(firstLine(run?.title ?? ''), limits.graphemes)),
    changes: changesValue(run?.changes ?? [], limits, language),
    run: linked(run ? `${run.workflow} ${run.number}` : '', run?.url),
    commit: linked(run?.commit.slice(0, 7) ?? '', run?.commitUrl),
    actor: plain(run?.actor),
    ref: plain(run?.ref),
    repository: plain(run?.repository),
    workflow: plain(run?.workflow),
  }
}

/** @param line from outside, in one line */
function valueOf(line: string): Value {
  // A parenthesis would end the link whose target it stands in.
  const url = encodeURIComponent(line).replaceAll('(', '%28').replaceAll(')', '%29')
  return { markdown: escaped(line), plain: line.replaceAll('@', '＠'), url }
}

const STATUSES: Readonly<Record<Status, Text & { readonly sign: string }>> = {
  success: { sign: '✅', en: 'success', zh: '成功' },
  failure: { sign: '❌', en: 'failure', zh: '失败' },
  cancelled: { sign: '⚪', en: 'cancelled', zh: '已取消' },
}

/** A sign and a word; in both languages, Chinese first: the group reads Chinese. */
function statusText(status: Status, language: Language): string {
  const { sign, en, zh } = STATUSES[status]
  return { both: `${sign} ${zh} ${en}`, en: `${sign} ${en}`, zh: `${sign} ${zh}` }[language]
}

const FILE: Text = { en: 'file', zh: '个文件' }
const CHANGE: Text = { en: 'commit', zh: '个提交' }

function quantity(count: number, noun: Text): Text {
  return { en: counted(count, noun.en), zh: `${count} ${noun.zh}` }
}

/** In a title, which is short: in Chinese, unless the language is English. */
function inOne(text: Text, language: Language): string {
  return language === 'en' ? text.en : text.zh
}

function fileList(files: readonly Linked[], count: number, language: Language): string {
  const items = files.slice(0, count).map(({ name, url }) => link(oneLine(name), url))
  return list(items, FILE, files.length - items.length, language)
}

function changesValue(
  changes: readonly string[],
  { changes: count, graphemes }: Limits,
  language: Language,
): Value {
  const items = changes.slice(0, count).map((change) => escaped(shortened(firstLine(change), graphemes)))
  return {
    markdown: list(items, CHANGE, changes.length - items.length, language),
    plain: changes.length > 0 ? inOne(quantity(changes.length, CHANGE), language) : '',
    url: '',
  }
}

/** @param left how many more there are: told in each language on a line of its own */
function list(items: readonly string[], noun: Text, left: number, language: Language): string {
  const andMore = { en: `… and ${counted(left, `more ${noun.en}`)}`, zh: `… 另有 ${left} ${noun.zh}` }
  const more = left > 0 ? inFull(andMore, language) : []
  return [...items, ...more].map((item) => `- ${item}`).join('\n')
}
