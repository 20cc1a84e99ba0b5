// The pages have no broken links, and the same structure in both languages.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { parse } from 'yaml'
import { flagOf, MODES, NUMBERS } from '../../emulator/modes.ts'
import { SCOPES } from '../../emulator/organization/scopes.ts'
import { PAGES as PAGES_WITH_PARTS } from '../../scripts/pages.ts'
import { repository } from '../../scripts/repository.ts'
import { SCOPES as CONSOLE_NAMES } from '../../src/report/advice.ts'
import { GUIDE } from '../../src/text/links.ts'

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

test.each(PAGES)('%s has no broken link', (page) => {
  const links = [
    ...read(page)
      .replace(/```[^]*?```|`[^`\n]+`/g, '')
      .matchAll(/\]\(([^)]+)\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !target.startsWith('https:'))
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchors(target).includes(anchor))
  })
  expect(broken).toEqual([])
})

test('every link of a message to the guide leads to a heading', () => {
  const links = Object.values(GUIDE).flatMap(({ en, zh }) => [en, zh])
  const broken = links.filter((link) => {
    const [, page = '', anchor = ''] = /\/blob\/main\/(.*)#(.*)$/.exec(link) ?? []
    return !existsSync(join(ROOT, page)) || !anchors(page).includes(decodeURIComponent(anchor))
  })
  expect(broken).toEqual([])
})

describe.each(['docs/setup.md', 'docs/setup.zh-CN.md'])('%s', (page) => {
  const text = read(page)

  test.each(SCOPES)('lists the permission %s', (scope) => {
    expect(text).toContain(`\n- \`${scope}\``)
    expect(text).toContain(CONSOLE_NAMES[scope])
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

/** Pages that are there in both languages. */
const PAIRS = PAGES.filter((page) => PAGES.includes(chinese(page)))

function chinese(page: string): string {
  return page.replace(/\.md$/, '.zh-CN.md')
}

/** The structure of a page: what it is made of, without its words. */
function shape(page: string): string[] {
  return fromMarkdown(read(page), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children.map(
    (node) => {
      if (node.type === 'heading') return `heading ${node.depth}`
      if (node.type === 'list') return `list of ${node.children.length}`
      if (node.type === 'table') return `table of ${node.children.length} rows`
      // Labels in drawings are translated, what is typed is not.
      if (node.type === 'code') return node.lang === 'mermaid' ? 'drawing' : node.value
      if (node.type === 'html') return node.value.replace(/(?<=<summary>).*(?=<)|(?<=alt=").*(?=")/, '')
      const [child] = 'children' in node ? node.children : []
      return child?.type === 'image' ? child.url.replace(/\.(en|zh)\.svg$/, '') : node.type
    },
  )
}

/** Where the links of a page lead, without the language, and without the anchors: those are headings, which are translated. */
function links(page: string): string[] {
  const text = read(page).replace(/^\|.*$/gm, '')
  return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) =>
    target.replace('.zh-CN', '').replace(/#.*|\.(?:en|zh)(?=\.svg$)/, ''),
  )
}

test.each(['docs/emulator.md', 'docs/emulator.zh-CN.md'])(
  '%s has every option of the emulator, with its values',
  (page) => {
    const modes = Object.entries(MODES).map(([name, values]) => `${flagOf(name)} ${values.join('|')}`)
    const numbers = Object.keys(NUMBERS).filter((name) => name !== 'port')
    const options = [...modes, ...numbers.map((name) => `${flagOf(name)} `)]
    expect(options.filter((option) => !read(page).includes(`\`--${option}`))).toEqual([])
  },
)

test('all pages for users exist in both languages', () => {
  expect(PAIRS.sort()).toEqual([
    'README.md',
    'SECURITY.md',
    'docs/ci.md',
    'docs/emulator.md',
    'docs/inputs.md',
    'docs/limits.md',
    'docs/recipes.md',
    'docs/reliability.md',
    'docs/setup.md',
  ])
})

describe.each(PAIRS)('%s', (page) => {
  test('has the same shape in both languages', () => {
    expect(shape(chinese(page))).toEqual(shape(page))
  })

  test('has the same links in both languages, in the same order', () => {
    expect(links(chinese(page))).toEqual(links(page))
  })

  test('leads to the other language', () => {
    expect(read(page)).toContain(`](${basename(chinese(page))})`)
    expect(read(chinese(page))).toContain(`](${basename(page)})`)
  })

  test('leads a Chinese reader to Chinese pages, where there are some', () => {
    const others = PAIRS.map((other) => basename(other)).filter((name) => name !== basename(page))
    expect(
      others.filter((name) => new RegExp(`\\]\\((?:docs/|\\.\\./)?${name}`).test(read(chinese(page)))),
    ).toEqual([])
  })

  test('is Chinese in its Chinese version: every sentence has Chinese', () => {
    const foreign = read(chinese(page))
      .replace(/^```[^]*?^```$/gm, '')
      .replace(/^<.*$/gm, '')
      .split('\n')
      .filter((line) => /[a-z]{3} [a-z]{3}/i.test(line) && !/\p{Script=Han}/u.test(line))
    expect(foreign).toEqual([])
  })
})

describe('pictures', () => {
  const images = PAGES.flatMap((page) =>
    [...read(page).matchAll(/!\[([^\]]*)\]\((?!https:)([^)]+)\)/g)].map(([, alt = '', url = '']) => ({
      page,
      alt,
      url,
    })),
  )
  const schemes = images.filter(({ url }) => url.endsWith('.svg') && url.startsWith('setup/'))

  test('have a text alternative in the language of their page', () => {
    const wrong = images.filter(
      ({ page, alt }) => alt.length < 5 || (page.includes('.zh-CN') && !/\p{Script=Han}/u.test(alt)),
    )
    expect(wrong).toEqual([])
  })

  test('of the guide are in the language of their page', () => {
    const wrong = schemes.filter(
      ({ page, url }) => !url.endsWith(page.includes('.zh-CN') ? '.zh.svg' : '.en.svg'),
    )
    expect(wrong).toEqual([])
  })

  test('of the guide are all used, and every step has one', () => {
    expect(schemes.map(({ url }) => basename(url)).sort()).toEqual(
      readdirSync(join(ROOT, 'docs/setup')).sort(),
    )
    for (const language of ['en', 'zh'])
      for (let step = 1; step <= 9; step++)
        expect(schemes.map(({ url }) => url)).toContainEqual(
          expect.stringMatching(new RegExp(`^setup/${step}-.*\\.${language}\\.svg$`)),
        )
  })

  test.each(readdirSync(join(ROOT, 'docs/setup')))('%s is accessible', (name) => {
    const text = read(`docs/setup/${name}`)
    expect(text).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+">\n<title>[^<]*(sketch|示意图)/)
    expect(text).toContain('@media (prefers-color-scheme:dark)')
    expect(text.length).toBeLessThan(10_000)
  })
})

describe('the output of npm run tables is up to date', () => {
  test.each(PAGES_WITH_PARTS)('%s', async (page, filled) => {
    expect(await filled(read(page))).toBe(read(page))
  })
})

test.each(['docs/recipes.md', 'docs/recipes.zh-CN.md'])('%s shows the contents of the examples', (page) => {
  const recipes = [
    ...read(page).matchAll(
      /\]\(\.\.\/(examples\/[\w-]+\.yml)\)(?:(?!\]\(\.\.\/examples)[^])*?```yaml\n([^]*?)```/g,
    ),
  ]
  for (const [, example = '', inputs = ''] of recipes) {
    const { jobs } = parse(read(example)) as {
      jobs: Record<string, { steps: { uses?: string; with?: Record<string, unknown> }[] }>
    }
    const steps = Object.values(jobs).flatMap(({ steps }) => steps)
    const step = steps.find(({ uses }) => uses?.startsWith(`${repository()}@`))
    expect(step?.with).toMatchObject(parse(inputs) as object)
  }
  expect(recipes.length).toBeGreaterThan(8)
})

test('every file that CONTRIBUTING names exists', () => {
  const named = [...read('CONTRIBUTING.md').matchAll(/`((?:[\w.-]+\/)+[\w.-]*\.\w+)`/g)].map(
    ([, path = '']) => path,
  )
  expect(named.length).toBeGreaterThan(15)
  expect(
    named.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, 'src', path))),
  ).toEqual([])
})

test('the README or the recipes link to every example', () => {
  const pages = read('README.md') + read('docs/recipes.md')
  const examples = readdirSync(join(ROOT, 'examples'))
  expect(examples.filter((name) => !pages.includes(`examples/${name})`))).toEqual([])
})
