import { expect, test } from '@jest/globals'
import { refusalOfFolderPath } from '../../src/inputs/folder-path.ts'

test.each(['releases', 'releases/v1.2.0', '构建 产物/🚀/a.b', 'a\\b', '...a'])('%s is a path', (path) => {
  expect(refusalOfFolderPath(path)).toBeUndefined()
})

test.each([
  ['/releases', /no name/],
  ['releases/', /no name/],
  ['a//b', /no name/],
  ['a/ /b', /no name/],
  ['.', /"\." is not understood/],
  ['a/../b', /"\.\." is not understood/],
  ['a/b*', /does not allow the name "b\*": it contains an asterisk/],
  ['a|b/c', /contains a vertical bar/],
  ['a/b.', /ends with a dot/],
  ['a/\tb', /contains a tab/],
])('%j is none', (path, refusal) => {
  expect(refusalOfFolderPath(path)).toMatch(refusal)
})
