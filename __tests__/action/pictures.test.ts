// Pictures and QR codes that groups and people get, and wrong pictures.
import { linkSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import * as plays from '../../emulator/faults/plays.ts'
import { refusal } from '../../emulator/faults/refusals.ts'
import type { StepResult } from '../../scripts/act.ts'
import { errorsOf } from '../../test-support/bundle-job.ts'
import { doubts } from '../../test-support/doubt.ts'
import { mediaOf } from '../../test-support/media.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { readQr } from '../../test-support/qr.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
})
afterEach(() => job.end())

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const byApp = () => ({ 'robot-code': job.emulator.others.robotCode, 'chat-id': group() })
const group = () => job.emulator.values.openConversationId
const alone = () => ({ ...byApp(), path: '', 'user-id': '', 'space-id': '', 'parent-id': '' })
const operations = () => job.emulator.requests.map(({ operation }) => operation)
/** What the robot has posted to a group or a person, in order. */
const posts = (to = group()) =>
  job.emulator.messages
    .filter((message) => message.to === to && message.kind !== 'file')
    .map(({ kind }) => kind)
const pictures = () =>
  Promise.all(
    job.emulator.messages.flatMap(({ to, photoURL = '' }) =>
      to === group() && photoURL ? mediaOf(job.emulator, photoURL) : [],
    ),
  )

describe('after the message', () => {
  test('uploads each picture once, and posts all in order to each group and person', async () => {
    const { values, others } = job.emulator
    job.file('app.apk')
    job.file('shot.png', PNG)
    const given = {
      path: 'app.apk',
      'chat-id': `${values.chatId}\n${others.secondGroup.openConversationId}`,
      'to-user-ids': `${others.secondUser.userId}\n${values.userId}`,
      message: '**{count}**',
      images: 'shot.png\nqr:{files}',
    }
    const result = await job.run({ ...byApp(), ...given })
    expect(errorsOf(result)).toBe('')
    expect(result.exitCode).toBe(0)
    for (const to of [
      group(),
      others.secondGroup.openConversationId,
      others.secondUser.unionId,
      values.unionId,
    ])
      expect(posts(to)).toEqual(['markdown', 'image', 'image'])
    // Both people at once.
    expect([job.count('uploadMedia'), job.count('post'), job.count('postToUsers')]).toEqual([2, 6, 3])
    const [shot, code] = await pictures()
    expect(shot).toEqual(PNG)
    expect(await readQr(code!)).toEqual({
      text: result.outputs['url'],
      ecLevel: 'M',
      pixels: 8,
      quietZone: 4,
    })
    const [file] = JSON.parse(result.outputs['files']!) as { sentTo: string[]; sentToUsers: string[] }[]
    expect(file).toMatchObject({
      sentTo: [group(), others.secondGroup.openConversationId],
      sentToUsers: [others.secondUser.userId, values.userId],
    })
  })

  test('without a message, with buttons of no message, and without files', async () => {
    const result = await job.run({ ...alone(), images: 'qr:https://example.com/{ref}?q={title}#{run}' })
    expect(errorsOf(result)).toBe('')
    expect(operations()).toEqual(['accessToken', 'uploadMedia', 'post'])
    expect(posts()).toEqual(['image'])
    expect(result.summary).toMatch(/^## ✅ .*\b1 group\b/)
    expect(result.stdout).toMatch(/^✓ .*\b1 group\b/m)
    expect(job.emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(2)
  })

  test('posts to people without a group or files', async () => {
    const { secondUser, blockingUser } = job.emulator.others
    const given = { ...alone(), 'chat-id': '', message: 'Hi', images: 'qr:https://example.com/' }
    const result = await job.run({ ...given, 'to-user-ids': secondUser.userId })
    expect(errorsOf(result)).toBe('')
    expect(operations()).toEqual(['accessToken', 'postToUsers', 'uploadMedia', 'postToUsers'])
    expect(posts(secondUser.unionId)).toEqual(['markdown', 'image'])
    expect(result.summary).toMatch(/^## ✅ .*\b1 user\b/)
    const lost = await job.run({ ...given, 'to-user-ids': blockingUser.userId })
    expect(lost.summary).toMatch(/^## ❌ .*\b1 user\b/)
  })

  test('posts to 20 people in one call', async () => {
    const users = Array.from({ length: 21 }, (_, index) => `nobody${index}`)
    const result = await job.run({ ...alone(), message: 'Hi', 'to-user-ids': users.join('\n') })
    expect(job.count('postToUsers')).toBe(2)
    for (const user of users) expect(errorsOf(result)).toContain(user)
  })
})

describe('a QR code', () => {
  const codeOf = async (link: string, event?: unknown) => {
    const path = join(job.directory, 'event.json')
    writeFileSync(path, JSON.stringify(event ?? {}))
    const result = await job.run(
      { ...alone(), images: `qr:${link}`, message: '{title}' },
      { env: { GITHUB_EVENT_PATH: path, GITHUB_EVENT_NAME: 'push' } },
    )
    const [picture] = await pictures()
    return { result, text: picture && (await readQr(picture)).text }
  }

  test('encodes a link that only phones open', async () => {
    const link = 'itms-services://?action=download-manifest&url=https://example.com/例子.plist'
    expect((await codeOf(link)).text).toBe(link)
  })

  test.each(['"qr:https://example.com/"', 'QR：https://example.com/'])(
    'accepts other spellings: %s',
    async (images) => {
      expect(errorsOf(await job.run({ ...alone(), images }))).toBe('')
      const [picture] = await pictures()
      expect((await readQr(picture!)).text).toBe('https://example.com/')
    },
  )

  test('encodes the longest link', async () => {
    const longest = `https://example.com/${'a'.repeat(2331 - 20)}`
    expect((await codeOf(longest)).text).toBe(longest)
    const { result } = await codeOf(`${longest}b`)
    expect(result.exitCode).toBe(1)
    // The message was posted anyway.
    expect(posts()).toEqual(['markdown', 'image', 'markdown'])
    expect(errorsOf(result)).toContain('images')
  })

  test.each([
    '](https://evil.example) ${{ x }} @all',
    '\u202e%2f?#&"<>{files}',
    '/../..//evil.example',
    '\ud800',
  ])('leads where the workflow says with the title %j', async (title) => {
    const event = { head_commit: { id: 'c', message: title }, commits: [{ id: 'c', message: title }] }
    const { text } = await codeOf('https://example.com/a/{title}/b', event)
    const { origin, pathname, search, hash } = new URL(text!)
    expect([origin, search, hash]).toEqual(['https://example.com', '', ''])
    expect(pathname).toMatch(/^\/a\/[^/]+\/b$/)
  })

  test('is left out if its link is empty, which is logged', async () => {
    const result = await job.run({ ...alone(), message: 'x', images: 'qr:{files}' })
    expect([result.exitCode, posts(), job.count('uploadMedia')]).toEqual([0, ['markdown'], 0])
    expect(result.stdout).toMatch(/: 1\.$/m)
    // With nothing else to post, no group is reported to have it.
    const nothing = await job.run({ ...alone(), images: 'qr:{files}' })
    expect([nothing.exitCode, posts()]).toEqual([0, ['markdown']])
    expect(nothing.summary).not.toContain('1 group')
  })

  test('does not show its link, which may contain a token', async () => {
    job.emulator.faults.add({ operation: 'uploadMedia', play: plays.paramError400 })
    const { result } = await codeOf('https://example.com/?token=0123456789')
    expect(result.exitCode).toBe(1)
    expect(JSON.stringify([result.stdout, result.summary, result.outputs])).not.toContain('0123456789')
  })
})

describe('reports all wrong pictures together before uploading anything', () => {
  const problemsOf = async (given: Record<string, string>): Promise<StepResult> => {
    const result = await job.run({ path: '*', ...byApp(), message: 'x', ...given })
    expect(result.exitCode).toBe(1)
    expect(job.emulator.requests).toEqual([])
    return result
  }

  test('a missing file, another format, too many bytes, a directory, and no link', async () => {
    job.file('page.png', '<html>Not found</html>')
    job.file('photo.webp', 'RIFF\x04\0\0\0WEBPVP8 ')
    job.file('empty.gif', '')
    job.file('large.png', PNG)
    truncateSync(join(job.directory, 'large.png'), 20 * 1024 ** 2 + 1)
    job.file('directory/file', '')
    const lines = [
      'no.png',
      'page.png',
      'photo.webp',
      'empty.gif',
      'large.png',
      'directory',
      'qr:example',
      'qr:',
    ]
    const errors = errorsOf(await problemsOf({ images: lines.join('\n'), 'folder-path': '..' }))
    for (const line of lines.keys()) expect(errors).toContain(`Line ${line + 1}: `)
    // Too many, and the other inputs' problems.
    expect(errors).toContain('5')
    expect(errors).toContain('folder-path')
  })

  test.each(['qr:https://{title}/', 'qr:{title}', 'qr:{files}.example', 'qr:https:/x', 'qr:javascript:x'])(
    '%s',
    async (images) => {
      expect(errorsOf(await problemsOf({ images }))).toContain('images: ')
    },
  )

  test.each(['https://example.com/shot.png?token=0123456789', '"https://example.com/?token=0123456789"'])(
    'does not quote a link without qr: %s',
    async (images) => {
      const result = await problemsOf({ images })
      expect(errorsOf(result)).toContain('qr:')
      expect(result.stdout + result.summary).not.toContain('0123456789')
    },
  )

  test('are reported for custom robots, without a robot, and without recipients', async () => {
    job.file('shot.png', PNG)
    const { webhook } = job.emulator.others.customRobot
    const images = { images: 'shot.png' }
    const byWebhook = await problemsOf({ ...images, 'robot-code': '', 'robot-webhook': webhook })
    expect(errorsOf(byWebhook)).toMatch(/images: .*robot-webhook.*robot-code/)
    expect(errorsOf(await problemsOf({ ...images, 'robot-code': '' }))).toMatch(/images: .*robot-code/)
    expect(errorsOf(await problemsOf({ ...images, 'chat-id': '' }))).toMatch(/chat-id: .*to-user-ids/)
    const people = { path: '', 'to-user-ids': 'manager01', 'robot-code': '', 'robot-webhook': webhook }
    expect(errorsOf(await problemsOf(people))).toMatch(/to-user-ids: .*robot-code/)
  })

  test('accepts a picture by its content, not its name', async () => {
    job.file('app.apk')
    for (const [name, bytes] of [
      ['a.png', 'ffd8ffe0'],
      ['b.txt', '474946383961'],
      ['c', '424d360000000000000036000000'],
    ] as const)
      job.file(name, Buffer.from(bytes, 'hex'))
    const images = ['a.png', './b.txt', join(job.directory, 'c')].join('\n')
    const result = await job.run({ ...byApp(), path: 'app.apk', images })
    expect([errorsOf(result), posts()]).toEqual(['', ['image', 'image', 'image']])
  })
})

describe('a picture that fails', () => {
  const given = () => ({ ...byApp(), path: 'app.apk', message: 'Hi', images: 'one.png\ntwo.png' })
  beforeEach(() => {
    job.file('app.apk')
    job.file('one.png', PNG)
    job.file('two.png', Buffer.concat([PNG, Buffer.from('2')]))
  })
  const sent = () => job.emulator.messages.filter(({ kind }) => kind === 'file').length

  test('to be uploaded stops neither the files nor the other picture', async () => {
    job.emulator.faults.add({ operation: 'uploadMedia', play: refusal('uploadMedia', '40006') })
    const result = await job.run(given())
    expect([result.exitCode, sent(), posts()]).toEqual([1, 1, ['markdown', 'image']])
    expect(await pictures()).toEqual([Buffer.concat([PNG, Buffer.from('2')])])
    expect(errorsOf(result)).toMatch(/images.*one\.png/)
    expect(result.summary).toMatch(/^## ❌ 1 file uploaded/)
    expect(result.outputs).toMatchObject({ 'uploaded-count': '1', 'failed-count': '0' })
  })

  test('fails because it changed during the step', async () => {
    job.emulator.onFault(() => {
      job.file('one.png', 'no picture any more')
    })
    job.emulator.faults.add({ operation: 'put', play: { kind: 'delay', ms: 0 } })
    const result = await job.run(given())
    expect([result.exitCode, sent(), posts()]).toEqual([1, 1, ['markdown', 'image']])
    // Nothing else is uploaded as a picture.
    expect([job.count('uploadMedia'), errorsOf(result).includes('one.png')]).toEqual([1, true])
  })

  onPosix('fails because it has been replaced by a device', async () => {
    job.emulator.onFault(() => {
      rmSync('one.png')
      symlinkSync('/dev/zero', 'one.png')
    })
    job.emulator.faults.add({ operation: 'put', play: { kind: 'delay', ms: 0 } })
    const result = await job.run(given())
    expect([result.exitCode, posts()]).toEqual([1, ['markdown', 'image']])
    expect(errorsOf(result)).toContain('one.png')
  })

  test('is uploaded again if that may help, and never posted twice', async () => {
    job.emulator.faults.add({ operation: 'uploadMedia', play: { kind: 'cut-after' } })
    job.emulator.faults.add({ operation: 'post', nth: 2, play: { kind: 'cut-after' } })
    const result = await job.run(given())
    expect([result.exitCode, job.count('uploadMedia'), job.count('post')]).toEqual([1, 3, 3])
    expect(posts()).toEqual(['markdown', 'image', 'image'])
    expect(doubts(errorsOf(result).split('\n'))).toBe(1)
    expect(errorsOf(result)).toMatch(/one\.png/)
    expect(errorsOf(result)).not.toMatch(/two\.png/)
  })

  test('is not posted to a group that rejects the message; the others get all', async () => {
    const { groupWithoutRobot, secondUser } = job.emulator.others
    const result = await job.run({
      ...given(),
      'chat-id': `${groupWithoutRobot.openConversationId}\n${group()}`,
      'to-user-ids': secondUser.userId,
    })
    expect(result.exitCode).toBe(1)
    expect(posts(groupWithoutRobot.openConversationId)).toEqual([])
    for (const to of [group(), secondUser.unionId]) expect(posts(to)).toEqual(['markdown', 'image', 'image'])
    expect(job.count('post')).toBe(4)
    expect(errorsOf(result).match(/^::error/gm)).toHaveLength(1)
  })
})

describe('people', () => {
  const LISTS = ['invalidStaffIdList', 'flowControlledStaffIdList', 'filteredStaffIdList']
  const people = () => {
    const { throttledUser, blockingUser, secondUser } = job.emulator.others
    return { missed: ['nobody', throttledUser.userId, blockingUser.userId], user: secondUser }
  }

  test('who are unknown, throttled, or block the robot are named with the reason; the others get all', async () => {
    const { missed, user } = people()
    const result = await job.run({
      ...alone(),
      message: 'Hi',
      images: 'qr:https://example.com/',
      'to-user-ids': [...missed, user.userId].join('\n'),
    })
    expect(result.exitCode).toBe(1)
    for (const to of [group(), user.unionId]) expect(posts(to)).toEqual(['markdown', 'image'])
    // They are not asked again for the picture.
    expect(job.count('postToUsers')).toBe(2)
    const errors = errorsOf(result).split('\n')
    expect(errors).toHaveLength(LISTS.length)
    for (const [index, list] of LISTS.entries()) {
      expect(errors[index]).toContain(list)
      for (const id of missed) expect(errors[index]!.includes(id)).toBe(id === missed[index])
      for (const text of [result.stdout.replace(/^::error.*$/gm, ''), result.summary])
        expect(text).toContain(missed[index])
    }
    expect(result.summary).toMatch(/^## ❌ .*\b3 of 4 users\b/)
  })

  test('in doubt get one post, and are named', async () => {
    const { user } = people()
    job.emulator.faults.add({ operation: 'postToUsers', play: { kind: 'cut-after' } })
    const result = await job.run({ ...alone(), message: 'Hi', 'to-user-ids': user.userId })
    expect([result.exitCode, posts(user.unionId), job.count('postToUsers')]).toEqual([1, ['markdown'], 1])
    expect(doubts(errorsOf(result).split('\n'))).toBe(1)
    expect(errorsOf(result)).toContain(user.userId)
  })

  test('in doubt together with a group cause one error with both consequences', async () => {
    for (const operation of ['post', 'postToUsers'] as const)
      job.emulator.faults.add({ operation, play: { kind: 'cut-after' } })
    const result = await job.run({ ...alone(), message: 'Hi', 'to-user-ids': people().user.userId })
    const errors = errorsOf(result).split('\n')
    expect(doubts(errors)).toBe(1)
    expect(errors[0]!.match(/may or may not have been posted to (group|user) /g)).toHaveLength(2)
  })

  test('get the files, but no message of a custom robot', async () => {
    const { others } = job.emulator
    job.file('app.apk')
    const { webhook, secret } = others.customRobot
    const robot = { 'robot-webhook': webhook, 'robot-secret': secret, message: 'Hi' }
    const result = await job.run({ ...robot, 'to-user-ids': others.secondUser.userId })
    expect(errorsOf(result)).toBe('')
    expect(job.count('postToUsers')).toBe(0)
    expect(posts(others.secondUser.unionId)).toEqual([])
  })
})

test('reads, uploads, and posts no picture in a check', async () => {
  const { others } = job.emulator
  const given = { ...byApp(), mode: 'check', message: 'x', images: 'out/shot.png\nqr:{files}' }
  const result = await job.run({ ...given, 'to-user-ids': others.secondUser.userId })
  expect(errorsOf(result)).toBe('')
  expect([job.count('uploadMedia'), job.emulator.messages]).toEqual([0, []])
  job.emulator.scopes.withdraw('qyapi_robot_sendmsg')
  const alone = { 'chat-id': '', path: '', 'folder-url': '', 'space-id': '', 'parent-id': '', 'user-id': '' }
  const refused = await job.run({ ...given, ...alone, 'to-user-ids': others.secondUser.userId })
  expect(refused.exitCode).toBe(1)
  expect(errorsOf(refused)).toContain('qyapi_robot_sendmsg')
})

test('uploads a picture of the largest size unchanged', async () => {
  job.file('large.png', Buffer.concat([PNG, Buffer.alloc(20 * 1024 ** 2 - PNG.length, 'x')]))
  // Symbolic links need a privilege on Windows.
  const link = process.platform === 'win32' ? linkSync : symlinkSync
  link(join(job.directory, 'large.png'), join(job.directory, '链接.png'))
  const result = await job.run({ ...alone(), images: '链接.png' })
  expect(errorsOf(result)).toBe('')
  const [picture] = await pictures()
  expect(picture).toHaveLength(20 * 1024 ** 2)
})
