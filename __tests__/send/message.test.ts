import { describe, expect, test } from '@jest/globals'
import { MAX_MESSAGE, messageFor as messageOf, messageSize } from '../../src/send/message.ts'
import { unknownPlaceholders, type Linked } from '../../src/send/placeholders.ts'
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

test('every placeholder is filled, wherever and however often it stands', () => {
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

test('a message without placeholders is the message', () => {
  expect(messageFor('**新版本**\n\n$& ok', [file('a')], run, 'both')).toEqual({
    title: '新版本',
    text: '**新版本**\n\n$& ok',
  })
})

test('a file name is neither markup nor a placeholder', () => {
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
])('the title of %j is %j', (template, title) => {
  expect(messageFor(template, [file('a')], run, 'both').title.replace('octocat', 'octo*cat')).toBe(title)
})

test.each([
  ['en', 'New: 1 file'],
  ['zh', 'New: 1 个文件'],
  ['both', 'New: 1 个文件'],
] as const)('language %s: the number of files in the title is %j', (language, title) => {
  expect(messageFor('New: {files}', [file('a')], run, language).title).toBe(title)
})

test.each([
  ['en', 1],
  ['zh', 1],
  ['both', 2],
] as const)('language %s: what is left out takes %d lines, each in one language', (language, count) => {
  const files = Array.from({ length: 500 }, (_, n) => file(`${n}.apk`))
  const lines = messageFor('{files}', files, run, language).text.split('\n')
  const told = lines.filter((line) => line.startsWith('- …'))
  expect(told).toHaveLength(count)
  expect(lines.slice(-count)).toEqual(told)
  const chinese = told.map((line) => /[\u4e00-\u9fff]/.test(line))
  expect(chinese).toEqual({ en: [false], zh: [true], both: [false, true] }[language])
  expect(told.join()).not.toContain(' / ')
})

test('unknown placeholders are named, with those that are supported', () => {
  const text = unknownPlaceholders('{branch} {files} {Version.name} {branch} {} {1} { ref }')!
  expectWhole(text, '{branch}', '{Version.name}', '{files}', '{run}', '{commit}', '{actor}', '{ref}')
  expect(text.en.split('{branch}')).toHaveLength(2)
})

test.each(['', '{files} by {actor}', '`{"a": 1}` {0} {中文}'])(
  '%j has no unknown placeholder',
  (template) => {
    expect(unknownPlaceholders(template)).toBeUndefined()
  },
)

describe('15,000 bytes', () => {
  const files = Array.from({ length: 500 }, (_, n) => file(`应用-${n}-"quoted".apk`))

  test('are kept by leaving out files, as few as possible and never half of one', () => {
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

  test('are used up to the last: a list that just fits is whole', () => {
    const some = files.slice(0, 20)
    const fill = 'x'.repeat(MAX_MESSAGE - messageSize(messageFor('title\n{files}', some, run, 'both')))
    const whole = messageFor(`title\n${fill}{files}`, some, run, 'both')
    expect(messageSize(whole)).toBe(MAX_MESSAGE)
    expect(whole.text).not.toContain('…')
    expect(messageFor(`title\nx${fill}{files}`, some, run, 'both').text).toContain('…')
  })
})
