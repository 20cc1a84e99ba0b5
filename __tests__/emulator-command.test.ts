import { expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { request } from 'undici'

const MAIN = join(import.meta.dirname, '../emulator/main.ts')

test('prints one line of JSON, serves, takes faults, and ends when it is told to', async () => {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--etag', 'opaque'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line))
  await once(reader, 'line')
  const values = JSON.parse(lines[0]!) as Record<string, string>
  expect(Object.keys(values)).toEqual([
    'apiBaseUrl',
    'oapiBaseUrl',
    'appKey',
    'appSecret',
    'userId',
    'unionId',
    'spaceId',
    'parentId',
    'parentUuid',
    'chatId',
    'openConversationId',
  ])
  const body = JSON.stringify({ operation: 'accessToken', play: 'throttledQps' })
  await request(`${values['apiBaseUrl']!}/_emulator/faults`, { method: 'POST', body })
  const answer = await request(`${values['apiBaseUrl']!}/v1.0/oauth2/accessToken`, {
    method: 'POST',
    body: '{}',
  })
  expect(await answer.body.json()).toMatchObject({ code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' })
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([0, null])
  expect(lines).toHaveLength(1)
})

test.each([
  [['--port', 'x'], '--port: a whole number'],
  [['--etag', 'sha'], '--etag: one of md5, opaque'],
  [['--colour', 'red'], "Unknown option '--colour'"],
])('%j is refused', async (args, said) => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  expect(await once(child, 'close')).toEqual([2, null])
  expect(stderr).toContain(said)
})
