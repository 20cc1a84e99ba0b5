// The runners of Gitea and Forgejo, and act: other variables, and another log.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
})
afterEach(() => job.end())

describe('a re-run', () => {
  const STEP = { ACT: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_JOB: 'build', GITHUB_ACTION: '0' }
  const GITEA = { ...STEP, GITEA_ACTIONS: 'true' }
  const FORGEJO = {
    ...GITEA,
    FORGEJO_ACTIONS: 'true',
    GITHUB_WORKFLOW_REF: 'octo/app/.forgejo/workflows/release.yml@refs/heads/main',
  }

  test.each([
    ['Gitea', GITEA, ' {}', 1],
    ['Gitea, in a matrix', GITEA, ' {\n  "os": "linux"\n}', 1],
    ['Forgejo', FORGEJO, ' {\n  "Matrix": {}\n}', 1],
    // Two runs of act can't be distinguished from two attempts of one.
    ['act', STEP, ' {}', 2],
  ])('on %s', async (_, variables, identity, times) => {
    // The copy in the group shows that the file was sent.
    await job.restart({ copiedProperties: 'kept' })
    job.file('out/a.txt')
    for (const attempt of ['1', '2']) {
      const { exitCode } = await job.run(
        { path: 'out/*', 'job-identity': identity },
        { env: { ...variables, GITHUB_RUN_ATTEMPT: attempt } },
      )
      expect(exitCode).toBe(0)
    }
    expect(job.count('put')).toBe(times)
    expect(job.emulator.messages).toHaveLength(times)
  })

  test('by another call of a reusable workflow uses the same file, and sends it to its own group', async () => {
    await job.restart({ copiedProperties: 'kept' })
    job.file('out/a.txt')
    const { chatId } = job.emulator.others.groupWithoutRobot
    const given = { path: 'out/*', 'job-identity': ' {}' }
    // A group whose space shows nothing may never show a copy.
    job.file('other/b.txt')
    await job.run({ path: 'other/*', 'chat-id': chatId })
    await job.run(given, { env: { ...GITEA, GITHUB_RUN_ATTEMPT: '1' } })
    await job.run({ ...given, 'chat-id': chatId }, { env: { ...GITEA, GITHUB_RUN_ATTEMPT: '2' } })
    expect(job.count('put')).toBe(2)
    const sent = job.emulator.messages.filter(({ name }) => name === 'a.txt')
    expect(new Set(sent.map(({ to }) => to)).size).toBe(2)
  })
})

test('annotates only the first line on runners that show a line break as %0A', async () => {
  const given = { path: 'missing/*', 'app-key': '', 'chat-id': '' }
  const { stdout: asOnGitHub } = await job.run(given)
  const { stdout } = await job.run(given, { env: { ACT: 'true' } })
  expect(asOnGitHub).toMatch(/^::error::.+%0A/m)
  expect(stdout).toBe(asOnGitHub.replaceAll('%0A', '\n'))
})
