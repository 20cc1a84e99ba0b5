// The steps of the release workflow that write: node scripts/release.ts draft DIRECTORY | publish DIRECTORY | major. They need
// no packages, and each can be repeated: it only does what earlier attempts have not done.
import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GitHub } from './github.ts'
import { nextSteps, releaseNotes } from './release/notes.ts'
import { distTag, isPrerelease, prepareDraft, publish, type Plan } from './release/releases.ts'
import { moveMajorTag } from './release/tags.ts'
import { versionOfTag } from './release/version.ts'

const ROOT = dirname(import.meta.dirname)
const [command, directory = ''] = process.argv.slice(2)

const tag = variable('GITHUB_REF_NAME')
const github = new GitHub({
  apiUrl: variable('GITHUB_API_URL'),
  repository: variable('GITHUB_REPOSITORY'),
  token: variable('GH_TOKEN'),
})

try {
  if (command === 'draft') await draft()
  else if (command === 'publish') await publishDraft()
  else if (command === 'major') await major()
  else throw new Error('usage: node scripts/release.ts draft DIRECTORY | publish DIRECTORY | major')
} catch (error) {
  console.error(`::error::${(error as Error).message.replaceAll('%', '%25').replaceAll('\n', '%0A')}`)
  process.exitCode = 1
}

async function draft(): Promise<void> {
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
  const { commit, ...rest } = plan()
  const { repository } = github
  const notes = releaseNotes(changelog, { repository, version: tag.slice(1), commit })
  const release = await prepareDraft(github, notes, { commit, ...rest })
  summarize(nextSteps({ url: release.html_url, tag, isDraft: release.draft }))
}

async function publishDraft(): Promise<void> {
  summarize(`Published: ${(await publish(github, plan())).html_url}\n`)
  appendFileSync(variable('GITHUB_OUTPUT'), `dist-tag=${await distTag(github, tag)}\n`)
}

async function major(): Promise<void> {
  const version = versionOfTag(tag)
  if (version === undefined) throw new Error(`${tag} is not the tag of a version.`)
  if (isPrerelease(tag)) {
    summarize(`${tag} is a prerelease: no tag was moved.\n`)
    return
  }
  const { name, release = 'no release', outcome } = await moveMajorTag(github, version.major)
  summarize(`The tag ${name} stands for ${release} (${outcome}).\n`)
}

/** A release of the files in the directory, at the commit that is checked out. */
function plan(): Plan {
  const files = readdirSync(directory).sort()
  if (files.length === 0) throw new Error(`${directory} has no assets.`)
  return {
    tag,
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim(),
    files: new Map(files.map((name) => [name, readFileSync(join(directory, name))])),
  }
}

function summarize(text: string): void {
  console.log(text)
  const summary = process.env['GITHUB_STEP_SUMMARY']
  if (summary !== undefined) appendFileSync(summary, text)
}

function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`${name} is missing: this runs in the release workflow.`)
  return value
}
