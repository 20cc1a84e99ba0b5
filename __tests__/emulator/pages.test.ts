// The pages of a group and of a user, which people open in a browser to see what arrived.
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/emulator.ts'
import { PNG } from '../../test-support/contract-calls.ts'
import { Caller } from '../../test-support/emulator-caller.ts'

let emulator: Emulator
let caller: Caller

beforeEach(async () => {
  emulator = await startEmulator({ clock: () => Date.parse('2026-08-01T02:03:00Z') })
  caller = new Caller(emulator)
})
afterEach(() => emulator.close())

const open = (path: string, headers: Record<string, string> = {}) =>
  caller.http(`${emulator.values.apiBaseUrl}/_emulator/${path}`, { method: 'GET', headers })
const group = () => open(`groups/${emulator.values.chatId}`)

const post = async (msgKey: string, msgParam: object) => {
  const { status } = await caller.gateway('/v1.0/robot/groupMessages/send', {
    body: {
      robotCode: emulator.others.robotCode,
      openConversationId: emulator.values.openConversationId,
      msgKey,
      msgParam: JSON.stringify(msgParam),
    },
  })
  expect(status).toBe(200)
}

const upload = async () => {
  const form = new FormData()
  form.append('media', new File([PNG], 'qr.png'))
  const query = { access_token: await caller.token(), type: 'image' }
  return (await caller.oapi('/media/upload', { query, body: form })).json.media_id
}

const send = async (name: string, bytes: Buffer, call = 'conversations/files/send', to?: string) => {
  const { json } = await caller.upload(name, bytes)
  const { spaceId, openConversationId, unionId } = emulator.values
  const { status } = await caller.gateway(`/v1.0/convFile/${call}`, {
    query: { unionId: to ?? unionId },
    body: { spaceId, dentryId: json.dentry.id, openConversationId },
  })
  expect(status).toBe(200)
}

/** The text of each message, without its tags. */
const shown = (html: string) =>
  [...html.matchAll(/<article>(.*?)<\/article>/gs)].map(([, article = '']) =>
    article
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )

test("shows a group's messages, pictures, and files in order, with sender and time", async () => {
  await send('app-v1.2.0.apk', Buffer.alloc(1_572_864))
  await send('日志.txt', Buffer.alloc(7), 'conversations/files/links/send')
  await post('sampleMarkdown', { title: 't', text: '## Build 7\n\n**done**: [log](https://ci.example/7)' })
  await post('sampleActionCard2', {
    title: 't',
    text: 'x',
    actionTitle1: 'Install',
    actionURL1: `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent('https://ci.example/a?b=1')}`,
    actionTitle2: 'Log',
    actionURL2: 'https://ci.example/8',
  })
  const picture = await upload()
  await post('sampleImageMsg', { photoURL: picture })
  const { webhook, keyword } = emulator.others.keywordRobot
  const { userId } = emulator.others.secondUser
  await caller.http(webhook, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      msgtype: 'markdown',
      markdown: { title: 't', text: `${keyword} @${userId}` },
      at: { atUserIds: [userId] },
    }),
  })
  const requests = emulator.requests.length

  const { status, text } = await group()
  const at = '8月1日 10:03'
  expect([status, shown(text)]).toEqual([
    200,
    [
      `构 构建机器人 ${at} app-v1.2.0.apk 1.5 MB apk`,
      `构 构建机器人 ${at} 日志.txt 7 B / 云盘链接 / Drive link txt`,
      `应 应用机器人 / App robot ${at} Build 7 done : log`,
      `应 应用机器人 / App robot ${at} x Install Log`,
      `应 应用机器人 / App robot ${at}`,
      `自 自定义机器人 / Custom robot ${at} ${keyword} @张三`,
    ],
  ])
  expect(text).toContain('<h2>Build 7</h2>')
  expect(text).toContain('<a href="https://ci.example/7">log</a>')
  // What opens in the browser from DingTalk opens there from the page.
  const links = [...text.matchAll(/<a href="([^"]*)">/g)].map(([, href = '']) =>
    href.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
  )
  expect(links).toEqual(['https://ci.example/7', 'https://ci.example/a?b=1', 'https://ci.example/8'])
  expect([...text.matchAll(/<img [^>]*>/g)]).toHaveLength(1)
  const [, src = ''] = /<img class="picture" src="\.\.\/([^"]*)"/.exec(text) ?? []
  const image = await open(src)
  expect([image.headers['content-type'], image.text]).toEqual(['image/png', PNG.toString()])
  expect(emulator.requests).toHaveLength(requests)
})

test("shows only a user's own messages on their page", async () => {
  const { values, others } = emulator
  const { userId, unionId } = others.secondUser
  await send('a.ipa', Buffer.alloc(2048), 'apps/conversations/files/send', unionId)
  await caller.gateway('/v1.0/robot/oToMessages/batchSend', {
    body: {
      robotCode: others.robotCode,
      userIds: [userId],
      msgKey: 'sampleMarkdown',
      msgParam: '{"title":"t","text":"for you"}',
    },
  })
  const own = ['应 应用 / App 8月1日 10:03 a.ipa 2 KB ipa', '应 应用机器人 / App robot 8月1日 10:03 for you']
  for (const id of [userId, unionId]) expect(shown((await open(`users/${id}`)).text)).toEqual(own)
  expect(shown((await open(`users/${values.userId}`)).text)).toEqual([])
  expect(shown((await group()).text)).toEqual([])
})

test("finds a group's page by both IDs only", async () => {
  const { chatId, openConversationId } = emulator.values
  const byChatId = await open(`groups/${chatId}`)
  const byConversation = await open(`groups/${encodeURIComponent(openConversationId)}`)
  expect(byConversation.text).toBe(byChatId.text)
  for (const path of ['groups/x', 'users/x', 'media/x', `users/${chatId}`, 'groups/'])
    expect(await open(path)).toMatchObject({ status: 400, json: { error: expect.any(String) } })
})

test('contains no secret, and loads and runs nothing', async () => {
  await post('sampleMarkdown', { title: 't', text: 'x' })
  const { text, headers } = await group()
  for (const secret of emulator.secrets()) expect(text).not.toContain(secret)
  const policy = String(headers['content-security-policy']).split('; ')
  const style = /<style>(.*?)<\/style>/s.exec(text)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(policy.toSorted()).toEqual([
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    `style-src 'sha256-${hash}'`,
  ])
})

test.each([{ origin: 'https://page.example' }, { host: 'page.example' }])(
  'rejects requests from other pages: %j',
  async (headers) => {
    for (const path of [`groups/${emulator.values.chatId}`, `media/${await upload()}`])
      expect((await open(path, headers)).status).toBe(403)
  },
)

describe('shows the contents of messages as text', () => {
  const TAGS =
    /^(a|article|base|bdi|blockquote|body|br|code|div|em|h[1-6]|header|html|img|li|link|main|meta|nav|ol|p|pre|small|span|strong|style|time|title|ul)$/

  const TAG = /<(\/?[a-z]\w*)((?:\s+[\w-]+="[^"<]*")*)\s*\/?>/g

  const HOSTILE = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "'><iframe src=javascript:alert(1)>",
    '</title></style><base href=https://evil.example>',
    '[x](javascript:alert(1)) [y](data:text/html,x) ![z](https://evil.example/z.png "t")',
    '![](https://evil.example/"onerror=alert(1))',
    '[![i](https://evil.example/i.png)](https://evil.example/)',
    '&lt;script&gt;',
    '\u202egnp.exe',
  ]

  test.each(HOSTILE)('%s', async (text) => {
    await send(`a'&lt;b&gt; ${text.replaceAll(/[\t*"<>|/]/g, '')}.apk`, Buffer.from('x'))
    await post('sampleImageMsg', { photoURL: `https://evil.example/${text}` })
    await post('sampleMarkdown', { title: text, text })
    await post('sampleActionCard2', {
      title: text,
      text: `# ${text}`,
      actionTitle1: text,
      actionURL1: 'javascript:alert(1)',
      actionTitle2: text,
      actionURL2: `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent('javascript:alert(1)')}`,
    })

    const { text: html } = await group()
    const tags = [...html.matchAll(TAG)]
    expect(tags.map(([, name = '']) => name.replace('/', '')).filter((name) => !TAGS.test(name))).toEqual([])
    // No other character begins a tag, and no attribute is without quotes.
    expect(html.replaceAll(TAG, '').replace('<!doctype html>', '')).not.toContain('<')
    expect(html).not.toContain("a'&lt;")
    const attributes = tags.flatMap(([, , all = '']) =>
      [...all.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, ...pair]) => pair),
    )
    expect(attributes.filter(([key = '']) => key.startsWith('on') || key === 'src')).toEqual([])
    const targets = attributes.filter(([key]) => key === 'href').map(([, value]) => value)
    expect(targets.filter((value = '') => !/^(https?:|\.\.\/|data:,$|$)/.test(value))).toEqual([])
    expect(shown(html)).toHaveLength(4)
  })
})
