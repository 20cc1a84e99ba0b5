// Installs the command from its package, and runs it on a machine without a runner, against the emulator.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/emulator.ts'
import { ACTION } from '../../scripts/act.ts'
import { npmPackage } from '../../scripts/repository.ts'
import { GITLAB } from '../../test-support/ci-variables.ts'
import { CLI, command, plainEnvironment, start, variablesFor } from '../../test-support/command.ts'
import { onPosix } from '../../test-support/on-posix.ts'

const ROOT = dirname(dirname(import.meta.dirname))

let emulator: Emulator
let directory: string
beforeEach(async () => {
  emulator = await startEmulator()
  directory = mkdtempSync(join(tmpdir(), 'command-'))
})
afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

/** Runs the committed command in the directory, with the emulator's values in the environment. */
function run(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
  return command(args, { cwd: directory, env: { ...variablesFor(emulator.values), ...env } })
}

function file(name: string, content: string | Buffer = `content of ${name}`): Buffer {
  writeFileSync(join(directory, name), content)
  return Buffer.from(content)
}

interface Outputs {
  readonly 'dentry-id': string
  readonly 'uploaded-count': number
  readonly files: readonly { readonly name: string; readonly dentryId: string; readonly error?: string }[]
}

const outputsOf = (stdout: string) => JSON.parse(stdout) as Outputs

test('npx installs only the package, without a network, and the file arrives unchanged', async () => {
  const shell = process.platform === 'win32' // npm is a command file there
  const env = plainEnvironment()
  execFileSync('npm', ['pack', '--pack-destination', directory], { cwd: ROOT, shell, env, stdio: 'pipe' })
  const [tarball = ''] = readdirSync(directory)
  const bytes = file('构建 [1].apk', Buffer.alloc(300_000, 'apk'))
  const place = join(directory, 'empty')
  mkdirSync(place)
  const cache = join(directory, 'cache')
  const npm = ['--offline', '--yes', '--cache', cache, `../${tarball}`]
  const { exitCode, stdout } = await start('npx', [...npm, '--json', '../构建 [1].apk'], {
    cwd: place,
    env: variablesFor(emulator.values),
    shell,
  })
  expect(exitCode).toBe(0)
  expect(emulator.contents(outputsOf(stdout)['dentry-id']).equals(bytes)).toBe(true)
  expect(emulator.messages).toHaveLength(1)
  expect(readdirSync(place)).toEqual([])
  const [installed = ''] = readdirSync(join(cache, '_npx'))
  const modules = readdirSync(join(cache, '_npx', installed, 'node_modules')).filter(
    (name) => name[0] !== '.',
  )
  expect(modules).toEqual([npmPackage().split('/')[0]])
})

describe('--json', () => {
  test('prints only the typed outputs, and the log on standard error', async () => {
    file('a.txt')
    file('b.txt')
    const { exitCode, stdout, stderr } = await run(['--json', '--path', '*.txt'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^\{.*\}\n$/)
    const outputs = outputsOf(stdout)
    expect(Object.keys(outputs)).toEqual(Object.keys(ACTION.outputs))
    expect(outputs).toMatchObject({ 'uploaded-count': 2, files: [{ name: 'a.txt' }, { name: 'b.txt' }] })
    expect(outputs['dentry-id']).toBe(outputs.files[0]!.dentryId)
    expect(stderr).toContain('✓ a.txt')
  })

  test('prints them if the command fails, and an empty object if it was used incorrectly', async () => {
    file('a.txt')
    emulator.scopes.withdraw('Storage.File.Write')
    const failed = await run(['--json', 'a.txt'])
    expect(failed.exitCode).toBe(1)
    expect(outputsOf(failed.stdout)).toMatchObject({ 'uploaded-count': 0, 'failed-count': 1 })
    expect(outputsOf(failed.stdout).files[0]!.error).toBeTruthy()
    expect(await run(['--json', '--bogus'])).toMatchObject({ exitCode: 2, stdout: '{}\n' })
  })
})

onPosix('an argument selects only that file, with any characters in its name', async () => {
  for (const name of ['a.txt', 'ab.txt', 'x', 'secret.txt']) file(name)
  const bytes = file('x\nsecret.txt', 'the right one')
  const { exitCode, stdout } = await run(['--json', '--name=x', 'x\nsecret.txt'])
  expect(exitCode).toBe(0)
  const { files } = outputsOf(stdout)
  expect(files).toHaveLength(1)
  expect(emulator.contents(files[0]!.dentryId).equals(bytes)).toBe(true)
  const missing = await run(['--json', 'a.txt', 'a\\b.txt'])
  expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('a\\\\b.txt') })
  expect(emulator.files().filter(({ name }) => name === 'ab.txt')).toEqual([])
})

test('an option takes precedence over the environment, which takes precedence over a file', async () => {
  for (const name of ['option', 'environment', 'file']) file(`${name}.txt`)
  file('my.env', 'DINGTALK_PATH=file.txt\nDINGTALK_NAME=from-file.txt\n')
  const variables = { DINGTALK_PATH: 'environment.txt' }
  const names = async (args: string[], env = {}) =>
    outputsOf((await run([...args, '--json', '--env', 'my.env'], env)).stdout).files
  expect(await names(['--path=option.txt'], variables)).toMatchObject([{ name: 'from-file.txt' }])
  expect(await names(['--name=n.txt'], variables)).toMatchObject([
    { name: 'n.txt', path: expect.stringMatching(/environment/) },
  ])
  expect(await names([])).toMatchObject([{ path: expect.stringMatching(/file/) }])
})

describe('prints no secret', () => {
  const CUSTOM = { DINGTALK_MESSAGE: '{files}' }
  test.each([
    ['all goes well', () => undefined],
    [
      'the gateway repeats the request',
      () => {
        emulator.faults.add({
          operation: 'accessToken',
          play: { kind: 'echo', status: 403, as: 'json' },
          times: Infinity,
        })
      },
    ],
    [
      'a page repeats the request',
      () => {
        emulator.faults.add({
          operation: 'uploadInfoV1',
          play: { kind: 'echo', status: 502, as: 'html' },
          times: Infinity,
        })
      },
    ],
    [
      'the robot repeats the request',
      () => {
        emulator.faults.add({
          operation: 'postByWebhook',
          play: { kind: 'echo', status: 200, as: 'html' },
          times: Infinity,
        })
      },
    ],
  ])('%s', async (_, prepare) => {
    prepare()
    file('a.txt')
    const { webhook, secret } = emulator.others.customRobot
    const { stdout, stderr } = await run(['--json', '--retries=0', 'a.txt'], {
      ...CUSTOM,
      DINGTALK_ROBOT_WEBHOOK: webhook,
      DINGTALK_ROBOT_SECRET: secret,
      DINGTALK_GITHUB_TOKEN: 'ghs_0123456789',
      RUNNER_DEBUG: '1',
    })
    const said = stdout + stderr
    expect(said).not.toBe('')
    expect(said).not.toMatch(/^::/m)
    for (const hidden of [...emulator.secrets(), 'ghs_0123456789']) expect(said).not.toContain(hidden)
  })

  test('also if Node and undici log their requests', async () => {
    file('a.txt')
    const { webhook, secret } = emulator.others.customRobot
    const { exitCode, stdout, stderr } = await run(['--json', 'a.txt'], {
      ...CUSTOM,
      DINGTALK_ROBOT_WEBHOOK: webhook,
      DINGTALK_ROBOT_SECRET: secret,
      NODE_DEBUG: 'undici,fetch,http,https,net,tls',
      RUNNER_DEBUG: '1',
    })
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/access_token=\*\*\*/)
    const forms = (value: string) => [
      value,
      encodeURIComponent(value),
      String(new URLSearchParams([['', value]])),
    ]
    for (const hidden of [...emulator.secrets(), webhook].flatMap(forms))
      expect(stdout + stderr).not.toContain(hidden.replace(/^=/, ''))
  })

  test('also if a file has its name', async () => {
    const { appSecret } = emulator.values
    file(`${appSecret}.txt`)
    const { exitCode, stdout, stderr } = await run(['--json', '--path', '*.txt'])
    expect(exitCode).toBe(0)
    expect(outputsOf(stdout).files).toMatchObject([{ name: '***.txt' }])
    expect(stdout + stderr).not.toContain(appSecret)
  })

  test('also if it is given as an argument', async () => {
    const { exitCode, stdout, stderr } = await run(['--app-secret', 'hunter2', '--robot-secret=hunter2'])
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('DINGTALK_APP_SECRET')
    expect(stderr).toContain('DINGTALK_ROBOT_SECRET')
    expect(stderr).not.toContain('hunter2')
    expect(emulator.requests).toEqual([])
  })
})

describe('exit codes', () => {
  test.each<[number, string, string[]]>([
    [0, 'files that were sent', ['a.txt']],
    [0, 'a check', ['--mode', 'check']],
    [0, '--help', ['--help']],
    [0, '--version', ['--version']],
    [1, 'no file', ['nothing.apk']],
    [1, 'wrong inputs', ['--mode=x', 'a.txt']],
    [2, 'an unknown option', ['--bogus']],
    [2, 'an option without a value', ['--path']],
    [2, 'a file of variables that is not there', ['--env', 'no.env', 'a.txt']],
    [2, 'a file of secrets as a path', ['.env']],
  ])('%i: %s', async (code, _, args) => {
    file('a.txt')
    const { exitCode, stdout, stderr } = await run(args)
    expect(exitCode).toBe(code)
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
  })

  onPosix('1: a deleted working directory', async () => {
    const script = `mkdir gone && cd gone && rmdir ../gone && exec "${process.execPath}" "${CLI}" a.txt`
    const { exitCode, stdout, stderr } = await start('sh', ['-c', script], { cwd: directory })
    expect(exitCode).toBe(1)
    expect(stdout + stderr).toMatch(/uv_cwd/)
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
  })

  onPosix.each(['SIGINT', 'SIGTERM'] as const)(
    '1: %s, which ends the job and prints the outputs',
    async (signal) => {
      file('a.txt')
      emulator.faults.add({ operation: 'put', play: { kind: 'hang' }, times: Infinity })
      const { exitCode, stdout, stderr } = await command(['--json', 'a.txt'], {
        cwd: directory,
        env: variablesFor(emulator.values),
        onceWritten: [
          'a.txt',
          (kill) => {
            kill(signal)
          },
        ],
      })
      expect(exitCode).toBe(1)
      expect(outputsOf(stdout)).toMatchObject({ 'uploaded-count': 0 })
      expect(stderr).toContain('canceled')
    },
  )
})

describe.each([
  ['en', {}, /[一-鿿]{4}/],
  ['zh', { LANG: 'zh_CN.UTF-8' }, undefined],
  ['zh', { DINGTALK_LANGUAGE: 'zh' }, undefined],
])('--help in %s by %j', (language, env, without) => {
  test('lists every input as an option, or as a variable if it is a secret', async () => {
    const { stdout } = await run(['--help'], { DINGTALK_LANGUAGE: undefined, ...env })
    const secrets = ['app-secret', 'robot-webhook', 'robot-secret', 'github-token']
    for (const name of Object.keys(ACTION.inputs).filter((name) => name !== 'job-identity')) {
      const shown = secrets.includes(name)
        ? `DINGTALK_${name.replaceAll('-', '_').toUpperCase()}`
        : `--${name}`
      expect(stdout).toMatch(new RegExp(`^  ${shown}\\b`, 'm'))
      if (secrets.includes(name)) expect(stdout).not.toContain(`--${name}`)
    }
    expect(stdout).not.toContain('--job-identity')
    if (language === 'zh') expect(stdout).toMatch(/[一-鿿]{4}/)
    if (without) expect(stdout.split('\n').slice(0, 3).join('\n')).not.toMatch(without)
  })
})

test('--version is that of the package', async () => {
  const { version } = JSON.parse(
    execFileSync('node', ['-p', 'JSON.stringify(require("./package.json"))'], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  ) as { version: string }
  expect((await run(['--version'])).stdout).toBe(`${version}\n`)
})

test('on another CI, the message shows its run', async () => {
  file('a.txt')
  const { webhook, secret } = emulator.others.customRobot
  const { exitCode } = await run(['--message', '{run} {commit} {ref} {actor}', 'a.txt'], {
    ...GITLAB,
    DINGTALK_ROBOT_WEBHOOK: webhook,
    DINGTALK_ROBOT_SECRET: secret,
  })
  expect(exitCode).toBe(0)
  expect(emulator.messages.at(-1)!.text).toBe(
    `[app 7](${GITLAB.CI_PIPELINE_URL}) [0123456](${GITLAB.CI_PROJECT_URL}/-/commit/${GITLAB.CI_COMMIT_SHA}) main octocat`,
  )
})
