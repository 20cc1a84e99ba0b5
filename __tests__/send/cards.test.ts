// Action cards, mentions, and several webhooks, on a simulated clock.
import { writeFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Operation, Play } from '../../emulator/emulator.ts'
import * as plays from '../../emulator/faults/plays.ts'
import { refusal } from '../../emulator/faults/refusals.ts'
import { MAX_MESSAGE, sizeBeside } from '../../src/dingtalk/robots.ts'
import { buttonsFor } from '../../src/send/message.ts'
import type { Facts } from '../../src/send/placeholders.ts'
import { job, type Job } from '../../test-support/job.ts'

let step: Job

beforeEach(async () => {
  step = await job()
  writeFileSync('a.txt', 'a')
})
afterEach(() => step.end())

const CARD = { message: '构建', buttons: '[a](https://a.b/)\n[c](https://c.d/)' }
const byWebhook = () => {
  const { webhook, secret } = step.emulator.others.customRobot
  return { 'chat-id': '', 'robot-webhook': webhook, 'robot-secret': secret, ...CARD }
}
const byTwo = () => {
  const { customRobot, secondRobot } = step.emulator.others
  return {
    ...byWebhook(),
    'robot-webhook': `${customRobot.webhook}\n${secondRobot.webhook}`,
    'robot-secret': `${customRobot.secret}\n${secondRobot.secret}`,
  }
}
const byCode = () => ({ 'robot-code': step.emulator.others.robotCode, ...CARD })
const posts = () => step.emulator.messages.filter(({ kind }) => kind !== 'file')
/** The groups of the two robots. */
const groups = () => {
  const { values, others } = step.emulator
  return [values.openConversationId, others.secondGroup.openConversationId]
}
/** The webhooks that were called, in order: 1 or 2. */
const called = () => {
  const { customRobot } = step.emulator.others
  const token = new URL(customRobot.webhook).searchParams.get('access_token')!
  return step.emulator.requests
    .filter(({ operation }) => operation === 'postByWebhook')
    .map(({ path }) => (new URL(path, 'http://oapi').searchParams.get('access_token') === token ? 1 : 2))
}
const bodies = (operation: Operation) =>
  step.emulator.requests
    .filter((request) => request.operation === operation)
    .map(({ body }) => JSON.parse(body ?? '') as Record<string, unknown>)

describe('a card whose response is lost', () => {
  test.each<Play>([
    { kind: 'cut-after' },
    { kind: 'hang-after' },
    { ...plays.badGateway, kind: 'answer-after' },
    { kind: 'answer-after', status: 200, body: { errcode: -1, errmsg: 'busy' } },
  ])('is posted again by a webhook with the same msgUuid, and arrives once: %j', async (play) => {
    step.emulator.faults.add({ operation: 'postByWebhook', play })
    expect((await step.run(byWebhook())).ok).toBe(true)
    const [first, second] = bodies('postByWebhook')
    expect(second).toEqual(first)
    expect(first).toMatchObject({ msgtype: 'actionCard', msgUuid: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(posts()).toHaveLength(1)
  })

  test.each<Play>([
    { kind: 'cut-after' },
    { kind: 'cut-before' },
    { kind: 'hang-after' },
    refusal('post', 'unknown.send.result'),
  ])("is in doubt if the app's robot posted it, and is not posted again: %j", async (play) => {
    step.emulator.faults.add({ operation: 'post', play })
    const { ok, errors } = await step.run(byCode())
    expect(ok).toBe(false)
    expect(errors).toEqual([expect.stringMatching(/may or may not have been posted/)])
    expect(step.count('post')).toBe(1)
  })
})

test.each([
  ['postByWebhook', byWebhook],
  ['post', () => ({ ...byCode(), 'chat-id': step.emulator.values.chatId })],
] as const)('does not mention files for a message without files in doubt: %s', async (operation, given) => {
  step.emulator.faults.add({ operation, times: Infinity, play: { kind: 'cut-after' } })
  const { errors } = await step.run({ ...given(), path: '', retries: '0' })
  expect(errors).toEqual([expect.stringMatching(/may or may not have been posted/)])
  expect(errors[0]).not.toMatch(/\bfiles?\b|文件/)
})

describe('two webhooks', () => {
  const both = async () => {
    const result = await step.run(byTwo())
    const { customRobot, secondRobot } = step.emulator.others
    const told = JSON.stringify([
      result.log,
      result.errors,
      result.warnings,
      result.outputs,
      result.summaries,
    ])
    for (const { webhook, secret } of [customRobot, secondRobot])
      for (const hidden of [webhook, secret, new URL(webhook).searchParams.get('access_token')!])
        expect(told).not.toContain(hidden)
    return result
  }

  test('each get the message once, signed by their own secret, with their own msgUuid', async () => {
    expect((await both()).ok).toBe(true)
    expect(
      posts()
        .map(({ to }) => to)
        .sort(),
    ).toEqual(groups().sort())
    expect(new Set(bodies('postByWebhook').map(({ msgUuid }) => msgUuid)).size).toBe(2)
  })

  test.each(['400102', '310000', '410100', '430101', '400013'])(
    'post independently if one fails (%s), and the error names it',
    async (code) => {
      for (const nth of [1, 2]) {
        await step.restart({})
        step.emulator.faults.add({ operation: 'postByWebhook', nth, play: refusal('postByWebhook', code) })
        const { ok, errors } = await both()
        expect(ok).toBe(false)
        const refused = called()[nth - 1]!
        expect(errors).toEqual([expect.stringMatching(new RegExp(`webhook ${refused}\\b.*${code}`, 's'))])
        expect(errors[0]).not.toMatch(new RegExp(`webhook ${3 - refused}\\b`))
        expect(posts().map(({ to }) => to)).toEqual([groups()[2 - refused]])
        expect(step.count('postByWebhook')).toBe(2)
      }
    },
  )

  test('cause one error that names both if both fail', async () => {
    step.emulator.faults.add({
      operation: 'postByWebhook',
      times: Infinity,
      play: refusal('postByWebhook', '400102'),
    })
    expect((await both()).errors).toEqual([expect.stringMatching(/webhook 1\b.*webhook 2\b/s)])
  })

  test('report a doubt of one only', async () => {
    step.emulator.faults.add({ operation: 'postByWebhook', play: { kind: 'cut-after' } })
    const { ok, errors } = await step.run({ ...byTwo(), retries: '0' })
    expect(ok).toBe(false)
    const [lost] = called()
    expect(errors).toEqual([
      expect.stringMatching(
        new RegExp(`may or may not have been posted to the group of webhook ${lost!}\\b`),
      ),
    ])
    expect(errors[0]).not.toMatch(new RegExp(`webhook ${3 - lost!}\\b`))
    expect(
      posts()
        .map(({ to }) => to)
        .sort(),
    ).toEqual(groups().sort())
  })

  test('do not wait for one that does not respond', async () => {
    step.emulator.faults.add({ operation: 'postByWebhook', play: { kind: 'hang' } })
    const advance = step.clock.advance.bind(step.clock)
    // No time passes until the other has posted. If it waited for its turn, the job would never end.
    step.clock.advance = (ms) => {
      if (posts().length > 0) advance(ms)
    }
    const { errors } = await step.run({ ...byTwo(), retries: '0' })
    const [hung] = called()
    expect(errors).toEqual([expect.stringContaining(`webhook ${hung!}`)])
    expect(posts().map(({ to }) => to)).toEqual([groups()[2 - hung!]])
  })

  test('do not wait for one that is throttled', async () => {
    const body = { errcode: 130101, errmsg: 'send too fast' }
    step.emulator.faults.add({ operation: 'postByWebhook', play: { kind: 'answer', status: 200, body } })
    const sleep = step.clock.sleep.bind(step.clock)
    step.clock.sleep = async (ms, signal) => {
      while (posts().length === 0) await turn()
      return sleep(ms, signal)
    }
    expect((await both()).ok).toBe(true)
    const [throttled] = called()
    expect(posts().map(({ to }) => to)).toEqual([groups()[2 - throttled!], groups()[throttled! - 1]])
  })

  test('each have their own limit of 20 messages per minute', async () => {
    for (let n = 0; n < 20; n++) await step.run(byWebhook())
    step.clock.slept.length = 0
    const { secondRobot } = step.emulator.others
    const second = { 'robot-webhook': secondRobot.webhook, 'robot-secret': secondRobot.secret }
    expect((await step.run({ ...byWebhook(), ...second })).ok).toBe(true)
    expect(step.clock.slept.filter((ms) => ms >= 15_000)).toEqual([])
    // The first has to wait, and still posts.
    expect((await both()).ok).toBe(true)
    expect(step.clock.slept.filter((ms) => ms >= 15_000).length).toBeGreaterThan(0)
    expect(posts()).toHaveLength(23)
  })

  test('post once if they are the same', async () => {
    const { webhook, secret } = step.emulator.others.customRobot
    const twice = { 'robot-webhook': `${webhook}\n${webhook}`, 'robot-secret': `${secret}\n${secret}` }
    expect((await step.run({ ...byWebhook(), ...twice })).ok).toBe(true)
    expect(step.count('postByWebhook')).toBe(1)
  })
})

describe('buttons', () => {
  const facts: Facts = {
    files: [{ name: 'a [1].apk', url: 'https://qr.dingtalk.com/page/yunpan?fileId=1&type=file', size: 1 }],
    status: 'failure',
    run: undefined,
    language: 'en',
  }
  const run = {
    workflow: 'Release [1]',
    number: 7,
    url: 'https://github.com/o/r/actions/runs/1',
    commit: '0123456789abcdef',
    commitUrl: 'https://github.com/o/r/commit/0123456789abcdef',
    actor: 'octo*cat',
    ref: 'feature/ä b',
    repository: 'o/r',
    title: 'x',
    changes: [],
  } as unknown as NonNullable<Facts['run']>

  test.each([
    ['{run}: {files}', '{run}', 'Release [1] 7: 1 file', run.url],
    ['{commit}', '{commit}#diff', '0123456', `${run.commitUrl}#diff`],
    ['Install', '{files}', 'Install', facts.files[0]!.url],
    ['{ref}', 'https://a.b/?ref={ref}', 'feature/ä b', 'https://a.b/?ref=feature%2F%C3%A4%20b'],
    ['x', 'https://a.b/{unknown}', 'x', 'https://a.b/{unknown}'],
  ])('[%s](%s)', (title, url, shownTitle, shownUrl) => {
    expect(buttonsFor([{ title, url }], { ...facts, run })).toEqual([{ title: shownTitle, url: shownUrl }])
  })

  test('treat external values as text', () => {
    const ref = 'x&pc_slide=true#?](https://evil.example)\n::error::'
    const [button] = buttonsFor([{ title: '{ref}', url: 'https://a.b/?r={ref}&n=1' }], {
      ...facts,
      run: { ...run, ref },
    })
    expect(button!.title).not.toMatch(/\n/)
    const { host, searchParams, hash } = new URL(button!.url)
    expect([host, searchParams.get('n'), hash]).toEqual(['a.b', '1', ''])
    expect([...searchParams.keys()]).toEqual(['r', 'n'])
  })

  test('leave out one without a title or an address', () => {
    const templates = [
      { title: 'Log', url: '{run}' },
      { title: '{actor}', url: 'https://a.b' },
      { title: 'x', url: 'https://a.b' },
    ]
    expect(buttonsFor(templates, facts)).toEqual([{ title: 'x', url: 'https://a.b' }])
  })

  test('leave most of the message for its text', () => {
    const family = '👩🏽‍👩🏽‍👧🏽‍👦🏽'.repeat(500)
    const template = { title: '{title}', url: `https://a.b/?${'{title}'.repeat(3)}` }
    const buttons = buttonsFor(Array(5).fill(template), { ...facts, run: { ...run, title: family } })
    expect(sizeBeside(buttons)).toBeLessThanOrEqual(MAX_MESSAGE / 2)
  })

  test('make a Markdown message if none is left', async () => {
    const alone = { path: '', 'user-id': '', 'union-id': '', 'space-id': '', 'parent-id': '' }
    const result = await step.run({ ...byWebhook(), ...alone, buttons: '[Download]({files})' })
    expect(result.ok).toBe(true)
    expect(posts()).toMatchObject([{ kind: 'markdown' }])
    expect(result.log.some((line) => /left out.* 1\./i.test(line))).toBe(true)
  })

  test('shorten a long list of files to have room for buttons and mentions', async () => {
    for (let n = 0; n < 60; n++) writeFileSync(`构建-${n}-${'长'.repeat(60)}.txt`, 'x')
    const { robotCode, secondUser } = step.emulator.others
    const buttons = Array.from({ length: 5 }, (_, n) => `[b${n}](https://a.b/${'x'.repeat(900)})`).join('\n')
    const card = { message: '构建\n\n{files}', buttons, concurrency: '16' }
    expect((await step.run({ ...card, 'robot-code': robotCode })).ok).toBe(true)
    const [{ msgParam } = {}] = bodies('post')
    expect(Buffer.byteLength(msgParam as string)).toBeLessThanOrEqual(MAX_MESSAGE)
    expect(Buffer.byteLength(msgParam as string)).toBeGreaterThan(MAX_MESSAGE - 500)
    const ids = Array.from({ length: 49 }, (_, n) => `user${n}${'x'.repeat(50)}`)
    const mentions = { mention: [secondUser.userId, ...ids].join('\n') }
    expect((await step.run({ ...byWebhook(), ...card, ...mentions })).ok).toBe(true)
    const { text, mentions: notified } = posts().at(-1)!
    expect(notified).toEqual([secondUser.userId])
    expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(MAX_MESSAGE - 5 * 900)
  })
})

describe('shortens a message that is too long with a warning, and sends the files', () => {
  const notes = `# 1.2.0\n\n${'- Fixed: 修复了一个问题\n'.repeat(700)}`
  const sizeOf = (text: string) => Buffer.byteLength(JSON.stringify(text))

  test.each(['webhook', 'app'])('by a robot: %s', async (kind) => {
    const { robotCode } = step.emulator.others
    const robot = kind === 'app' ? { 'robot-code': robotCode } : byWebhook()
    const { ok, warnings, outputs } = await step.run({ ...robot, message: notes })
    expect([ok, warnings.length, outputs['uploaded-count']]).toEqual([true, 1, '1'])
    expect(warnings[0]).toContain(String(MAX_MESSAGE))
    const text = step.emulator.messages.at(-1)!.text!
    expect(notes.startsWith(text.slice(0, -1))).toBe(true)
    expect(sizeOf(text)).toBeGreaterThan(MAX_MESSAGE - 500)
  })

  test('even if only its mentions make it too long', async () => {
    const message = 'x'.repeat(MAX_MESSAGE - 500)
    const whole = await step.run({ ...byWebhook(), message })
    expect([whole.ok, whole.warnings]).toEqual([true, []])
    const ids = Array.from({ length: 50 }, (_, n) => `user${n}${'x'.repeat(50)}`)
    const { ok, warnings } = await step.run({ ...byWebhook(), message, mention: ids.join('\n') })
    expect([ok, warnings.length]).toEqual([true, 1])
  })
})

test('keeps the position of mentions in the text, and adds a line for the others', async () => {
  const { values, others } = step.emulator
  const message = `构建 @${values.userId}: {files}`
  const { log, ok } = await step.run({
    ...byWebhook(),
    message,
    mention: [values.userId, others.secondUser.userId, others.secondUser.mobile].join('\n'),
  })
  expect(ok).toBe(true)
  const [{ text, mentions } = {}] = posts()
  expect(text!.split('\n').at(-1)).toBe(`@${others.secondUser.userId} @${others.secondUser.mobile}`)
  expect(mentions).toEqual([values.userId, others.secondUser.userId])
  expect(JSON.stringify(log)).not.toContain(others.secondUser.mobile)
})
