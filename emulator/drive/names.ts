/** Normalizes the name of a file or folder. @returns undefined if the platform does not allow it */
export function legalName(name: string): string | undefined {
  // Only spaces are stripped: a tab is not allowed anywhere.
  const stripped = name.replace(/^ +| +$/g, '')
  return stripped === '' || /[\t*"<>|/]|\.$/.test(stripped) ? undefined : stripped
}

/** The part after the last dot, in its own case, as the platform reports it. */
export function extension(name: string): string {
  return /[^.]\.([^.]+)$/.exec(name)?.[1] ?? ''
}

/** The name that AUTO_RENAME gives a new entry if its own is taken. */
export function numbered(name: string, type: 'FILE' | 'FOLDER', n: number): string {
  const dotted = type === 'FILE' ? extension(name) : ''
  return dotted === '' ? `${name}(${n})` : `${name.slice(0, -dotted.length - 1)}(${n}).${dotted}`
}
