import { DESCRIPTIONS, inputDescriptions } from './input-descriptions.ts'
import { withBadge, withOwnerNote } from './owner-note.ts'
import { READMES, withTables } from './readme-tables.ts'
import { withReliabilityTables } from './reliability-tables.ts'

/** Every file with generated parts, and what fills them in. */
export const PAGES: readonly (readonly [name: string, filled: (page: string) => Promise<string>])[] = [
  ...READMES.map(
    ([name, words, language]) =>
      [name, async (page: string) => withBadge(await withTables(page, words), language)] as const,
  ),
  [DESCRIPTIONS, inputDescriptions],
  ['docs/setup.md', (page) => withOwnerNote(page, 'en')],
  ['docs/setup.zh-CN.md', (page) => withOwnerNote(page, 'zh')],
  ['docs/reliability.md', (page) => withReliabilityTables(page, 'en')],
  ['docs/reliability.zh-CN.md', (page) => withReliabilityTables(page, 'zh')],
]
