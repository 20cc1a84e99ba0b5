// What a step does in full, with the log, outputs, and summary of a runner.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { annotationsOf, errorsOf } from '../../test-support/bundle-job.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: SourceJob
beforeEach(async () => {
  job = await sourceJob()
})
afterEach(() => job.end())

test('sends a PUT with only the given headers and the length', async () => {
  job.file('a.txt')
  await job.run()
  const put = job.emulator.requests.find(({ operation }) => operation === 'put')!
  expect(Object.keys(put.headers).sort()).toEqual([
    'authorization',
    'connection',
    'content-length',
    'host',
    'x-oss-date',
  ])
})

test('uploads and sends an empty file', async () => {
  job.file('empty.txt', '')
  const { exitCode, outputs } = await job.run()
  expect(exitCode).toBe(0)
  expect(job.emulator.contents(outputs['dentry-id']!)).toHaveLength(0)
})

describe('reports an error of the platform with its code, request ID, and a fix', () => {
  test.each<[string, string, string]>([
    ['qyapi_get_member', '成员信息读权限', ''],
    ['qyapi_chat_read', '钉钉群基础信息读权限', 'chat'],
    ['Storage.UploadInfo.Read', '企业存储文件上传信息读权限', 'a.txt'],
    ['Storage.File.Write', '企业存储文件写权限', 'a.txt'],
    ['ConvFile.File.Send', '群文件发送权限', 'a.txt'],
  ])('permission %s', async (scope, name, lost) => {
    job.emulator.scopes.withdraw(scope)
    job.file('a.txt')
    const result = await job.run()
    expect(result.exitCode).toBe(1)
    const [told, ...others] = annotationsOf(result, 'error')
    expect(others).toEqual([])
    expectWhole(told!, name, scope, lost)
    expect(told!.details).toMatch(/request id \S+/)
    expect(result.summary).toContain(scope.replaceAll('.', '&#46;').replaceAll('_', '&#95;'))
  })

  test("sets the dentry ID although the message can't be sent", async () => {
    job.emulator.scopes.withdraw('ConvFile.File.Send')
    job.file('a.txt')
    const { outputs } = await job.run()
    expect(outputs['dentry-id']).toBe(job.emulator.files().find(({ name }) => name === 'a.txt')!.id)
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status: 'uploaded', sentTo: [] }])
  })

  test('stops after the first error that concerns all files', async () => {
    job.emulator.scopes.withdraw('Storage.File.Write')
    for (const name of ['a.txt', 'b.txt', 'c.txt']) job.file(name)
    const { outputs } = await job.run({ concurrency: '1' })
    // And once more with a new token, because the permission may be new.
    expect(job.count('commitV1')).toBe(2)
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
  ])('stops with one error after a mistake in %s', async (_, given, said) => {
    job.file('a.txt')
    const result = await job.run(given())
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(said)
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /)
  })
})

describe('hostile', () => {
  onPosix('a file name cannot become a workflow command or markup', async () => {
    const name = 'x\n::error::forged\n::add-mask::a\r##[add-mask]b<img src=x>.txt'.replaceAll(/[<>]/g, "'")
    job.file(name)
    const result = await job.run()
    expect(result.exitCode).toBe(0)
    expect(job.emulator.files().some((stored) => stored.name === name)).toBe(true)
    expect(errorsOf(result)).toBe('')
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

  test('prints the text of the platform without turning it into a command', async () => {
    job.emulator.faults.add({
      operation: 'uploadInfoV1',
      play: {
        kind: 'answer',
        status: 400,
        body: { code: 'paramError', message: 'no\n::add-mask::z\n##[error]q', requestid: 'r' },
      },
    })
    job.file('a.txt')
    const { stdout } = await job.run()
    const lines = stdout.split('\n')
    expect(lines.filter((line) => line === '::add-mask::z' || line.includes('##['))).toEqual([])
  })
})

test.each(['http_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'])(
  'sends requests to this machine without the proxy of %s, which would see the secrets',
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
      job.file('a.txt')
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
      const { exitCode } = await job.run({}, { env: { [name]: url } })
      expect(exitCode).toBe(0)
      expect(seen).toEqual([])
    } finally {
      proxy.closeAllConnections()
      proxy.close()
    }
  },
)
