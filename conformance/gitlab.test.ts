// The example for GitLab CI, in gitlab-ci-local (https://github.com/firecow/gitlab-ci-local), without its image.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect } from '@jest/globals'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import { plainEnvironment, start, variablesFor, writeNpx } from '../test-support/command.ts'
import { onPosix } from '../test-support/on-posix.ts'

const EXAMPLE = join(dirname(import.meta.dirname), 'examples/ci/gitlab-ci.yml')
const RUNNER = join(import.meta.dirname, 'node_modules/gitlab-ci-local/dist/index.js')

let emulator: Emulator
let directory: string
beforeEach(async () => {
  emulator = await startEmulator()
  directory = mkdtempSync(join(tmpdir(), 'gitlab-'))
})
afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

onPosix('the example uploads the build and sends it', async () => {
  const at = (path: string) => join(directory, path)
  mkdirSync(at('bin'))
  mkdirSync(at('project/app/build/outputs/apk'), { recursive: true })
  writeFileSync(at('project/app/build/outputs/apk/app-debug.apk'), 'apk')
  cpSync(EXAMPLE, at('project/.gitlab-ci.yml'))
  writeNpx(at('bin'))
  // The runner copies the project for jobs in containers, even without containers.
  writeFileSync(at('bin/rsync'), '#!/bin/sh\n', { mode: 0o755 })
  const git = (...args: string[]) => execFileSync('git', args, { cwd: at('project') })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message=Fix the login')
  git('remote', 'add', 'origin', 'https://gitlab.com/octo/app.git')

  const variables = Object.entries(variablesFor(emulator.values)).map(([name, value]) => `${name}=${value}`)
  const { exitCode, stdout, stderr } = await start(
    process.execPath,
    [
      RUNNER,
      '--force-shell-executor',
      ...variables.flatMap((variable) => ['--variable', variable]),
      'dingtalk',
    ],
    {
      cwd: at('project'),
      env: { HOME: at('home'), PATH: [at('bin'), plainEnvironment()['PATH']].join(delimiter) },
    },
  )
  const log = stdout + stderr
  if (exitCode !== 0) throw new Error(`gitlab-ci-local ended with ${exitCode}:\n${log}`)
  expect(emulator.secrets().filter((secret) => log.includes(secret))).toEqual([])
  expect(emulator.messages).toMatchObject([{ kind: 'file', name: expect.stringMatching(/^app-\d+\.apk$/) }])
})
