import { expect, test } from '@jest/globals'
import { doubts } from '../../src/command/settings.ts'

const webhook = { 'robot-webhook': 'https://oapi.dingtalk.com/robot/send?access_token=1', message: 'done' }

test.each([
  ['an upload', {}, ['DINGTALK_APP_SECRET']],
  ['an upload with the secret', { 'app-secret': '1' }, []],
  ['a message by a webhook', webhook, []],
  ['files, and a message by a webhook', { ...webhook, path: '*.apk' }, ['DINGTALK_APP_SECRET']],
  ['a release', { 'app-secret': '1', 'release-tag': 'v1' }, ['DINGTALK_GITHUB_TOKEN', 'GITHUB_REPOSITORY']],
])('%s: what is missing', (_, given, missing) => {
  const told = doubts(given, {})
  expect(told).toHaveLength(missing.length)
  for (const [index, name] of missing.entries())
    expect([told[index]?.en, told[index]?.zh].every((text) => text?.includes(name))).toBe(true)
})

test.each([
  ['DINGTALK_APP_SECERT', ['DINGTALK_APP_SECRET']],
  ['DINGTALK_CHAT_IDS', ['DINGTALK_CHAT_ID']],
  ['DINGTALK_SOMETHING_ELSE', []],
  ['MY_CHAT_IDS', []],
])('the variable %s is near to %j', (name, meant) => {
  const doubted = doubts({ 'app-secret': '1' }, { [name]: 'x' })
  expect(doubted).toHaveLength(meant.length)
  for (const [index, other] of meant.entries())
    for (const text of [doubted[index]!.en, doubted[index]!.zh]) {
      expect(text).toContain(name)
      expect(text).toContain(other)
    }
  // A variable that is set is not one that was meant.
  for (const other of meant) expect(doubts({ 'app-secret': '1' }, { [name]: 'x', [other]: 'y' })).toEqual([])
})
