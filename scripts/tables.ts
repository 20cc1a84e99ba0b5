// Writes the tables that are made of action.yml and of the code into the pages. With --check it only tells whether they are so.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { READMES, withTables } from './readme-tables.ts'
import { withReliabilityTables } from './reliability-tables.ts'

const PAGES: readonly (readonly [string, (page: string) => Promise<string>])[] = [
  ...READMES.map(([name, words]) => [name, (page: string) => withTables(page, words)] as const),
  ['docs/reliability.md', withReliabilityTables],
]

for (const [name, filled] of PAGES) {
  const path = join(dirname(import.meta.dirname), name)
  const before = readFileSync(path, 'utf8')
  const after = await filled(before)
  if (before === after) continue
  if (process.argv.includes('--check')) {
    console.error(`${name}: its tables are out of date: run npm run tables and commit it`)
    process.exitCode = 1
  } else writeFileSync(path, after)
}
