// Writes what is generated in the documentation: parts of pages, from action.yml and the code, and the pictures of the setup
// guide. With --check it only reports whether they are up to date.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PICTURES, PICTURES_DIRECTORY } from './guide-pictures.ts'
import { PAGES } from './pages.ts'

const ROOT = dirname(import.meta.dirname)
const isCheck = process.argv.includes('--check')

for (const [name, filled] of PAGES) settle(name, await filled(readFileSync(join(ROOT, name), 'utf8')))

mkdirSync(join(ROOT, PICTURES_DIRECTORY), { recursive: true })
for (const [name, text] of PICTURES) settle(`${PICTURES_DIRECTORY}/${name}`, text)
for (const name of readdirSync(join(ROOT, PICTURES_DIRECTORY)))
  if (!PICTURES.has(name)) settle(`${PICTURES_DIRECTORY}/${name}`, undefined)

/** Makes a file what it should be, or reports that it is not. @param text nothing if there should be no such file */
function settle(name: string, text: string | undefined): void {
  const path = join(ROOT, name)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  if (before === text) return
  if (isCheck) {
    console.error(`${name} is out of date: run npm run tables and commit it`)
    process.exitCode = 1
  } else if (text === undefined) rmSync(path)
  else writeFileSync(path, text)
}
