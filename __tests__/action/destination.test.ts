// Where files go.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { refusal } from '../../emulator/faults/refusals.ts'
import { inputsFor } from '../../scripts/act.ts'
import { run } from '../../src/action.ts'
import { environmentOf } from '../../src/http/environment.ts'
import { annotationsOf, errorsOf } from '../../test-support/bundle-job.ts'
import { onPosix } from '../../test-support/on-posix.ts'
import { recordingRunner } from '../../test-support/recording-runner.ts'
import { sourceJob, type SourceJob } from '../../test-support/source-job.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

let job: SourceJob

beforeEach(async () => {
  job = await sourceJob()
})
afterEach(() => job.end())

/** Runs steps that succeed, all at the same time: with recording runners, because there is one environment. */
async function runAtOnce(...given: readonly Record<string, string>[]): Promise<void> {
  const environment = { clock: job.clock, random: () => 1 }
  const runs = given.map((inputs) =>
    run(recordingRunner({ ...inputsFor(job.emulator.values), ...inputs }), environmentOf(environment)),
  )
  expect(await Promise.all(runs)).toEqual(given.map(() => true))
}

describe('the destination', () => {
  test('a folder given by its UUID uses the v2 API', async () => {
    job.file('a.txt')
    const { exitCode, outputs } = await job.run({
      'space-id': '',
      'parent-id': '',
      'folder-url': `https://alidocs.dingtalk.com/i/nodes/${job.emulator.values.parentUuid}`,
    })
    expect(exitCode).toBe(0)
    expect([job.count('uploadInfoV2'), job.count('commitV2')]).toEqual([1, 1])
    expect(job.emulator.files().find(({ id }) => id === outputs['dentry-id'])).toMatchObject({
      parentId: job.emulator.values.parentId,
    })
  })

  test('is the root of the space by default', async () => {
    job.file('a.txt')
    const { outputs } = await job.run({ 'parent-id': '' })
    expect(job.emulator.files().find(({ id }) => id === outputs['dentry-id'])).toMatchObject({
      parentId: '0',
    })
  })

  test('uses the v2 commit if v1 is closed, and looks the folder up once', async () => {
    await job.restart({ v1Commit: 'closed' })
    job.file('a.txt')
    job.file('b.txt')
    const { exitCode, outputs } = await job.run({ concurrency: '1' })
    expect(exitCode).toBe(0)
    expect(outputs['uploaded-count']).toBe('2')
    expect([job.count('commitV1'), job.count('dentry'), job.count('commitV2')]).toEqual([1, 1, 2])
  })

  test.each<[string, string, string, (string | undefined)[]]>([
    ['auto-rename', 'uploaded', 'a(1).txt', ['old', 'new']],
    ['overwrite', 'uploaded', 'a.txt', ['new']],
    ['return-existing', 'existing', 'a.txt', ['old']],
  ])('handles a name that is taken: %s', async (strategy, status, name, contents) => {
    job.file('a.txt', 'old')
    await job.run()
    job.clock.advance(60_000)
    job.file('a.txt', 'new')
    const { outputs } = await job.run({ 'conflict-strategy': strategy })
    expect(JSON.parse(outputs['files']!)).toMatchObject([{ status, name }])
    const stored = job.emulator.files().filter(({ parentId }) => parentId === job.emulator.values.parentId)
    expect(stored.map(({ id }) => job.emulator.contents(id).toString())).toEqual(
      expect.arrayContaining(contents),
    )
  })
})

describe('folder-url', () => {
  const drive = 'qr.dingtalk.com/page/yunpan?route=previewDentry'

  test.each<[string, (spaceId: string, parentId: string, parentUuid: string) => string]>([
    ['web', (space, parent) => `https://${drive}&spaceId=${space}&fileId=${parent}&type=folder`],
    [
      'the client',
      (space, parent) =>
        `dingtalk://dingtalkclient/page/yunpan?spaceId=${space}&fileId=${parent}&type=folder&route=previewDentry`,
    ],
    [
      'DingTalk Docs',
      (_space, _parent, uuid) => `https://alidocs.dingtalk.com/i/nodes/${uuid}?utm_source=x#y`,
    ],
    [
      'more parameters',
      (space, parent) => `https://${drive}&spaceId=${space}&corpId=ding%3D1&fileId=${parent}&type=folder&x`,
    ],
    [
      'encoded ids',
      (space, parent) => `https://${drive}&spaceId=%20${space}&fileId=${parent}%20&type=folder`,
    ],
    [
      'encoded as a whole',
      (space, parent) => encodeURIComponent(`https://${drive}&spaceId=${space}&fileId=${parent}&type=folder`),
    ],
    [
      'encoded for HTML',
      (space, parent) => `https://${drive}&amp;spaceId=${space}&amp;fileId=${parent}&amp;type=folder`,
    ],
    [
      'blanks around',
      (space, parent) => `  https://${drive}&spaceId=${space}&fileId=${parent}&type=folder\n`,
    ],
  ])('%s', async (_, link) => {
    job.file('a.txt')
    const { spaceId, parentId, parentUuid } = job.emulator.values
    const result = await job.run({
      'space-id': '',
      'parent-id': '',
      'folder-url': link(spaceId, parentId, parentUuid),
    })
    expect(errorsOf(result)).toBe('')
    expect(job.files('a.txt')).toMatchObject([{ parentId }])
  })
})

describe('folder-path', () => {
  test('creates each level once, even if two jobs do so at the same time', async () => {
    job.file('a/1.txt')
    job.file('a/2.txt')
    job.file('b/3.txt')
    await runAtOnce(...['a', 'b'].map((path) => ({ path, 'folder-path': '发布/v1.2.0', 'chat-id': '' })))
    expect(job.count('subfolder')).toBe(4)
    const [one, two, three] = ['1.txt', '2.txt', '3.txt'].map((name) => job.files(name)[0]!)
    expect(one!.path).toBe('/构建产物/发布/v1.2.0/1.txt')
    expect(new Set([one!.parentId, two!.parentId, three!.parentId]).size).toBe(1)
  })

  test.each([
    ['/a', '/a'],
    ['a/../b', 'a/../b'],
    ['a/b?/c<d', '"c<d"'],
  ])('rejects %s', async (path, named) => {
    job.file('a.txt')
    const result = await job.run({ 'folder-path': path })
    expect(result.exitCode).toBe(1)
    const errors = annotationsOf(result, 'error')
    expect(errors).toHaveLength(1)
    expectWhole(errors[0]!, 'folder-path', named)
    expect(job.emulator.requests).toEqual([])
  })

  test('uploads nothing if the folder may not be created', async () => {
    job.file('a.txt')
    const result = await job.run({
      'folder-path': 'a',
      'parent-id': job.emulator.others.readOnlyFolder.parentId,
    })
    expect(result.exitCode).toBe(1)
    expect(errorsOf(result)).toMatch(/permissionDenied/)
    expect(job.count('put')).toBe(0)
  })
})

describe('keep-directories', () => {
  const TARGET = '/构建产物/'
  const there = () =>
    job.emulator
      .files()
      .flatMap(({ path }) => (path.startsWith(TARGET) ? path.slice(TARGET.length) : []))
      .sort()

  test('makes one call per folder for sixty files in twelve folders', async () => {
    // Three of the first level, three of the second, six of the third.
    const paths = Array.from({ length: 60 }, (_, n) => `r${n % 3}/m/d${n % 2}/${n}.txt`)
    for (const path of paths) job.file(`dist/${path}`)
    const given = { path: 'dist/', 'keep-directories': 'true', 'folder-path': 'v1', 'chat-id': '' }
    const { exitCode, outputs } = await job.run(given)
    expect(exitCode).toBe(0)
    expect(there()).toEqual(paths.map((path) => `v1/${path}`).sort())
    expect(job.count('subfolder')).toBe(12 + 1)
    const files = JSON.parse(outputs['files']!) as { parentId: string; status: string }[]
    expect(new Set(files.map(({ parentId }) => parentId)).size).toBe(6)

    const again = await job.run({ ...given, 'conflict-strategy': 'if-changed' })
    expect([again.exitCode, again.outputs['existing-count']]).toEqual([0, '60'])
    expect([job.count('put'), job.count('subfolder')]).toEqual([60, 26])
  })

  test('lets two concurrent jobs share the folders', async () => {
    for (const name of ['1', '2']) job.file(`${name}/a/b/${name}.txt`)
    await runAtOnce(...['1', '2'].map((path) => ({ path, 'keep-directories': 'true', 'chat-id': '' })))
    expect(there()).toEqual(['a/b/1.txt', 'a/b/2.txt'])
    expect(new Set(there().map((path) => job.files(path.slice(-5))[0]!.parentId)).size).toBe(1)
  })

  onPosix.each(['a|b', 'a. ', 'a.', ' a', 'a\n::error::x*'])(
    'names the directory %j in an error, and uploads nothing',
    async (name) => {
      job.file(`dist/${name}/1.txt`)
      job.file('dist/b/2.txt')
      const result = await job.run({ path: 'dist', 'keep-directories': 'true' })
      expect(result.exitCode).toBe(1)
      const errors = annotationsOf(result, 'error')
      expect(errors).toHaveLength(1)
      expectWhole(errors[0]!, 'keep-directories', JSON.stringify(name))
      expect(job.emulator.requests).toEqual([])
    },
  )

  test('fails only the files of a rejected folder', async () => {
    for (const path of ['a/1.txt', 'b/2.txt', 'c/3.txt']) job.file(path)
    job.emulator.faults.add({
      operation: 'subfolder',
      nth: 2,
      play: refusal('subfolder', 'dentryAlreadyExist'),
    })
    const result = await job.run({ path: '.', 'keep-directories': 'true', concurrency: '1' })
    expect(result.exitCode).toBe(1)
    expect(there()).toEqual(['a/1.txt', 'c/3.txt'])
    expect(errorsOf(result)).toMatch(/"b".*b\/2\.txt.*dentryAlreadyExist/s)
    expect(result.outputs).toMatchObject({ 'uploaded-count': '2', 'failed-count': '1' })
  })

  test.each([{ archive: 'true' }, { 'keep-last': '2' }])(
    'is rejected together with %j before any call',
    async (given) => {
      job.file('a/1.txt')
      const result = await job.run({ 'keep-directories': 'true', ...given })
      expect(errorsOf(result)).toContain('keep-directories: ')
      expect(job.emulator.requests).toEqual([])
    },
  )
})

describe('conflict-strategy', () => {
  test.each([
    ['auto-rename', 0, 'uploaded', ['a.txt', 'a(1).txt'], 1],
    ['overwrite', 0, 'uploaded', ['a.txt'], 2],
    ['return-existing', 0, 'existing', ['a.txt'], 1],
    ['fail', 1, 'failed', ['a.txt'], 1],
  ])('%s', async (strategy, exitCode, status, names, version) => {
    job.file('a.txt', 'first')
    await job.run({ 'chat-id': '' })
    job.file('a.txt', 'second')
    const puts = job.count('put')
    const result = await job.run({ 'conflict-strategy': strategy })
    expect(result.exitCode).toBe(exitCode)
    expect(JSON.parse(result.outputs['files']!)).toMatchObject([{ status }])
    const there = job.emulator.files().filter(({ name }) => name.startsWith('a'))
    expect(there.map(({ name }) => name)).toEqual(names)
    expect(there[0]!.version).toBe(version)
    if (strategy === 'return-existing') expect(job.count('put')).toBe(puts)
    if (strategy === 'fail') expect(errorsOf(result)).toMatch(/conflict-strategy.*dentryNameConflict/)
  })
})
