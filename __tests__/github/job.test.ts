import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseSource, sourceText } from '../../src/domain.ts'
import { jobOf } from '../../src/github/run.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const REF = 'octo/app/.github/workflows/release.yml@refs/heads/main'
const VARIABLES = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'octo/app',
  GITHUB_WORKFLOW_REF: REF,
  GITHUB_REF: 'refs/heads/main',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_JOB: 'build',
  GITHUB_ACTION: '__octo_upload',
}
const MATRIX = '{\n  "os": "linux"\n}'
const sourceOf = (variables: object = {}, identity = `${REF} ${MATRIX}`) =>
  jobOf({ ...VARIABLES, ...variables }, identity).source!

test('writes a source as short ASCII, and reads it back', () => {
  expect(sourceText(sourceOf())).toMatch(/^[0-9a-f]{16}\.42\.[0-9a-f]{16}$/)
  expect(parseSource(sourceText(sourceOf()))).toEqual(sourceOf())
})

test('gives every attempt of a job the same source', () => {
  expect(jobOf({ ...VARIABLES, GITHUB_RUN_ATTEMPT: '3' }, `${REF} ${MATRIX}`)).toEqual({
    source: sourceOf(),
    attempt: 3,
  })
  expect(jobOf({}, '')).toEqual({ source: undefined, attempt: 1 })
})

test.each(['SERVER_URL', 'REPOSITORY'])('distinguishes workflows by %s', (name) => {
  const other = sourceOf({ [`GITHUB_${name}`]: 'other' })
  expect(other.workflow).not.toBe(sourceOf().workflow)
})

test('distinguishes workflow files, but not branches', () => {
  const ref = (path: string) => {
    const given = `octo/app/.github/workflows/${path}`
    return sourceOf({ GITHUB_WORKFLOW_REF: given }, `${given} null`)
  }
  expect(ref('nightly.yml@refs/heads/main').workflow).not.toBe(sourceOf().workflow)
  expect(ref('release.yml@refs/heads/a@b').workflow).toBe(sourceOf().workflow)
  expect(ref('release.yml@refs/heads/a@refs/b').workflow).toBe(sourceOf().workflow)
  expect(ref('release.yml@3f2b1c').workflow).toBe(sourceOf().workflow)
})

test('distinguishes workflow files that differ only after an "@"', () => {
  const workflow = (path: string) => {
    const given = `octo/app/.github/workflows/${path}`
    return sourceOf({ GITHUB_WORKFLOW_REF: given }, `${given} null`).workflow
  }
  const production = workflow('deploy@prod.yml@refs/heads/main')
  expect(workflow('deploy@staging.yml@refs/heads/main')).not.toBe(production)
  expect(workflow('deploy@prod.yml@refs/heads/dev')).toBe(production)
})

describe('distinguishes two jobs of a run', () => {
  test.each([
    ['another job', sourceOf({ GITHUB_JOB: 'test' })],
    ['another step', sourceOf({ GITHUB_ACTION: '__octo_upload_2' })],
    ['a workflow of another name, which this one calls', sourceOf({ GITHUB_WORKFLOW: 'Build' })],
    ['another leg of the matrix', sourceOf({}, `${REF} {"os":"mac"}`)],
    ['a job without a matrix', sourceOf({}, `${REF} null`)],
  ])('%s', (_, other) => {
    expect(other.job).toMatch(/^[0-9a-f]{16}$/)
    expect(other.job).not.toBe(sourceOf().job)
    expect({ ...other, job: '' }).toEqual({ ...sourceOf(), job: '' })
  })
})

describe("gives no source to a job that can't be identified", () => {
  test.each([
    ['a runner that does not know job.workflow_ref', ' null'],
    ['nothing is given', ''],
    ['a reusable workflow', `octo/shared/.github/workflows/build.yml@v1 ${MATRIX}`],
    ['no matrix is told', `${REF} `],
    ['a workflow whose name begins alike', `${REF}-2 null`],
  ])('%s', (_, identity) => {
    expect(sourceOf({}, identity)).not.toHaveProperty('job')
    expect(sourceOf({}, identity)).toMatchObject({ run: '42', workflow: sourceOf().workflow })
  })

  test.each(['JOB', 'ACTION'])('no GITHUB_%s', (name) => {
    expect(sourceOf({ [`GITHUB_${name}`]: '' })).not.toHaveProperty('job')
  })
})

describe("a runner that doesn't report the workflow file", () => {
  const GITEA = { ACT: 'true', GITEA_ACTIONS: 'true', GITHUB_WORKFLOW: 'Release', GITHUB_WORKFLOW_REF: '' }
  const FORGEJO = { ...GITEA, FORGEJO_ACTIONS: 'true', GITHUB_WORKFLOW_REF: REF }

  describe.each([
    ['Gitea', GITEA, ' {}', ' {"os":"linux"}'],
    ['Forgejo', FORGEJO, ' {"Matrix": {}}', ' {"Matrix":{"os":"linux"}}'],
  ])('%s', (_, variables, identity, leg) => {
    const job = (given: object, as = identity) => jobOf({ ...VARIABLES, ...variables, ...given }, as)

    test('gives every attempt of a job the same source', () => {
      expect(job({}).source!.job).toMatch(/^[0-9a-f]{16}$/)
      expect(job({ GITHUB_RUN_ATTEMPT: '2' })).toEqual({ ...job({}), attempt: 2 })
    })

    test('distinguishes runs, workflows, jobs, steps, and matrix jobs', () => {
      const others = [
        job({}),
        job({ GITHUB_RUN_ID: '43' }),
        job({ GITHUB_WORKFLOW: 'Nightly' }),
        job({ GITHUB_JOB: 'test' }),
        job({ GITHUB_ACTION: '2' }),
        job({}, leg),
      ].map(({ source }) => sourceText(source!))
      expect(new Set(others).size).toBe(others.length)
    })

    test.each(['', ' ', '${{ job.workflow_ref }} ${{ toJSON(matrix) }}'])(
      'gives no source to a job without its matrix values: "%s"',
      (given) => {
        expect(job({}, given).source).not.toHaveProperty('job')
      },
    )
  })

  test("reads run numbers of Forgejo like GitHub's, but not Gitea's", () => {
    expect(jobOf({ ...VARIABLES, ...FORGEJO }, ' {}')).not.toHaveProperty('notCounted')
    expect(jobOf({ ...VARIABLES, ...FORGEJO }, ' {}').source!.workflow).toBe(sourceOf().workflow)
    expectWhole(jobOf({ ...VARIABLES, ...GITEA }, ' {}').notCounted!, 'GITHUB_WORKFLOW_REF')
  })

  test.each(['', REF])(
    'gives no source on act, whose runs share one ID; GITHUB_WORKFLOW_REF: "%s"',
    (ref) => {
      const variables = { ...VARIABLES, ACT: 'true', GITHUB_RUN_ID: '1', GITHUB_WORKFLOW_REF: ref }
      const { source, notCounted } = jobOf({ ...variables, GITHUB_RUN_ATTEMPT: '2' }, `${ref} {}`)
      expect(source).toBeUndefined()
      expectWhole(notCounted!, 'GITHUB_RUN_ID')
    },
  )
})

/** What runs count together, as far as `keep-last` can know that. */
function countedAs(event: string, ref: string, payload?: object): string | undefined {
  const { GITHUB_EVENT_PATH: before } = process.env
  const directory = mkdtempSync(join(tmpdir(), 'event-'))
  try {
    process.env['GITHUB_EVENT_PATH'] = join(directory, 'event.json')
    writeFileSync(process.env['GITHUB_EVENT_PATH'], JSON.stringify(payload ?? {}))
    const given = { ...VARIABLES, GITHUB_EVENT_NAME: event, GITHUB_REF: ref }
    const { source, notCounted } = jobOf(given, `${REF} ${MATRIX}`)
    // Attempts of a run can be recognized anyway.
    expect(source!.job).toBe(sourceOf().job)
    if (notCounted) expectWhole(notCounted)
    return notCounted ? undefined : source!.workflow
  } finally {
    if (before === undefined) delete process.env['GITHUB_EVENT_PATH']
    else process.env['GITHUB_EVENT_PATH'] = before
    rmSync(directory, { recursive: true })
  }
}
const triggeredBy = (event: string, branch: string) =>
  countedAs('workflow_run', 'refs/heads/main', { workflow_run: { event, head_branch: branch } })

describe('runs are counted separately', () => {
  const [main, dev, tag] = ['refs/heads/main', 'refs/heads/dev', 'refs/tags/v1']
  const pull = countedAs('pull_request', 'refs/pull/1/merge')

  test('for each branch, with any trigger', () => {
    expect(countedAs('schedule', main)).toBe(countedAs('push', main))
    expect(triggeredBy('push', 'main')).toBe(countedAs('push', main))
    expect(
      new Set([countedAs('push', main), countedAs('push', dev), countedAs('push', tag), pull]).size,
    ).toBe(4)
    expect(countedAs('push', 'refs/heads/tags')).not.toBe(countedAs('push', tag))
  })

  test('all tags together', () => {
    expect(countedAs('push', tag)).toBeDefined()
    for (const other of [countedAs('release', 'refs/tags/v2'), triggeredBy('release', 'v3')])
      expect(other).toBe(countedAs('push', tag))
  })

  test.each([
    ['another pull request', () => countedAs('pull_request', 'refs/pull/2/merge')],
    ['one of Gitea', () => countedAs('pull_request', 'refs/pull/2/head')],
    ['pull_request_target, whose ref is the base branch', () => countedAs('pull_request_target', main)],
    ['a review', () => countedAs('pull_request_review', 'refs/pull/2/merge')],
    ['a merge queue', () => countedAs('merge_group', 'refs/heads/gh-readonly-queue/main/pr-1')],
    ['a push by a merge queue', () => countedAs('push', 'refs/heads/gh-readonly-queue/main/pr-1')],
    ['a comment', () => countedAs('issue_comment', main, { issue: { pull_request: { url: 'x' } } })],
    ['one that triggers another workflow', () => triggeredBy('pull_request', 'main')],
  ])('all pull requests together: %s', (_, counted) => {
    expect(counted()).toBe(pull)
    expect(pull).toBeDefined()
  })

  test('for a comment on an issue, with the default branch', () => {
    expect(countedAs('issue_comment', main, { issue: {} })).toBe(countedAs('push', main))
  })

  test.each([
    ['no ref', () => countedAs('push', '')],
    ['a ref that is neither a branch nor a tag', () => countedAs('push', 'main')],
    ['no payload', () => countedAs('workflow_run', main)],
    ['a chain of runs', () => triggeredBy('workflow_run', 'main')],
    ['a run for a comment', () => triggeredBy('issue_comment', 'main')],
    ['a run without a branch', () => triggeredBy('push', '')],
  ])('not at all: %s', (_, counted) => {
    expect(counted()).toBeUndefined()
  })
})

test("counts no runs if the runner doesn't report the workflow", () => {
  expectWhole(jobOf({ ...VARIABLES, GITHUB_WORKFLOW_REF: '' }, ' null').notCounted!, 'GITHUB_WORKFLOW_REF')
  // Outside a workflow, that is no reason.
  expect(jobOf({}, '').notCounted).toBeUndefined()
})

test.each(['REPOSITORY', 'WORKFLOW_REF', 'RUN_ID'])('gives no source without GITHUB_%s', (name) => {
  expect(sourceOf({ [`GITHUB_${name}`]: '' })).toBeUndefined()
})
