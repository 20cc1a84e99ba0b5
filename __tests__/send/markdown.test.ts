// External values are always text in a message.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { escaped, firstLine, link, oneLine, shortened } from '../../src/send/markdown.ts'

// Without the library's own search for links in what character references stand for.
const toTree = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }))
const parse = (markdown: string) => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: toTree })

function all(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(all) : [])]
}
const textOf = (node: Nodes): string =>
  all(node)
    .map((inner) => (inner.type === 'text' ? inner.value : ''))
    .join('')

/** Pieces of Markdown, HTML, addresses, mentions, and characters that only programs see. */
const PIECES = [
  ...Array.from('#*_-+=~`|<>[]()!\\&;:.@/\'"{}^$%0129 aA中é'),
  ...[
    '```',
    '~~',
    '**',
    '__',
    '](',
    '![',
    '<!--',
    '-->',
    '</',
    '<b>',
    '&#42;',
    '&amp;',
    '1. ',
    '2) ',
    '- [ ] ',
  ],
  ...[
    'http://',
    'https://a.b',
    'www.',
    'WWW.a.b',
    'ftp://a',
    'me@a.b',
    'mailto:',
    'xmpp:',
    '@all',
    '[^1]',
    '[a]: ',
  ],
  ...[
    '\n',
    '\r',
    '\t',
    '\u0000',
    '\u001b',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u2066',
    '\u200f',
    '\u061c',
  ],
  ...[
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u00ad',
    '\u2060',
    '\ud800',
    '\udc00',
    '\u0301',
    '👩‍👩‍👧',
    '❤️',
    '::error::',
    '##[',
  ],
]
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.nat(0xffff), { maxLength: 30 }).map((units) => String.fromCharCode(...units)),
)
const RUNS = { numRuns: 400 }

test('makes one line of well-formed text that reads in order', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = oneLine(text)
      expect(line.isWellFormed()).toBe(true)
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff\u00ad]|^\s|\s$|\s\s/u)
      expect(oneLine(line)).toBe(line)
    }),
    RUNS,
  )
})

describe('escapes a line', () => {
  const around: [string, string, string, (tree: Nodes) => Nodes | undefined][] = [
    ['on its own', '', '', (tree) => all(tree)[1]],
    ['below a paragraph', 'Build\n', '', (tree) => all(tree)[1]],
    ['above a paragraph', '', '\nBuild', (tree) => all(tree)[1]],
    ['within a sentence', 'by ', ', on main', (tree) => all(tree)[1]],
    ['in a list', '- ', '', (tree) => all(tree)[3]],
    ['in bold', 'a **', '** b', (tree) => all(tree).find(({ type }) => type === 'strong')],
    ['in a link', '[', '](https://ci.example)', (tree) => all(tree).find(({ type }) => type === 'link')],
  ]

  test.each(around)('%s', (_, before, after, find) => {
    fc.assert(
      fc.property(hostile.map(oneLine).filter(Boolean), (line) => {
        const node = find(parse(`${before}${escaped(line)}${after}`))!
        const inner = all(node).slice(1)
        expect(new Set(inner.map(({ type }) => type))).toEqual(new Set(['text']))
        const [left, right] = node.type === 'paragraph' ? [before.replace('- ', ''), after] : ['', '']
        expect(textOf(node)).toBe(`${left}${line}${right}`)
      }),
      RUNS,
    )
  })
})

test('creates a link with its text and target', () => {
  const url = 'https://qr.dingtalk.com/page/yunpan?a=(1)&b=中'
  fc.assert(
    fc.property(hostile.map(oneLine).filter(Boolean), (line) => {
      const [node, ...others] = all(parse(link(line, url))).filter(({ type }) => type === 'link')
      expect(others).toEqual([])
      expect(node).toMatchObject({ url: encodeURI(url).replace('(', '%28').replace(')', '%29') })
      expect(textOf(node!)).toBe(line)
    }),
  )
})

test.each([
  ['feature/a_b', 'feature/a_b'],
  ['v1.2.0', 'v1.2.0'],
  ['_a_', '&#95;a&#95;'],
  ['3.0 MiB', '3.0 MiB'],
  ['Fix #12 (again): done!', 'Fix #12 (again): done!'],
  ['feat(ui)!: 支持 a-b', 'feat(ui)!: 支持 a-b'],
])('escapes only markup in %j', (line, markdown) => {
  expect(escaped(line)).toBe(markdown)
})

test.each([
  ['\n \u200b\n Fix it \r\nbody', 'Fix it'],
  ['Fix it\u2028body', 'Fix it'],
  ['', ''],
])('reads the first line of %j as %j', (text, line) => {
  expect(firstLine(text)).toBe(line)
})

test.each([
  ['a family', '👩‍👩‍👧 ❤️ 👍🏽', '👩‍👩‍👧 ❤️ 👍🏽'],
  ['letters that are joined by nothing', 'a\u200db', 'ab'],
  ['a flag of tags', '🏴\u{e0067}\u{e007f}', '🏴'],
])('%s', (_, text, line) => {
  expect(oneLine(text)).toBe(line)
})

describe('shortened', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2, '👩‍👩‍👧…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j to %i', (line, max, shown) => {
    expect(shortened(line, max)).toBe(shown)
  })

  test('drops endless accents of a letter', () => {
    expect(shortened(`a${'\u0301'.repeat(2000)}b`, 3)).toBe('ab')
  })

  test('splits between graphemes, within the limit', () => {
    const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 50 }),
        fc.integer({ min: 1, max: 40 }),
        (text, max) => {
          const line = oneLine(text)
          const shown = shortened(line, max)
          const [whole, cut] = [graphemes(line), graphemes(shown)]
          expect(cut.length).toBeLessThanOrEqual(max)
          if (whole.length <= max) expect(shown).toBe(line)
          else expect(line.startsWith(shown.slice(0, -1))).toBe(true)
        },
      ),
    )
  })
})
