import { describe, expect, test } from '@jest/globals'
import { sectionOf } from '../../scripts/release/changelog.ts'
import { missing, type Facts } from '../../scripts/release/readiness.ts'
import { PLACEHOLDER, SCOPE_PLACEHOLDER } from '../../scripts/repository.ts'

const CHANGELOG = `# Changelog

## [1.2.3] - 2026-01-31

### Fixed

- A fault.

## [1.2.2] - 2026-01-01

### Added

- Older.

[1.2.3]: https://github.com/someone/an-action/releases/tag/v1.2.3
[1.2.2]: https://github.com/someone/an-action/releases/tag/v1.2.2
`

const READY: Facts = {
  version: '1.2.3',
  tag: 'v1.2.3',
  changelog: CHANGELOG,
  repository: 'someone/an-action',
  npmPackage: '@someone/an-action',
  runningRepository: 'someone/an-action',
  staleFiles: [],
  isOnMain: true,
}
const changelog = (from: string, to: string) => ({ changelog: CHANGELOG.replace(from, to) })

test('finds a release ready', () => {
  expect(missing(READY)).toEqual([])
})

describe('a release that lacks one thing', () => {
  test.each<[string, Partial<Facts>, RegExp]>([
    ['a tag of another version', { tag: 'v1.2.4' }, /v1\.2\.4.*v1\.2\.3/],
    ['a tag without v', { tag: '1.2.3' }, /v1\.2\.3/],
    [
      'a version that is none',
      { version: '1.2', tag: 'v1.2', changelog: CHANGELOG.replaceAll('1.2.3', '1.2') },
      /1\.2 is not a version/,
    ],
    ['the heading', changelog('## [1.2.3]', '## [Unreleased]'), /## \[1\.2\.3\]/],
    ['the date', changelog('] - 2026-01-31', ']'), /YYYY-MM-DD/],
    ['a date that exists', changelog('2026-01-31', '2026-02-31'), /YYYY-MM-DD/],
    ['notes', changelog('### Fixed\n\n- A fault.\n', ''), /1\.2\.3 is empty/],
    ['the link', changelog('[1.2.3]: https', '[1.2.30]: https'), /\[1\.2\.3\]: https/],
    ['an owner', { repository: `${PLACEHOLDER}/an-action` }, /npm run owner -- NAME/],
    ['a scope', { npmPackage: `@${SCOPE_PLACEHOLDER}/an-action` }, /npm run owner -- NAME/],
    ['this owner', { runningRepository: 'other/an-action' }, /npm run owner -- other/],
    [
      'an owner, in an account of that name',
      { repository: `${PLACEHOLDER}/an-action`, runningRepository: `${PLACEHOLDER}/an-action` },
      /npm run owner/,
    ],
    ['a fresh bundle', { staleFiles: ['index.js'] }, /index\.js.*npm run build/],
    ['its commit on main', { isOnMain: false }, /main/],
  ])('%s', (_, without, expected) => {
    const lacking = missing({ ...READY, ...without })
    expect(lacking).toHaveLength(1)
    expect(lacking[0]).toMatch(expected)
  })
})

test('reports everything that is missing together', () => {
  expect(missing({ ...READY, tag: 'v2.0.0', changelog: '', isOnMain: false })).toHaveLength(3)
})

test("ends a section at the next one, and the last one at the changelog's links", () => {
  expect(sectionOf(CHANGELOG, '1.2.3')).toEqual({
    date: '2026-01-31',
    text: '### Fixed\n\n- A fault.',
    isLinked: true,
  })
  expect(sectionOf(CHANGELOG, '1.2.2')?.text).toBe('### Added\n\n- Older.')
  expect(sectionOf(CHANGELOG.replaceAll('\n', '\r\n'), '1.2.2')?.text).toBe('### Added\n\n- Older.')
  // The dot is no wildcard, and a longer version is another one.
  expect(sectionOf(CHANGELOG, '1.2')).toBeUndefined()
})
