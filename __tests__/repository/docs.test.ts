// The pages are true: their links lead somewhere, and the two languages of one page say the same.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { parse } from 'yaml'
import { SCOPES } from '../../emulator/organization/scopes.ts'
import { repository } from '../../scripts/repository.ts'
import { SCOPES as CONSOLE_NAMES } from '../../src/report/permissions.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8')

const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** The anchors that GitHub makes of a page's headings. */
function anchors(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(PAGES)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !target.startsWith('https:'))
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchors(target).includes(anchor))
  })
  expect(broken).toEqual([])
})

describe.each(['docs/setup.md', 'docs/setup.zh-CN.md'])('%s', (page) => {
  const text = read(page)

  test.each(SCOPES)('names the permission %s', (scope) => {
    expect(text).toMatch(new RegExp(`\\| \`${scope.replaceAll('.', '\\.')}\` +\\|`))
    expect(text).toContain(CONSOLE_NAMES[scope] ?? scope)
  })

  test('names every host of the storage', () => {
    for (const pattern of ['*.trans.dingtalk.com', '*-trans.dingtalk.com', '*.aliyuncs.com'])
      expect(text).toContain(`\`${pattern}\``)
    for (const region of ['sz', 'sh', 'zjk']) {
      expect(text).toContain(`\`${region}.trans.dingtalk.com\``)
      expect(text).toContain(`\`cdn-${region}-trans.dingtalk.com\``)
      expect(text).toMatch(new RegExp(`\`lippi-space-${region}\\.oss-cn-[a-z]+\\.aliyuncs\\.com\``))
    }
  })
})

test('both languages of the guide have the same shape', () => {
  const shapes = ['docs/setup.md', 'docs/setup.zh-CN.md'].map((page) =>
    fromMarkdown(read(page)).children.map((node) => {
      if (node.type === 'heading') return `heading ${node.depth}`
      if (node.type === 'list') return `list of ${node.children.length}`
      // Labels in drawings are translated, what is typed is not.
      if (node.type === 'code') return node.lang === 'mermaid' ? 'drawing' : node.value
      return node.type
    }),
  )
  expect(shapes[0]).toEqual(shapes[1])
  expect(shapes[0]?.length).toBeGreaterThan(60)
})

test.each(['README.md', 'README.zh-CN.md'])('every recipe of %s is what its example does', (page) => {
  const recipes = [
    ...read(page).matchAll(/\]\((examples\/[\w-]+\.yml)\)(?:(?!\]\(examples)[^])*?```yaml\n([^]*?)```/g),
  ]
  for (const [, example = '', inputs = ''] of recipes) {
    const { jobs } = parse(read(example)) as {
      jobs: Record<string, { steps: { uses?: string; with?: Record<string, unknown> }[] }>
    }
    const steps = Object.values(jobs).flatMap(({ steps }) => steps)
    const step = steps.find(({ uses }) => uses?.startsWith(`${repository()}@`))
    expect(step?.with).toMatchObject(parse(inputs) as object)
  }
  expect(recipes).toHaveLength(6)
})

test('every example is a recipe of the README', () => {
  const examples = readdirSync(join(ROOT, 'examples'))
  expect(examples.filter((name) => !read('README.md').includes(`(examples/${name})`))).toEqual([])
})
