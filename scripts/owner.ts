// Sets who publishes the action, in every file that names them: npm run owner -- NAME [SCOPE]. NAME is the account on GitHub, and
// SCOPE the one on npm, if it isn't the same in lower case.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesWithOwner, npmPackage, repository, withOwner, withScope } from './repository.ts'

const ROOT = dirname(import.meta.dirname)
const [owner, givenScope, ...others] = process.argv.slice(2)

if (owner === undefined || others.length > 0) {
  console.error(`The repository is ${repository()}, and the package ${npmPackage()}.`)
  console.error('To change the account on GitHub and the scope on npm: npm run owner -- NAME [SCOPE]')
  process.exitCode = 1
} else {
  const [presentOwner = ''] = repository().split('/')
  const [presentScope = ''] = npmPackage().slice(1).split('/')
  const scope = (givenScope ?? owner.toLowerCase()).replace(/^@/, '')
  for (const name of filesWithOwner()) {
    const path = join(ROOT, name)
    if (!existsSync(path)) continue
    const before = readFileSync(path, 'utf8')
    const after = withScope(withOwner(before, presentOwner, owner), presentScope, scope)
    if (after === before) continue
    writeFileSync(path, after)
    console.log(name)
  }
  console.log('Next: npm run tables, npm run build, npm test')
}
