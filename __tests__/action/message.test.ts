// Messages with and without files, for any event.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { refusal } from '../../emulator/faults/refusals.ts'
import { startGitHub } from '../../emulator/github/github.ts'
import type { StepResult } from '../../scripts/act.ts'
import { NO_FILES_NO_MESSAGE, NOTHING_NEW } from '../../src/action.ts'
import { errorsOf } from '../../test-support/bundle-job.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
})
afterEach(() => job.end())

/** What a step without files has of the inputs. */
const NO_FILES = { path: '', 'user-id': '', 'space-id': '', 'parent-id': '' }
const byApp = () => ({ ...NO_FILES, 'robot-code': job.emulator.others.robotCode })
const byWebhook = () => {
  const { webhook, secret } = job.emulator.others.customRobot
  const robot = { 'robot-webhook': webhook, 'robot-secret': secret }
  return { ...NO_FILES, ...robot, 'app-key': '', 'app-secret': '', 'chat-id': '' }
}
const operations = () => job.emulator.requests.map(({ operation }) => operation)

/** Runs the step on an event. */
function runOn(payload: unknown, given: Record<string, string>): Promise<StepResult> {
  const path = join(job.directory, 'event.json')
  writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload))
  return job.run(given, { env: { GITHUB_EVENT_PATH: path } })
}

function all(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(all) : [])]
}
// Without the library's own search for links in what character references stand for.
const toTree = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }))
const parse = (markdown: string) => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: toTree })
const textOf = (node: Nodes): string =>
  all(node)
    .map((inner) => (inner.type === 'text' ? inner.value : ''))
    .join('')

describe('a message without files', () => {
  test('takes only a token and a post with the app’s robot', async () => {
    const { openConversationId } = job.emulator.values
    const given = { ...byApp(), message: '**Failed**', 'chat-id': openConversationId }
    const result = await job.run(given)
    expect(errorsOf(result)).toBe('')
    expect(result.exitCode).toBe(0)
    expect(operations()).toEqual(['accessToken', 'post'])
    expect(job.emulator.messages).toMatchObject([
      { to: openConversationId, by: job.emulator.others.robotCode, title: 'Failed', text: '**Failed**' },
    ])
    expect(result.outputs).toMatchObject({
      'dentry-id': '',
      files: '[]',
      'uploaded-count': '0',
      'existing-count': '0',
      'failed-count': '0',
    })
    // What was posted, and where.
    for (const told of [result.stdout, result.summary]) {
      expect(told).toContain('Failed')
      expect(told).toContain(openConversationId.replace(/=+$/, '').slice(0, 10))
    }
    expect(result.summary).toMatch(/^## ✅ .*\b1 group\b/)
    expect(result.stdout).toMatch(/^✓ .*\b1 group\b/m)
  })

  test('takes only the post with a custom robot, without an app', async () => {
    const result = await job.run({ ...byWebhook(), message: 'Failed' })
    expect(errorsOf(result)).toBe('')
    expect(operations()).toEqual(['postByWebhook'])
    expect(job.emulator.messages).toMatchObject([{ by: 'custom robot', text: 'Failed' }])
    expect(result.summary).toMatch(/^## ✅ .*\b1 group\b/)
  })

  test('looks up a chat ID, and posts once to each group', async () => {
    const { values, others } = job.emulator
    const chats = [values.chatId, values.openConversationId, others.secondGroup.openConversationId]
    const result = await job.run({ ...byApp(), message: 'Failed', 'chat-id': chats.join('\n') })
    expect(errorsOf(result)).toBe('')
    expect(job.emulator.messages.map(({ to }) => to).toSorted()).toEqual(chats.slice(1).toSorted())
    expect(operations().toSorted()).toEqual(['accessToken', 'openConversationId', 'post', 'post'].toSorted())
  })

  test('fails the step if a group is unknown or rejects it, and posts to the others', async () => {
    const { values, others } = job.emulator
    const without = others.groupWithoutRobot.openConversationId
    const chats = ['chatdeadbeef', without, values.openConversationId]
    const result = await job.run({ ...byApp(), message: 'Failed', 'chat-id': chats.join('\n') })
    expect(result.exitCode).toBe(1)
    expect(job.emulator.messages.map(({ to }) => to)).toEqual([values.openConversationId])
    expect(errorsOf(result)).toMatch(/chatdeadbeef.*invalideChatId/)
    expect(errorsOf(result)).toContain(without)
    expect(result.summary).toMatch(/^## ❌ .*\b2 of 3 groups\b/)
    expect(result.outputs).toMatchObject({ files: '[]', 'failed-count': '0' })
  })

  test.each([
    ['posted to no group', { kind: 'answer', status: 403, body: { code: 'Forbidden', message: 'no' } }],
    ['in doubt', { kind: 'cut-after' }],
  ] as const)('%s, it fails the step', async (_, play) => {
    job.emulator.faults.add({ operation: 'post', play })
    const { chatId } = job.emulator.values
    const result = await job.run({ ...byApp(), message: 'Failed', 'chat-id': chatId })
    expect(result.exitCode).toBe(1)
    expect(job.count('post')).toBe(1)
    expect(errorsOf(result)).toContain(chatId)
    expect(result.summary).toMatch(/^## ❌ (?!.*upload).*\b1 group\b/)
  })

  test('warns about placeholders for files', async () => {
    const result = await job.run({ ...byWebhook(), message: 'Failed: {files} {count} {size}' })
    expect(result.exitCode).toBe(0)
    expect(result.stdout).toMatch(/^::warning::message: .*\{files\}, \{count\}, \{size\}/m)
  })
})

describe('mode: check of a message without files', () => {
  const check = (given: Record<string, string>) =>
    job.run({ ...given, mode: 'check', message: 'Failed', language: 'en' })

  test('checks what posting by the app’s robot needs, and no folder', async () => {
    const result = await check({ ...byApp(), 'chat-id': job.emulator.values.chatId })
    expect(errorsOf(result)).toBe('')
    expect(result.exitCode).toBe(0)
    expect(operations()).toEqual(['accessToken', 'openConversationId', 'post'])
    expect(result.stdout).toContain('qyapi_robot_sendmsg')
    expect(result.stdout).not.toMatch(/folder|operator|Storage|storage/i)
    expect(job.emulator.messages).toEqual([])
  })

  test('names a missing permission', async () => {
    job.emulator.scopes.withdraw('qyapi_robot_sendmsg')
    const result = await check({ ...byApp(), 'chat-id': job.emulator.values.openConversationId })
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toContain('qyapi_robot_sendmsg')
  })

  test('makes no call for a custom robot', async () => {
    const result = await check(byWebhook())
    expect(result.exitCode).toBe(0)
    expect(job.emulator.requests).toEqual([])
    expect(result.stdout).toContain('robot-webhook')
    expect(result.stdout).not.toMatch(/app-key|folder/)
  })
})

const LONG = 'x'.repeat(10_000)
const HOSTILE = [
  '# [click](https://evil.example) ![p](https://evil.example/p.png) **b** _i_ ~~s~~ `c`',
  '<script>alert(1)</script><a href="https://evil.example">x</a><!-- -->',
  '::error::x ::set-output name=a::b ##[error]x',
  '::add-mask::x',
  '@all @everyone @13800138000 me@evil.example',
  'https://evil.example www.evil.example http://evil.example/ <https://evil.example>',
  LONG,
  '\u202eevil\u202c \u2066x\u2069 \u200f\u061c\u200b\u2060\ufeff\u00ad\u{e0041}end',
  '1. one',
  '- [x] task',
  '> quote',
  '===',
  '---',
  '| a | b |',
  '[^1]: note',
  '    code',
  '\u0007\u001b[31mred\u0000',
  '\ud800lone\udc00',
  '{files} {title} {run}',
  '&lt;b&gt; &#60;b&#62; \\',
]

const MESSAGE = `Build {status} of {repository} by {actor}

{title}

{changes}

{title}`

describe.each([
  ['the app’s robot', () => ({ ...byApp(), 'chat-id': job.emulator.values.openConversationId })],
  ['a custom robot', byWebhook],
])('hostile titles, posted by %s', (_, robot) => {
  test.each(HOSTILE)('%j', async (title) => {
    const commits = [{ message: title }, { message: `${title}\n\nbody` }, { message: 'Add b' }]
    const payload = { head_commit: { message: title }, commits }
    const result = await runOn(payload, { ...robot(), message: MESSAGE, status: 'failure' })
    expect(errorsOf(result)).toBe('')
    expect(result.exitCode).toBe(0)
    expectNoCommands(result)

    const [{ title: caption = '', text = '' } = {}] = job.emulator.messages
    expect(Buffer.byteLength(JSON.stringify({ title: caption, text }))).toBeLessThanOrEqual(15_000)
    expect(text + caption).not.toMatch(/@|[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff](?<!\n)/u)
    expect((text + caption).isWellFormed()).toBe(true)
    const tree = parse(text)
    const kinds = tree.children.map(({ type }) => type)
    expect(kinds).toEqual(['paragraph', 'paragraph', 'list', 'paragraph'])
    const types = new Set(all(tree).map(({ type }) => type))
    expect([...types].toSorted()).toEqual(['list', 'listItem', 'paragraph', 'root', 'text'])
    const [, shown, list, again] = tree.children
    expect(textOf(shown!)).toBe(textOf(again!))
    const items = all(list!).filter(({ type }) => type === 'listItem')
    expect(items.map(textOf)).toEqual([textOf(shown!), textOf(shown!), 'Add b'])
    expect(Array.from(textOf(shown!)).length).toBeLessThanOrEqual(120)
  })
})

/** Fails if a line of the log is a command that is not one of ours. */
function expectNoCommands({ stdout }: StepResult): void {
  const commands = stdout.split('\n').filter((line) => /^\s*::|##\[/.test(line))
  expect(commands.filter((line) => !/^::(add-mask|group|endgroup)::/.test(line))).toEqual([])
  const masks = commands.filter((line) => line.startsWith('::add-mask::'))
  expect(masks.filter((line) => line === '::add-mask::x')).toEqual([])
}

test('fills in the placeholders of a message with files', async () => {
  job.file('a.txt', 'x'.repeat(2048))
  const head = 'f'.repeat(40)
  const payload = { pull_request: { title: 'Fix *it*', head: { sha: head } } }
  const message =
    '{status} {count} {size} {title} {changes} {run} {commit} {actor} {ref} {repository} {workflow} [log]({run})'
  const result = await runOn(payload, {
    message,
    path: 'a.txt',
    status: 'Success',
    'robot-code': job.emulator.others.robotCode,
  })
  expect(errorsOf(result)).toBe('')
  expect(job.emulator.messages.at(-1)?.text).toBe(
    '✅ 成功 success 1 2.0 KiB Fix &#42;it&#42; - Fix &#42;it&#42; ' +
      '[Release 7](https://github.com/octo/app/actions/runs/42) ' +
      `[fffffff](https://github.com/octo/app/commit/${head}) octocat main octo/app Release ` +
      '[log](https://github.com/octo/app/actions/runs/42)',
  )
})

describe('release notes', () => {
  const PAGE = 'https://github.com/octo/app/releases/tag/v1'
  const event = (body: string | null) => ({ release: { name: 'One', tag_name: 'v1', body, html_url: PAGE } })
  const given = { message: '# {notes}\n\n{notes}', buttons: '[Notes of {notes}]({notes})' }

  test.each([
    ['the app’s robot', () => ({ ...byApp(), 'chat-id': job.emulator.values.openConversationId })],
    ['a custom robot', byWebhook],
  ])('of the event, by %s', async (_, robot) => {
    const result = await runOn(event('## Fixed\n* @octocat fixed #12'), { ...robot(), ...given })
    expect(errorsOf(result)).toBe('')
    const [post] = job.emulator.messages
    expect(post).toMatchObject({ title: 'One', buttons: [{ title: 'Notes of One' }] })
    expect(post!.text).toMatch(/\n\n## Fixed\n\n- &#64;octocat fixed \[#12\]\(/)
    expect(decodeURIComponent(post!.buttons![0]!.url)).toContain(PAGE)
  })

  test.each([null, '', 'no release'])('%j: are empty, and their button is left out', async (body) => {
    const payload = body === 'no release' ? {} : event(body)
    const result = await runOn(payload, {
      ...byWebhook(),
      message: 'New\n\n{notes}',
      buttons: given.buttons,
    })
    expect(errorsOf(result)).toBe('')
    const count = body === 'no release' ? undefined : 1
    expect(job.emulator.messages).toMatchObject([{ text: 'New\n\n' }])
    expect(job.emulator.messages[0]!.buttons?.length).toBe(count)
  })

  test('are those of the uploaded release, which is read once', async () => {
    const github = await startGitHub([
      { tag: 'v2', name: 'Two', body: 'Fast', assets: [{ name: 'a.apk', content: Buffer.from('a') }] },
    ])
    const path = join(job.directory, 'event.json')
    writeFileSync(path, JSON.stringify(event('Slow')))
    const release = { path: '', 'release-tag': 'v2', 'github-token': github.token }
    const env = { GITHUB_API_URL: github.apiUrl, GITHUB_EVENT_PATH: path }
    const robot = { 'robot-code': job.emulator.others.robotCode }
    const result = await job.run({ ...robot, ...release, message: '# {notes}\n\n{notes}' }, { env })
    await github.close()
    expect(errorsOf(result)).toBe('')
    expect(job.emulator.messages.at(-1)).toMatchObject({
      title: 'Two',
      text: expect.stringMatching(/\n\nFast$/),
    })
    expect(github.requests.filter(({ path }) => path.includes('/tags/'))).toHaveLength(1)
  })

  test('are shortened with a warning if they are too long, and the files are sent', async () => {
    job.file('a.txt')
    const body = '- 修复了一个问题\n'.repeat(5000)
    const robot = { 'robot-code': job.emulator.others.robotCode }
    const result = await runOn(event(body), { ...robot, path: 'a.txt', message: '{files}\n\n{notes}' })
    expect([result.exitCode, result.outputs['uploaded-count']]).toEqual([0, '1'])
    expect(result.stdout.match(/^::warning/gm)).toHaveLength(1)
    expect(job.emulator.messages.at(-1)!.text).toMatch(
      /a\.txt[^]*- 修复了一个问题\n\n\[.*\]\(.*v1\) \[.*\]\(.*v1\)$/,
    )
  })
})

test('uses the status of the job unless the step sets another', async () => {
  for (const given of [{}, { status: 'failure' }])
    await job.run({ ...byWebhook(), message: '{status}', ...given })
  expect(job.emulator.messages.map(({ text }) => text)).toEqual(['✅ 成功 success', '❌ 失败 failure'])
})

test('posts nothing if no file is found, and logs it', async () => {
  const { webhook, secret } = job.emulator.others.customRobot
  const robot = { message: 'hello', 'robot-webhook': webhook, 'robot-secret': secret }
  const result = await job.run({ ...robot, path: '*.apk', 'if-no-files-found': 'ignore' })
  expect(result.exitCode).toBe(0)
  expect(operations()).toEqual([])
  expect(result.stdout).toContain(NO_FILES_NO_MESSAGE.en)
})

describe('existing files', () => {
  const posts = () => job.emulator.messages.filter(({ kind }) => kind !== 'file')
  const build = (given: Record<string, string> = {}, status = 'success') =>
    job.run({
      path: 'a.txt',
      message: 'New build: {files}',
      'robot-code': job.emulator.others.robotCode,
      'conflict-strategy': 'if-changed',
      status,
      ...given,
    })

  test.each(['if-changed', 'return-existing'])('%s: are not announced', async (strategy) => {
    job.file('a.txt')
    await build({ 'conflict-strategy': strategy })
    const again = await build({ 'conflict-strategy': strategy })
    expect([again.exitCode, posts().length]).toEqual([0, 1])
    expect(again.stdout).toContain(NOTHING_NEW.en)
    // A new file is announced, with those that were there.
    job.file('b.txt')
    const more = await build({ 'conflict-strategy': strategy, path: '*.txt' })
    expect(more.stdout).not.toContain(NOTHING_NEW.en)
    expect(more.stdout).toMatch(/^✓ .*; sent to 1 group/m)
    expect(posts().map(({ text }) => text?.match(/\w\.txt/g))).toEqual([['a.txt'], ['a.txt', 'b.txt']])
  })

  test('one that is only now sent is announced', async () => {
    job.file('a.txt')
    job.emulator.faults.add({ operation: 'send', play: refusal('send', 'permissionDenied') })
    await build()
    expect((await build()).outputs).toMatchObject({ 'existing-count': '1' })
    expect(posts()).toHaveLength(2)
    await build()
    expect(posts()).toHaveLength(2)
  })

  test('one that is found in the group is not announced', async () => {
    await job.restart({ copiedProperties: 'kept' })
    job.file('a.txt')
    job.emulator.scopes.withdraw('ConvFile.Space.Read')
    job.emulator.faults.add({ operation: 'send', play: { kind: 'cut-after' } })
    expect((await build()).exitCode).toBe(1)
    job.emulator.scopes.grant('ConvFile.Space.Read')
    const again = await build()
    expect([again.exitCode, posts().length]).toEqual([0, 1])
    expect(JSON.parse(again.outputs['files']!)).toMatchObject([{ sentTo: [expect.any(String)] }])
    expect(again.stdout).toContain(NOTHING_NEW.en)
  })

  test('the log mentions no message if there is none', async () => {
    job.file('a.txt')
    await build()
    expect((await build({ message: '', 'robot-code': '' })).stdout).not.toContain(NOTHING_NEW.en)
  })
})

test.each([
  ['empty', ''],
  ['cut off', '{"head_commit": {"message": "x'],
  ['a list', '[]'],
  ['null', 'null'],
  ['deep', '['.repeat(200_000)],
  ['of another form', '{"commits": {"length": 1e9}, "head_commit": 7, "pull_request": {"title": []}}'],
])('ignores an event that is %s', async (_, payload) => {
  const result = await runOn(payload, { ...byWebhook(), message: '{title}{changes}' })
  expect(errorsOf(result)).toBe('')
  expect(job.emulator.messages).toMatchObject([{ title: 'DingTalk', text: 'DingTalk' }])
})
