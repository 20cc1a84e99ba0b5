// The steps of the workflow dependabot-dist.yml: node scripts/dependabot-dist.ts find | commit DIRECTORY. They need no packages.
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commitDist, findUpdates, type Update } from './dependabot/dist.ts'
import { GitHub } from './github.ts'

const [command, directory = ''] = process.argv.slice(2)
const variable = (name: string) => process.env[name] ?? ''
const github = new GitHub({
  apiUrl: variable('GITHUB_API_URL'),
  repository: variable('GITHUB_REPOSITORY'),
  token: variable('GH_TOKEN'),
})

if (command === 'find') {
  const updates = await findUpdates(github)
  console.log(updates)
  appendFileSync(variable('GITHUB_OUTPUT'), `updates=${JSON.stringify(updates)}\n`)
} else if (command === 'commit') {
  const entries = readdirSync(directory, { withFileTypes: true })
  const others = entries.filter((entry) => !entry.isFile())
  if (others.length > 0) throw new Error(`These are no files: ${others.map(({ name }) => name).join(', ')}`)
  const update = JSON.parse(variable('UPDATE')) as Update
  const commit = await commitDist(github, {
    update,
    files: new Map(entries.map(({ name }) => [name, readFileSync(join(directory, name))])),
    graphqlUrl: variable('GITHUB_GRAPHQL_URL'),
  })
  console.log(`${update.branch}: ${commit ?? 'dist/ is up to date'}`)
} else {
  throw new Error('usage: node scripts/dependabot-dist.ts find | commit DIRECTORY')
}
