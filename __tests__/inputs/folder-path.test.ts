import { expect, test } from '@jest/globals'
import { refusalOfFolderPath } from '../../src/inputs/folder.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

test.each(['releases', 'releases/v1.2.0', '构建 产物/🚀/a.b', 'a\\b', '...a'])('%s is a path', (path) => {
  expect(refusalOfFolderPath(path)).toBeUndefined()
})

test.each([
  ['/releases', '/releases'],
  ['releases/', 'releases/'],
  ['a//b', 'a//b'],
  ['a/ /b', 'a/ /b'],
  ['.', '.'],
  ['a/../b', 'a/../b'],
  ['a/b*', '"b*"'],
  ['a|b/c', '"a|b"'],
  ['a/b.', '"b."'],
  ['a/\tb', '"\\tb"'],
])('%j is none: the refusal names %s', (path, named) => {
  expectWhole(refusalOfFolderPath(path)!, named)
})
