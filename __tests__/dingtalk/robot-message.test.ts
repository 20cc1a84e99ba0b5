// The robots' messages in the format of the platform's pages.
import { describe, expect, test } from '@jest/globals'
import { templateOf, webhookBodyOf, withMentions } from '../../src/dingtalk/robots.ts'

const message = (count: number) => ({
  title: 't',
  text: 'x',
  buttons: Array.from({ length: count }, (_, n) => ({
    title: `b${n}`,
    url: `https://alidocs.dingtalk.com/${n}`,
  })),
})
const template = (count: number) => {
  const { msgKey, msgParam } = templateOf(message(count))
  return { msgKey, ...(JSON.parse(msgParam) as object) }
}

test("the templates of the app's robot, by the number of buttons", () => {
  expect(template(0)).toEqual({ msgKey: 'sampleMarkdown', title: 't', text: 'x' })
  expect(template(1)).toEqual({
    msgKey: 'sampleActionCard',
    title: 't',
    text: 'x',
    singleTitle: 'b0',
    singleURL: 'https://alidocs.dingtalk.com/0',
  })
  for (const count of [2, 3, 4, 5]) {
    const actions = message(count).buttons.flatMap(({ title, url }, n) => [
      [`actionTitle${n + 1}`, title],
      [`actionURL${n + 1}`, url],
    ])
    const expected = { msgKey: `sampleActionCard${count}`, title: 't', text: 'x' }
    expect(template(count)).toEqual({ ...expected, ...Object.fromEntries(actions) })
  }
})

test('the same for a custom robot', () => {
  expect(webhookBodyOf(message(0), undefined)).toEqual({
    msgtype: 'markdown',
    markdown: { title: 't', text: 'x' },
  })
  const mentions = { userIds: ['u1'], mobiles: ['13800138000'], everyone: true }
  const at = { atUserIds: ['u1'], atMobiles: ['13800138000'], isAtAll: true }
  const text = 'x\n\n@u1 @13800138000'
  expect(webhookBodyOf(message(1), mentions)).toEqual({
    msgtype: 'actionCard',
    actionCard: {
      title: 't',
      text,
      btnOrientation: '0',
      singleTitle: 'b0',
      singleURL: 'https://alidocs.dingtalk.com/0',
    },
    at,
  })
  const btns = message(5).buttons.map(({ title, url }) => ({ title, actionURL: url }))
  expect(webhookBodyOf(message(5), mentions)).toEqual({
    msgtype: 'actionCard',
    actionCard: { title: 't', text, btnOrientation: '0', btns },
    at,
  })
})

const BROWSER = 'dingtalk://dingtalkclient/page/link?pc_slide=false&url='

test.each([
  ['https://github.com/octo/app?a=1&b=%2F#c', true],
  ['http://127.0.0.1:8080/x', true],
  ['https://dingtalk.com.example.com/', true],
  ['https://notdingtalk.com/', true],
  ['https://example.com/?from=dingtalk.com', true],
  ['https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=1&fileId=2&type=file', false],
  ['https://ALIDOCS.dingtalk.com/i/nodes/x', false],
  ['https://dingtalk.com/', false],
  ['https://app.dingtalk.io/', false],
  ['dingtalk://dingtalkclient/page/link?url=x&pc_slide=true', false],
])('opens %s in the browser: %s', (url, inBrowser) => {
  const { msgParam } = templateOf({ title: 't', text: 'x', buttons: [{ title: 'b', url }] })
  const { singleURL } = JSON.parse(msgParam) as { singleURL: string }
  if (!inBrowser) expect(singleURL).toBe(url)
  else {
    const { origin, pathname, host, searchParams } = new URL(singleURL)
    expect([origin, host, pathname]).toEqual(Object.values(pick(new URL(BROWSER))))
    expect(Object.fromEntries(searchParams)).toEqual({ url, pc_slide: 'false' })
  }
})

function pick({ origin, host, pathname }: URL) {
  return { origin, host, pathname }
}

describe('mentions in the text', () => {
  const added = (text: string, userIds: string[], mobiles: string[] = []) =>
    withMentions(text, { userIds, mobiles, everyone: true }).slice(text.length)

  test.each([
    ['@user1', ['user1'], ''],
    ['x @user1, and', ['user1'], ''],
    ['x @user1. And', ['user1'], ''],
    ['x', [], ''],
    ['x', ['user1', 'user2'], '\n\n@user1 @user2'],
    ['x @user2', ['user1', 'user2'], '\n\n@user1'],
    // The names of others.
    ['@user12', ['user1'], '\n\n@user1'],
    ['@user1-2 @user1.2 @user1@a', ['user1'], '\n\n@user1'],
    ['user1', ['user1'], '\n\n@user1'],
    ['@user12 @user1', ['user1'], ''],
    ['$& @a.c', ['a.b'], '\n\n@a.b'],
  ])('text %j that mentions %j gets %j appended', (text, userIds, line) => {
    expect(added(text, userIds)).toBe(line)
  })

  test('work by number and by user ID', () => {
    expect(added('@13800138000 @139', [], ['13800138000', '13900139000'])).toBe('\n\n@13900139000')
  })
})
