import { MAX_MESSAGE, messageSize } from '../dingtalk/robots.ts'
import { shortened } from './markdown.ts'
import { filled, noLimits, valuesOf, type Facts, type Limits } from './placeholders.ts'

/** A title is one line of a notification: so many graphemes. */
const MAX_TITLE = 64

/** What a robot posts. */
export interface Message {
  /** Plain text, for the notification. */
  title: string
  /** Markdown */
  text: string
}

/**
 * Fills in the placeholders of a message; unknown ones stay as they are. What is too long for a robot is shortened: first
 * fewer changes are listed, then fewer files, and each list says how many are left out. If that is not enough, everything
 * else that is filled in is shortened too, and at last the end of the message is cut off.
 *
 * @param template Markdown
 * @param room for the message, in bytes of JSON
 */
export function messageFor(template: string, facts: Facts, room = MAX_MESSAGE): Message {
  const showing = (limits: Limits): Message => {
    const values = valuesOf(facts, limits)
    const title = titleOf(filled(template, values, 'plain'))
    const text = filled(template, values, 'markdown')
    // A robot posts no empty message.
    return { title, text: text.trim() ? text : title }
  }
  const fits = (limits: Limits) => messageSize(showing(limits)) <= room
  let limits = noLimits(facts)
  for (const name of ['changes', 'files', 'graphemes'] as const) {
    if (fits(limits)) return showing(limits)
    const most = largest(limits[name], (value) => fits({ ...limits, [name]: value }))
    limits = { ...limits, [name]: most }
  }
  const message = showing(limits)
  // Never half of a character: in JSON, a half takes more bytes than the whole.
  const beginning = (length: number): Message => ({ ...message, text: `${message.text.slice(0, length)}…` })
  if (messageSize(message) <= room) return message
  return beginning(largest(message.text.length, (length) => messageSize(beginning(length)) <= room))
}

/** The largest number below `end` that fits; 0 if none does. */
function largest(end: number, fits: (value: number) => boolean): number {
  let [least, beyond] = [0, end]
  while (beyond - least > 1) {
    const middle = Math.floor((least + beyond) / 2)
    if (fits(middle)) least = middle
    else beyond = middle
  }
  return least
}

/** The first line that says something, without its markup. */
function titleOf(text: string): string {
  const lines = text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split('\n')
    .map((line) => line.replace(/^[\s#>*+-]+|[*`~]/g, '').trim())
  return shortened(lines.find(Boolean) ?? 'DingTalk', MAX_TITLE)
}
