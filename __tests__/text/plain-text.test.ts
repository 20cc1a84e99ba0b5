import { describe, expect, test } from '@jest/globals'
import { logLine, markdownText } from '../../src/text/plain-text.ts'

describe('a line of the log', () => {
  test.each([
    ['发布 v1.apk', '发布 v1.apk'],
    ['a\n::add-mask::b', 'a\\n::add-mask::b'],
    ['a\r\nb\u2028c\u0085d', 'a\\r\\nb\\u2028c\\u0085d'],
    ['::error::x', '\\::error::x'],
    ['  ::error::x', '  \\::error::x'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['see ##[add-mask]x', 'see ##\\[add-mask]x'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['gpj.\u202eexe', 'gpj.\\u202eexe'],
  ])('%j becomes %j', (text, line) => {
    expect(logLine(text)).toBe(line)
  })
})

describe('text in Markdown', () => {
  test.each([
    ['发布 v1 😀', '发布 v1 😀'],
    ['a|b', 'a&#124;b'],
    ['<img src=x>', '&#60;img src&#61;x&#62;'],
    ['[a](javascript:x)', '&#91;a&#93;&#40;javascript&#58;x&#41;'],
    ['**_`~', '&#42;&#42;&#95;&#96;&#126;'],
    ['www.example.com', 'www&#46;example&#46;com'],
    ['&lt;', '&#38;lt&#59;'],
    ['two\nlines', 'two&#92;nlines'],
  ])('%j becomes %j', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown)
  })
})
