// The committed bundle as the runner would run it, against the emulator.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts'
import { act, inputsFor, type Step, type StepResult } from '../../scripts/act.ts'
import { annotationsOf } from '../../test-support/bundle-job.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let emulator: Emulator
let directory: string

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'e2e-'))
  emulator = await startEmulator()
})

afterEach(async () => {
  await emulator.close()
  rmSync(directory, { recursive: true })
})

async function restart(options: EmulatorOptions): Promise<void> {
  await emulator.close()
  emulator = await startEmulator(options)
}

function file(name: string, content: string | Buffer = `content of ${name}`): Buffer {
  writeFileSync(join(directory, name), content)
  return Buffer.from(content)
}

/** The step as the README shows it, with other inputs where a test says so. */
function upload(given: Record<string, string> = {}, step: Partial<Step> = {}): Promise<StepResult> {
  return act({
    with: {
      ...inputsFor(emulator.values),
      path: '*',
      ...given,
    },
    cwd: directory,
    ...step,
  })
}

const operations = () => emulator.requests.map(({ operation }) => operation)
const error = (result: StepResult) =>
  result.stdout
    .split('\n')
    .filter((line) => line.startsWith('::error'))
    .join('\n')
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

describe('one file into the folder and the group', () => {
  const NAME = '发布 说明 [v1.2] (最终).apk'

  test('arrives byte for byte, committed once, sent once, in seven requests', async () => {
    const bytes = file(NAME, Buffer.alloc(3_000_001, 'dingtalk'))
    const result = await upload()

    expect(error(result)).toBe('')
    expect(result.exitCode).toBe(0)
    const [stored, ...others] = emulator.files().filter(({ name }) => name === NAME)
    expect(others).toEqual([])
    expect(emulator.contents(stored!.id).equals(bytes)).toBe(true)
    expect(stored).toMatchObject({ parentId: emulator.values.parentId, size: bytes.length })
    expect(emulator.messages).toEqual([
      expect.objectContaining({ kind: 'file', to: emulator.values.openConversationId, dentryId: stored!.id }),
    ])
    expect(operations().sort()).toEqual(
      ['accessToken', 'commitV1', 'openConversationId', 'put', 'send', 'uploadInfoV1', 'unionId'].sort(),
    )
    expect(emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(4)
  })

  test('is told in outputs, summary and log', async () => {
    const bytes = file(NAME)
    const { outputs, summary, stdout } = await upload()
    const { id, uuid } = emulator.files().find(({ name }) => name === NAME)!
    const { spaceId, parentId, openConversationId } = emulator.values
    const url = `https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=${spaceId}&fileId=${id}&type=file`
    expect({ ...outputs, files: JSON.parse(outputs['files']!) }).toEqual({
      'dentry-id': id,
      'dentry-ids': id,
      url,
      'uploaded-count': '1',
      'existing-count': '0',
      'failed-count': '0',
      deleted: '[]',
      files: [
        {
          path: NAME,
          name: NAME,
          size: bytes.length,
          region: 'ZHANGJIAKOU',
          md5: md5(bytes),
          dentryId: id,
          dentryUuid: uuid,
          spaceId,
          parentId,
          url,
          sentTo: [openConversationId],
          status: 'uploaded',
        },
      ],
    })
    expect(summary).toMatch(/^## ✅ .*\b1\b/m)
    expect(summary).toContain(`](${url})`)
    expect(summary).toContain('](https://github.com/octo/app/actions/runs/42)')
    const size = `${bytes.length} B`
    expect(stdout).toContain(`::group::1 file to upload, ${size}\n${NAME} (${size})\n::endgroup::\n`)
    expect(stdout).toContain(`✓ ${NAME} (`)
  })

  test('the PUT has the given headers and the length, nothing else', async () => {
    file(NAME)
    await upload()
    const put = emulator.requests.find(({ operation }) => operation === 'put')!
    expect(Object.keys(put.headers).sort()).toEqual([
      'authorization',
      'connection',
      'content-length',
      'host',
      'x-oss-date',
    ])
  })

  test('secrets are masked before they can be seen, and appear nowhere else', async () => {
    file(NAME)
    const { stdout, stderr, summary, outputs } = await upload({}, { env: { RUNNER_DEBUG: '1' } })
    const token = emulator.requests.find(({ operation }) => operation === 'uploadInfoV1')!.headers[
      'x-acs-dingtalk-access-token'
    ]!
    const authorization = emulator.requests.find(({ operation }) => operation === 'put')!.headers[
      'authorization'
    ]!
    for (const secret of [emulator.values.appSecret, token, authorization]) {
      const lines = stdout.split('\n')
      expect(lines.filter((line) => line.includes(secret))).toEqual([`::add-mask::${secret}`])
      expect(stderr + summary + JSON.stringify(outputs)).not.toContain(secret)
    }
    expect(stdout).toMatch(/^::debug::.*POST 127\.0\.0\.1/m)
  })

  test('an empty file is a file like any other', async () => {
    file('empty.txt', '')
    const { exitCode, outputs } = await upload()
    expect(exitCode).toBe(0)
    expect(emulator.contents(outputs['dentry-id']!)).toHaveLength(0)
  })

  test('2 GiB need less than 200 MiB of memory', async () => {
    sparseFile('big.bin', 2 * 1024 ** 3)
    const measured = measuredStep()
    const { exitCode, outputs } = await upload({ path: 'big.bin' }, measured.step)
    expect(exitCode).toBe(0)
    expect(JSON.parse(outputs['files']!)).toMatchObject([
      { size: 2 * 1024 ** 3, md5: 'a981130cf2b7e09f4686dc273cf7187e' },
    ])
    expect(emulator.files().find(({ name }) => name === 'big.bin')).toMatchObject({
      md5: 'a981130cf2b7e09f4686dc273cf7187e',
    })
    expect(measured.peakMiB()).toBeLessThan(200)
  }, 120_000)

  test('32 files in parts at once need less than 250 MiB of memory, and one more thread', async () => {
    for (let count = 1; count <= 32; count++) sparseFile(`${count}.bin`, 34 * 1024 ** 2)
    const measured = measuredStep()
    const { exitCode, outputs } = await upload({ path: '*.bin', concurrency: '32' }, measured.step)
    expect(exitCode).toBe(0)
    expect(outputs['uploaded-count']).toBe('32')
    expect(measured.threads()).toBe(2)
    expect(measured.peakMiB()).toBeLessThan(250)
  }, 120_000)

  test('small files need no thread', async () => {
    sparseFile('small.bin', 8 * 1024 ** 2)
    const measured = measuredStep()
    expect((await upload({ path: 'small.bin' }, measured.step)).exitCode).toBe(0)
    expect(measured.threads()).toBe(1)
  })

  function sparseFile(name: string, size: number): void {
    file(name, '')
    truncateSync(join(directory, name), size)
  }

  /** A step that writes down what it uses. */
  function measuredStep() {
    const [peak, threads, preload] = ['peak', 'threads', '.preload.cjs'].map((name) => join(directory, name))
    // A preload is run in every thread. On Linux, maxRSS is never less than what the parent used; VmHWM is its own.
    const source = `
      const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('fs')
      appendFileSync(${JSON.stringify(threads)}, 'x')
      const status = '/proc/self/status'
      const peakKiB = () => existsSync(status)
        ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'))[1]
        : String(process.resourceUsage().maxRSS)
      const write = () => writeFileSync(${JSON.stringify(peak)}, peakKiB())
      if (require('worker_threads').isMainThread) process.on('exit', write)`
    writeFileSync(preload!, source)
    return {
      step: { env: { NODE_OPTIONS: `--require ${preload}` } },
      peakMiB: () => Number(readFileSync(peak!, 'utf8')) / 1024,
      threads: () => readFileSync(threads!, 'utf8').length,
    }
  }
})

describe('where it goes', () => {
  test('a folder by its uuid: the v2 API', async () => {
    file('a.txt')
    const { exitCode, outputs } = await upload({
      'space-id': '',
      'parent-id': '',
      'folder-url': `https://alidocs.dingtalk.com/i/nodes/${emulator.values.parentUuid}`,
    })
    expect(exitCode).toBe(0)
    expect(operations()).toEqual(expect.arrayContaining(['uploadInfoV2', 'commitV2']))
    expect(emulator.files().find(({ id }) => id === outputs['dentry-id'])).toMatchObject({
      parentId: emulator.values.parentId,
    })
  })

  test.each(['https://qr.dingtalk.com', 'dingtalk://dingtalkclient'])('a folder link of %s', async (base) => {
    file('a.txt')
    const { spaceId, parentId } = emulator.values
    const link = `${base}/page/yunpan?route=previewDentry&spaceId=${spaceId}&fileId=${parentId}&type=folder`
    const { exitCode, outputs } = await upload({ 'space-id': '', 'parent-id': '', 'folder-url': link })
    expect(exitCode).toBe(0)
    expect(emulator.files().find(({ id }) => id === outputs['dentry-id'])).toMatchObject({ parentId })
  })

  test('the root of the space is the default', async () => {
    file('a.txt')
    const { outputs } = await upload({ 'parent-id': '' })
    expect(emulator.files().find(({ id }) => id === outputs['dentry-id'])).toMatchObject({ parentId: '0' })
  })

  test('a v1 commit that is closed to the app: v2, the folder looked up once', async () => {
    await restart({ v1Commit: 'closed' })
    file('a.txt')
    file('b.txt')
    const { exitCode, outputs } = await upload({ concurrency: '1' })
    expect(exitCode).toBe(0)
    expect(outputs['uploaded-count']).toBe('2')
    const count = (name: string) => operations().filter((operation) => operation === name).length
    expect([count('commitV1'), count('dentry'), count('commitV2')]).toEqual([1, 1, 2])
  })

  test.each<[string, string, string, (string | undefined)[]]>([
    ['auto-rename', 'uploaded', 'a(1).txt', ['old', 'new']],
    ['overwrite', 'uploaded', 'a.txt', ['new']],
    ['return-existing', 'existing', 'a.txt', ['old']],
  ])('a name that is taken: %s', async (strategy, status, name, contents) => {
    // The first upload lies before the emulator's present by more than the second that its clock shows.
    let now = Date.now() - 60_000
    await restart({ clock: () => now })
    file('a.txt', 'old')
    await upload()
    now += 60_000
    file('a.txt', 'new')
    const { outputs } = await upload({ 'conflict-strategy': strategy })
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status, name }])
    const stored = emulator.files().filter(({ parentId }) => parentId === emulator.values.parentId)
    expect(stored.map(({ id }) => emulator.contents(id).toString())).toEqual(expect.arrayContaining(contents))
  })

  test('a name that is taken: fail', async () => {
    file('a.txt')
    await upload()
    const result = await upload({ 'conflict-strategy': 'fail' })
    expect(result.exitCode).toBe(1)
    expect(error(result)).toContain('dentryNameConflict')
    expect(error(result)).toContain('conflict-strategy')
  })
})

describe('several', () => {
  test('files go in the order of their paths, each to every chat', async () => {
    for (const name of ['c.txt', 'a.txt', 'b.txt']) file(name)
    const { outputs } = await upload({
      'chat-id': `${emulator.values.chatId}\n${emulator.others.secondGroup.openConversationId}`,
    })
    const names = outputs['dentry-ids']!.split('\n').map(
      (id) => emulator.files().find((stored) => stored.id === id)?.name,
    )
    expect(names).toEqual(['a.txt', 'b.txt', 'c.txt'])
    // Each group in the order of the files; neither waits for the other.
    const groups = [emulator.values, emulator.others.secondGroup]
    for (const { openConversationId } of groups)
      expect(emulator.messages.filter(({ to }) => to === openConversationId).map(({ name }) => name)).toEqual(
        names,
      )
    // One token, one user, one chat to convert; then two calls and two messages a file, and the bytes.
    expect(emulator.requests).toHaveLength(3 + 3 * 5)
  })

  test('a chat that is not found does not stop the others', async () => {
    file('a.txt')
    const result = await upload({ 'chat-id': `chatdeadbeef\n${emulator.values.chatId}` })
    expect(result.exitCode).toBe(1)
    expect(error(result)).toMatch(/chat-id.*chatdeadbeef.*invalideChatId/)
    expect(emulator.messages).toHaveLength(1)
    expect(result.outputs['uploaded-count']).toBe('1')
  })

  test('with no chat that can be found, nothing is uploaded', async () => {
    file('a.txt')
    const result = await upload({ 'chat-id': 'chatdeadbeef' })
    expect(result.exitCode).toBe(1)
    expect(operations()).not.toContain('uploadInfoV1')
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ status: 'failed' }])
  })

  test('what the inputs make needless is not asked', async () => {
    file('a.txt')
    await upload({ 'union-id': emulator.values.unionId, 'chat-id': emulator.values.openConversationId })
    expect(operations()).toEqual(['accessToken', 'uploadInfoV1', 'put', 'commitV1', 'send'])
  })

  test('without a chat, nothing is sent', async () => {
    file('a.txt')
    expect((await upload({ 'chat-id': '' })).exitCode).toBe(0)
    expect(emulator.messages).toEqual([])
  })
})

describe('what the platform refuses is told with code, request id and what to do', () => {
  test.each<[string, string, string]>([
    ['qyapi_get_member', '成员信息读权限', ''],
    ['qyapi_chat_read', '钉钉群基础信息读权限', 'chat'],
    ['Storage.UploadInfo.Read', '企业存储文件上传信息读权限', 'a.txt'],
    ['Storage.File.Write', '企业存储文件写权限', 'a.txt'],
    ['ConvFile.File.Send', '群文件发送权限', 'a.txt'],
  ])('permission %s', async (scope, name, lost) => {
    emulator.scopes.withdraw(scope)
    file('a.txt')
    const result = await upload()
    expect(result.exitCode).toBe(1)
    const [told, ...others] = annotationsOf(result, 'error')
    expect(others).toEqual([])
    expectWhole(told!, name, scope, lost)
    expect(told!.details).toMatch(/request id \S+/)
    expect(result.summary).toContain(scope.replaceAll('.', '&#46;').replaceAll('_', '&#95;'))
  })

  test('a message that cannot be sent does not hide the dentry id', async () => {
    emulator.scopes.withdraw('ConvFile.File.Send')
    file('a.txt')
    const { outputs } = await upload()
    expect(outputs['dentry-id']).toBe(emulator.files().find(({ name }) => name === 'a.txt')!.id)
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'uploaded', sentTo: [] }])
  })

  test('a refusal that concerns all files is met once', async () => {
    emulator.scopes.withdraw('Storage.File.Write')
    for (const name of ['a.txt', 'b.txt', 'c.txt']) file(name)
    const { outputs } = await upload({ concurrency: '1' })
    expect(operations().filter((operation) => operation === 'commitV1')).toHaveLength(1)
    expect(JSON.parse(outputs['files']!)).toMatchObject([
      { status: 'failed' },
      { status: 'failed' },
      { status: 'failed' },
    ])
  })

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['the secret', () => ({ 'app-secret': 'wrong-secret' }), /app-key.*app-secret.*invalidClientIdOrSecret/],
    ['the user', () => ({ 'user-id': 'nobody' }), /user-id.*nobody.*60121/],
    ['the space', () => ({ 'space-id': '999' }), /spaceNotExist|paramError\.spaceId/],
    ['the folder', () => ({ 'parent-id': '999' }), /a\.txt.*999|parent-id/],
    ['the chat', () => ({ 'chat-id': 'cidUnknown==' }), /chat-id.*a\.txt.*conversationNotExist/],
  ])('a mistake in %s', async (_, given, said) => {
    file('a.txt')
    const result = await upload(given())
    expect(result.exitCode).toBe(1)
    expect(error(result)).toMatch(said)
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
  })
})

describe('bad input: one clear error naming it, exit 1, no call', () => {
  const expectRefused = (result: StepResult, ...said: string[]) => {
    expect(result.exitCode).toBe(1)
    for (const text of said) expect(error(result)).toContain(text)
    expect(emulator.requests).toEqual([])
    expect(result.outputs['uploaded-count']).toBe('0')
  }

  test.each<[Record<string, string>, string]>([
    [{ 'app-key': '' }, 'app-key: '],
    [{ 'app-secret': ' ' }, 'app-secret: '],
    [{ path: '' }, 'path: '],
    [{ path: '*.ipa' }, '"*.ipa"'],
    [{ 'folder-url': 'https://example.com/x', 'space-id': '', 'parent-id': '' }, 'folder-url: "https://'],
    [{ 'if-no-files-found': 'maybe' }, 'if-no-files-found: "maybe"'],
    [{ retries: '99' }, 'retries: "99"'],
    [{ 'space-id': 'abc' }, 'space-id: "abc"'],
  ])('%j', async (given, said) => {
    file('a.txt')
    expectRefused(await upload(given), said)
  })

  test('several are told together', async () => {
    file('a.txt')
    expectRefused(
      await upload({ 'app-key': '', retries: 'x', 'chat-id': 'me' }),
      'app-key:',
      'retries:',
      'chat-id:',
    )
  })

  onPosix('a name DingTalk forbids', async () => {
    file('a*b.txt')
    expectRefused(await upload(), 'path: ', '"a*b.txt"', '(*)', '（*）')
  })

  onPosix('a directory that the runner’s user cannot read', async () => {
    // As root everything can be read: then the step becomes another user before the bundle starts.
    const bundle = join(directory, '.bundle')
    cpSync(join(import.meta.dirname, '../../dist'), bundle, { recursive: true })
    const preload = join(directory, '.become-nobody.cjs')
    writeFileSync(preload, 'if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }')
    mkdirSync(join(directory, 'secret'))
    writeFileSync(join(directory, 'secret/a.txt'), 'a')
    chmodSync(directory, 0o755)
    chmodSync(join(directory, 'secret'), 0)
    try {
      const result = await upload(
        { path: 'secret' },
        {
          main: join(bundle, 'index.js'),
          env: { NODE_OPTIONS: `--require ${preload}`, GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' },
        },
      )
      expect(result.exitCode).toBe(1)
      const [told] = annotationsOf(result, 'error')
      expectWhole(told!, 'path', '"secret"', 'EACCES')
      expect(emulator.requests).toEqual([])
    } finally {
      chmodSync(join(directory, 'secret'), 0o700)
    }
  })

  test.each([
    ['warn', '\n::warning::path: '],
    ['ignore', '\npath: '],
  ])('nothing found and if-no-files-found: %s is no error', async (value, said) => {
    const { exitCode, stdout, outputs } = await upload({ 'if-no-files-found': value })
    expect(exitCode).toBe(0)
    expect(`\n${stdout}`).toContain(said)
    expect(outputs['files']).toBe('[]')
    expect(emulator.requests).toEqual([])
  })
})

describe('hostile', () => {
  onPosix('a file name cannot become a workflow command or markup', async () => {
    const name = 'x\n::error::forged\n::add-mask::a\r##[add-mask]b<img src=x>.txt'.replaceAll(/[<>]/g, "'")
    file(name)
    const result = await upload()
    expect(result.exitCode).toBe(0)
    expect(emulator.files().some((stored) => stored.name === name)).toBe(true)
    expect(error(result)).toBe('')
    const commands = result.stdout
      .split(/\r\n|\r|\n/)
      .filter((line) => line.trimStart().startsWith('::') || line.includes('##['))
    const known = commands.filter(
      (line) =>
        /^::(debug|add-mask|endgroup)::|^::group::1 file to upload, \d+ B$/.test(line) &&
        line !== '::add-mask::a',
    )
    expect(commands).toEqual(known)
    // Nor begin a line of its own, where it could say anything in our name.
    const strays = result.stdout.split(/\r\n|\r|\n/).filter((line) => line.includes('forged'))
    expect(strays.filter((line) => !line.includes('x\\n::error::forged'))).toEqual([])
    expect(strays).toHaveLength(2)
    expect(result.summary).not.toMatch(/^::|<img/m)
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ name }])
  })

  test('what the platform says cannot become a command', async () => {
    emulator.faults.add({
      operation: 'uploadInfoV1',
      play: {
        kind: 'answer',
        status: 400,
        body: { code: 'paramError', message: 'no\n::add-mask::z\n##[error]q', requestid: 'r' },
      },
    })
    file('a.txt')
    const { stdout } = await upload()
    const lines = stdout.split('\n')
    expect(lines.filter((line) => line === '::add-mask::z' || line.includes('##['))).toEqual([])
  })
})

test.each(['http_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'])(
  'on this machine %s sees nothing: without encryption, it would see the secrets',
  async (name) => {
    const seen: string[] = []
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? '')
      response.end()
    }).on('connect', (request, socket) => {
      seen.push(request.url ?? '')
      socket.destroy()
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    try {
      file('a.txt')
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
      const { exitCode } = await upload({}, { env: { [name]: url } })
      expect(exitCode).toBe(0)
      expect(seen).toEqual([])
    } finally {
      proxy.closeAllConnections()
      proxy.close()
    }
  },
)

onPosix.each(['SIGINT', 'SIGTERM'] as const)(
  '%s: the step ends, commits nothing, and says so',
  async (signal) => {
    file('a.txt')
    let kill: (name: NodeJS.Signals) => void = () => undefined
    emulator.onFault(() => {
      kill(signal)
    })
    emulator.faults.add({ operation: 'put', play: { kind: 'hang' } })
    const result = await upload(
      {},
      {
        onStart: (given) => {
          kill = given
        },
      },
    )
    expect(result.exitCode).toBe(1)
    const [told] = annotationsOf(result, 'error')
    expectWhole(told!, 'a.txt')
    expect(operations()).not.toContain('commitV1')
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ status: 'failed' }])
  },
)

test('a summary that cannot be written is a warning', async () => {
  file('a.txt')
  const result = await upload({}, { env: { GITHUB_STEP_SUMMARY: join(directory, 'nowhere/summary') } })
  expect(result.exitCode).toBe(0)
  const warnings = annotationsOf(result, 'warning')
  expect(warnings).toHaveLength(1)
  // What the toolkit says is quoted.
  expectWhole(warnings[0]!, /Unable to access .*$/.exec(warnings[0]!.en)![0])
})
