// Sets the GitHub account that publishes the action, in every file that names it: npm run owner -- NAME
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesWithOwner, repository, withOwner } from './repository.ts'

const ROOT = dirname(import.meta.dirname)
const [owner, ...others] = process.argv.slice(2)

if (owner === undefined || others.length > 0) {
  console.error(`The repository is ${repository()}. To change its owner: npm run owner -- NAME`)
  process.exitCode = 1
} else {
  const [present = ''] = repository().split('/')
  for (const name of filesWithOwner()) {
    const path = join(ROOT, name)
    if (!existsSync(path)) continue
    const before = readFileSync(path, 'utf8')
    const after = withOwner(before, present, owner)
    if (after === before) continue
    writeFileSync(path, after)
    console.log(name)
  }
  console.log('Next: npm run tables, npm run build, npm test')
}
