// Fails if the committed dist/ doesn't match the sources, and reports what a release still lacks. With --release, as in the
// release workflow, it also fails if anything is missing: npm run check -- --release [--tag v1.2.3]
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { missing } from './release/readiness.ts'
import { npmPackage, repository } from './repository.ts'
import { staleFiles } from './stale-dist.ts'

const ROOT = dirname(import.meta.dirname)
const { values } = parseArgs({ options: { release: { type: 'boolean' }, tag: { type: 'string' } } })

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')
const { version } = JSON.parse(read('package.json')) as { version: string }
const stale = staleFiles()
const lacking = missing({
  version,
  changelog: read('CHANGELOG.md'),
  repository: repository(),
  npmPackage: npmPackage(),
  staleFiles: stale,
  ...(values.tag === undefined ? {} : { tag: values.tag, isOnMain: isOnMain() }),
  runningRepository: process.env['GITHUB_REPOSITORY'],
})

const isFailure = lacking.length > 0 && (values.release === true || stale.length > 0)
const line = lacking.length === 0 ? `${version} can be released.` : `${version} can't be released yet:`
console[isFailure ? 'error' : 'log']([line, ...lacking].join('\n- '))
if (isFailure) process.exitCode = 1

function isOnMain(): boolean {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()
  // This needs the whole history, which the workflow fetches.
  return spawnSync('git', ['merge-base', '--is-ancestor', commit, 'origin/main'], { cwd: ROOT }).status === 0
}
