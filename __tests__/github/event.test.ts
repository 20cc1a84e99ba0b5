import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readEvent, workflowRunOf } from '../../src/github/run.ts'
import { onPosix } from '../../test-support/on-posix.ts'

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'event-'))
  path = join(directory, 'event.json')
  process.env['GITHUB_EVENT_PATH'] = path
})
afterEach(() => {
  delete process.env['GITHUB_EVENT_PATH']
  rmSync(directory, { recursive: true })
})

const read = (payload: unknown) => {
  writeFileSync(path, JSON.stringify(payload))
  return readEvent()
}
const NOTHING = { title: '', changes: [], commit: undefined, ref: undefined }
const SHA = 'a'.repeat(40)

describe('an event tells what it is about:', () => {
  test.each([
    [
      'push',
      { head_commit: { message: 'B\n\nbody' }, commits: [{ message: 'A' }, { message: 'B\n\nbody' }] },
      { title: 'B\n\nbody', changes: ['A', 'B\n\nbody'] },
    ],
    ['push of a tag', { head_commit: { message: 'B' }, commits: [] }, { title: 'B', changes: ['B'] }],
    ['push that deletes a branch', { head_commit: null, commits: [] }, {}],
    [
      'pull_request, pull_request_target',
      { pull_request: { title: 'Add', head: { sha: SHA } } },
      { title: 'Add', changes: ['Add'], commit: SHA },
    ],
    ['merge_group', { merge_group: { head_commit: { message: 'M' } } }, { title: 'M', changes: ['M'] }],
    [
      'workflow_run',
      {
        workflow_run: {
          head_commit: { message: 'W' },
          head_sha: SHA,
          head_branch: 'dev',
          display_title: 'D',
        },
      },
      { title: 'W', changes: ['W'], commit: SHA, ref: 'dev' },
    ],
    [
      'workflow_run without a commit',
      { workflow_run: { display_title: 'D' } },
      { title: 'D', changes: ['D'] },
    ],
    [
      'release',
      { release: { name: 'v1 is out', tag_name: 'v1' } },
      { title: 'v1 is out', changes: ['v1 is out'] },
    ],
    ['release without a name', { release: { name: null, tag_name: 'v1' } }, { title: 'v1', changes: ['v1'] }],
    ['workflow_dispatch', { inputs: null, ref: 'refs/heads/main' }, {}],
    ['schedule', { schedule: '0 0 * * *' }, {}],
  ])('%s', (_, payload, expected) => {
    expect(read(payload)).toEqual({ ...NOTHING, ...expected })
  })
})

describe('says nothing, and throws nothing:', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a list', [1]],
    ['a text', 'x'],
    [
      'parts of other forms',
      { head_commit: 7, commits: 'x', pull_request: [], workflow_run: { head_sha: '../../x' } },
    ],
    ['a commit that is none', { pull_request: { head: { sha: 'main)](https://evil.example' } } }],
  ])('%s', (_, payload) => {
    expect(read(payload)).toEqual(NOTHING)
  })

  test('one of many commits, without the others', () => {
    const commits = [{ message: 'A' }, null, { message: 7 }, {}, { message: 'B' }]
    expect(read({ commits }).changes).toEqual(['A', 'B'])
  })

  test('a file that is missing, or none, or no JSON', () => {
    for (const given of ['', join(directory, 'missing'), directory]) {
      process.env['GITHUB_EVENT_PATH'] = given
      expect(readEvent()).toEqual(NOTHING)
    }
    process.env['GITHUB_EVENT_PATH'] = path
    writeFileSync(path, '{"head_commit": {"message": "x"')
    expect(readEvent()).toEqual(NOTHING)
    writeFileSync(path, '['.repeat(1_000_000))
    expect(readEvent()).toEqual(NOTHING)
  })

  test('a file that is larger than GitHub makes it', () => {
    writeFileSync(path, `{"head_commit": {"message": "x"}}${' '.repeat(2 ** 25)}`)
    expect(readEvent()).toEqual(NOTHING)
  })

  onPosix('a pipe that nobody writes to', () => {
    execFileSync('mkfifo', [path])
    expect(readEvent()).toEqual(NOTHING)
  })

  test('whatever it is', () => {
    const keys = [
      'head_commit',
      'commits',
      'pull_request',
      'merge_group',
      'workflow_run',
      'release',
      'message',
    ]
    const names = fc.constantFrom(...keys, 'title', 'head', 'sha', 'head_sha', 'name', '__proto__')
    const payload = fc.anything({ key: names, maxDepth: 4 })
    fc.assert(
      fc.property(payload, (payload) => {
        const { title, changes, commit, ref } = read(payload ?? null)
        expect(typeof title).toBe('string')
        for (const change of changes) expect(typeof change).toBe('string')
        expect(commit ?? SHA).toMatch(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
        expect(typeof (ref ?? '')).toBe('string')
      }),
    )
  })
})

describe('a run', () => {
  const VARIABLES = {
    GITHUB_RUN_ID: '42',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_REPOSITORY: 'octo/app',
    GITHUB_SHA: 'b'.repeat(40),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_WORKFLOW: 'CI',
    GITHUB_ACTOR: 'octocat',
  }

  test('outside a workflow there is none', () => {
    expect(workflowRunOf({ ...VARIABLES, GITHUB_RUN_ID: '' })).toBeUndefined()
  })

  test('has the commit of its event, not the merge commit', () => {
    writeFileSync(path, JSON.stringify({ pull_request: { title: 'Add', head: { sha: SHA } } }))
    const variables = { ...VARIABLES, GITHUB_REF: 'refs/pull/5/merge' }
    expect(workflowRunOf(variables)).toEqual({
      repository: 'octo/app',
      workflow: 'CI',
      number: 7,
      url: 'https://github.com/octo/app/actions/runs/42',
      commit: SHA,
      commitUrl: `https://github.com/octo/app/commit/${SHA}`,
      actor: 'octocat',
      ref: 'pull/5/merge',
      title: 'Add',
      changes: ['Add'],
    })
  })

  test('without an event has what the variables tell, on its server', () => {
    expect(workflowRunOf({ ...VARIABLES, GITHUB_SERVER_URL: 'https://git.example' })).toMatchObject({
      commit: VARIABLES.GITHUB_SHA,
      commitUrl: `https://git.example/octo/app/commit/${VARIABLES.GITHUB_SHA}`,
      ref: 'main',
      title: '',
      changes: [],
    })
  })
})
