import type { Text } from '../http/text.ts'

/** What DingTalk forbids in a name, and how to call it in a message. */
const FORBIDDEN: Readonly<Record<string, Text>> = {
  '\t': { en: 'a tab', zh: '制表符（Tab）' },
  '*': { en: 'an asterisk (*)', zh: '星号（*）' },
  '"': { en: 'a double quote (")', zh: '双引号（"）' },
  '<': { en: 'a less-than sign (<)', zh: '小于号（<）' },
  '>': { en: 'a greater-than sign (>)', zh: '大于号（>）' },
  '|': { en: 'a vertical bar (|)', zh: '竖线（|）' },
  '/': { en: 'a slash (/)', zh: '斜杠（/）' },
}

/** The name that the platform stores: it strips blanks at the edges, before anything else. Page: `submit-documents`. */
export function storedName(name: string): string {
  return name.replace(/^ +| +$/g, '')
}

/**
 * Says why DingTalk would refuse a name for a file or folder, in a whole sentence that names it, or nothing if it would
 * not. Page: `submit-documents`.
 */
export function refusalOfName(name: string): Text | undefined {
  // A tab at an edge is still refused.
  const stripped = storedName(name)
  const quoted = JSON.stringify(name)
  if (stripped === '') return { en: `The name ${quoted} is empty.`, zh: `名称 ${quoted} 为空。` }
  const found = Array.from(stripped).map((character) => FORBIDDEN[character])
  const forbidden = found.find((character) => character !== undefined)
  if (forbidden !== undefined) {
    return {
      en: `DingTalk does not allow the name ${quoted}: it contains ${forbidden.en}.`,
      zh: `名称 ${quoted} 含有钉钉不允许的字符：${forbidden.zh}。`,
    }
  }
  if (stripped.endsWith('.')) {
    return {
      en: `DingTalk does not allow the name ${quoted}: it ends with a dot (.).`,
      zh: `钉钉不允许名称 ${quoted}：名称不能以点（.）结尾。`,
    }
  }
  return undefined
}

/** A name in the form in which names are compared: it is not documented whether the platform composes characters. */
export function comparable(name: string): string {
  return name.normalize('NFC')
}

/** Whether a name is what `AUTO_RENAME` makes of another: `app(1).apk`. */
export function isRenamed(name: string, from: string): boolean {
  const dot = from.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [from.slice(0, dot), from.slice(dot)] : [from, '']
  return (
    name.startsWith(stem) &&
    name.endsWith(extension) &&
    /^ ?[(（]\d+[)）]$/.test(name.slice(stem.length, name.length - extension.length))
  )
}
