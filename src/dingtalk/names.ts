import type { Text } from '../http/text.ts'

/** The characters that DingTalk forbids in a name, and their names. */
const FORBIDDEN: ReadonlyMap<string, Text> = new Map([
  ['\t', { en: 'a tab', zh: '制表符（Tab）' }],
  ['*', { en: 'an asterisk (*)', zh: '星号（*）' }],
  ['"', { en: 'a double quote (")', zh: '双引号（"）' }],
  ['<', { en: 'a less-than sign (<)', zh: '小于号（<）' }],
  ['>', { en: 'a greater-than sign (>)', zh: '大于号（>）' }],
  ['|', { en: 'a vertical bar (|)', zh: '竖线（|）' }],
  ['/', { en: 'a slash (/)', zh: '斜杠（/）' }],
])

/** The name that the platform stores, without leading and trailing blanks. Page: `submit-documents`. */
export function storedName(name: string): string {
  return name.replace(/^ +| +$/g, '')
}

/** Why DingTalk would reject a name of a file or folder, or undefined. Page: `submit-documents`. */
export function refusalOfName(name: string): Text | undefined {
  const stripped = storedName(name)
  const quoted = JSON.stringify(name)
  if (stripped === '') return { en: `The name ${quoted} is empty.`, zh: `名称 ${quoted} 为空。` }
  const forbidden = FORBIDDEN.get(/[\t*"<>|/]/.exec(stripped)?.[0] ?? '')
  if (forbidden)
    return {
      en: `DingTalk does not allow the name ${quoted}: it contains ${forbidden.en}.`,
      zh: `名称 ${quoted} 含有钉钉不允许的字符：${forbidden.zh}。`,
    }
  if (!stripped.endsWith('.')) return undefined
  return {
    en: `DingTalk does not allow the name ${quoted}: it ends with a dot (.).`,
    zh: `钉钉不允许名称 ${quoted}：名称不能以点（.）结尾。`,
  }
}

/** The form in which names are compared. It is not documented whether the platform composes characters. */
export function comparable(name: string): string {
  return name.normalize('NFC')
}

/** Whether `AUTO_RENAME` may have created this name from another one: `app(1).apk`. */
export function isRenamed(name: string, from: string): boolean {
  const dot = from.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [from.slice(0, dot), from.slice(dot)] : [from, '']
  if (!name.startsWith(stem) || !name.endsWith(extension)) return false
  return /^ ?[(（]\d+[)）]$/.test(name.slice(stem.length, name.length - extension.length))
}
