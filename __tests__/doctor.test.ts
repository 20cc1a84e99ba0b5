// `npm run doctor`: mode: check at a desk, by the committed bundle.
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type Emulator } from '../emulator/emulator.ts'

let emulator: Emulator
let directory: string
beforeEach(async () => {
  emulator = await startEmulator()
  directory = mkdtempSync(join(tmpdir(), 'doctor-'))
})
afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

/** The lines of the file that a newcomer fills in. */
function environment(): Record<string, string> {
  const { appKey, appSecret, userId, spaceId, parentId, chatId, apiBaseUrl, oapiBaseUrl } = emulator.values
  return {
    DINGTALK_APP_KEY: appKey,
    DINGTALK_APP_SECRET: `'${appSecret}'`,
    DINGTALK_USER_ID: userId,
    DINGTALK_FOLDER_URL: `https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=${spaceId}&fileId=${parentId}&type=folder`,
    DINGTALK_CHAT_ID: chatId,
    DINGTALK_API_BASE_URL: apiBaseUrl,
    DINGTALK_OAPI_BASE_URL: oapiBaseUrl,
  }
}

async function doctor(lines?: Record<string, string>) {
  const file = join(directory, '.env')
  const text = Object.entries(lines ?? {}).map(([name, value]) => `${name}=${value}\n`)
  if (lines) writeFileSync(file, `# what it is for\n${text.join('')}`)
  const child = spawn(process.execPath, [join(import.meta.dirname, '../scripts/doctor.ts'), file])
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  return { exitCode, output }
}

test('says what holds, and nothing of the secret', async () => {
  const { exitCode, output } = await doctor(environment())
  expect(output).toContain('✅ Folder / 目标文件夹: “构建产物” is there, and is a folder')
  expect(output).toContain('18 of 18 requirements hold; nothing was uploaded or sent')
  expect(output).not.toContain('::')
  expect(output).not.toContain(emulator.values.appSecret)
  expect(exitCode).toBe(0)
})

test('says what fails and what to do, and exits with 1', async () => {
  emulator.scopes.withdraw('ConvFile.File.Send')
  const { exitCode, output } = await doctor(environment())
  expect(output).toMatch(
    /^Error: 1 of what this workflow needs .*缺少或有误：1 项\n❌ Permission .*群文件发送权限 \(ConvFile\.File\.Send\)/m,
  )
  expect(output).toContain('→ 请为应用开通权限 群文件发送权限 (ConvFile.File.Send)')
  expect(exitCode).toBe(1)
})

test('a variable that no input is named after is refused: it would be left out silently', async () => {
  const { exitCode, output } = await doctor({ ...environment(), DINGTALK_CHATID: 'x' })
  expect(output).toContain('there is no input for DINGTALK_CHATID')
  expect(exitCode).toBe(2)
})

test('without the file, it says where it comes from', async () => {
  const { exitCode, output } = await doctor()
  expect(output).toContain('copy .env.example to .env')
  expect(exitCode).toBe(2)
})
