// Each rule for workflows finds what is against it.
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { problemsOf, strictProblemsOf, writes, type Workflow } from '../../test-support/workflow-rules.ts'

const SOUND = `on:
  push:
    tags: [v1]
permissions: {}
concurrency: release
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
      id-token: write # to sign
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0
        with:
          package-manager-cache: false
      - if: github.ref == 'refs/heads/main'
        run: make
  test:
    permissions: {}
    uses: ./.github/workflows/test.yml
`
const broken = (from: string, to: string) => {
  expect(SOUND).toContain(from)
  return SOUND.replace(from, to)
}
const all = (text: string) => [...problemsOf(text, () => false), ...strictProblemsOf(text)]

test('nothing is wrong where nothing is wrong', () => {
  expect(all(SOUND)).toEqual([])
})

const EXPRESSION_OFF = "cache: ${{ !startsWith(github.ref, 'refs/tags/') && 'npm' || '' }}"

test.each<[string, string, number]>([
  ['a tag instead of a commit', broken('3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7'), 1],
  ['a commit without its version', broken(' # v7.0.1', ''), 1],
  ['missing permissions', broken('permissions: {}\nconcurrency', 'concurrency'), 2],
  [
    'permissions of the whole workflow',
    broken('permissions: {}\ncon', 'permissions:\n  contents: read\ncon'),
    1,
  ],
  ['a job without permissions', broken('    permissions: {}\n', ''), 1],
  ['a job that may do everything', broken('    permissions: {}\n', '    permissions: write-all\n'), 1],
  ['a permission without a reason', broken(' # to sign', ''), 1],
  ['pull_request_target', broken('on:\n', 'on:\n  pull_request_target:\n'), 1],
  ['workflow_run', broken('on:\n', 'on:\n  workflow_run:\n'), 1],
  ["a pull request's title in a script", broken('make', 'echo "${{ github.event.pull_request.title }}"'), 1],
  ['a variable for later steps', broken('make', 'echo "PATH=." >> "$GITHUB_ENV"'), 1],
  ['a package from nowhere', broken('make', 'echo a && npx a-package'), 1],
  ['packages where the token can write', broken('make', 'npm ci'), 1],
  [
    'a condition on the actor',
    broken("github.ref == 'refs/heads/main'", "github.actor == 'dependabot[bot]'"),
    1,
  ],
  ['a checkout that leaves its token', broken('persist-credentials: false', 'fetch-depth: 1'), 1],
  ['a cache', broken('package-manager-cache: false', 'cache: npm'), 1],
  ['a cache by default', broken('package-manager-cache: false', 'node-version: 24'), 1],
  ['a cache that is off for tags', broken('package-manager-cache: false', EXPRESSION_OFF), 0],
  ['no timeout', broken('    timeout-minutes: 5\n', ''), 1],
  ['no concurrency', broken('concurrency: release\n', ''), 1],
  ['all secrets', broken('    uses: ./', '    secrets: inherit\n    uses: ./'), 1],
])('%s', (_, text, count) => {
  expect(all(text)).toHaveLength(count)
})

describe('what may be written', () => {
  test.each([
    [
      'by the whole workflow',
      broken('permissions: {}\ncon', 'permissions: write-all\ncon'),
      'every job: write-all',
    ],
    ['by a job', SOUND, 'build: id-token'],
  ])('%s', (_, text, expected) => {
    expect(writes(parse(text) as Workflow)).toContain(expected)
  })
})
