import { describe, expect, test } from '@jest/globals'
import { MAX_MESSAGE, messageFor, messageSize } from '../../src/send/message.ts'

const run = {
  workflow: 'Release [1]',
  number: 7,
  url: 'https://github.com/o/r/actions/runs/1',
  commit: '0123456789abcdef',
  commitUrl: 'https://github.com/o/r/commit/0123456789abcdef',
  actor: 'octo*cat',
  ref: 'feature/a_b',
}
const file = (name: string) => ({ name, url: `https://qr.dingtalk.com/page/yunpan?fileId=${name.length}` })

test('every placeholder is filled, wherever and however often it stands', () => {
  const { text } = messageFor('{run}|{commit}|{actor}|{ref}|{ref}|{other}|{files}', [file('a.apk')], run)
  expect(text).toBe(
    '[Release &#91;1&#93; 7](https://github.com/o/r/actions/runs/1)|' +
      '[0123456](https://github.com/o/r/commit/0123456789abcdef)|octo&#42;cat|feature/a_b|feature/a_b|{other}|' +
      '- [a.apk](https://qr.dingtalk.com/page/yunpan?fileId=5)',
  )
})

test('a message without placeholders is the message', () => {
  expect(messageFor('**新版本**\n\n$& ok', [file('a')], run)).toEqual({
    title: '新版本',
    text: '**新版本**\n\n$& ok',
  })
})

test('a file name is neither markup nor a placeholder', () => {
  const { text } = messageFor('{files}', [file('{ref} ](x) [<b>`\n# 中文 🚀.apk')], run)
  expect(text).toMatch(/^- \[\{ref\} &#93;\(x\) &#91;&#60;b&#62;&#96; # 中文 🚀\.apk\]\(https:/)
})

test.each([
  ['# {ref} is out\nmore', 'feature/a_b is out'],
  ['\n\n> **{run}**', 'Release [1] 7'],
  ['[notes](https://x.com) {files}', 'notes 1 个文件'],
  ['{commit} by {actor}', '0123456 by octo*cat'],
  ['新'.repeat(100), '新'.repeat(64)],
  ['***', 'DingTalk'],
])('the title of %j is %j', (template, title) => {
  expect(messageFor(template, [file('a')], run).title.replace('octocat', 'octo*cat')).toBe(title)
})

describe('15,000 bytes', () => {
  const files = Array.from({ length: 500 }, (_, n) => file(`应用-${n}-"quoted".apk`))

  test('are kept by leaving out files, as few as possible and never half of one', () => {
    const message = messageFor('before {files} after', files, run)
    const lines = message.text.replace(/^before | after$/g, '').split('\n')
    const [, count] = /^- … 另有 (\d+) 个文件 \/ \1 more$/.exec(lines.pop()!)!
    expect(lines.length + Number(count)).toBe(500)
    for (const line of lines) expect(line).toMatch(/^- \[应用-\d+-"quoted"\.apk\]\(https:[^)]*\)$/)
    expect(messageSize(message)).toBeLessThanOrEqual(MAX_MESSAGE)
    expect(messageSize(message)).toBeGreaterThan(MAX_MESSAGE - 90)
  })

  test('are used up to the last: a list that just fits is whole', () => {
    const some = files.slice(0, 20)
    const fill = 'x'.repeat(MAX_MESSAGE - messageSize(messageFor('title\n{files}', some, run)))
    const whole = messageFor(`title\n${fill}{files}`, some, run)
    expect(messageSize(whole)).toBe(MAX_MESSAGE)
    expect(whole.text).not.toContain('more')
    expect(messageFor(`title\nx${fill}{files}`, some, run).text).toContain('另有')
  })
})
