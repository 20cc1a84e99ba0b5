// Who gets the files and the message.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { annotationsOf, errorsOf, maskCommand } from '../../test-support/bundle-job.ts'
import { doubts } from '../../test-support/doubt.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
  job.file('a.txt')
})
afterEach(() => job.end())

const received = () => job.emulator.messages.map(({ to, kind, name }) => [to, kind, name])
/** The groups and people that have each file according to the outputs. */
const sentTo = (files: string | undefined) =>
  (JSON.parse(files ?? '[]') as { sentTo: string[]; sentToUsers: string[] }[]).map((file) => [
    file.sentTo,
    file.sentToUsers,
  ])

describe('recipients', () => {
  test('get files as groups by either ID, and as people by user ID', async () => {
    job.file('b.txt')
    const { values, others } = job.emulator
    const { exitCode, outputs, summary, stdout } = await job.run({
      'chat-id': `${values.chatId}\n${others.secondGroup.openConversationId},${values.openConversationId}`,
      'to-user-ids': `${others.secondUser.userId}\n${values.userId}`,
    })
    expect(exitCode).toBe(0)
    const ids = [values.openConversationId, others.secondGroup.openConversationId]
    const unionIds = [others.secondUser.unionId, values.unionId]
    // Each in the order of the files; recipients do not wait for one another.
    for (const to of [...ids, ...unionIds])
      expect(received().filter(([id]) => id === to)).toEqual([
        [to, 'file', 'a.txt'],
        [to, 'file', 'b.txt'],
      ])
    const expected = [ids, [others.secondUser.userId, values.userId]]
    expect(sentTo(outputs['files'])).toEqual([expected, expected])
    expect(summary).toContain(others.secondUser.userId)
    expect(stdout).toMatch(/^✓ a\.txt .*\b2\b.*\b2\b/m)
  })

  test('get a link instead of a copy, also to a folder given by its UUID', async () => {
    const { values, others } = job.emulator
    const byUuid = {
      'space-id': '',
      'parent-id': '',
      'folder-url': `https://alidocs.dingtalk.com/i/nodes/${values.parentUuid}`,
    }
    for (const given of [{}, { ...byUuid, 'conflict-strategy': 'overwrite' }]) {
      const person = { 'to-user-ids': others.secondUser.userId }
      const { exitCode, outputs } = await job.run({ 'send-as': 'link', ...person, ...given })
      expect(exitCode).toBe(0)
      expect(sentTo(outputs['files'])).toEqual([[[values.openConversationId], [others.secondUser.userId]]])
    }
    const both = [
      [values.openConversationId, 'link', 'a.txt'],
      [others.secondUser.unionId, 'file', 'a.txt'],
    ]
    expect(received().toSorted()).toEqual([...both, ...both].toSorted())
  })

  test('do not get a link again whose response is lost; it is reported as in doubt', async () => {
    job.emulator.faults.add({ operation: 'sendLink', play: { kind: 'cut-after' } })
    const result = await job.run({ 'send-as': 'link' })
    expect([result.exitCode, job.count('sendLink'), received()]).toEqual([
      1,
      1,
      [[job.emulator.values.openConversationId, 'link', 'a.txt']],
    ])
    expect(doubts(annotationsOf(result, 'error').map(({ en }) => en))).toBe(1)
    expect(result.outputs['uploaded-count']).toBe('1')
  })

  test('are tried and reported once per group that rejects files', async () => {
    for (const name of ['b.txt', 'c.txt']) job.file(name)
    job.emulator.scopes.withdraw('ConvFile.File.Send')
    const result = await job.run()
    // And once more with a new token, because the permission may be new.
    expect(job.count('send')).toBe(2)
    expect(errorsOf(result).match(/^::error/gm)).toHaveLength(1)
    expect(errorsOf(result)).toMatch(/a\.txt.*b\.txt.*c\.txt/)
    expect(result.summary.match(/ConvFile\.File\.Send/g)?.length).toBeGreaterThan(0)
    expect(result.summary.match(/^> \*\*/gm)).toHaveLength(2) // in each language
    const files = JSON.parse(result.outputs['files']!) as { error: string }[]
    expect(files.map(({ error }) => error)).toEqual(
      Array(3).fill(expect.stringContaining('ConvFile.File.Send')),
    )
  })

  test("one failure doesn't stop the others", async () => {
    const { values, others } = job.emulator
    const result = await job.run({
      'chat-id': ['chatdeadbeef', others.foreignGroup.openConversationId, others.secondGroup.chatId].join(
        '\n',
      ),
      'to-user-ids': `nobody, ${others.userOutsideRange.userId}, ${values.userId}`,
    })
    expect(result.exitCode).toBe(1)
    const got = [others.secondGroup.openConversationId, values.unionId]
    expect(
      received()
        .map(([to]) => to)
        .toSorted(),
    ).toEqual(got.toSorted())
    expect(sentTo(result.outputs['files'])).toEqual([
      [[others.secondGroup.openConversationId], [values.userId]],
    ])
    const said = errorsOf(result)
    expect(said).toMatch(/chatdeadbeef.*invalideChatId/)
    expect(said).toMatch(/nobody.*60121/)
    expect(said).toContain(others.userOutsideRange.userId)
    expect(said).toContain(others.foreignGroup.openConversationId)
    expect(said).toContain('a.txt')
  })

  test('can be people only', async () => {
    const { values } = job.emulator
    expect((await job.run({ 'chat-id': '', 'to-user-ids': values.userId })).exitCode).toBe(0)
    expect(received()).toEqual([[values.unionId, 'file', 'a.txt']])
  })

  test('an ID of neither form is rejected before any call', async () => {
    const result = await job.run({ 'chat-id': 'chat0\ngroup5' })
    expect(errorsOf(result)).toContain('chat-id: "group5"')
    expect(job.emulator.requests).toEqual([])
  })
})

describe('several', () => {
  test('get all files in the order of their paths', async () => {
    for (const name of ['c.txt', 'a.txt', 'b.txt']) job.file(name)
    const { outputs } = await job.run({
      'chat-id': `${job.emulator.values.chatId}\n${job.emulator.others.secondGroup.openConversationId}`,
    })
    const names = outputs['dentry-ids']!.split('\n').map(
      (id) => job.emulator.files().find((stored) => stored.id === id)?.name,
    )
    expect(names).toEqual(['a.txt', 'b.txt', 'c.txt'])
    // Each group in the order of the files; neither waits for the other.
    const groups = [job.emulator.values, job.emulator.others.secondGroup]
    for (const { openConversationId } of groups)
      expect(
        job.emulator.messages.filter(({ to }) => to === openConversationId).map(({ name }) => name),
      ).toEqual(names)
    // One token, one user, one chat to convert; then two calls and two messages a file, and the bytes.
    expect(job.emulator.requests).toHaveLength(3 + 3 * 5)
  })

  test("an unknown chat doesn't stop the others", async () => {
    const result = await job.run({ 'chat-id': `chatdeadbeef\n${job.emulator.values.chatId}` })
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(/chat-id.*chatdeadbeef.*invalideChatId/)
    expect(job.emulator.messages).toHaveLength(1)
    expect(result.outputs['uploaded-count']).toBe('1')
  })

  test('nothing is uploaded if no chat is found', async () => {
    const result = await job.run({ 'chat-id': 'chatdeadbeef' })
    expect(result.exitCode).toBe(1)
    expect(job.count('uploadInfoV1')).toBe(0)
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ status: 'failed' }])
  })

  test('makes no call that the inputs make unnecessary', async () => {
    await job.run({
      'union-id': job.emulator.values.unionId,
      'chat-id': job.emulator.values.openConversationId,
    })
    expect(job.emulator.requests.map(({ operation }) => operation)).toEqual([
      'accessToken',
      'uploadInfoV1',
      'put',
      'commitV1',
      'send',
    ])
  })

  test('sends nothing without a chat', async () => {
    expect((await job.run({ 'chat-id': '' })).exitCode).toBe(0)
    expect(job.emulator.messages).toEqual([])
  })
})

describe('message', () => {
  const MESSAGE = '## {ref} by {actor}\n\n{commit}, {run}\n\n{files}'

  test('is posted by the app’s robot once in each group, after the last file', async () => {
    job.file('b [1].txt')
    const { values, others } = job.emulator
    const result = await job.run({
      'chat-id': `${values.chatId}\n${others.secondGroup.chatId}`,
      message: MESSAGE,
      'robot-code': others.robotCode,
    })
    expect(errorsOf(result)).toBe('')
    const kinds = job.emulator.messages.map(({ kind }) => kind)
    expect(kinds).toEqual(['file', 'file', 'file', 'file', 'markdown', 'markdown'])
    const posts = job.emulator.messages.slice(4)
    const groups = [values, others.secondGroup].map(({ openConversationId }) => openConversationId)
    expect(posts.map(({ to }) => to).toSorted()).toEqual(groups.toSorted())
    const one = posts.find(({ to }) => to === values.openConversationId)
    const urls = (JSON.parse(result.outputs['files']!) as { url: string }[]).map(({ url }) => url)
    expect(one).toMatchObject({
      by: others.robotCode,
      title: 'main by octocat',
      text:
        '## main by octocat\n\n' +
        '[0123456](https://github.com/octo/app/commit/0123456789abcdef0123456789abcdef01234567), ' +
        '[Release 7](https://github.com/octo/app/actions/runs/42)\n\n' +
        `- [a.txt](${urls[0]!})\n- [b &#91;1&#93;.txt](${urls[1]!})`,
    })
  })

  test('is posted and signed by a custom robot, whose address and secret are masked', async () => {
    const { webhook, secret } = job.emulator.others.customRobot
    const { exitCode, stdout, summary } = await job.run(
      { 'chat-id': '', message: MESSAGE, 'robot-webhook': webhook, 'robot-secret': secret },
      { env: { RUNNER_DEBUG: '1' } },
    )
    expect(exitCode).toBe(0)
    expect(job.emulator.messages).toMatchObject([{ kind: 'markdown', by: 'custom robot' }])
    const token = new URL(webhook).searchParams.get('access_token')!
    for (const hidden of [webhook, token, secret]) {
      const lines = stdout.split('\n')
      expect(lines).toContain(maskCommand(hidden))
      expect(lines.filter((line) => line.includes(hidden) && line !== maskCommand(hidden))).toEqual([])
      expect(summary).not.toContain(hidden)
    }
  })

  test('shortens a long list of files', async () => {
    for (let n = 0; n < 50; n++) job.file(`构建产物-${n}-${'长'.repeat(70)}.txt`)
    const { keyword, webhook } = job.emulator.others.keywordRobot
    const result = await job.run({
      'chat-id': '',
      path: '构建*',
      message: `${keyword}\n\n{files}`,
      'robot-webhook': webhook,
      concurrency: '16',
    })
    expect(errorsOf(result)).toBe('')
    const [message] = job.emulator.messages
    const lines = message!.text!.split('\n')
    // In English and in Chinese.
    for (const line of lines.splice(-2)) expect(line).toMatch(/^- … .*\d+/)
    for (const line of lines.slice(2)) expect(line).toMatch(/^- \[[^\]]+\]\(https:\/\/\S+type=file\)$/)
  })

  test('is not posted again if it may have been posted', async () => {
    const { others } = job.emulator
    job.emulator.faults.add({ operation: 'post', play: { kind: 'cut-after' } })
    const result = await job.run({ message: 'hello', 'robot-code': others.robotCode })
    expect(result.exitCode).toBe(1)
    expect(job.count('post')).toBe(1)
    expect(errorsOf(result)).toMatch(/chat\w+.*chat\w+/s)
    expect(result.outputs['uploaded-count']).toBe('1')
  })

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'a keyword that is missing',
      () => ({ 'robot-webhook': job.emulator.others.keywordRobot.webhook }),
      /message.*自定义关键词.*310000/s,
    ],
    [
      'a wrong signature',
      () => ({ 'robot-webhook': job.emulator.others.customRobot.webhook, 'robot-secret': 'SECwrong' }),
      /robot-secret.*310000/s,
    ],
    [
      'an unknown webhook',
      () => ({ 'robot-webhook': `${job.emulator.values.oapiBaseUrl}/robot/send?access_token=x` }),
      /robot-webhook.*300005/s,
    ],
    [
      'a webhook out of reach',
      () => ({ 'robot-webhook': 'http://127.0.0.1:9/robot/send?access_token=x', retries: '0' }),
      /robot-webhook.*ConnectionFailed/s,
    ],
    ['an unknown robot', () => ({ 'robot-code': 'dingx' }), /robot-code.*resource\.not\.found/s],
    [
      'a robot that is not in the group',
      () => ({
        'robot-code': job.emulator.others.robotCode,
        'chat-id': job.emulator.others.groupWithoutRobot.chatId,
      }),
      /robot/,
    ],
  ])('explains %s, and reports the files as sent', async (_, given, said) => {
    const result = await job.run({ message: 'hello', ...given() })
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(said)
    expect(job.emulator.messages.map(({ kind }) => kind)).toEqual(['file'])
    expect(result.outputs['uploaded-count']).toBe('1')
  })

  test('is an error before any call without a robot', async () => {
    const result = await job.run({ message: 'hello', 'robot-webhook': ' ' })
    expect(errorsOf(result)).toMatch(/robot-webhook: .*message.*robot-code/)
    expect(job.emulator.requests).toEqual([])
  })

  test('a mistyped webhook is an error before any call, and is not shown', async () => {
    const result = await job.run({
      message: 'hello',
      'robot-webhook': 'https://oapi.dingtalk.com/robot/sent?access_token=hunter2',
    })
    expect(errorsOf(result)).toContain('robot-webhook: ')
    expect(errorsOf(result)).not.toContain('hunter2')
    expect(job.emulator.requests).toEqual([])
  })
})
