import { type Button, MAX_BUTTON_TITLE, MAX_BUTTONS, sizeBeside } from '../dingtalk/robots.ts'
import type { Status } from '../domain.ts'
import type { Text } from '../http/text.ts'
import type { InputReader } from './reader.ts'

/** The inputs that decide whether the job only posts a message. */
export type Alone = 'folder-url' | 'images' | 'message' | 'mode' | 'path' | 'release-tag' | 'space-id'

/** Whether the job only posts a message or pictures, without files. For a check, which needs no files, the folder decides. */
export function isMessageAlone(reader: InputReader<Alone>): boolean {
  const hasFiles = reader.literalPaths.length > 0 || reader.text('path') || reader.text('release-tag')
  if (!(reader.text('message') || reader.text('images')) || hasFiles) return false
  const isCheck = reader.text('mode').toLowerCase() === 'check'
  return !isCheck || !(reader.text('folder-url') || reader.text('space-id'))
}

const STATUSES: Readonly<Record<Status, Status>> = {
  success: 'success',
  failure: 'failure',
  cancelled: 'cancelled',
  skipped: 'skipped',
}

/** Reads the value for `{status}`, which only GitHub's runner sets by default. */
export function readStatus(reader: InputReader<'status' | 'message' | 'buttons'>): Status | undefined {
  if (reader.text('status')) return reader.choice('status', STATUSES)
  if ((reader.text('message') + reader.text('buttons')).includes('{status}'))
    reader.missing('status', {
      en: 'Required, because message or buttons contain {status}. Set it to success, failure, cancelled, or skipped.',
      zh: 'message 或 buttons 中使用了 {status}，因此必填。请填写 success、failure、cancelled 或 skipped。',
    })
  return undefined
}

/** Reads the message, and checks that it has a robot and recipients. */
export function readMessage(
  reader: InputReader<'chat-id' | 'images' | 'message' | 'robot-code' | 'robot-webhook' | 'to-user-ids'>,
): string {
  const message = reader.text('message')
  const code = reader.text('robot-code')
  if (message && !code && !reader.text('robot-webhook'))
    reader.missing('robot-webhook', {
      en: 'Required for message unless robot-code is set, because a robot posts the message.',
      zh: '填写 message 时必填（已填写 robot-code 时除外），因为消息由机器人发送。',
    })
  const isToNoOne = !reader.text('chat-id') && !reader.text('to-user-ids')
  if ((message || reader.text('images')) && code && isToNoOne)
    reader.problem('chat-id', {
      en: 'Required when robot-code posts a message or pictures, unless to-user-ids is set, because the robot posts to these groups and users.',
      zh: '使用 robot-code 发送 message 或 images 时，chat-id 与 to-user-ids 至少填写一项：机器人向这些群和成员发送。',
    })
  return message
}

/** The maximum size of all buttons, in bytes of JSON. Leaves room for mentions and some text. */
const MAX_BUTTONS_SIZE = 10_000

/** Reads the buttons: one Markdown link per line, with placeholders. Quotes no line, because an address may contain a token. */
export function readButtons(reader: InputReader<'buttons' | 'message'>): Button[] {
  const lines = reader.lines('buttons')
  if (lines.length === 0) return []
  if (!reader.text('message'))
    reader.problem('buttons', {
      en: 'Buttons require message, which is not set. Set it, or remove buttons.',
      zh: '按钮是消息的一部分，但 message 没有填写。请填写 message，或删除 buttons。',
    })
  if (lines.length > MAX_BUTTONS)
    reader.problem('buttons', {
      en: `There are ${lines.length} buttons, and a message can have at most ${MAX_BUTTONS}.`,
      zh: `共有 ${lines.length} 个按钮，一条消息最多 ${MAX_BUTTONS} 个。`,
    })
  const buttons = lines.map((line, index) => {
    const match = LINK.exec(line)
    const [, title = '', url = ''] = match ?? []
    const button = { title: title.trim(), url: url.trim() }
    const refusal = match ? refusalOfButton(button) : NO_LINK
    if (refusal) reader.lineProblem('buttons', index, refusal)
    return button
  })
  const bytes = sizeBeside(buttons.slice(0, MAX_BUTTONS))
  if (bytes > MAX_BUTTONS_SIZE)
    reader.problem('buttons', {
      en: `The addresses of the buttons are too long: the buttons have ${bytes} bytes, and at most ${MAX_BUTTONS_SIZE} are allowed.`,
      zh: `按钮的链接过长：所有按钮共 ${bytes} 字节，最多 ${MAX_BUTTONS_SIZE} 字节。`,
    })
  return buttons
}

const NO_LINK: Text = {
  en: 'this is not a link. Enter one button per line, in the form [title](https://…). The brackets must match, and brackets inside brackets are not supported.',
  zh: '不是链接。请每行填写一个按钮，格式为 [标题](https://…)。括号须成对，且不支持多层括号。',
}

/** Matches a line with a single Markdown link. The title and the address may contain pairs of brackets. */
const LINK = /^\[((?:[^[\]]|\[[^[\]]*\])*)\]\(((?:[^()]|\([^()]*\))*)\)$/

function refusalOfButton({ title, url }: Button): Text | undefined {
  if (title === '') return { en: 'the button has no title.', zh: '按钮没有标题。' }
  const length = Array.from(title.replace(/\{[a-z]+\}/g, '')).length
  if (length > MAX_BUTTON_TITLE)
    return {
      en: `the title has ${length} characters, and at most ${MAX_BUTTON_TITLE} are allowed.`,
      zh: `标题有 ${length} 个字符，最多 ${MAX_BUTTON_TITLE} 个。`,
    }
  // An expression that was not evaluated is only a warning, as in the message.
  if (url.includes('${{')) return undefined
  return refusalOfAddress(url, /^(https?|dingtalk):\/\/[^/?#{}\s]+/i, {
    en: 'the address must start with https://, http://, or dingtalk:// and a host name, or with {run}, {commit}, {files}, or {notes}.',
    zh: '链接应以 https://、http:// 或 dingtalk:// 加域名开头，或以 {run}、{commit}、{files}、{notes} 开头。',
  })
}

/** Returns what is wrong with an address that may contain placeholders. @param start a pattern for its beginning */
export function refusalOfAddress(url: string, start: RegExp, wrongStart: Text): Text | undefined {
  // If a placeholder is empty, the text after it must not lead to another host.
  if (/^\{(run|commit|files|notes)\}((\/(?!\/)|[?#])\S*)?$/.test(url)) return undefined
  if (/^\{(run|commit|files|notes)\}/.test(url))
    return {
      en: 'after {run}, {commit}, {files}, or {notes}, the address can only continue with /, ?, or #, without spaces.',
      zh: '{run}、{commit}、{files}、{notes} 之后只能以 /、? 或 # 继续，且不能有空格。',
    }
  if (!start.test(url)) return wrongStart
  if (/\s/.test(url) || /^[^/]+\/\/[^/?#]*[{}]/.test(url) || !URL.canParse(url))
    return {
      en: 'the address is not a valid URL. It must not contain spaces, and its host name must not contain placeholders.',
      zh: '链接不是有效的 URL。其中不能有空格，域名中不能有占位符。',
    }
  return undefined
}
