import { expect, test } from '@jest/globals'
import { refusalOfName } from '../../src/dingtalk/dentry-name.ts'

test.each(['app.apk', '发布 v1 [最终版].apk', '.env', 'a..b', "it's #1 & more.txt", 'line\nbreak', '😀.png'])(
  '%j is allowed',
  (name) => {
    expect(refusalOfName(name)).toBeUndefined()
  },
)

test.each([
  ['a\tb', 'a tab'],
  ['a*b', 'an asterisk'],
  ['a"b', 'a double quote'],
  ['a<b', 'a less-than sign'],
  ['a>b', 'a greater-than sign'],
  ['a|b', 'a vertical bar'],
  ['a/b', 'a slash'],
  ['name.', 'ends with a dot'],
  ['name. ', 'ends with a dot'],
  ['  ', 'is empty'],
])('%j is refused: %s', (name, reason) => {
  expect(refusalOfName(name)).toContain(reason)
})
