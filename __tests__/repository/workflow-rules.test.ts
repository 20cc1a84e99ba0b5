// Each rule for workflows finds what breaks it.
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { problemsOf, writes, type Workflow } from '../../test-support/workflow-rules.ts'

const SOUND = `on:
  push:
  workflow_call:
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write # to sign
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0
        with:
          cache: \${{ !startsWith(github.ref, 'refs/tags/') && 'npm' || '' }}
      - run: make
`
const broken = (from: string, to: string) => {
  expect(SOUND).toContain(from)
  return SOUND.replace(from, to)
}

test('accepts a correct workflow', () => {
  expect(problemsOf(SOUND)).toEqual([])
})

test.each([
  ['a commit without its version', broken(' # v7.0.1', '')],
  ['a variable for later steps', broken('make', 'echo "PATH=." >> "$GITHUB_ENV"')],
  ['a package from nowhere', broken('make', 'echo a && npx a-package')],
  ['packages where the token can write', broken('make', 'npm ci')],
  ['a cache', broken("!startsWith(github.ref, 'refs/tags/') && 'npm' || ''", "'npm'")],
  ['a cache by default', broken('cache:', 'node-version:')],
])('%s', (_, text) => {
  expect(problemsOf(text)).toHaveLength(1)
})

describe('detects write permissions', () => {
  test.each([
    [
      'by the whole workflow',
      broken('permissions: {}\n', 'permissions: write-all\n'),
      'every job: write-all',
    ],
    ['by a job', SOUND, 'build: id-token'],
  ])('%s', (_, text, expected) => {
    expect(writes(parse(text) as Workflow)).toContain(expected)
  })
})
