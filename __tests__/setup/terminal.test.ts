// The committed command in a real terminal: what only a process and its terminal show. Needs `script`, of util-linux or macOS,
// or Python.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, expect, test } from '@jest/globals'
import { CLI } from '../../test-support/command.ts'
import { setupSession, type SetupSession } from '../../test-support/setup-session.ts'
import { Terminal } from '../../test-support/terminal.ts'

const COMMAND = `stty cols 200 rows 60 && exec '${process.execPath}' '${CLI}' setup`
const PROGRAMS: readonly (readonly [string, ...string[]])[] = [
  process.platform === 'darwin'
    ? ['script', '-q', '/dev/null', 'sh', '-c', COMMAND]
    : ['script', '--quiet', '--return', '--command', COMMAND, '/dev/null'],
  [
    'python3',
    '-c',
    'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))',
    'sh',
    '-c',
    COMMAND,
  ],
]
/** What gives a process a terminal here. */
const program =
  process.platform === 'win32'
    ? undefined
    : PROGRAMS.find(([name]) => spawnSync(name, ['--version']).error === undefined)
if (!program && process.env['REQUIRE_TERMINAL'])
  throw new Error('this machine has neither script nor python3')

let session: SetupSession
afterEach(() => session.end())

/** Starts the setup in a terminal. */
function start(variables: Record<string, string> = {}) {
  const terminal = new Terminal()
  const [name, ...args] = program!
  const child = spawn(name, args, { cwd: session.directory, env: { ...session.variables, ...variables } })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdout.pipe(terminal.output)
  terminal.input.pipe(child.stdin)
  const answer = async (awaited: string, text = '') => {
    await terminal.until(awaited, exit)
    if (text) terminal.type(text)
    terminal.press('enter')
  }
  return { terminal, exit, answer }
}

const inTerminal = program ? test : test.skip

inTerminal('in a terminal, the setup ends with the file in the group', async () => {
  session = await setupSession()
  const { appKey, appSecret, userId, openConversationId } = session.emulator.values
  const { terminal, exit, answer } = start()
  await answer('What do you want')
  await answer('How do you want')
  await answer('◆  Client ID', appKey)
  await answer('◆  Client Secret', appSecret)
  await answer('◆  UserID', userId)
  await answer('◆  Link of the folder', session.folderUrl)
  await answer('◆  openConversationId', openConversationId)
  await answer('◆  Where do you want')
  await answer('◆  Upload a small file')
  expect(await exit).toBe(0)
  expect(session.emulator.messages).toHaveLength(1)
  expect(terminal.text).not.toContain(appSecret)
  expect(parseEnv(readFileSync(join(session.directory, '.env'), 'utf8'))['DINGTALK_APP_SECRET']).toBe(
    appSecret,
  )
})

inTerminal(
  'Ctrl-C ends a check that is under way, and the next run continues, in another language',
  async () => {
    session = await setupSession({ latency: 600_000 })
    const { appKey, appSecret } = session.emulator.values
    const { terminal, exit, answer } = start()
    await answer('What do you want')
    await answer('How do you want')
    await answer('◆  Client ID', appKey)
    await answer('◆  Client Secret', appSecret)
    await terminal.until('Please wait', exit)
    terminal.press('ctrl-c')
    expect(await exit).toBe(130)
    const again = start({ LANG: 'zh_CN.UTF-8' })
    await again.answer('◆  找到之前的配置')
    await again.terminal.until('◆  Client Secret', again.exit)
    again.terminal.press('ctrl-c')
    expect(await again.exit).toBe(130)
    expect(session.filesWith(appSecret)).toEqual([])
  },
)
