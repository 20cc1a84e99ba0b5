// What the linters (.ci/lint) don't check of what GitHub reads besides workflows.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { repository } from '../../scripts/repository.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const read = (path: string): unknown => parse(readFileSync(join(ROOT, '.github', path), 'utf8'))

interface Question {
  type: string
  id: string
  attributes: { label: string; description?: string }
}

interface Form {
  name: string
  description: string
  body: (Question | { type: 'markdown'; attributes: { value: string } })[]
}

test.each(['bug', 'feature'])('the form %s is in both languages', (form) => {
  const { name, description, body } = read(`ISSUE_TEMPLATE/${form}.yml`) as Form
  const texts = [
    name,
    description,
    ...body.flatMap(({ attributes }) =>
      'label' in attributes ? [attributes.label, attributes.description ?? []].flat() : attributes.value,
    ),
  ]
  expect(texts.filter((text) => !/[a-z]/.test(text) || !/\p{Script=Han}/u.test(text))).toEqual([])
})

test('the bug form asks for what is needed to find the bug', () => {
  const { body } = read('ISSUE_TEMPLATE/bug.yml') as Form
  expect(body.flatMap((element) => ('id' in element ? element.id : []))).toEqual([
    'version',
    'happened',
    'inputs',
    'log',
    'code',
    'check',
    'runner',
  ])
})

test('the forms link to private reporting and the setup guide', () => {
  const { contact_links: links } = read('ISSUE_TEMPLATE/config.yml') as { contact_links: { url: string }[] }
  expect(links.map(({ url }) => url.replace(`https://github.com/${repository()}/`, ''))).toEqual([
    'security/advisories/new',
    'blob/main/docs/setup.md',
  ])
})

describe('Dependabot', () => {
  const { version, updates } = read('dependabot.yml') as {
    version: number
    updates: readonly {
      'package-ecosystem': string
      directories: readonly string[]
      schedule: { interval: string }
      groups: Readonly<Record<string, object>>
    }[]
  }
  const directories = (ecosystem: string) =>
    updates
      .filter((update) => update['package-ecosystem'] === ecosystem)
      .flatMap((update) => update.directories)

  test('runs every week, and groups related updates', () => {
    expect(version).toBe(2)
    expect(
      updates.map(({ schedule, groups }) => [schedule.interval, Object.keys(groups).length > 0]),
    ).toEqual(updates.map(() => ['weekly', true]))
  })

  test('covers every package of the project', () => {
    const packages = globSync('**/package-lock.json', {
      cwd: ROOT,
      exclude: (path) => /(^|[\\/])(node_modules|build|dist)$/.test(path),
    })
    const found = packages.map((path) => join('/', dirname(path)).replaceAll('\\', '/'))
    expect(found).toContain('/')
    expect([...directories('npm')].sort()).toEqual(found.sort())
  })

  test('covers the linters and act', () => {
    expect(directories('pip')).toEqual(['/.ci/linters'])
    expect(directories('gomod')).toEqual(['/.ci/linters', '/conformance'])
  })

  test('covers every workflow and example', () => {
    expect(directories('github-actions')).toEqual(['/', '/examples'])
    expect(['.github/workflows', 'examples'].filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})
