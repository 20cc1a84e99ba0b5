import nodePath, { type PlatformPath } from 'node:path'

/** A path with forward slashes, which Windows understands too; elsewhere a backslash is part of a name, and stays. */
export function forwardSlashes(path: string, { sep }: PlatformPath = nodePath): string {
  return path.replaceAll(sep, '/')
}

/** The path from a directory down to what lies in it, with forward slashes; nothing if it lies elsewhere. */
export function pathBelow(directory: string, path: string, rules = nodePath): string | undefined {
  const down = rules.relative(directory, path)
  // From one drive to another, or to another machine's share, there is no relative path.
  if (down === '..' || down.startsWith(`..${rules.sep}`) || rules.isAbsolute(down)) return undefined
  return forwardSlashes(down, rules)
}
