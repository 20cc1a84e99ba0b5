import { describe, expect, test } from '@jest/globals'
import { parseSource, sourceText } from '../../src/domain.ts'
import { jobOf } from '../../src/github/run.ts'

const REF = 'octo/app/.github/workflows/release.yml@refs/heads/main'
const VARIABLES = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'octo/app',
  GITHUB_WORKFLOW_REF: REF,
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_JOB: 'build',
  GITHUB_ACTION: '__octo_upload',
}
const MATRIX = '{\n  "os": "linux"\n}'
const sourceOf = (variables: object = {}, identity = `${REF} ${MATRIX}`) =>
  jobOf({ ...VARIABLES, ...variables }, identity).source!

test('a source is short ASCII, and is read back', () => {
  expect(sourceText(sourceOf())).toMatch(/^[0-9a-f]{16}\.42\.[0-9a-f]{16}$/)
  expect(parseSource(sourceText(sourceOf()))).toEqual(sourceOf())
})

test('every attempt of a job has one source', () => {
  expect(jobOf({ ...VARIABLES, GITHUB_RUN_ATTEMPT: '3' }, `${REF} ${MATRIX}`)).toEqual({
    source: sourceOf(),
    attempt: 3,
  })
  expect(jobOf({}, '')).toEqual({ source: undefined, attempt: 1 })
})

test.each(['SERVER_URL', 'REPOSITORY'])('%s makes another workflow', (name) => {
  const other = sourceOf({ [`GITHUB_${name}`]: 'other' })
  expect(other.workflow).not.toBe(sourceOf().workflow)
})

test('another file is another workflow, another branch is not', () => {
  const ref = (path: string) => {
    const given = `octo/app/.github/workflows/${path}`
    return sourceOf({ GITHUB_WORKFLOW_REF: given }, `${given} null`)
  }
  expect(ref('nightly.yml@refs/heads/main').workflow).not.toBe(sourceOf().workflow)
  expect(ref('release.yml@refs/heads/a@b').workflow).toBe(sourceOf().workflow)
  expect(ref('release.yml@refs/heads/a@refs/b').workflow).toBe(sourceOf().workflow)
  expect(ref('release.yml@3f2b1c').workflow).toBe(sourceOf().workflow)
})

test('workflow files whose names differ only behind an "@" are two workflows', () => {
  const workflow = (path: string) => {
    const given = `octo/app/.github/workflows/${path}`
    return sourceOf({ GITHUB_WORKFLOW_REF: given }, `${given} null`).workflow
  }
  const production = workflow('deploy@prod.yml@refs/heads/main')
  expect(workflow('deploy@staging.yml@refs/heads/main')).not.toBe(production)
  expect(workflow('deploy@prod.yml@refs/heads/dev')).toBe(production)
})

describe('two jobs of a run have two sources', () => {
  test.each([
    ['another job', sourceOf({ GITHUB_JOB: 'test' })],
    ['another step', sourceOf({ GITHUB_ACTION: '__octo_upload_2' })],
    ['another leg of the matrix', sourceOf({}, `${REF} {"os":"mac"}`)],
    ['a job without a matrix', sourceOf({}, `${REF} null`)],
  ])('%s', (_, other) => {
    expect(other.job).toMatch(/^[0-9a-f]{16}$/)
    expect(other.job).not.toBe(sourceOf().job)
    expect({ ...other, job: '' }).toEqual({ ...sourceOf(), job: '' })
  })
})

describe('a job that cannot be told from others is not named', () => {
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

test.each(['REPOSITORY', 'WORKFLOW_REF', 'RUN_ID'])('without GITHUB_%s there is no source', (name) => {
  expect(sourceOf({ [`GITHUB_${name}`]: '' })).toBeUndefined()
})
