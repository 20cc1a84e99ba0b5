// Writes the tables of inputs and outputs into both READMEs, from action.yml. With --check it only tells whether they are so.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { READMES, withTables } from './readme-tables.ts'

for (const [name, words] of READMES) {
  const path = join(dirname(import.meta.dirname), name)
  const before = readFileSync(path, 'utf8')
  const after = await withTables(before, words)
  if (before === after) continue
  if (process.argv.includes('--check')) {
    console.error(`${name}: its tables are not action.yml's: run npm run tables and commit it`)
    process.exitCode = 1
  } else writeFileSync(path, after)
}
