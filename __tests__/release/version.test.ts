import { expect, test } from '@jest/globals'
import { compareVersions, parseVersion, versionOfTag } from '../../scripts/release/version.ts'

const ordered = [
  '0.1.0',
  '0.1.9',
  '0.1.10',
  '0.2.0-alpha',
  '0.2.0',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
]

test('orders versions as semver does', () => {
  const shuffled = [...ordered].reverse()
  const sorted = shuffled.sort((a, b) => compareVersions(parseVersion(a)!, parseVersion(b)!))
  expect(sorted).toEqual(ordered)
})

test.each(['1', '1.2', '01.2.3', '1.2.3-', '1.2.3-01', '1.2.3+build', 'v1.2.3', ' 1.2.3', '1.2.3\n'])(
  'rejects %j',
  (text) => {
    expect(parseVersion(text)).toBeUndefined()
  },
)

test('reads only tags of releases', () => {
  expect(versionOfTag('v1.0.0-rc.1')).toEqual({ major: 1, minor: 0, patch: 0, prerelease: ['rc', '1'] })
  expect(versionOfTag('v1')).toBeUndefined()
  expect(versionOfTag('1.2.3')).toBeUndefined()
})
