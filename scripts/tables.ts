// Writes the generated parts of the pages, from action.yml and the code. With --check it only reports whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PAGES } from './pages.ts'

for (const [name, filled] of PAGES) {
  const path = join(dirname(import.meta.dirname), name)
  const before = readFileSync(path, 'utf8')
  const after = await filled(before)
  if (before === after) continue
  if (process.argv.includes('--check')) {
    console.error(`${name}: generated parts are out of date: run npm run tables and commit the page`)
    process.exitCode = 1
  } else writeFileSync(path, after)
}
