// The job summary is valid Markdown on GitHub for any file names and texts of the platform.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { checkSummary } from '../../src/check/check.ts'
import type { Finding } from '../../src/check/findings.ts'
import { DingTalkError } from '../../src/dingtalk/errors.ts'
import type { FileResult } from '../../src/domain.ts'
import { diagnose } from '../../src/report/failures.ts'
import { summary } from '../../src/report/summary.ts'
import { SUPPORT } from '../../src/text/links.ts'

const URL = 'https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=22&fileId=11&type=file'
const RUN = {
  workflow: 'CI | <b>',
  number: 7,
  url: 'https://github.com/o/r/actions/runs/7',
  commit: '0123456789',
  commitUrl: '',
  actor: '',
  ref: '',
  repository: 'o/r',
  title: '',
  changes: [],
}

// Without the library's own search for links in what character references stand for: GitHub looks for them in the source.
const toTree = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }))
const parse = (markdown: string) => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: toTree })

function all(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(all) : [])]
}

function textOf(node: Nodes): string {
  return all(node)
    .map((inner) => (inner.type === 'text' ? inner.value : ''))
    .join('')
}

/** What is on one line, as a name that DingTalk takes is. */
const oneLine = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
  .filter((text) => text !== '')
const HOSTILE = [
  'a|b.apk',
  '[x](https://evil.example).apk',
  '![x](https://evil.example/p.png)',
  '<img src=x onerror=alert(1)>',
  '</code><h1>',
  '`code`',
  '**bold** _it_ ~~no~~',
  'https://evil.example/x',
  'www.evil.example',
  'me@evil.example',
  '# heading',
  '- [ ] task',
  '&lt;b&gt;',
  '\\|',
  '$x^2$',
  ':tada: @octocat #1 GH-1',
]

function report(name: string, given: Partial<FileResult> = {}): FileResult {
  const dentry = { id: '11', spaceId: '22', parentId: '33', name, uuid: 'U' }
  return {
    file: { path: name, name, size: 1000, modified: 0 },
    uploaded: {
      dentry,
      existing: false,
      isNew: true,
      fromEarlierAttempt: false,
      md5: '0cc175b9c0f1b6a831c399e269772661',
      url: URL,
    },
    sentTo: [
      { kind: 'chat', id: 'cid+/a==', given: 'cid+/a==' },
      { kind: 'user', id: name, given: name },
    ],
    failures: [],
    duration: 1000,
    ...given,
  }
}

/** Tags that a summary has of its own. */
const OURS = /^(<\/?code>|<br>|<\/details>|<details><summary>[^<>]*<\/summary>)$/

/** Only what we wrote is markup: tables of two columns in which nothing is lost, our links, our tags. */
function expectSound(markdown: string, rows: readonly number[], links: string[]) {
  const nodes = all(parse(markdown))
  const tables = nodes.filter((node) => node.type === 'table')
  expect(tables.map((table) => table.children.map((row) => row.children.length))).toEqual(
    rows.map((count) => Array.from({ length: count + 1 }, () => 2)),
  )
  const tags = nodes.flatMap((node) => (node.type === 'html' ? node.value : []))
  expect(tags.filter((tag) => !OURS.test(tag))).toEqual([])
  expect(nodes.flatMap((node) => (node.type === 'link' ? node.url : []))).toEqual(links)
  const kinds = new Set(nodes.map(({ type }) => type))
  for (const type of ['image', 'emphasis', 'delete', 'inlineCode', 'code', 'thematicBreak'])
    expect(kinds).not.toContain(type)
  return { tables, headings: nodes.filter(({ type }) => type === 'heading') }
}

function expectFileSummary(name: string) {
  const error = new DingTalkError({
    operation: 'commit',
    code: name,
    kind: 'refused',
    mayHaveHappened: false,
    message: name,
    status: 400,
    requestId: name,
  })
  const failures = [{ stage: 'send' as const, consequence: { en: name, zh: name }, error }]
  const reports = [
    report(name),
    report(name, { failures }),
    { ...report(name, { failures }), uploaded: undefined },
  ]
  const deleted = [{ id: '7', name, size: 1, run: '6' }]
  const result = { files: reports, failures, warnings: [], deleted, elapsed: 2000 }
  const markdown = summary(result, diagnose(failures), RUN, 'both')
  const { tables, headings } = expectSound(markdown, [3], [SUPPORT, URL, URL, RUN.url])
  const [, first, , third] = tables[0]!.children
  expect(textOf(first!.children[0]!)).toBe(name)
  expect(textOf(third!.children[0]!)).toBe(`❌ ${name}`)
  expect(headings).toHaveLength(1)
  const lists = all(parse(markdown)).filter(({ type }) => type === 'list')
  expect(lists).toHaveLength(2)
  expect(textOf(lists[0]!)).toContain(`cid+/a==, ${name}`)
  expect(textOf(lists[1]!).startsWith(name)).toBe(true)
  // What fails comes before the table.
  expect(markdown.indexOf('> **')).toBeLessThan(markdown.indexOf('| File'))
}

function expectCheckSummary(text: string) {
  const link = 'https://open-dev.dingtalk.com/x?y=a%23b'
  const said = { en: text, zh: text }
  const hint = { fix: { en: 'See.', zh: '请看。' }, links: [link, { name: text, url: link }] }
  const findings: Finding[] = [
    { requirement: said, verdict: 'open', seen: said, hint },
    { requirement: said, verdict: 'failed', seen: said, hint },
    { requirement: said, verdict: 'passed', seen: said },
  ]
  const markdown = checkSummary(findings, 'ding1', 'both')
  expectSound(markdown, [], [link, link, link, link])
  const nodes = all(parse(markdown))
  const passed = nodes.filter(({ type }) => type === 'listItem').map(textOf)
  expect(passed).toEqual([expect.stringMatching(/^✅ /)])
  expect(passed[0]).toContain(text)
  const quotes = nodes.filter(({ type }) => type === 'blockquote').map(textOf)
  const quote = (mark: string) =>
    `${mark}${text}: ${text}See.${mark}${text}：${text}请看。open-dev.dingtalk.com/x?y=a%23b${text}`
  // Sentences are on lines of their own.
  const joined = (lines: string) => lines.replaceAll(' ', '')
  expect(quotes.map(joined)).toEqual(['', '⚠️ '].map((mark) => joined(quote(mark))))
}

describe.each([
  ['files', expectFileSummary],
  ['a check', expectCheckSummary],
])('the summary of %s', (_, expectSummary) => {
  test.each(HOSTILE)('shows %s as text', (text) => {
    expectSummary(text)
  })

  test('shows any line as text', () => {
    fc.assert(fc.property(oneLine, expectSummary))
  })
})
