// Cards with buttons, mentions, and several webhooks: the messages in the groups, and secrets in the log.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../scripts/act.ts'
import { annotationsOf, errorsOf, maskCommand } from '../../test-support/bundle-job.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
  job.file('app.apk')
})
afterEach(() => job.end())

const byCode = () => ({ message: '## {ref}\n\n{files}', 'robot-code': job.emulator.others.robotCode })
const byWebhook = () => {
  const { webhook, secret } = job.emulator.others.customRobot
  return { message: '## {ref}\n\n{files}', 'chat-id': '', 'robot-webhook': webhook, 'robot-secret': secret }
}
const byTwo = () => {
  const { customRobot, secondRobot } = job.emulator.others
  return {
    ...byWebhook(),
    'robot-webhook': `${customRobot.webhook}\n${secondRobot.webhook}`,
    'robot-secret': `${customRobot.secret}\n${secondRobot.secret}`,
  }
}
const posts = () => job.emulator.messages.filter(({ kind }) => kind !== 'file')

/** As people see a step: its log without the commands that mask, its summary and its outputs. */
function shown({ stdout, stderr, summary, outputs }: StepResult): string {
  return stdout.replace(/^::add-mask::.*$/gm, '') + stderr + summary + JSON.stringify(outputs)
}

/** Expects that a value is masked, and that nothing shows it. */
function expectHidden(result: StepResult, ...values: string[]): void {
  for (const value of values) {
    expect(result.stdout.split('\n')).toContain(maskCommand(value))
    expect(shown(result)).not.toContain(value)
  }
}

/** The address that opens a page of the web in the browser. */
const inBrowser = (url: string) =>
  `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(url)}&pc_slide=false`

describe.each([
  ["the app's robot", byCode],
  ['a custom robot', byWebhook],
])('by %s', (_, given) => {
  test('posts Markdown without buttons', async () => {
    expect(errorsOf(await job.run(given()))).toBe('')
    expect(posts()).toMatchObject([{ kind: 'markdown', title: 'main' }])
    expect(posts()[0]?.buttons).toBeUndefined()
  })

  test.each([1, 2, 5])('buttons: %d', async (count) => {
    const buttons = [
      '[Download]({files})',
      '[Log of {ref}]({run})',
      '[Diff]({commit}#diff)',
      '[Notes](https://docs.dingtalk.com/i/nodes/x)',
      '[Test](https://example.com/?ref={ref}&by={actor})',
    ].slice(0, count)
    const result = await job.run({ ...given(), buttons: buttons.join('\n') })
    expect(errorsOf(result)).toBe('')
    const [card] = posts()
    expect(card).toMatchObject({
      kind: 'actionCard',
      title: 'main',
      text: expect.stringContaining('- [app.apk](https://'),
    })
    expect(card?.buttons).toEqual(
      [
        { title: 'Download', url: result.outputs['url'] },
        { title: 'Log of main', url: inBrowser('https://github.com/octo/app/actions/runs/42') },
        {
          title: 'Diff',
          url: inBrowser('https://github.com/octo/app/commit/0123456789abcdef0123456789abcdef01234567#diff'),
        },
        { title: 'Notes', url: 'https://docs.dingtalk.com/i/nodes/x' },
        { title: 'Test', url: inBrowser('https://example.com/?ref=main&by=octocat') },
      ].slice(0, count),
    )
  })
})

test('leaves out buttons whose filled-in address is empty, and logs their number', async () => {
  const given = {
    ...byWebhook(),
    path: '',
    'user-id': '',
    'space-id': '',
    'parent-id': '',
    message: 'Failed',
  }
  const buttons = '[x](https://example.com)\n[a]({files})\n[b]({files})'
  const result = await job.run({ ...given, 'app-key': '', 'app-secret': '', buttons })
  expect(errorsOf(result)).toBe('')
  expect(posts()[0]?.buttons?.map(({ title }) => title)).toEqual(['x'])
  expect(result.stdout).toMatch(/\b2\b(?!\d)/)
})

describe('mentions', () => {
  test.each<[string, () => Record<string, string>, () => string[]]>([
    [
      'a user',
      ({ values } = job.emulator) => ({ mention: values.userId }),
      () => [job.emulator.values.userId],
    ],
    [
      'a mobile number',
      ({ others } = job.emulator) => ({ mention: `+86-${others.secondUser.mobile}` }),
      () => [job.emulator.others.secondUser.userId],
    ],
    [
      'everyone',
      () => ({ mention: 'all' }),
      ({ values, others } = job.emulator) => [
        values.userId,
        others.secondUser.userId,
        others.userOutsideRange.userId,
      ],
    ],
  ])('%s, in Markdown and in a card', async (_, at, notified) => {
    for (const buttons of ['', '[x](https://example.com)\n[y](https://example.com)']) {
      const result = await job.run({ ...byWebhook(), ...at(), buttons })
      expect(errorsOf(result)).toBe('')
      const { kind, mentions, text } = posts().at(-1)!
      expect(kind).toBe(buttons ? 'actionCard' : 'markdown')
      expect(mentions).toEqual(notified())
      // In a line of its own.
      expect(text!.split('\n').at(-1)).toMatch(at()['mention'] === 'all' ? /^- \[/ : /^@\w+$/)
    }
  })

  test('hides a mobile number in the log, the summary, and the outputs', async () => {
    const { mobile } = job.emulator.others.secondUser
    const env = { RUNNER_DEBUG: '1' }
    const right = await job.run({ ...byWebhook(), mention: mobile }, { env })
    expectHidden(right, mobile)
    const wrong = await job.run({ ...byWebhook(), mention: `${mobile}\n138-0013-8000` }, { env })
    expectHidden(wrong, mobile)
    expect(shown(wrong)).not.toContain('138-0013-8000')
    expect(annotationsOf(wrong, 'error')).toHaveLength(1)
    expectWhole(annotationsOf(wrong, 'error')[0]!, 'mention', '2')
  })
})

describe('the author', () => {
  const NOREPLY = '123+Octo-Cat@users.noreply.github.com'
  const commit = (author: unknown, more: object = {}) => ({
    head_commit: { message: 'Fix', author },
    ...more,
  })
  const pull = (user: unknown) => ({
    pull_request: { title: 'Fix', user },
    // Someone else's commit.
    head_commit: { message: 'x', author: { username: 'mona', email: 'mona@example.com' } },
  })
  /** Runs a step on an event. @returns the users whom its message mentions, and its notices */
  const on = async (payload: unknown, given: Record<string, string> = {}) => {
    const path = join(job.directory, 'event.json')
    writeFileSync(path, JSON.stringify(payload))
    const { userId } = job.emulator.values
    const members = `# The team\nOcto-cat = ${userId}\nMONA@Example.com = ${job.emulator.others.secondUser.userId}\ndependabot[bot] = ${userId}`
    const inputs = { ...byWebhook(), path: 'app.apk', mention: 'author', members, ...given }
    const result = await job.run(inputs, { env: { GITHUB_EVENT_PATH: path } })
    expect(errorsOf(result)).toBe('')
    const notices = result.stdout.split('\n').filter((line) => line.startsWith('::notice'))
    return { mentions: posts().at(-1)!.mentions ?? [], notices, text: posts().at(-1)!.text! }
  }

  test.each<[string, unknown]>([
    ['by login', commit({ username: 'octo-CAT', email: 'other@example.com' })],
    ['by a noreply address', commit({ email: NOREPLY })],
    ['by one without a number', commit({ email: 'OCTO-CAT@users.noreply.github.com' })],
    ['of a pull request, who opened it', pull({ login: 'octo-cat', type: 'User' })],
    ['of a pull request that is commented on', { issue: { pull_request: {}, user: { login: 'octo-cat' } } }],
    [
      'of a run that another run triggered',
      { workflow_run: { head_commit: { message: 'x', author: { email: NOREPLY } } } },
    ],
    ['of a merge group', { merge_group: { head_commit: { message: 'x', author: { email: NOREPLY } } } }],
  ])('%s', async (_, payload) => {
    const { userId } = job.emulator.values
    expect(await on(payload)).toMatchObject({ mentions: [userId], notices: [] })
    // Once, with the others.
    const both = await on(payload, { mention: `${userId}\nauthor\n${job.emulator.others.secondUser.userId}` })
    expect(both.mentions).toEqual([userId, job.emulator.others.secondUser.userId])
    expect(both.text.split(`@${userId}`)).toHaveLength(2)
  })

  test("is matched by email only if the login isn't a member", async () => {
    const { secondUser } = job.emulator.others
    const mona = { email: 'mona@example.COM' }
    expect((await on(commit({ ...mona, username: 'stranger' }))).mentions).toEqual([secondUser.userId])
    expect((await on(commit({ ...mona, username: 'octo-cat' }))).mentions).toEqual([
      job.emulator.values.userId,
    ])
  })

  test.each<[string, unknown, string]>([
    ['unknown', commit({ username: 'stranger', email: 'stranger@example.com' }), 'stranger'],
    ['a bot by type', pull({ login: 'octo-cat', type: 'Bot' }), 'octo-cat'],
    ['a bot by name', commit({ username: 'dependabot[bot]', email: 'x@y.z' }), 'dependabot'],
    ['a bot by address', commit({ email: '4+dependabot[bot]@users.noreply.github.com' }), 'dependabot'],
    ['a pull request of a deleted user', pull(null), 'author'],
    ['an address that is a login', commit({ email: 'octo-cat' }), 'octo-cat'],
    ['a name of every object', commit({ username: 'constructor', email: '__proto__@x.y' }), 'constructor'],
    ['without a commit', {}, 'author'],
    ['an issue', { issue: { user: { login: 'octo-cat' } } }, 'author'],
  ])('is not mentioned if it is %s, and there is one notice', async (_, payload, named) => {
    const { mentions, notices, text } = await on(payload)
    expect([mentions, notices]).toEqual([[], [expect.stringContaining(named)]])
    expect(text).not.toContain('@')
    const others = await on(payload, { mention: `author\n${job.emulator.values.userId}` })
    expect(others).toMatchObject({ mentions: [job.emulator.values.userId], notices: [expect.anything()] })
  })

  test('is named without the address if only the address is known', async () => {
    const { notices } = await on(commit({ email: 'Stranger@Example.com' }))
    expect(notices[0]).toMatch(/s\*\*\*@example\.com/)
    expect(notices[0]).not.toMatch(/stranger/i)
  })

  test.each(['\n::error::x', '##[error]x', '\u202e@all', '::add-mask::main', 'x'.repeat(10_000)])(
    'cannot give the runner commands by a hostile name: %j',
    async (username) => {
      const { mentions, notices } = await on(commit({ username, email: username }))
      expect([mentions, notices.length]).toEqual([[], 1])
      expect(notices[0]!.length).toBeLessThan(500)
      expect(notices[0]).not.toMatch(/##\[|\u202e/)
    },
  )

  test('is that of the commit in the checkout if the event has none', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: job.directory, encoding: 'utf8' }).trim()
    git('init', '-q')
    git('-c', 'user.name=a', '-c', `user.email=${NOREPLY}`, 'commit', '-q', '--allow-empty', '-m', 'x')
    const path = join(job.directory, 'event.json')
    writeFileSync(path, JSON.stringify({ release: { name: 'v1', tag_name: 'v1' } }))
    const { userId } = job.emulator.values
    const given = { ...byWebhook(), path: 'app.apk', mention: 'author', members: `octo-cat=${userId}` }
    const env = { GITHUB_EVENT_PATH: path, GITHUB_SHA: git('rev-parse', 'HEAD') }
    expect(errorsOf(await job.run(given, { env }))).toBe('')
    expect(posts()[0]).toMatchObject({ mentions: [userId], title: 'main' })
  })

  test('is looked up in a file of members', async () => {
    const { userId } = job.emulator.values
    job.file('.github/members.txt', `\ufeff# The team\r\n\r\nocto-cat = ${userId}\r\n`)
    expect(await on(commit({ username: 'octo-cat' }), { members: '.github/members.txt' })).toMatchObject({
      mentions: [userId],
      notices: [],
    })
  })
})

describe('two webhooks', () => {
  const secrets = () =>
    [job.emulator.others.customRobot, job.emulator.others.secondRobot].flatMap(({ webhook, secret }) => [
      webhook,
      secret,
      new URL(webhook).searchParams.get('access_token')!,
    ])

  test('post once each, and the secret of each line is masked', async () => {
    const result = await job.run(byTwo(), { env: { RUNNER_DEBUG: '1' } })
    expect(errorsOf(result)).toBe('')
    const { values, others } = job.emulator
    const groups = [values.openConversationId, others.secondGroup.openConversationId]
    expect(
      posts()
        .map(({ to }) => to)
        .toSorted(),
    ).toEqual(groups.toSorted())
    expectHidden(result, ...secrets())
  })

  test("one that fails doesn't stop the other, and is named by its line", async () => {
    const { customRobot } = job.emulator.others
    const given = { ...byTwo(), 'robot-secret': `SECwrong\n${job.emulator.others.secondRobot.secret}` }
    const result = await job.run(given, { env: { RUNNER_DEBUG: '1' } })
    expect(result.exitCode).toBe(1)
    expect(posts().map(({ to }) => to)).toEqual([job.emulator.others.secondGroup.openConversationId])
    const errors = annotationsOf(result, 'error')
    expect(errors).toHaveLength(1)
    expectWhole(errors[0]!, 'webhook', '1', 'robot-secret')
    expect(errors[0]!.details).toContain('310000')
    expect(result.outputs['uploaded-count']).toBe('1')
    expectHidden(result, ...secrets().filter((secret) => secret !== customRobot.secret), 'SECwrong')
  })

  test('are rejected before any call if the number of secrets differs', async () => {
    const result = await job.run({ ...byTwo(), 'robot-secret': job.emulator.others.customRobot.secret })
    expectWhole(annotationsOf(result, 'error')[0]!, 'robot-secret', '2', '1')
    expect(job.emulator.requests).toEqual([])
  })

  test('mode: check calls none', async () => {
    const result = await job.run({ ...byTwo(), mode: 'check' })
    expect(result.exitCode).toBe(0)
    expect(result.stdout).toMatch(/^✅ .*robot-webhook/m)
    expect(job.count('postByWebhook')).toBe(0)
    expectHidden(result, ...secrets().slice(0, 3))
  })
})

describe('a card whose response is lost', () => {
  const buttons = '[x](https://example.com)\n[y](https://example.com)'

  test('is posted again by a webhook, with the same msgUuid', async () => {
    job.emulator.faults.add({ operation: 'postByWebhook', play: { kind: 'cut-after' } })
    expect((await job.run({ ...byWebhook(), buttons })).exitCode).toBe(0)
    const bodies = job.emulator.requests.flatMap(({ operation, body }) =>
      operation === 'postByWebhook' ? [JSON.parse(body ?? '') as { msgUuid: string; msgtype: string }] : [],
    )
    expect(bodies).toHaveLength(2)
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[0]!.msgtype).toBe('actionCard')
    expect(posts()).toHaveLength(1)
  })

  test("is in doubt if the app's robot posted it, and is not posted again", async () => {
    job.emulator.faults.add({ operation: 'post', play: { kind: 'cut-after' } })
    const result = await job.run({ ...byCode(), buttons })
    expect(result.exitCode).toBe(1)
    expect(job.count('post')).toBe(1)
    expect(annotationsOf(result, 'error')).toHaveLength(1)
    expectWhole(annotationsOf(result, 'error')[0]!, job.emulator.values.chatId)
  })
})

test.each([
  ['Markdown', '](https://evil.example) [x](https://evil.example) **x**'],
  ['HTML', '<a href="https://evil.example">x</a>&amp;'],
  ['a workflow command', '::error::x\n::add-mask::main'],
  ['a mention', '@all @13800138000'],
  ['10,000 characters', '字'.repeat(10_000)],
  ['right to left', '\u202eגרסה\u2066'],
  ['another parameter', '&pc_slide=true&url=https://evil.example#'],
  ['half a character', 'x\ud800'],
])('the title of a commit in a button: %s', async (_, title) => {
  const path = join(job.directory, 'event.json')
  writeFileSync(path, JSON.stringify({ head_commit: { message: title }, commits: [{ message: title }] }))
  const buttons = '[{title}]({run})\n[x](https://example.com/?a={title}&b={ref})'
  const given = { ...byWebhook(), path: 'app.apk', mention: job.emulator.values.userId, buttons }
  const result = await job.run(given, { env: { GITHUB_EVENT_PATH: path } })
  expect(errorsOf(result)).toBe('')
  expect(result.stdout).not.toMatch(/^::error|^::add-mask::main/m)
  const { buttons: [first, second] = [], mentions } = posts()[0]!
  expect(mentions).toEqual([job.emulator.values.userId])
  expect(first!.title).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ud800@]/u)
  expect(Array.from(first!.title).length).toBeLessThanOrEqual(32)
  expect(first!.url).toBe(inBrowser('https://github.com/octo/app/actions/runs/42'))
  const link = new URL(second!.url).searchParams
  expect([...link.keys()]).toEqual(['url', 'pc_slide'])
  const { host, searchParams, hash } = new URL(link.get('url')!)
  expect([host, [...searchParams.keys()], searchParams.get('b'), hash]).toEqual([
    'example.com',
    ['a', 'b'],
    'main',
    '',
  ])
})

test('rejects impossible combinations before any call', async () => {
  const refused: [string, Record<string, string>][] = [
    ['buttons', { ...byCode(), buttons: '[x](javascript:alert(1))' }],
    ['buttons', { ...byWebhook(), buttons: '[x](https://example.com)\n'.repeat(6) }],
    ['buttons', { buttons: '[x](https://example.com)' }],
    ['mention', { ...byCode(), mention: 'all' }],
    ['mention', { mention: 'all' }],
  ]
  for (const [input, given] of refused) {
    const errors = annotationsOf(await job.run(given), 'error')
    expect(errors).toHaveLength(1)
    expectWhole(errors[0]!, input)
  }
  expect(job.emulator.requests).toEqual([])
})
