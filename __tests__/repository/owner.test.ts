// Users trust the action with their secrets, so every file names the same account and package, and a release needs both.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import {
  filesWithOwner,
  npmPackage,
  ownersIn,
  repository,
  SCOPE_PLACEHOLDER,
  scopesIn,
  withOwner,
  withScope,
} from '../../scripts/repository.ts'

const ROOT = join(import.meta.dirname, '../..')
const [owner] = repository().split('/')
const [scope] = npmPackage().slice(1).split('/')

test('no file contains another owner or scope', () => {
  const wrong = filesWithOwner().flatMap((name) => {
    // These name others on purpose.
    if (['__tests__/repository/owner.test.ts', 'conformance/release.test.ts'].includes(name)) return []
    const text = readFileSync(join(ROOT, name), 'utf8')
    return [
      ...ownersIn(text).filter((found) => found !== owner),
      ...scopesIn(text).filter((found) => found !== scope),
    ].map((found) => `${name}: ${found}`)
  })
  expect(wrong).toEqual([])
})

test.each([
  ['uses: someone/upload-to-dingtalk@v0', ['someone']],
  ['npx github:someone/upload-to-dingtalk --path a', ['someone']],
  ['https://github.com/someone/upload-to-dingtalk/issues', ['someone']],
  ['https://github.com/upload-to-dingtalk/upload-to-dingtalk', ['upload-to-dingtalk']],
  ['/tmp/upload-to-dingtalk-1', []],
  ['# Who reviews.\n* @someone\n', ['someone']],
  [' * @param', []],
  ['npx @a-scope/upload-to-dingtalk@0', []],
])('the owners in %s', (text, owners) => {
  expect(ownersIn(text)).toEqual(owners)
})

test('the owner is replaced, and other accounts are not', () => {
  expect(
    withOwner('uses: a/upload-to-dingtalk@v0 # https://github.com/b-c/upload-to-dingtalk', 'a', 'd'),
  ).toBe('uses: d/upload-to-dingtalk@v0 # https://github.com/b-c/upload-to-dingtalk')
  expect(withOwner('* @a\n', 'a', 'd')).toBe('* @d\n')
  expect(() => withOwner('', 'a', 'no/account')).toThrow('no/account')
})

test('the scope is replaced, and the owner is not', () => {
  const text = (scope: string) =>
    `npx @${scope}/upload-to-dingtalk@0 # https://github.com/a/upload-to-dingtalk @a/other`
  expect(scopesIn(text('A'))).toEqual(['A'])
  expect(withScope(text('A') + text('B'), 'A', 'b.c')).toBe(text('b.c') + text('B'))
  expect(withOwner(text('a'), 'a', 'D')).toBe(text('a').replace('com/a/', 'com/D/'))
  // Nobody can register the placeholder, so a page can name it.
  expect(() => withScope('', 'a', SCOPE_PLACEHOLDER)).toThrow(SCOPE_PLACEHOLDER)
})

test('a release without an owner is rejected first', () => {
  const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as {
    jobs: Record<string, { needs?: string | string[]; steps?: { run?: string }[] }>
  }
  const { verify, ...others } = jobs
  expect(verify?.steps?.some(({ run }) => run?.startsWith('npm run check -- --release --tag'))).toBe(true)
  for (const { needs = [] } of Object.values(others)) expect([needs].flat()).not.toEqual([])
})
