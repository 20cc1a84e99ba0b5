// Readers hand the action their secrets, so every file names one account as its home, and a release cannot be made before
// somebody has said which.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { filesWithOwner, ownersIn, PLACEHOLDER, repository, withOwner } from '../../scripts/repository.ts'
import { onPosix } from '../../test-support/on-posix.ts'

const ROOT = join(import.meta.dirname, '../..')
const [owner] = repository().split('/')

test('no file names another owner', () => {
  const wrong = filesWithOwner().flatMap((name) => {
    // This file names others on purpose.
    if (name === '__tests__/repository/owner.test.ts') return []
    return ownersIn(readFileSync(join(ROOT, name), 'utf8'))
      .filter((found) => found !== owner)
      .map((found) => `${name}: ${found}`)
  })
  expect(wrong).toEqual([])
})

test.each([
  ['uses: someone/upload-to-dingtalk@v0', ['someone']],
  ['npx github:someone/upload-to-dingtalk --path a', ['someone']],
  ['https://github.com/someone/upload-to-dingtalk/issues', ['someone']],
  ['https://github.com/upload-to-dingtalk/upload-to-dingtalk', ['upload-to-dingtalk']],
  ['/tmp/upload-to-dingtalk-1', []],
])('the owners in %s', (text, owners) => {
  expect(ownersIn(text)).toEqual(owners)
})

test('the owner is replaced, and other accounts are not', () => {
  expect(
    withOwner('uses: a/upload-to-dingtalk@v0 # https://github.com/b-c/upload-to-dingtalk', 'a', 'd'),
  ).toBe('uses: d/upload-to-dingtalk@v0 # https://github.com/b-c/upload-to-dingtalk')
  expect(() => withOwner('', 'a', 'no/account')).toThrow('no/account')
})

describe('the release workflow', () => {
  const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as {
    jobs: Record<string, { needs?: string; steps: { run?: string }[] }>
  }
  const script = jobs['test']?.steps.find(({ run }) => run !== undefined)?.run ?? ''
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'owner-'))
  })
  afterAll(() => {
    rmSync(directory, { recursive: true })
  })

  onPosix.each([
    ['the placeholder', `${PLACEHOLDER}/upload-to-dingtalk`, 'someone/upload-to-dingtalk', 1],
    [
      'the placeholder, by an account of that name',
      `${PLACEHOLDER}/upload-to-dingtalk`,
      `${PLACEHOLDER}/upload-to-dingtalk`,
      1,
    ],
    ['another repository', 'other/upload-to-dingtalk', 'someone/upload-to-dingtalk', 1],
    ['the repository that runs it', 'someone/upload-to-dingtalk', 'someone/upload-to-dingtalk', 0],
  ])('begins with a look at the owner: %s', (_, named, running, status) => {
    const json = readFileSync(join(ROOT, 'package.json'), 'utf8')
    expect(json).toContain(repository())
    writeFileSync(join(directory, 'package.json'), json.replace(repository(), named))
    const result = spawnSync('bash', ['-e', '-c', script], {
      cwd: directory,
      env: { PATH: process.env['PATH'], GITHUB_REPOSITORY: running },
    })
    expect(result.status).toBe(status)
  })

  test('releases nothing that has not passed it', () => {
    expect(jobs['release']?.needs).toBe('test')
  })
})
