// npm run doctor and npm run upload on a user's machine, as in docs/setup.md, with the values of .env.example.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/emulator.ts'
import { plainEnvironment } from '../../test-support/command.ts'
import { onPosix } from '../../test-support/on-posix.ts'

const ROOT = join(import.meta.dirname, '../..')

let emulator: Emulator
let directory: string
beforeEach(async () => {
  emulator = await startEmulator()
  directory = mkdtempSync(join(tmpdir(), 'desk-'))
})
afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

/** Fills .env.example in with the emulator's values, as the guide says. */
function fillIn(more = ''): void {
  const { appKey, appSecret, userId, spaceId, parentId, chatId, apiBaseUrl, oapiBaseUrl } = emulator.values
  const values: Record<string, string> = {
    APP_KEY: appKey,
    APP_SECRET: `'${appSecret}'`,
    USER_ID: userId,
    FOLDER_URL: `https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=${spaceId}&fileId=${parentId}&type=folder`,
    CHAT_ID: chatId,
    API_BASE_URL: apiBaseUrl,
    OAPI_BASE_URL: oapiBaseUrl,
  }
  const example = readFileSync(join(ROOT, '.env.example'), 'utf8')
  const filled = example.replace(/^(?:# )?DINGTALK_(\w+)=.*$/gm, (line, name: string) =>
    values[name] === undefined ? line : `DINGTALK_${name}=${values[name]}`,
  )
  writeFileSync(join(directory, '.env'), filled + more)
}

/** Runs a script as npm would in the directory. */
async function script(name: 'doctor' | 'upload', args: string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const given = name === 'doctor' ? ['--mode', 'check', ...args] : args
  const child = spawn(process.execPath, [join(ROOT, 'scripts/command.ts'), ...given], {
    cwd: ROOT,
    env: { ...plainEnvironment(), INIT_CWD: directory, LC_ALL: 'en_US.UTF-8', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  const [exitCode, output, complaint] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { exitCode, output, complaint }
}

test('the doctor shows what passed, and not the secret', async () => {
  fillIn()
  const { exitCode, output } = await script('doctor')
  expect(output).toMatch(/✅ .*构建产物/)
  expect(output).toMatch(/\b16\b/)
  expect(output).not.toContain('::')
  expect(output).not.toContain(emulator.values.appSecret)
  expect(exitCode).toBe(0)
})

test('the doctor shows what failed with a fix, and exits with 1', async () => {
  fillIn()
  emulator.scopes.withdraw('ConvFile.File.Send')
  const { exitCode, output } = await script('doctor')
  expect(output).toMatch(/^群文件发送权限 \(ConvFile\.File\.Send\): https:/m)
  expect(output.match(/^Error: /gm)).toHaveLength(1)
  expect(exitCode).toBe(1)
})

onPosix(
  'an emulator writes a file of values that only its owner can read, and the doctor accepts it',
  async () => {
    const file = join(directory, 'emulator.env')
    const rehearsal = spawn(process.execPath, [join(ROOT, 'emulator/main.ts'), '--env', file])
    const exited = once(rehearsal, 'exit')
    try {
      await once(createInterface({ input: rehearsal.stdout }), 'line')
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect((await script('doctor', ['--env', file])).exitCode).toBe(0)
    } finally {
      rehearsal.kill()
      await exited
    }
  },
)

test('a command uploads a file and sends it to the group', async () => {
  fillIn()
  writeFileSync(join(directory, 'build one.txt'), 'hello')
  const { exitCode, output } = await script('upload', ['build one.txt'])
  expect(output).toMatch(/^▾ .*5 B\nbuild one\.txt \(5 B\)\n✓ build one\.txt \(5 B\): /)
  expect(exitCode).toBe(0)
  expect(emulator.messages).toEqual([expect.objectContaining({ name: 'build one.txt', kind: 'file' })])
  const [file] = emulator.files().filter(({ name }) => name === 'build one.txt')
  expect(emulator.contents(file!.id).toString()).toBe('hello')
  expect(file!.parentId).toBe(emulator.values.parentId)
})

test('the name of an existing file is not a pattern', async () => {
  fillIn()
  for (const name of ['b [1].txt', 'b 1.txt']) writeFileSync(join(directory, name), name)
  expect((await script('upload', ['b [1].txt'])).exitCode).toBe(0)
  expect((await script('upload', ['b ?.txt'])).exitCode).toBe(0)
  expect(emulator.messages.map(({ name }) => name)).toEqual(['b [1].txt', 'b 1.txt'])
})

test('the path can be in the file, from any editor, and no workflow run is invented', async () => {
  const { webhook, secret } = emulator.others.customRobot
  fillIn(`DINGTALK_PATH=a.txt\nDINGTALK_MESSAGE='{files} {ref} {actor} {run}{commit}'
DINGTALK_ROBOT_WEBHOOK=${webhook}\nDINGTALK_ROBOT_SECRET=${secret}\n`)
  const file = join(directory, '.env')
  writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8').replaceAll('\n', '\r\n')}`)
  writeFileSync(join(directory, 'a.txt'), 'hello')
  expect((await script('upload')).exitCode).toBe(0)
  const message = emulator.messages.find(({ kind }) => kind === 'markdown')
  expect(message?.text).toMatch(/^- \[a\.txt\]\(https:[^)]+\) +$/)
})

test('a file of secrets is not uploaded', async () => {
  fillIn()
  const { exitCode, complaint } = await script('upload', ['.env'])
  expect(complaint).toContain('--env .env')
  expect(exitCode).toBe(2)
  expect(emulator.messages).toEqual([])
})

test('the doctor uploads nothing, whatever the environment contains', async () => {
  fillIn()
  writeFileSync(join(directory, 'a.txt'), 'hello')
  const { exitCode } = await script('doctor', [], { DINGTALK_MODE: 'upload', DINGTALK_PATH: 'a.txt' })
  expect(exitCode).toBe(0)
  expect(emulator.files().some(({ name }) => name === 'a.txt')).toBe(false)
  expect(emulator.messages).toEqual([])
})

const CHINESE = /[\u4e00-\u9fff]/
const ENGLISH = /\b[a-z]+ [a-z]+ [a-z]+ [a-z]+\b/

describe('the language', () => {
  const locale = (more: NodeJS.ProcessEnv) => ({ LC_ALL: '', LC_MESSAGES: '', LANG: '', ...more })

  test.each<[NodeJS.ProcessEnv, 'zh' | 'en']>([
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LC_MESSAGES: 'zh_TW', LANG: 'en_US.UTF-8' }, 'zh'],
    [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{}, 'en'],
  ])('of %j is %s in the step', async (given, language) => {
    fillIn()
    const { exitCode, output } = await script('upload', ['*.apk'], locale(given))
    expect(exitCode).toBe(1)
    expect(output).toMatch(language === 'zh' ? CHINESE : ENGLISH)
    expect(output).not.toMatch(language === 'zh' ? ENGLISH : CHINESE)
  })

  test.each([
    ['en', 'zh_CN.UTF-8', ENGLISH, CHINESE],
    ['zh', 'en_US.UTF-8', CHINESE, ENGLISH],
  ])('DINGTALK_LANGUAGE=%s takes precedence over %s', async (language, lang, is, isNot) => {
    fillIn(`\nDINGTALK_LANGUAGE=${language}\n`)
    const { output } = await script('upload', ['*.apk'], locale({ LANG: lang }))
    expect(output).toMatch(is)
    expect(output).not.toMatch(isNot)
  })

  test.each([
    ['zh_CN.UTF-8', CHINESE, ENGLISH],
    ['en_US.UTF-8', ENGLISH, CHINESE],
  ])('%s: is used before the step starts', async (lang, is, isNot) => {
    fillIn('\nDINGTALK_CHATID=x\n')
    const environment = locale({ LANG: lang })
    const complaints = [
      (await script('doctor', [], environment)).complaint,
      (await script('doctor', ['--env', 'other.env'], environment)).complaint,
      (await script('upload', ['.env'], environment)).complaint,
    ]
    for (const [index, named] of ['DINGTALK_CHATID', 'other.env', '--env .env'].entries()) {
      expect(complaints[index]).toContain(named)
      expect(complaints[index]).toMatch(is)
      expect(complaints[index]).not.toMatch(isNot)
    }
  })
})

test('a variable without an input is rejected', async () => {
  fillIn('\nDINGTALK_CHATID=x\n')
  const { exitCode, complaint } = await script('doctor')
  expect(complaint).toContain('DINGTALK_CHATID')
  expect(complaint).toContain('.env.example')
  expect(exitCode).toBe(2)
})

test('a missing file is explained', async () => {
  const { exitCode, complaint } = await script('upload', ['--env', 'other.env', 'x'])
  expect(complaint).toContain('other.env')
  expect(complaint).toContain('.env.example')
  expect(exitCode).toBe(2)
})
