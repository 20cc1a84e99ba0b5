// The conversation, in a terminal of this process, against the emulator and stand-ins for dws, gh, and glab.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Line, setupSession, type SetupSession } from '../../test-support/setup-session.ts'

let session: SetupSession
beforeEach(async () => {
  session = await setupSession()
})
afterEach(() => session.end())

/** The questions of a setup by hand, and the right answers. */
function byHand(): Record<
  'use' | 'way' | 'key' | 'secret' | 'user' | 'folder' | 'group' | 'target' | 'file',
  Line
> {
  const { appKey, appSecret, userId, openConversationId } = session.emulator.values
  return {
    use: ['What do you want', '<enter>'],
    way: ['How do you want', '<enter>'],
    key: ['◆  Client ID', appKey],
    secret: ['◆  Client Secret', appSecret],
    user: ['◆  UserID', userId],
    folder: ['◆  Link of the folder', session.folderUrl],
    group: ['◆  openConversationId', openConversationId],
    target: ['◆  Where should', '<enter>'],
    file: ['◆  Upload a small file', '<enter>'],
  }
}

const env = () => parseEnv(readFileSync(join(session.directory, '.env'), 'utf8'))

test('by hand, from an empty directory to the file in the group', async () => {
  const { exitCode, text } = await session.play(Object.values(byHand()))
  expect(exitCode).toBe(0)
  const { appKey, appSecret, userId, openConversationId } = session.emulator.values
  expect(session.emulator.messages).toMatchObject([{ to: openConversationId, kind: 'file' }])
  expect(env()).toMatchObject({
    DINGTALK_APP_KEY: appKey,
    DINGTALK_APP_SECRET: appSecret,
    DINGTALK_USER_ID: userId,
    DINGTALK_FOLDER_URL: session.folderUrl,
    DINGTALK_CHAT_ID: openConversationId,
  })
  expect(text).not.toContain(appSecret)
  expect(session.filesWith(appSecret)).toEqual(['project/.env'])
})
