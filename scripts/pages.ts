import { DESCRIPTIONS, inputDescriptions } from './input-descriptions.ts'
import { INPUT_PAGES, withInputTables } from './input-tables.ts'
import { withBadge, withOwnerNote } from './owner-note.ts'
import { withReliabilityTables } from './reliability-tables.ts'

/** Every file with generated parts, and the function that generates them. */
export const PAGES: readonly (readonly [name: string, filled: (page: string) => Promise<string>])[] = [
  ['README.md', (page) => withBadge(page, 'en')],
  ['README.zh-CN.md', (page) => withBadge(page, 'zh')],
  ...INPUT_PAGES.map(([name, words]) => [name, (page: string) => withInputTables(page, words)] as const),
  [DESCRIPTIONS, inputDescriptions],
  ['docs/ci.md', (page) => withOwnerNote(page, 'en')],
  ['docs/ci.zh-CN.md', (page) => withOwnerNote(page, 'zh')],
  ['docs/setup.md', (page) => withOwnerNote(page, 'en')],
  ['docs/setup.zh-CN.md', (page) => withOwnerNote(page, 'zh')],
  ['docs/reliability.md', (page) => withReliabilityTables(page, 'en')],
  ['docs/reliability.zh-CN.md', (page) => withReliabilityTables(page, 'zh')],
]
