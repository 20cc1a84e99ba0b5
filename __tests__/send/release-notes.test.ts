// Release notes: what GitHub shows becomes what DingTalk's robots show.
import { describe, expect, test } from '@jest/globals'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { messageFor } from '../../src/send/message.ts'
import type { Facts } from '../../src/send/placeholders.ts'
import { notesText, releaseNotes } from '../../src/send/release-notes.ts'

const REPOSITORY = 'https://github.com/octo/app'
const PAGE = `${REPOSITORY}/releases/tag/v1.1`
const read = (body: string, url = PAGE) => releaseNotes({ name: 'Version 1.1', tag: 'v1.1', body, url })
const shown = (body: string, url?: string) => notesText(read(body, url), Infinity, 'en')

function all(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(all) : [])]
}

test.each<[string, string, string]>([
  ['headings', '# A\nB\n===\n### *C* #', '# A\n\n# B\n\n### *C*'],
  ['bold, italic, and what DingTalk lacks', '**a** _b_ ~~c~~ `d` __e__', '**a** *b* c d **e**'],
  ['line breaks', 'a\nb  \nc\\\nd', 'a  \nb  \nc  \nd'],
  ['lists', '* a\n* b\n\n7) c\n8) d', '- a\n- b\n\n7. c\n8. d'],
  ['lists in lists', '- a\n  - b\n    1. c\n- d', '- a\n  - b\n    1. c\n- d'],
  ['paragraphs in lists', '1. a\n\n   b\n2. c', '1. a\n\n   b\n2. c'],
  ['tasks', '- [x] a\n- [ ] b\n- [X] c\n- [y] d', '- ☑ a\n- ☐ b\n- ☑ c\n- &#91;y&#93; d'],
  ['quotes', '> a\n> b\n\n> > c\n> - d', '> a  \n> b\n\n> c\n\n> - d'],
  ['an alert', '> [!WARNING]\n> a', '> **WARNING**  \n> a'],
  ['code', '```sh\na\n\n# b\n```\n\n    c', '> a  \n> &#35; b\n\n> c'],
  ['a table', '| A | **B** |\n|---|:-:|\n| 1 | *2* |\n| 3 |', '**A · B**\n\n- 1 · *2*\n- 3 ·'],
  ['a table without a head', '| | |\n|-|-|\n| a | b |', '- a · b'],
  ['a rule', 'a\n\n---\n\nb', 'a\n\nb'],
  ['HTML', 'a<br>b <kbd>c</kbd> <!-- x --> &lt;d&gt; `List<T>`', 'a b c &#60;d&#62; List&#60;T&#62;'],
  [
    'details',
    '<details>\n<summary>More <b>x</b></summary>\n\nc\n\n</details>\n\n<!-- x\n\ny -->\n<script>\nalert(1)\n</script>\n',
    'More x\n\nc',
  ],
  [
    'a block of HTML',
    '<p align="center">a &amp; b<br>\n<a href="/x?a=1&amp;b=2">c</a></p>',
    'a &#38; b  \nc',
  ],
  [
    'a table in HTML',
    '<table><tr><th>A</th>\n  <th>B</th></tr><tr><td>1</td><td>2</td></tr></table>',
    'A  \nB 1 2',
  ],
  [
    'a link',
    '[a *b*](https://e.com/x_(y) "t") <https://e.com/@z>',
    '[a b](https://e.com/x_%28y%29) [https&#58;//e.com/&#64;z](https://e.com/%40z)',
  ],
  ['a reference', '[a][b]\n\n[b]: /c', '[a](https://github.com/c)'],
  [
    'relative links',
    '[a](docs/a.md) [b](#b) [c](../../wiki) [d](//e.com)',
    `[a](${REPOSITORY}/blob/v1.1/docs/a.md) [b](${PAGE}#b) [c](${REPOSITORY}/wiki) [d](https://e.com/)`,
  ],
  ['other links', '[a](dingtalk://x) [b](mailto:a@b.c) [c](ftp://x)', 'a b c'],
  [
    'images',
    '![a](https://e.com/a.png) ![](b/c.png) <img alt="e" src="d.png" />',
    `[a](https://e.com/a.png) [c.png](${REPOSITORY}/blob/v1.1/b/c.png) [d.png](${REPOSITORY}/blob/v1.1/d.png)`,
  ],
  ['an image in a link', '[![CI](https://e.com/x.svg)](https://e.com)', '[CI](https://e.com/)'],
  [
    'numbers',
    '#12, (#34) a#5 #6b [#7](https://e.com)',
    `[#12](${REPOSITORY}/issues/12), ([#34](${REPOSITORY}/issues/34)) a#5 #6b [#7](https://e.com/)`,
  ],
  [
    'what GitHub generates',
    `## What's Changed\n* Fix by @octocat in ${REPOSITORY}/pull/12\n\n**Full Changelog**: ${REPOSITORY}/compare/v1.0...v1.1`,
    `## What's Changed\n\n- Fix by &#64;octocat in [#12](${REPOSITORY}/pull/12)\n\n**Full Changelog**: [v1.0...v1.1](${REPOSITORY}/compare/v1.0...v1.1)`,
  ],
  ['nothing', ' \n<!-- x -->\n', ''],
])('%s', (_, body, expected) => {
  expect(shown(body)).toBe(expected)
})

test('accepts a tag with characters of a URL', () => {
  const notes = releaseNotes({ name: '', tag: '@a/b#1%', body: '[a](c.md)', url: PAGE })
  expect(notesText(notes, Infinity, 'en')).toBe(`[a](${REPOSITORY}/blob/%40a/b%231%25/c.md)`)
})

test('keeps relative links and numbers as text without a page', () => {
  expect(shown('[a](b) #1 [c](https://e.com)', '')).toBe('a #1 [c](https://e.com/)')
  expect(shown('[a](b) #1', 'javascript:alert(1)')).toBe('a #1')
})

test.each([
  '@all @13800138000 **@manager01** [@x](https://e.com/@y) ![@z](https://e.com)',
  '&#64;all &commat;all `@all` <b title="@all">',
  '&#8238;evil&#8203; \u202eevil &#0; &#7;',
  '[a](javascript:alert&#40;1&#41;) <a href="javascript:alert(1)">b</a> <img src="data:x">',
  '\\*a\\* \\[b\\](c) &lt;script&gt; \\<b>',
  '\ud800lone\udc00',
  '[a](https://e.com/\\) b) [x](https://e.com/?`b`*c*)',
])('removes what is hostile: %j', (body) => {
  const text = shown(body)
  expect(text).not.toMatch(/@|[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff](?<!\n)/u)
  expect(text.isWellFormed()).toBe(true)
  const nodes = all(fromMarkdown(text))
  const types = new Set(nodes.map(({ type }) => type))
  for (const type of ['heading', 'list', 'code', 'html', 'image', 'definition'])
    expect(types).not.toContain(type)
  for (const node of nodes) if (node.type === 'link') expect(node.url).toMatch(/^https:\/\/(e|github)\.com\//)
})

const repeated = (text: string) => text.repeat(Math.ceil(130_000 / text.length))
test.each<[string, string]>([
  ...[
    '>',
    '- ',
    '[',
    '![',
    '*a_',
    '> - ',
    '<a ',
    '<!--',
    '[a](b ',
    '[a]: b\n',
    'http://a.b/',
    '~~a~',
    '&amp',
    '[^a',
    '- a\n',
    '|a',
  ].map((text): [string, string] => [text, repeated(text)]),
  ['indented', Array.from({ length: 500 }, (_, n) => `${' '.repeat(n * 2)}- a`).join('\n')],
  ['backticks', Array.from({ length: 500 }, (_, n) => '`'.repeat(n)).join('a')],
  ['a table', `${repeated('|').slice(0, 5000)}\n${'|-'.repeat(2500)}\n${repeated('|')}`],
  ['HTML', `<div>\n${repeated('<summary')}`],
  ['links in HTML', repeated('<a href="https://e.com">x')],
])('neither hangs nor crashes on %j', (_, body) => {
  const facts: Facts = { files: [], status: undefined, run: undefined, language: 'both', notes: read(body) }
  const { text } = messageFor('New: {notes}', facts)
  expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(15_000)
})

describe('notes that are too long', () => {
  const items = Array.from({ length: 900 }, (_, n) => `- Fix ${n} 修复了一个问题`)
  const body = `## Fixed\n\n${items.join('\n')}\n`
  const facts = (more: Partial<Facts> = {}): Facts => ({
    ...{ files: [], status: undefined, run: undefined, language: 'both' },
    notes: read(body),
    ...more,
  })
  const links = (text: string) => [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, url]) => url)

  test('end with a complete block and a link to the rest in each language', () => {
    const { text, title, wholeSize } = messageFor('# {notes}\n\n{notes}\n\nBye', facts())
    expect(title).toBe('Version 1.1')
    expect(wholeSize).toBeGreaterThan(15_000)
    const size = Buffer.byteLength(JSON.stringify({ title, text }))
    expect([size <= 15_000, size > 13_000]).toEqual([true, true])
    expect(links(text)).toEqual([PAGE, PAGE, PAGE, PAGE])
    for (const line of text.split('\n').filter((line) => line.startsWith('- '))) expect(items).toContain(line)
    expect(text.endsWith('\n\nBye')).toBe(true)
  })

  test('leave room for the files and the changes', () => {
    const files = Array.from({ length: 40 }, (_, n) => ({ name: `${n}.apk`, url: 'https://e.com', size: 1 }))
    const { text } = messageFor('{files}\n\n{notes}', facts({ files }))
    expect(text.match(/\.apk\]/g)).toHaveLength(40)
    expect(text).toMatch(/^- Fix \d+/m)
  })

  test('do not end with a heading', () => {
    const long = read(`a\n\n## Only a heading\n\n${'x'.repeat(20_000)}`)
    const { text } = messageFor('{notes}', facts({ notes: long }))
    expect(text).toMatch(/^a\n\n\[/)
    expect(text).not.toContain('heading')
  })

  test('are truncated at the end of a line before parsing', () => {
    const notes = read('word\n'.repeat(10_000))
    expect(notes.isWhole).toBe(false)
    expect(notes.blocks.join('')).toMatch(/word$/)
    expect(notesText(read('x'), 1, 'zh')).toBe('x')
    expect(links(notesText(notes, 0, 'zh'))).toEqual([PAGE])
    expect(links(notesText(read('x\n\ny', ''), 1, 'both'))).toEqual([])
  })

  test('do not make other messages shorter', () => {
    expect(messageFor('Hello', facts())).toEqual({ title: 'Hello', text: 'Hello' })
  })
})
