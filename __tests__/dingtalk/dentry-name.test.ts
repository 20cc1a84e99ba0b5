import { expect, test } from '@jest/globals'
import { refusalOfName } from '../../src/dingtalk/names.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

test.each(['app.apk', '发布 v1 [最终版].apk', '.env', 'a..b', "it's #1 & more.txt", 'line\nbreak', '😀.png'])(
  'allows %j',
  (name) => {
    expect(refusalOfName(name)).toBeUndefined()
  },
)

test.each([
  ['a\tb', /\btab\b/i],
  ['a*b', /[(（]\*[)）]/],
  ['a"b', /[(（]"[)）]/],
  ['a<b', /[(（]<[)）]/],
  ['a>b', /[(（]>[)）]/],
  ['a|b', /[(（]\|[)）]/],
  ['a/b', /[(（]\/[)）]/],
  ['name.', /[(（]\.[)）]/],
  ['name. ', /[(（]\.[)）]/],
  ['  ', /./],
])('rejects %j, and names the reason in both languages', (name, character) => {
  const refusal = refusalOfName(name)!
  expectWhole(refusal, JSON.stringify(name))
  expect(refusal.en).toMatch(character)
  expect(refusal.zh).toMatch(character)
})
