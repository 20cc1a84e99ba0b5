import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readEvent, serverOf, withCommit, workflowRunOf } from '../../src/github/run.ts'
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

const GITHUB = serverOf({})
const read = (payload: unknown, server = GITHUB) => {
  writeFileSync(path, JSON.stringify(payload))
  return readEvent(server)
}
const NOTHING = { title: '', changes: [], author: undefined, commit: undefined, ref: undefined }
/** Of a pull request whose event doesn't say who opened it. */
const NOBODY = { login: '', email: '', isBot: false }
const SHA = 'a'.repeat(40)

describe('reads the ref, commit, and author of an event:', () => {
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
      { title: 'Add', changes: ['Add'], commit: SHA, author: NOBODY },
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
      { release: { name: 'v1 is out', tag_name: 'v1', body: 'b', html_url: 'u' } },
      {
        title: 'v1 is out',
        changes: ['v1 is out'],
        release: { name: 'v1 is out', tag: 'v1', body: 'b', url: 'u' },
      },
    ],
    [
      'release without a name',
      { release: { name: null, tag_name: 'v1' } },
      { title: 'v1', changes: ['v1'], release: { name: '', tag: 'v1', body: '', url: '' } },
    ],
    ['workflow_dispatch', { inputs: null, ref: 'refs/heads/main' }, {}],
    ['schedule', { schedule: '0 0 * * *' }, {}],
  ])('%s', (_, payload, expected) => {
    expect(read(payload)).toEqual({ ...NOTHING, ...expected })
  })
})

test('reads the branch of a pull request, with the owner of a fork', () => {
  const side = (owner: string, ref: string) => ({
    ref,
    label: `${owner}:${ref}`,
    repo: { full_name: `${owner}/app` },
  })
  const ref = (head: object) => read({ pull_request: { head, base: side('octo', 'main') } }).ref
  expect(ref(side('octo', 'fix'))).toBe('fix')
  expect(ref(side('stranger', 'main'))).toBe('stranger:main')
  expect(ref({ ...side('octo', 'refs/pull/5/head') })).toBeUndefined()
})

test('reads the commits of Gitea and Forgejo, which list the newest first, and at most five', () => {
  const commits = ['E', 'D', 'C', 'B', 'A'].map((message) => ({ message }))
  for (const name of ['GITEA_ACTIONS', 'FORGEJO_ACTIONS']) {
    const server = serverOf({ ACT: 'true', [name]: 'true' })
    expect(read({ commits, total_commits: 12, head_commit: { message: 'E' } }, server)).toMatchObject({
      title: 'E',
      changes: ['A', 'B', 'C', 'D', 'E'],
      moreChanges: 7,
    })
    expect(read({ commits, total_commits: 5 }, server)).not.toHaveProperty('moreChanges')
  }
  expect(read({ commits })).toMatchObject({ changes: ['E', 'D', 'C', 'B', 'A'] })
})

describe('ignores an unusable event:', () => {
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
    const { author = NOBODY, ...event } = read(payload)
    expect({ ...event, author }).toEqual({ ...NOTHING, author: NOBODY })
  })

  test('one commit of many', () => {
    const commits = [{ message: 'A' }, null, { message: 7 }, {}, { message: 'B' }]
    expect(read({ commits }).changes).toEqual(['A', 'B'])
  })

  test('a missing file, a directory, or invalid JSON', () => {
    for (const given of ['', join(directory, 'missing'), directory]) {
      process.env['GITHUB_EVENT_PATH'] = given
      expect(readEvent(GITHUB)).toEqual(NOTHING)
    }
    process.env['GITHUB_EVENT_PATH'] = path
    writeFileSync(path, '{"head_commit": {"message": "x"')
    expect(readEvent(GITHUB)).toEqual(NOTHING)
    writeFileSync(path, '['.repeat(1_000_000))
    expect(readEvent(GITHUB)).toEqual(NOTHING)
  })

  test('a file that is too large', () => {
    writeFileSync(path, `{"head_commit": {"message": "x"}}${' '.repeat(2 ** 25)}`)
    expect(readEvent(GITHUB)).toEqual(NOTHING)
  })

  onPosix('a pipe', () => {
    execFileSync('mkfifo', [path])
    expect(readEvent(GITHUB)).toEqual(NOTHING)
  })

  test('any JSON', () => {
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

  test('is missing outside a workflow', () => {
    expect(workflowRunOf({ ...VARIABLES, GITHUB_RUN_ID: '' })).toBeUndefined()
  })

  test('has the commit of its event, not the merge commit', () => {
    writeFileSync(path, JSON.stringify({ pull_request: { title: 'Add', head: { sha: SHA } } }))
    const variables = { ...VARIABLES, GITHUB_REF: 'refs/pull/5/merge' }
    expect(workflowRunOf(variables)).toEqual({
      author: NOBODY,
      repository: 'octo/app',
      workflow: 'CI',
      number: 7,
      url: 'https://github.com/octo/app/actions/runs/42',
      commit: SHA,
      commitUrl: `https://github.com/octo/app/commit/${SHA}`,
      actor: 'octocat',
      ref: '#5',
      title: 'Add',
      changes: ['Add'],
    })
  })

  test.each([
    ['Gitea: its ID', { GITEA_ACTIONS: 'true' }, 42],
    ['Forgejo: its number', { GITEA_ACTIONS: 'true', FORGEJO_ACTIONS: 'true' }, 7],
  ])('has a page at %s', (_, runner, page) => {
    const variables = { ...VARIABLES, ...runner, GITHUB_SERVER_URL: 'https://git.example' }
    expect(workflowRunOf(variables)!.url).toBe(`https://git.example/octo/app/actions/runs/${page}`)
  })

  test('has no page on act', () => {
    expect(workflowRunOf({ ...VARIABLES, ACT: 'true' })).toMatchObject({ url: '', commitUrl: '' })
  })

  test('has a page below the address of a server that ends with a slash', () => {
    const variables = { ...VARIABLES, GITEA_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://git.example/' }
    expect(workflowRunOf(variables)!.url).toBe('https://git.example/octo/app/actions/runs/42')
  })

  test('uses the variables without an event, with its server', () => {
    expect(workflowRunOf({ ...VARIABLES, GITHUB_SERVER_URL: 'https://git.example' })).toMatchObject({
      commit: VARIABLES.GITHUB_SHA,
      commitUrl: `https://git.example/octo/app/commit/${VARIABLES.GITHUB_SHA}`,
      ref: 'main',
      title: '',
      changes: [],
    })
  })

  test.each([
    ['refs/heads/release/1.x', 'release/1.x'],
    ['refs/tags/v1', 'v1'],
    ['refs/pull/5/merge', '#5'],
    ['refs/pull/12/head', '#12'],
    ['refs/heads/gh-readonly-queue/main/pr-104-0a1b2c', '#104'],
  ])('shows %s as %s', (ref, shown) => {
    expect(workflowRunOf({ ...VARIABLES, GITHUB_REF: ref })!.ref).toBe(shown)
  })

  test('uses the branch in the variables for a pull request without a payload', () => {
    const variables = { ...VARIABLES, GITHUB_REF: 'refs/pull/5/merge', GITHUB_HEAD_REF: 'fix' }
    expect(workflowRunOf(variables)!.ref).toBe('fix')
  })

  test('uses the name of the file or the job for a workflow without a name', () => {
    const unnamed = { ...VARIABLES, GITHUB_WORKFLOW: '', GITHUB_JOB: 'build' }
    const workflow = (ref: string) => workflowRunOf({ ...unnamed, GITHUB_WORKFLOW_REF: ref })!.workflow
    expect(workflow('octo/app/.gitea/workflows/deploy@prod.yml@refs/heads/main')).toBe('deploy@prod.yml')
    expect(workflow('')).toBe('build')
  })

  describe('without a title in its event', () => {
    const before = process.cwd()
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8' }).trim()

    beforeEach(() => {
      process.chdir(directory)
    })
    afterEach(() => {
      process.chdir(before)
    })

    test('has the subject of its commit in the checkout', () => {
      git('init', '-q')
      git('commit', '-q', '--allow-empty', '-m', '修复 login\n\nbody')
      const commit = git('rev-parse', 'HEAD')
      git('commit', '-q', '--allow-empty', '-m', 'Later')
      const run = workflowRunOf({ ...VARIABLES, GITHUB_SHA: commit })!
      const author = { login: '', email: 'a@b' }
      expect(run).toMatchObject({ title: '修复 login', changes: ['修复 login'], author })
      // Not that of another commit.
      expect(workflowRunOf(VARIABLES)).toMatchObject({ title: '', changes: [] })
      expect(withCommit({ ...run, commit: '', title: '' }).title).toBe('Later')
      expect(withCommit({ ...run, commit: '--all', title: '' }).title).toBe('')
      const own = { ...run, title: 'Its own', author: undefined }
      expect(withCommit(own)).toEqual({ ...own, author })
      expect(withCommit({ ...run, title: '', author: NOBODY }).author).toEqual(NOBODY)
    })

    test('has none without a checkout, or without Git', () => {
      expect(workflowRunOf({ ...VARIABLES })!.title).toBe('')
      const { PATH } = process.env
      process.env['PATH'] = directory
      try {
        expect(workflowRunOf({ ...VARIABLES })!.title).toBe('')
      } finally {
        process.env['PATH'] = PATH
      }
    })
  })
})
