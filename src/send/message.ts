import type { WorkflowRun } from '../github/runner.ts'

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

/**
 * Fills the placeholders of a message: `{files}`, `{run}`, `{commit}`, `{actor}`, `{ref}`; others stay as they are. A
 * list of files that is too long for a robot is cut off between two files, and tells how many are left out. Without a
 * run, nothing stands for what is of it.
 *
 * @param template Markdown
 */
export function messageFor(
  template: string,
  files: readonly Linked[],
  run: WorkflowRun | undefined,
): Message {
  const commit = run?.commit.slice(0, 7) ?? ''
  const name = run ? `${run.workflow} ${run.number}` : ''
  const { actor, ref } = run ?? { actor: '', ref: '' }
  const title = filled(template, { files: `${files.length} 个文件`, run: name, commit, actor, ref })
  const showing = (count: number): Message => ({
    title: titleOf(title),
    text: filled(template, {
      files: fileList(files, count),
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

function fileList(files: readonly Linked[], count: number): string {
  const lines = files.slice(0, count).map(({ name, url }) => `- ${link(name, url)}`)
  const left = files.length - lines.length
  if (left > 0) lines.push(`- … 另有 ${left} 个文件 / ${left} more`)
  return lines.join('\n')
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
