// Writes the generated parts of the documentation from action.yml and the code. With --check, it only reports whether they are up
// to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PAGES } from './pages.ts'

const ROOT = dirname(import.meta.dirname)
const isCheck = process.argv.includes('--check')

for (const [name, filled] of PAGES) {
  const path = join(ROOT, name)
  const before = readFileSync(path, 'utf8')
  const text = await filled(before)
  if (before === text) continue
  if (isCheck) {
    console.error(`${name} is out of date: run npm run tables and commit it`)
    process.exitCode = 1
  } else writeFileSync(path, text)
}
