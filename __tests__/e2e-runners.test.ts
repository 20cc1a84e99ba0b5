// The committed bundle under runners that are not like GitHub's own.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { join } from 'node:path'
import { bundleJob, errorsOf, type BundleJob } from './bundle-job.ts'

let job: BundleJob

beforeEach(async () => {
  job = await bundleJob()
})
afterEach(() => job.end())

describe.each([
  ['is not set', () => undefined, 'GITHUB_OUTPUT is not set'],
  ['names a file that is not there', () => join(job.directory, 'no/output'), 'Missing file at path'],
  ['names a directory', () => job.directory, 'EISDIR'],
])('GITHUB_OUTPUT %s', (_, file, why) => {
  const warning = new RegExp(
    `^::warning::the outputs could not be handed on to later steps: .*${why}.*2\\.327\\.1.* / .*2\\.327\\.1`,
  )

  test('the file is uploaded, and one warning says what there is instead of outputs', async () => {
    const bytes = job.file('out/b.txt')
    const result = await job.run({ path: 'out/*' }, { env: { GITHUB_OUTPUT: file() } })
    expect(result.exitCode).toBe(0)
    expect(job.emulator.contents(job.files('b.txt')[0]!.id)).toEqual(bytes)
    expect(job.emulator.messages).toHaveLength(1)
    const warnings = result.stdout.split('\n').filter((line) => line.startsWith('::warning'))
    expect(warnings).toEqual([expect.stringMatching(warning)])
    expect(result.summary).toContain('1 of 1 file uploaded')
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
    expect(result.stderr).toBe('')
  })

  test('a failure is told as ever', async () => {
    job.file('out/b.txt')
    const result = await job.run(
      { path: 'out/*', 'app-secret': 'wrong-secret' },
      { env: { GITHUB_OUTPUT: file(), GITHUB_STEP_SUMMARY: join(job.directory, 'no/summary') } },
    )
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toContain('app-secret')
    expect(result.stdout).toContain('::warning::the job summary could not be written')
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
    expect(result.stderr).toBe('')
  })
})

test('a run that belongs to no branch or tag is told of, in summary and message', async () => {
  job.file('out/b.txt')
  const { robotCode } = job.emulator.others
  const result = await job.run(
    { path: 'out/*', message: 'by {actor}{ref}', 'robot-code': robotCode },
    { env: { GITHUB_REF: undefined } },
  )
  expect(errorsOf(result)).toBe('')
  expect(result.summary).toContain('Release run 7')
  expect(job.emulator.messages.at(-1)).toMatchObject({ text: 'by octocat' })
})
