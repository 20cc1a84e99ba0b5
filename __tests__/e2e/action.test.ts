// Runs the committed bundle as the runner would, against the emulator, for what only a process shows.
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  annotationsOf,
  bundleJob,
  errorsOf,
  maskCommand,
  type BundleJob,
} from '../../test-support/bundle-job.ts'
import { mediaOf } from '../../test-support/media.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { readQr } from '../../test-support/qr.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: BundleJob
beforeEach(async () => {
  job = await bundleJob()
})
afterEach(() => job.end())

const operations = () => job.emulator.requests.map(({ operation }) => operation)
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

describe('one file into the folder and the group', () => {
  const NAME = '发布 说明 [v1.2] (最终).apk'

  test('arrives unchanged, is committed and sent once, and takes seven requests', async () => {
    const bytes = job.file(NAME, Buffer.alloc(3_000_001, 'dingtalk'))
    const result = await job.run()

    expect(errorsOf(result)).toBe('')
    expect(result.exitCode).toBe(0)
    const [stored, ...others] = job.emulator.files().filter(({ name }) => name === NAME)
    expect(others).toEqual([])
    expect(job.emulator.contents(stored!.id).equals(bytes)).toBe(true)
    expect(stored).toMatchObject({ parentId: job.emulator.values.parentId, size: bytes.length })
    expect(job.emulator.messages).toEqual([
      expect.objectContaining({
        kind: 'file',
        to: job.emulator.values.openConversationId,
        dentryId: stored!.id,
      }),
    ])
    expect(operations().sort()).toEqual(
      ['accessToken', 'commitV1', 'openConversationId', 'put', 'send', 'uploadInfoV1', 'unionId'].sort(),
    )
    expect(job.emulator.requests.filter(({ onQuota }) => onQuota)).toHaveLength(4)
  })

  test('is reported in outputs, summary, and log', async () => {
    const bytes = job.file(NAME)
    const { outputs, summary, stdout } = await job.run()
    const { id, uuid } = job.emulator.files().find(({ name }) => name === NAME)!
    const { spaceId, parentId, openConversationId } = job.emulator.values
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
          sentToUsers: [],
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

  test('secrets are masked before they can be seen, and appear nowhere else', async () => {
    job.file(NAME)
    const { stdout, stderr, summary, outputs } = await job.run({}, { env: { RUNNER_DEBUG: '1' } })
    const token = job.emulator.requests.find(({ operation }) => operation === 'uploadInfoV1')!.headers[
      'x-acs-dingtalk-access-token'
    ]!
    const authorization = job.emulator.requests.find(({ operation }) => operation === 'put')!.headers[
      'authorization'
    ]!
    for (const secret of [job.emulator.values.appSecret, token, authorization]) {
      const lines = stdout.split('\n')
      expect(lines).toContain(maskCommand(secret))
      expect(lines.filter((line) => line.includes(secret) && line !== maskCommand(secret))).toEqual([])
      expect(stderr + summary + JSON.stringify(outputs)).not.toContain(secret)
    }
    expect(stdout).toMatch(/^::debug::.*POST 127\.0\.0\.1/m)
  })

  test('512 MiB need less than 200 MiB of memory', async () => {
    const size = 512 * 1024 ** 2
    const digest = 'aa559b4e3523a6c931f08f4df52d58f2'
    sparseFile('big.bin', size)
    const measured = measuredStep()
    const { exitCode, outputs } = await job.run({ path: 'big.bin' }, measured.step)
    expect(exitCode).toBe(0)
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ size, md5: digest }])
    expect(job.emulator.files().find(({ name }) => name === 'big.bin')).toMatchObject({ md5: digest })
    expect(measured.peakMiB()).toBeLessThan(200)
  })

  test('16 files in parts at once need less than 250 MiB of memory', async () => {
    for (let count = 1; count <= 16; count++) sparseFile(`${count}.bin`, 34 * 1024 ** 2)
    const measured = measuredStep()
    const { exitCode, outputs } = await job.run({ path: '*.bin', concurrency: '16' }, measured.step)
    expect(exitCode).toBe(0)
    expect(outputs['uploaded-count']).toBe('16')
    expect(measured.peakMiB()).toBeLessThan(250)
  })

  function sparseFile(name: string, size: number): void {
    job.file(name, '')
    truncateSync(join(job.directory, name), size)
  }

  /** A step that writes down what it uses. */
  function measuredStep() {
    const [peak, preload] = ['peak', '.preload.cjs'].map((name) => join(job.directory, name))
    // On Linux, maxRSS is never less than what the parent used; VmHWM is its own.
    const source = `
      const { existsSync, readFileSync, writeFileSync } = require('fs')
      const status = '/proc/self/status'
      const peakKiB = () => existsSync(status)
        ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'))[1]
        : String(process.resourceUsage().maxRSS)
      const write = () => writeFileSync(${JSON.stringify(peak)}, peakKiB())
      process.on('exit', write)`
    writeFileSync(preload!, source)
    return {
      step: { env: { NODE_OPTIONS: `--require ${preload}` } },
      peakMiB: () => Number(readFileSync(peak!, 'utf8')) / 1024,
    }
  }
})

onPosix('a directory that the runner’s user cannot read', async () => {
  // As root everything can be read: then the step becomes another user before the bundle starts.
  const bundle = join(job.directory, '.bundle')
  cpSync(join(import.meta.dirname, '../../dist'), bundle, { recursive: true })
  const preload = join(job.directory, '.become-nobody.cjs')
  writeFileSync(preload, 'if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }')
  mkdirSync(join(job.directory, 'secret'))
  writeFileSync(join(job.directory, 'secret/a.txt'), 'a')
  chmodSync(job.directory, 0o755)
  chmodSync(join(job.directory, 'secret'), 0)
  try {
    const result = await job.run(
      { path: 'secret' },
      {
        main: join(bundle, 'start.cjs'),
        env: { NODE_OPTIONS: `--require ${preload}`, GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' },
      },
    )
    expect(result.exitCode).toBe(1)
    const [reported] = annotationsOf(result, 'error')
    expectWhole(reported!, 'path', '"secret"', 'EACCES')
    expect(job.emulator.requests).toEqual([])
  } finally {
    chmodSync(join(job.directory, 'secret'), 0o700)
  }
})

onPosix.each(['SIGINT', 'SIGTERM', 'SIGBREAK'] as const)(
  '%s: ends the step, commits nothing, and reports it',
  async (signal) => {
    job.file('a.txt')
    let kill: (name: NodeJS.Signals) => void = () => undefined
    // Only Windows has SIGBREAK: here, Node is made to report it.
    const preload = join(job.directory, '.preload.cjs')
    writeFileSync(preload, `process.on('SIGUSR2', () => process.emit('SIGBREAK'))`)
    job.emulator.onFault(() => {
      kill(signal === 'SIGBREAK' ? 'SIGUSR2' : signal)
    })
    job.emulator.faults.add({ operation: 'put', play: { kind: 'hang' } })
    const result = await job.run(
      {},
      {
        env: { NODE_OPTIONS: `--require ${preload}` },
        onStart: (given) => {
          kill = given
        },
      },
    )
    expect(result.exitCode).toBe(1)
    const [reported] = annotationsOf(result, 'error')
    expectWhole(reported!, 'a.txt')
    expect(operations()).not.toContain('commitV1')
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ status: 'failed' }])
  },
)

test('a message, a picture, and a QR code reach the group and a person', async () => {
  const { values, others } = job.emulator
  job.file('app.apk')
  const shot = job.file('out/shot.gif', Buffer.from('GIF89a, and whatever follows'))
  const result = await job.run({
    path: 'app.apk',
    'chat-id': values.openConversationId,
    'to-user-ids': others.secondUser.userId,
    'robot-code': others.robotCode,
    message: '**Build**',
    images: 'out/shot.gif\nqr:{files}',
  })
  expect(errorsOf(result)).toBe('')
  for (const to of [values.openConversationId, others.secondUser.unionId]) {
    const got = job.emulator.messages.filter((message) => message.to === to)
    expect(got.map(({ kind }) => kind)).toEqual(['file', 'markdown', 'image', 'image'])
    const [first, second] = got.flatMap(({ photoURL }) => photoURL ?? [])
    expect(await mediaOf(job.emulator, first!)).toEqual(shot)
    expect((await readQr(await mediaOf(job.emulator, second!))).text).toBe(result.outputs['url'])
  }
})

test("warns if the summary can't be written", async () => {
  job.file('a.txt')
  const result = await job.run({}, { env: { GITHUB_STEP_SUMMARY: join(job.directory, 'nowhere/summary') } })
  expect(result.exitCode).toBe(0)
  const warnings = annotationsOf(result, 'warning')
  expect(warnings).toHaveLength(1)
  // What the toolkit says is quoted.
  expectWhole(warnings[0]!, /Unable to access .*$/.exec(warnings[0]!.en)![0])
})
