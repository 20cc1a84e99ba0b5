import { sep } from 'node:path'
// The search of the package itself reads excluded directories, and follows all links.
import { Pattern as ActionsPattern } from '../../node_modules/@actions/glob/lib/internal-pattern.js'
import type { Pattern, PatternRules } from '../files/search.ts'

/** A private part of a pattern. */
interface Minimatch {
  match(path: string, partial: boolean): boolean
}

/**
 * The syntax of `@actions/glob`, as in `actions/upload-artifact`.
 *
 * @param platform macOS ignores how accents are encoded
 */
export function patternRules(platform = process.platform): PatternRules {
  const encoded = (text: string) => (platform === 'darwin' ? text.normalize('NFC') : text)
  return {
    escape: (path) => ActionsPattern.globEscape(path),
    compile: (line): Pattern => {
      const pattern = new ActionsPattern(encoded(line))
      const { negate, segments, trailingSeparator, searchPath } = pattern
      const isOpen = segments.at(-1) === '**' && !trailingSeparator
      const below = isOpen ? pattern : new ActionsPattern(negate, true, [...segments, '**'])
      const { minimatch } = below as unknown as { minimatch: Minimatch }
      return {
        excludes: negate,
        roots: [searchPath],
        matches: (path) => pattern.match(encoded(path)) | below.match(encoded(path)),
        // The partial match of the package fails for paths such as `\\server\share`.
        mayMatchBelow: (path) => {
          const name = encoded(path)
          return minimatch.match(name.length > 1 && name.endsWith(sep) ? name.slice(0, -1) : name, true)
        },
      }
    },
  }
}
