// What the variables of each CI say about a run: https://docs.gitlab.com/ci/variables/predefined_variables/,
// https://www.jenkins.io/doc/book/pipeline/jenkinsfile/, https://help.aliyun.com/zh/yunxiao/user-guide/environment-variables
import { describe, expect, test } from '@jest/globals'
import { ciOf } from '../../src/command/ci.ts'
import { parseSource, sourceText } from '../../src/domain.ts'
import { FLOW, GITLAB, JENKINS } from '../../test-support/ci-variables.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

const SHA = '0123456789abcdef0123456789abcdef01234567'

test('detects no CI on other machines', () => {
  expect(ciOf({})).toBeUndefined()
  expect(ciOf({ CI: 'true', BUILD_NUMBER: '1', PIPELINE_ID: '1', JOB_NAME: 'x' })).toBeUndefined()
})

test('GitLab CI', () => {
  expect(ciOf(GITLAB)?.run).toMatchObject({
    repository: 'octo/app',
    title: 'Fix the build',
    changes: ['Fix the build'],
    workflow: 'app',
    number: 7,
    url: 'https://gitlab.example/octo/app/-/pipelines/4242',
    commit: SHA,
    commitUrl: `https://gitlab.example/octo/app/-/commit/${SHA}`,
    actor: 'octocat',
    ref: 'main',
    author: { login: '', email: 'octo@example.com' },
  })
})

test('Jenkins', () => {
  expect(ciOf(JENKINS)?.run).toMatchObject({
    workflow: 'octo/app/main',
    number: 7,
    url: 'https://jenkins.example/job/octo/job/app/job/main/7/',
    commit: SHA,
    commitUrl: '',
    actor: '',
    ref: 'main',
  })
  expect(ciOf(JENKINS)?.run.author).toBeUndefined()
  const change = { CHANGE_ID: '5', CHANGE_AUTHOR: 'octocat', CHANGE_AUTHOR_EMAIL: 'octo@example.com' }
  expect(ciOf({ ...JENKINS, ...change })?.run.author).toEqual({ login: 'octocat', email: 'octo@example.com' })
  // A job that is no multibranch project knows what Git says.
  expect(ciOf({ ...JENKINS, BRANCH_NAME: undefined })?.run.ref).toBe('main')
})

test('云效 Flow', () => {
  expect(ciOf(FLOW)?.run).toMatchObject({
    title: 'Fix the build',
    changes: ['Fix the build'],
    workflow: '前端项目发布',
    number: 7,
    url: 'https://flow.aliyun.com/pipelines/1084/builds/7',
    commit: SHA,
    actor: '张三',
    ref: 'main',
  })
})

describe.each([
  ['GitLab CI', GITLAB, { CI_PIPELINE_ID: '4243' }, ['CI_SERVER_URL', 'CI_PROJECT_ID', 'CI_JOB_NAME']],
  ['Jenkins', JENKINS, { BUILD_NUMBER: '8' }, ['JENKINS_URL', 'JOB_NAME']],
  ['云效 Flow', FLOW, { BUILD_NUMBER: '8' }, ['PIPELINE_ID']],
])('the source of a file on %s', (_, variables, next, words) => {
  const source = ciOf(variables)!.job.source!

  test('can be read from its mark', () => {
    expect(parseSource(sourceText(source))).toEqual(source)
  })

  test('belongs to the same workflow in the next run', () => {
    const later = ciOf({ ...variables, ...next })!.job.source!
    expect(later.workflow).toBe(source.workflow)
    expect(BigInt(later.run)).toBeGreaterThan(BigInt(source.run))
  })

  test.each(words)('belongs to another workflow if %s differs, and is missing without it', (name) => {
    expect(ciOf({ ...variables, [name]: '9999' })!.job.source!.workflow).not.toBe(source.workflow)
    expect(ciOf({ ...variables, [name]: '' })?.job.source).toBeUndefined()
  })

  test('is missing if the run has no number', () => {
    const [name] = Object.keys(next)
    expect(ciOf({ ...variables, [name!]: 'x' })?.job.source).toBeUndefined()
  })
})

/** The variables of a run that says for which branch it is. */
const ON = {
  gitlab: { ...GITLAB, CI_COMMIT_BRANCH: undefined },
  jenkins: { ...JENKINS, JOB_NAME: 'app', BRANCH_NAME: undefined, GIT_BRANCH: undefined },
  flow: { ...FLOW, CI_COMMIT_REF_NAME: undefined },
}
const { gitlab, jenkins, flow } = ON
const workflowOf = (variables: Record<string, string | undefined>) => {
  const { source, notCounted } = ciOf(variables)!.job
  expect(notCounted).toBeUndefined()
  return source!.workflow
}

test.each([
  ['branches', { ...gitlab, CI_COMMIT_BRANCH: 'main' }, { ...gitlab, CI_COMMIT_BRANCH: 'dev' }],
  ['a branch and a tag', { ...gitlab, CI_COMMIT_BRANCH: 'v1' }, { ...gitlab, CI_COMMIT_TAG: 'v1' }],
  [
    'a branch and a merge request',
    { ...gitlab, CI_COMMIT_BRANCH: 'main' },
    { ...gitlab, CI_COMMIT_BRANCH: 'main', CI_MERGE_REQUEST_IID: '1' },
  ],
  [
    'branches of one Jenkins job',
    { ...jenkins, GIT_BRANCH: 'origin/a' },
    { ...jenkins, GIT_BRANCH: 'origin/b' },
  ],
  [
    'branches of one Flow pipeline',
    { ...flow, CI_COMMIT_REF_NAME: 'a' },
    { ...flow, CI_COMMIT_REF_NAME: 'b' },
  ],
])('%s count separately', (_, one, other) => {
  expect(workflowOf(one)).not.toBe(workflowOf(other))
})

test.each([
  ['tags', { ...gitlab, CI_COMMIT_TAG: 'v1' }, { ...gitlab, CI_COMMIT_TAG: 'v2' }],
  ['merge requests', { ...gitlab, CI_MERGE_REQUEST_IID: '1' }, { ...gitlab, CI_MERGE_REQUEST_IID: '2' }],
  [
    'merge requests and those on GitHub',
    { ...gitlab, CI_MERGE_REQUEST_IID: '1' },
    { ...gitlab, CI_EXTERNAL_PULL_REQUEST_IID: '2' },
  ],
])('%s count together', (_, one, other) => {
  expect(workflowOf(one)).toBe(workflowOf(other))
})

test.each(Object.entries(ON))('counts nothing on %s without a branch', (_, variables) => {
  expectWhole(ciOf(variables)!.job.notCounted!)
})

test('counts a run without a number with no other', () => {
  expectWhole(ciOf({ ...JENKINS, BUILD_NUMBER: '' })!.job.notCounted!)
})
