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
