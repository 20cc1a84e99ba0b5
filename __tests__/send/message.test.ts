import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { MAX_MESSAGE, messageSize } from '../../src/dingtalk/robots.ts'
import { messageFor as messageOf } from '../../src/send/message.ts'
import {
  filePlaceholders,
  placeholderWarnings,
  type Facts,
  type Linked,
} from '../../src/send/placeholders.ts'
import type { Language } from '../../src/text/language.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const run = {
  workflow: 'Release [1]',
  number: 7,
  url: 'https://github.com/o/r/actions/runs/1',
  commit: '0123456789abcdef',
  commitUrl: 'https://github.com/o/r/commit/0123456789abcdef',
  actor: 'octo*cat',
  ref: 'feature/a_b',
  repository: 'o/r',
  title: 'Fix *it*',
  changes: ['Fix *it*', 'Add it'],
}
const messageFor = (template: string, files: Linked[], given: typeof run, language: Language) =>
  messageOf(template, { files, run: given, status: 'failure', language })
const file = (name: string) => ({ name, url: `https://qr.dingtalk.com/page/yunpan?fileId=${name.length}` })

test('keeps a message of exactly the maximum size', () => {
  const facts = { files: [], run, status: 'failure', language: 'both' } as const
  const template = 'x'.repeat(1000)
  const whole = messageOf(template, facts)
  expect(whole.text).toBe(template)
  expect(messageOf(template, facts, messageSize(whole))).toEqual(whole)
  const { text } = messageOf(template, facts, messageSize(whole) - 1)
  expect(text.length).toBeLessThan(1000)

  const long = { ...facts, run: { ...run, title: 'word '.repeat(20) } }
  const titles = `${'{title}'.repeat(20)} end`
  const shortened = messageOf(titles, long, 1000)
  expect(shortened.text).toMatch(/… end$/)
  expect(messageOf(titles, long, messageSize(shortened))).toEqual(shortened)
})

test('fills in every placeholder, at any position and any number of times', () => {
  const { text } = messageFor(
    '{run}|{commit}|{actor}|{ref}|{ref}|{other}|{files}',
    [file('a.apk')],
    run,
    'both',
  )
  expect(text).toBe(
    '[Release &#91;1&#93; 7](https://github.com/o/r/actions/runs/1)|' +
      '[0123456](https://github.com/o/r/commit/0123456789abcdef)|octo&#42;cat|feature/a_b|feature/a_b|{other}|' +
      '- [a.apk](https://qr.dingtalk.com/page/yunpan?fileId=5)',
  )
})

test('keeps a message without placeholders', () => {
  expect(messageFor('**新版本**\n\n$& ok', [file('a')], run, 'both')).toEqual({
    title: '新版本',
    text: '**新版本**\n\n$& ok',
  })
})

test('treats a file name as text', () => {
  const { text } = messageFor('{files}', [file('{ref} ](x) [<b>`\n# 中文 🚀.apk')], run, 'both')
  expect(text).toMatch(/^- \[\{ref\} &#93;\(x\) &#91;&#60;b&#62;&#96; # 中文 🚀\.apk\]\(https:/)
})

test.each([
  ['# {ref} is out\nmore', 'feature/a_b is out'],
  ['\n\n> **{run}**', 'Release [1] 7'],
  ['[notes](https://x.com) {files}', 'notes 1 个文件'],
  ['{commit} by {actor}', '0123456 by octo*cat'],
  ['新'.repeat(100), `${'新'.repeat(63)}…`],
  ['***', 'DingTalk'],
])('uses as the title of %j: %j', (template, title) => {
  expect(messageFor(template, [file('a')], run, 'both').title.replace('octocat', 'octo*cat')).toBe(title)
})

test.each([
  ['en', 'New: 1 file'],
  ['zh', 'New: 1 个文件'],
  ['both', 'New: 1 个文件'],
] as const)('language %s: shows the number of files in the title as %j', (language, title) => {
  expect(messageFor('New: {files}', [file('a')], run, language).title).toBe(title)
})

test.each([
  ['en', 1],
  ['zh', 1],
  ['both', 2],
] as const)('language %s: describes what is left out in %d lines', (language, count) => {
  const files = Array.from({ length: 500 }, (_, n) => file(`${n}.apk`))
  const lines = messageFor('{files}', files, run, language).text.split('\n')
  const told = lines.filter((line) => line.startsWith('- …'))
  expect(told).toHaveLength(count)
  expect(lines.slice(-count)).toEqual(told)
  const chinese = told.map((line) => /[\u4e00-\u9fff]/.test(line))
  expect(chinese).toEqual({ en: [false], zh: [true], both: [false, true] }[language])
  expect(told.join()).not.toContain(' / ')
})

test('names unknown and supported placeholders', () => {
  const [text, ...others] = placeholderWarnings('{branch} {files} {Version.name} {branch} {} {1}', 'buttons')
  expect(others).toEqual([])
  expectWhole(
    text!,
    'buttons',
    '{branch}',
    '{Version.name}',
    '{files}',
    '{run}',
    '{commit}',
    '{actor}',
    '{ref}',
  )
  expect(text!.en.split('{branch}')).toHaveLength(2)
})

test.each(['{{files}}', '{{ files }}', '${files}', '｛files｝', '｛files}', '{ files }'])(
  'warns about the other braces in %j',
  (text) => {
    const [warning, ...others] = placeholderWarnings(`${text} {run} ${text}`, 'message')
    expect(others).toEqual([])
    expectWhole(warning!, 'message', text, '{files}')
  },
)

test('names an expression that was not evaluated, and nothing in it', () => {
  const [warning, ...others] = placeholderWarnings('Use ${{ vars.X }} {run}', 'message')
  expect(others).toEqual([])
  expectWhole(warning!, 'message', '${{ vars.X }}')
})

test.each(['', '{files} by {actor}', '`{"a": 1}` {0} {中文}', '${HOME} {{"a"}} $ref'])(
  'accepts %j',
  (template) => {
    expect(placeholderWarnings(template, 'message').filter(({ en }) => !en.includes('{HOME}'))).toEqual([])
  },
)

describe('15,000 bytes', () => {
  const files = Array.from({ length: 500 }, (_, n) => file(`应用-${n}-"quoted".apk`))

  test('are kept by omitting as few files as possible', () => {
    const message = messageFor('before {files} after', files, run, 'both')
    const lines = message.text.replace(/^before | after$/g, '').split('\n')
    const [chinese, english] = [lines.pop()!, lines.pop()!]
    const [, count] = /^- … 另有 (\d+) 个文件$/.exec(chinese)!
    expect(english).toContain(` ${count} `)
    expect(lines.length + Number(count)).toBe(500)
    for (const line of lines) expect(line).toMatch(/^- \[应用-\d+-"quoted"\.apk\]\(https:[^)]*\)$/)
    expect(messageSize(message)).toBeLessThanOrEqual(MAX_MESSAGE)
    expect(messageSize(message)).toBeGreaterThan(MAX_MESSAGE - 110)
  })

  test('are used completely', () => {
    const some = files.slice(0, 20)
    const fill = 'x'.repeat(MAX_MESSAGE - messageSize(messageFor('title\n{files}', some, run, 'both')))
    const whole = messageFor(`title\n${fill}{files}`, some, run, 'both')
    expect(messageSize(whole)).toBe(MAX_MESSAGE)
    expect(whole.text).not.toContain('…')
    expect(messageFor(`title\nx${fill}{files}`, some, run, 'both').text).toContain('…')
  })

  test('count the commits that the event does not list', () => {
    const given = { ...run, changes: ['A', 'B'], moreChanges: 7 }
    const { text } = messageFor('{changes}', [], given, 'en')
    expect(text).toMatch(/- A\n- B\n- .*\b7\b/)
  })

  test('are kept by omitting changes first', () => {
    const changes = Array.from({ length: 2048 }, (_, n) => `修复 #${n} 的问题`)
    const given = { ...run, changes }
    const some = files.slice(0, 20)
    const { text } = messageFor('{files}\n\n{changes}', some, given, 'en')
    const [list = '', more = ''] = text.split('\n\n')
    expect(list.split('\n')).toHaveLength(20)
    const items = more.split('\n')
    const [, left] = /^- … and (\d+) more commits$/.exec(items.pop()!)!
    expect(items).toEqual(changes.slice(0, items.length).map((change) => `- ${change}`))
    expect(items.length + Number(left)).toBe(2048)

    const full = messageFor('{changes}\n\n{files}', files, given, 'en')
    expect(full.text).toMatch(/^- … and 2048 more commits\n\n- \[/)
    expect(messageSize(full)).toBeGreaterThan(MAX_MESSAGE - 110)
  })

  const NAMES = [
    'files',
    'count',
    'size',
    'status',
    'title',
    'changes',
    'run',
    'commit',
    'actor',
    'ref',
    'other',
  ]
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(
      'x'.repeat(10_000),
      '"'.repeat(500),
      '👩‍👩‍👧'.repeat(200),
      '\u202e',
      '\ud800',
      '*'.repeat(300),
    ),
  )
  const times = (length: number) => fc.integer({ min: 1, max: length })

  test('are kept with any values, any number of times', () => {
    const part = fc.tuple(fc.constantFrom(...NAMES), times(2000)).map(([name, n]) => `{${name}}`.repeat(n))
    const template = fc
      .array(fc.oneof(part, text), { minLength: 1, maxLength: 5 })
      .map((parts) => `x${parts.join(' ')}`.toWellFormed())
      .filter((template) => messageSize({ title: '', text: template }) <= MAX_MESSAGE)
    const facts = fc.record({
      files: fc.array(text.map(file), { maxLength: 20 }),
      status: fc.constantFrom('success', 'failure', 'cancelled', undefined),
      language: fc.constantFrom('both', 'en', 'zh'),
      run: fc.record({
        ...Object.fromEntries(Object.entries(run).map(([name, value]) => [name, fc.constant(value)])),
        workflow: text,
        actor: text,
        ref: text,
        title: text,
        changes: fc.array(text, { maxLength: 20 }),
      }) as fc.Arbitrary<typeof run>,
    })
    fc.assert(
      fc.property(template, facts, (template, facts) => {
        const message = messageOf(template, facts)
        expect(messageSize(message)).toBeLessThanOrEqual(MAX_MESSAGE)
        expect(message.title).not.toBe('')
        expect(message.text.trim()).not.toBe('')
        expect((message.title + message.text).isWellFormed()).toBe(true)
      }),
    )
  })

  test('are kept by shortening what is filled in before the end is cut off', () => {
    const long = { ...run, title: 'a'.repeat(500) }
    const { text } = messageFor(`${'{title} '.repeat(1000)}end`, [], long, 'en')
    expect(text).toMatch(/^(a+… )+end$/)
  })

  test.each(['', 'x'])('end between two characters after %j', (before) => {
    const { text } = messageFor(before + '🚀'.repeat(3730), [], run, 'en')
    expect(text).toMatch(/🚀…$/u)
    expect(text.isWellFormed()).toBe(true)
  })

  test('never end within a link', () => {
    const link = '[a link](https://example.com/a/b/c) '
    for (let before = 0; before < link.length; before++) {
      const { text } = messageFor('x'.repeat(before) + link.repeat(500), [], run, 'en')
      expect(text).toMatch(/^x*(\[a link\]\(https:\/\/example\.com\/a\/b\/c\) ?)+…$/)
    }
  })

  test('are not truncated if the text has exactly as many; a warning needs more', () => {
    const plain = 'x'.repeat(MAX_MESSAGE - messageSize({ title: `${'x'.repeat(63)}…`, text: '' }))
    const whole = messageFor(plain, [], run, 'en')
    expect([messageSize(whole), whole.text, whole.wholeSize]).toEqual([MAX_MESSAGE, plain, undefined])
    const cut = messageFor(`${plain}x`, [], run, 'en')
    expect([cut.text.endsWith('…'), cut.wholeSize]).toEqual([true, MAX_MESSAGE + 1])
    // A list says by itself what is left out of it.
    expect(messageFor('{files}', files, run, 'en').wholeSize).toBeUndefined()
    const long = { ...run, title: 'a'.repeat(500) }
    expect(messageFor('{title} '.repeat(1000), [], long, 'en').wholeSize).toBeGreaterThan(MAX_MESSAGE)
  })

  test('can be fewer, to reserve space', () => {
    expect(
      messageSize(messageOf('{files}', { files, run, status: undefined, language: 'en' }, 3000)),
    ).toBeLessThan(3001)
  })
})

describe('values of placeholders', () => {
  const facts = {
    files: [{ ...file('a'), size: 1536 }, file('b')],
    run,
    status: 'failure',
    language: 'en',
  } as const
  const text = (template: string, given: Partial<Facts> = {}) =>
    messageOf(template, { ...facts, ...given }).text

  test.each<[string, string, Partial<Facts>?]>([
    ['{count} {size}', '2 1.5 KiB'],
    ['{title}', 'Fix &#42;it&#42;'],
    ['{changes}', '- Fix &#42;it&#42;\n- Add it'],
    ['{repository} {workflow}', 'o/r Release &#91;1&#93;'],
    ['{status}', '❌ failure'],
    ['{status}', '❌ 失败', { language: 'zh' }],
    ['{status}', '❌ 失败 failure', { language: 'both' }],
    ['{status}', '✅ 成功 success', { language: 'both', status: 'success' }],
    ['{status}', '⚪ 已取消 cancelled', { language: 'both', status: 'cancelled' }],
    [
      'a{title}{changes}{run}{commit}{actor}{ref}{repository}{workflow}{status}',
      'a',
      { run: undefined, status: undefined },
    ],
    [
      '[run]({run}), [b](https://ci/?b={ref}&a={actor})',
      `[run](${run.url}), [b](https://ci/?b=feature%2Fa_b&a=octo*cat)`,
    ],
    [
      '[b](https://ci/?b={ref}) {count}',
      '[b](https://ci/?b=fix%28a%29b%29) 2',
      { run: { ...run, ref: 'fix(a)b)' } },
    ],
  ])('%s is %j', (template, expected, given = {}) => {
    expect(text(template, given)).toBe(expected)
  })

  test('posts the title for an empty message', () => {
    expect(messageOf('{title}\n{changes}', { ...facts, run: undefined })).toEqual({
      title: 'DingTalk',
      text: 'DingTalk',
    })
  })

  test('mentions no one in a title', () => {
    const { title } = messageOf('{title}', { ...facts, run: { ...run, title: '@all @13800138000' } })
    expect(title).not.toContain('@')
    expect(title).toContain('13800138000')
  })
})

test.each([
  ['{files} of {count}, {size}', ['{files}', '{count}', '{size}']],
  ['{title}', undefined],
])('without files, warns about %j: %j', (template, named) => {
  const warning = filePlaceholders(template)
  if (named) expectWhole(warning!, ...named, 'path', 'release-tag')
  else expect(warning).toBeUndefined()
})
