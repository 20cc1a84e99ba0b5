// What a newcomer gets wrong: each message says in either language alone what is wrong, with the value that was given, and what
// to do.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../scripts/act.ts'
import { CHAT_EXPLORER, GUIDE } from '../../src/text/links.ts'
import { annotationsOf } from '../../test-support/bundle-job.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
})
afterEach(() => job.end())

/** Expects one error before any call, with these values in each language. */
function expectOneError(result: StepResult, named: readonly string[]): void {
  const errors = annotationsOf(result, 'error')
  expect(errors).toHaveLength(1)
  expectWhole(errors[0]!, ...named)
  expect(result.exitCode).toBe(1)
  expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
  expect(job.emulator.requests).toEqual([])
  expect(result.outputs['uploaded-count']).toBe('0')
}

const FOLDER = 'https://qr.dingtalk.com/page/yunpan'
/** The inputs that lead to the folder otherwise. */
const NO_IDS = { 'space-id': '', 'parent-id': '' }

describe('inputs', () => {
  test.each<[string, string, string[], Record<string, string>?]>([
    ['app-key', '', ['secret', 'fork']],
    ['app-secret', ' ', ['secret', 'fork']],
    ['user-id', '', ['union-id']],
    ['user-id', '张 三', ['张 三']],
    ['folder-url', '', ['folder-url', 'space-id'], NO_IDS],
    ['folder-url', `${FOLDER}?spaceId=1&fileId=2&type=file`, ['type=file'], NO_IDS],
    ['folder-url', 'https://pan.example.com/s/1', ['https://pan.example.com/s/1', FOLDER], NO_IDS],
    ['folder-url', `${FOLDER}?spaceId=1&fileId=2`, ['space-id', '99', 'folder-url'], { 'space-id': '99' }],
    ['space-id', '12x', ['12x']],
    ['folder-path', '/releases', ['/releases']],
    ['folder-path', 'a/b*', ['"b*"', '*']],
    ['path', '', ['**/*.apk']],
    ['name', 'a/b.apk', ['"a/b.apk"', '/']],
    ['conflict-strategy', 'rename', ['rename', 'auto-rename', 'overwrite', 'return-existing', 'fail']],
    ['chat-id', '产品测试群', ['产品测试群', 'chat…', 'cid…']],
    ['chat-id', '-chat279f', ['-chat279f', 'chat…', 'cid…']],
    ['robot-webhook', '', ['robot-code', 'message', 'secret', 'fork'], { message: 'hello' }],
    ['message', 'hello', ['chat-id', 'robot-code'], { 'robot-code': 'dingabc', 'chat-id': '' }],
    ['robot-webhook', 'hunter2', ['URL']],
    ['robot-secret', 'SEC0hunter2', ['robot-webhook']],
    ['mode', 'dry-run', ['dry-run', 'upload', 'check']],
    ['if-no-files-found', 'maybe', ['maybe', 'warn', 'error', 'ignore']],
    ['retries', '99', ['99']],
    ['concurrency', '64', ['64', '1', '32']],
    ['language', 'chinese', ['chinese', 'both', 'en', 'zh']],
    ['api-base-url', 'http://api.dingtalk.com', ['http://api.dingtalk.com', 'https', 'app-secret']],
    ['oapi-base-url', 'oapi.dingtalk.com', ['oapi.dingtalk.com', 'https://']],
  ])('%s: %j', async (input, value, named, more = {}) => {
    job.file('a.txt')
    const result = await job.run({ [input]: value, ...more })
    expectOneError(result, [...(named[0] === 'space-id' || named[0] === 'chat-id' ? [] : [input]), ...named])
    expect(result.stdout).not.toContain('***')
    expect(result.summary).not.toMatch(/hunter2/)
  })

  test.each([
    'https://oapi.dingtalk.com/robot/send',
    'https://oapi.dingtalk.com/robot/sent?access_token=hunter2',
    'http://oapi.dingtalk.com/robot/send?access_token=hunter2',
  ])('robot-webhook: does not show %s, and masks nothing in the message', async (webhook) => {
    job.file('a.txt')
    const result = await job.run({ message: 'hello', 'robot-webhook': webhook })
    expectOneError(result, ['robot-webhook'])
    const shown = result.stdout.replace(/^::add-mask::.*$/gm, '') + result.summary
    expect(shown).not.toMatch(/\*\*\*|hunter2/)
  })

  test('lists several wrong inputs together, each with its name and value', async () => {
    const given = {
      'app-key': '',
      'space-id': 'x',
      'conflict-strategy': 'replace',
      'chat-id': '产品群',
      retries: 'many',
      'api-base-url': 'http://api.example.com',
    }
    const result = await job.run(given)
    expectOneError(result, [...Object.keys(given), 'replace', '产品群', 'many', 'http://api.example.com'])
    const [error] = annotationsOf(result, 'error')
    for (const half of [error!.en, error!.zh]) expect(half.match(/^- /gm)).toHaveLength(6)
  })

  test.each(['，', '、', '；', ';', '\n', '\r\n', ' '])('rejects IDs separated by %j', async (separator) => {
    job.file('a.txt')
    const { values, others } = job.emulator
    const ids = [values.chatId, others.secondGroup.chatId]
    const users = [values.userId, others.secondUser.userId]
    const result = await job.run({ 'chat-id': ids.join(separator), 'to-user-ids': users.join(separator) })
    expect(annotationsOf(result, 'error')).toEqual([])
    expect(job.emulator.messages).toHaveLength(4)
  })

  test('rejects IDs written as a YAML list', async () => {
    job.file('a.txt')
    const { values, others } = job.emulator
    const result = await job.run({ 'chat-id': `- ${values.chatId}\n- ${others.secondGroup.chatId}` })
    expect(annotationsOf(result, 'error')).toEqual([])
    expect(job.emulator.messages).toHaveLength(2)
  })

  test('accepts Windows line breaks', async () => {
    job.file('a.txt')
    job.file('b.txt')
    const { values, others } = job.emulator
    const result = await job.run({
      'chat-id': `${values.chatId}\r\n${others.secondGroup.chatId}\r\n`,
      path: 'a.txt\r\nb.txt\r\n',
      message: 'hello\r\n\r\n{files}\r\n',
      'robot-code': others.robotCode,
    })
    expect(annotationsOf(result, 'error')).toEqual([])
    expect(job.emulator.messages).toHaveLength(6)
  })
})

describe('the folder', () => {
  test.each<[string, Record<string, string>]>([
    ['folder-url', { ...NO_IDS, 'folder-url': `${FOLDER}?spaceId=SPACE&fileId=123&type=folder` }],
    ['parent-id', { 'parent-id': '123' }],
  ])('%s: names a missing folder by its input and its ID', async (input, given) => {
    job.file('a.txt')
    const { spaceId } = job.emulator.values
    const inputs = Object.fromEntries(
      Object.entries(given).map(([name, value]): [string, string] => [name, value.replace('SPACE', spaceId)]),
    )
    const [error, ...others] = annotationsOf(await job.run(inputs), 'error')
    expect(others).toEqual([])
    expectWhole(error!, input, 'fileId 123', 'folder-url')
    expect(job.files('a.txt')).toEqual([])
  })
})

test('puts links on lines of their own, those of the guide in each language', async () => {
  const [error] = annotationsOf(await job.run({ 'chat-id': '产品测试群\n另一个群', retries: 'x' }), 'error')
  expect(error!.en + error!.zh).not.toContain('https:')
  expect(error!.details.split('\n')).toEqual([CHAT_EXPLORER, GUIDE.group.en, GUIDE.group.zh])
  const { summary } = await job.run({ 'chat-id': '产品测试群' })
  for (const link of [CHAT_EXPLORER, GUIDE.group.en, GUIDE.group.zh]) expect(summary).toContain(`<${link}>`)
})

test('shows an invisible character in the middle of an ID', async () => {
  job.file('a.txt')
  const result = await job.run({ 'user-id': 'manager\u200b01', retries: '0' })
  expectWhole(annotationsOf(result, 'error')[0]!, 'manager\\u200b01')
})

test('uploads and creates nothing if any expression was not evaluated', async () => {
  job.file('a.txt')
  const given = { 'folder-path': 'releases/${{ github.ref_name }}', name: '${{ vars.NAME }}.txt' }
  const result = await job.run(given)
  expectOneError(result, Object.keys(given))
})

describe('users', () => {
  test.each(['13800138000', '张三'])('user-id: rejects %s', async (userId) => {
    job.file('a.txt')
    const result = await job.run({ 'user-id': userId, retries: '0' })
    const errors = annotationsOf(result, 'error')
    expect(errors).toHaveLength(1)
    expectWhole(errors[0]!, 'user-id', userId)
    expect(errors[0]!.en + errors[0]!.zh).not.toContain('to-user-ids')
    expect(errors[0]!.details).toContain('60121')
    expect(job.files('a.txt')).toEqual([])
  })

  test('to-user-ids: names an unknown user with this input', async () => {
    job.file('a.txt')
    const result = await job.run({ 'chat-id': '', 'to-user-ids': '13800138000', retries: '0' })
    const [error, ...others] = annotationsOf(result, 'error')
    expect(others).toEqual([])
    expectWhole(error!, 'to-user-ids', '13800138000')
    expect(error!.en.replaceAll('to-user-ids', '') + error!.zh.replaceAll('to-user-ids', '')).not.toContain(
      'user-id',
    )
  })
})

describe('files', () => {
  test('reports the patterns, the directory, and the build if nothing matches', async () => {
    job.file('b.txt')
    const result = await job.run({ path: 'build/**/*.apk\ndist/*.ipa' })
    expectOneError(result, ['path', 'build/**/*.apk', 'dist/*.ipa', job.directory])
    expect(result.stdout).not.toContain('include-hidden-files')
  })

  test('suggests include-hidden-files if only hidden files match', async () => {
    job.file('out/.env')
    job.file('out/.cache/a.bin')
    const result = await job.run({ path: 'out/**' })
    expectOneError(result, ['path', 'out/**', 'include-hidden-files: true'])
  })

  test('does not mention hidden files if only directories match', async () => {
    job.file('out/sub/a.txt')
    const result = await job.run({ path: 'out\n!**/*.txt' })
    expectOneError(result, ['path', 'out', '!**/*.txt', job.directory])
    expect(result.stdout).not.toContain('include-hidden-files')
  })

  test.each([
    ['warn', ['warning']],
    ['ignore', []],
  ] as const)('if-no-files-found: %s', async (given, levels) => {
    const result = await job.run({ path: '*.apk', 'if-no-files-found': given })
    expect(result.exitCode).toBe(0)
    expect(annotationsOf(result, 'error')).toEqual([])
    const warnings = annotationsOf(result, 'warning')
    expect(warnings).toHaveLength(levels.length)
    for (const warning of warnings) expectWhole(warning, 'path', '*.apk', job.directory)
    expect(result.stdout).toContain('*.apk')
    expect(result.outputs['files']).toBe('[]')
    expect(job.emulator.requests).toEqual([])
  })

  test('lists the files, and suggests an archive, for name with several files', async () => {
    for (const name of ['a.apk', 'b.apk']) job.file(name)
    const result = await job.run({ path: '*.apk', name: 'app.apk' })
    expectOneError(result, ['name', '2', 'app.apk', 'a.apk', 'b.apk', 'archive: true'])
  })

  test('rejects a pattern that contains ".."', async () => {
    expectOneError(await job.run({ path: 'out/../*.apk' }), ['path', 'out/../*.apk'])
  })

  onPosix.each([
    ['a"b.apk', '"'],
    ['a|b.apk', '|'],
    ['a*b.apk', '*'],
    ['app.', '.'],
  ])('rejects a file called %j', async (name, character) => {
    job.file(name)
    const result = await job.run()
    expectOneError(result, ['path', JSON.stringify(name), character])
  })

  test('warns about files with the same name, with their paths and new names', async () => {
    job.file('a/app.apk')
    job.file('b/app.apk')
    const result = await job.run({ path: '.', 'conflict-strategy': 'return-existing' })
    const warnings = annotationsOf(result, 'warning')
    expect(warnings).toHaveLength(2)
    expectWhole(warnings[0]!, 'path', 'a/app.apk', 'b/app.apk')
    // The second file differs from the first, which is in DingTalk now.
    expectWhole(warnings[1]!, 'b/app.apk', 'conflict-strategy')
  })
})

describe('proxies', () => {
  test.each([
    ['HTTPS_PROXY', 'proxy.example.com:none', 'proxy.example.com:none'],
    ['http_proxy', 'ftp://127.0.0.1:9', 'ftp://127.0.0.1:9'],
    ['HTTP_PROXY', 'http://me:hunter2@[bad', '[bad'],
  ])('%s=%s', async (name, value, shown) => {
    job.file('a.txt')
    const result = await job.run({}, { env: { [name]: value } })
    // Windows has one variable under both names.
    const variable = process.platform === 'win32' ? name.toLowerCase() : name
    expectOneError(result, [variable, shown, 'http://proxy.example.com:8080'])
    expect(result.stdout + result.summary).not.toContain('hunter2')
  })
})

describe('messages', () => {
  const post = async (message: string, language: string) => {
    job.file('a.txt')
    const { robotCode } = job.emulator.others
    const result = await job.run({ message, 'robot-code': robotCode, language })
    return { result, posted: job.emulator.messages.find(({ kind }) => kind === 'markdown') }
  }

  test('warns about an unknown placeholder, and lists the known ones', async () => {
    const { result, posted } = await post('{branch}: {files}', 'both')
    expect(result.exitCode).toBe(0)
    expect(posted?.text).toMatch(/^\{branch\}: - \[a\.txt\]/)
    const warnings = annotationsOf(result, 'warning')
    expect(warnings).toHaveLength(1)
    expectWhole(warnings[0]!, 'message', '{branch}', '{files}', '{run}', '{commit}', '{actor}', '{ref}')
  })

  test.each([
    ['both', 'New: 1 个文件'],
    ['zh', 'New: 1 个文件'],
    ['en', 'New: 1 file'],
  ])('uses the language for the title: %s', async (language, title) => {
    expect((await post('New: {files}', language)).posted?.title).toBe(title)
  })
})

describe('language', () => {
  const CHINESE = /[\u4e00-\u9fff]/
  const ENGLISH = /\b[a-z]+ [a-z]+ [a-z]+ [a-z]+\b/

  test.each([
    ['en', ENGLISH, CHINESE],
    ['zh', CHINESE, ENGLISH],
    [' ZH ', CHINESE, ENGLISH],
  ])('%s: writes errors, warnings, log, and summary in this language only', async (language, is, isNot) => {
    const wrong = await job.run({ language, path: '*.apk', name: 'a' })
    for (const told of [wrong.stdout, wrong.summary]) expect(told).toMatch(is)
    job.file('a/app.apk')
    job.file('b/app.apk')
    const right = await job.run({ language, path: '.' })
    expect(right.exitCode).toBe(0)
    for (const { stdout, summary } of [wrong, right]) {
      expect(stdout.replace(/^::debug::.*$/gm, '')).not.toMatch(isNot)
      expect(summary).not.toMatch(isNot)
    }
  })

  test('both: writes an error in full in each language, and routine lines in English', async () => {
    job.file('a/app.apk')
    job.file('b/app.apk')
    const { stdout } = await job.run({ path: '.' })
    const routine = stdout.split('\n').filter((line) => !/^::(warning|error|debug)/.test(line))
    expect(routine.join('\n')).not.toMatch(CHINESE)
  })
})
