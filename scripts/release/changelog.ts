/** The section of CHANGELOG.md about a version. */
export interface Section {
  /** The date of the heading, if it has one: `## [1.2.3] - 2026-01-31`. */
  date: string | undefined
  /** The text below the heading. */
  text: string
  /** Whether the heading's link is defined. */
  isLinked: boolean
}

/** Finds a version's section in a changelog, as https://keepachangelog.com describes it. */
export function sectionOf(changelog: string, version: string): Section | undefined {
  const lines = changelog.split(/\r?\n/)
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`))
  if (start === -1) return undefined
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => line.startsWith('## ') || isLink(line))
  return {
    date: dateOf(lines[start] ?? ''),
    text: rest
      .slice(0, end === -1 ? undefined : end)
      .join('\n')
      .trim(),
    isLinked: lines.some((line) => line.startsWith(`[${version}]: https://`)),
  }
}

const isLink = (line: string) => /^\[[^\]]+\]: /.test(line)

function dateOf(heading: string): string | undefined {
  const date = /\] - (\d{4}-\d{2}-\d{2})$/.exec(heading)?.[1]
  if (date === undefined) return undefined
  const parsed = new Date(`${date}T00:00:00Z`)
  // 31 February has the format of a date, but isn't one.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) ? date : undefined
}
