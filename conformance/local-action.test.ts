// Runs the action in @github/local-action, which imports the entry point and calls its run().
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect } from '@jest/globals'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'
import { inputsFor } from '../scripts/act.ts'
import { onPosix } from '../test-support/on-posix.ts'

const ROOT = dirname(import.meta.dirname)
const MODULES = join(import.meta.dirname, 'node_modules')
const RUNNING = 120_000 // ms

let emulator: Emulator
let directory: string

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'local-action-'))
  emulator = await startEmulator()
})
afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

/** Does the same as its command, but with the installed tsx: npm would download another one. */
async function localAction(given: Record<string, string>, variables: Record<string, string> = {}) {
  const inputs = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  const lines = [...inputs, ...Object.entries(variables)].map(([name, value]) => `${name}=${value}\n`)
  const environment = join(directory, '.env')
  writeFileSync(environment, lines.join(''))
  const tsx = pathToFileURL(join(MODULES, 'tsx/dist/loader.mjs')).href
  const index = join(MODULES, '@github/local-action/src/index.ts')
  const child = spawn(
    process.execPath,
    ['--import', tsx, index, 'run', ROOT, join('src', 'main.ts'), environment],
    {
      cwd: ROOT, // where it looks for the @actions/core that it replaces
      env: { PATH: process.env['PATH'], TARGET_ACTION_PATH: ROOT, NODE_PACKAGE_MANAGER: 'npm' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUNNING,
      killSignal: 'SIGKILL',
    },
  )
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  // Before these lines, it shows its inputs and action.yml.
  const [, log = '', outputs = ''] = stdout.split(/ Running Action\n| Action Outputs\n/)
  return { log, outputs, stderr, exitCode }
}

function inputs(): Record<string, string> {
  return {
    ...inputsFor(emulator.values),
    path: join(directory, '*.apk'),
  }
}

// On Windows, quibble takes an absolute path for the name of a package, and can't find it with tsx.
onPosix(
  'uploads and sends a file, and shows the outputs',
  async () => {
    const bytes = Buffer.alloc(100_000, 'local')
    writeFileSync(join(directory, '构建 1.apk'), bytes)
    const summary = join(directory, 'summary.md')
    const { robotCode } = emulator.others
    const { log, outputs, exitCode } = await localAction(
      { ...inputs(), message: '{files} {ref}', 'robot-code': robotCode },
      { GITHUB_STEP_SUMMARY: summary },
    )
    expect(log).not.toContain('::error::')
    const { id } = emulator.files().find(({ name }) => name === '构建 1.apk')!
    expect(emulator.contents(id)).toEqual(bytes)
    expect(emulator.messages.map(({ kind }) => kind)).toEqual(['file', 'markdown'])
    expect(emulator.messages[0]).toMatchObject({ to: emulator.values.openConversationId, dentryId: id })
    expect(outputs).toMatch(new RegExp(`'dentry-id'\\s*│\\s*'${id}'`))
    expect(readFileSync(summary, 'utf8')).toContain(`fileId=${id}`)
    expect(exitCode).toBe(0)
  },
  RUNNING,
)

onPosix(
  'reports a failure in both languages',
  async () => {
    writeFileSync(join(directory, 'a.apk'), 'a')
    const { log, stderr, exitCode } = await localAction({ ...inputs(), 'app-secret': 'not-the-secret' })
    expect(exitCode).toBe(1)
    expect(log).toMatch(/::error::app-key.*app-secret.*\n.*\n\s*\n?app-key.*app-secret.*[一-鿿]/)
    expect(log + stderr).not.toMatch(/\n\s+at /)
    expect(emulator.messages).toEqual([])
  },
  RUNNING,
)
