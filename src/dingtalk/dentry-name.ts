/** What DingTalk forbids in a name, and how to call it in a message. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  '\t': 'a tab',
  '*': 'an asterisk (*)',
  '"': 'a double quote (")',
  '<': 'a less-than sign (<)',
  '>': 'a greater-than sign (>)',
  '|': 'a vertical bar (|)',
  '/': 'a slash (/)',
}

/** The name that the platform stores: it strips blanks at the edges, before anything else. Page: `submit-documents`. */
export function storedName(name: string): string {
  return name.replace(/^ +| +$/g, '')
}

/**
 * Says why DingTalk would refuse a name for a file or folder, or nothing if it would not. Page: `submit-documents`.
 */
export function refusalOfName(name: string): string | undefined {
  // A tab at an edge is still refused.
  const stripped = storedName(name)
  if (stripped === '') return 'it is empty / 名称为空'
  const found = Array.from(stripped).find((character) => character in FORBIDDEN)
  if (found !== undefined) return `it contains ${FORBIDDEN[found] ?? found} / 含有禁用字符`
  if (stripped.endsWith('.')) return 'it ends with a dot (.) / 不能以「.」结尾'
  return undefined
}

/** A name in the form in which names are compared: nobody says whether the platform composes characters. */
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
