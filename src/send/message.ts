import type { Text } from '../dingtalk/text.ts'
import type { WorkflowRun } from '../github/runner.ts'
import { inFull, type Language } from '../text/language.ts'

/** The most that a robot takes, in bytes of JSON. */
export const MAX_MESSAGE = 15_000
/** A title is one line of a notification. */
const MAX_TITLE = 64

/** What a robot posts. */
export interface Message {
  /** Plain text, for the notification. */
  title: string
  /** Markdown */
  text: string
}

/** A file that a message links to. */
export interface Linked {
  name: string
  url: string
}

/** The placeholders of a message. */
const PLACEHOLDERS = ['files', 'run', 'commit', 'actor', 'ref']

/** The warning for placeholders of a message that are posted as they are, if there are any. */
export function unknownPlaceholders(template: string): Text | undefined {
  const found = new Set([...template.matchAll(/\{([a-z][\w.-]*)\}/gi)].map(([, name = '']) => name))
  for (const name of PLACEHOLDERS) found.delete(name)
  if (found.size === 0) return undefined
  const listed = (names: Iterable<string>) => [...names].map((name) => `{${name}}`)
  return {
    en: `message: unknown placeholder ${listed(found).join(', ')}, posted as it is. Supported placeholders: ${listed(PLACEHOLDERS).join(', ')}.`,
    zh: `message：占位符 ${listed(found).join('、')} 不受支持，将原样发送。支持的占位符：${listed(PLACEHOLDERS).join('、')}。`,
  }
}

/**
 * Fills the placeholders of a message: `{files}`, `{run}`, `{commit}`, `{actor}`, `{ref}`; others stay as they are. A
 * list of files that is too long for a robot is cut off between two files, and says how many are left out. Without a
 * run, nothing stands for what is of it.
 *
 * @param template Markdown
 */
export function messageFor(
  template: string,
  files: readonly Linked[],
  run: WorkflowRun | undefined,
  language: Language,
): Message {
  const commit = run?.commit.slice(0, 7) ?? ''
  const name = run ? `${run.workflow} ${run.number}` : ''
  const { actor, ref } = run ?? { actor: '', ref: '' }
  const title = filled(template, { files: counted(files.length, language), run: name, commit, actor, ref })
  const showing = (count: number): Message => ({
    title: titleOf(title),
    text: filled(template, {
      files: fileList(files, count, language),
      run: run ? link(name, run.url) : '',
      commit: run ? link(commit, run.commitUrl) : '',
      actor: escaped(actor),
      ref: escaped(ref),
    }),
  })
  const whole = showing(files.length)
  if (messageSize(whole) <= MAX_MESSAGE) return whole
  let shown = 0
  while (messageSize(showing(shown + 1)) <= MAX_MESSAGE) shown++
  return showing(shown)
}

/** What a message comes to on the wire, in bytes. */
export function messageSize(message: Message): number {
  return Buffer.byteLength(JSON.stringify(message))
}

// In one pass: what is filled in may hold what looks like a placeholder.
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(files|run|commit|actor|ref)\}/g, (placeholder, name: string) => {
    return values[name] ?? placeholder
  })
}

/** In a title, which is short: in Chinese, unless the language is English. */
function counted(count: number, language: Language): string {
  return language === 'en' ? `${count} ${count === 1 ? 'file' : 'files'}` : `${count} 个文件`
}

function fileList(files: readonly Linked[], count: number, language: Language): string {
  const lines = files.slice(0, count).map(({ name, url }) => `- ${link(name, url)}`)
  const left = files.length - lines.length
  if (left > 0) lines.push(...inFull(leftOut(left), language).map((line) => `- ${line}`))
  return lines.join('\n')
}

function leftOut(count: number): Text {
  return { en: `… and ${count} more ${count === 1 ? 'file' : 'files'}`, zh: `… 另有 ${count} 个文件` }
}

function link(text: string, url: string): string {
  return `[${escaped(text)}](${encodeURI(url)})`
}

/** Text from outside made harmless within a line of Markdown, and left readable where it is shown as it is. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\\`*[\]<>&~|]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The first line that says something, without its markup. */
function titleOf(text: string): string {
  const lines = text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split('\n')
    .map((line) => line.replace(/^[\s#>*+-]+|[*`~]/g, '').trim())
  return Array.from(lines.find(Boolean) ?? 'DingTalk')
    .slice(0, MAX_TITLE)
    .join('')
}
